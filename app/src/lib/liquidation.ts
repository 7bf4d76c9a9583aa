// The numbers of a liquidation by arithmetic alone: bonus, value, health, what a part of it brings. Pure.
import { MAX_UINT, WAD } from "./format.ts";

/** Above what is repaid, wad; below zero where an auction asks for a premium. */
export function bonusOf(markup: bigint): bigint {
  return markup - WAD;
}

type Units = { collateral: { decimals: number }; loan: { decimals: number }; navDecimals: number };

/** The value of collateral at a NAV, in the loan token's units, rounded down. */
export function loanValueOf(amount: bigint, nav: bigint, { collateral, loan, navDecimals }: Units): bigint {
  return (amount * nav * 10n ** BigInt(loan.decimals)) / 10n ** BigInt(collateral.decimals + navDecimals);
}

/** Wad, rounded down; the largest number without debt. */
export function healthOf(value: bigint, debt: bigint, lltv: bigint): bigint {
  return debt === 0n ? MAX_UINT : (value * lltv) / debt;
}

/** Collateral that repaying `repaid` of a quote brings, rounded down. */
export function seizedFor(repaid: bigint, quote: { repay: bigint; seizable: bigint }): bigint {
  if (quote.repay === 0n) return quote.seizable;
  return repaid >= quote.repay ? quote.seizable : (quote.seizable * repaid) / quote.repay;
}

/** What one whole collateral token costs at a markup, in units of the NAV. */
export function pricePerToken(nav: bigint, markup: bigint): bigint {
  return markup === 0n ? 0n : (nav * WAD) / markup;
}
