// Gives the arguments of a market's custom errors their units. Pure.
import type { Market } from "../../lib/chain/markets.ts";
import type { ArgumentFormat } from "../../lib/errors.ts";
import { formatAmount, formatHealth, formatPercent, formatTime } from "../../lib/format.ts";

export function argumentFormat({ loan, collateral }: Pick<Market, "loan" | "collateral">): ArgumentFormat {
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
