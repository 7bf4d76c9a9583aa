// Levelling the lanes again: when it is allowed, that it moves what is free or in cash and nothing else, that operations then
// find what they need in their own lane, and what it pays.
import { expect } from "chai";
import type { Log } from "ethers";
import { model } from "../../contracts/index.ts";
import { adopted } from "./support/fixed-terms.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { busyPool, cashOf, expectSound, type PoolSetup } from "./support/pool.ts";
import { as, DAY, deployed, HOUR, open, type Setup, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const THRESHOLD = WAD / 4n;
const { levelled } = model;

type Lanes = readonly bigint[];

function total(values: Lanes): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

/** Value number `index` of each lane that `read` tells. */
async function lanes(read: (lane: number) => Promise<bigint[]>, index: number): Promise<bigint[]> {
  const values: bigint[] = [];
  for (let lane = 0; lane < model.LANES; lane++) values.push((await read(lane))[index] ?? 0n);
  return values;
}

/** A cap of 1,600,000, of which 600,000 are free in lane 28 beside its part. */
async function driftedMarket(): Promise<Setup> {
  const s = await deployed();
  const [cap] = await s.market.debtCap();
  await s.market.cutDebtCap(cap - units(1_600_000));
  await open(s, s.carol, 10_000n, 600_000n);
  await open(s, s.alice, 1_000n, 10_000n);
  await as(s.stablecoin, s.alice).transfer(s.carol, units(5_000));
  await as(s.stablecoin, s.carol).approve(s.facility, ethers.MaxUint256);
  await as(s.market, s.carol).repay(s.carol, 0, ethers.MaxUint256);
  return s;
}

/** A pool with 80,000 in four lanes and thirty days of interest that no checkpoint has promised to anybody. */
async function pool(): Promise<PoolSetup> {
  const s = await busyPool();
  await s.market.checkpoint();
  await time.increase(30 * DAY);
  return s;
}

describe("Market.rebalance", () => {
  it("levels what is free of the debt cap, once an hour, by anybody", async () => {
    const s = await loadFixture(driftedMarket);
    const used = await lanes(s.market.laneOf, 0);
    const free = await lanes(s.market.laneOf, 1);
    const [imbalance, threshold, from] = await s.market.rebalancing();
    expect([imbalance, threshold]).to.deep.equal([model.imbalanceOf(free), THRESHOLD]);
    expect(imbalance).to.be.greaterThan(threshold);
    expect(from).to.be.lessThan(await time.latest());

    const market = as(s.market, s.stranger);
    await expect(market.rebalance()).to.emit(market, "Rebalanced").withArgs(s.stranger, total(free), 0n);
    expect(await lanes(s.market.laneOf, 0), "nobody's debt").to.deep.equal(used);
    expect(await lanes(s.market.laneOf, 1)).to.deep.equal(levelled(free));
    const [cap, overhang] = await s.market.debtCap();
    expect(total(used) + total(free)).to.equal(cap + overhang);

    const until = BigInt((await time.latest()) + HOUR);
    expect([...(await s.market.rebalancing())]).to.deep.equal([0n, THRESHOLD, until]);
    await expect(market.rebalance())
      .to.be.revertedWithCustomError(market, "RebalancedJustNow")
      .withArgs(until);
    await time.increaseTo(until);
    await expect(market.rebalance())
      .to.be.revertedWithCustomError(market, "Balanced")
      .withArgs(0n, THRESHOLD);
  });

  it("lets a poor lane serve its own again", async () => {
    const s = await loadFixture(driftedMarket);
    const amount = units(30_000);
    expect((await s.market.laneOf(8))[1], "poor before").to.be.lessThan(amount);
    await s.market.rebalance();
    const before = await lanes(s.market.laneOf, 1);
    await as(s.market, s.alice).borrow(s.alice, 0, amount, s.alice);
    const after = await lanes(s.market.laneOf, 1);
    expect([...after.keys()].filter((lane) => after[lane] !== before[lane])).to.deep.equal([8]);
  });

  it("is not allowed after one operation of any size on level lanes", async () => {
    const s = await loadFixture(deployed);
    const [cap] = await s.market.debtCap();
    await s.market.cutDebtCap(cap - units(1_600_000));
    for (const debt of [240_000n, 10_000n, 340_000n]) {
      await open(s, s.carol, 3_000n, debt);
      const [imbalance] = await s.market.rebalancing();
      await expect(s.market.rebalance())
        .to.be.revertedWithCustomError(s.market, "Balanced")
        .withArgs(imbalance, THRESHOLD);
    }
  });

  it("levels the fixed cap by itself", async () => {
    const s = await loadFixture(deployed);
    const [variableCap] = await s.market.debtCap();
    await s.market.cutDebtCap(variableCap - units(1_600_000));
    const termsId = await adopted(s, s.market);
    await as(s.market, s.carol).addCollateral(s.carol, termsId, units(10_000));
    const [cap] = await s.market.fixedDebtCap();
    expect(cap).to.be.greaterThan(0n);
    await as(s.market, s.carol).borrow(s.carol, termsId, units(490_000), s.carol);
    await as(s.stablecoin, s.carol).approve(s.facility, ethers.MaxUint256);
    await as(s.market, s.carol).repay(s.carol, termsId, units(480_000));
    const variable = await lanes(s.market.laneOf, 1);
    const free = await lanes(s.market.fixedLaneOf, 1);
    const used = await lanes(s.market.fixedLaneOf, 0);
    expect((await s.market.rebalancing())[0]).to.equal(model.imbalanceOf(free));
    await expect(s.market.rebalance()).to.emit(s.market, "Rebalanced").withArgs(s.deployer, 0n, total(free));
    expect(await lanes(s.market.fixedLaneOf, 1)).to.deep.equal(levelled(free));
    expect(await lanes(s.market.fixedLaneOf, 0)).to.deep.equal(used);
    expect(await lanes(s.market.laneOf, 1)).to.deep.equal(variable);
  });
});

describe("LendingPool.rebalance", () => {
  it("levels the cash, by fewer transfers than lanes, and its custody with it", async () => {
    const s = await loadFixture(pool);
    const expected = new model.LaneCash();
    for (const [lane, cash] of (await cashOf(s)).entries()) expected.add(lane, cash);
    const free = await lanes(s.pool.laneOf, 2);
    const prices = [...(await s.pool.prices())];
    expect([...(await s.pool.rebalancing())].slice(0, 2)).to.deep.equal([expected.imbalance(), THRESHOLD]);
    const sent = as(s.pool, s.stranger).rebalance(s.stranger);
    await expect(sent).to.emit(s.pool, "Rebalanced").withArgs(s.stranger, units(80_000), 0n, 0n);
    const receipt = await (await sent).wait();
    const transfers = ((receipt?.logs ?? []) as Log[]).flatMap((log) => {
      const parsed = log.address === s.stablecoin.target ? s.stablecoin.interface.parseLog(log) : null;
      return parsed?.name === "Transfer" ? [[...parsed.args]] : [];
    });
    const wanted = expected.rebalance();
    expect(wanted.length).to.be.lessThan(model.LANES);
    const custodians = await Promise.all(expected.lanes.map((_, lane) => s.pool.custodian(lane)));
    expect(transfers).to.deep.equal(
      wanted.map(({ from, to, amount }) => [custodians[from], custodians[to], amount]),
    );
    expect(await cashOf(s)).to.deep.equal(expected.lanes);
    expect(await lanes(s.pool.laneOf, 2), "a cap that is level enough stays").to.deep.equal(free);
    expect([...(await s.pool.prices())]).to.deep.equal(prices);
    await expectSound(s);

    const until = BigInt((await time.latest()) + HOUR);
    await expect(s.pool.rebalance(s.stranger))
      .to.be.revertedWithCustomError(s.pool, "RebalancedJustNow")
      .withArgs(until);
    await time.increaseTo(until);
    await expect(s.pool.rebalance(s.stranger))
      .to.be.revertedWithCustomError(s.pool, "Balanced")
      .withArgs(model.imbalanceOf(free), THRESHOLD);
    await expect(s.pool.rebalance(ethers.ZeroAddress)).to.be.revertedWithCustomError(s.pool, "ZeroAddress");
  });

  it("lets a poor lane pay its own again", async () => {
    const s = await loadFixture(pool);
    await as(s.pool, s.dora).transfer(s.frits, units(5_000));
    expect((await s.pool.laneOf(15))[0], "nothing in cash").to.equal(0n);
    await s.pool.rebalance(s.stranger);
    const before = await cashOf(s);
    await as(s.pool, s.frits).withdraw(units(2_500), s.frits, s.frits);
    const after = await cashOf(s);
    expect([...after.keys()].filter((lane) => after[lane] !== before[lane])).to.deep.equal([15]);
  });

  it("levels the supply cap, and keeps the integral of cash", async () => {
    const s = await loadFixture(pool);
    await s.pool.cutSupplyCap((await s.pool.supplyCap())[0] - units(400_000));
    await as(s.pool, s.frits).deposit(units(150_000), s.frits);
    await as(s.pool, s.frits).redeem(units(150_000), s.frits, s.frits);
    await s.market.checkpoint(); // gives the surplus shares
    const free = await lanes(s.pool.laneOf, 2);
    expect(model.imbalanceOf(free)).to.be.greaterThan(THRESHOLD);
    await time.increase(DAY);
    await expect(s.pool.rebalance(s.stranger))
      .to.emit(s.pool, "Rebalanced")
      .withArgs(s.stranger, units(80_000), total(free), 0n);
    expect(await lanes(s.pool.laneOf, 2)).to.deep.equal(levelled(free));
    await time.increase(DAY);
    await s.market.checkpoint();
    // Debt is all but constant, so that the average utilisation is what it is now.
    const debt = await s.market.totalDebt();
    const now = (debt * WAD) / (debt + units(80_000));
    expect((await s.market.rateState()).utilisation).to.be.closeTo(now, WAD / 1_000n);
    await expectSound(s);
  });

  it("pays a fee out of profit that nobody was promised, to whom the caller names", async () => {
    const s = await loadFixture(pool);
    const fee = units(1) / 1_000n;
    await expect(as(s.pool, s.stranger).setRebalanceFee(fee)).to.be.revertedWithCustomError(
      s.pool,
      "AccessManagedUnauthorized",
    );
    await expect(s.pool.setRebalanceFee(fee)).to.emit(s.pool, "RebalanceFeeSet").withArgs(fee);
    expect(await s.pool.rebalanceFee()).to.equal(fee);
    const prices = [...(await s.pool.prices())];
    await expect(s.pool.rebalance(s.stranger))
      .to.emit(s.pool, "Rebalanced")
      .withArgs(s.stranger, units(80_000), 0n, fee);
    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(fee);
    expect(await s.pool.totalCash()).to.equal(units(80_000) - fee);
    expect([...(await s.pool.prices())], "what was promised stays").to.deep.equal(prices);
    await expectSound(s);
    // What the next roll promises, and the surplus gets, is less by the fee.
    await s.market.checkpoint();
    await expectSound(s);
  });

  it("pays no fee out of what is promised, kept or recovered", async () => {
    const s = await loadFixture(pool);
    const fee = units(80_000) / 10n ** 7n;
    await s.pool.setRebalanceFee(fee);
    await s.market.checkpoint(); // promises all profit but that of the one share that is nobody's
    await as(s.market, s.bob).repay(s.bob, 0, units(1));
    await as(s.pool, s.emil).recover(units(10));
    const spare = await spareOf(s);
    expect(spare, "there is more than the fee").to.be.greaterThan(units(10));
    expect(spare - units(10), "but what came back").to.be.lessThan(fee);
    await expect(s.pool.rebalance(s.stranger))
      .to.emit(s.pool, "Rebalanced")
      .withArgs(s.stranger, units(80_011), 0n, 0n);
    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(0n);
    await expectSound(s);
  });

  it("pays who made the imbalance no more than an honest keeper, and once an hour", async () => {
    const s = await loadFixture(pool);
    await s.pool.setRebalanceFee(units(1_000_000)); // the bound decides
    const honest = await s.pool.rebalance.staticCall(s.stranger);
    expect(honest).to.be.closeTo(units(80_000) / 10n ** 7n, 10n ** 9n);
    await s.pool.rebalance(s.stranger);
    await time.increase(HOUR);

    const prices = [...(await s.pool.prices())];
    const before = await s.stablecoin.balanceOf(s.frits);
    const mine = as(s.pool, s.frits);
    await mine.deposit(units(150_000), s.frits); // nearly twice the pool's cash
    await mine.rebalance(s.frits);
    await mine.redeem(await s.pool.balanceOf(s.frits), s.frits, s.frits);
    const gained = (await s.stablecoin.balanceOf(s.frits)) - before;
    // Some seconds of his own cash are in the average of thirty days.
    expect(gained)
      .to.be.greaterThan(0n)
      .and.at.most(honest + honest / 1_000n);
    await mine.deposit(units(150_000), s.frits);
    await expect(mine.rebalance(s.frits)).to.be.revertedWithCustomError(s.pool, "RebalancedJustNow");
    await mine.redeem(await s.pool.balanceOf(s.frits), s.frits, s.frits);
    expect((await s.stablecoin.balanceOf(s.frits)) - before).to.be.at.most(gained);
    expect([...(await s.pool.prices())]).to.deep.equal(prices);
    await expectSound(s);
  });
});

/** Assets beyond what is promised to the shares. */
async function spareOf(s: PoolSetup): Promise<bigint> {
  const [issue]: bigint[] = await s.pool.prices();
  const shares: bigint = await s.pool.totalSupply();
  const assets: bigint = await s.pool.totalAssets();
  return assets - (shares * (issue ?? 0n)) / model.RAY;
}
