// The liquidation loan-to-value moves by ramps alone: linear in time, from where it is, never in a step.
import { expect } from "chai";
import { networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, NAV, open, options, reportNav, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const { maxLtv, liquidation } = options.parameters;
const TARGET = (80n * WAD) / 100n;

describe("Market.rampLltv", () => {
  it("moves both loan-to-values in proportion, linearly", async () => {
    const s = await loadFixture(deployed);
    await expect(s.market.rampLltv(TARGET, 10 * DAY)).to.emit(s.market, "LltvRamp");
    const start = await time.latest();
    for (const [days, lltv] of [
      [0, liquidation.lltv],
      [5, (liquidation.lltv + TARGET) / 2n],
      [10, TARGET],
      [20, TARGET],
    ] as const) {
      if (days > 0) await time.increaseTo(start + days * DAY);
      const now = await s.market.parameters();
      expect(now.liquidation.lltv).to.equal(lltv);
      expect(now.maxLtv).to.equal((maxLtv * lltv) / liquidation.lltv);
    }
  });

  it("governs new debt and health as it goes", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 84_000n);
    await s.market.rampLltv(TARGET, 10 * DAY);
    await time.increase(10 * DAY);
    await reportNav(s.oracle, NAV);
    expect(await s.market.healthOf(s.alice, 0)).to.be.lessThan(WAD);
    await as(s.market, s.bob).addCollateral(s.bob, 0, units(1_000));
    await expect(as(s.market, s.bob).borrow(s.bob, 0, units(76_000), s.bob)).to.be.revertedWithCustomError(
      s.market,
      "ExceedsMaxLtv",
    );
    await as(s.market, s.bob).borrow(s.bob, 0, units(75_000), s.bob);
  });

  it("starts from where the last one has got to", async () => {
    const s = await loadFixture(deployed);
    await s.market.rampLltv(TARGET, 10 * DAY);
    await time.increase(5 * DAY);
    const before = (await s.market.parameters()).liquidation.lltv;
    await s.market.rampLltv(liquidation.lltv, 10 * DAY);
    expect((await s.market.parameters()).liquidation.lltv).to.be.closeTo(before, WAD / 1_000_000n);
  });

  it("takes a week at least and a year at most, and leaves room for the bonus", async () => {
    const s = await loadFixture(deployed);
    for (const duration of [7 * DAY - 1, 365 * DAY + 1]) {
      await expect(s.market.rampLltv(TARGET, duration))
        .to.be.revertedWithCustomError(s.market, "RampDuration")
        .withArgs(duration, 7 * DAY, 365 * DAY);
    }
    for (const target of [0n, (97n * WAD) / 100n]) {
      await expect(s.market.rampLltv(target, 10 * DAY)).to.be.revertedWithCustomError(
        s.market,
        "InvalidParameters",
      );
    }
    await expect(as(s.market, s.alice).rampLltv(TARGET, 10 * DAY)).to.be.revertedWithCustomError(
      s.market,
      "AccessManagedUnauthorized",
    );
  });
});
