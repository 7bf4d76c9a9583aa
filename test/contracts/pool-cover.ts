// A pool that the surplus covers: a loss takes profit that has not vested, then the surplus, then the backstop, and only then the
// lenders' price, in the call that books it.
import { expect } from "chai";
import { MaxUint256 } from "ethers";
import { model } from "../../contracts/index.ts";
import { networkHelpers } from "./support/network.ts";
import { busyPool, expectSound, type PoolSetup, priceOf } from "./support/pool.ts";
import { as, dropNav, HOUR, NAV, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

/** The keeper can close Alice's loan of 60,000 at a NAV of 50, which loses about 10,500. */
async function covered(): Promise<PoolSetup> {
  const s = await busyPool();
  await s.pool.setReserve(s.surplus, 0);
  await s.surplus.coverPool(s.pool);
  await as(s.stablecoin, s.bob).transfer(s.keeper, units(100_000));
  await as(s.stablecoin, s.keeper).approve(s.pool, MaxUint256);
  await as(s.stablecoin, s.frits).approve(s.backstop, MaxUint256);
  return s;
}

async function lose(s: PoolSetup): Promise<bigint> {
  await dropNav(s.oracle, NAV / 2n);
  await time.increase(HOUR);
  await as(s.market, s.keeper).liquidate(s.alice, 0, MaxUint256, 0, s.keeper, "0x");
  return s.market.totalLoss();
}

/** What the surplus' event says of the last loss: all of it, and who bore what. */
async function borne(s: PoolSetup): Promise<bigint[]> {
  const [event] = (await s.surplus.queryFilter("LossCovered")).slice(-1);
  if (!event || !("args" in event)) throw new Error("the surplus was not asked");
  return [...event.args].slice(1);
}

describe("LendingPool cover", () => {
  it("leaves the lenders' price alone as long as surplus and backstop can pay", async () => {
    const s = await loadFixture(covered);
    await as(s.backstop, s.frits).deposit(units(20_000), s.frits);
    await as(s.stablecoin, s.carol).transfer(s.surplus, units(3_000));
    const before = await priceOf(s);
    const cash = await s.pool.totalCash();
    const repaidBefore = await s.stablecoin.balanceOf(s.keeper);
    const loss = await lose(s);
    const repaid = repaidBefore - (await s.stablecoin.balanceOf(s.keeper));
    expect(loss).to.be.greaterThan(units(10_000)).and.lessThan(units(12_000));
    expect(await borne(s)).to.deep.equal([loss, units(3_000), loss - units(3_000), 0n, 0n]);
    expect((await priceOf(s)).base).to.equal(before.base);
    expect(await s.pool.totalCash(), "what they pay is cash").to.equal(cash + repaid + loss);
    expect((await s.market.newDebtStops())[1], "lending goes on").to.equal(false);
    await expectSound(s);
  });

  it("takes profit that has not vested first, and the price last", async () => {
    const s = await loadFixture(covered);
    await as(s.stablecoin, s.carol).transfer(s.surplus, units(1_000));
    await time.increase(60 * 24 * HOUR);
    await s.market.checkpoint();
    await time.increase(HOUR);
    const before = await priceOf(s);
    const shares = await s.pool.totalSupply();
    const loss = await lose(s);
    const [block] = (await s.pool.queryFilter("LossRecorded")).slice(-1);
    const timestamp = BigInt((await block?.getBlock())?.timestamp ?? 0);
    const unvested = ((model.issuePrice(before) - model.vestedPrice(before, timestamp)) * shares) / model.RAY;
    expect(unvested).to.be.greaterThan(units(100));
    expect(await borne(s)).to.deep.equal([
      loss - unvested,
      units(1_000),
      0n,
      0n,
      loss - unvested - units(1_000),
    ]);
    expect(await priceOf(s)).to.deep.equal(model.lose(before, loss - units(1_000), shares, timestamp));
    await expectSound(s);
  });

  it("asks no longer once it is uncovered, nor for a pool that lends another token", async () => {
    const s = await loadFixture(covered);
    await as(s.stablecoin, s.carol).transfer(s.surplus, units(3_000));
    await s.surplus.uncoverPool(s.pool);
    expect(await s.surplus.isCovered(s.pool)).to.equal(false);
    const before = await priceOf(s);
    await lose(s);
    expect((await priceOf(s)).base).to.be.lessThan(before.base);
    expect(await s.stablecoin.balanceOf(s.surplus)).to.equal(units(3_000));
  });
});
