// What the chain knows of proposals, from the governor's events and views alone: what was proposed, where it stands, who voted,
// and whether an account may vote, in words. Needs no index.
import {
  type Address,
  decodeEventLog,
  encodeAbiParameters,
  encodeEventTopics,
  type Hex,
  isAddressEqual,
  keccak256,
  numberToHex,
  toEventSelector,
} from "viem";
import { pLDRAbi, polderGovernorAbi } from "../build/abi.ts";
import type { Call } from "./build.ts";
import type { Protocol } from "./known.ts";
import { blockAt, each, type Log, type Rpc, view } from "./rpc.ts";
import { type Change, changesIn, type Progress } from "./simulate.ts";
import { descriptionHash, type ProposalText, proposalText } from "./text.ts";

/** As in `IGovernor.ProposalState`, in its order. */
export const proposalStates = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;

export type ProposalState = (typeof proposalStates)[number];

export const supports = { against: 0, for: 1, abstain: 2 } as const;

export type Support = keyof typeof supports;

export type Proposed = {
  /** As the governor numbers it: the hash of what follows. */
  id: bigint;
  proposer: Address;
  calls: readonly Call[];
  description: string;
  text: ProposalText;
  /** Where it was proposed. */
  block: bigint;
  transaction: Hex;
};

export type Step = {
  kind: "proposed" | "queued" | "executed" | "cancelled" | "extended";
  block: bigint;
  /** Seconds. */
  timestamp: bigint;
  transaction: Hex;
};

export type Vote = {
  voter: Address;
  support: Support;
  /** PLDR, in its smallest unit. */
  weight: bigint;
  reason: string;
  block: bigint;
  transaction: Hex;
};

export type ProposalView = Proposed & {
  state: ProposalState;
  /** Seconds: as of when votes count, until when they are taken, from when it may be executed (0 until queued). */
  snapshot: bigint;
  deadline: bigint;
  eta: bigint;
  /** PLDR, in its smallest unit. The quorum counts those for and those who abstain. */
  votes: Record<Support, bigint>;
  quorum: bigint;
  /** Seconds until the state changes by itself, by the chain's time; undefined where it does not. */
  remaining: bigint | undefined;
};

export type ProposalDetail = ProposalView & {
  voters: readonly Vote[];
  timeline: readonly Step[];
  /** What it changed, once it was executed. */
  changed: readonly Change[] | undefined;
};

type RawLog = Log & { blockNumber: Hex; transactionHash: Hex };

/** Of every proposal that was made, the newest first. */
export async function listProposals(rpc: Rpc, protocol: Protocol): Promise<ProposalView[]> {
  const logs = await governorLogs(rpc, protocol, ["ProposalCreated"]);
  return each(logs.map((log) => proposedOf(log)).reverse(), (proposed) => viewOf(rpc, protocol, proposed));
}

/** One proposal with its votes and its steps. Throws where the governor knows none of this number. */
export async function showProposal(rpc: Rpc, protocol: Protocol, id: bigint): Promise<ProposalDetail> {
  const names = [
    "ProposalCreated",
    "ProposalQueued",
    "ProposalExecuted",
    "ProposalCanceled",
    "ProposalExtended",
  ] as const;
  const [steps, votes] = await Promise.all([
    governorLogs(rpc, protocol, names),
    governorLogs(rpc, protocol, ["VoteCast", "VoteCastWithParams"]),
  ]);
  const own = steps.filter((log) => BigInt(eventOf(log).args.proposalId) === id);
  const [created] = own.filter((log) => eventOf(log).eventName === "ProposalCreated");
  if (created === undefined) throw new Error(`the governor knows no proposal ${id}`);
  const proposed = await viewOf(rpc, protocol, proposedOf(created));
  const timeline = await each(own, async (log): Promise<Step> => {
    const block = BigInt(log.blockNumber);
    const kind = stepNames[eventOf(log).eventName as (typeof names)[number]];
    return {
      kind,
      block,
      timestamp: (await blockAt(rpc, block)).timestamp,
      transaction: log.transactionHash,
    };
  });
  const voters = votes
    .map((log) => ({ log, args: eventOf(log).args }))
    .filter(({ args }) => args.proposalId === id)
    .map(
      ({ log, args }): Vote => ({
        voter: args.voter,
        support:
          (Object.keys(supports) as Support[]).find((key) => supports[key] === args.support) ?? "abstain",
        weight: args.weight,
        reason: args.reason,
        block: BigInt(log.blockNumber),
        transaction: log.transactionHash,
      }),
    );
  const executed = timeline.find(({ kind }) => kind === "executed");
  return {
    ...proposed,
    voters,
    timeline,
    changed: executed && (await changesOf(rpc, protocol, proposed.calls, executed)),
  };
}

/** What `simulate` must know of a proposal that may still be executed; undefined of one that never will be, or was. */
export function progressOf({ state, snapshot, deadline, eta }: ProposalView): Progress | undefined {
  switch (state) {
    case "Pending":
    case "Active":
    case "Succeeded":
    case "Queued":
      return { state, snapshot, deadline, eta };
    default:
      return undefined;
  }
}

