// Checkpoints: interest to the surplus exactly, the rate for the next stretch, and the debt cap.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  DAY,
  deployed,
  HOUR,
  NAV,
  open,
  options,
  reportNav,
  type Setup,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

async function indebted(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 80_000n);
  await open(s, s.bob, 1_000n, 60_000n);
  await as(s.stablecoin, s.alice).approve(s.facility, ethers.MaxUint256);
  return s;
}

/** What is minted equals what is owed: nothing is unaccounted for after a checkpoint. */
async function expectBacked(s: Setup): Promise<void> {
  const { index } = await s.market.accrual();
  let scaled = 0n;
  for (let lane = 0; lane < 32; lane++) scaled += (await s.market.laneOf(lane))[0];
  expect(await s.stablecoin.totalSupply()).to.equal((scaled * index) / WAD);
}

describe("Market.checkpoint", () => {
  it("mints the interest of all positions to the surplus, once", async () => {
    const s = await loadFixture(indebted);
    const before = await s.stablecoin.balanceOf(s.deployer);
    await time.increase(10 * DAY);
    await as(s.market, s.stranger).checkpoint();
    const profit = (await s.stablecoin.balanceOf(s.deployer)) - before;
    // 140,000 * (e^(0.05 * 10/365) - 1) = 191.9
    expect(profit).to.be.greaterThan(units(191)).and.lessThan(units(193));
    await expectBacked(s);
    expect(await s.stablecoin.supplyLane(s.facility, 32)).to.equal(profit);
  });

  it("accounts for interest that was paid in between", async () => {
    const s = await loadFixture(indebted);
    // Carol's loan provides what the others' interest of the last seconds takes.
    await open(s, s.carol, 1_000n, 1_000n);
    await time.increase(10 * DAY);
    await as(s.market, s.alice).repay(s.alice, 0, units(30_000));
    await time.increase(10 * DAY);
    await s.market.checkpoint();
    await expectBacked(s);
    await time.increase(DAY);
    await as(s.stablecoin, s.bob).transfer(s.alice, units(60_000));
    await as(s.market, s.alice).repay(s.alice, 0, ethers.MaxUint256);
    await s.market.checkpoint();
    await expectBacked(s);
    for (const from of [s.deployer, s.carol]) {
      await as(s.stablecoin, from).transfer(s.alice, await s.stablecoin.balanceOf(from));
    }
    await as(s.market, s.alice).repay(s.bob, 0, ethers.MaxUint256);
    await s.market.checkpoint();
    await expectBacked(s);
    expect(await s.market.totalDebt())
      .to.be.greaterThan(units(1_000))
      .and.lessThan(units(1_010));
  });

  it("writes the index that the model computes, and changes nobody's debt by it", async () => {
    const s = await loadFixture(indebted);
    const { index, ratePerYear, timestamp } = await s.market.accrual();
    const now = timestamp + 3_000_000n;
    await time.setNextBlockTimestamp(now);
    await s.market.checkpoint();
    const after = await s.market.accrual();
    const expected = model.growIndex(index, ratePerYear, 3_000_000n);
    expect(after.index - expected)
      .to.be.greaterThanOrEqual(-1n)
      .and.lessThanOrEqual(1n);
    expect(after.timestamp).to.equal(now);
    const { scaledDebt } = await s.market.positionOf(s.alice, 0);
    expect(model.debtOf(scaledDebt, after.index)).to.be.greaterThan(units(80_000));
  });

  it("moves the rate towards its curve, by speed and elapsed time alone", async () => {
    const s = await loadFixture(indebted);
    const { curve, initial } = options.rate;
    await time.increase(HOUR);
    await s.market.checkpoint();
    const first = await s.market.accrual();
    expect(first.ratePerYear).to.be.lessThan(initial); // utilisation is far below the kink
    expect(initial - first.ratePerYear).to.be.lessThanOrEqual(curve.speed * BigInt(HOUR + 200));
    // Forty checkpoints in a row move it no further than the seconds they take.
    // With a gas limit: an estimate made in the same second, when nothing accrues, falls short a second later.
    for (let i = 0; i < 40; i++) await s.market.checkpoint({ gasLimit: 1_000_000 });
    const last = await s.market.accrual();
    const elapsed = BigInt(last.timestamp) - BigInt(first.timestamp);
    expect(first.ratePerYear - last.ratePerYear).to.be.lessThanOrEqual(curve.speed * elapsed);
    // After a long time it arrives and stays.
    for (let i = 0; i < 4; i++) {
      await time.increase(DAY);
      await s.market.checkpoint();
    }
    const target = await s.rateModel.targetRate((140_000n * WAD) / 100_000_000n);
    // Scaled debt is a little less than what was borrowed once the index is above 1.
    expect((await s.market.accrual()).ratePerYear - target)
      .to.be.lessThan(10n ** 12n)
      .and.greaterThan(-(10n ** 12n));
  });
});

