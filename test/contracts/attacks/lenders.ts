// Attacks on the lenders of a pool.
import { expect } from "chai";
import { signConfirmation } from "../../../contracts/deployment/nav-report.ts";
import { model } from "../../../contracts/index.ts";
import { adopted } from "../support/fixed-terms.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { busyPool, cashOf, deployedWithPool, expectSound, type PoolSetup, priceOf } from "../support/pool.ts";
import { below, seeded } from "../support/random.ts";
import { as, attestors, DAY, dropNav, HOUR, NAV, reportNav, units, WAD } from "../support/setup.ts";

const { loadFixture, takeSnapshot, time } = networkHelpers;

/** A report of half the NAV: pending, so that lenders who leave feel it at once. */
async function halved(): Promise<PoolSetup> {
  const s = await busyPool();
  await time.increase(20 * HOUR);
  await reportNav(s.oracle, NAV / 2n);
  return s;
}

/** The keeper liquidates both borrowers in full, with what a loss that leaves. */
async function liquidateBoth(s: PoolSetup): Promise<void> {
  for (const from of [s.alice, s.bob, s.carol]) {
    await as(s.stablecoin, from).transfer(s.keeper, await s.stablecoin.balanceOf(from));
  }
  await as(s.stablecoin, s.keeper).approve(s.pool, ethers.MaxUint256);
  for (const owner of [s.alice, s.bob]) {
    await as(s.market, s.keeper).liquidate(owner, 0, ethers.MaxUint256, 0, s.keeper, "0x");
  }
}

describe("Attack: deposit before a late checkpoint", () => {
  it("deposit before a late checkpoint, withdraw after it: nothing, and little by staying", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(30 * DAY);
    const pool = as(s.pool, s.frits);
    await pool.deposit(units(150_000), s.frits);
    const shares = await s.pool.balanceOf(s.frits);
    await s.market.checkpoint();
    const price = await priceOf(s);
    // All of the month's profit is promised, and hardly any of it has vested a second later.
    expect(price.unvested).to.be.greaterThan(0n);
    expect(price.duration).to.be.greaterThanOrEqual(BigInt(30 * DAY));
    await time.increase(DAY - 10);
    const worth = await s.pool.previewRedeem(shares);
    const promised = (shares * price.unvested) / model.RAY;
    expect(worth - units(150_000) <= promised / 29n, "no more than a day's part of a month").to.equal(true);
    // A roll a day later does not let the rest vest sooner.
    await time.increase(20);
    await s.market.checkpoint();
    expect((await priceOf(s)).duration).to.be.greaterThan(BigInt(27 * DAY));
  });

  it("deposit, checkpoint, withdraw in a row: redeemed for no more than was paid", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(30 * DAY);
    const before = await s.stablecoin.balanceOf(s.frits);
    await as(s.pool, s.frits).deposit(units(80_000), s.frits);
    await s.market.checkpoint();
    await as(s.pool, s.frits).redeem(await s.pool.balanceOf(s.frits), s.frits, s.frits);
    const gained = (await s.stablecoin.balanceOf(s.frits)) - before;
    // At most what vests in the seconds this took: less than a millionth of a percent.
    expect(gained).to.be.lessThan(units(80_000) / 10n ** 7n);
    await expectSound(s);
  });
});

describe("Attack: rate moved by deposit, checkpoint, withdraw", () => {
  it("rate moved by deposit, checkpoint, withdraw: by the seconds it stood alone", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(6 * HOUR);
    await s.market.checkpoint();
    await time.increase(6 * HOUR);
    const honest = await takeSnapshot();
    await s.market.checkpoint();
    const { utilisation: expected } = await s.market.rateState();
    await honest.restore();
    await as(s.pool, s.frits).deposit(units(150_000), s.frits);
    await s.market.checkpoint();
    await as(s.pool, s.frits).withdraw(units(149_000), s.frits, s.frits);
    let { utilisation } = await s.market.rateState();
    expect(expected - utilisation).to.be.lessThan(WAD / 10_000n);
    // With a checkpoint on either side, so that the stretch shows nothing but the deposit, an hour's average is taken.
    const start = await time.latest();
    const before = utilisation;
    await as(s.pool, s.frits).deposit(units(149_000), s.frits);
    await time.setNextBlockTimestamp(start + 12);
    await s.market.checkpoint();
    await as(s.pool, s.frits).withdraw(units(148_000), s.frits, s.frits);
    ({ utilisation } = await s.market.rateState());
    expect(before - utilisation).to.be.lessThan(WAD / 200n);
  });
});

