// What follows from a market's state by arithmetic alone: values in dollars, what may still be borrowed. Pure; the
// formulas are told beside the figures. A pUSD and a dollar token count as one US dollar.
import { WAD } from "./format.ts";

/** Dollars as all pages sum them up: 18 decimals. */
export const USD_DECIMALS = 18;

/** An amount of a token that counts as one dollar, in 18 decimals. */
export function toUsd(amount: bigint, decimals: number): bigint {
  return decimals <= USD_DECIMALS
    ? amount * 10n ** BigInt(USD_DECIMALS - decimals)
    : amount / 10n ** BigInt(decimals - USD_DECIMALS);
}

/** The value of `amount` of a token at `nav` per whole token, in dollars of 18 decimals, rounded down. */
export function usdValueOf(amount: bigint, decimals: number, nav: bigint, navDecimals: number): bigint {
  return (amount * nav * 10n ** BigInt(USD_DECIMALS)) / 10n ** BigInt(decimals + navDecimals);
}

type Room = {
  borrowIndex: bigint;
  freeDebtCap: bigint;
  newDebtPaused: boolean;
  lossNotCovered: boolean;
  nav: { ok: boolean; status: number };
  pool: { ok: boolean; cash: bigint };
};

/** What can still be borrowed at the variable rate, in the loan token: the cap's free part, and in a pool the cash. */
export function borrowableNow({
  borrowIndex,
  freeDebtCap,
  newDebtPaused,
  lossNotCovered,
  nav,
  pool,
}: Room): bigint {
  if (newDebtPaused || lossNotCovered || !nav.ok || nav.status !== FRESH) return 0n;
  const cap = (freeDebtCap * borrowIndex) / WAD;
  return pool.ok && pool.cash < cap ? pool.cash : cap;
}

const FRESH = 0;

/** As in `INavOracle.Status`. */
export const navStatuses = ["fresh", "stale", "expired", "ripcord"] as const;
export type NavStatus = (typeof navStatuses)[number];

/** `missing` where there never was a report: the oracle calls that expired. */
export function navStatusOf({
  ok,
  status,
  navDate,
}: {
  ok: boolean;
  status: number;
  navDate: bigint;
}): NavStatus | "missing" {
  return ok && navDate > 0n ? (navStatuses[status] ?? "missing") : "missing";
}