describe("KinkRateModel", () => {
  it("follows its curve and counts at most a day", async () => {
    const s = await loadFixture(deployed);
    const { curve } = options.rate;
    expect(await s.rateModel.targetRate(0)).to.equal(curve.rateAtZero);
    expect(await s.rateModel.targetRate(curve.kink)).to.equal(curve.rateAtKink);
    expect(await s.rateModel.targetRate(WAD)).to.equal(curve.rateAtFull);
    expect(await s.rateModel.targetRate(2n * WAD)).to.equal(curve.rateAtFull);
    const rate = (5n * WAD) / 100n;
    expect(await s.rateModel.nextRate(rate, WAD, 10 * DAY)).to.equal(rate + curve.speed * BigInt(DAY));
    expect(await s.rateModel.nextRate(rate, 0, 1)).to.equal(rate - curve.speed);
    expect(await s.rateModel.nextRate(1, 0, DAY)).to.equal(curve.speed * BigInt(DAY) + 1n);
    expect(await s.rateModel.nextRate(rate, curve.kink, 0)).to.equal(rate);
  });
});

describe("Market debt cap", () => {
  it("is never refused while the whole could pay, and never exceeded", async () => {
    const s = await loadFixture(indebted);
    const { cap } = { cap: (await s.market.debtCap())[0] as bigint };
    const used = units(140_000);
    // Leaves 20,000 free, spread over 32 lanes: each alone could not lend 15,000.
    await s.market.cutDebtCap(cap - used - units(20_000));
    await reportNavLater(s);
    await open(s, s.carol, 1_000n, 15_000n);
    await expect(
      as(s.market, s.carol).borrow(s.carol, 0, units(10_000), s.carol),
    ).to.be.revertedWithCustomError(s.market, "CapExceeded");
    await as(s.market, s.carol).borrow(s.carol, 0, units(4_500), s.carol);
    const [capNow, overhang] = await s.market.debtCap();
    let sum = 0n;
    for (let lane = 0; lane < 32; lane++) {
      const [lent, free] = await s.market.laneOf(lane);
      sum += lent + free;
    }
    expect(sum).to.equal(capNow + overhang);
  });

  it("refuses new debt after a cut below use, until enough is repaid", async () => {
    const s = await loadFixture(indebted);
    const [cap] = await s.market.debtCap();
    await s.market.cutDebtCap(cap - units(100_000));
    expect((await s.market.debtCap())[1]).to.be.greaterThan(0n);
    const borrow = () => as(s.market, s.bob).borrow(s.bob, 0, units(100), s.bob);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "CapExceeded");
    await as(s.market, s.alice).repay(s.alice, 0, units(39_000));
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "CapExceeded");
    await as(s.market, s.alice).repay(s.alice, 0, units(2_000));
    await borrow();
    await s.market.raiseDebtCap(units(1_000_000));
    expect((await s.market.debtCap())[0]).to.equal(units(1_100_000));
    await expect(as(s.market, s.alice).raiseDebtCap(1)).to.be.revertedWithCustomError(
      s.market,
      "AccessManagedUnauthorized",
    );
  });
});

async function reportNavLater(s: Setup): Promise<void> {
  await time.increase(20 * HOUR);
  await reportNav(s.oracle, NAV);
}
