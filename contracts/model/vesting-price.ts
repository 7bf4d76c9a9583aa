// The two prices of a pool's share as functions of time: the exact model of contracts/src/pool/VestingPrice.sol. Prices in
// ray per unit of asset, times in seconds.
import { ceilDiv, min, mulDiv, mulDivUp, WAD } from "./fixed-point.ts";
import { RAY } from "./savings.ts";

export const EPOCH = 24n * 60n * 60n;
export const RECOVERY_VESTING = 7n * EPOCH;

export type VestingPrice = {
  base: bigint;
  unvested: bigint;
  impairment: bigint;
  since: bigint;
  duration: bigint;
  rolledAt: bigint;
};

/** What a share costs. */
export function issuePrice(price: VestingPrice): bigint {
  return price.base + price.unvested;
}

/** The part of the issue price that has vested at `now`, rounded down. */
export function vestedPrice(price: VestingPrice, now: bigint): bigint {
  const elapsed = now - price.since;
  return elapsed >= price.duration
    ? issuePrice(price)
    : price.base + (price.unvested * elapsed) / price.duration;
}

/** What a share brings at `now`. */
export function redemptionPrice(price: VestingPrice, now: bigint): bigint {
  return positive(vestedPrice(price, now) - price.impairment);
}

/** Shares for a deposit of `assets`, rounded down. */
export function sharesForDeposit(price: VestingPrice, assets: bigint): bigint {
  return mulDiv(assets, RAY, issuePrice(price));
}

/** Assets for a redemption of `shares` at `now`, rounded down. */
export function assetsForRedemption(price: VestingPrice, shares: bigint, now: bigint): bigint {
  return mulDiv(shares, redemptionPrice(price, now), RAY);
}

/** Promises to `shares` what of `assets` is not promised yet; `one` is a whole share, `reserveFactor` wad. */
export function roll(
  price: VestingPrice,
  {
    assets,
    shares,
    recovered,
    reserveFactor,
    unrealised,
  }: { assets: bigint; shares: bigint; recovered: bigint; reserveFactor: bigint; unrealised: bigint },
  one: bigint,
  now: bigint,
): { next: VestingPrice; fee: bigint; feeShares: bigint } {
  const vested = vestedPrice(price, now);
  const remaining = issuePrice(price) - vested;
  const remainingTime = positive(price.duration - (now - price.since));
  const profit = shares === 0n ? 0n : positive(assets - mulDivUp(shares, issuePrice(price), RAY));
  const back = min(recovered, profit);
  const fee = mulDiv(profit - back, reserveFactor, WAD);
  const added = mulDiv(profit - fee, RAY, shares + one);
  let period = max(EPOCH, now - price.rolledAt);
  if (back > 0n) {
    period = ceilDiv((profit - back) * period + back * max(period, RECOVERY_VESTING), profit);
  }
  const unvested = remaining + added;
  const duration = unvested === 0n ? 0n : ceilDiv(remaining * remainingTime + added * period, unvested);
  const next = { base: vested, unvested, since: now, rolledAt: now, duration, impairment: 0n };
  next.impairment = impairmentPerShare(unrealised, shares);
  return { next, fee, feeShares: mulDiv(fee, RAY, issuePrice(next)) };
}

/** The price after `loss` assets are gone, spread over `shares` > 0: first from what has not vested. */
export function lose(price: VestingPrice, loss: bigint, shares: bigint, now: bigint): VestingPrice {
  const perShare = mulDivUp(loss, RAY, shares);
  const vested = vestedPrice(price, now);
  const remaining = issuePrice(price) - vested;
  return {
    ...price,
    base: positive(vested - positive(perShare - remaining)),
    unvested: positive(remaining - perShare),
    since: now,
    duration: positive(price.duration - (now - price.since)),
  };
}

/** What threatens to be lost per share, rounded up. */
export function impairmentPerShare(unrealised: bigint, shares: bigint): bigint {
  return shares === 0n ? 0n : mulDivUp(unrealised, RAY, shares);
}

function positive(value: bigint): bigint {
  return value > 0n ? value : 0n;
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
