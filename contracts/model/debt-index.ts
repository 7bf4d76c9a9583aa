// The variable debt index as a function of time, and scaled debt: the model of contracts/src/libraries/IndexMath.sol.
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
