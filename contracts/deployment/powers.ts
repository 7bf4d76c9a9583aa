// Every power in the deployed protocol: which call, who holds it, after what delay, and the worst it can do. The hand-over
// grants by this table, a test walks the deployed contracts and compares. Plain data; knows no address.
import type { ContractName } from "../artifacts.ts";
import type { SourceKind } from "./market.ts";

/** Who holds powers. `role` is the access manager's, where the power comes from there. */
export const holders = {
  timelock: {
    role: 0n, // the access manager's ADMIN_ROLE: whatever the table does not give to another role
    who: "PLDR's holders, by a vote carried out by the timelock",
    delay: "voting delay, voting period and timelock delay",
  },
  guardian: { role: 1n, who: "the guardian; the timelock too", delay: "none" },
  registrar: { role: 2n, who: "the registrar of identities", delay: "none" },
  agent: { role: 3n, who: "the issuer's agent", delay: "none" },
  policy: {
    role: 4n,
    who: "the capital policy, where capital covers it",
    delay: "as who calls it: the timelock",
  },
  servicer: { role: 5n, who: "the servicer of loans in default", delay: "none" },
  accessManager: { who: "the access manager, by its `updateAuthority`", delay: "as the timelock" },
  governor: { who: "the governor, for a proposal that succeeded", delay: "voting delay and voting period" },
  market: { who: "the market a source was made for", delay: "none" },
  facility: { who: "facilities that governance added", delay: "none" },
  source: { who: "facilities that governance added, pools that it covers", delay: "none" },
  surplus: { who: "the surplus, by its own rules", delay: "none" },
  workout: { who: "the market's own workout, for the servicer", delay: "none" },
  maker: { who: "the contract that made the custodian", delay: "none" },
  attestors: { who: "m of n attestors, by signature", delay: "none" },
} as const satisfies Record<string, { role?: bigint; who: string; delay: string }>;

export type Holder = keyof typeof holders;

/** Holders whose powers are roles in the access manager. */
export const roleHolders = [
  "timelock",
  "guardian",
  "registrar",
  "agent",
  "policy",
  "servicer",
] as const satisfies Holder[];

export type RoleHolder = (typeof roleHolders)[number];

export type Power = {
  contract: ContractName;
  /** The function's name, for all of its overloads. */
  call: string;
  holder: Holder;
  /** The worst that the holder can do with it. */
  worst: string;
};

type Calls = Record<string, readonly [holder: Holder, worst: string]>;