describe("Attack: fixed cap opened by deposit, checkpoint, withdraw", () => {
  it("fixed cap opened by a deposit between two checkpoints: by the seconds it stood, of an hour", async () => {
    const s = await loadFixture(busyPool);
    await adopted(s, s.market);
    await time.increase(6 * HOUR);
    await s.market.checkpoint();
    const [before] = await s.market.fixedDebtCap();
    expect(before).to.be.greaterThan(units(10_000));
    const start = await time.latest();
    await as(s.pool, s.frits).deposit(units(150_000), s.frits);
    await time.setNextBlockTimestamp(start + 12);
    await s.market.checkpoint();
    await as(s.pool, s.frits).withdraw(units(149_000), s.frits, s.frits);
    const [after] = await s.market.fixedDebtCap();
    expect(after - before).to.be.lessThan((units(150_000) * 4n * 15n) / (10n * 3_600n));
  });
});

describe("Attack: forty checkpoints in a row", () => {
  it("forty checkpoints in a row: no profit twice, none sooner", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(5 * DAY);
    await s.market.checkpoint();
    const price = await priceOf(s);
    const surplus = await s.pool.balanceOf(s.deployer);
    // With a gas limit: an estimate made in the same second, when nothing accrues, falls short a second later.
    for (let i = 0; i < 40; i++) await s.market.checkpoint({ gasLimit: 2_000_000 });
    expect(await priceOf(s)).to.deep.equal(price);
    expect(await s.pool.balanceOf(s.deployer)).to.equal(surplus);
  });
});

