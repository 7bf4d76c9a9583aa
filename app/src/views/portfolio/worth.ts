// What an account has, in dollars of 18 decimals: collateral, shares and tokens, less what it owes. Pure.
import { MAX_UINT } from "../../lib/format.ts";
import { toUsd, usdValueOf } from "../../lib/market-figures.ts";

export type Valued = {
  /** Of each position: collateral at the NAV in force, and debt. */
  positions: readonly {
    collateral: bigint;
    debt: bigint;
    inWorkout: bigint;
    health: bigint;
    market: MarketUnits;
  }[];
  /** What shares bring, queued ones of the backstop too, in tokens that count as a dollar. */
  vaults: readonly { assets: bigint; queuedAssets: bigint; decimals: number }[];
  /** Tokens that count as a dollar. */
  dollars: readonly { balance: bigint; decimals: number }[];
  /** Collateral tokens in the wallet. */
  assets: readonly { balance: bigint; market: MarketUnits }[];
};

export type MarketUnits = {
  nav: bigint;
  navDecimals: number;
  collateralDecimals: number;
  loanDecimals: number;
};

export type Worth = {
  net: bigint;
  collateral: bigint;
  debt: bigint;
  vaults: bigint;
  wallet: bigint;
  /** The lowest health factor, wad; nothing without debt. */
  lowestHealth: bigint | undefined;
};

export function worthOf({ positions, vaults, dollars, assets }: Valued): Worth {
  let [collateral, debt, shares, wallet] = [0n, 0n, 0n, 0n];
  let lowestHealth: bigint | undefined;
  for (const { market, health, ...position } of positions) {
    collateral += valueIn(position.collateral + position.inWorkout, market);
    debt += toUsd(position.debt, market.loanDecimals);
    if (position.debt === 0n || health === MAX_UINT) continue;
    if (lowestHealth === undefined || health < lowestHealth) lowestHealth = health;
  }
  for (const { assets: held, queuedAssets, decimals } of vaults)
    shares += toUsd(held + queuedAssets, decimals);
  for (const { balance, decimals } of dollars) wallet += toUsd(balance, decimals);
  for (const { balance, market } of assets) wallet += valueIn(balance, market);
  return { net: collateral + shares + wallet - debt, collateral, debt, vaults: shares, wallet, lowestHealth };
}

function valueIn(amount: bigint, { nav, navDecimals, collateralDecimals }: MarketUnits): bigint {
  return usdValueOf(amount, collateralDecimals, nav, navDecimals);
}
