// Votes: the token's voting power, proposals, the timelock, roles. What keepers do through the upkeep contract.
import { type Context, type Event, ponder } from "ponder:registry";
import {
  delegate,
  delegateVotesChange,
  delegation,
  delegationChange,
  governance,
  proposal,
  roleMember,
  timelockCall,
  timelockOperation,
  upkeep,
  vote,
} from "ponder:schema";
import { gte } from "ponder";
import {
  type Address,
  encodeAbiParameters,
  type Hex,
  keccak256,
  pad,
  stringToBytes,
  toHex,
  zeroAddress,
  zeroHash,
} from "viem";
import { lower, nowhere, record } from "../deployment.ts";
import { countAccount } from "../state/market.ts";
import { act, joined, kept, noteChange, type Occurrence, originOf, updatedBy } from "../state/rows.ts";
import { bookTransfer, declareToken } from "../state/token.ts";

type Db = Context["db"];
type GovernanceRow = typeof governance.$inferSelect;

const governor = lower(record.governance?.governor ?? nowhere);
const SUPPORT = ["AGAINST", "FOR", "ABSTAIN"] as const;

/** Governance has no single first event: each of its contracts' constructors tells a part. */
async function keepGovernance(
  db: Db,
  change: (row: GovernanceRow) => Partial<GovernanceRow>,
): Promise<GovernanceRow> {
  const empty: GovernanceRow = {
    id: governor,
    token: lower(record.governance?.token ?? nowhere),
    timelock: lower(record.governance?.timelock ?? nowhere),
    guardian: zeroAddress,
    votingDelay: 0n,
    votingPeriod: 0n,
    lateQuorumExtension: 0n,
    timelockDelay: 0n,
    proposalThreshold: 0n,
    quorumNumerator: 0n,
    totalSupply: 0n,
    proposalCount: 0,
  };
  const row = (await db.find(governance, { id: governor })) ?? empty;
  const after = { ...row, ...change(row) };
  await db.insert(governance).values(after).onConflictDoUpdate(after);
  return after;
}

/* THE VOTING TOKEN */

ponder.on("PLDR:Transfer", async ({ event, context }) => {
  await declareToken(context, lower(event.log.address), "GOVERNANCE");
  const minted = await bookTransfer(context.db, event);
  if (minted === 0n) return;
  await keepGovernance(context.db, (row) => ({ totalSupply: row.totalSupply + minted }));
});

ponder.on("PLDR:DelegateChanged", async ({ event, context: { db } }) => {
  const { delegator, fromDelegate, toDelegate } = event.args;
  const to = { delegate: toDelegate, ...updatedBy(event) };
  await db
    .insert(delegation)
    .values({ id: lower(delegator), ...to })
    .onConflictDoUpdate(to);
  if (fromDelegate !== zeroAddress) await keepDelegate(db, event, fromDelegate, { delegators: -1 });
  if (toDelegate !== zeroAddress) await keepDelegate(db, event, toDelegate, { delegators: 1 });
  const told = { delegator, from: fromDelegate, to: toDelegate };
  await db.insert(delegationChange).values({ ...originOf(event), ...told });
  await act(db, event, { kind: "DELEGATE", account: delegator, counterparty: toDelegate });
});

ponder.on("PLDR:DelegateVotesChanged", async ({ event, context: { db } }) => {
  const { delegate: account, previousVotes, newVotes } = event.args;
  await keepDelegate(db, event, account, { votes: newVotes });
  const told = { delegate: account, before: previousVotes, after: newVotes };
  await db.insert(delegateVotesChange).values({ ...originOf(event), ...told });
});

async function keepDelegate(
  db: Db,
  event: Occurrence,
  account: Address,
  { votes, delegators = 0 }: { votes?: bigint; delegators?: number },
): Promise<void> {
  const id = lower(account);
  const stamp = updatedBy(event);
  await db
    .insert(delegate)
    .values({ id, votes: votes ?? 0n, delegatorCount: delegators, ...stamp })
    .onConflictDoUpdate((row) => ({
      votes: votes ?? row.votes,
      delegatorCount: row.delegatorCount + delegators,
      ...stamp,
    }));
}

