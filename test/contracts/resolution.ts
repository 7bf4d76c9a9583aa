// Positions in default whose collateral does not trade by the day: mark, sale window, Dutch auction, and what ends them.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import {
  AUCTION_DURATION,
  AUCTION_END,
  AUCTION_START,
  type AuctionSetup,
  inDefault,
  marked,
  SALE_WINDOW,
} from "./support/auction.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  DAY,
  deployed,
  dropNav,
  HOUR,
  NAV,
  open,
  options,
  reportNav,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const { liquidation } = options.parameters;
const max = ethers.MaxUint256;
const PHASE = { none: 0n, window: 1n, auction: 2n, workout: 3n };
const LOW = (NAV * 88n) / 100n;

const liquidate = (s: AuctionSetup, who = s.keeper, amount: bigint = max, least = 0n) =>
  as(s.market, who).liquidate(s.alice, 0, amount, least, who, "0x");
const phaseOf = async (s: AuctionSetup) =>
  (await s.market.resolutionOf(s.alice, 0)) as [bigint, bigint, unknown];

/** What a sale at `markup` gives by the model, of Alice's debt as the last liquidation found it. */
async function expectSoldAt(s: AuctionSetup, markup: bigint, nav = LOW): Promise<void> {
  const [event] = (await s.market.queryFilter("Liquidated")).slice(-1);
  const [priced] = (await s.market.queryFilter("LiquidationPriced")).slice(-1);
  if (!event || !("args" in event) || !priced || !("args" in priced)) throw new Error("no event");
  expect(priced.args.markup).to.equal(markup);
  const value = model.collateralValue(units(1_000), nav, { collateral: 18, nav: 8, loan: 18 });
  const quote = model.quoteSale(value, priced.args.debt, markup, liquidation);
  expect([event.args.repaid, event.args.seized]).to.deep.equal([
    quote.repay,
    model.seizedFor(units(1_000), value, quote.repay, quote),
  ]);
}

