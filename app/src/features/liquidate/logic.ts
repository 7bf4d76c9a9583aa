// Whether an account may mark or buy a position, and if not, why: issue codes, whose words stand in words.ts.
import { isAddressEqual } from "viem";
import type { ParsedAmount } from "../../lib/format.ts";
import { STANDING } from "../../lib/standing.ts";

type Who = { account: `0x${string}` | undefined; owner: `0x${string}`; standing: bigint };

export type WhoIssue = "notConnected" | "own" | "notEligible";

export function whoIssue({ account, owner, standing }: Who): WhoIssue | undefined {
  if (account === undefined) return "notConnected";
  if (isAddressEqual(account, owner)) return "own";
  return (standing & STANDING.liquidate) === 0n ? "notEligible" : undefined;
}

export type MarkIssue = WhoIssue | "noAuctions" | "marked" | "healthy";

export type Markable = Who & { hasAuctions: boolean; phase: number; inDefault: boolean };

export function markIssue(state: Markable): MarkIssue | undefined {
  if (!state.hasAuctions) return "noAuctions";
  if (state.phase !== 0) return "marked";
  if (!state.inDefault) return "healthy";
  return whoIssue(state);
}

export type LiquidateIssue =
  | WhoIssue
  | "notLiquidatable"
  | "empty"
  | "notANumber"
  | "tooManyDecimals"
  | "zero"
  | "exceedsBalance"
  | "exceedsQuote"
  | "closeInFull"
  | "leavesDust";

export type Buyable = Who & {
  liquidatable: boolean;
  quote: { repay: bigint; closeInFull: boolean };
  debt: bigint;
  minDebt: bigint;
  /** To be repaid, in the loan token. */
  amount: ParsedAmount;
  balance: bigint;
};

export function liquidateIssue(state: Buyable): LiquidateIssue | undefined {
  const { liquidatable, quote, debt, minDebt, amount, balance } = state;
  if (!liquidatable) return "notLiquidatable";
  const who = whoIssue(state);
  if (who !== undefined) return who;
  // All collateral of a position that pays nothing back costs nothing.
  if (quote.closeInFull && quote.repay === 0n) return undefined;
  if (!amount.ok) return amount.issue;
  if (amount.value === 0n) return "zero";
  if (amount.value > quote.repay) return "exceedsQuote";
  if (quote.closeInFull && amount.value < quote.repay) return "closeInFull";
  if (amount.value > balance) return "exceedsBalance";
  const rest = debt - amount.value;
  return rest > 0n && rest < minDebt ? "leavesDust" : undefined;
}

/** What may be taken at most, so that interest of the seconds until the block does not make it fail; parts of a thousand. */
const ROOM = 1n;

export function mostRepaid(amount: bigint): bigint {
  return amount + (amount * ROOM) / 1_000n + 1n;
}

/** The least collateral accepted: the NAV, or an auction's price, may move until the block. */
export function leastSeized(seized: bigint): bigint {
  return (seized * 995n) / 1_000n;
}
