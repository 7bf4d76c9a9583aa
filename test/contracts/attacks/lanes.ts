// Attacks on lanes: addresses chosen to use up one lane, a cap left in crumbs, a lane run dry. What they bring about is
// that somebody's operation takes from other lanes: it costs him gas, never the operation.

import { expect } from "chai";
import type { Wallet } from "ethers";
import { model } from "../../../contracts/index.ts";
import { accountsInLane, by, equip } from "../support/grinding.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { dollars, type PegSetup, sayDollar, withPeg } from "../support/peg.ts";
import { busyPool, cashOf, deployedWithPool, expectSound } from "../support/pool.ts";
import { as, DAY, deployed, open, options, type Setup, units } from "../support/setup.ts";
import { surrounded } from "../support/surroundings.ts";
import { wealthOf } from "../support/wealth.ts";

const { loadFixture, time, takeSnapshot } = networkHelpers;
const max = ethers.MaxUint256;
const LANES = 32n;

/** What taking from every other lane may cost beside the operation itself: 31 slots and, of cash, 31 transfers. */
const DEBT_LANES_GAS = 350_000n;
const CASH_LANES_GAS = 1_400_000n;

async function gasOf(sent: Promise<{ wait(): Promise<{ gasUsed: bigint } | null> }>): Promise<bigint> {
  const receipt = await (await sent).wait();
  if (!receipt) throw new Error("the transaction is not mined");
  return receipt.gasUsed;
}

/** Debt caps used and free, lane by lane; their sum is the cap. */
async function escrowOf({ market }: Pick<Setup, "market">): Promise<{ used: bigint[]; free: bigint[] }> {
  const lanes = await Promise.all(Array.from({ length: model.LANES }, (_, lane) => market.laneOf(lane)));
  const [used, free] = [lanes.map(([u]) => u as bigint), lanes.map(([, f]) => f as bigint)];
  const [cap, overhang] = await market.debtCap();
  expect([...used, ...free].reduce((sum, part) => sum + part, 0n)).to.equal(cap + overhang);
  return { used, free };
}

/** A debt cap of 10,000 for each lane. */
async function capped(): Promise<Setup> {
  const s = await deployed();
  await s.market.cutDebtCap(options.debtCap - LANES * units(10_000));
  await open(s, s.alice, 10_000n, 0n);
  return s;
}

