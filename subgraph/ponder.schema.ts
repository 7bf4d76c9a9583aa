// What the index keeps, in the manner of Messari's lending schema: the state of protocol, markets and accounts as their
// events leave it, and a row for each thing that happened. It must not know how rows come about; that is src/.
//
// Units: `amount` is in the smallest unit of the token beside it, `scaled` in units of scaled debt, prices of pool and
// savings shares in ray (27 decimals), ratios and rates per year in wad (18 decimals), times in seconds since 1970,
// NAVs in the oracle's decimals. `...USD` is in wad, a unit of any loan token taken for one dollar. Addresses and
// hashes are lower case. Ids made of several parts join them with hyphens: market-owner-terms.
//
// What grows with time is kept as the chain keeps it, by the numbers it is computed from; src/values.ts computes it at
// any time as the contracts do.
import { index, onchainEnum, onchainTable, relations } from "ponder";

export const sourceKind = onchainEnum("source_kind", ["FACILITY", "POOL"]);
export const rateKind = onchainEnum("rate_kind", ["VARIABLE", "FIXED"]);
export const vaultKind = onchainEnum("vault_kind", ["COLLATERAL", "POOL", "SAVINGS", "BACKSTOP"]);
export const tokenKind = onchainEnum("token_kind", [
  "STABLECOIN",
  "RWA",
  "POOL_SHARE",
  "SAVINGS_SHARE",
  "BACKSTOP_SHARE",
  "GOVERNANCE",
  "DOLLAR",
]);
export const liquidationCause = onchainEnum("liquidation_cause", ["UNHEALTHY", "OVERDUE", "CONSENT"]);
export const liquidationPhase = onchainEnum("liquidation_phase", ["NONE", "WINDOW", "AUCTION", "WORKOUT"]);
export const navStatus = onchainEnum("nav_status", ["PENDING", "ACCEPTED", "REPLACED"]);
export const navAcceptance = onchainEnum("nav_acceptance", ["REPORTED", "CONFIRMED", "MATURED"]);
export const tier = onchainEnum("tier", ["NONE", "HOLDER", "BORROWER", "LIQUIDATOR"]);
export const swapDirection = onchainEnum("swap_direction", ["IN", "OUT"]);
export const supportKind = onchainEnum("support_kind", ["AGAINST", "FOR", "ABSTAIN"]);
export const operationStatus = onchainEnum("operation_status", ["SCHEDULED", "EXECUTED", "CANCELLED"]);
export const exitAction = onchainEnum("exit_action", ["REQUESTED", "CANCELLED", "CLAIMED"]);
export const resolutionAction = onchainEnum("resolution_action", [
  "MARKED",
  "UNMARKED",
  "WORKOUT_STARTED",
  "WORKOUT_ENDED",
  "FORCE_SEIZED",
]);
export const lossKind = onchainEnum("loss_kind", ["LIQUIDATION", "WRITE_OFF"]);
export const actionKind = onchainEnum("action_kind", [
  "ADD_COLLATERAL",
  "REMOVE_COLLATERAL",
  "BORROW",
  "REPAY",
  "LIQUIDATED",
  "LIQUIDATE",
  "FORCE_SEIZED",
  "SUPPLY",
  "WITHDRAW",
  "SWAP_IN",
  "SWAP_OUT",
  "SAVE",
  "UNSAVE",
  "BACK",
  "REQUEST_EXIT",
  "CANCEL_EXIT",
  "CLAIM_EXIT",
  "DELEGATE",
  "PROPOSE",
  "VOTE",
  "CONSENT",
  "AUTHORISE",
]);

/* STATE */

