// The capital policy: what caps need, that none rises and no capital leaves without it.
import { expect } from "chai";
import { exposureKinds } from "../../contracts/deployment/market.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { CEILING, dollars } from "./support/peg.ts";
import { as, DAY, units } from "./support/setup.ts";
import { DEBT_CAP, type Surrounded, surrounded } from "./support/surroundings.ts";

const { loadFixture, time } = networkHelpers;

/** Covered exactly but for the index's growth: 140,000 of capital. */
async function covered(): Promise<Surrounded> {
  const s = await surrounded();
  await as(s.backstop, s.bob).deposit(units(140_000), s.bob);
  return s;
}

describe("CapitalPolicy", () => {
  it("weighs caps, not use, at the market's index and in the peg's own units", async () => {
    const s = await loadFixture(surrounded);
    await time.increase(30 * DAY);
    const index = await s.market.borrowIndex();
    const cap = (DEBT_CAP * index + 10n ** 18n - 1n) / 10n ** 18n;
    expect(await s.policy.capOf(s.market)).to.equal(cap);
    expect(await s.policy.capOf(s.peg)).to.equal(CEILING * 10n ** 12n);
    expect(await s.policy.requiredCapital()).to.equal((cap + 9n) / 10n + units(32_000));
    await as(s.stablecoin, s.alice).transfer(s.surplus, units(7));
    await as(s.backstop, s.bob).deposit(units(100), s.bob);
    expect(await s.policy.capital()).to.equal(units(107));
    expect(await s.policy.excess()).to.equal(0n);
    await expect(s.policy.requireCovered()).to.be.revertedWithCustomError(s.policy, "NotCovered");
  });

  it("raises a cap only as far as capital covers it", async () => {
    const s = await loadFixture(covered);
    await expect(s.policy.raiseDebtCap(s.market, units(90_000))).to.be.revertedWithCustomError(
      s.policy,
      "NotCovered",
    );
    expect((await s.market.debtCap())[0], "the raise was undone").to.equal(DEBT_CAP);
    await expect(s.policy.raiseDebtCap(s.market, units(50_000))).to.emit(s.policy, "CapRaised");
    expect((await s.market.debtCap())[0]).to.equal(DEBT_CAP + units(50_000));
    await expect(s.policy.raiseCeiling(s.peg, dollars(400_000))).to.be.revertedWithCustomError(
      s.policy,
      "NotCovered",
    );
    await s.policy.raiseCeiling(s.peg, dollars(200_000));
    expect((await s.peg.ceiling())[0]).to.equal(CEILING + dollars(200_000));
  });

  it("counts no capital that queues to leave, and lets none queue that caps need", async () => {
    const s = await loadFixture(covered);
    const bob = as(s.backstop, s.bob);
    await expect(bob.requestExit(units(10_000))).to.be.revertedWithCustomError(s.policy, "NotCovered");
    await bob.requestExit(units(5_000));
    expect(await s.policy.capital()).to.equal(units(135_000));
    await expect(s.policy.raiseDebtCap(s.market, units(50_000))).to.be.revertedWithCustomError(
      s.policy,
      "NotCovered",
    );
    await s.market.cutDebtCap(units(500_000));
    await bob.requestExit(units(50_000));
    await time.increase(10 * DAY);
    await bob.redeem(units(55_000), s.bob, s.bob);
    expect(await s.policy.capital()).to.equal(units(85_000));
  });

  it("counts what exceeds a cut cap until it is paid off", async () => {
    const s = await loadFixture(covered);
    await s.market.cutDebtCap(DEBT_CAP);
    const [cap, overhang] = await s.market.debtCap();
    expect(cap).to.equal(0n);
    expect(await s.policy.capOf(s.market)).to.be.at.least(overhang);
    await expect(s.policy.removeExposure(s.market)).to.be.revertedWithCustomError(s.policy, "StillExposed");
  });

  it("lists exposures once each, by governance alone", async () => {
    const s = await loadFixture(covered);
    expect(await s.policy.exposures()).to.deep.equal([
      [s.peg.target, BigInt(exposureKinds.peg), 100n],
      [s.market.target, BigInt(exposureKinds.market), 1_000n],
    ]);
    await s.policy.setExposure(s.market, exposureKinds.market, 900);
    expect((await s.policy.exposures()).length).to.equal(2);
    await expect(s.policy.setExposure(s.market, exposureKinds.peg, 1)).to.be.revertedWithCustomError(
      s.policy,
      "NotListed",
    );
    for (const [kind, weight] of [
      [0, 1],
      [1, 0],
      [1, 10_001],
    ]) {
      await expect(s.policy.setExposure(s.bob, kind, weight)).to.be.revertedWithCustomError(
        s.policy,
        "InvalidExposure",
      );
    }
    await s.peg.cutCeiling(CEILING);
    await s.policy.removeExposure(s.peg);
    await expect(s.policy.raiseCeiling(s.peg, 1)).to.be.revertedWithCustomError(s.policy, "NotListed");
    await expect(s.policy.raiseDebtCap(s.peg, 1)).to.be.revertedWithCustomError(s.policy, "NotListed");
    await expect(s.policy.capOf(s.peg)).to.be.revertedWithCustomError(s.policy, "NotListed");
    const stranger = as(s.policy, s.stranger);
    for (const call of [
      () => stranger.setExposure(s.bob, 1, 1),
      () => stranger.removeExposure(s.market),
      () => stranger.raiseDebtCap(s.market, 1),
      () => stranger.raiseCeiling(s.peg, 1),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(s.policy, "AccessManagedUnauthorized");
    }
    for (let i = 1; i <= 15; i++) {
      await s.policy.setExposure(ethers.zeroPadValue(ethers.toBeHex(i), 20), exposureKinds.peg, 1);
    }
    await expect(s.policy.setExposure(s.bob, exposureKinds.peg, 1)).to.be.revertedWithCustomError(
      s.policy,
      "TooManyExposures",
    );
  });
});