const table: Partial<Record<ContractName, Calls>> = {
  // And by its source, below.
  Market: {
    forceSeize: ["agent", "the collateral of a position taken from under its debt, which becomes a loss"],
    cutDebtCap: ["guardian", "no new debt until a vote raises the cap again"],
    pauseNewDebt: ["guardian", "no new debt until a vote resumes it"],
    resumeNewDebt: ["timelock", "new debt while the reason for the pause lasts"],
    rampLltv: ["timelock", "sound positions unhealthy within a week; or debt at its collateral's full value"],
    setPreferredBuyer: [
      "servicer",
      "a sale window for a friend, who pays the value less the minimum bonus, or for nobody",
    ],
    startWorkout: ["workout", "the collateral of positions in default after their auction"],
    endWorkout: ["workout", "collateral in workout that counts no more, so that its debt is written off"],
  },
  Stablecoin: {
    addFacility: ["timelock", "a facility that mints pUSD without backing"],
    retireFacility: ["timelock", "a facility that never mints again; what it lent is still repaid"],
    mint: ["facility", "pUSD without backing, if the facility's code allows it"],
    burn: ["facility", "the pUSD of those who approved the facility"],
  },
  MintFacility: {
    setSurplus: ["timelock", "interest from now on goes to a stranger"],
    lend: ["market", "pUSD minted up to the market's cap"],
    collect: ["market", "the pUSD of those who approved the facility"],
    settle: ["market", "interest that nobody owes"],
    recordLoss: ["market", "a loss that surplus, backstop and savers bear though nobody lost it"],
  },
  LendingPool: {
    raiseSupplyCap: ["timelock", "more of lenders' money in one market"],
    cutSupplyCap: [
      "guardian",
      "no deposits until a vote raises the cap again; what is there is withdrawn as ever",
    ],
    setReserve: ["timelock", "half of the profit to come paid to a stranger"],
    setRebalanceFee: ["timelock", "a fee at its bound, out of profit, to who levels the lanes once an hour"],
    lend: ["market", "the pool's cash lent, as far as its debt cap"],
    collect: ["market", "the loan token of those who approved the pool"],
    settle: ["market", "profit that nobody owes"],
    averageCash: ["market", "a rate by a shorter average"],
    recordLoss: ["market", "the price of shares lowered to nothing; of a covered pool, the capital first"],
  },
  PegModule: {
    setFees: ["timelock", "fees at their bound of 1% each way"],
    setFeed: ["timelock", "a feed that lies: worthless dollars taken up to ceiling and window"],
    raiseCeiling: ["policy", "more of the supply backed by one foreign dollar, as far as capital covers it"],
    cutCeiling: ["guardian", "no inflow until a vote raises the ceiling again"],
    raiseInflowCap: ["timelock", "a depeg noticed late lets more in"],
    cutInflowCap: ["guardian", "hardly any inflow until a vote raises the cap again"],
    stopInflow: ["guardian", "no inflow until a vote resumes it"],
    resumeInflow: ["timelock", "inflow while the reason for the stop lasts"],
  },
  Surplus: {
    setOutlets: ["timelock", "the excess capital and every later one paid to a stranger"],
    setShares: ["timelock", "all excess capital paid out, or none"],
    coverPool: ["timelock", "capital that pays the losses of a pool, which no cap counts"],
    uncoverPool: ["timelock", "lenders who counted on it bear their losses alone"],
    bearLoss: ["source", "the capital, and of a facility the savers', up to the loss that its market books"],
  },
  SavingsVault: {
    setShareCap: ["timelock", "yield diluted by room that nobody fills, or no room for new savers"],
    payYield: ["surplus", "yield that vests; the surplus pays it"],
    absorbLoss: [
      "surplus",
      "the savers' pUSD, up to the loss of a facility that nobody before them could bear",
    ],
  },
  Backstop: {
    setPolicy: ["timelock", "capital that leaves while caps need it, or cannot leave"],
    payPremium: ["surplus", "a premium that vests; the surplus pays it"],
    drawLoss: [
      "surplus",
      "the backstop's capital, up to the loss of a facility that the surplus could not bear",
    ],
  },
  CapitalPolicy: {
    setExposure: ["timelock", "caps that count for nothing"],
    removeExposure: ["timelock", "caps that count for nothing"],
    raiseDebtCap: ["timelock", "more debt, as far as capital covers it"],
    raiseCeiling: [
      "timelock",
      "more of the supply backed by one foreign dollar, as far as capital covers it",
    ],
  },
  TermsRegistry: {
    publish: ["timelock", "bad terms, which bind nobody who does not borrow under them"],
    close: ["guardian", "no new debt under terms, for good; new terms need a vote"],
  },
  NavOracle: {
    pullRipcord: ["guardian", "no new debt and no liquidation until a vote releases it"],
    releaseRipcord: ["timelock", "a bad NAV used again"],
    setComparison: ["timelock", "no feed to compare with, or one that halts the NAV"],
    rotateAttestor: ["timelock", "an attestor replaced by one who signs any NAV"],
    setAttestor: ["timelock", "attestors who sign any NAV"],
    setSettings: ["timelock", "bounds so wide, or quorums so small, that few attestors set any NAV"],
    submit: [
      "attestors",
      "a NAV at the edge of its bounds with each report; a pending fall at most a day later",
    ],
    confirm: ["attestors", "the larger quorum: any lower NAV at once, a higher one up to its bound"],
  },
  EligibilityRegistry: {
    // Agents that the registrar named hold these for the persons of their issuer.
    setPerson: ["registrar", "a record for whom the law refuses one"],
    setPersons: ["registrar", "records for whom the law refuses them"],
    removePerson: ["registrar", "collateral locked, but repaid as ever, until the person is back"],
    setFrozen: ["registrar", "collateral locked, but repaid as ever, until the freeze ends"],
    approveRequest: ["registrar", "a record for whom the law refuses one"],
    denyRequest: ["registrar", "somebody eligible must ask again"],
    setAgent: ["registrar", "an agent who admits the ineligible"],
    admitCustodians: ["timelock", "accounts that hold the asset beyond the agent's reach"],
  },
  RwaToken: {
    mint: ["agent", "tokens without assets, borrowed against up to the debt cap"],
    batchMint: ["agent", "tokens without assets, borrowed against up to the debt cap"],
    burn: ["agent", "a holder's tokens destroyed, not those in custody"],
    forcedTransfer: ["agent", "a holder's tokens moved, not those in custody"],
    recoverWallet: ["agent", "a holder's tokens moved, not those in custody"],
    setAddressFrozen: ["agent", "a holder's tokens locked, and his collateral until released"],
    freezePartialTokens: ["agent", "a holder's tokens locked, not those in custody"],
    unfreezePartialTokens: ["agent", "tokens free that the law wants locked"],
    pause: ["agent", "no transfer, no removal of collateral and no liquidation until unpaused"],
    unpause: ["agent", "transfers while the reason for the pause lasts"],
    setJurisdictionRule: ["agent", "nobody receives tokens but from custody"],
    setDocument: ["agent", "a document replaced by a wrong one, seen by its event"],
    removeDocument: ["agent", "a document no longer listed, seen by its event"],
  },
  Workout: {
    redeem: ["servicer", "the collateral of positions in default handed to a false desk after their auction"],
    abandon: ["servicer", "a loss booked before the issuer has paid; what comes later goes to who bore it"],
  },
  RedemptionDesk: {
    fulfil: ["agent", "tokens whose redemption was asked for, taken for next to nothing"],
  },
  Custodian: {
    send: ["maker", "what one lane holds"],
  },
  AccessManager: {
    grantRole: ["timelock", "any power of this table to anybody"],
    revokeRole: ["timelock", "a role without members; its own, and nothing changes any more"],
    setRoleAdmin: ["timelock", "another role decides who holds a role"],
    setRoleGuardian: ["timelock", "another role cancels what a role has scheduled"],
    setGrantDelay: ["timelock", "new members of a role wait, however urgent"],
    labelRole: ["timelock", "a misleading name in an event"],
    setTargetFunctionRole: ["timelock", "a loosening function in hasty hands; caps raised past the policy"],
    setTargetAdminDelay: ["timelock", "a contract's settings change only after a long wait"],
    setTargetClosed: ["timelock", "no restricted function of a contract works, pauses included"],
    updateAuthority: ["timelock", "a contract governed by somebody else for ever"],
  },
  TimelockController: {
    schedule: ["governor", "anything, after the delay"],
    scheduleBatch: ["governor", "anything, after the delay"],
    cancel: ["governor", "what passed a vote does not happen: the guardian's cancel arrives here"],
    updateDelay: ["timelock", "no delay from the next vote on"],
    grantRole: ["timelock", "another proposer beside the governor"],
    revokeRole: ["timelock", "the governor no longer proposes: nothing changes any more"],
  },
  PolderGovernor: {
    cancel: [
      "guardian",
      "every proposal cancelled, but those that do nothing else than replace the guardian",
    ],
    setProposalGuardian: ["timelock", "a guardian who cancels in bad faith, or none"],
    setVotingDelay: ["timelock", "no time to gather votes before a snapshot"],
    setVotingPeriod: ["timelock", "no time to vote"],
    setProposalThreshold: ["timelock", "nobody can propose, or anybody floods"],
    setLateQuorumVoteExtension: ["timelock", "a quorum in the last second that nobody can answer"],
    updateQuorumNumerator: ["timelock", "a vote by few, or none that can pass"],
    updateTimelock: ["timelock", "proposals that reach nothing, or pass without delay"],
    relay: ["timelock", "what the governor itself may do: schedule at the timelock"],
  },
};

