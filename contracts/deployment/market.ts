// Deploys one market with all that is its own: collateral token, oracle, rate model, source of money. Knows no network and
// no file; what a market is made of comes in as plain data.
import { getCreateAddress, type Signer } from "ethers";
import type { ContractName } from "../artifacts.ts";
import { type AnyContract, deploy, deployLibraries, type Libraries, sent } from "./contract.ts";
import type { DisclosureSpec } from "./disclosure.ts";
import type { Shared } from "./protocol.ts";

/** As in `ICapitalPolicy.Kind`. */
export const exposureKinds = { market: 1, peg: 2 } as const;

/** The record of a workout or a desk in the registry: a tier, no jurisdiction, no expiry. */
const HOLDER = 1;
const NOWHERE = 0;
const FOREVER = 2n ** 64n - 1n;

/** Where a market's money comes from: newly minted pUSD, or lenders. */
export type SourceKind = "facility" | "pool";

/**
 * A market as plain data, known to people and programs by `key`: lower case, with hyphens. Ratios and rates in wad, rates
 * per year, times in seconds.
 */
export type MarketSpec = DisclosureSpec & {
  title: string;
  collateral: { name: string; symbol: string; decimals: number };
  oracle: {
    description: string;
    decimals: number;
    /** As in `INavOracle.Settings`. */
    settings: {
      staleAfter: number;
      expiredAfter: number;
      pendingDelay: number;
      minInterval: number;
      maxUpBps: number;
      maxDownBps: number;
      quorum: number;
      confirmQuorum: number;
    };
  };
  rate: {
    /** At the target utilisation, and until the first checkpoint. */
    initial: bigint;
    /** As in `AdaptiveRateModel.Curve`. */
    curve: {
      target: bigint;
      multipleAtZero: bigint;
      multipleAtFull: bigint;
      speed: bigint;
      minRateAtTarget: bigint;
      maxRateAtTarget: bigint;
    };
  };
  /** As in `IMarket.Parameters`. */
  parameters: {
    maxLtv: bigint;
    liquidation: {
      lltv: bigint;
      targetHealth: bigint;
      minBonus: bigint;
      maxBonus: bigint;
      healthForMaxBonus: bigint;
      /** In the loan token's smallest unit. */
      minDebt: bigint;
    };
    coolOff: number;
    saleWindow: number;
    auctionDuration: number;
    /** What an auction asks for, of the value, wad: from its first second to its last. */
    auctionStart: bigint;
    auctionEnd: bigint;
  };
  /** In units of scaled debt: the loan token at index 1. */
  debtCap: bigint;
  source: FacilitySpec | PoolSpec;
};

export type FacilitySpec = {
  kind: "facility";
  /** Capital that surplus and backstop must hold per unit of debt cap, basis points. */
  weightBps: number;
};

export type PoolSpec = {
  kind: "pool";
  /** What lenders lend: pUSD or the dollar token. */
  lends: "stablecoin" | "dollar";
  /** Of the shares; at most 31 bytes, which fit a word with their length. */
  name: string;
  symbol: string;
  /** In shares: assets at the first price. */
  supplyCap: bigint;
  /** The surplus's part of profit, wad. */
  reserveFactor: bigint;
};

/** What is pledged: a token, and who says what it is worth. */
export type Asset = { collateral: AnyContract; oracle: AnyContract };

export type MarketContracts = Asset & {
  key: string;
  title: string;
  kind: SourceKind;
  rateModel: AnyContract;
  /** Where collateral in default is redeemed with its issuer. */
  workout: AnyContract;
  /** Where the issuer redeems it. */
  desk: AnyContract;
  /** The mint facility or the lenders' pool. */
  source: AnyContract;
  market: AnyContract;
};

/** The artifact behind each contract of a market. */
export const marketNames = {
  collateral: "RwaToken",
  oracle: "NavOracle",
  rateModel: "AdaptiveRateModel",
  workout: "Workout",
  desk: "RedemptionDesk",
  market: "Market",
} as const satisfies Partial<Record<keyof MarketContracts, ContractName>>;

/** The artifact behind each kind of source. */
export const sourceNames = {
  facility: "MintFacility",
  pool: "LendingPool",
} as const satisfies Record<SourceKind, ContractName>;

/** What contracts of every market are deployed under. */
type Foundation = Pick<
  Shared,
  "accessManager" | "stablecoin" | "registry" | "termsRegistry" | "surplus" | "policy" | "dollar"
>;

