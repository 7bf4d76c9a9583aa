// The price of savings: the exact model of contracts/src/savings/SavingsVault.sol. Pure.
import { mulDiv, mulDivUp } from "./fixed-point.ts";

export const RAY = 10n ** 27n;

export type Vesting = { index: bigint; growth: bigint; start: bigint; end: bigint };

/** Assets per share at `now` (seconds), ray. */
export function savingsIndex({ index, growth, start, end }: Vesting, now: bigint): bigint {
  return now >= end ? index + growth : index + mulDiv(growth, now - start, end - start);
}

/** What `cash` beyond the worth of `shares` lets the index rise by, per share of `cap`, ray. */
export function savingsGrowth(cash: bigint, shares: bigint, index: bigint, cap: bigint): bigint {
  return mulDiv(cash - mulDivUp(shares, index, RAY), RAY, cap);
}
