// A market for an asset that does not trade by the day: positions in default are marked, sold to preferred buyers, auctioned,
// and at last redeemed with the issuer.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { deploy, deployLibraries, type Libraries } from "../../../contracts/deployment/contract.ts";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./network.ts";
import {
  as,
  DAY,
  deployed,
  dropNav,
  HOUR,
  NAV,
  NETHERLANDS,
  options,
  type Setup,
  TIERS,
  units,
  WAD,
} from "./setup.ts";

export const SALE_WINDOW = 2 * DAY;
export const AUCTION_DURATION = 3 * DAY;
/** From 2% above the value to 15% below it. */
export const AUCTION_START = (98n * WAD) / 100n;
export const AUCTION_END = (115n * WAD) / 100n;

export type AuctionSetup = Setup & {
  workout: AnyContract;
  /** Liquidators with 200,000 pUSD each, approved to the facility; `buyer` is preferred. */
  buyer: HardhatEthersSigner;
};

/** The setup's market, collateral and people, but its `market` and `facility` are those of a market with auctions. */
export async function deployedWithAuctions(): Promise<AuctionSetup> {
  const s = await deployed();
  const buyer = (await ethers.getSigners())[9];
  if (!buyer) throw new Error("the network must unlock 10 accounts");
  const libraries: Libraries = new Map();
  await deployLibraries(s.deployer, "Market", libraries);
  const nonce = await s.deployer.getNonce();
  const marketAddress = ethers.getCreateAddress({ from: s.deployer.address, nonce: nonce + 2 });
  const authority = s.accessManager.target;
  const workout = await deploy(s.deployer, "Workout", [authority, marketAddress]);
  const facility = await deploy(s.deployer, "MintFacility", [
    authority,
    s.stablecoin.target,
    marketAddress,
    s.deployer.address,
  ]);
  const setup = {
    authority,
    collateralToken: s.collateral.target,
    source: facility.target,
    oracle: s.oracle.target,
    registry: s.registry.target,
    termsRegistry: s.termsRegistry.target,
    workout: workout.target,
    rateModel: s.rateModel.target,
    initialRatePerYear: options.rate.initial,
    parameters: {
      ...options.parameters,
      saleWindow: SALE_WINDOW,
      auctionDuration: AUCTION_DURATION,
      auctionStart: AUCTION_START,
      auctionEnd: AUCTION_END,
    },
  };
  const market = await deploy(s.deployer, "Market", [setup], libraries);
  await s.stablecoin.addFacility(facility);
  await s.registry.admitCustodians(market);
  await market.raiseDebtCap(units(10_000_000));
  await market.setPreferredBuyer(buyer, true);

  const expiry = (await networkHelpers.time.latest()) + 365 * DAY;
  await s.registry.setPersons([buyer], TIERS.liquidator, NETHERLANDS, expiry);
  await s.registry.setPersons([workout], TIERS.holder, NETHERLANDS, expiry);
  for (const who of [s.alice, s.bob]) await as(s.collateral, who).approve(market, ethers.MaxUint256);
  const withAuctions = { ...s, market, facility, workout, buyer };
  await as(market, s.bob).addCollateral(s.bob, 0, units(9_000));
  await as(market, s.bob).borrow(s.bob, 0, units(500_000), s.bob);
  for (const who of [s.keeper, buyer, s.alice]) {
    await as(s.stablecoin, s.bob).transfer(who, units(150_000));
    await as(s.stablecoin, who).approve(facility, ethers.MaxUint256);
  }
  return withAuctions;
}

/** Alice owes 80,000 against 1,000 tokens and is in default at a NAV of 88. */
export async function inDefault(): Promise<AuctionSetup> {
  const s = await deployedWithAuctions();
  await as(s.market, s.alice).addCollateral(s.alice, 0, units(1_000));
  await as(s.market, s.alice).borrow(s.alice, 0, units(80_000), s.alice);
  await dropNav(s.oracle, (NAV * 88n) / 100n);
  await networkHelpers.time.increase(HOUR);
  return s;
}

/** The same, marked by the keeper. */
export async function marked(): Promise<AuctionSetup> {
  const s = await inDefault();
  await as(s.market, s.keeper).mark(s.alice, 0);
  return s;
}
