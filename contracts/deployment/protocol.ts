// Deploys one market with all it needs, through any ethers signer. Knows no network and no file; what a market is made
// of comes in, addresses go out.
import { getCreateAddress, type Signer, ZeroAddress } from "ethers";
import { type AnyContract, deploy, deployLibraries, type Libraries } from "./contract.ts";

export { type AnyContract, deploy } from "./contract.ts";

export type ProtocolOptions = {
  collateral: { name: string; symbol: string; decimals: number };
  oracle: {
    description: string;
    decimals: number;
    attestors: readonly string[];
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
  /** Rates per year, wad; the curve as in `AdaptiveRateModel.Curve`. */
  rate: {
    /** At the target utilisation, and until the first checkpoint. */
    initial: bigint;
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
      minDebt: bigint;
    };
    coolOff: number;
    saleWindow: number;
    auctionDuration: number;
    auctionStart: bigint;
    auctionEnd: bigint;
  };
  /** In units of scaled debt: assets at index 1. */
  debtCap: bigint;
  /** Who receives interest; the deployer where left out. */
  surplus?: string;
};

export type Protocol = {
  accessManager: AnyContract;
  stablecoin: AnyContract;
  registry: AnyContract;
  termsRegistry: AnyContract;
  oracle: AnyContract;
  collateral: AnyContract;
  rateModel: AnyContract;
  facility: AnyContract;
  market: AnyContract;
  lens: AnyContract;
};

/**
 * Deploys the protocol and wires it: the facility may mint, the custodians are admitted, the cap is raised. The deployer
 * is the access manager's administrator and so holds every restricted function.
 */
export async function deployProtocol(deployer: Signer, options: ProtocolOptions): Promise<Protocol> {
  const admin = await deployer.getAddress();
  const accessManager = await deploy(deployer, "AccessManager", [admin]);
  const authority = accessManager.target;
  const stablecoin = await deploy(deployer, "Stablecoin", [authority]);
  const registry = await deploy(deployer, "EligibilityRegistry", [authority]);
  const termsRegistry = await deploy(deployer, "TermsRegistry", [authority]);
  const { oracle: o, collateral: c } = options;
  const oracle = await deploy(deployer, "NavOracle", [
    authority,
    o.description,
    o.decimals,
    o.attestors,
    o.settings,
  ]);
  const collateral = await deploy(deployer, "RwaToken", [
    authority,
    registry.target,
    c.name,
    c.symbol,
    c.decimals,
  ]);
  const rateModel = await deploy(deployer, "AdaptiveRateModel", [options.rate.curve]);
  const lens = await deploy(deployer, "Lens", []);

  const libraries: Libraries = new Map();
  await deployLibraries(deployer, "Market", libraries);
  // The facility names its market before that exists: the market is the deployer's next but one transaction.
  const nonce = await deployer.getNonce();
  const marketAddress = getCreateAddress({ from: admin, nonce: nonce + 1 });
  const facility = await deploy(deployer, "MintFacility", [
    authority,
    stablecoin.target,
    marketAddress,
    options.surplus ?? admin,
  ]);
  const market = await deploy(
    deployer,
    "Market",
    [
      {
        authority,
        collateralToken: collateral.target,
        source: facility.target,
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
    await stablecoin.addFacility(facility.target),
    await registry.admitCustodians(market.target),
    await market.raiseDebtCap(options.debtCap),
  ]) {
    await pending.wait();
  }
  return {
    accessManager,
    stablecoin,
    registry,
    termsRegistry,
    oracle,
    collateral,
    rateModel,
    facility,
    market,
    lens,
  };
}
