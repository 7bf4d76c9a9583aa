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

  it("applies the curve at once, and moves the rate at target by speed and elapsed time alone", async () => {
    const s = await loadFixture(indebted);
    const { curve, initial } = options.rate;
    await time.increase(HOUR);
    await s.market.checkpoint();
    const { rateAtTarget, utilisation }: { rateAtTarget: bigint; utilisation: bigint } =
      await s.market.rateState();
    const multiple: bigint = await s.rateModel.multiple(utilisation);
    expect((await s.market.accrual()).ratePerYear).to.equal((rateAtTarget * multiple) / WAD);
    expect(rateAtTarget).to.be.lessThan(initial); // utilisation is far below the target
    expect(initial - rateAtTarget).to.be.lessThanOrEqual((initial * curve.speed * BigInt(HOUR + 200)) / WAD);
    // Days without a checkpoint count as one.
    await time.increase(10 * DAY);
    await s.market.checkpoint();
    const later = await s.market.rateState();
    expect(rateAtTarget - later.rateAtTarget).to.be.lessThanOrEqual(
      (rateAtTarget * curve.speed * BigInt(DAY)) / WAD,
    );
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
