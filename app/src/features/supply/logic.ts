// Whether a deposit into a lenders' pool can be made, and if not, why: an issue code, whose words stand in words.ts.
import type { ParsedAmount } from "../../lib/format.ts";

export type SupplyState = {
  connected: boolean;
  /** As typed, in the loan token. */
  amount: ParsedAmount;
  /** Of the loan token. */
  balance: bigint;
  /** What the pool takes more: its supply cap, 0 while it is closed. */
  depositable: bigint;
};

export type SupplyIssue =
  | "notConnected"
  | "empty"
  | "notANumber"
  | "tooManyDecimals"
  | "zero"
  | "exceedsBalance"
  | "poolFull"
  | "exceedsCap";

/** Nothing where it can be made. The first reason that a person can act on. */
export function supplyIssue({
  connected,
  amount,
  balance,
  depositable,
}: SupplyState): SupplyIssue | undefined {
  if (!connected) return "notConnected";
  if (depositable === 0n) return "poolFull";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  if (amount.value > balance) return "exceedsBalance";
  if (amount.value > depositable) return "exceedsCap";
  return undefined;
}

/** What Max stands for. */
export function mostSuppliable({
  balance,
  depositable,
}: Pick<SupplyState, "balance" | "depositable">): bigint {
  return balance < depositable ? balance : depositable;
}

const RAY = 10n ** 27n;
/** Parts of a thousand that the shares may fall short of what was shown: a price rises with each second. */
const TOLERANCE = 1n;

/** Shares for `assets` at the issue price, in ray, rounded down. */
export function sharesFor(assets: bigint, issuePrice: bigint): bigint {
  return issuePrice === 0n ? 0n : (assets * RAY) / issuePrice;
}

/** The least that the router accepts. */
export function leastShares(shares: bigint): bigint {
  return (shares * (1_000n - TOLERANCE)) / 1_000n;
}