/* PROPOSALS */

ponder.on("PolderGovernor:ProposalCreated", async ({ event, context: { db } }) => {
  const {
    proposalId: id,
    proposer,
    targets,
    values,
    calldatas,
    voteStart,
    voteEnd,
    description,
  } = event.args;
  const { quorumNumerator, totalSupply } = await keepGovernance(db, (row) => ({
    proposalCount: row.proposalCount + 1,
  }));
  await db.insert(proposal).values({
    id,
    proposer,
    description: kept(description),
    targets: targets.map(lower),
    values: [...values],
    calldatas: [...calldatas],
    voteStart,
    voteEnd,
    forVotes: 0n,
    againstVotes: 0n,
    abstainVotes: 0n,
    quorum: quorumOf(totalSupply, quorumNumerator),
    voteCount: 0,
    eta: 0n,
    queuedAt: 0n,
    executedAt: 0n,
    cancelledAt: 0n,
    operationHash: operationOf(event),
    createdAt: event.block.timestamp,
    createdAtBlock: event.block.number,
    transactionHash: event.transaction.hash,
    executedTransactionHash: null,
  });
  await act(db, event, { kind: "PROPOSE", account: proposer, proposal: id });
  await countAccount(db, event, proposer, "proposalCount");
});

function quorumOf(supply: bigint, percent: bigint): bigint {
  return (supply * percent) / 100n;
}

/** The timelock's number of a proposal's calls: `TimelockController.hashOperationBatch`, salted by the governor. */
function operationOf({ args }: Event<"PolderGovernor:ProposalCreated">): Hex {
  const descriptionHash = BigInt(keccak256(stringToBytes(args.description)));
  const salt = BigInt(pad(governor, { dir: "right", size: 32 })) ^ descriptionHash;
  return keccak256(
    encodeAbiParameters(
      [
        { type: "address[]" },
        { type: "uint256[]" },
        { type: "bytes[]" },
        { type: "bytes32" },
        { type: "bytes32" },
      ],
      [args.targets, args.values, args.calldatas, zeroHash, toHex(salt, { size: 32 })],
    ),
  );
}

async function castVote(
  db: Db,
  event: Event<"PolderGovernor:VoteCast"> | Event<"PolderGovernor:VoteCastWithParams">,
): Promise<void> {
  const { voter, proposalId: id, support, weight, reason } = event.args;
  const kind = SUPPORT[support] ?? "ABSTAIN";
  await db.insert(vote).values({
    ...originOf(event),
    proposal: id,
    voter,
    support: kind,
    weight,
    reason: kept(reason),
  });
  await db.update(proposal, { id }).set((row) => ({
    forVotes: row.forVotes + (kind === "FOR" ? weight : 0n),
    againstVotes: row.againstVotes + (kind === "AGAINST" ? weight : 0n),
    abstainVotes: row.abstainVotes + (kind === "ABSTAIN" ? weight : 0n),
    voteCount: row.voteCount + 1,
  }));
  await act(db, event, { kind: "VOTE", account: voter, amount: weight, proposal: id });
  await countAccount(db, event, voter, "voteCount");
}

ponder.on("PolderGovernor:VoteCast", async ({ event, context: { db } }) => castVote(db, event));

ponder.on("PolderGovernor:VoteCastWithParams", async ({ event, context: { db } }) => castVote(db, event));

ponder.on("PolderGovernor:ProposalExtended", async ({ event, context: { db } }) => {
  const { proposalId, extendedDeadline } = event.args;
  await db.update(proposal, { id: proposalId }).set({ voteEnd: extendedDeadline });
});

ponder.on("PolderGovernor:ProposalQueued", async ({ event, context: { db } }) => {
  const { proposalId: id, etaSeconds } = event.args;
  const queued = { eta: etaSeconds, queuedAt: event.block.timestamp };
  await db.update(proposal, { id }).set(queued);
  const row = await db.find(proposal, { id });
  // The timelock told its calls right before.
  if (row?.operationHash) await db.update(timelockOperation, { id: row.operationHash }).set({ proposal: id });
});

