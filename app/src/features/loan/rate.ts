// Where a market's variable rate goes: by the contracts' model, for a use that an action leaves. Pure; wad, seconds.
import { nextRate, type RateCurve } from "@polder/contracts/model";
import { WAD } from "../../lib/format.ts";

/** What the next checkpoint sets if `utilisation` lasted the hour before it. */
export function rateAhead(
  { curve, rateAtTarget }: { curve: RateCurve; rateAtTarget: bigint },
  utilisation: bigint,
  elapsed: bigint,
): bigint {
  return nextRate(curve, rateAtTarget, utilisation, elapsed < 0n ? 0n : elapsed).rate;
}

/** Between which rates it stays, whatever happens. */
export function rateRange(curve: RateCurve): { least: bigint; most: bigint } {
  return {
    least: (curve.minRateAtTarget * curve.multipleAtZero) / WAD,
    most: (curve.maxRateAtTarget * curve.multipleAtFull) / WAD,
  };
}

type Use = {
  totalDebt: bigint;
  /** Of a pool; nothing where loans are minted up to the cap. */
  cash: bigint | undefined;
  /** Scaled. */
  debtCap: bigint;
  borrowIndex: bigint;
};

/** Utilisation once `borrowed` more is lent, less where it is negative; 1 at most. */
export function utilisationAfter({ totalDebt, cash, debtCap, borrowIndex }: Use, borrowed: bigint): bigint {
  const debt = totalDebt + borrowed < 0n ? 0n : totalDebt + borrowed;
  const lendable = cash === undefined ? (debtCap * borrowIndex) / WAD : totalDebt + cash;
  if (lendable === 0n) return 0n;
  const use = (debt * WAD) / lendable;
  return use > WAD ? WAD : use;
}
