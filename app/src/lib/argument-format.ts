// Gives the arguments of a market's custom errors their units. Pure.
import type { TokenUnit } from "./describe.ts";
import type { ArgumentFormat } from "./errors.ts";
import { formatAmount, formatHealth, formatPercent, formatTime } from "./format.ts";

export function argumentFormat({
  loan,
  collateral,
}: {
  loan: TokenUnit;
  collateral: TokenUnit;
}): ArgumentFormat {
  return (name, value, errorName) => {
    if (typeof value !== "bigint") return undefined;
    if (["debt", "limit", "minimum"].includes(name) && /Ltv|Minimum/.test(errorName)) {
      return `${formatAmount(value, loan.decimals)} ${loan.symbol}`;
    }
    if (errorName === "InsufficientCollateral") {
      return `${formatAmount(value, collateral.decimals)} ${collateral.symbol}`;
    }
    if (["rate", "lltv", "bonus"].includes(name) || errorName === "BelowVariableRate")
      return formatPercent(value);
    if (name === "health") return formatHealth(value);
    return name === "until" ? formatTime(value) : undefined;
  };
}