describe("Resolution", () => {
  describe("mark", () => {
    it("opens the sale window, then the auction, then the workout", async () => {
      const s = await loadFixture(inDefault);
      expect((await phaseOf(s))[0]).to.equal(PHASE.none);
      await as(s.market, s.keeper).mark(s.alice, 0);
      const at = await time.latest();
      expect((await phaseOf(s)).slice(0, 2)).to.deep.equal([PHASE.window, BigInt(at + SALE_WINDOW)]);
      await time.increaseTo(at + SALE_WINDOW);
      expect((await phaseOf(s)).slice(0, 2)).to.deep.equal([
        PHASE.auction,
        BigInt(at + SALE_WINDOW + AUCTION_DURATION),
      ]);
      await time.increaseTo(at + SALE_WINDOW + AUCTION_DURATION);
      expect((await phaseOf(s)).slice(0, 2)).to.deep.equal([PHASE.workout, max]);
    });

    it("is for whoever may liquidate, not for the owner, on a position in default, once", async () => {
      const s = await loadFixture(inDefault);
      const mark = (who: typeof s.keeper, owner = s.alice) => as(s.market, who).mark(owner, 0);
      await expect(mark(s.alice)).to.be.revertedWithCustomError(s.market, "SelfLiquidation");
      await expect(mark(s.stranger)).to.be.revertedWithCustomError(s.market, "NotEligible");
      await expect(mark(s.keeper, s.bob)).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
      await expect(mark(s.keeper, s.carol)).to.be.revertedWithCustomError(s.market, "NoDebt");
      await expect(mark(s.keeper)).to.emit(s.market, "Marked");
      await expect(mark(s.buyer)).to.be.revertedWithCustomError(s.market, "AlreadyMarked");
    });

    it("does not exist where assets trade by the day", async () => {
      const s = await loadFixture(deployed);
      await open(s, s.alice, 1_000n, 80_000n);
      await dropNav(s.oracle, LOW);
      await time.increase(HOUR);
      await expect(as(s.market, s.keeper).mark(s.alice, 0)).to.be.revertedWithCustomError(
        s.market,
        "NoAuctions",
      );
    });
  });

  describe("in the sale window", () => {
    it("preferred buyers alone buy, at the minimum bonus", async () => {
      const s = await loadFixture(marked);
      const [, until] = await phaseOf(s);
      await expect(liquidate(s))
        .to.be.revertedWithCustomError(s.market, "PreferredBuyersOnly")
        .withArgs(until);
      await liquidate(s, s.buyer);
      await expectSoldAt(s, WAD + liquidation.minBonus);
      expect(await s.market.healthOf(s.alice, 0)).to.be.greaterThan(liquidation.targetHealth - 1_000n);
    });
  });

  describe("in the auction", () => {
    it("everybody buys at a markup that rises from a premium to a discount", async () => {
      const s = await loadFixture(marked);
      const from = (await time.latest()) + SALE_WINDOW;
      for (const day of [0, 1]) {
        await time.increaseTo(from + day * DAY);
        const [quote] = await s.market.liquidationQuote(s.alice, 0);
        expect(quote.markup).to.equal(AUCTION_START + ((AUCTION_END - AUCTION_START) * BigInt(day)) / 3n);
      }
      await time.setNextBlockTimestamp(from + 2 * DAY);
      await liquidate(s);
      await expectSoldAt(s, AUCTION_START + ((AUCTION_END - AUCTION_START) * 2n) / 3n);
    });

    it("at a premium gives less collateral than it is worth", async () => {
      const s = await loadFixture(marked);
      await time.increase(SALE_WINDOW);
      await liquidate(s, s.keeper, units(10_000));
      const seized = await s.collateral.balanceOf(s.keeper);
      expect(await s.market.collateralValue(seized)).to.be.lessThan(units(9_850));
    });

    it("closes in full with a loss where all collateral does not pay the debt at that markup", async () => {
      const s = await loadFixture(marked);
      await time.increase(SALE_WINDOW + AUCTION_DURATION - HOUR);
      const debt = await s.market.debtOf(s.alice, 0);
      await liquidate(s);
      const position = await s.market.positionOf(s.alice, 0);
      expect([position.scaledDebt, position.collateral]).to.deep.equal([0n, 0n]);
      const [event] = await s.market.queryFilter("Liquidated");
      if (!event || !("args" in event)) throw new Error("no event");
      expect(event.args.repaid + event.args.loss).to.be.closeTo(debt, units(1));
      expect(event.args.loss).to.be.greaterThan(units(3_000));
      expect((await phaseOf(s))[0], "nothing is left to resolve").to.equal(PHASE.none);
    });

    it("starts anew where the NAV could not be used meanwhile", async () => {
      const s = await loadFixture(marked);
      await time.increase(SALE_WINDOW + DAY);
      expect((await phaseOf(s))[0]).to.equal(PHASE.auction);
      await s.oracle.pullRipcord();
      await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NavNotUsable");
      await time.increase(10 * DAY);
      await reportNav(s.oracle, LOW);
      await s.oracle.releaseRipcord();
      const now = await time.latest();
      expect(await s.oracle.usableSince()).to.equal(now);
      expect((await phaseOf(s)).slice(0, 2)).to.deep.equal([PHASE.window, BigInt(now + SALE_WINDOW)]);
    });
  });

  describe("restored health", () => {
    it("ends it: nothing is liquidated, and the mark can be taken off", async () => {
      const s = await loadFixture(marked);
      await expect(s.market.unmark(s.alice, 0)).to.be.revertedWithCustomError(s.market, "CannotUnmark");
      await as(s.market, s.alice).repay(s.alice, 0, units(20_000));
      await expect(liquidate(s, s.buyer)).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
      await expect(as(s.market, s.stranger).unmark(s.alice, 0))
        .to.emit(s.market, "Unmarked")
        .withArgs(s.alice, 0, s.stranger);
      expect((await phaseOf(s))[0]).to.equal(PHASE.none);
      await expect(s.market.unmark(s.alice, 0)).to.be.revertedWithCustomError(s.market, "CannotUnmark");
    });

    it("shown by a passed health check voids the mark, so that a later default is marked anew", async () => {
      const s = await loadFixture(marked);
      await as(s.market, s.alice).repay(s.alice, 0, units(40_000));
      await as(s.market, s.alice).borrow(s.alice, 0, units(30_000), s.alice);
      expect((await phaseOf(s))[0]).to.equal(PHASE.none);
      await dropNav(s.oracle, (NAV * 75n) / 100n);
      await time.increase(HOUR);
      await as(s.market, s.keeper).mark(s.alice, 0);
      expect((await phaseOf(s))[0]).to.equal(PHASE.window);
    });
  });

  describe("after the auction", () => {
    it("the discount is back", async () => {
      const s = await loadFixture(marked);
      await time.increase(SALE_WINDOW + AUCTION_DURATION);
      const debt = await s.market.debtOf(s.alice, 0);
      const [quote] = await s.market.liquidationQuote(s.alice, 0);
      expect(quote.markup).to.equal(model.quoteLiquidation(units(88_000), debt, liquidation).markup);
    });
  });

  describe("impair", () => {
    it("assumes what the end of an auction would bring", async () => {
      const s = await loadFixture(inDefault);
      await s.market.impair(s.alice, 0);
      const debt = await s.market.debtOf(s.alice, 0);
      const recovered = model.mulDivUp(units(88_000), WAD, AUCTION_END);
      expect(await s.market.impairmentOf(s.alice, 0)).to.equal(debt - recovered);
    });
  });

  describe("writeOff", () => {
    it("books the debt of a position without collateral, by anybody, and only that", async () => {
      const s = await loadFixture(inDefault);
      await expect(s.market.writeOff(s.alice, 0))
        .to.be.revertedWithCustomError(s.market, "CollateralLeft")
        .withArgs(units(1_000));
      await expect(s.market.writeOff(s.carol, 0)).to.be.revertedWithCustomError(s.market, "NoDebt");
      await s.market.forceSeize(s.alice, 0, units(1_000), s.carol);
      const debt = await s.market.debtOf(s.alice, 0);
      await expect(as(s.market, s.stranger).writeOff(s.alice, 0)).to.emit(s.market, "WrittenOff");
      expect((await s.market.positionOf(s.alice, 0)).scaledDebt).to.equal(0n);
      expect(await s.market.totalLoss()).to.be.closeTo(debt, units(1));
    });
  });
});
