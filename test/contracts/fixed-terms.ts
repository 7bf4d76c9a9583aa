// Fixed rates and maturities: simple interest to the wei, caps per terms and of all fixed debt together, the margin over the
// variable rate, grace, penalty, and liquidation once overdue.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { adopted, FIXED, fixedTerms } from "./support/fixed-terms.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { deployedWithPool, type PoolSetup } from "./support/pool.ts";
import {
  as,
  DAY,
  deployed,
  HOUR,
  NAV,
  open,
  options,
  reportNav,
  type Setup,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const max = ethers.MaxUint256;

type Fixed = Setup & { termsId: bigint; terms: model.FixedTerms };

/** Alice has 1,000 tokens under fixed terms and owes 50,000. */
async function borrowed(): Promise<Fixed> {
  const s = await deployed();
  const termsId = await adopted(s, s.market);
  await open(s, s.bob, 5_000n, 200_000n);
  await as(s.market, s.alice).addCollateral(s.alice, termsId, units(1_000));
  await as(s.market, s.alice).borrow(s.alice, termsId, units(50_000), s.alice);
  await as(s.stablecoin, s.bob).transfer(s.alice, units(50_000));
  await as(s.stablecoin, s.bob).transfer(s.keeper, units(100_000));
  for (const who of [s.alice, s.keeper]) await as(s.stablecoin, who).approve(s.facility, max);
  const { start, maturity, gracePeriod, ratePerYear, penaltyPerYear } = await s.market.termsOf(termsId);
  return { ...s, termsId, terms: { start, maturity, gracePeriod, ratePerYear, penaltyPerYear } };
}

/** Goes on to `seconds` after the grace period, with a NAV reported on the day. */
async function goToOverdue(s: Fixed, seconds: number): Promise<void> {
  await time.increaseTo(Number(s.terms.maturity + s.terms.gracePeriod) + seconds - DAY);
  await reportNav(s.oracle, NAV);
  await time.increase(DAY);
}

const timestampOf = async () => BigInt(await time.latest());

describe("Fixed terms", () => {
  describe("adoption", () => {
    it("takes over published terms once, by anybody", async () => {
      const s = await loadFixture(deployed);
      const terms = await fixedTerms(s.market);
      await s.termsRegistry.publish(terms, "");
      await expect(as(s.market, s.alice).addCollateral(s.alice, 1, 1))
        .to.be.revertedWithCustomError(s.market, "UnknownTerms")
        .withArgs(1);
      await expect(as(s.market, s.stranger).adoptTerms(1)).to.emit(s.market, "TermsAdopted");
      const taken = await s.market.termsOf(1);
      expect(taken.fixedRate).to.equal(true);
      expect(taken.start).to.equal(await time.latest());
      for (const key of [
        "maturity",
        "ratePerYear",
        "penaltyPerYear",
        "gracePeriod",
        "marginPerYear",
      ] as const) {
        expect(taken[key], key).to.equal(BigInt(terms[key]));
      }
      let free = 0n;
      for (let lane = 0; lane < model.LANES; lane++) free += (await s.market.termsLaneOf(1, lane))[1];
      expect(free).to.equal(FIXED.cap);
      await expect(s.market.adoptTerms(1)).to.be.revertedWithCustomError(s.market, "TermsKnown").withArgs(1);
    });

    it("refuses terms of another market, closed ones, unknown ones", async () => {
      const s = await loadFixture(deployed);
      await s.termsRegistry.publish(await fixedTerms(s.lens), "");
      await s.termsRegistry.publish(await fixedTerms(s.market), "");
      await time.increase(FIXED.openFor);
      for (const termsId of [1, 2]) {
        await expect(s.market.adoptTerms(termsId))
          .to.be.revertedWithCustomError(s.market, "TermsNotOpen")
          .withArgs(termsId);
      }
      await expect(s.market.adoptTerms(3)).to.be.revertedWithCustomError(s.termsRegistry, "NoSuchTerms");
    });
  });

  describe("interest", () => {
    it("is simple, exact, and the same whatever checkpoints lie between", async () => {
      const s = await loadFixture(borrowed);
      const { scaledDebt } = await s.market.positionOf(s.alice, s.termsId);
      for (const days of [1, 30, 90]) {
        await time.increase(days * DAY);
        if (days === 30) await s.market.checkpoint();
        const index = model.owedFixedIndex(s.terms, await timestampOf());
        expect(await s.market.indexOf(s.termsId)).to.equal(index);
        expect(await s.market.debtOf(s.alice, s.termsId)).to.equal(model.fixedDebtOf(scaledDebt, index));
      }
    });

    it("is counted for all terms together by two numbers a lane", async () => {
      const s = await loadFixture(borrowed);
      const other = await adopted(s, s.market, { ratePerYear: (9n * WAD) / 100n });
      await as(s.market, s.alice).addCollateral(s.alice, other, units(1_000));
      await as(s.market, s.alice).borrow(s.alice, other, units(30_000), s.alice);
      await time.increase(77 * DAY);
      const now = await timestampOf();
      let exact = 0n;
      for (const termsId of [s.termsId, other]) {
        const terms = await s.market.termsOf(termsId);
        const { scaledDebt } = await s.market.positionOf(s.alice, termsId);
        exact +=
          scaledDebt *
          model.fixedIndex({ ...s.terms, start: terms.start, ratePerYear: terms.ratePerYear }, now);
      }
      const lane = model.laneOf(s.alice.address);
      expect((await s.market.fixedLaneOf(lane))[2]).to.equal(exact / model.INDEX_ONE);
      expect(await s.market.totalFixedDebt()).to.equal(exact / model.INDEX_ONE);
      await as(s.market, s.alice).repay(s.alice, other, max);
      await as(s.market, s.alice).repay(s.alice, s.termsId, max);
      expect(await s.market.fixedLaneOf(lane)).to.deep.equal([0n, (await s.market.fixedLaneOf(lane))[1], 0n]);
      expect(await s.market.totalFixedDebt()).to.equal(0n);
    });

    it("lets whoever borrows later take less scaled debt on, so that nobody pays for time he did not borrow", async () => {
      const s = await loadFixture(borrowed);
      await time.increase(20 * DAY);
      await reportNav(s.oracle, NAV);
      await as(s.collateral, s.carol).approve(s.market, max);
      await as(s.market, s.carol).addCollateral(s.carol, s.termsId, units(1_000));
      await as(s.market, s.carol).borrow(s.carol, s.termsId, units(50_000), s.carol);
      expect(await s.market.debtOf(s.carol, s.termsId)).to.be.closeTo(units(50_000), 1n);
      await expect(as(s.market, s.carol).repay(s.carol, s.termsId, units(1))).to.be.revert(ethers);
    });

    it("goes to the surplus exactly, fixed and variable together", async () => {
      const s = await loadFixture(borrowed);
      await time.increase(60 * DAY);
      await s.market.checkpoint();
      expect(await s.stablecoin.supplyOf(s.facility)).to.equal(await s.market.totalDebt());
    });
  });

  describe("caps", () => {
    it("refuses debt beyond the cap of the terms", async () => {
      const s = await loadFixture(deployed);
      const termsId = await adopted(s, s.market, { cap: units(1_000) });
      await as(s.market, s.alice).addCollateral(s.alice, termsId, units(1_000));
      await expect(as(s.market, s.alice).borrow(s.alice, termsId, units(1_001), s.alice))
        .to.be.revertedWithCustomError(s.market, "CapExceeded")
        .withArgs((requested: bigint) => requested > units(1_000), units(1_000));
      await as(s.market, s.alice).borrow(s.alice, termsId, units(1_000), s.alice);
    });

    it("lends at fixed rates at most 40% of what a pool has, by averages", async () => {
      const s: PoolSetup = await loadFixture(deployedWithPool);
      await as(s.pool, s.dora).deposit(units(100_000), s.dora);
      const termsId = await adopted(s, s.market);
      await as(s.market, s.alice).addCollateral(s.alice, termsId, units(2_000));
      await time.increase(DAY);
      await s.market.checkpoint();
      const [cap] = await s.market.fixedDebtCap();
      expect(cap).to.be.closeTo(units(40_000), units(10));
      await as(s.market, s.alice).borrow(s.alice, termsId, cap, s.alice);
      await expect(
        as(s.market, s.alice).borrow(s.alice, termsId, units(1_000), s.alice),
      ).to.be.revertedWithCustomError(s.market, "CapExceeded");

      await as(s.pool, s.dora).withdraw(units(50_000), s.dora, s.dora);
      await time.increase(DAY);
      await s.market.checkpoint();
      const [less, overhang] = await s.market.fixedDebtCap();
      expect(less).to.be.closeTo(units(20_000), units(100));
      let used = 0n;
      for (let lane = 0; lane < model.LANES; lane++) used += (await s.market.fixedLaneOf(lane))[0];
      expect(less + overhang, "what is lent stays lent").to.equal(used);
      expect(overhang, "and frees nothing until it is back within the limit").to.be.greaterThan(0n);
    });

    it("counts what fixed debt may come to in the exposure that capital must cover", async () => {
      const s = await loadFixture(borrowed);
      const [cap, overhang] = await s.market.debtCap();
      const variable = model.debtOf(cap + overhang, await s.market.borrowIndex());
      let free = 0n;
      for (let lane = 0; lane < model.LANES; lane++) free += (await s.market.fixedLaneOf(lane))[1];
      const fixed = await s.market.totalFixedDebt();
      expect(await s.market.exposureCap()).to.equal(variable + fixed + 1n + free);
    });
  });

  describe("new debt", () => {
    it("ends when the terms close, sooner where they are closed sooner", async () => {
      const s = await loadFixture(borrowed);
      await s.termsRegistry.close(s.termsId, (await time.latest()) + DAY);
      await time.increase(DAY);
      await reportNav(s.oracle, NAV);
      await expect(as(s.market, s.alice).borrow(s.alice, s.termsId, units(1), s.alice))
        .to.be.revertedWithCustomError(s.market, "TermsNotOpen")
        .withArgs(s.termsId);
      await as(s.market, s.alice).repay(s.alice, s.termsId, units(100));
    });

    it("needs the fixed rate to exceed the variable one by the margin", async () => {
      const s = await loadFixture(deployed);
      const { ratePerYear } = await s.market.accrual();
      await s.termsRegistry.publish(
        await fixedTerms(s.market, { ratePerYear, marginPerYear: WAD / 1_000n }),
        "",
      );
      await s.market.adoptTerms(1);
      await as(s.market, s.alice).addCollateral(s.alice, 1, units(1_000));
      await expect(as(s.market, s.alice).borrow(s.alice, 1, units(1_000), s.alice))
        .to.be.revertedWithCustomError(s.market, "BelowVariableRate")
        .withArgs(ratePerYear, ratePerYear + WAD / 1_000n);
    });

    it("is judged by the collateral of its own position alone", async () => {
      const s = await loadFixture(borrowed);
      await as(s.market, s.alice).addCollateral(s.alice, 0, units(5_000));
      await expect(
        as(s.market, s.alice).borrow(s.alice, s.termsId, units(40_000), s.alice),
      ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
    });
  });

  describe("variable terms", () => {
    it("share the market's rate and are capped by themselves", async () => {
      const s = await loadFixture(deployed);
      const terms = await fixedTerms(s.market, {
        rateKind: 0,
        ratePerYear: 0,
        marginPerYear: 0,
        penaltyPerYear: 0,
        maturity: 0,
        gracePeriod: 0,
        cap: units(1_000),
      });
      await s.termsRegistry.publish(terms, "");
      await s.market.adoptTerms(1);
      await as(s.market, s.alice).addCollateral(s.alice, 1, units(100));
      await as(s.market, s.alice).borrow(s.alice, 1, units(900), s.alice);
      await expect(
        as(s.market, s.alice).borrow(s.alice, 1, units(101), s.alice),
      ).to.be.revertedWithCustomError(s.market, "CapExceeded");
      await time.increase(30 * DAY);
      const index = await s.market.borrowIndex();
      const { scaledDebt } = await s.market.positionOf(s.alice, 1);
      expect(await s.market.debtOf(s.alice, 1)).to.equal(model.debtOf(scaledDebt, index));
      expect(await s.market.totalFixedDebt()).to.equal(0n);
      const lane = model.laneOf(s.alice.address);
      expect((await s.market.termsLaneOf(1, lane))[0]).to.equal(scaledDebt);
      expect((await s.market.laneOf(lane))[0]).to.equal(scaledDebt);
    });
  });

  describe("after maturity", () => {
    it("charges the penalty from the end of grace, recognised when it is paid", async () => {
      const s = await loadFixture(borrowed);
      await goToOverdue(s, 30 * DAY);
      const { scaledDebt } = await s.market.positionOf(s.alice, s.termsId);
      const now = await timestampOf();
      const earned = model.fixedDebtOf(scaledDebt, model.fixedIndex(s.terms, now));
      const owed = model.fixedDebtOf(scaledDebt, model.owedFixedIndex(s.terms, now));
      expect(await s.market.debtOf(s.alice, s.termsId)).to.equal(owed);
      expect(owed - earned).to.be.closeTo((earned * 5n * 30n) / 36_500n, units(1));
      expect(await s.market.totalFixedDebt(), "not counted before").to.be.closeTo(earned, 1n);

      await s.market.checkpoint();
      await as(s.market, s.alice).repay(s.alice, s.termsId, max);
      await time.increase(HOUR);
      await s.market.checkpoint();
      const [event] = (await s.facility.queryFilter("Settled")).slice(-1);
      if (!event || !("args" in event)) throw new Error("no event");
      expect(event.args.profit, "the penalty is profit now").to.be.greaterThan(owed - earned);
    });

    it("leaves a healthy position alone within the grace period, and sells any part of it after", async () => {
      const s = await loadFixture(borrowed);
      const end = Number(s.terms.maturity + s.terms.gracePeriod);
      await time.increaseTo(end - DAY);
      await reportNav(s.oracle, NAV);
      const liquidate = (amount: bigint) =>
        as(s.market, s.keeper).liquidate(s.alice, s.termsId, amount, 0, s.keeper, "0x");
      await time.setNextBlockTimestamp(end - 1);
      await expect(liquidate(units(1_000))).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
      await time.setNextBlockTimestamp(end);
      await liquidate(units(1_000));

      const { liquidation } = options.parameters;
      const seized = await s.collateral.balanceOf(s.keeper);
      expect(seized).to.equal((units(1_000) * (WAD + liquidation.minBonus)) / WAD / 100n);
      const debt = await s.market.debtOf(s.alice, s.termsId);
      await expect(liquidate(debt - units(50)), "leaves no dust").to.be.revertedWithCustomError(
        s.market,
        "DebtBelowMinimum",
      );
      await liquidate(max);
      expect((await s.market.positionOf(s.alice, s.termsId)).scaledDebt).to.equal(0n);
      expect(await s.market.totalLoss()).to.equal(0n);
    });

    it("releases no collateral before the debt is paid, so that no passed check puts off a liquidation", async () => {
      const s = await loadFixture(borrowed);
      await goToOverdue(s, DAY);
      await reportNav(s.oracle, NAV);
      const remove = () => as(s.market, s.alice).removeCollateral(s.alice, s.termsId, 1, s.alice);
      await expect(remove()).to.be.revertedWithCustomError(s.market, "DebtOverdue").withArgs(s.termsId);
      await as(s.market, s.alice).repay(s.alice, s.termsId, max);
      await remove();
    });

    it("books as loss what was counted, never the penalty", async () => {
      const s = await loadFixture(borrowed);
      await goToOverdue(s, 30 * DAY);
      // The asset turns out to be worth less than half of the debt.
      await reportNav(s.oracle, (NAV * 20n) / 100n);
      await time.increase(DAY);
      const quote = (await s.market.liquidationQuote(s.alice, s.termsId))[0];
      const before = await s.market.debtOf(s.alice, s.termsId);
      await as(s.market, s.keeper).liquidate(s.alice, s.termsId, max, 0, s.keeper, "0x");
      const loss = await s.market.totalLoss();
      const [event] = await s.market.queryFilter("Liquidated");
      if (!event || !("args" in event)) throw new Error("no event");
      expect(event.args.seized).to.equal(units(1_000));
      expect(loss).to.be.greaterThan(0n);
      expect(loss, "less than what the position owed beyond what was paid").to.be.lessThan(
        before - quote.repay,
      );
    });
  });
});