describe("Attack: lane grinding", () => {
  it("loans by addresses ground into Alice's lane: she borrows all the same, and they pay for it", async () => {
    const s = await loadFixture(capped);
    const lane = model.laneOf(s.alice.address);
    const honest = await takeSnapshot();
    const usual = await gasOf(as(s.market, s.alice).borrow(s.alice, 0, units(9_000), s.alice));
    await honest.restore();

    const ground = await accountsInLane(lane, 4, s.deployer);
    await equip(s, ground, units(1_000));
    const before = await wealthOf(s, ground);
    for (const wallet of ground) await by(s.market, wallet).borrow(wallet, 0, units(30_000), wallet);
    expect((await escrowOf(s)).free[lane]).to.be.lessThan(units(9_000));
    const gas = await gasOf(as(s.market, s.alice).borrow(s.alice, 0, units(9_000), s.alice));
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(units(9_000));
    expect(gas - usual).to.be.lessThan(DEBT_LANES_GAS);
    await escrowOf(s);
    await time.increase(DAY);
    expect(await wealthOf(s, ground), "what they have of it is a day's interest to pay").to.be.lessThan(
      before,
    );
  });

  it("to the last unit of the cap: what all lanes together have is hers, and no more", async () => {
    const s = await loadFixture(capped);
    const ground = await accountsInLane(model.laneOf(s.alice.address), 3, s.deployer);
    await equip(s, ground, units(1_000));
    for (const wallet of ground) await by(s.market, wallet).borrow(wallet, 0, units(61_003), wallet);
    const left = (await escrowOf(s)).free.reduce((sum, part) => sum + part, 0n);
    const index = await s.market.borrowIndex();
    const lendable = (left * model.WAD) / index;
    await expect(
      as(s.market, s.alice).borrow(s.alice, 0, lendable + units(1), s.alice),
    ).to.be.revertedWithCustomError(s.market, "CapExceeded");
    await as(s.market, s.alice).borrow(s.alice, 0, lendable - units(1), s.alice);
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(lendable - units(1));
  });

  it("deposits into a lender's lane until its part of the supply cap is gone: he deposits all the same", async () => {
    const s = await loadFixture(deployedWithPool);
    await s.pool.cutSupplyCap(units(3_200_000) - LANES * units(5_000));
    const lane = model.laneOf(s.dora.address);
    const ground = await accountsInLane(lane, 2, s.deployer);
    for (const wallet of ground) {
      await as(s.stablecoin, s.emil).transfer(wallet, units(40_000));
      await by(s.stablecoin, wallet).approve(s.pool, max);
      await by(s.pool, wallet).deposit(units(40_000), wallet);
    }
    const [, , room] = await s.pool.laneOf(lane);
    expect(room).to.be.lessThan(units(20_000));
    await as(s.pool, s.dora).deposit(units(60_000), s.dora);
    expect(await s.pool.balanceOf(s.dora)).to.equal(units(60_000));
    await expectSound(s);
    // They take out what they put in, no more.
    const gained = await wealthOf(s, ground);
    expect(gained).to.equal(units(80_000));
  });

  it("withdrawals and loans that empty a lender's lane of cash: he is paid to the unit", async () => {
    const s = await loadFixture(busyPool);
    const lane = model.laneOf(s.dora.address);
    const ground = await accountsInLane(lane, 2, s.deployer);
    await equip(s, ground, units(1_000));
    const honest = await takeSnapshot();
    const usual = await gasOf(as(s.pool, s.dora).withdraw(units(10_000), s.dora, s.dora));
    await honest.restore();
    for (const wallet of ground) {
      const [cash] = await s.pool.laneOf(lane);
      if (cash > 0n)
        await by(s.market, wallet).borrow(wallet, 0, cash > units(500) ? cash : units(500), wallet);
    }
    expect((await s.pool.laneOf(lane))[0], "the lane is dry").to.equal(0n);
    const before = await s.stablecoin.balanceOf(s.dora);
    const gas = await gasOf(as(s.pool, s.dora).withdraw(units(10_000), s.dora, s.dora));
    expect((await s.stablecoin.balanceOf(s.dora)) - before).to.equal(units(10_000));
    expect(gas - usual).to.be.lessThan(CASH_LANES_GAS);
    await expectSound(s);
  });
});

describe("Attack: cap fragmentation", () => {
  it("a cap left in 32 crumbs, none of which honours a loan: it is honoured by all of them", async () => {
    const s = await loadFixture(capped);
    // One borrower in each lane takes all but an odd crumb of it.
    const takers: Wallet[] = [];
    for (let lane = 0; lane < model.LANES; lane++) {
      const [taker] = await accountsInLane(lane, 1, s.deployer);
      if (taker) takers.push(taker);
    }
    await equip(s, takers, units(200));
    for (const [i, taker] of takers.entries()) {
      await by(s.market, taker).borrow(taker, 0, units(9_950) - BigInt(i) * 10n ** 15n - 7n, taker);
    }
    const { free } = await escrowOf(s);
    const crumbs = free.reduce((sum, part) => sum + part, 0n);
    for (const crumb of free) expect(crumb).to.be.lessThan(units(51));
    expect(crumbs).to.be.greaterThan(units(1_600));

    // More than sixteen times what any lane has, to within a unit of what all have.
    const index = await s.market.borrowIndex();
    const lendable = (crumbs * index) / model.WAD;
    await expect(
      as(s.market, s.alice).borrow(s.alice, 0, lendable + units(1), s.alice),
    ).to.be.revertedWithCustomError(s.market, "CapExceeded");
    const gas = await gasOf(as(s.market, s.alice).borrow(s.alice, 0, lendable - units(1) / 100n, s.alice));
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(lendable - units(1) / 100n);
    expect(gas).to.be.lessThan(120_000n + DEBT_LANES_GAS);
    expect((await escrowOf(s)).free.reduce((sum, part) => sum + part, 0n)).to.be.lessThan(units(1));
  });

  it("a pool's cash left in crumbs: a withdrawal gathers them to the unit", async () => {
    const s = await loadFixture(deployedWithPool);
    for (let lane = 0; lane < model.LANES; lane++) {
      const [crumb] = await accountsInLane(lane, 1, s.deployer);
      await as(s.stablecoin, s.emil).transfer(crumb ?? "", units(100) + BigInt(lane));
      if (!crumb) continue;
      await by(s.stablecoin, crumb).approve(s.pool, max);
      await by(s.pool, crumb).deposit(units(100) + BigInt(lane), crumb);
    }
    // Dora's own cash is lent out by her lane; her withdrawal needs every crumb.
    await as(s.pool, s.dora).deposit(units(3_000), s.dora);
    await as(s.market, s.alice).addCollateral(s.alice, 0, units(100));
    await as(s.market, s.alice).borrow(s.alice, 0, units(3_000), s.alice);
    const all = (await cashOf(s)).reduce((sum, cash) => sum + cash, 0n);
    const before = await s.stablecoin.balanceOf(s.dora);
    await as(s.pool, s.dora).withdraw(units(2_999), s.dora, s.dora);
    expect((await s.stablecoin.balanceOf(s.dora)) - before).to.equal(units(2_999));
    expect(all - (await cashOf(s)).reduce((sum, cash) => sum + cash, 0n)).to.equal(units(2_999));
    await expectSound(s);
  });
});

