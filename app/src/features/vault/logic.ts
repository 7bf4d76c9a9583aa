// Whether something can be deposited into or taken out of a vault - savings, a pool, the backstop - and if not, why. Pure.
import type { ParsedAmount } from "../../lib/format.ts";

type Typed = "empty" | "notANumber" | "tooManyDecimals" | "zero";

export type WithdrawState = {
  connected: boolean;
  /** What the shares bring now, and what of it there is cash for. */
  assets: bigint;
  withdrawable: bigint;
  amount: ParsedAmount;
};

export type WithdrawIssue =
  | "notConnected"
  | "nothingHeld"
  | "noLiquidity"
  | Typed
  | "exceedsHeld"
  | "exceedsCash";

export function withdrawIssue({
  connected,
  assets,
  withdrawable,
  amount,
}: WithdrawState): WithdrawIssue | undefined {
  if (!connected) return "notConnected";
  if (assets === 0n) return "nothingHeld";
  if (withdrawable === 0n) return "noLiquidity";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  if (amount.value > assets) return "exceedsHeld";
  return amount.value > withdrawable ? "exceedsCash" : undefined;
}

export type ExitState = { connected: boolean; shares: bigint; amount: ParsedAmount };

export type ExitIssue = "notConnected" | "nothingHeld" | Typed | "exceedsHeld";

export function exitIssue({ connected, shares, amount }: ExitState): ExitIssue | undefined {
  if (!connected) return "notConnected";
  if (shares === 0n) return "nothingHeld";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  return amount.value > shares ? "exceedsHeld" : undefined;
}

/** What a savings vault pays per year at the pace of what vests now, wad: growth of its index, on the index. */
export function vestingRate(
  { index, growth, start, end }: { index: bigint; growth: bigint; start: bigint; end: bigint },
  now: bigint,
): bigint {
  if (now >= end || end <= start || index === 0n) return 0n;
  const YEAR = 31_536_000n;
  return (growth * YEAR * 10n ** 18n) / ((end - start) * index);
}