/** Deploys token and oracle of what is pledged in `spec`'s market. */
export async function deployAsset(
  deployer: Signer,
  { accessManager, registry }: Pick<Foundation, "accessManager" | "registry">,
  { collateral: c, oracle: o }: Pick<MarketSpec, "collateral" | "oracle">,
  attestors: readonly string[],
): Promise<Asset> {
  const authority = accessManager.target;
  const oracle = await deploy(deployer, "NavOracle", [
    authority,
    o.description,
    o.decimals,
    attestors,
    o.settings,
  ]);
  const collateral = await deploy(deployer, "RwaToken", [
    authority,
    registry.target,
    c.name,
    c.symbol,
    c.decimals,
  ]);
  return { collateral, oracle };
}

/**
 * Deploys rate model, workout, source, market and the issuer's desk on `asset` and wires them: a facility may mint and is
 * listed with the capital policy, the custodians are admitted, workout and desk are on record as holders. All caps are zero
 * still. Needs the administrator.
 */
export async function deployMarket(
  deployer: Signer,
  shared: Foundation,
  asset: Asset,
  spec: Pick<MarketSpec, "key" | "title" | "rate" | "parameters" | "source">,
  libraries: Libraries = new Map(),
): Promise<MarketContracts> {
  const contracts = await deployMarketContracts(deployer, shared, asset, spec, libraries);
  const { stablecoin, registry, policy } = shared;
  const { market, source, workout, desk } = contracts;
  if (spec.source.kind === "facility") {
    await sent(stablecoin.addFacility(source.target));
    await sent(policy.setExposure(market.target, exposureKinds.market, spec.source.weightBps));
  }
  await sent(registry.admitCustodians(market.target));
  for (const holder of [workout, desk]) {
    await sent(registry.setPerson(holder.target, HOLDER, NOWHERE, FOREVER));
  }
  return contracts;
}

/** Deploys a market's own contracts, which nothing in the protocol knows yet. Anybody may: listing them takes a vote. */
export async function deployMarketContracts(
  deployer: Signer,
  shared: Foundation,
  asset: Asset,
  spec: Pick<MarketSpec, "key" | "title" | "rate" | "parameters" | "source">,
  libraries: Libraries = new Map(),
): Promise<MarketContracts> {
  const { key, title, source: s } = spec;
  const sourceName = sourceNames[s.kind];
  const rateModel = await deploy(deployer, "AdaptiveRateModel", [spec.rate.curve]);
  // Workout and source name their market before that exists: it is the deployer's transaction right after theirs.
  for (const name of [sourceName, "Market"] as const) await deployLibraries(deployer, name, libraries);
  const from = await deployer.getAddress();
  const marketAddress = getCreateAddress({ from, nonce: (await deployer.getNonce()) + 2 });
  const authority = shared.accessManager.target;
  const workout = await deploy(deployer, "Workout", [authority, marketAddress]);
  const sourceArguments =
    s.kind === "pool" ? poolArguments(shared, s, marketAddress) : facilityArguments(shared, marketAddress);
  const source = await deploy(deployer, sourceName, sourceArguments, libraries);
  const setup = marketSetup(shared, asset, { source, rateModel, workout }, spec);
  const market = await deploy(deployer, "Market", [setup], libraries);
  const loanToken = await market.loanToken();
  const desk = await deploy(deployer, "RedemptionDesk", [authority, asset.collateral.target, loanToken]);
  return { key, title, kind: s.kind, ...asset, rateModel, workout, desk, source, market };
}

/** What the constructor of a market takes, as in `Market.Setup`. */
export function marketSetup(
  {
    accessManager,
    registry,
    termsRegistry,
  }: Pick<Foundation, "accessManager" | "registry" | "termsRegistry">,
  { collateral, oracle }: Asset,
  { source, rateModel, workout }: Pick<MarketContracts, "source" | "rateModel" | "workout">,
  { rate, parameters }: Pick<MarketSpec, "rate" | "parameters">,
): Record<string, unknown> {
  return {
    authority: accessManager.target,
    collateralToken: collateral.target,
    source: source.target,
    oracle: oracle.target,
    registry: registry.target,
    termsRegistry: termsRegistry.target,
    rateModel: rateModel.target,
    workout: workout.target,
    initialRatePerYear: rate.initial,
    parameters,
  };
}

function facilityArguments(
  { accessManager, stablecoin, surplus }: Foundation,
  marketAddress: string,
): unknown[] {
  return [accessManager.target, stablecoin.target, marketAddress, surplus.target];
}

function poolArguments(shared: Foundation, pool: PoolSpec, marketAddress: string): unknown[] {
  return [
    shared.accessManager.target,
    shared[pool.lends].target,
    marketAddress,
    pool.name,
    pool.symbol,
    shared.surplus.target,
    pool.reserveFactor,
  ];
}
