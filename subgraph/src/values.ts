// What grows with time, computed from rows of the index as the contracts compute it, to the last digit. Pure: `time` is the
// timestamp of the block that is asked about, seconds, and rows are those of the same block. Knows no database and no chain.
import { model } from "@polder/contracts";

const { INDEX_ONE, RAY, SECONDS_PER_YEAR, WAD, mulDiv, mulDivUp } = model;

/* LOANS */

export type MarketAccrual = { borrowIndex: bigint; ratePerYear: bigint; checkpointAt: bigint };

export type MarketTotals = MarketAccrual & {
  variableScaledDebt: bigint;
  fixedDebtBase: bigint;
  fixedDebtSlope: bigint;
};

/** Of a row of `termSheet`; none for a market's own variable rate. */
export type Terms = model.FixedTerms & { rateKind: "VARIABLE" | "FIXED" };

/** The variable index, wad: `Market.borrowIndex`. */
export function borrowIndexAt(market: MarketAccrual, time: bigint): bigint {
  return model.growIndexOnChain(market.borrowIndex, market.ratePerYear, time - market.checkpointAt);
}

/** The index at which debt is owed, penalty included, in units of 1 / `INDEX_ONE`: `Market.indexOf`. */
export function indexAt(market: MarketAccrual, terms: Terms | undefined, time: bigint): bigint {
  if (terms?.rateKind === "FIXED") return model.owedFixedIndex(terms, time);
  return borrowIndexAt(market, time) * SECONDS_PER_YEAR;
}

/** What `scaled` debt owes, rounded up: `Market.debtOf`. */
export function debtAt(
  scaled: bigint,
  market: MarketAccrual,
  terms: Terms | undefined,
  time: bigint,
): bigint {
  return mulDivUp(scaled, indexAt(market, terms, time), INDEX_ONE);
}

/** What all positions owe without penalties, and the part of it under fixed terms: `Market.totalDebt`. */
export function totalDebtAt(market: MarketTotals, time: bigint): { total: bigint; fixed: bigint } {
  const fixed = (market.fixedDebtBase + market.fixedDebtSlope * time) / INDEX_ONE;
  const index = borrowIndexAt(market, time) * SECONDS_PER_YEAR;
  return { total: mulDiv(market.variableScaledDebt, index, INDEX_ONE) + fixed, fixed };
}

/** What `scaled` fixed debt adds to `fixedDebtBase` and `fixedDebtSlope`: `LinearDebt.add`. */
export function linearDebt(scaled: bigint, terms: Pick<Terms, "ratePerYear" | "start">) {
  const slope = scaled * terms.ratePerYear;
  return { base: scaled * INDEX_ONE - slope * terms.start, slope };
}

export type LltvRamp = { lltvFrom: bigint; lltvTo: bigint; rampStart: bigint; rampEnd: bigint };

/** The liquidation loan-to-value in force, wad. */
export function lltvAt({ lltvFrom, lltvTo, rampStart, rampEnd }: LltvRamp, time: bigint): bigint {
  if (time >= rampEnd) return lltvTo;
  const elapsed = time - rampStart;
  const duration = rampEnd - rampStart;
  return (lltvFrom * (duration - elapsed) + lltvTo * elapsed) / duration;
}

/** Up to what debt may be taken on, wad. */
export function maxLtvAt(
  market: LltvRamp & { maxLtvAtDeployment: bigint; lltvAtDeployment: bigint },
  time: bigint,
): bigint {
  return (market.maxLtvAtDeployment * lltvAt(market, time)) / market.lltvAtDeployment;
}

export type Decimals = { collateralDecimals: number; navDecimals: number; loanDecimals: number };

/** The value of `collateral` in the loan token at `nav`, rounded down. */
export function valueAt(collateral: bigint, nav: bigint, decimals: Decimals): bigint {
  return model.collateralValue(collateral, nav, {
    collateral: decimals.collateralDecimals,
    nav: decimals.navDecimals,
    loan: decimals.loanDecimals,
  });
}

/** Of debt against what there is to lend, wad: `Lens.utilisation`. Without a pool, against the debt cap. */
export function utilisationAt(
  market: MarketTotals & { debtCap: bigint },
  pool: { cash: bigint } | undefined,
  time: bigint,
): bigint {
  const { total } = totalDebtAt(market, time);
  const lendable = pool ? total + pool.cash : mulDiv(market.debtCap, borrowIndexAt(market, time), WAD);
  if (lendable === 0n) return 0n;
  const used = mulDiv(total, WAD, lendable);
  return used < WAD ? used : WAD;
}

/** What lenders come to earn of the rate as utilisation stands, wad per year. */
export function supplyRateAt(
  market: MarketTotals & { debtCap: bigint },
  pool: { cash: bigint; reserveFactor: bigint },
  time: bigint,
): bigint {
  const gross = mulDiv(market.ratePerYear, utilisationAt(market, pool, time), WAD);
  return mulDiv(gross, WAD - pool.reserveFactor, WAD);
}

/** What a facility minted beyond what is owed: `MintFacility.shortfall`. */
export function shortfallAt(market: MarketTotals & { facilitySupply: bigint }, time: bigint): bigint {
  return positive(market.facilitySupply - totalDebtAt(market, time).total);
}

/* NAV */

export type Oracle = {
  nav: bigint;
  navDate: bigint;
  round: bigint;
  pendingNav: bigint;
  pendingNavDate: bigint;
  pendingRound: bigint;
  pendingSince: bigint;
  pendingDelay: bigint;
  ripcord: number;
  staleAfter: bigint;
  expiredAfter: bigint;
};

