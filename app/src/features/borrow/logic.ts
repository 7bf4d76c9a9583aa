// Whether a loan can be taken, with collateral added first or not, and if not, why: an issue code, whose words stand in
// words.ts. Pure; amounts in the tokens' smallest units.

import type { ParsedAmount } from "../../lib/format.ts";
import type { NavStatus } from "../../lib/market-figures.ts";
import { type Decimals, debtLimit, type Holding, mostByLtv } from "../../lib/position-math.ts";
import { borrowStandingIssue, type StandingIssue } from "../loan/standing.ts";

export type BorrowState = {
  connected: boolean;
  standing: bigint;
  newDebtPaused: boolean;
  lossNotCovered: boolean;
  collateralPaused: boolean;
  navStatus: NavStatus | "missing";
  /** Whether a lower NAV is pending, which governs new debt already. */
  navPending: boolean;
  terms: BorrowTerms | undefined;
  position: Holding;
  /** Of the collateral token: what is not frozen of the balance. */
  balance: bigint;
  amount: ParsedAmount;
  /** What is added first; empty: nothing. */
  added: ParsedAmount;
  limits: BorrowLimits;
};

export type BorrowTerms = {
  kind: "own" | "variable" | "fixed";
  open: boolean;
  ratePerYear: bigint;
  marginPerYear: bigint;
};

export type BorrowLimits = {
  newDebtNav: bigint;
  decimals: Decimals;
  maxLtv: bigint;
  minDebt: bigint;
  borrowIndex: bigint;
  /** The market's variable rate per year, wad. */
  variableRate: bigint;
  /** What the caps leave free, and in a pool its cash; nothing where loans are minted. */
  freeCap: bigint;
  cash: bigint | undefined;
};

export type BorrowIssue =
  | "notConnected"
  | StandingIssue
  | "newDebtPaused"
  | "lossNotCovered"
  | "navMissing"
  | "navStale"
  | "termsNotOpen"
  | "belowVariableRate"
  | "capReached"
  | "noLiquidity"
  | "empty"
  | "notANumber"
  | "tooManyDecimals"
  | "zero"
  | "addedNotANumber"
  | "addedTooManyDecimals"
  | "addedExceedsBalance"
  | "collateralPaused"
  | "noCollateral"
  | "exceedsMaxLtv"
  | "exceedsMaxLtvByPendingNav"
  | "belowMinimum"
  | "exceedsCap"
  | "tooLittleLiquidity";

/** Issues that no other amount mends: told before one is typed. */
const STOPS: readonly BorrowIssue[] = [
  "notOnRecord",
  "frozen",
  "expired",
  "notBorrower",
  "newDebtPaused",
  "lossNotCovered",
  "navMissing",
  "navStale",
  "termsNotOpen",
  "belowVariableRate",
  "capReached",
  "noLiquidity",
];

export function isStop(issue: BorrowIssue | undefined): boolean {
  return issue !== undefined && STOPS.includes(issue);
}

export const isEligibilityIssue = (issue: string | undefined): boolean =>
  issue !== undefined && ["notOnRecord", "expired", "notBorrower"].includes(issue);

/** Nothing where it can be made. The first reason that a person can act on. */
export function borrowIssue(state: BorrowState): BorrowIssue | undefined {
  const { connected, standing, terms, position, balance, amount, added, limits } = state;
  if (!connected) return "notConnected";
  const standingIssue = borrowStandingIssue(standing);
  if (standingIssue !== undefined) return standingIssue;
  if (state.newDebtPaused) return "newDebtPaused";
  if (state.lossNotCovered) return "lossNotCovered";
  if (state.navStatus === "missing") return "navMissing";
  if (state.navStatus !== "fresh") return "navStale";
  if (terms !== undefined) {
    if (!terms.open) return "termsNotOpen";
    if (terms.kind === "fixed" && terms.ratePerYear < limits.variableRate + terms.marginPerYear)
      return "belowVariableRate";
  }
  // First, since the cap on fixed debt follows from what there is to lend.
  if (limits.cash === 0n) return "noLiquidity";
  if (limits.freeCap === 0n) return "capReached";
  if (!added.ok && added.issue !== "empty") {
    return added.issue === "notANumber" ? "addedNotANumber" : "addedTooManyDecimals";
  }
  const more = added.ok ? added.value : 0n;
  if (more > balance) return "addedExceedsBalance";
  if (more > 0n && state.collateralPaused) return "collateralPaused";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  const after = { collateral: position.collateral + more, debt: position.debt + amount.value };
  if (after.collateral === 0n) return "noCollateral";
  // Each rounding up is of at most the index.
  const owed = after.debt + limits.borrowIndex / WAD + 1n;
  if (owed > debtLimit(after.collateral, limits.newDebtNav, limits.decimals, limits.maxLtv))
    return state.navPending ? "exceedsMaxLtvByPendingNav" : "exceedsMaxLtv";
  if (after.debt < limits.minDebt) return "belowMinimum";
  if (amount.value > limits.freeCap) return "exceedsCap";
  if (limits.cash !== undefined && amount.value > limits.cash) return "tooLittleLiquidity";
  return undefined;
}

const WAD = 10n ** 18n;

/** What Max stands for: within the largest loan-to-value with what is added, the caps and the cash. */
export function mostBorrowable(position: Holding, limits: BorrowLimits, ratePerYear: bigint): bigint {
  const byLtv = mostByLtv(position, { ...limits, ratePerYear });
  return [limits.freeCap, limits.cash ?? limits.freeCap].reduce(
    (least, each) => (each < least ? each : least),
    byLtv,
  );
}

/** Health that a suggestion aims at, wad. */
const AIM = (3n * WAD) / 2n;

/**
 * How much collateral to add so that a loan begins with a health of one and a half, and not at the edge of the largest
 * loan-to-value; rounded up to four digits, at most the balance.
 */
export function suggestedCollateral(
  position: Holding,
  amount: bigint,
  balance: bigint,
  { newDebtNav, decimals, maxLtv }: BorrowLimits,
  lltv: bigint,
): bigint {
  const debt = position.debt + amount;
  const careful = (lltv * WAD) / AIM;
  const edge = (maxLtv * 9n) / 10n;
  const ltv = careful < edge ? careful : edge;
  if (newDebtNav === 0n || ltv === 0n || amount === 0n) return 0n;
  const loan = 10n ** BigInt(decimals.loan);
  const value = (debt * WAD + ltv - 1n) / ltv;
  const needed = (value * 10n ** BigInt(decimals.collateral + decimals.nav)) / (newDebtNav * loan) + 1n;
  if (needed <= position.collateral) return 0n;
  const step = decimals.collateral > 4 ? 10n ** BigInt(decimals.collateral - 4) : 1n;
  const rounded = ((needed - position.collateral + step - 1n) / step) * step;
  return rounded < balance ? rounded : balance;
}
