// Deploys a market that lends from a lenders' pool, beside the minting one and on the same collateral, oracle and registry.
// Knows no network and no file.
import { getCreateAddress, type Signer, ZeroAddress } from "ethers";
import { deployLibraries, type Libraries } from "./contract.ts";
import { type AnyContract, deploy, type Protocol, type ProtocolOptions } from "./protocol.ts";

export type PoolMarketOptions = Pick<ProtocolOptions, "rate" | "parameters" | "debtCap" | "surplus"> & {
  pool: {
    /** The stablecoin lent. */
    asset: string;
    name: string;
    symbol: string;
    /** In shares: assets at the first price. */
    supplyCap: bigint;
    /** The surplus's part of profit, wad. */
    reserveFactor: bigint;
  };
};

export type PoolMarket = { pool: AnyContract; market: AnyContract; rateModel: AnyContract };

/** Deploys pool and market and wires them: the custodians are admitted, the caps raised. Needs the administrator. */
export async function deployPoolMarket(
  deployer: Signer,
  {
    accessManager,
    registry,
    termsRegistry,
    oracle,
    collateral,
  }: Pick<Protocol, "accessManager" | "registry" | "termsRegistry" | "oracle" | "collateral">,
  options: PoolMarketOptions,
): Promise<PoolMarket> {
  const admin = await deployer.getAddress();
  const rateModel = await deploy(deployer, "AdaptiveRateModel", [options.rate.curve]);
  const libraries: Libraries = new Map();
  await deployLibraries(deployer, "Market", libraries);
  // The pool names its market before that exists: the market is the deployer's next but one transaction.
  const nonce = await deployer.getNonce();
  const { asset, name, symbol, reserveFactor, supplyCap } = options.pool;
  const pool = await deploy(deployer, "LendingPool", [
    accessManager.target,
    asset,
    getCreateAddress({ from: admin, nonce: nonce + 1 }),
    name,
    symbol,
    options.surplus ?? admin,
    reserveFactor,
  ]);
  const market = await deploy(
    deployer,
    "Market",
    [
      {
        authority: accessManager.target,
        collateralToken: collateral.target,
        source: pool.target,
        oracle: oracle.target,
        registry: registry.target,
        termsRegistry: termsRegistry.target,
        workout: ZeroAddress,
        rateModel: rateModel.target,
        initialRatePerYear: options.rate.initial,
        parameters: options.parameters,
      },
    ],
    libraries,
  );
  for (const pending of [
    await registry.admitCustodians(market.target),
    await market.raiseDebtCap(options.debtCap),
    await pool.raiseSupplyCap(supplyCap),
  ]) {
    await pending.wait();
  }
  return { pool, market, rateModel };
}
