// Rates by averages and profit that vests, both held to the bigint model.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { busyPool, expectSound, type PoolSetup, priceOf } from "./support/pool.ts";
import { as, DAY, deployed, HOUR, open, options, units, WAD } from "./support/setup.ts";

const { loadFixture, takeSnapshot, time } = networkHelpers;
const { curve, initial } = options.rate;

/** Scaled debt of all lanes. */
async function scaledDebt({ market }: Pick<PoolSetup, "market">): Promise<bigint> {
  let sum = 0n;
  for (let lane = 0; lane < model.LANES; lane++) sum += (await market.laneOf(lane))[0];
  return sum;
}

/** Whether two numbers differ by no more than a part in 10^12. */
function expectClose(actual: bigint, expected: bigint): void {
  const difference = actual > expected ? actual - expected : expected - actual;
  expect(difference <= expected / 10n ** 12n + 1n, `${actual} and ${expected}`).to.equal(true);
}

describe("AdaptiveRateModel", () => {
  it("equals the model, bounded by speed and by a day", async () => {
    const s = await loadFixture(deployed);
    for (const utilisation of [0n, 30n, 89n, 90n, 91n, 99n, 100n, 150n].map((use) => (use * WAD) / 100n)) {
      for (const elapsed of [0n, 1n, 3_600n, 86_400n, 864_000n]) {
        const [rate, rateAtTarget] = await s.rateModel.nextRate(initial, utilisation, elapsed);
        const expected = model.nextRate(curve, initial, utilisation, elapsed);
        expectClose(rate, expected.rate);
        expectClose(rateAtTarget, expected.rateAtTarget);
      }
    }
    expect(await s.rateModel.multiple(curve.target)).to.equal(WAD);
    expect(await s.rateModel.multiple(2n * WAD)).to.equal(curve.multipleAtFull);
    expect((await s.rateModel.nextRate(initial, WAD, DAY))[1]).to.equal(
      (await s.rateModel.nextRate(initial, WAD, 100 * DAY))[1],
    );
    expect((await s.rateModel.nextRate(curve.maxRateAtTarget, WAD, DAY))[1]).to.equal(curve.maxRateAtTarget);
    expect((await s.rateModel.nextRate(curve.minRateAtTarget, 0, DAY))[1]).to.equal(curve.minRateAtTarget);
  });

  it("refuses curves that contradict themselves", async () => {
    for (const wrong of [
      { target: WAD },
      { multipleAtZero: 2n * WAD },
      { multipleAtFull: WAD / 2n },
      { speed: WAD },
      { minRateAtTarget: 0n },
      { minRateAtTarget: WAD },
    ]) {
      await expect(deployHarness("AdaptiveRateModel", { ...curve, ...wrong })).to.revert(ethers);
    }
  });
});

describe("Rates by averages", () => {
  it("weigh cash and debt by the time they stood", async () => {
    const s = await loadFixture(busyPool);
    await s.market.checkpoint();
    const start = (await s.market.accrual()).timestamp as bigint;
    const before = await s.market.rateState();
    let [since, cashTime, debtTime] = [start, 0n, 0n];
    const stand = async (until: bigint): Promise<void> => {
      cashTime += (await s.pool.totalCash()) * (until - since);
      debtTime += (await scaledDebt(s)) * (until - since);
      since = until;
      await time.setNextBlockTimestamp(until);
    };
    await stand(start + 1_000n);
    await as(s.pool, s.emil).deposit(units(40_000), s.emil);
    await stand(start + 3_000n);
    await as(s.market, s.alice).repay(s.alice, 0, units(20_000));
    await stand(start + 5_000n);
    await as(s.pool, s.dora).withdraw(units(90_000), s.dora, s.dora); // from neighbours too
    await stand(start + 7_200n);
    await s.market.checkpoint();

    const { index, ratePerYear } = await s.market.accrual();
    const debt = ((debtTime / 7_200n) * index) / WAD;
    const utilisation = (debt * WAD) / (debt + cashTime / 7_200n);
    const after = await s.market.rateState();
    expect(after.utilisation).to.equal(utilisation);
    const expected = model.nextRate(curve, before.rateAtTarget, utilisation, 7_200n);
    expectClose(after.rateAtTarget, expected.rateAtTarget);
    expectClose(ratePerYear, expected.rate);
  });

  it("fill a stretch shorter than an hour up with the one before", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(2 * HOUR);
    await s.market.checkpoint();
    const before = await s.market.rateState();
    await as(s.pool, s.frits).deposit(units(150_000), s.frits);
    const start = (await s.market.accrual()).timestamp as bigint;
    await time.setNextBlockTimestamp(start + 600n);
    await s.market.checkpoint();
    const { utilisation } = await s.market.rateState();
    // 60% before, about 34% now, for ten minutes of an hour.
    const lowest = model.smoothedUtilisation(before.utilisation, (34n * WAD) / 100n, 600n);
    expect(utilisation).to.be.greaterThan(lowest).and.lessThan(before.utilisation);
  });

  it("are of the debt cap where the source mints", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 80_000n);
    const [cap] = await s.market.debtCap();
    await s.market.cutDebtCap(cap - units(100_000));
    await s.market.checkpoint();
    const start = (await s.market.accrual()).timestamp as bigint;
    await time.setNextBlockTimestamp(start + 7_200n);
    await s.market.checkpoint();
    const { utilisation } = await s.market.rateState();
    expect(utilisation).to.equal(((await scaledDebt(s)) * WAD) / units(100_000));
  });

  it("do not change within a second", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(HOUR);
    await s.market.checkpoint();
    const state = await s.market.rateState();
    const { timestamp, ratePerYear } = await s.market.accrual();
    // Not every network mines two blocks in a second: where it refuses there is nothing to show.
    const sameSecond = await time.setNextBlockTimestamp(timestamp).then(
      () => true,
      () => false,
    );
    if (!sameSecond) return;
    await s.market.checkpoint();
    expect([...(await s.market.rateState())]).to.deep.equal([...state]);
    expect((await s.market.accrual()).ratePerYear).to.equal(ratePerYear);
  });

  it("move as far by forty checkpoints as by one", async () => {
    const s = await loadFixture(busyPool);
    for (let i = 0; i < 2; i++) {
      await time.increase(2 * HOUR);
      await s.market.checkpoint();
    }
    const start = await time.latest();
    const snapshot = await takeSnapshot();
    for (let i = 1; i <= 40; i++) {
      await time.setNextBlockTimestamp(start + 60 * i);
      await s.market.checkpoint();
    }
    const forty = await s.market.rateState();
    await snapshot.restore();
    await time.setNextBlockTimestamp(start + 60 * 40);
    await s.market.checkpoint();
    const one = await s.market.rateState();
    const difference = forty.rateAtTarget - one.rateAtTarget;
    expect((difference < 0n ? -difference : difference) < one.rateAtTarget / 10n ** 8n).to.equal(true);
    expect(one.rateAtTarget).to.be.lessThan(initial);
  });
});

