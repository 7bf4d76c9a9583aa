// Pre-liquidation by consent: the owner names a loan-to-value below the market's and a bonus; in between liquidators may act.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, deployed, dropNav, HOUR, NAV, open, options, type Setup, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const { liquidation } = options.parameters;
const max = ethers.MaxUint256;
const LLTV = (86n * WAD) / 100n;
const BONUS = WAD / 200n;

/** Alice owes 80,000 against 1,000 tokens, healthy at a NAV of 91: between 86% and 90%. */
async function inTheBand(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 80_000n);
  await open(s, s.bob, 8_000n, 300_000n);
  await as(s.stablecoin, s.bob).transfer(s.keeper, units(200_000));
  await as(s.stablecoin, s.keeper).approve(s.facility, max);
  await dropNav(s.oracle, (NAV * 91n) / 100n);
  await time.increase(HOUR);
  return s;
}

const liquidate = (s: Setup) => as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.keeper, "0x");

describe("Market.setConsent", () => {
  it("lets liquidators act in the band, to the wei of the model, and only there", async () => {
    const s = await loadFixture(inTheBand);
    await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
    await as(s.market, s.alice).setConsent(0, LLTV, BONUS);
    const timestamp = (await time.latest()) + 10;
    await time.setNextBlockTimestamp(timestamp);
    await expect(liquidate(s)).to.emit(s.market, "LiquidationPriced");

    const [event] = await s.market.queryFilter("Liquidated");
    const [priced] = await s.market.queryFilter("LiquidationPriced");
    if (!event || !("args" in event) || !priced || !("args" in priced)) throw new Error("no event");
    const value = units(91_000);
    const terms = { ...liquidation, lltv: LLTV, minBonus: BONUS, maxBonus: BONUS };
    const quote = model.quoteLiquidation(value, priced.args.debt, terms);
    expect(priced.args.cause).to.equal(2n);
    expect([event.args.repaid, event.args.seized, event.args.loss]).to.deep.equal([
      quote.repay,
      model.seizedFor(units(1_000), value, quote.repay, quote),
      0n,
    ]);
    expect(event.args.repaid).to.be.lessThan(units(40_000));
    await expect(liquidate(s), "back below the band").to.be.revertedWithCustomError(
      s.market,
      "NotLiquidatable",
    );
  });

  it("is taken back by zeros, and is each position's own", async () => {
    const s = await loadFixture(inTheBand);
    await as(s.market, s.alice).setConsent(0, LLTV, BONUS);
    await expect(as(s.market, s.alice).setConsent(0, 0, 0))
      .to.emit(s.market, "ConsentSet")
      .withArgs(s.alice, 0, 0, 0);
    await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
    await as(s.market, s.alice).setConsent(7, LLTV, BONUS);
    await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
  });

  it("refuses what is no sooner liquidation, or a bonus that the collateral could not pay", async () => {
    const s = await loadFixture(inTheBand);
    for (const [lltv, bonus] of [
      [liquidation.lltv, BONUS],
      [LLTV, WAD / 5n],
      [0n, BONUS],
    ] as const) {
      await expect(as(s.market, s.alice).setConsent(0, lltv, bonus))
        .to.be.revertedWithCustomError(s.market, "InvalidConsent")
        .withArgs(lltv, bonus);
    }
  });

  it("never turns a healthy position into a loss, when a ramp makes its bonus more than there is", async () => {
    const s = await loadFixture(inTheBand);
    await as(s.market, s.alice).setConsent(0, LLTV, (11n * WAD) / 100n);
    await s.market.rampLltv((96n * WAD) / 100n, 7 * 24 * HOUR);
    await time.increase(8 * 24 * HOUR);
    await dropNav(s.oracle, (NAV * 85n) / 100n); // 94%: healthy under 96%, headroom 6%
    await time.increase(HOUR);
    const [quote] = await s.market.liquidationQuote(s.alice, 0);
    expect(quote.loss).to.equal(0n);
    expect(quote.markup).to.be.lessThan((107n * WAD) / 100n);
  });
});