/** What a market's kind of source decides. */
const marketBySource: Record<SourceKind, Calls> = {
  facility: {
    raiseDebtCap: ["policy", "more pUSD minted against one asset, as far as capital covers it"],
  },
  // Its lenders bear its losses, and no pUSD is minted.
  pool: {
    raiseDebtCap: ["timelock", "more debt than the collateral market can absorb in a liquidation"],
  },
};

/** On every contract that the access manager manages. */
const managed: Calls = {
  setAuthority: ["accessManager", "the contract governed by somebody else for ever"],
};

/** The contracts of which the table states powers, deployed or not. */
export const contractsWithPowers = Object.keys(table) as ContractName[];

/**
 * The powers on a contract, with those of every managed contract where `isManaged`. Of a market the kind of its source
 * must be said.
 */
export function powersOf(
  contract: ContractName,
  { isManaged = false, source }: { isManaged?: boolean; source?: SourceKind } = {},
): Power[] {
  if (contract === "Market" && source === undefined)
    throw new Error("a market's powers depend on its source");
  const calls = {
    ...table[contract],
    ...(contract === "Market" && source && marketBySource[source]),
    ...(isManaged ? managed : {}),
  };
  return Object.entries(calls).map(([call, [holder, worst]]) => ({ contract, call, holder, worst }));
}
