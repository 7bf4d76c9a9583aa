// Gives the arguments of custom errors their units, by the contract that failed. Pure.
import { contractName, type Names, type TokenUnit } from "./describe.ts";
import type { ArgumentFormat } from "./errors.ts";
import { formatAmount, formatHealth, formatPercent, formatTime } from "./format.ts";

type MarketUnits = { loan: TokenUnit; collateral: TokenUnit };

/** Of a market. */
export function marketFormat({ loan, collateral }: MarketUnits): ArgumentFormat {
  return (name, value, errorName) => {
    if (typeof value !== "bigint") return undefined;
    if (["debt", "limit", "minimum"].includes(name) && /Ltv|Minimum/.test(errorName))
      return inUnit(value, loan);
    if (errorName === "MustCloseInFull") return inUnit(value, loan);
    if (["InsufficientCollateral", "SeizedTooLittle"].includes(errorName)) return inUnit(value, collateral);
    if (["rate", "lltv", "bonus"].includes(name) || errorName === "BelowVariableRate")
      return formatPercent(value);
    if (name === "health") return formatHealth(value);
    return name === "until" ? formatTime(value) : undefined;
  };
}

/** Of any contract of the record; the stablecoin's address is what capital and savings are counted in. */
export function unitsOf(
  names: Pick<Names, "contracts" | "tokens" | "units">,
  stablecoin: string,
): (contract: string) => ArgumentFormat {
  const token = (address: string) => names.tokens.get(address.toLowerCase());
  return (contract) => {
    const market = names.contracts.get(contract.toLowerCase())?.market;
    const units = market && names.units.get(market.key);
    if (market?.part === "market" && units !== undefined) return marketFormat(units);
    const asset = market?.part === "source" ? units?.loan : token(stablecoin);
    return (name, value, errorName) => {
      if (typeof value === "string" && /^0x[0-9a-f]{40}$/i.test(value)) return contractName(names, value);
      if (typeof value !== "bigint") return undefined;
      const unit = ASSETS.test(errorName) ? asset : SHARES.test(errorName) ? token(contract) : undefined;
      if (unit !== undefined) return inUnit(value, unit);
      return TIMES.has(name) ? formatTime(value) : undefined;
    };
  };
}

/** Errors whose numbers are of what a vault holds, or of pUSD. */
const ASSETS = /^(ERC4626ExceededMax(Deposit|Withdraw)|NotCovered|ProfitTooLow|SaleTooLow)$/;
/** Errors whose numbers are of the failing token itself. */
const SHARES =
  /^(ERC20Insufficient|ERC4626ExceededMax(Mint|Redeem)|AmountFrozen|FreezeExceeds|UnfreezeExceeds)/;
const TIMES = new Set(["until", "earliest", "maturity", "expiry", "end", "deadline"]);

function inUnit(value: bigint, { decimals, symbol }: TokenUnit): string {
  return `${formatAmount(value, decimals)} ${symbol}`;
}
