// The sums over all markets that the overview opens with. Pure.
import type { Market } from "../../lib/chain/markets.ts";
import { WAD } from "../../lib/format.ts";
import { borrowableNow, toUsd, usdValueOf } from "../../lib/market-figures.ts";

/** In US dollars of 18 decimals, but `ratio`, which is in wad. */
export type Totals = {
  lent: bigint;
  collateral: bigint;
  lendable: bigint;
  /** Nothing without collateral. */
  ratio: bigint | undefined;
};

export function totalsOf(markets: readonly Pick<Market, "view" | "collateral" | "loan">[]): Totals {
  let [lent, collateral, lendable] = [0n, 0n, 0n];
  for (const { view, collateral: token, loan } of markets) {
    lent += toUsd(view.totalDebt, loan.decimals);
    collateral += usdValueOf(
      view.totalCollateral,
      token.decimals,
      view.nav.liquidationNav,
      view.nav.decimals,
    );
    lendable += toUsd(borrowableNow(view), loan.decimals);
  }
  return { lent, collateral, lendable, ratio: collateral === 0n ? undefined : (lent * WAD) / collateral };
}
