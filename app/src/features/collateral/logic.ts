// Whether collateral can be added or removed, and if not, why. Pure; amounts in the collateral token's smallest unit.
import type { ParsedAmount } from "../../lib/format.ts";
import type { NavStatus } from "../../lib/market-figures.ts";
import { holdStandingIssue, removeStandingIssue, type StandingIssue } from "../loan/standing.ts";

type Typed = "empty" | "notANumber" | "tooManyDecimals" | "zero";

export type AddState = {
  connected: boolean;
  standing: bigint;
  collateralPaused: boolean;
  /** What is not frozen of the balance. */
  balance: bigint;
  amount: ParsedAmount;
};

export type AddIssue =
  | "notConnected"
  | StandingIssue
  | "collateralPaused"
  | "noBalance"
  | Typed
  | "exceedsBalance";

export function addIssue({ connected, standing, collateralPaused, balance, amount }: AddState) {
  return first<AddIssue>(
    !connected && "notConnected",
    holdStandingIssue(standing),
    collateralPaused && "collateralPaused",
    balance === 0n && "noBalance",
    typed(amount),
    amount.ok && amount.value > balance && "exceedsBalance",
  );
}

export type RemoveState = {
  connected: boolean;
  standing: bigint;
  collateralPaused: boolean;
  collateral: bigint;
  indebted: boolean;
  overdue: boolean;
  navStatus: NavStatus | "missing";
  /** What the largest loan-to-value leaves to remove. */
  removable: bigint;
  amount: ParsedAmount;
};

export type RemoveIssue =
  | "notConnected"
  | StandingIssue
  | "noCollateral"
  | "collateralPaused"
  | "overdue"
  | "navNotFresh"
  | Typed
  | "exceedsCollateral"
  | "exceedsMaxLtv";

export function removeIssue(state: RemoveState) {
  const { connected, standing, collateral, indebted, amount } = state;
  return first<RemoveIssue>(
    !connected && "notConnected",
    collateral === 0n && "noCollateral",
    removeStandingIssue(standing, indebted),
    state.collateralPaused && "collateralPaused",
    indebted && state.overdue && "overdue",
    indebted && state.navStatus !== "fresh" && "navNotFresh",
    typed(amount),
    amount.ok && amount.value > collateral && "exceedsCollateral",
    amount.ok && amount.value > state.removable && "exceedsMaxLtv",
  );
}

function typed(amount: ParsedAmount): Typed | undefined {
  if (!amount.ok) return amount.issue;
  return amount.value === 0n ? "zero" : undefined;
}

function first<Issue extends string>(...issues: (Issue | false | undefined)[]): Issue | undefined {
  return issues.find((issue): issue is Issue => issue !== false && issue !== undefined);
}
