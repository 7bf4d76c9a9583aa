// Borrowing: limits, rounding, who may, and where the debt is kept.
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
  TIERS,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

describe("Market.borrow", () => {
  it("mints pUSD to the receiver and keeps the debt in the owner's position and lane", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    const lane = model.laneOf(s.alice.address);
    const [, freeBefore] = await s.market.laneOf(lane);
    await expect(as(s.market, s.alice).borrow(s.alice, 0, units(50_000), s.stranger))
      .to.emit(s.market, "Borrowed")
      .withArgs(s.alice, 0, s.stranger, s.alice, units(50_000), (scaled: bigint) => scaled > 0n);

    expect(await s.stablecoin.balanceOf(s.stranger)).to.equal(units(50_000));
    const { scaledDebt, healthCheckedAt } = await s.market.positionOf(s.alice, 0);
    const [used, free] = await s.market.laneOf(lane);
    expect(used).to.equal(scaledDebt);
    expect(freeBefore - free).to.equal(scaledDebt);
    expect(healthCheckedAt).to.equal(await time.latest());
    expect(await s.stablecoin.supplyLane(s.facility, lane)).to.equal(units(50_000));
    expect(await s.stablecoin.totalSupply()).to.equal(units(50_000));
  });

  it("rounds scaled debt up, so that less is never owed than was lent", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    await time.increase(90 * HOUR);
    await reportNav(s.oracle, NAV);
    for (const wei of [1n, 2n, 3n, 7n, 1_000_003n]) {
      await as(s.market, s.alice).borrow(s.alice, 0, units(100) + wei, s.alice);
      const timestamp = await time.latest();
      const { index, ratePerYear, timestamp: since } = await s.market.accrual();
      const now = model.growIndex(index, ratePerYear, BigInt(timestamp) - since);
      const debt = await s.market.debtOf(s.alice, 0, { blockTag: "latest" });
      const supply = await s.stablecoin.totalSupply();
      expect(debt).to.be.greaterThanOrEqual(supply);
      const { scaledDebt } = await s.market.positionOf(s.alice, 0);
      expect(model.debtOf(scaledDebt, now)).to.be.greaterThanOrEqual(supply);
    }
  });

  it("allows the maximum loan-to-value exactly and not one wei more", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    const limit = (1_000n * 100n * WAD * options.parameters.maxLtv) / WAD;
    await time.setNextBlockTimestamp((await s.market.accrual()).timestamp + 1_000n);
    await expect(as(s.market, s.alice).borrow(s.alice, 0, limit + 1n, s.alice))
      .to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv")
      .withArgs((debt: bigint) => debt > limit, limit);
    await as(s.market, s.alice).borrow(s.alice, 0, limit - 1n, s.alice);
  });

  it("refuses debt below the minimum, zero, unknown terms and the zero receiver", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    const market = as(s.market, s.alice);
    await expect(market.borrow(s.alice, 0, units(99), s.alice)).to.be.revertedWithCustomError(
      market,
      "DebtBelowMinimum",
    );
    await expect(market.borrow(s.alice, 0, 0, s.alice)).to.be.revertedWithCustomError(market, "ZeroAmount");
    await expect(market.borrow(s.alice, 7, units(100), s.alice))
      .to.be.revertedWithCustomError(market, "UnknownTerms")
      .withArgs(7);
    await expect(market.borrow(s.alice, 0, units(100), ethers.ZeroAddress)).to.be.revertedWithCustomError(
      market,
      "ZeroAddress",
    );
  });

  it("is for the owner and for operators he authorised", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    const operator = as(s.market, s.stranger);
    await expect(operator.borrow(s.alice, 0, units(100), s.stranger))
      .to.be.revertedWithCustomError(operator, "NotAuthorised")
      .withArgs(s.stranger, s.alice);
    await as(s.market, s.alice).setAuthorisation(s.stranger, true);
    await operator.borrow(s.alice, 0, units(100), s.stranger);
    await as(s.market, s.alice).setAuthorisation(s.stranger, false);
    await expect(operator.borrow(s.alice, 0, units(100), s.stranger)).to.be.revertedWithCustomError(
      operator,
      "NotAuthorised",
    );
  });

  it("needs a borrower's identity: valid, not frozen, of the tier", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    const borrow = () => as(s.market, s.alice).borrow(s.alice, 0, units(100), s.alice);
    await s.registry.setFrozen(s.alice, true);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "NotEligible");
    await s.registry.setFrozen(s.alice, false);
    const now = await time.latest();
    await s.registry.setPerson(s.alice, TIERS.holder, 528, now + DAY);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "NotEligible");
    await s.registry.setPerson(s.alice, TIERS.borrower, 528, now + 1_000);
    await borrow();
    await time.increaseTo(now + 1_000);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "NotEligible");
  });

  it("needs a fresh NAV, and takes the lower of accepted and pending", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    const borrow = (amount: bigint) => as(s.market, s.alice).borrow(s.alice, 0, units(amount), s.alice);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n); // out of bounds: pending
    await expect(borrow(80_000n)).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
    await borrow(76_000n);
    await time.increase(74 * HOUR);
    await expect(borrow(100n)).to.be.revertedWithCustomError(s.market, "NavNotUsable").withArgs(1);
  });

  it("stops while paused", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 1_000n);
    await s.market.pauseNewDebt();
    await expect(as(s.market, s.alice).borrow(s.alice, 0, units(100), s.alice)).to.be.revertedWithCustomError(
      s.market,
      "NewDebtIsPaused",
    );
    await as(s.stablecoin, s.alice).approve(s.facility, ethers.MaxUint256);
    await as(s.market, s.alice).repay(s.alice, 0, units(500));
    await s.market.resumeNewDebt();
    await as(s.market, s.alice).borrow(s.alice, 0, units(100), s.alice);
  });
});