describe("Attack: exit before impairment", () => {
  it("exit before the loss: anybody impairs at the pending NAV, and who leaves bears his part", async () => {
    const s = await loadFixture(halved);
    const [full] = await s.pool.prices();
    for (const owner of [s.alice, s.bob]) await as(s.market, s.stranger).impair(owner, 0);
    const unrealised = (await s.market.impairmentOf(s.alice, 0)) + (await s.market.impairmentOf(s.bob, 0));
    expect(unrealised).to.be.greaterThan(units(20_000));
    const [issue, redemption] = await s.pool.prices();
    expect(issue).to.equal(full);
    const price = await priceOf(s);
    expect(price.impairment).to.equal(model.impairmentPerShare(unrealised, await s.pool.totalSupply()));

    await as(s.pool, s.dora).redeem(units(50_000), s.dora, s.dora);
    const [, after] = await s.pool.prices();
    expect(after).to.be.greaterThanOrEqual(redemption); // who stays loses nothing by it
    await s.oracle.confirm(await signConfirmation(s.oracle, attestors.slice(0, 4)));
    await liquidateBoth(s);
    const stayed = (await s.pool.prices())[1];
    expect(await s.market.impairmentOf(s.alice, 0)).to.equal(0n);
    // Leaving brought no more than staying, but for a difference of interest.
    expect(redemption - stayed).to.be.lessThan(model.RAY / 10_000n);
    await expectSound(s);
  });

  it("takes a loss from the price at once, before anybody can leave", async () => {
    const s = await loadFixture(halved);
    await s.oracle.confirm(await signConfirmation(s.oracle, attestors.slice(0, 4)));
    const price = await priceOf(s);
    const shares = await s.pool.totalSupply();
    await liquidateBoth(s);
    let expected = price;
    const losses = await s.market.queryFilter("Liquidated");
    expect(losses).to.have.length(2);
    for (const event of losses) {
      const { args, blockNumber } = event as unknown as { args: { loss: bigint }; blockNumber: number };
      expect(args.loss).to.be.greaterThan(0n);
      const block = await ethers.provider.getBlock(blockNumber);
      expected = model.lose(expected, args.loss, shares, BigInt(block?.timestamp ?? 0));
    }
    expect(await priceOf(s)).to.deep.equal(expected);
    await expectSound(s);
  });

  it("consumes profit that has not vested before the price falls", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(60 * DAY);
    await s.market.checkpoint();
    // A NAV that leaves each of the two losses at about 100, below two months' interest.
    const debt = (await s.market.debtOf(s.alice, 0)) - units(100);
    await dropNav(s.oracle, (debt * 101n * 10n ** 8n) / (100n * units(1_000)));
    const before = await priceOf(s);
    const vested = model.vestedPrice(before, BigInt(await time.latest()));
    await liquidateBoth(s);
    expect(await s.market.totalLoss())
      .to.be.greaterThan(units(100))
      .and.lessThan(units(400));
    const after = await priceOf(s);
    expect(after.base).to.be.greaterThanOrEqual(vested);
    expect(after.unvested).to.be.greaterThan(0n);
    expect(model.issuePrice(after)).to.be.lessThan(model.issuePrice(before));
    await expectSound(s);
  });

  it("impairing a sound position, or one without debt, changes nothing", async () => {
    const s = await loadFixture(busyPool);
    const before = await priceOf(s);
    await as(s.market, s.stranger).impair(s.alice, 0);
    await as(s.market, s.stranger).impair(s.stranger, 0);
    expect(await priceOf(s)).to.deep.equal({ ...(await priceOf(s)), impairment: 0n });
    expect(model.issuePrice(await priceOf(s))).to.equal(model.issuePrice(before));
    await time.increase(200 * HOUR);
    await expect(s.market.impair(s.alice, 0)).to.be.revertedWithCustomError(s.market, "NavNotUsable");
  });
});

describe("Attack: entry before an impairment's reversal", () => {
  it("entry before an impairment is reversed: the deposit paid the unimpaired price", async () => {
    const s = await loadFixture(halved);
    for (const owner of [s.alice, s.bob]) await s.market.impair(owner, 0);
    const before = await s.stablecoin.balanceOf(s.frits);
    await as(s.pool, s.frits).deposit(units(100_000), s.frits);
    for (const owner of [s.alice, s.bob]) {
      await as(s.market, owner).addCollateral(owner, 0, units(2_000));
      await s.market.impair(owner, 0);
      expect(await s.market.impairmentOf(owner, 0)).to.equal(0n);
    }
    expect((await priceOf(s)).impairment).to.equal(0n);
    await as(s.pool, s.frits).redeem(await s.pool.balanceOf(s.frits), s.frits, s.frits);
    expect(await s.stablecoin.balanceOf(s.frits)).to.be.lessThanOrEqual(before);
  });

  it("recoveries vest over a week, and a small one does not hold up the profit", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(DAY);
    await as(s.pool, s.frits).recover(units(5_000));
    await s.market.checkpoint();
    expect((await priceOf(s)).duration).to.be.greaterThan(BigInt(6 * DAY));
    await time.increase(8 * DAY);
    await as(s.pool, s.frits).recover(1n);
    await s.market.checkpoint();
    expect((await priceOf(s)).duration).to.be.lessThan(BigInt(8 * DAY + 600));
  });
});