describe("LendingPool profit", () => {
  it("is promised and vests as the model computes, over irregular epochs", async () => {
    const s = await loadFixture(busyPool);
    for (const [days, act] of [
      [3, () => as(s.pool, s.frits).deposit(units(70_000), s.frits)],
      [1, () => as(s.pool, s.dora).redeem(units(30_000), s.dora, s.dora)],
      [12, () => as(s.market, s.alice).repay(s.alice, 0, units(25_000))],
      [2, () => as(s.pool, s.emil).recover(units(500))],
      [1, () => as(s.pool, s.frits).redeem(units(20_000), s.frits, s.frits)],
    ] as const) {
      await act();
      const recovered = days === 2 ? units(500) : 0n;
      const before = await priceOf(s);
      const shares = await s.pool.totalSupply();
      const held = await s.pool.balanceOf(s.deployer);
      await time.increase(days * DAY);
      await s.market.checkpoint();
      const now = BigInt(await time.latest());
      const { index } = await s.market.accrual();
      const assets = (await s.pool.totalCash()) + ((await scaledDebt(s)) * index) / WAD;
      const { next, fee, feeShares } = model.roll(
        before,
        { assets, shares, recovered, reserveFactor: WAD / 10n, unrealised: 0n },
        WAD,
        now,
      );
      expect(await priceOf(s)).to.deep.equal(next);
      expect(fee).to.be.greaterThan(0n);
      expect((await s.pool.balanceOf(s.deployer)) - held).to.equal(feeShares);
      await time.increase(HOUR);
      const redemption = (await s.pool.prices())[1];
      const block = BigInt(await time.latest());
      expect(redemption).to.equal(model.redemptionPrice(next, block));
      await expectSound(s);
    }
  });

  it("is promised once an epoch; earlier checkpoints set the rate alone", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(DAY);
    await s.market.checkpoint();
    const price = await priceOf(s);
    for (const hours of [1, 5, 17]) {
      await time.increase(hours * HOUR - 60);
      await s.market.checkpoint();
      expect(await priceOf(s)).to.deep.equal(price);
    }
    await time.increase(HOUR + 180);
    await s.market.checkpoint();
    expect((await priceOf(s)).rolledAt).to.be.greaterThan(price.rolledAt);
  });

  it("reaches lenders and surplus nearly whole", async () => {
    const s = await loadFixture(busyPool);
    for (let day = 0; day < 60; day++) {
      await time.increase(DAY);
      if (day % 2 === 0) await s.market.checkpoint();
    }
    await s.market.checkpoint();
    await time.increase(3 * DAY);
    const interest = (await s.market.totalDebt()) - units(120_000);
    const redemption: bigint = (await s.pool.prices())[1];
    const supply: bigint = await s.pool.totalSupply();
    const earned = (supply * redemption) / model.RAY - units(200_000);
    // All but what accrued since the last roll and the part of the virtual shares.
    expect(earned > (interest * 90n) / 100n && earned < interest, `${earned} of ${interest}`).to.equal(true);
    const toSurplus = await s.pool.previewRedeem(await s.pool.balanceOf(s.deployer));
    expect(toSurplus > (earned * 9n) / 100n && toSurplus < (earned * 11n) / 100n).to.equal(true);
    expect(await s.pool.maxWithdraw(s.deployer)).to.equal(toSurplus);
    expect(await s.pool.asset()).to.equal(await ethers.resolveAddress(s.stablecoin));
  });
});
