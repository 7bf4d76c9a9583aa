// The borrow rate by average utilisation: the model of contracts/src/market/AdaptiveRateModel.sol and of the averages in
// Market. Rates per year and ratios in wad, times in seconds.
import { expWad, min, mulDiv, WAD } from "./fixed-point.ts";

const MAX_ELAPSED = 24n * 60n * 60n;
export const AVERAGING_WINDOW = 60n * 60n;

export type RateCurve = {
  target: bigint;
  multipleAtZero: bigint;
  multipleAtFull: bigint;
  speed: bigint;
  minRateAtTarget: bigint;
  maxRateAtTarget: bigint;
};

/** By what the rate at target is multiplied at `utilisation`. */
export function rateMultiple(curve: RateCurve, utilisation: bigint): bigint {
  const use = min(utilisation, WAD);
  return use <= curve.target
    ? curve.multipleAtZero + mulDiv(WAD - curve.multipleAtZero, use, curve.target)
    : WAD + mulDiv(curve.multipleAtFull - WAD, use - curve.target, WAD - curve.target);
}

/** The rate for the next stretch and its adaptive part; the last digits may differ from the contract's, as `expWad` does. */
export function nextRate(
  curve: RateCurve,
  rateAtTarget: bigint,
  utilisation: bigint,
  elapsed: bigint,
): { rate: bigint; rateAtTarget: bigint } {
  const use = min(utilisation, WAD);
  const above = use > curve.target;
  const error = above
    ? mulDiv(use - curve.target, WAD, WAD - curve.target)
    : mulDiv(curve.target - use, WAD, curve.target);
  const growth = expWad((error * curve.speed * min(elapsed, MAX_ELAPSED)) / WAD);
  const grown = above ? mulDiv(rateAtTarget, growth, WAD) : mulDiv(rateAtTarget, WAD, growth);
  const raised = grown > curve.minRateAtTarget ? grown : curve.minRateAtTarget;
  const next = min(raised, curve.maxRateAtTarget);
  return { rate: mulDiv(next, rateMultiple(curve, use), WAD), rateAtTarget: next };
}

/** The utilisation a market keeps: `average` over the last stretch, filled up to the window with the previous one. */
export function smoothedUtilisation(previous: bigint, average: bigint, elapsed: bigint): bigint {
  if (elapsed >= AVERAGING_WINDOW) return average;
  return (average * elapsed + previous * (AVERAGING_WINDOW - elapsed)) / AVERAGING_WINDOW;
}