/** Under a name of its own, as fixtures are known by. */
function pegged(): Promise<PegSetup> {
  return withPeg();
}

describe("Attack: a lane run dry", () => {
  it("of debt cap: the loan is whole and the neighbours give exactly what the lane lacked", async () => {
    const s = await loadFixture(capped);
    const lane = model.laneOf(s.alice.address);
    await as(s.market, s.alice).borrow(s.alice, 0, units(9_999), s.alice);
    const before = await escrowOf(s);
    await as(s.market, s.alice).borrow(s.alice, 0, units(1_000), s.alice);
    const after = await escrowOf(s);
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(units(10_999));
    const changeOf = (part: "used" | "free", l: number) => (after[part][l] ?? 0n) - (before[part][l] ?? 0n);
    expect(changeOf("free", lane + 1), "half of what the nearest had").to.equal(-units(5_000));
    expect(changeOf("free", lane)).to.equal(units(5_000) - changeOf("used", lane));
    expect(changeOf("free", lane + 2)).to.equal(0n);
  });

  it("of the peg's dollars: pUSD is redeemed to the unit", async () => {
    const s = await loadFixture(pegged);
    await sayDollar(s);
    await as(s.peg, s.bob).swapIn(dollars(100_000), 0, s.bob);
    await as(s.stablecoin, s.bob).transfer(s.alice, units(50_000));
    expect(await s.peg.cashOf(model.laneOf(s.alice.address))).to.equal(0n);
    const before = await s.dollar.balanceOf(s.alice);
    const expected = await s.peg.previewSwapOut(units(50_000));
    await as(s.peg, s.alice).swapOut(units(50_000), 0, s.alice);
    expect((await s.dollar.balanceOf(s.alice)) - before).to.equal(expected);
    expect(await s.peg.reserve()).to.equal(dollars(100_000) - expected);
  });

  it("of the peg's inflow and of the savers' room: both are given whole", async () => {
    const s = await loadFixture(pegged);
    await sayDollar(s);
    const [, window] = await s.peg.room();
    // Bob's lane has a thirty-second part of the window; he swaps in half of it.
    await as(s.peg, s.bob).swapIn(window / 2n, 0, s.bob);
    expect(await s.peg.reserve()).to.equal(window / 2n);

    const t = await loadFixture(surrounded);
    await as(t.savings, t.bob).deposit(units(60_000), t.bob); // of room for 100,000, 3,125 in his lane
    expect(await t.savings.balanceOf(t.bob)).to.equal(units(60_000));
    await as(t.stablecoin, t.bob).transfer(t.alice, units(30_000));
    await as(t.savings, t.bob).transfer(t.alice, units(60_000));
    // Alice's lane never received what she takes out of it.
    const before = await t.stablecoin.balanceOf(t.alice);
    await as(t.savings, t.alice).redeem(units(60_000), t.alice, t.alice);
    expect((await t.stablecoin.balanceOf(t.alice)) - before).to.equal(units(60_000));
  });
});
