// Health and liquidation amounts: the exact model of contracts/src/libraries/LiquidationMath.sol and of what Market
// derives from it. Values in the loan token's smallest unit, ratios in wad.
import { ceilDiv, min, mulDiv, mulDivUp, WAD } from "./fixed-point.ts";

export type LiquidationTerms = {
  lltv: bigint;
  targetHealth: bigint;
  minBonus: bigint;
  maxBonus: bigint;
  healthForMaxBonus: bigint;
  minDebt: bigint;
};

export type LiquidationQuote = {
  repay: bigint;
  /** Value handed over per unit repaid, wad: 1 + bonus. */
  markup: bigint;
  loss: bigint;
  closeInFull: boolean;
};

/** collateral * nav in the loan token, rounded down. */
export function collateralValue(
  collateral: bigint,
  nav: bigint,
  decimals: { collateral: number; nav: number; loan: number },
): bigint {
  return mulDiv(
    collateral,
    nav * 10n ** BigInt(decimals.loan),
    10n ** BigInt(decimals.collateral + decimals.nav),
  );
}

/** Health factor, wad, rounded down; undefined without debt. */
export function health(value: bigint, debt: bigint, lltv: bigint): bigint | undefined {
  return debt === 0n ? undefined : mulDiv(value, lltv, debt);
}

/** Linear from the minimum at health 1 to the maximum at `healthForMaxBonus` and below. */
export function bonusAt(factor: bigint, terms: LiquidationTerms): bigint {
  if (factor <= terms.healthForMaxBonus) return terms.maxBonus;
  if (factor >= WAD) return terms.minBonus;
  return (
    terms.minBonus + mulDiv(terms.maxBonus - terms.minBonus, WAD - factor, WAD - terms.healthForMaxBonus)
  );
}

/** The liquidation of an unhealthy position that owes `debt` > 0 against collateral worth `value`. */
export function quoteLiquidation(value: bigint, debt: bigint, terms: LiquidationTerms): LiquidationQuote {
  const headroom = value > debt ? mulDiv(value - debt, WAD, debt) : 0n;
  if (headroom < terms.minBonus) return closeAll(value, debt, WAD + terms.minBonus);
  return quoteSale(value, debt, WAD + min(bonusAt(mulDiv(value, terms.lltv, debt), terms), headroom), terms);
}

/** The sale of collateral of an unhealthy position at `markup`, wad, as in an auction. */
export function quoteSale(
  value: bigint,
  debt: bigint,
  markup: bigint,
  terms: LiquidationTerms,
): LiquidationQuote {
  if (mulDivUp(value, WAD, markup) < debt) return closeAll(value, debt, markup);
  const recovered = mulDivUp(terms.lltv, markup, WAD);
  if (recovered < terms.targetHealth) {
    const missing = terms.targetHealth * debt - terms.lltv * value;
    const repay = ceilDiv(missing, terms.targetHealth - recovered);
    if (repay < debt && debt - repay >= terms.minDebt) return { repay, markup, loss: 0n, closeInFull: false };
  }
  return { repay: debt, markup, loss: 0n, closeInFull: true };
}

function closeAll(value: bigint, debt: bigint, markup: bigint): LiquidationQuote {
  const repay = min(mulDivUp(value, WAD, markup), debt);
  return { repay, markup, loss: debt - repay, closeInFull: true };
}

/** Collateral that goes to the liquidator for `repaid`, rounded down; all of it where there is a loss. */
export function seizedFor(
  collateral: bigint,
  value: bigint,
  repaid: bigint,
  quote: LiquidationQuote,
): bigint {
  if (quote.loss > 0n || value === 0n) return collateral;
  return min(mulDiv(mulDiv(repaid, quote.markup, WAD), collateral, value), collateral);
}
