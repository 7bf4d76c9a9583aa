// What an action would make of a position: health, limits and the NAV at which it turns unhealthy, by the contracts' own
// model. Pure. Amounts in the tokens' smallest units, NAVs with their feed's decimals, ratios in wad, times in seconds.
import { collateralValue, health } from "@polder/contracts/model";
import { MAX_UINT, WAD, YEAR } from "./format.ts";

/** Decimals of the three numbers that a value is made of. */
export type Decimals = { collateral: number; nav: number; loan: number };

export type Holding = { collateral: bigint; debt: bigint };

/** Seconds that what a Max stands for stays possible, though interest runs. */
const STAYS = 180n;

/** The health factor at `nav`; the largest number without debt. */
export function healthAt(
  { collateral, debt }: Holding,
  nav: bigint,
  decimals: Decimals,
  lltv: bigint,
): bigint {
  return health(collateralValue(collateral, nav, decimals), debt, lltv) ?? MAX_UINT;
}

/** What may be owed at most against `collateral`. */
export function debtLimit(collateral: bigint, nav: bigint, decimals: Decimals, ltv: bigint): bigint {
  return (collateralValue(collateral, nav, decimals) * ltv) / WAD;
}

/** The least NAV at which it is healthy, as `MarketReads.leastHealthyNav`; 0 without debt, nothing without collateral. */
export function liquidationNavOf(
  { collateral, debt }: Holding,
  decimals: Decimals,
  lltv: bigint,
): bigint | undefined {
  if (debt === 0n) return 0n;
  if (collateral === 0n) return undefined;
  const value = ceilDiv(debt * WAD, lltv);
  return ceilDiv(
    value * 10n ** BigInt(decimals.collateral + decimals.nav),
    collateral * 10n ** BigInt(decimals.loan),
  );
}

/** The least collateral whose value at `nav`, times `ltv`, covers `debt`; nothing without a NAV. */
export function collateralFor(
  debt: bigint,
  nav: bigint,
  decimals: Decimals,
  ltv: bigint,
): bigint | undefined {
  if (debt === 0n) return 0n;
  if (nav === 0n || ltv === 0n) return undefined;
  const value = ceilDiv(debt * WAD, ltv);
  return ceilDiv(
    value * 10n ** BigInt(decimals.collateral + decimals.nav),
    nav * 10n ** BigInt(decimals.loan),
  );
}

/** By how much a NAV may fall until `floor`, wad, cut off; 0 where it is there already. */
export function distanceTo(floor: bigint, nav: bigint): bigint {
  return nav === 0n || floor >= nav ? 0n : ((nav - floor) * WAD) / nav;
}

/** `debt` as it will be in a few minutes at `ratePerYear`, rounded up. */
export function debtSoon(debt: bigint, ratePerYear: bigint): bigint {
  return debt + ceilDiv(debt * ratePerYear * STAYS, WAD * YEAR);
}

/** What may be borrowed more within the largest loan-to-value, so that it still passes in a few minutes. */
export function mostByLtv(
  { collateral, debt }: Holding,
  terms: { newDebtNav: bigint; decimals: Decimals; maxLtv: bigint; ratePerYear: bigint; borrowIndex: bigint },
): bigint {
  const limit = debtLimit(collateral, terms.newDebtNav, terms.decimals, terms.maxLtv);
  // Debt is rounded up twice when it is taken on, each time by at most the index.
  const owed = debtSoon(debt, terms.ratePerYear) + terms.borrowIndex / WAD + 3n;
  return limit > owed ? limit - owed : 0n;
}

/** What may be removed, so that it still passes in a few minutes; all without debt. */
export function mostRemovable(
  { collateral, debt }: Holding,
  terms: { newDebtNav: bigint; decimals: Decimals; maxLtv: bigint; ratePerYear: bigint },
): bigint {
  if (debt === 0n) return collateral;
  const owed = debtSoon(debt, terms.ratePerYear) + 1n;
  const needed = collateralFor(owed, terms.newDebtNav, terms.decimals, terms.maxLtv);
  return needed === undefined || needed >= collateral ? 0n : collateral - needed;
}

/** Loan-to-value, wad, rounded up; nothing without collateral of value. */
export function ltvOf({ collateral, debt }: Holding, nav: bigint, decimals: Decimals): bigint | undefined {
  const value = collateralValue(collateral, nav, decimals);
  return value === 0n ? undefined : ceilDiv(debt * WAD, value);
}

/** What is owed at `maturity` of `debt` now: simple interest since the terms' `start` on what was scaled, rounded up. */
export function owedAtMaturity(
  debt: bigint,
  { ratePerYear, start, maturity }: { ratePerYear: bigint; start: bigint; maturity: bigint },
  now: bigint,
): bigint {
  const indexAt = (time: bigint) => WAD * YEAR + ratePerYear * (time - start);
  return maturity <= now ? debt : ceilDiv(debt * indexAt(maturity), indexAt(now));
}

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}
