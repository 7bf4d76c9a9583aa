// Liquidation: when, by whom, how much, and what happens when the collateral is not worth the debt.
import { expect } from "chai";
import { signConfirmation } from "../../contracts/deployment/nav-report.ts";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  attestors,
  DAY,
  deployed,
  dropNav,
  HOUR,
  NAV,
  NETHERLANDS,
  open,
  options,
  reportNav,
  type Setup,
  TIERS,
  units,
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const { liquidation } = options.parameters;
const max = ethers.MaxUint256;

/** Alice owes 80,000 against 1,000 tokens; Bob's loan funds the keeper. */
async function indebted(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 80_000n);
  await open(s, s.bob, 8_000n, 300_000n);
  await as(s.stablecoin, s.bob).transfer(s.keeper, units(200_000));
  await as(s.stablecoin, s.keeper).approve(s.facility, max);
  return s;
}

function liquidate(s: Setup, amount: bigint = max, who = s.keeper) {
  return as(s.market, who).liquidate(s.alice, 0, amount, 0, who, "0x");
}

describe("Market.liquidate", () => {
  it("leaves a healthy position alone", async () => {
    const s = await loadFixture(indebted);
    await time.increase(HOUR);
    await expect(liquidate(s))
      .to.be.revertedWithCustomError(s.market, "NotLiquidatable")
      .withArgs((health: bigint) => health > WAD);
  });

  it("restores the target health by a partial liquidation, as the model says to the wei", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    const timestamp = (await time.latest()) + 60;
    await time.setNextBlockTimestamp(timestamp);
    await liquidate(s);

    const [event] = await s.market.queryFilter("Liquidated");
    if (!event || !("args" in event)) throw new Error("no event");
    const { repaid, seized, loss, scaled } = event.args;
    const { scaledDebt, collateral } = await s.market.positionOf(s.alice, 0);
    const index = await s.market.borrowIndex({ blockTag: event.blockNumber });
    const debt = model.debtOf(scaledDebt + scaled, index);
    const value = model.collateralValue(units(1_000), (NAV * 88n) / 100n, {
      collateral: 18,
      nav: 8,
      loan: 18,
    });
    const quote = model.quoteLiquidation(value, debt, liquidation);
    expect(quote.closeInFull).to.equal(false);
    expect([repaid, seized, loss]).to.deep.equal([
      quote.repay,
      model.seizedFor(units(1_000), value, quote.repay, quote),
      0n,
    ]);
    expect(collateral).to.equal(units(1_000) - seized);
    expect(await s.collateral.balanceOf(s.keeper)).to.equal(seized);
    const health = await s.market.healthOf(s.alice, 0, { blockTag: event.blockNumber });
    expect(health).to.be.greaterThan(liquidation.targetHealth - 1_000n);
    expect(health).to.be.lessThan(liquidation.targetHealth + 10n ** 6n);
    await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
  });

  it("takes less where the liquidator offers less, and improves health by it", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(60);
    const before = await s.market.healthOf(s.alice, 0);
    await liquidate(s, units(1_000));
    expect(await s.stablecoin.balanceOf(s.keeper)).to.equal(units(199_000));
    expect(await s.market.healthOf(s.alice, 0)).to.be.greaterThan(before);
    await liquidate(s, units(1_000));
  });

  it("holds to the liquidator's minimum", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(60);
    await expect(
      as(s.market, s.keeper).liquidate(s.alice, 0, units(1_000), units(50), s.keeper, "0x"),
    ).to.be.revertedWithCustomError(s.market, "SeizedTooLittle");
  });

  it("closes in full with a loss where the collateral cannot pay, and stops new debt until it is covered", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 70n) / 100n);
    await time.increase(60);
    const lane = model.laneOf(s.alice.address);
    await expect(liquidate(s, units(1_000))).to.be.revertedWithCustomError(s.market, "MustCloseInFull");
    await liquidate(s);

    const { collateral, scaledDebt } = await s.market.positionOf(s.alice, 0);
    expect([collateral, scaledDebt]).to.deep.equal([0n, 0n]);
    expect(await s.collateral.balanceOf(s.keeper)).to.equal(units(1_000));
    const paid = units(200_000) - (await s.stablecoin.balanceOf(s.keeper));
    expect(paid).to.equal(model.mulDivUp(units(70_000), WAD, WAD + liquidation.minBonus));
    const [, , , loss] = await s.market.laneOf(lane);
    expect(loss).to.equal(await s.market.totalLoss());
    expect(loss).to.be.greaterThan(units(80_000) - paid);

    const borrow = () => as(s.market, s.bob).borrow(s.bob, 0, units(100), s.bob);
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "LossNotCovered");
    await s.market.checkpoint();
    await expect(borrow()).to.be.revertedWithCustomError(s.market, "LossNotCovered");

    // The shortfall is the loss less the interest that had accrued and was not paid out.
    const [settled] = await s.facility.queryFilter("Settled");
    if (!settled || !("args" in settled)) throw new Error("no event");
    const { shortfall, totalDebt } = settled.args;
    expect(shortfall).to.equal((await s.stablecoin.supplyOf(s.facility)) - totalDebt);
    expect(shortfall).to.be.lessThanOrEqual(loss);
    await as(s.facility, s.keeper).recover(shortfall);
    await s.market.checkpoint();
    await borrow();
  });

  it("closes in full without loss where the rest would be dust", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 2n, 150n);
    await open(s, s.bob, 1_000n, 50_000n);
    await as(s.stablecoin, s.bob).transfer(s.keeper, units(10_000));
    await as(s.stablecoin, s.keeper).approve(s.facility, max);
    await dropNav(s.oracle, (NAV * 82n) / 100n);
    await time.increase(60);
    await expect(liquidate(s, units(100))).to.be.revertedWithCustomError(s.market, "MustCloseInFull");
    await liquidate(s);
    const { collateral, scaledDebt } = await s.market.positionOf(s.alice, 0);
    expect(scaledDebt).to.equal(0n);
    expect(collateral, "what is left stays the owner's").to.be.greaterThan(0n);
    expect(await s.market.totalLoss()).to.equal(0n);
    await as(s.market, s.alice).removeCollateral(s.alice, 0, collateral, s.alice);
  });

  it("waits for the cool-off, which only a passed health check restarts", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 96n) / 100n);
    await time.increase(20 * HOUR);
    const debt = await s.market.debtOf(s.alice, 0);
    // Brings herself to the maximum by removing collateral, just before the price falls.
    const needed = (debt * 100n) / (85n * 96n) + units(1);
    await as(s.market, s.alice).removeCollateral(s.alice, 0, units(1_000) - needed, s.alice);
    const checkedAt = await time.latest();
    await reportNav(s.oracle, (NAV * 90n) / 100n);
    await s.oracle.confirm(await signConfirmation(s.oracle, attestors.slice(0, 4)));
    expect(await s.market.healthOf(s.alice, 0)).to.be.lessThan(WAD);
    await expect(liquidate(s))
      .to.be.revertedWithCustomError(s.market, "CoolingOff")
      .withArgs(checkedAt + 60);

    // Neither her own nor a stranger's token amounts put it off.
    await time.setNextBlockTimestamp(checkedAt + 58);
    await as(s.market, s.bob).addCollateral(s.alice, 0, 1);
    await as(s.stablecoin, s.bob).approve(s.facility, max);
    await time.setNextBlockTimestamp(checkedAt + 60);
    await liquidate(s);
  });

  it("is not for the owner, nor to him, nor for those without the tier", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(60);
    const expiry = (await time.latest()) + DAY;
    await s.registry.setPerson(s.alice, TIERS.liquidator, NETHERLANDS, expiry);
    await expect(liquidate(s, max, s.alice)).to.be.revertedWithCustomError(s.market, "SelfLiquidation");
    await expect(
      as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.alice, "0x"),
    ).to.be.revertedWithCustomError(s.market, "SelfLiquidation");
    await expect(liquidate(s, max, s.bob)).to.be.revertedWithCustomError(s.market, "NotEligible");
    await expect(
      as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.stranger, "0x"),
    ).to.be.revertedWithCustomError(s.market, "NotEligible");
  });

  it("goes on at the last NAV while that is stale, and stops when it is expired or disowned", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(80 * HOUR);
    expect((await s.oracle.read())[2]).to.equal(1);
    await liquidate(s, units(100));
    await s.oracle.pullRipcord();
    await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NavNotUsable").withArgs(3);
    await s.oracle.releaseRipcord();
    await reportNav(s.oracle, (NAV * 87n) / 100n);
    await liquidate(s, units(100));
    await time.increase(170 * HOUR);
    await expect(liquidate(s)).to.be.revertedWithCustomError(s.market, "NavNotUsable").withArgs(2);
  });

  it("lets a liquidator without capital sell first, and lock out re-entrance", async () => {
    const s = await loadFixture(indebted);
    const flash = await deployHarness("FlashLiquidator", s.market.target, s.keeper.address);
    await s.registry.setPerson(flash, TIERS.liquidator, NETHERLANDS, (await time.latest()) + 30 * DAY);
    await as(s.stablecoin, s.keeper).approve(flash, max);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(60);
    await expect(flash.liquidate(s.alice, max, true)).to.be.revertedWithCustomError(
      s.market,
      "ReentrancyGuardReentrantCall",
    );
    await flash.liquidate(s.alice, max, false);
    expect(await s.collateral.balanceOf(s.keeper)).to.be.greaterThan(0n);
    expect(await s.stablecoin.balanceOf(flash)).to.equal(0n);
  });
});
