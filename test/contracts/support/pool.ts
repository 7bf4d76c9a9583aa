// A pool-backed market with lenders who hold pUSD, and what tests of it repeat. Uses nothing that only Hardhat's simulated
// network can do.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { deployMarket } from "../../../contracts/deployment/market.ts";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { model } from "../../../contracts/index.ts";
import { ethers } from "./network.ts";
import { as, deployed, open, options, type Setup, units, WAD } from "./setup.ts";

export const SUPPLY_CAP = units(3_200_000);

export type PoolMarket = { pool: AnyContract; market: AnyContract; rateModel: AnyContract };

export type PoolSetup = Omit<Setup, "market" | "rateModel"> &
  PoolMarket & {
    /** The market that mints, from which the lenders have their pUSD. */
    mintMarket: AnyContract;
    /** Lenders with 150,000 pUSD each in lanes 6, 5 and 15, approved to the pool. */
    dora: HardhatEthersSigner;
    emil: HardhatEthersSigner;
    frits: HardhatEthersSigner;
  };

/** The market with an empty pool. Alice and Bob hold collateral approved to it, and approved the pool for repayments. */
export async function deployedWithPool(): Promise<PoolSetup> {
  const s = await deployed();
  const signers = await ethers.getSigners();
  const [dora, emil, frits] = [signers[3], signers[4], signers[8]];
  if (!dora || !emil || !frits) throw new Error("the network must unlock 9 accounts");
  const { pool, market, rateModel } = await addPool(s, { supplyCap: SUPPLY_CAP, reserveFactor: WAD / 10n });
  await open(s, s.carol, 10_000n, 600_000n);
  for (const lender of [dora, emil, frits]) {
    await as(s.stablecoin, s.carol).transfer(lender, units(150_000));
    await as(s.stablecoin, lender).approve(pool, MaxUint256);
  }
  for (const borrower of [s.alice, s.bob]) {
    await as(s.stablecoin, s.carol).transfer(borrower, units(50_000));
    await as(s.collateral, borrower).approve(market, MaxUint256);
    await as(s.stablecoin, borrower).approve(pool, MaxUint256);
  }
  return { ...s, pool, market, rateModel, mintMarket: s.market, dora, emil, frits };
}

/** A market beside the one that mints, on the same collateral, whose pool lends `asset` and pays the deployer its reserve. */
export async function addPool(
  s: Omit<Setup, "market" | "rateModel">,
  {
    asset = s.stablecoin,
    supplyCap,
    reserveFactor,
  }: { asset?: AnyContract; supplyCap: bigint; reserveFactor: bigint },
): Promise<PoolMarket> {
  const source = {
    kind: "pool",
    lends: "dollar",
    name: "Polder lenders of pTBILL",
    symbol: "lpTBILL",
  } as const;
  const made = await deployMarket(
    s.deployer,
    { ...s, dollar: asset },
    s,
    { ...options, key: "treasury-bill-pool", source: { ...source, supplyCap, reserveFactor } },
    s.libraries,
  );
  await made.source.setReserve(s.deployer, reserveFactor);
  await made.market.raiseDebtCap(options.debtCap);
  await made.source.raiseSupplyCap(supplyCap);
  return { pool: made.source, market: made.market, rateModel: made.rateModel };
}

/** 100,000 from Dora and from Emil; Alice and Bob borrow 60,000 each. */
export async function busyPool(): Promise<PoolSetup> {
  const s = await deployedWithPool();
  for (const lender of [s.dora, s.emil]) await as(s.pool, lender).deposit(units(100_000), lender);
  for (const borrower of [s.alice, s.bob]) {
    await as(s.market, borrower).addCollateral(borrower, 0, units(1_000));
    await as(s.market, borrower).borrow(borrower, 0, units(60_000), borrower);
  }
  return s;
}

/** The cash of all lanes, which each lane's custodian holds. */
export async function cashOf(s: PoolSetup): Promise<bigint[]> {
  const cash: bigint[] = [];
  for (let lane = 0; lane < model.LANES; lane++) {
    cash.push((await s.pool.laneOf(lane))[0]);
    expect(await s.stablecoin.balanceOf(await s.pool.custodian(lane)), `custody of ${lane}`).to.equal(
      cash[lane],
    );
  }
  return cash;
}

/** The stored price, as the model has it. */
export async function priceOf(s: PoolSetup): Promise<model.VestingPrice> {
  const [base, unvested, impairment, since, duration, rolledAt] = await s.pool.price();
  return { base, unvested, impairment, since, duration, rolledAt };
}

/** Shares of a lane are those of its holders, and cash and debt cover what is promised to all shares. */
export async function expectSound(s: PoolSetup): Promise<void> {
  await cashOf(s);
  let shares = 0n;
  let free = 0n;
  for (let lane = 0; lane < model.LANES; lane++) {
    const [, used, unused] = await s.pool.laneOf(lane);
    shares += used;
    free += unused;
  }
  expect(shares).to.equal(await s.pool.totalSupply());
  const [cap, overhang] = await s.pool.supplyCap();
  expect(shares + free).to.equal(cap + overhang);
  const [issue] = await s.pool.prices();
  expect(
    (await s.pool.totalAssets()) * model.RAY >= shares * issue,
    "assets cover what is promised",
  ).to.equal(true);
}
