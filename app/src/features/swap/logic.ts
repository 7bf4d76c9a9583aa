// Whether dollars and pUSD can be swapped, and if not, why; what comes out, by the peg module's own rounding. Pure.
import type { ParsedAmount } from "../../lib/format.ts";

const BPS = 10_000n;

export type InflowStatus = "open" | "stopped" | "feedStale" | "feedOutOfBounds";
/** As in `IPegModule.InflowStatus`. */
export const inflowStatuses = ["open", "stopped", "feedStale", "feedOutOfBounds"] as const;

type Typed = "empty" | "notANumber" | "tooManyDecimals" | "zero";

export type SwapInState = {
  connected: boolean;
  status: InflowStatus;
  balance: bigint;
  untilCeiling: bigint;
  inWindow: bigint;
  amount: ParsedAmount;
};

export type SwapInIssue =
  | "notConnected"
  | Exclude<InflowStatus, "open">
  | "ceilingReached"
  | "windowUsed"
  | "noBalance"
  | Typed
  | "exceedsBalance"
  | "exceedsCeiling"
  | "exceedsWindow";

export function swapInIssue({
  connected,
  status,
  balance,
  untilCeiling,
  inWindow,
  amount,
}: SwapInState): SwapInIssue | undefined {
  if (!connected) return "notConnected";
  if (status !== "open") return status;
  if (untilCeiling === 0n) return "ceilingReached";
  if (inWindow === 0n) return "windowUsed";
  if (balance === 0n) return "noBalance";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  if (amount.value > balance) return "exceedsBalance";
  if (amount.value > untilCeiling) return "exceedsCeiling";
  return amount.value > inWindow ? "exceedsWindow" : undefined;
}

export type SwapOutState = {
  connected: boolean;
  balance: bigint;
  reserve: bigint;
  out: bigint;
  amount: ParsedAmount;
};

export type SwapOutIssue =
  | "notConnected"
  | "noBalance"
  | Typed
  | "exceedsBalance"
  | "tooSmall"
  | "exceedsReserve";

export function swapOutIssue({
  connected,
  balance,
  reserve,
  out,
  amount,
}: SwapOutState): SwapOutIssue | undefined {
  if (!connected) return "notConnected";
  if (balance === 0n) return "noBalance";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  if (amount.value > balance) return "exceedsBalance";
  if (out === 0n) return "tooSmall";
  return out > reserve ? "exceedsReserve" : undefined;
}

/** pUSD for `assets` of the dollar token: at the feed's price, one dollar at most, less the fee, which rounds up. */
export function swapInValue(
  assets: bigint,
  { dollarDecimals, price, priceDecimals, feeBps }: PegPrice,
): bigint {
  const one = 10n ** BigInt(priceDecimals);
  const worth = (assets * 10n ** BigInt(18 - dollarDecimals) * (price < one ? price : one)) / one;
  return worth - (worth * feeBps + BPS - 1n) / BPS;
}

/** Dollars for `value` of pUSD, rounded down. */
export function swapOutAssets(value: bigint, dollarDecimals: number, feeBps: bigint): bigint {
  return (value * (BPS - feeBps)) / (BPS * 10n ** BigInt(18 - dollarDecimals));
}

export type PegPrice = { dollarDecimals: number; price: bigint; priceDecimals: number; feeBps: bigint };

export function smallest(...all: bigint[]): bigint {
  return all.reduce((least, each) => (each < least ? each : least));
}