describe("Attack: donation to an empty pool", () => {
  it("donations: to pool and custodians they move no price", async () => {
    const s = await loadFixture(deployedWithPool);
    await as(s.pool, s.dora).deposit(1n, s.dora);
    await as(s.stablecoin, s.dora).transfer(s.pool, units(50_000));
    await as(s.stablecoin, s.dora).transfer(await s.pool.custodian(6), units(50_000));
    await time.increase(2 * DAY);
    await s.market.checkpoint();
    expect([...(await s.pool.prices())]).to.deep.equal([model.RAY, model.RAY]);
    await as(s.pool, s.emil).deposit(units(100), s.emil);
    expect(await s.pool.balanceOf(s.emil)).to.equal(units(100));
    expect(await s.pool.totalAssets()).to.equal(units(100) + 1n);
  });

  it("inflation: profit left to a single share cannot make the next deposit round away", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(60 * DAY);
    for (const owner of [s.alice, s.bob]) await as(s.market, owner).repay(owner, 0, ethers.MaxUint256);
    await as(s.pool, s.emil).redeem(units(100_000), s.emil, s.emil);
    await as(s.pool, s.dora).redeem(units(100_000) - 1n, s.dora, s.dora);
    const left = await s.pool.totalCash();
    expect(left).to.be.greaterThan(units(500)); // two months' interest, for one unit of a share
    await s.market.checkpoint();
    await time.increase(61 * DAY);
    expect(await s.pool.previewRedeem(1n)).to.be.lessThan(10n ** 4n);
    await as(s.pool, s.frits).deposit(units(1), s.frits);
    const shares = await s.pool.balanceOf(s.frits);
    expect(shares).to.be.greaterThan(10n ** 14n);
    expect(units(1) - (await s.pool.previewRedeem(shares))).to.be.lessThan(10n ** 4n);
  });

  it("a price of zero closes the pool", async () => {
    const s = await loadFixture(busyPool);
    await as(s.pool, s.dora).withdraw(units(80_000), s.dora, s.dora); // all cash
    await dropNav(s.oracle, 1n);
    await liquidateBoth(s);
    expect([...(await s.pool.prices())]).to.deep.equal([0n, 0n]);
    const pool = as(s.pool, s.frits);
    await expect(pool.deposit(units(1), s.frits)).to.be.revertedWithCustomError(pool, "PoolClosed");
    await expect(pool.mint(units(1), s.frits)).to.be.revertedWithCustomError(pool, "PoolClosed");
    await expect(as(s.pool, s.emil).withdraw(1n, s.emil, s.emil)).to.be.revertedWithCustomError(
      pool,
      "PoolClosed",
    );
    expect(await s.pool.maxDeposit(s.frits)).to.equal(0n);
    expect(await s.pool.maxMint(s.frits)).to.equal(0n);
    expect(await s.pool.maxRedeem(s.emil)).to.equal(0n);
    await cashOf(s);
  });
});

describe("Attack: rounding to zero, in a pool", () => {
  it("round trips at an odd price never gain", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(10 * DAY);
    await s.market.checkpoint();
    await time.increase(12 * DAY); // all has vested: both prices are the same
    const [issue, redemption] = await s.pool.prices();
    expect(issue).to.equal(redemption);
    const random = seeded(77);
    const before = await s.stablecoin.balanceOf(s.frits);
    const pool = as(s.pool, s.frits);
    for (let i = 0; i < 25; i++) {
      const amount = 1n + below(random, 10n ** (1n + below(random, 20n)));
      const held = await s.stablecoin.balanceOf(s.frits);
      if (random() < 0.5) await pool.mint(amount, s.frits);
      else await pool.deposit(amount + 1n, s.frits);
      const shares = await s.pool.balanceOf(s.frits);
      const worth = await s.pool.previewRedeem(shares);
      if (random() < 0.5 && worth > 0n) await pool.withdraw(worth, s.frits, s.frits);
      else if (worth > 0n) await pool.redeem(shares, s.frits, s.frits);
      expect(await s.stablecoin.balanceOf(s.frits)).to.be.lessThanOrEqual(held);
    }
    expect(await s.stablecoin.balanceOf(s.frits)).to.be.lessThan(before);
    await expectSound(s);
  });
});
