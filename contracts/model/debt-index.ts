// Debt indices as functions of time, and scaled debt: the model of contracts/src/libraries/IndexMath.sol.
import { expWad, mulDiv, mulDivUp, WAD } from "./fixed-point.ts";

export const SECONDS_PER_YEAR = 365n * 24n * 60n * 60n;

/** index * exp(ratePerYear * elapsed / year), rounded down; index and rate in wad, elapsed in seconds. */
export function growIndex(index: bigint, ratePerYear: bigint, elapsed: bigint): bigint {
  return mulDiv(index, expWad((ratePerYear * elapsed) / SECONDS_PER_YEAR), WAD);
}

/** What a position with `scaled` debt owes, rounded up. */
export function debtOf(scaled: bigint, index: bigint): bigint {
  return mulDivUp(scaled, index, WAD);
}

/** Scaled debt taken on for `assets`, rounded up. */
export function scaledForBorrow(assets: bigint, index: bigint): bigint {
  return mulDivUp(assets, WAD, index);
}

/** What a payment of `assets` takes and extinguishes: clipped to what is owed, otherwise rounded down. */
export function extinguish(
  scaledDebt: bigint,
  assets: bigint,
  index: bigint,
): { paid: bigint; scaled: bigint } {
  const owed = debtOf(scaledDebt, index);
  return assets >= owed
    ? { paid: owed, scaled: scaledDebt }
    : { paid: assets, scaled: mulDiv(assets, WAD, index) };
}

/** An index of one in the units of `IndexMath`, in which linear indices are whole numbers. */
export const INDEX_ONE = WAD * SECONDS_PER_YEAR;

export type FixedTerms = {
  /** Seconds; the index is one then. */
  start: bigint;
  maturity: bigint;
  gracePeriod: bigint;
  /** Per year, wad. */
  ratePerYear: bigint;
  penaltyPerYear: bigint;
};

/** The index of fixed terms at `time` without a penalty, in units of 1 / `INDEX_ONE`: simple interest, exact. */
export function fixedIndex(terms: FixedTerms, time: bigint): bigint {
  return INDEX_ONE + terms.ratePerYear * (time - terms.start);
}

/** The index at which debt is owed at `time`, the penalty rounded up. */
export function owedFixedIndex(terms: FixedTerms, time: bigint): bigint {
  const index = fixedIndex(terms, time);
  const overdue = time - terms.maturity - terms.gracePeriod;
  return overdue > 0n ? index + mulDivUp(index, terms.penaltyPerYear * overdue, INDEX_ONE) : index;
}

/** What `scaled` debt under fixed terms owes at `index`, rounded up. */
export function fixedDebtOf(scaled: bigint, index: bigint): bigint {
  return mulDivUp(scaled, index, INDEX_ONE);
}

/** Scaled debt taken on for `assets` under fixed terms, rounded up. */
export function scaledForFixedBorrow(assets: bigint, index: bigint): bigint {
  return mulDivUp(assets, INDEX_ONE, index);
}
