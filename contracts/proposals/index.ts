// Proposals as people read them, for app and scripts alike: what can be proposed, the calls that it takes, what they say, what
// they would do, and what the chain knows of them. Safe for a browser: asks a node by an EIP-1193 request function alone.
export { buildCalls, type Call, earliestExecution } from "./build.ts";
export { type CallFlag, type DecodedArgument, type DecodedCall, decodeCall } from "./decode.ts";
export {
  type Delegate,
  listDelegates,
  listProposals,
  type ProposalDetail,
  type ProposalState,
  type ProposalView,
  progressOf,
  proposalId,
  proposalReference,
  proposalStates,
  proposingRefusal,
  refusalOf,
  type Step,
  type Support,
  showProposal,
  supports,
  type Vote,
} from "./governor.ts";
export { type KnownContract, knownAt, loadProtocol, type Protocol, type Token } from "./known.ts";
export { listedMarket } from "./listing.ts";
export { type Reason, reasonOf } from "./reasons.ts";
export type { Rpc } from "./rpc.ts";
export {
  type Action,
  type ActionOf,
  type ActionType,
  actionShapes,
  type FieldKind,
  type ProposalDraft,
  ProposalError,
  parseAction,
  parseDraft,
} from "./schema.ts";
export {
  type Change,
  changesIn,
  type Progress,
  type Simulation,
  type SimulationOptions,
  simulate,
} from "./simulate.ts";
export {
  describe,
  descriptionHash,
  type ProposalText,
  proposalText,
  type Suspicion,
  visible,
} from "./text.ts";
export { accountOf, show, type Unit, type Value } from "./units.ts";
export type { Warning, WarningKind } from "./warnings.ts";
