// Withdrawing from a lenders' pool: the redemption price, own lane first, then the neighbours, never a refusal while all
// lanes together can pay.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { networkHelpers } from "./support/network.ts";
import { busyPool, cashOf, deployedWithPool, expectSound, priceOf } from "./support/pool.ts";
import { below, seeded } from "./support/random.ts";
import { addressInLane, as, DAY, HOUR, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

describe("LendingPool.withdraw and redeem", () => {
  it("pays from the owner's lane alone where it has the cash", async () => {
    const s = await loadFixture(deployedWithPool);
    for (const lender of [s.dora, s.emil]) await as(s.pool, lender).deposit(units(1_000), lender);
    await expect(as(s.pool, s.dora).withdraw(units(400), s.stranger, s.dora))
      .to.emit(s.pool, "Withdraw")
      .withArgs(s.dora, s.stranger, s.dora, units(400), units(400));
    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(units(400));
    const cash = await cashOf(s);
    expect([cash[5], cash[6]]).to.deep.equal([units(1_000), units(600)]);
    await expectSound(s);
  });

  it("takes half of the nearest neighbours' cash where it has not, then from all", async () => {
    const s = await loadFixture(deployedWithPool);
    await as(s.pool, s.dora).deposit(units(10), s.dora);
    for (const lane of [7, 9, 20, 31]) await as(s.pool, s.emil).deposit(units(100), addressInLane(lane));
    // Shares from elsewhere, so that lane 6 has more shares than cash.
    await as(s.pool, s.emil).deposit(units(400), s.emil);
    await as(s.pool, s.emil).transfer(s.dora, units(400));
    await as(s.pool, s.dora).withdraw(units(50), s.dora, s.dora);
    let cash = await cashOf(s);
    expect([cash[6], cash[7], cash[9]]).to.deep.equal([units(10), units(50), units(100)]);
    await as(s.pool, s.dora).withdraw(units(260), s.dora, s.dora);
    cash = await cashOf(s);
    // 10 of its own, 25 and 50 from near, 175 in proportion from 25, 50, 100, 100 and 400.
    expect([cash[6], cash[20], cash[31]]).to.satisfy(
      ([own, ...rest]: bigint[]) => own === 0n && rest.every((c) => c > units(74) && c < units(75)),
    );
    await expectSound(s);
  });

  it("pays the last unit wherever it lies, and refuses one more", async () => {
    const s = await loadFixture(busyPool);
    const cash = await s.pool.totalCash();
    expect(cash).to.equal(units(80_000));
    expect(await s.pool.maxWithdraw(s.dora)).to.equal(cash);
    await expect(as(s.pool, s.dora).withdraw(cash + 1n, s.dora, s.dora))
      .to.be.revertedWithCustomError(s.pool, "InsufficientCash")
      .withArgs(cash + 1n, cash);
    await as(s.pool, s.dora).withdraw(cash, s.dora, s.dora);
    expect(await s.pool.totalCash()).to.equal(0n);
    // Repayments bring cash back, and a borrower's lane serves a lender of another.
    await as(s.market, s.alice).repay(s.alice, 0, units(30_000));
    await as(s.pool, s.emil).withdraw(units(30_000), s.emil, s.emil);
    await expectSound(s);
  });

  it("is at the redemption price, which vests", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(30 * DAY);
    await s.market.checkpoint();
    const price = await priceOf(s);
    const at = price.since + price.duration / 3n;
    await time.setNextBlockTimestamp(at);
    const shares = units(1_000) + 7n;
    const assets = model.assetsForRedemption(price, shares, at);
    await expect(as(s.pool, s.dora).redeem(shares, s.dora, s.dora))
      .to.emit(s.pool, "Withdraw")
      .withArgs(s.dora, s.dora, s.dora, assets, shares);
    expect(assets).to.be.greaterThan(shares);
    await time.increaseTo(price.since + price.duration);
    const [issue, redemption] = await s.pool.prices();
    expect(redemption).to.equal(issue);
    await expectSound(s);
  });

  it("needs the owner's allowance in shares, and his shares", async () => {
    const s = await loadFixture(busyPool);
    const pool = as(s.pool, s.stranger);
    await expect(pool.redeem(1, s.stranger, s.dora)).to.be.revertedWithCustomError(
      pool,
      "ERC20InsufficientAllowance",
    );
    await as(s.pool, s.dora).approve(s.stranger, units(10));
    await pool.redeem(units(10), s.stranger, s.dora);
    expect(await s.pool.allowance(s.dora, s.stranger)).to.equal(0n);
    await expect(as(s.pool, s.dora).redeem(units(99_991), s.dora, s.dora)).to.be.revertedWithCustomError(
      s.pool,
      "ERC20InsufficientBalance",
    );
    await expect(as(s.pool, s.dora).redeem(0, s.dora, s.dora)).to.be.revertedWithCustomError(
      s.pool,
      "ZeroAmount",
    );
  });

  it("equals the model over random deposits, withdrawals, loans and repayments", async () => {
    const s = await loadFixture(busyPool);
    const random = seeded(4_626);
    const expected = new model.LaneCash();
    for (const [lane, cash] of (await cashOf(s)).entries()) expected.add(lane, cash);
    const lanes = { dora: 6, emil: 5, alice: 8, bob: 28 };
    let levelled = 0;
    for (let i = 0; i < 60; i++) {
      const amount = units(100) + below(random, units(i % 7 === 0 ? 20_000 : 2_000));
      const [lender, borrower] = random() < 0.5 ? (["dora", "alice"] as const) : (["emil", "bob"] as const);
      const kind = random();
      if (kind < 0.25) {
        await as(s.pool, s[lender]).deposit(amount, s[lender]);
        expected.add(lanes[lender], amount);
      } else if (kind < 0.75) {
        const lends = kind > 0.6;
        const pay = () =>
          lends
            ? as(s.market, s[borrower]).borrow(s[borrower], 0, amount, s[borrower])
            : as(s.pool, s[lender]).withdraw(amount, s[lender], s[lender]);
        const lane = lanes[lends ? borrower : lender];
        if (amount > expected.total()) {
          await expect(pay()).to.be.revertedWithCustomError(s.pool, "InsufficientCash");
        } else if (lends && (await s.market.debtOf(s[borrower], 0)) + amount > units(84_900)) {
          await expect(pay()).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
        } else {
          await pay();
          expected.pay(lane, amount);
        }
      } else {
        await as(s.market, s[borrower]).repay(s[borrower], 0, amount);
        expected.add(lanes[borrower], amount);
      }
      if (i % 15 === 7) {
        await time.increase(HOUR);
        const [imbalance, threshold] = await s.pool.rebalancing();
        expect(imbalance).to.be.at.least(expected.imbalance());
        if (expected.imbalance() >= threshold) {
          await s.pool.rebalance(s.stranger);
          expected.rebalance();
          levelled++;
        }
      }
      if (i % 6 === 0) expect(await cashOf(s), `after ${i}`).to.deep.equal(expected.lanes);
    }
    expect(levelled, "the sequence must level").to.be.greaterThan(0);
    expect(await cashOf(s)).to.deep.equal(expected.lanes);
    await expectSound(s);
  });
});
