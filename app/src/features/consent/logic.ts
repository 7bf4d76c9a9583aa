// Whether a consent to be liquidated sooner is one that a market takes, and if not, why. Pure; ratios in wad.
import type { ParsedAmount } from "../../lib/format.ts";

const WAD = 10n ** 18n;

export type ConsentState = {
  connected: boolean;
  /** Both typed in percent, with 16 decimals: a wad. */
  ltv: ParsedAmount;
  bonus: ParsedAmount;
  lltv: bigint;
};

export type ConsentIssue = "notConnected" | "empty" | "notANumber" | "zero" | "aboveLltv" | "bonusTooHigh";

export function consentIssue({ connected, ltv, bonus, lltv }: ConsentState): ConsentIssue | undefined {
  if (!connected) return "notConnected";
  for (const each of [ltv, bonus]) if (!each.ok) return each.issue === "empty" ? "empty" : "notANumber";
  if (!ltv.ok || !bonus.ok) return "empty";
  if (ltv.value === 0n) return "zero";
  if (ltv.value >= lltv) return "aboveLltv";
  return lltv * (WAD + bonus.value) > WAD * WAD ? "bonusTooHigh" : undefined;
}
