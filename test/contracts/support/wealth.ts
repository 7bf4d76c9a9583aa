// What accounts own less what they owe, in pUSD: the balance sheet by which tests tell whether an attack paid. Values the
// asset at a NAV the test gives, since an attack on the reported NAV shows at the true one only.
import type { Addressable } from "ethers";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { NAV } from "./setup.ts";

type Account = string | Addressable;

/** The contracts that hold value; what a setup lacks counts as nothing. */
export type Books = {
  stablecoin: AnyContract;
  collateral: AnyContract;
  market: AnyContract;
  /** A second market on the same asset. */
  mintMarket?: AnyContract;
  /** ERC-4626 vaults of pUSD: pool, savings, backstop. */
  pool?: AnyContract;
  savings?: AnyContract;
  backstop?: AnyContract;
  /** A dollar of 6 decimals. */
  dollar?: AnyContract;
};

/** True prices, both in 8 decimals. */
export type Prices = { nav?: bigint; dollar?: bigint };

/** The net worth of `accounts` together, in units of pUSD; negative where they owe more than they own. */
export async function wealthOf(
  s: Books,
  accounts: readonly Account[],
  { nav = NAV, dollar = 10n ** 8n }: Prices = {},
): Promise<bigint> {
  let wealth = 0n;
  for (const account of accounts) {
    wealth += await s.stablecoin.balanceOf(account);
    let tokens: bigint = await s.collateral.balanceOf(account);
    for (const market of [s.market, s.mintMarket]) {
      if (market === undefined) continue;
      tokens += (await market.positionOf(account, 0)).collateral;
      wealth -= await market.debtOf(account, 0);
    }
    wealth += (tokens * nav) / 10n ** 8n;
    for (const vault of [s.pool, s.savings]) {
      if (vault) wealth += await vault.previewRedeem(await vault.balanceOf(account));
    }
    if (s.backstop) {
      const queued: bigint = (await s.backstop.exitOf(account)).shares;
      wealth += await s.backstop.convertToAssets((await s.backstop.balanceOf(account)) + queued);
    }
    if (s.dollar) wealth += ((await s.dollar.balanceOf(account)) * dollar * 10n ** 12n) / 10n ** 8n;
  }
  return wealth;
}
