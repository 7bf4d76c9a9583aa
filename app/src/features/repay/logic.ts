// Whether a repayment can be made, and if not, why. Pure; amounts in the loan token's smallest unit.
import type { ParsedAmount } from "../../lib/format.ts";
import { debtSoon } from "../../lib/position-math.ts";

export type RepayState = {
  connected: boolean;
  debt: bigint;
  balance: bigint;
  amount: ParsedAmount;
  /** Whether all is to be repaid, whatever it has grown to. */
  all: boolean;
};

export type RepayIssue =
  | "notConnected"
  | "noDebt"
  | "noBalance"
  | "empty"
  | "notANumber"
  | "tooManyDecimals"
  | "zero"
  | "exceedsDebt"
  | "exceedsBalance";

export function repayIssue({ connected, debt, balance, amount, all }: RepayState): RepayIssue | undefined {
  if (!connected) return "notConnected";
  if (debt === 0n) return "noDebt";
  if (balance === 0n) return "noBalance";
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  if (all) return balance < debt ? "exceedsBalance" : undefined;
  if (amount.value > balance) return "exceedsBalance";
  return amount.value > debt ? "exceedsDebt" : undefined;
}

/** What Max fills in, and whether that is all: the balance must suffice for what the debt is in a few minutes. */
export function mostRepayable(
  debt: bigint,
  balance: bigint,
  ratePerYear: bigint,
): { amount: bigint; all: boolean } {
  const all = balance >= debtSoon(debt, ratePerYear);
  return all ? { amount: debt, all } : { amount: balance < debt ? balance : debt, all: false };
}

/** What is allowed for a repayment of all: what it will be in a few minutes. The contract takes what is owed. */
export function allowanceForAll(debt: bigint, ratePerYear: bigint): bigint {
  return debtSoon(debt, ratePerYear) + 1n;
}

/** Whether what is left is less than the smallest loan: liquidated only in full, and nothing more can be borrowed to it. */
export function leavesDust(debt: bigint, repaid: bigint, minDebt: bigint): boolean {
  return repaid < debt && debt - repaid < minDebt;
}