ponder.on("PolderGovernor:ProposalExecuted", async ({ event, context: { db } }) => {
  await db.update(proposal, { id: event.args.proposalId }).set({
    executedAt: event.block.timestamp,
    executedTransactionHash: event.transaction.hash,
  });
});

ponder.on("PolderGovernor:ProposalCanceled", async ({ event, context: { db } }) => {
  const id = event.args.proposalId;
  await db.update(proposal, { id }).set({ cancelledAt: event.block.timestamp });
});

/* RULES */

ponder.on("PolderGovernor:VotingDelaySet", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ votingDelay: event.args.newVotingDelay }));
  await noteChange(db, event, "PolderGovernor:VotingDelaySet");
});

ponder.on("PolderGovernor:VotingPeriodSet", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ votingPeriod: event.args.newVotingPeriod }));
  await noteChange(db, event, "PolderGovernor:VotingPeriodSet");
});

ponder.on("PolderGovernor:ProposalThresholdSet", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ proposalThreshold: event.args.newProposalThreshold }));
  await noteChange(db, event, "PolderGovernor:ProposalThresholdSet");
});

ponder.on("PolderGovernor:LateQuorumVoteExtensionSet", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ lateQuorumExtension: event.args.newVoteExtension }));
  await noteChange(db, event, "PolderGovernor:LateQuorumVoteExtensionSet");
});

ponder.on("PolderGovernor:ProposalGuardianSet", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ guardian: lower(event.args.newProposalGuardian) }));
  await noteChange(db, event, "PolderGovernor:ProposalGuardianSet");
});

ponder.on("PolderGovernor:TimelockChange", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ timelock: lower(event.args.newTimelock) }));
  await noteChange(db, event, "PolderGovernor:TimelockChange");
});

/** A quorum is that of a proposal's start: proposals that start later are held to the new one. */
ponder.on("PolderGovernor:QuorumNumeratorUpdated", async ({ event, context: { db } }) => {
  const { newQuorumNumerator } = event.args;
  const { totalSupply } = await keepGovernance(db, () => ({ quorumNumerator: newQuorumNumerator }));
  await db.sql
    .update(proposal)
    .set({ quorum: quorumOf(totalSupply, newQuorumNumerator) })
    .where(gte(proposal.voteStart, event.block.timestamp));
  await noteChange(db, event, "PolderGovernor:QuorumNumeratorUpdated");
});

/* TIMELOCK */

ponder.on("TimelockController:CallScheduled", async ({ event, context: { db } }) => {
  const { id, index, target, value, data, predecessor, delay } = event.args;
  const time = event.block.timestamp;
  await db
    .insert(timelockOperation)
    .values({
      id,
      status: "SCHEDULED",
      proposal: null,
      predecessor,
      delay,
      callCount: 1,
      executedCallCount: 0,
      scheduledAt: time,
      readyAt: time + delay,
      executedAt: 0n,
      cancelledAt: 0n,
      transactionHash: event.transaction.hash,
    })
    // Another call of the batch; or an operation that was cancelled before and begins anew.
    .onConflictDoUpdate((row) =>
      row.status === "CANCELLED"
        ? { status: "SCHEDULED", callCount: 1, scheduledAt: time, readyAt: time + delay, cancelledAt: 0n }
        : { callCount: row.callCount + 1 },
    );
  const call = { operationHash: id, index: Number(index), target, value, data, executedAt: 0n };
  await db
    .insert(timelockCall)
    .values({ id: joined(id, index), ...call })
    .onConflictDoUpdate(call);
});

