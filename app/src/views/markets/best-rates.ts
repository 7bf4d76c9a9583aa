// The lowest rate at which somebody can borrow, and the highest at which lenders earn. Pure.
import type { MarketView } from "../../lib/chain/markets.ts";

/** Per year, in wad; nothing where there is none. */
export function bestRates(markets: readonly { view: Pick<MarketView, "ratePerYear" | "pool"> }[]): {
  borrow: bigint | undefined;
  supply: bigint | undefined;
} {
  const borrow = markets.map(({ view }) => view.ratePerYear).sort(ascending)[0];
  const earned = markets.filter(({ view }) => view.pool.ok).map(({ view }) => view.pool.supplyRatePerYear);
  const supply = earned.sort(ascending).at(-1);
  return { borrow, supply: supply === 0n ? undefined : supply };
}

function ascending(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