export const protocol = onchainTable("protocol", (t) => ({
  /** "polder": there is one protocol per index. */
  id: t.text().primaryKey(),
  stablecoin: t.hex().notNull(),
  marketCount: t.integer().notNull(),
  accountCount: t.integer().notNull(),
  /** Positions ever opened. */
  positionCount: t.integer().notNull(),
  stablecoinSupply: t.bigint().notNull(),
  cumulativeBorrowUSD: t.bigint().notNull(),
  cumulativeRepayUSD: t.bigint().notNull(),
  cumulativeLiquidateUSD: t.bigint().notNull(),
  cumulativeLossUSD: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

/** A token of the protocol, and the dollar token, whose transfers are not indexed. */
export const token = onchainTable(
  "token",
  (t) => ({
    id: t.hex().primaryKey(),
    kind: tokenKind().notNull(),
    name: t.text().notNull(),
    symbol: t.text().notNull(),
    decimals: t.integer().notNull(),
    /** Of the dollar token: 0. */
    totalSupply: t.bigint().notNull(),
    /** Of an RWA token. */
    paused: t.boolean().notNull(),
    /** Of an RWA token: whether only listed jurisdictions hold it, else all but the listed ones. */
    onlyListed: t.boolean().notNull(),
    /** Of an RWA token: bit i % 256 of word i / 256 lists jurisdiction i. */
    jurisdictions: t.bigint().array().notNull(),
    market: t.hex(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

export const market = onchainTable("market", (t) => ({
  id: t.hex().primaryKey(),
  key: t.text().notNull(),
  title: t.text().notNull(),
  sourceKind: sourceKind().notNull(),
  source: t.hex().notNull(),
  collateralToken: t.hex().notNull(),
  loanToken: t.hex().notNull(),
  oracle: t.hex().notNull(),
  rateModel: t.hex().notNull(),
  workout: t.hex().notNull(),
  desk: t.hex().notNull(),
  collateralDecimals: t.integer().notNull(),
  loanDecimals: t.integer().notNull(),
  navDecimals: t.integer().notNull(),

  /** Wad; as deployed: the one in force follows the ramp, and `maxLtv` in proportion. */
  maxLtvAtDeployment: t.bigint().notNull(),
  lltvAtDeployment: t.bigint().notNull(),
  /** The ramp of the liquidation loan-to-value: wad, seconds. */
  lltvFrom: t.bigint().notNull(),
  lltvTo: t.bigint().notNull(),
  rampStart: t.bigint().notNull(),
  rampEnd: t.bigint().notNull(),
  targetHealth: t.bigint().notNull(),
  minBonus: t.bigint().notNull(),
  maxBonus: t.bigint().notNull(),
  healthForMaxBonus: t.bigint().notNull(),
  minDebt: t.bigint().notNull(),
  /** Seconds. */
  coolOff: t.bigint().notNull(),
  saleWindow: t.bigint().notNull(),
  auctionDuration: t.bigint().notNull(),
  /** Wad, of the value. */
  auctionStart: t.bigint().notNull(),
  auctionEnd: t.bigint().notNull(),

  /** The variable index at the last checkpoint, wad, and the rate since. */
  borrowIndex: t.bigint().notNull(),
  ratePerYear: t.bigint().notNull(),
  checkpointAt: t.bigint().notNull(),
  averageUtilisation: t.bigint().notNull(),

  variableScaledDebt: t.bigint().notNull(),
  fixedScaledDebt: t.bigint().notNull(),
  /** What fixed debt owes at time t, without penalties: (fixedDebtBase + fixedDebtSlope * t) / INDEX_ONE. */
  fixedDebtBase: t.bigint().notNull(),
  fixedDebtSlope: t.bigint().notNull(),
  /** At `updatedAt`, without penalties, rounded down; fixed debt included, and by itself. */
  totalDebt: t.bigint().notNull(),
  totalFixedDebt: t.bigint().notNull(),
  totalCollateral: t.bigint().notNull(),
  totalLoss: t.bigint().notNull(),
  totalImpairment: t.bigint().notNull(),
  /** Of the source: minted less burned by a facility; of a pool 0. */
  facilitySupply: t.bigint().notNull(),

  /** In scaled debt: the cap, and by how much use exceeds it. */
  debtCap: t.bigint().notNull(),
  debtOverhang: t.bigint().notNull(),
  fixedDebtCap: t.bigint().notNull(),
  fixedDebtOverhang: t.bigint().notNull(),
  newDebtPaused: t.boolean().notNull(),
  lossNotCovered: t.boolean().notNull(),

  openPositionCount: t.integer().notNull(),
  cumulativeBorrow: t.bigint().notNull(),
  cumulativeRepay: t.bigint().notNull(),
  cumulativeLiquidate: t.bigint().notNull(),
  cumulativeSeized: t.bigint().notNull(),
  createdAt: t.bigint().notNull(),
  createdAtBlock: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

/** The lenders' pool of a market; its shares are the token of the same address. */
export const pool = onchainTable("pool", (t) => ({
  id: t.hex().primaryKey(),
  market: t.hex().notNull(),
  asset: t.hex().notNull(),
  /** The price, ray and seconds: see `VestingPrice`. */
  base: t.bigint().notNull(),
  unvested: t.bigint().notNull(),
  impairment: t.bigint().notNull(),
  since: t.bigint().notNull(),
  duration: t.bigint().notNull(),
  rolledAt: t.bigint().notNull(),
  totalShares: t.bigint().notNull(),
  cash: t.bigint().notNull(),
  /** Losses that threaten, as last told by the market. */
  unrealised: t.bigint().notNull(),
  /** In shares. */
  supplyCap: t.bigint().notNull(),
  supplyOverhang: t.bigint().notNull(),
  /** The surplus' part of profit, wad. */
  reserveFactor: t.bigint().notNull(),
  rebalanceFee: t.bigint().notNull(),
  covered: t.boolean().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

export const oracle = onchainTable("oracle", (t) => ({
  id: t.hex().primaryKey(),
  market: t.hex().notNull(),
  description: t.text().notNull(),
  decimals: t.integer().notNull(),
  nav: t.bigint().notNull(),
  navDate: t.bigint().notNull(),
  round: t.bigint().notNull(),
  acceptedAt: t.bigint().notNull(),
  /** 0 where none is pending. A pending fall is in force `pendingDelay` after `pendingSince`, without any event. */
  pendingNav: t.bigint().notNull(),
  pendingNavDate: t.bigint().notNull(),
  pendingRound: t.bigint().notNull(),
  pendingSince: t.bigint().notNull(),
  /** Who pulls it: 0 nobody, 1 the attestors, 2 the restricted role, 3 both. */
  ripcord: t.integer().notNull(),
  staleAfter: t.bigint().notNull(),
  expiredAfter: t.bigint().notNull(),
  pendingDelay: t.bigint().notNull(),
  minInterval: t.bigint().notNull(),
  maxUpBps: t.integer().notNull(),
  maxDownBps: t.integer().notNull(),
  quorum: t.integer().notNull(),
  confirmQuorum: t.integer().notNull(),
  comparisonFeed: t.hex(),
  comparisonMaxAge: t.bigint().notNull(),
  comparisonMaxDeviationBps: t.integer().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

export const attestor = onchainTable("attestor", (t) => ({
  /** oracle-attestor */
  id: t.text().primaryKey(),
  oracle: t.hex().notNull(),
  account: t.hex().notNull(),
  active: t.boolean().notNull(),
  updatedAt: t.bigint().notNull(),
}));

/** Terms as published, and as their market adopted them. Number 0, a market's own variable rate, has no row. */
export const termSheet = onchainTable(
  "term_sheet",
  (t) => ({
    /** The number. */
    id: t.bigint().primaryKey(),
    market: t.hex().notNull(),
    rateKind: rateKind().notNull(),
    openUntil: t.bigint().notNull(),
    maturity: t.bigint().notNull(),
    ratePerYear: t.bigint().notNull(),
    marginPerYear: t.bigint().notNull(),
    penaltyPerYear: t.bigint().notNull(),
    gracePeriod: t.bigint().notNull(),
    cap: t.bigint().notNull(),
    /** Debt taken on under them and not yet repaid. */
    scaledDebt: t.bigint().notNull(),
    documentHash: t.hex().notNull(),
    documentUri: t.text().notNull(),
    publishedAt: t.bigint().notNull(),
    publishedAtBlock: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    /** Their index is one then; 0 until adopted. */
    start: t.bigint().notNull(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/** The rate a market asks of debt under each of its terms, per year; of variable ones that of the last checkpoint. */
export const interestRate = onchainTable(
  "interest_rate",
  (t) => ({
    /** market-terms */
    id: t.text().primaryKey(),
    market: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    rateKind: rateKind().notNull(),
    /** Wad; variable rates compound continuously, fixed ones are simple. */
    ratePerYear: t.bigint().notNull(),
    maturity: t.bigint().notNull(),
    updatedAt: t.bigint().notNull(),
    updatedAtBlock: t.bigint().notNull(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

export const account = onchainTable("account", (t) => ({
  id: t.hex().primaryKey(),
  firstSeenAt: t.bigint().notNull(),
  firstSeenAtBlock: t.bigint().notNull(),
  positionCount: t.integer().notNull(),
  borrowCount: t.integer().notNull(),
  repayCount: t.integer().notNull(),
  depositCount: t.integer().notNull(),
  withdrawCount: t.integer().notNull(),
  /** As the one who was liquidated, and as the one who liquidated. */
  liquidatedCount: t.integer().notNull(),
  liquidateCount: t.integer().notNull(),
  proposalCount: t.integer().notNull(),
  voteCount: t.integer().notNull(),
}));

/** What an owner has under terms in a market. */
export const position = onchainTable(
  "position",
  (t) => ({
    /** market-owner-terms */
    id: t.text().primaryKey(),
    market: t.hex().notNull(),
    owner: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    collateral: t.bigint().notNull(),
    /** Debt is this times the index of its terms. */
    scaledDebt: t.bigint().notNull(),
    /** Borrowed less repaid in assets, interest first counted as principal when it is paid; may fall below zero. */
    netBorrowed: t.bigint().notNull(),
    /** What is owed at `updatedAt`, rounded up, penalty included. */
    debt: t.bigint().notNull(),
    healthCheckedAt: t.bigint().notNull(),
    impairment: t.bigint().notNull(),
    consentLltv: t.bigint().notNull(),
    consentBonus: t.bigint().notNull(),
    /** 0 where it is not marked. */
    markedAt: t.bigint().notNull(),
    /** As told when it was marked; 0 where it is not. */
    auctionFrom: t.bigint().notNull(),
    auctionUntil: t.bigint().notNull(),
    inWorkout: t.bigint().notNull(),
    liquidationCount: t.integer().notNull(),
    openedAt: t.bigint().notNull(),
    openedAtBlock: t.bigint().notNull(),
    updatedAt: t.bigint().notNull(),
    updatedAtBlock: t.bigint().notNull(),
  }),
  (table) => ({ byOwner: index().on(table.owner), byMarket: index().on(table.market) }),
);

/** Why the next liquidation of a position is possible, as told right before it. Emptied of meaning by that. */
export const liquidationPricing = onchainTable("liquidation_pricing", (t) => ({
  /** market-owner-terms */
  id: t.text().primaryKey(),
  cause: liquidationCause().notNull(),
  phase: liquidationPhase().notNull(),
  nav: t.bigint().notNull(),
  debt: t.bigint().notNull(),
  markup: t.bigint().notNull(),
}));

export const tokenBalance = onchainTable(
  "token_balance",
  (t) => ({
    /** token-account */
    id: t.text().primaryKey(),
    token: t.hex().notNull(),
    account: t.hex().notNull(),
    amount: t.bigint().notNull(),
    /** Of an RWA token: what of it is frozen, and whether the account is. */
    frozenAmount: t.bigint().notNull(),
    accountFrozen: t.boolean().notNull(),
    updatedAt: t.bigint().notNull(),
    updatedAtBlock: t.bigint().notNull(),
  }),
  (table) => ({ byAccount: index().on(table.account), byToken: index().on(table.token) }),
);

/** What the eligibility registry has on a person. */
export const person = onchainTable("person", (t) => ({
  id: t.hex().primaryKey(),
  tier: tier().notNull(),
  frozen: t.boolean().notNull(),
  /** ISO 3166-1 numeric, 0 where unknown. */
  jurisdiction: t.integer().notNull(),
  /** Valid before; 0 where nobody is on record. */
  expiry: t.bigint().notNull(),
  issuer: t.bigint().notNull(),
  /** What is asked for; NONE where nothing is. */
  requestedTier: tier().notNull(),
  requestedJurisdiction: t.integer().notNull(),
  requestedIssuer: t.bigint().notNull(),
  evidenceHash: t.hex(),
  requestedAt: t.bigint().notNull(),
  /** The issuer's code, of the last request denied. */
  deniedReason: t.hex(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

export const authorisation = onchainTable(
  "authorisation",
  (t) => ({
    /** market-owner-operator */
    id: t.text().primaryKey(),
    market: t.hex().notNull(),
    owner: t.hex().notNull(),
    operator: t.hex().notNull(),
    authorised: t.boolean().notNull(),
    updatedAt: t.bigint().notNull(),
  }),
  (table) => ({ byOwner: index().on(table.owner) }),
);

export const document = onchainTable(
  "document",
  (t) => ({
    /** token-name */
    id: t.text().primaryKey(),
    token: t.hex().notNull(),
    /** 32 bytes, and the text they hold. */
    nameHash: t.hex().notNull(),
    name: t.text().notNull(),
    uri: t.text().notNull(),
    documentHash: t.hex().notNull(),
    removed: t.boolean().notNull(),
    updatedAt: t.bigint().notNull(),
    updatedAtBlock: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
  }),
  (table) => ({ byToken: index().on(table.token) }),
);

export const savingsVault = onchainTable("savings_vault", (t) => ({
  id: t.hex().primaryKey(),
  /** The price, ray and seconds: see `Vesting`. */
  index: t.bigint().notNull(),
  growth: t.bigint().notNull(),
  start: t.bigint().notNull(),
  end: t.bigint().notNull(),
  /** Shares there are, and that there may be until the next payment. */
  totalShares: t.bigint().notNull(),
  shareCap: t.bigint().notNull(),
  cash: t.bigint().notNull(),
  minShareCap: t.bigint().notNull(),
  headroomBps: t.integer().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

export const backstop = onchainTable("backstop", (t) => ({
  id: t.hex().primaryKey(),
  /** By the book, unvested premium included. */
  held: t.bigint().notNull(),
  /** The premium that vests, from its start to its end. */
  premium: t.bigint().notNull(),
  premiumStart: t.bigint().notNull(),
  premiumEnd: t.bigint().notNull(),
  totalShares: t.bigint().notNull(),
  queuedShares: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

/** What of the backstop an owner has asked to leave with. */
export const backstopExit = onchainTable("backstop_exit", (t) => ({
  /** The owner. */
  id: t.hex().primaryKey(),
  shares: t.bigint().notNull(),
  claimableFrom: t.bigint().notNull(),
  claimableUntil: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
}));

export const pegModule = onchainTable("peg_module", (t) => ({
  id: t.hex().primaryKey(),
  asset: t.hex().notNull(),
  /** In units of the dollar token. */
  reserve: t.bigint().notNull(),
  ceiling: t.bigint().notNull(),
  overhang: t.bigint().notNull(),
  inflowCap: t.bigint().notNull(),
  inflowStopped: t.boolean().notNull(),
  feeInBps: t.integer().notNull(),
  feeOutBps: t.integer().notNull(),
  feed: t.hex().notNull(),
  maxDeviationBps: t.integer().notNull(),
  staleAfter: t.bigint().notNull(),
  /** pUSD minted less burned. */
  minted: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

export const surplusAccount = onchainTable("surplus_account", (t) => ({
  id: t.hex().primaryKey(),
  savingsBps: t.integer().notNull(),
  backstopBps: t.integer().notNull(),
  /** pUSD. */
  balance: t.bigint().notNull(),
  cumulativeToSavings: t.bigint().notNull(),
  cumulativeToBackstop: t.bigint().notNull(),
  cumulativeCovered: t.bigint().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

/** What backs pUSD by the capital policy, and what capital it needs. */
export const exposure = onchainTable("exposure", (t) => ({
  /** The market or the peg module. */
  id: t.hex().primaryKey(),
  /** As in `ICapitalPolicy.Kind`: 1 a market, 2 the peg module. */
  kind: t.integer().notNull(),
  weightBps: t.integer().notNull(),
  removed: t.boolean().notNull(),
  updatedAt: t.bigint().notNull(),
}));

export const governance = onchainTable("governance", (t) => ({
  /** The governor. */
  id: t.hex().primaryKey(),
  token: t.hex().notNull(),
  timelock: t.hex().notNull(),
  guardian: t.hex().notNull(),
  /** Seconds. */
  votingDelay: t.bigint().notNull(),
  votingPeriod: t.bigint().notNull(),
  lateQuorumExtension: t.bigint().notNull(),
  timelockDelay: t.bigint().notNull(),
  proposalThreshold: t.bigint().notNull(),
  /** Percent of the supply. */
  quorumNumerator: t.bigint().notNull(),
  totalSupply: t.bigint().notNull(),
  proposalCount: t.integer().notNull(),
}));

export const delegate = onchainTable("delegate", (t) => ({
  /** Who votes. */
  id: t.hex().primaryKey(),
  votes: t.bigint().notNull(),
  /** How many accounts delegate to it. */
  delegatorCount: t.integer().notNull(),
  updatedAt: t.bigint().notNull(),
  updatedAtBlock: t.bigint().notNull(),
}));

/** To whom an account's PLDR votes. */
export const delegation = onchainTable(
  "delegation",
  (t) => ({
    /** The holder. */
    id: t.hex().primaryKey(),
    /** The zero address: nobody. */
    delegate: t.hex().notNull(),
    updatedAt: t.bigint().notNull(),
    updatedAtBlock: t.bigint().notNull(),
  }),
  (table) => ({ byDelegate: index().on(table.delegate) }),
);

/** Who may call what, by the access manager: members of roles. Roles are decimal numbers. */
export const roleMember = onchainTable("role_member", (t) => ({
  /** role-account */
  id: t.text().primaryKey(),
  role: t.bigint().notNull(),
  account: t.hex().notNull(),
  member: t.boolean().notNull(),
  updatedAt: t.bigint().notNull(),
}));

/* WHAT HAPPENED: `id` is the block number, padded, and the log index, so that ids sort as the chain does */

type Columns = Parameters<Extract<Parameters<typeof onchainTable>[1], (...args: never[]) => unknown>>[0];

/** Where a row comes from. */
const origin = (t: Columns) => ({
  id: t.text().primaryKey(),
  blockNumber: t.bigint().notNull(),
  timestamp: t.bigint().notNull(),
  transactionHash: t.hex().notNull(),
  logIndex: t.integer().notNull(),
});

/** Everything that people did or that was done to them, in one list. */
export const action = onchainTable(
  "action",
  (t) => ({
    ...origin(t),
    kind: actionKind().notNull(),
    /** Whose. */
    account: t.hex().notNull(),
    /** The other side: receiver, payer, liquidator, delegate; the account itself where there is none. */
    counterparty: t.hex().notNull(),
    market: t.hex(),
    termsId: t.bigint(),
    /** What `amount` is of. */
    token: t.hex(),
    amount: t.bigint(),
    /** Scaled debt, or shares of a vault. */
    shares: t.bigint(),
    proposal: t.bigint(),
  }),
  (table) => ({ byAccount: index().on(table.account), byTimestamp: index().on(table.timestamp) }),
);

/** Tokens that came in: collateral, what lenders, savers and the backstop's owners put in. */
export const deposit = onchainTable(
  "deposit",
  (t) => ({
    ...origin(t),
    kind: vaultKind().notNull(),
    /** For whom. */
    account: t.hex().notNull(),
    payer: t.hex().notNull(),
    /** Market, pool, savings vault or backstop. */
    vault: t.hex().notNull(),
    market: t.hex(),
    termsId: t.bigint(),
    token: t.hex().notNull(),
    amount: t.bigint().notNull(),
    /** Of a vault. */
    shares: t.bigint(),
  }),
  (table) => ({ byAccount: index().on(table.account), byVault: index().on(table.vault) }),
);

export const withdraw = onchainTable(
  "withdraw",
  (t) => ({
    ...origin(t),
    kind: vaultKind().notNull(),
    account: t.hex().notNull(),
    receiver: t.hex().notNull(),
    caller: t.hex().notNull(),
    vault: t.hex().notNull(),
    market: t.hex(),
    termsId: t.bigint(),
    token: t.hex().notNull(),
    amount: t.bigint().notNull(),
    shares: t.bigint(),
  }),
  (table) => ({ byAccount: index().on(table.account), byVault: index().on(table.vault) }),
);

export const borrow = onchainTable(
  "borrow",
  (t) => ({
    ...origin(t),
    market: t.hex().notNull(),
    account: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    position: t.text().notNull(),
    receiver: t.hex().notNull(),
    caller: t.hex().notNull(),
    token: t.hex().notNull(),
    amount: t.bigint().notNull(),
    scaled: t.bigint().notNull(),
    /** Wad: the rate at which it was taken on. */
    ratePerYear: t.bigint().notNull(),
    /** Owed afterwards. */
    debt: t.bigint().notNull(),
  }),
  (table) => ({ byAccount: index().on(table.account), byMarket: index().on(table.market) }),
);

export const repay = onchainTable(
  "repay",
  (t) => ({
    ...origin(t),
    market: t.hex().notNull(),
    account: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    position: t.text().notNull(),
    payer: t.hex().notNull(),
    token: t.hex().notNull(),
    amount: t.bigint().notNull(),
    scaled: t.bigint().notNull(),
    debt: t.bigint().notNull(),
  }),
  (table) => ({ byAccount: index().on(table.account), byMarket: index().on(table.market) }),
);

/** All that a receipt needs that explains a liquidation. */
export const liquidate = onchainTable(
  "liquidate",
  (t) => ({
    ...origin(t),
    market: t.hex().notNull(),
    /** Whose position. */
    account: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    position: t.text().notNull(),
    liquidator: t.hex().notNull(),
    receiver: t.hex().notNull(),
    /** Why it was possible, and in which phase of a resolution. */
    cause: liquidationCause().notNull(),
    phase: liquidationPhase().notNull(),
    /** The NAV in force, its round and its date. */
    nav: t.bigint().notNull(),
    navRound: t.bigint().notNull(),
    navDate: t.bigint().notNull(),
    collateralBefore: t.bigint().notNull(),
    /** In the loan token, at that NAV, rounded down. */
    collateralValueBefore: t.bigint().notNull(),
    debtBefore: t.bigint().notNull(),
    /** Wad: the market's liquidation loan-to-value then, the one by which this was judged, and the health by the former. */
    lltv: t.bigint().notNull(),
    lltvApplied: t.bigint().notNull(),
    healthBefore: t.bigint().notNull(),
    /** Value of collateral per unit repaid, wad, and what of it is beyond one: negative at a premium. */
    markup: t.bigint().notNull(),
    bonus: t.bigint().notNull(),
    loanToken: t.hex().notNull(),
    collateralToken: t.hex().notNull(),
    repaid: t.bigint().notNull(),
    scaled: t.bigint().notNull(),
    seized: t.bigint().notNull(),
    /** In the loan token, at that NAV, rounded down. */
    seizedValue: t.bigint().notNull(),
    /** The value seized less what was repaid: what the liquidator gained at that NAV, in the loan token. */
    bonusValue: t.bigint().notNull(),
    loss: t.bigint().notNull(),
    collateralAfter: t.bigint().notNull(),
    debtAfter: t.bigint().notNull(),
    /** Wad; null without debt left. */
    healthAfter: t.bigint(),
    closed: t.boolean().notNull(),
  }),
  (table) => ({
    byAccount: index().on(table.account),
    byMarket: index().on(table.market),
    byTransaction: index().on(table.transactionHash),
  }),
);

/** Of the protocol's own tokens: pUSD, pool shares, RWA tokens, savings, backstop, PLDR. */
export const transfer = onchainTable(
  "transfer",
  (t) => ({
    ...origin(t),
    token: t.hex().notNull(),
    /** The zero address: minted, or burned. */
    from: t.hex().notNull(),
    to: t.hex().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({
    byToken: index().on(table.token),
    byFrom: index().on(table.from),
    byTo: index().on(table.to),
  }),
);

export const checkpoint = onchainTable(
  "checkpoint",
  (t) => ({
    ...origin(t),
    market: t.hex().notNull(),
    borrowIndex: t.bigint().notNull(),
    ratePerYear: t.bigint().notNull(),
    totalDebt: t.bigint().notNull(),
    averageUtilisation: t.bigint().notNull(),
    profit: t.bigint().notNull(),
    shortfall: t.bigint().notNull(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/** A report of NAV and what became of it. Reports that only pull the ripcord are in `ripcordChange`. */
export const navReport = onchainTable(
  "nav_report",
  (t) => ({
    ...origin(t),
    oracle: t.hex().notNull(),
    market: t.hex().notNull(),
    round: t.bigint().notNull(),
    /** As reported. */
    nav: t.bigint().notNull(),
    navDate: t.bigint().notNull(),
    status: navStatus().notNull(),
    /** When a fall takes effect without more; 0 where it was accepted at once, or is a rise. */
    pendingUntil: t.bigint().notNull(),
    /** Where the comparison feed did not bear it out: its answer, in the oracle's decimals. */
    comparisonAnswer: t.bigint(),
    /** What was accepted, by what, when; null until then. A confirmed rise may be less than what was reported. */
    acceptedNav: t.bigint(),
    acceptance: navAcceptance(),
    acceptedAt: t.bigint(),
    acceptedAtBlock: t.bigint(),
    acceptedTransactionHash: t.hex(),
  }),
  (table) => ({ byOracle: index().on(table.oracle), byMarket: index().on(table.market) }),
);

export const ripcordChange = onchainTable(
  "ripcord_change",
  (t) => ({
    ...origin(t),
    oracle: t.hex().notNull(),
    market: t.hex().notNull(),
    /** As in `oracle.ripcord`. */
    ripcord: t.integer().notNull(),
  }),
  (table) => ({ byOracle: index().on(table.oracle) }),
);

/** Marks, workouts and seizures by order of law: how positions in default are resolved beside liquidations. */
export const resolution = onchainTable(
  "resolution",
  (t) => ({
    ...origin(t),
    action: resolutionAction().notNull(),
    market: t.hex().notNull(),
    account: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    position: t.text().notNull(),
    /** Who marked, unmarked or seized; the workout. */
    by: t.hex().notNull(),
    /** Of a mark. */
    auctionFrom: t.bigint(),
    auctionUntil: t.bigint(),
    /** Collateral: to or from the workout, or seized. */
    amount: t.bigint(),
    receiver: t.hex(),
  }),
  (table) => ({ byAccount: index().on(table.account), byMarket: index().on(table.market) }),
);

export const impairment = onchainTable(
  "impairment",
  (t) => ({
    ...origin(t),
    market: t.hex().notNull(),
    account: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    position: t.text().notNull(),
    unrealised: t.bigint().notNull(),
    /** Of all positions of the market. */
    total: t.bigint().notNull(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/** A loss that was realised in a position. */
export const lossEvent = onchainTable(
  "loss_event",
  (t) => ({
    ...origin(t),
    kind: lossKind().notNull(),
    market: t.hex().notNull(),
    account: t.hex().notNull(),
    termsId: t.bigint().notNull(),
    position: t.text().notNull(),
    amount: t.bigint().notNull(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/** Losses as a market's source took them, and what surplus, backstop and savers bore of them. */
export const sourceLossEvent = onchainTable(
  "source_loss_event",
  (t) => ({
    ...origin(t),
    market: t.hex().notNull(),
    source: t.hex().notNull(),
    realised: t.bigint().notNull(),
    unrealised: t.bigint().notNull(),
    borne: t.bigint().notNull(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/** How a loss went down the waterfall. pUSD. */
export const lossCover = onchainTable(
  "loss_cover",
  (t) => ({
    ...origin(t),
    source: t.hex().notNull(),
    loss: t.bigint().notNull(),
    fromSurplus: t.bigint().notNull(),
    fromBackstop: t.bigint().notNull(),
    fromSavings: t.bigint().notNull(),
    uncovered: t.bigint().notNull(),
  }),
  (table) => ({ bySource: index().on(table.source) }),
);

/** What came back after it was lost. */
export const reimbursement = onchainTable("reimbursement", (t) => ({
  ...origin(t),
  market: t.hex().notNull(),
  source: t.hex().notNull(),
  payer: t.hex().notNull(),
  amount: t.bigint().notNull(),
}));

/** Profit promised to a pool's shares. Prices in ray. */
export const poolRoll = onchainTable(
  "pool_roll",
  (t) => ({
    ...origin(t),
    pool: t.hex().notNull(),
    base: t.bigint().notNull(),
    unvested: t.bigint().notNull(),
    duration: t.bigint().notNull(),
    fee: t.bigint().notNull(),
    feeShares: t.bigint().notNull(),
  }),
  (table) => ({ byPool: index().on(table.pool) }),
);

/** Lanes levelled, of a market's caps or a pool's cash. */
export const rebalance = onchainTable("rebalance", (t) => ({
  ...origin(t),
  /** Market or pool. */
  target: t.hex().notNull(),
  market: t.hex().notNull(),
  /** Who levelled, or whom the fee was paid to. */
  keeper: t.hex().notNull(),
  cash: t.bigint().notNull(),
  freeCap: t.bigint().notNull(),
  freeFixedCap: t.bigint().notNull(),
  fee: t.bigint().notNull(),
}));

export const swap = onchainTable(
  "swap",
  (t) => ({
    ...origin(t),
    direction: swapDirection().notNull(),
    payer: t.hex().notNull(),
    receiver: t.hex().notNull(),
    /** In units of the dollar token. */
    assets: t.bigint().notNull(),
    /** pUSD minted or burned. */
    value: t.bigint().notNull(),
    /** pUSD: what was kept. */
    fee: t.bigint().notNull(),
  }),
  (table) => ({ byPayer: index().on(table.payer) }),
);

/** pUSD of the peg module's fees, minted to the surplus. */
export const pegFeeSettlement = onchainTable("peg_fee_settlement", (t) => ({
  ...origin(t),
  value: t.bigint().notNull(),
}));

export const savingsPayment = onchainTable("savings_payment", (t) => ({
  ...origin(t),
  paid: t.bigint().notNull(),
  /** All that vests from now, with what was left of earlier payments. */
  vesting: t.bigint().notNull(),
  /** Ray. */
  index: t.bigint().notNull(),
  growth: t.bigint().notNull(),
  shareCap: t.bigint().notNull(),
  end: t.bigint().notNull(),
}));

export const savingsLossEvent = onchainTable("savings_loss_event", (t) => ({
  ...origin(t),
  loss: t.bigint().notNull(),
  /** Afterwards, ray. */
  index: t.bigint().notNull(),
}));

export const backstopPremium = onchainTable("backstop_premium", (t) => ({
  ...origin(t),
  paid: t.bigint().notNull(),
  vesting: t.bigint().notNull(),
  end: t.bigint().notNull(),
}));

export const backstopLossEvent = onchainTable("backstop_loss_event", (t) => ({
  ...origin(t),
  loss: t.bigint().notNull(),
  capitalLeft: t.bigint().notNull(),
}));

export const backstopExitEvent = onchainTable(
  "backstop_exit_event",
  (t) => ({
    ...origin(t),
    action: exitAction().notNull(),
    account: t.hex().notNull(),
    shares: t.bigint().notNull(),
    /** Of a claim, pUSD. */
    assets: t.bigint(),
    claimableFrom: t.bigint(),
    claimableUntil: t.bigint(),
  }),
  (table) => ({ byAccount: index().on(table.account) }),
);

export const distribution = onchainTable("distribution", (t) => ({
  ...origin(t),
  toSavings: t.bigint().notNull(),
  toBackstop: t.bigint().notNull(),
  kept: t.bigint().notNull(),
}));

/** Redemptions of collateral with its issuer, by the workout's and the desk's events. */
export const redemption = onchainTable(
  "redemption",
  (t) => ({
    ...origin(t),
    /** REQUESTED, FULFILLED, CLAIMED at the desk; OPENED, SETTLED, ABANDONED by the workout. */
    action: t.text().notNull(),
    market: t.hex().notNull(),
    controller: t.hex().notNull(),
    owner: t.hex(),
    termsId: t.bigint(),
    requestId: t.bigint(),
    shares: t.bigint().notNull(),
    assets: t.bigint(),
    repaid: t.bigint(),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/** One call of a keeper through the upkeep contract: a job by its number in `IUpkeep.Job`. */
export const upkeep = onchainTable("upkeep", (t) => ({
  ...origin(t),
  job: t.integer().notNull(),
  target: t.hex().notNull(),
  subject: t.hex().notNull(),
  termsId: t.bigint().notNull(),
  /** Null where it was done; else the error's bytes. */
  refusal: t.hex(),
}));

/** Who was put on record, taken off it, frozen, or asked for it; `action` names the event. */
export const personChange = onchainTable(
  "person_change",
  (t) => ({
    ...origin(t),
    person: t.hex().notNull(),
    action: t.text().notNull(),
    tier: tier(),
    jurisdiction: t.integer(),
    expiry: t.bigint(),
    issuer: t.bigint(),
    by: t.hex(),
  }),
  (table) => ({ byPerson: index().on(table.person) }),
);

/** Whatever governance or a role set: caps, pauses, ramps, fees, settings, facilities, roles. */
export const parameterChange = onchainTable(
  "parameter_change",
  (t) => ({
    ...origin(t),
    contract: t.hex().notNull(),
    /** As in the ABI: Market, PegModule, ... */
    contractName: t.text().notNull(),
    market: t.hex(),
    /** The event's name. */
    name: t.text().notNull(),
    /** The event's arguments by name; numbers as decimal text. */
    values: t.json().notNull(),
  }),
  (table) => ({ byContract: index().on(table.contract), byMarket: index().on(table.market) }),
);

/* GOVERNANCE */

export const proposal = onchainTable(
  "proposal",
  (t) => ({
    /** The governor's number. */
    id: t.bigint().primaryKey(),
    proposer: t.hex().notNull(),
    description: t.text().notNull(),
    targets: t.hex().array().notNull(),
    values: t.bigint().array().notNull(),
    calldatas: t.hex().array().notNull(),
    /** Seconds: votes count as of the start, and are taken until the deadline, late quorum included. */
    voteStart: t.bigint().notNull(),
    voteEnd: t.bigint().notNull(),
    forVotes: t.bigint().notNull(),
    againstVotes: t.bigint().notNull(),
    abstainVotes: t.bigint().notNull(),
    /** For and abstaining votes that are needed. */
    quorum: t.bigint().notNull(),
    voteCount: t.integer().notNull(),
    /** When it may be executed; 0 until queued. */
    eta: t.bigint().notNull(),
    queuedAt: t.bigint().notNull(),
    executedAt: t.bigint().notNull(),
    cancelledAt: t.bigint().notNull(),
    operationHash: t.hex(),
    createdAt: t.bigint().notNull(),
    createdAtBlock: t.bigint().notNull(),
    transactionHash: t.hex().notNull(),
    executedTransactionHash: t.hex(),
  }),
  (table) => ({ byProposer: index().on(table.proposer) }),
);

export const vote = onchainTable(
  "vote",
  (t) => ({
    ...origin(t),
    proposal: t.bigint().notNull(),
    voter: t.hex().notNull(),
    support: supportKind().notNull(),
    weight: t.bigint().notNull(),
    reason: t.text().notNull(),
  }),
  (table) => ({ byProposal: index().on(table.proposal), byVoter: index().on(table.voter) }),
);

/** Voting power over time. */
export const delegateVotesChange = onchainTable(
  "delegate_votes_change",
  (t) => ({
    ...origin(t),
    delegate: t.hex().notNull(),
    before: t.bigint().notNull(),
    after: t.bigint().notNull(),
  }),
  (table) => ({ byDelegate: index().on(table.delegate) }),
);

export const delegationChange = onchainTable(
  "delegation_change",
  (t) => ({
    ...origin(t),
    delegator: t.hex().notNull(),
    from: t.hex().notNull(),
    to: t.hex().notNull(),
  }),
  (table) => ({ byDelegator: index().on(table.delegator) }),
);

/** A batch of calls in the timelock. */
export const timelockOperation = onchainTable("timelock_operation", (t) => ({
  id: t.hex().primaryKey(),
  status: operationStatus().notNull(),
  /** The proposal that queued it. */
  proposal: t.bigint(),
  predecessor: t.hex().notNull(),
  delay: t.bigint().notNull(),
  callCount: t.integer().notNull(),
  executedCallCount: t.integer().notNull(),
  scheduledAt: t.bigint().notNull(),
  /** When it may be executed. */
  readyAt: t.bigint().notNull(),
  executedAt: t.bigint().notNull(),
  cancelledAt: t.bigint().notNull(),
  transactionHash: t.hex().notNull(),
}));

export const timelockCall = onchainTable(
  "timelock_call",
  (t) => ({
    /** operation-index */
    id: t.text().primaryKey(),
    operationHash: t.hex().notNull(),
    index: t.integer().notNull(),
    target: t.hex().notNull(),
    value: t.bigint().notNull(),
    data: t.hex().notNull(),
    executedAt: t.bigint().notNull(),
  }),
  (table) => ({ byOperation: index().on(table.operationHash) }),
);

/* SNAPSHOTS: a market at the end of the last block in which an event of that hour or day changed it */

const snapshotColumns = (t: Columns) => ({
  market: t.hex().notNull(),
  blockNumber: t.bigint().notNull(),
  timestamp: t.bigint().notNull(),
  totalDebt: t.bigint().notNull(),
  totalFixedDebt: t.bigint().notNull(),
  totalCollateral: t.bigint().notNull(),
  /** In the loan token, at `nav`. */
  collateralValue: t.bigint().notNull(),
  totalLoss: t.bigint().notNull(),
  totalImpairment: t.bigint().notNull(),
  /** At `timestamp`, wad. */
  borrowIndex: t.bigint().notNull(),
  ratePerYear: t.bigint().notNull(),
  /** Of debt against what can be lent, wad. */
  utilisation: t.bigint().notNull(),
  debtCap: t.bigint().notNull(),
  /** In force for liquidations. */
  nav: t.bigint().notNull(),
  openPositionCount: t.integer().notNull(),
  /** Of a pool, else 0: ray, assets, shares, wad per year. */
  issuePrice: t.bigint().notNull(),
  redemptionPrice: t.bigint().notNull(),
  cash: t.bigint().notNull(),
  totalShares: t.bigint().notNull(),
  supplyRatePerYear: t.bigint().notNull(),
  /** Within the hour or day. */
  borrowed: t.bigint().notNull(),
  repaid: t.bigint().notNull(),
  liquidated: t.bigint().notNull(),
  seized: t.bigint().notNull(),
  lost: t.bigint().notNull(),
  supplied: t.bigint().notNull(),
  withdrawn: t.bigint().notNull(),
  collateralAdded: t.bigint().notNull(),
  collateralRemoved: t.bigint().notNull(),
});

export const marketHourlySnapshot = onchainTable(
  "market_hourly_snapshot",
  (t) => ({
    /** market-hour */
    id: t.text().primaryKey(),
    /** Since 1970. */
    hour: t.integer().notNull(),
    ...snapshotColumns(t),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

export const marketDailySnapshot = onchainTable(
  "market_daily_snapshot",
  (t) => ({
    /** market-day */
    id: t.text().primaryKey(),
    /** Since 1970. */
    day: t.integer().notNull(),
    ...snapshotColumns(t),
  }),
  (table) => ({ byMarket: index().on(table.market) }),
);

/* RELATIONS */

export const marketRelations = relations(market, ({ one, many }) => ({
  collateral: one(token, { fields: [market.collateralToken], references: [token.id] }),
  loan: one(token, { fields: [market.loanToken], references: [token.id] }),
  nav: one(oracle, { fields: [market.oracle], references: [oracle.id] }),
  pool: one(pool, { fields: [market.source], references: [pool.id] }),
  rates: many(interestRate),
  termSheets: many(termSheet),
  positions: many(position),
}));

export const positionRelations = relations(position, ({ one, many }) => ({
  inMarket: one(market, { fields: [position.market], references: [market.id] }),
  underTerms: one(termSheet, { fields: [position.termsId], references: [termSheet.id] }),
  liquidations: many(liquidate),
}));

export const termSheetRelations = relations(termSheet, ({ one }) => ({
  inMarket: one(market, { fields: [termSheet.market], references: [market.id] }),
}));

export const interestRateRelations = relations(interestRate, ({ one }) => ({
  inMarket: one(market, { fields: [interestRate.market], references: [market.id] }),
}));

export const liquidateRelations = relations(liquidate, ({ one }) => ({
  inMarket: one(market, { fields: [liquidate.market], references: [market.id] }),
  ofPosition: one(position, { fields: [liquidate.position], references: [position.id] }),
}));

export const tokenBalanceRelations = relations(tokenBalance, ({ one }) => ({
  ofToken: one(token, { fields: [tokenBalance.token], references: [token.id] }),
}));

export const actionRelations = relations(action, ({ one }) => ({
  inMarket: one(market, { fields: [action.market], references: [market.id] }),
  ofToken: one(token, { fields: [action.token], references: [token.id] }),
}));

export const proposalRelations = relations(proposal, ({ one, many }) => ({
  votes: many(vote),
  timelockOperation: one(timelockOperation, {
    fields: [proposal.operationHash],
    references: [timelockOperation.id],
  }),
}));

export const voteRelations = relations(vote, ({ one }) => ({
  ofProposal: one(proposal, { fields: [vote.proposal], references: [proposal.id] }),
}));

export const timelockOperationRelations = relations(timelockOperation, ({ many }) => ({
  calls: many(timelockCall),
}));

export const timelockCallRelations = relations(timelockCall, ({ one }) => ({
  ofOperation: one(timelockOperation, {
    fields: [timelockCall.operationHash],
    references: [timelockOperation.id],
  }),
}));