ponder.on("TimelockController:CallExecuted", async ({ event, context: { db } }) => {
  const { id, index } = event.args;
  const executedAt = event.block.timestamp;
  await db.update(timelockCall, { id: joined(id, index) }).set({ executedAt });
  await db.update(timelockOperation, { id }).set((row) => ({
    executedCallCount: row.executedCallCount + 1,
    ...(row.executedCallCount + 1 === row.callCount && { status: "EXECUTED" as const, executedAt }),
  }));
  // Anybody may execute in the timelock directly, which the governor then tells nobody.
  await closeProposal(db, id, (row) => (row.executedAt === 0n ? { executedAt } : {}));
});

ponder.on("TimelockController:Cancelled", async ({ event, context: { db } }) => {
  const { id } = event.args;
  const cancelledAt = event.block.timestamp;
  await db.update(timelockOperation, { id }).set({ status: "CANCELLED", cancelledAt });
  await closeProposal(db, id, (row) => (row.cancelledAt === 0n ? { cancelledAt } : {}));
});

type ProposalRow = typeof proposal.$inferSelect;

async function closeProposal(
  db: Db,
  operation: Hex,
  change: (row: ProposalRow) => Partial<ProposalRow>,
): Promise<void> {
  const scheduled = await db.find(timelockOperation, { id: operation });
  if (scheduled?.proposal != null) await db.update(proposal, { id: scheduled.proposal }).set(change);
}

ponder.on("TimelockController:MinDelayChange", async ({ event, context: { db } }) => {
  await keepGovernance(db, () => ({ timelockDelay: event.args.newDuration }));
  await noteChange(db, event, "TimelockController:MinDelayChange");
});

ponder.on("TimelockController:RoleGranted", async ({ event, context: { db } }) => {
  await noteChange(db, event, "TimelockController:RoleGranted");
});

ponder.on("TimelockController:RoleRevoked", async ({ event, context: { db } }) => {
  await noteChange(db, event, "TimelockController:RoleRevoked");
});

/* ROLES OF THE PROTOCOL */

async function setMember(
  db: Db,
  event: Event<"AccessManager:RoleGranted"> | Event<"AccessManager:RoleRevoked">,
  member: boolean,
): Promise<void> {
  const { roleId: role, account } = event.args;
  const changes = { member, updatedAt: event.block.timestamp };
  await db
    .insert(roleMember)
    .values({ id: joined(role, account), role, account, ...changes })
    .onConflictDoUpdate(changes);
}

ponder.on("AccessManager:RoleGranted", async ({ event, context: { db } }) => {
  await setMember(db, event, true);
  await noteChange(db, event, "AccessManager:RoleGranted");
});

ponder.on("AccessManager:RoleRevoked", async ({ event, context: { db } }) => {
  await setMember(db, event, false);
  await noteChange(db, event, "AccessManager:RoleRevoked");
});

ponder.on("AccessManager:RoleAdminChanged", async ({ event, context: { db } }) => {
  await noteChange(db, event, "AccessManager:RoleAdminChanged");
});

ponder.on("AccessManager:RoleGuardianChanged", async ({ event, context: { db } }) => {
  await noteChange(db, event, "AccessManager:RoleGuardianChanged");
});

ponder.on("AccessManager:TargetClosed", async ({ event, context: { db } }) => {
  await noteChange(db, event, "AccessManager:TargetClosed");
});

ponder.on("AccessManager:TargetFunctionRoleUpdated", async ({ event, context: { db } }) => {
  await noteChange(db, event, "AccessManager:TargetFunctionRoleUpdated");
});

ponder.on("AccessManager:TargetAdminDelayUpdated", async ({ event, context: { db } }) => {
  await noteChange(db, event, "AccessManager:TargetAdminDelayUpdated");
});

/* KEEPERS */

ponder.on("Upkeep:Performed", async ({ event, context: { db } }) => {
  const { job, target, subject, termsId } = event.args;
  await db.insert(upkeep).values({ ...originOf(event), job, target, subject, termsId, refusal: null });
});

ponder.on("Upkeep:Refused", async ({ event, context: { db } }) => {
  const { job, target, subject, termsId, reason } = event.args;
  await db.insert(upkeep).values({ ...originOf(event), job, target, subject, termsId, refusal: reason });
});