/** What a market may do at which NAV: `NavOracle.read`, with round and date of the NAV in force. */
export function navAt(oracle: Oracle, time: bigint) {
  const { nav, navDate, round, pendingNav, pendingNavDate, pendingRound } = oracle;
  const falls = pendingNav !== 0n && pendingNav < nav;
  const mature = falls && time >= oracle.pendingSince + oracle.pendingDelay;
  const current = mature
    ? { nav: pendingNav, navDate: pendingNavDate, round: pendingRound }
    : { nav, navDate, round };
  const age = time - (pendingNavDate > current.navDate ? pendingNavDate : current.navDate);
  const status =
    oracle.ripcord !== 0
      ? "RIPCORD"
      : current.nav === 0n || age >= oracle.expiredAfter
        ? "EXPIRED"
        : age >= oracle.staleAfter
          ? "STALE"
          : "FRESH";
  return {
    newDebtNav: pendingNav !== 0n && pendingNav < current.nav ? pendingNav : current.nav,
    liquidationNav: current.nav,
    round: current.round,
    navDate: current.navDate,
    status: status as "FRESH" | "STALE" | "EXPIRED" | "RIPCORD",
  };
}

/* SHARES: prices of pools and savings are `issuePrice`, `redemptionPrice` and `savingsIndex` of the model */

export type PoolState = model.VestingPrice & { totalShares: bigint; unrealised: bigint };

/** What redeemers at the impaired price left behind of `unrealised`: `LendingPool._absorbed`. */
function absorbed(pool: PoolState): bigint {
  return positive(pool.unrealised - mulDivUp(pool.impairment, pool.totalShares, RAY));
}

/** A pool after it promised profit: `VestingPrice.roll` by what its event tells. `totalShares` are those before the fee. */
export function rolled(
  pool: PoolState,
  event: { base: bigint; unvested: bigint; duration: bigint },
  time: bigint,
): model.VestingPrice {
  const rest = pool.unrealised - absorbed(pool);
  const impairment = model.impairmentPerShare(rest, pool.totalShares);
  return { ...event, impairment, since: time, rolledAt: time };
}

/** A pool's price after a loss: `LendingPool.recordLoss` by what its event tells. */
export function afterLoss(
  pool: PoolState,
  event: { realised: bigint; borne: bigint; base: bigint; unvested: bigint; impairment: bigint },
  time: bigint,
): Pick<model.VestingPrice, "base" | "unvested" | "impairment" | "since" | "duration"> {
  const kept = absorbed(pool);
  const rest = event.realised - (kept < event.realised ? kept : event.realised) - event.borne;
  const { base, unvested, impairment } = event;
  if (rest === 0n || pool.totalShares === 0n) {
    return { base, unvested, impairment, since: pool.since, duration: pool.duration };
  }
  const duration = positive(pool.duration - (time - pool.since));
  return { base, unvested, impairment, since: time, duration };
}

export type SavingsState = model.Vesting & { totalShares: bigint; shareCap: bigint; cash: bigint };

/** How savings vest after a loss that left `index` and `cash`: `SavingsVault.absorbLoss`. */
export function savingsAfterLoss(state: SavingsState, index: bigint, time: bigint): model.Vesting {
  const end = state.end > time ? state.end : time;
  const vests = state.shareCap > 0n && end > time;
  const growth = vests ? model.savingsGrowth(state.cash, state.totalShares, index, state.shareCap) : 0n;
  return { index, growth, start: time, end };
}

export type BackstopState = { held: bigint; premium: bigint; premiumStart: bigint; premiumEnd: bigint };

/** What of the backstop's premium has not vested, rounded up. */
export function unvestedPremiumAt(
  { premium, premiumStart, premiumEnd }: BackstopState,
  time: bigint,
): bigint {
  return time >= premiumEnd ? 0n : mulDivUp(premium, premiumEnd - time, premiumEnd - premiumStart);
}

/** What the backstop's shares stand for: `Backstop.totalAssets`. */
export function backstopAssetsAt(backstop: BackstopState, time: bigint): bigint {
  return backstop.held - unvestedPremiumAt(backstop, time);
}

/* CAPS */

/** A cap in escrow over lanes, of which `used` is in use: `LaneEscrow.Book`. */
export type Escrow = { cap: bigint; overhang: bigint };

/** After the cap was set to `cap`. */
export function withCap(escrow: Escrow, used: bigint, cap: bigint): Escrow {
  if (cap >= escrow.cap) return { cap, overhang: positive(escrow.overhang - (cap - escrow.cap)) };
  const free = escrow.cap + escrow.overhang - used;
  return { cap, overhang: escrow.overhang + positive(escrow.cap - cap - free) };
}

/** The overhang after `amount` was given back. */
export function overhangAfterRelease(overhang: bigint, amount: bigint): bigint {
  return positive(overhang - amount);
}

/* VOTES */

export type ProposalTally = {
  voteStart: bigint;
  voteEnd: bigint;
  forVotes: bigint;
  againstVotes: bigint;
  abstainVotes: bigint;
  quorum: bigint;
  eta: bigint;
  executedAt: bigint;
  cancelledAt: bigint;
};

/** As `PolderGovernor.state`. */
export function proposalStateAt(proposal: ProposalTally, time: bigint) {
  if (proposal.executedAt > 0n) return "EXECUTED";
  if (proposal.cancelledAt > 0n) return "CANCELLED";
  if (time <= proposal.voteStart) return "PENDING";
  if (time <= proposal.voteEnd) return "ACTIVE";
  const reached = proposal.forVotes + proposal.abstainVotes >= proposal.quorum;
  if (!reached || proposal.forVotes <= proposal.againstVotes) return "DEFEATED";
  return proposal.eta > 0n ? "QUEUED" : "SUCCEEDED";
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}