/** The number that the governor gives a proposal. */
export function proposalId(calls: readonly Call[], description: string): bigint {
  const types = [
    { type: "address[]" },
    { type: "uint256[]" },
    { type: "bytes[]" },
    { type: "bytes32" },
  ] as const;
  return BigInt(keccak256(encodeAbiParameters(types, proposalReference(calls, description))));
}

/** What the governor's `queue`, `execute` and `cancel` take. */
export function proposalReference(
  calls: readonly Call[],
  description: string,
): readonly [Address[], bigint[], Hex[], Hex] {
  return [
    calls.map(({ target }) => target),
    calls.map(({ value }) => value),
    calls.map(({ data }) => data),
    descriptionHash(description),
  ];
}

/** Why `account` may not do this now, in a sentence; undefined where it may. */
export async function refusalOf(
  rpc: Rpc,
  protocol: Protocol,
  proposal: ProposalView,
  action: "vote" | "queue" | "execute" | "cancel",
  account: Address,
): Promise<string | undefined> {
  const { state, snapshot, deadline, eta } = proposal;
  const governor = { address: protocol.governance.governor, abi: polderGovernorAbi };
  const { timestamp: now } = await blockAt(rpc);
  const when = (seconds: bigint) =>
    `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
  if (action === "vote") {
    if (state === "Pending") return `votes are taken from ${when(snapshot)} on; it is ${when(now)}`;
    if (state !== "Active")
      return `votes were taken until ${when(deadline)}; the proposal is ${stateWords[state]}`;
    if (await view(rpc, { ...governor, functionName: "hasVoted", args: [proposal.id, account] })) {
      return `${account} has voted already, and a vote is not changed`;
    }
    const weight = await view(rpc, { ...governor, functionName: "getVotes", args: [account, snapshot] });
    if (weight > 0n) return undefined;
    return `${account} had no votes at ${when(snapshot)}, when they were counted: PLDR votes once it is delegated, to oneself too`;
  }
  if (action === "queue") {
    return state === "Succeeded"
      ? undefined
      : `only what passed a vote is queued; the proposal is ${stateWords[state]}`;
  }
  if (action === "execute") {
    if (state !== "Queued") return `only what is queued is executed; the proposal is ${stateWords[state]}`;
    return now >= eta ? undefined : `it may be executed from ${when(eta)} on; it is ${when(now)}`;
  }
  if (["Canceled", "Expired", "Executed"].includes(state))
    return `the proposal is ${stateWords[state]} already`;
  const [guardian, spared] = await Promise.all([
    view(rpc, { ...governor, functionName: "proposalGuardian" }),
    view(rpc, { ...governor, functionName: "replacesGuardian", args: [proposal.id] }),
  ]);
  if (isAddressEqual(account, proposal.proposer) && state === "Pending") return undefined;
  if (!isAddressEqual(account, guardian)) {
    return `the proposer ${proposal.proposer} cancels before votes are taken, the guardian ${guardian} at any time, nobody else`;
  }
  return spared ? "the guardian cannot cancel what does nothing else than replace him" : undefined;
}

/** Why `account` may not propose, in a sentence; undefined where it may. */
export async function proposingRefusal(
  rpc: Rpc,
  protocol: Protocol,
  account: Address,
): Promise<string | undefined> {
  const governor = { address: protocol.governance.governor, abi: polderGovernorAbi };
  const { timestamp } = await blockAt(rpc);
  const [votes, threshold] = await Promise.all([
    view(rpc, { ...governor, functionName: "getVotes", args: [account, timestamp - 1n] }),
    view(rpc, { ...governor, functionName: "proposalThreshold" }),
  ]);
  if (votes >= threshold) return undefined;
  const whole = (value: bigint) => (value / 10n ** 18n).toLocaleString("en");
  return `${account} has ${whole(votes)} votes, and proposing takes ${whole(threshold)}: votes are PLDR that is delegated, to oneself too`;
}

export type Delegate = {
  account: Address;
  /** Votes now, in PLDR's smallest unit. */
  votes: bigint;
  /** What it holds itself. */
  balance: bigint;
  /** Who delegates to it now. */
  delegators: readonly Address[];
  /** Its votes over time, by the block they changed in. */
  history: readonly { block: bigint; votes: bigint }[];
};

/** Everybody whom somebody lets vote, the most votes first. */
export async function listDelegates(rpc: Rpc, protocol: Protocol): Promise<Delegate[]> {
  const { token } = protocol.governance;
  const logs = await logsOf(rpc, protocol, token, [
    toEventSelector("DelegateChanged(address,address,address)"),
    toEventSelector("DelegateVotesChanged(address,uint256,uint256)"),
  ]);
  const delegateOf = new Map<Address, Address>();
  const histories = new Map<Address, { block: bigint; votes: bigint }[]>();
  for (const log of logs) {
    const event = decodeEventLog({ abi: pLDRAbi, data: log.data, topics: log.topics });
    if (event.eventName === "DelegateChanged") delegateOf.set(event.args.delegator, event.args.toDelegate);
    if (event.eventName !== "DelegateVotesChanged") continue;
    const { delegate, newVotes } = event.args;
    histories.set(delegate, [
      ...(histories.get(delegate) ?? []),
      { block: BigInt(log.blockNumber), votes: newVotes },
    ]);
  }
  const delegates = await each(
    [...histories],
    async ([account, history]): Promise<Delegate> => ({
      account,
      votes: history.at(-1)?.votes ?? 0n,
      balance: await view(rpc, { address: token, abi: pLDRAbi, functionName: "balanceOf", args: [account] }),
      delegators: [...delegateOf].filter(([, to]) => isAddressEqual(to, account)).map(([from]) => from),
      history,
    }),
  );
  return delegates.filter(({ votes }) => votes > 0n).sort((a, b) => (a.votes < b.votes ? 1 : -1));
}

const stateWords: Record<ProposalState, string> = {
  Pending: "waiting for its vote",
  Active: "being voted on",
  Canceled: "cancelled",
  Defeated: "defeated",
  Succeeded: "passed, and not queued yet",
  Queued: "queued",
  Expired: "expired",
  Executed: "executed",
};

const stepNames = {
  ProposalCreated: "proposed",
  ProposalQueued: "queued",
  ProposalExecuted: "executed",
  ProposalCanceled: "cancelled",
  ProposalExtended: "extended",
} as const;

async function viewOf(rpc: Rpc, protocol: Protocol, proposed: Proposed): Promise<ProposalView> {
  const governor = { address: protocol.governance.governor, abi: polderGovernorAbi };
  const args = [proposed.id] as const;
  const [state, snapshot, deadline, eta, [against, inFavour, abstain], { timestamp: now }] =
    await Promise.all([
      view(rpc, { ...governor, functionName: "state", args }),
      view(rpc, { ...governor, functionName: "proposalSnapshot", args }),
      view(rpc, { ...governor, functionName: "proposalDeadline", args }),
      view(rpc, { ...governor, functionName: "proposalEta", args }),
      view(rpc, { ...governor, functionName: "proposalVotes", args }),
      blockAt(rpc),
    ]);
  // Of the past alone; before the snapshot it is what it would be now.
  const counted = snapshot < now ? snapshot : now - 1n;
  const quorum = await view(rpc, { ...governor, functionName: "quorum", args: [counted] });
  const name = proposalStates[state] ?? "Expired";
  const end = { Pending: snapshot, Active: deadline, Queued: eta }[name as "Pending" | "Active" | "Queued"];
  return {
    ...proposed,
    ...{ state: name, snapshot, deadline, eta, quorum },
    votes: { against, for: inFavour, abstain },
    remaining: end === undefined ? undefined : end > now ? end - now : 0n,
  };
}

/** Throws where an event does not hash to its own number: then the node lies. */
function proposedOf(log: RawLog): Proposed {
  const { args } = eventOf(log);
  const calls = (args.targets as Address[]).map((target, i) => ({
    target,
    value: args.values[i] as bigint,
    data: args.calldatas[i] as Hex,
  }));
  const { description, proposer } = args;
  const id = proposalId(calls, description);
  if (id !== args.proposalId) {
    throw new Error(
      `the event of proposal ${args.proposalId} holds other calls or another description: ${id}`,
    );
  }
  const text = proposalText(description);
  return {
    id,
    proposer,
    calls,
    description,
    text,
    block: BigInt(log.blockNumber),
    transaction: log.transactionHash,
  };
}

async function changesOf(
  rpc: Rpc,
  protocol: Protocol,
  calls: readonly Call[],
  step: Step,
): Promise<Change[]> {
  const receipt = await rpc.request({ method: "eth_getTransactionReceipt", params: [step.transaction] });
  return changesIn(rpc, protocol, { block: step.block, logs: receipt.logs, calls });
}

// biome-ignore lint/suspicious/noExplicitAny: of several events, each with its own arguments
function eventOf(log: Log): { eventName: string; args: any } {
  return decodeEventLog({ abi: polderGovernorAbi, data: log.data, topics: log.topics });
}

type GovernorEvent =
  | "ProposalCreated"
  | "ProposalQueued"
  | "ProposalExecuted"
  | "ProposalCanceled"
  | "ProposalExtended"
  | "VoteCast"
  | "VoteCastWithParams";

function governorLogs(rpc: Rpc, protocol: Protocol, names: readonly GovernorEvent[]): Promise<RawLog[]> {
  const topics = names.map((eventName) => encodeEventTopics({ abi: polderGovernorAbi, eventName })[0] as Hex);
  return logsOf(rpc, protocol, protocol.governance.governor, topics);
}

/** From the deployment on, in the chain's order. */
async function logsOf(
  rpc: Rpc,
  { record }: Protocol,
  address: Address,
  topics: readonly Hex[],
): Promise<RawLog[]> {
  const fromBlock = numberToHex(record.startBlock);
  return rpc.request({
    method: "eth_getLogs",
    params: [{ address, fromBlock, toBlock: "latest", topics: [topics] }],
  });
}
