// The last resort: what an auction did not sell is redeemed with the issuer, each position for itself.
import { expect } from "chai";
import { deploy } from "../../contracts/deployment/contract.ts";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { model } from "../../contracts/index.ts";
import {
  AUCTION_DURATION,
  AUCTION_END,
  type AuctionSetup,
  deployedWithAuctions,
  SALE_WINDOW,
} from "./support/auction.ts";
import { deployDesk } from "./support/desk.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, dropNav, HOUR, NAV, units, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const WORKOUT = 3n;

type WorkoutSetup = AuctionSetup & { desk: AnyContract };
type Person = WorkoutSetup["alice"];

/** Alice owes 80,000 against 1,000 tokens, Carol 40,000 against 500, at a NAV of 88: both marked a moment ago. */
async function bothMarked(): Promise<WorkoutSetup> {
  const s = await deployedWithAuctions();
  const desk = await deployDesk(s, s.alice);
  await as(s.collateral, s.carol).approve(s.market, ethers.MaxUint256);
  for (const [who, tokens, debt] of [
    [s.alice, 1_000, 80_000],
    [s.carol, 500, 40_000],
  ] as const) {
    await as(s.market, who).addCollateral(who, 0, units(tokens));
    await as(s.market, who).borrow(who, 0, units(debt), who);
  }
  await dropNav(s.oracle, (NAV * 88n) / 100n);
  await time.increase(HOUR);
  for (const who of [s.alice, s.carol]) await as(s.market, s.keeper).mark(who, 0);
  return { ...s, desk };
}

/** The same after both auctions, in which nobody bought. */
async function unsold(): Promise<WorkoutSetup> {
  const s = await bothMarked();
  await time.increase(SALE_WINDOW + AUCTION_DURATION);
  return s;
}

/** Has `tokens` of the position of `who` redeemed; returns the redemption's controller and its number at the desk. */
async function redeem(s: WorkoutSetup, who: Person, tokens: number): Promise<[string, bigint]> {
  await s.workout.redeem(s.desk, who, 0, units(tokens));
  const [event] = (await s.workout.queryFilter("RedemptionRequested")).slice(-1);
  if (!event || !("args" in event)) throw new Error("no event");
  return [event.args.controller, event.args.requestId];
}

const debtOf = (s: WorkoutSetup, who: Person): Promise<bigint> => s.market.debtOf(who, 0);
const inWorkout = async (s: WorkoutSetup, who: Person): Promise<bigint> =>
  (await s.market.resolutionOf(who, 0)).stored.inWorkout;
const liquidate = (s: WorkoutSetup, who: Person) =>
  as(s.market, s.keeper).liquidate(who, 0, ethers.MaxUint256, 0, s.keeper, "0x");

describe("Workout", () => {
  it("is the servicer's to start, and only after the auction", async () => {
    const s = await loadFixture(bothMarked);
    const start = () => s.workout.redeem(s.desk, s.alice, 0, units(1_000));
    for (const [wait, phase] of [
      [0, 1n],
      [SALE_WINDOW, 2n],
    ] as const) {
      if (wait > 0) await time.increase(wait);
      await expect(start())
        .to.be.revertedWithCustomError(s.market, "NotInWorkout")
        .withArgs(s.workout, phase);
    }
    await time.increase(AUCTION_DURATION);
    await expect(as(s.workout, s.keeper).redeem(s.desk, s.alice, 0, 1)).to.be.revertedWithCustomError(
      s.workout,
      "AccessManagedUnauthorized",
    );
    await expect(s.market.startWorkout(s.alice, 0, 1), "the market obeys its workout alone")
      .to.be.revertedWithCustomError(s.market, "NotInWorkout")
      .withArgs(s.deployer, WORKOUT);
    await expect(s.market.endWorkout(s.alice, 0, 0)).to.be.revertedWithCustomError(s.market, "NotInWorkout");
    await start();
    expect(await s.collateral.balanceOf(s.desk)).to.equal(units(1_000));
    expect(await inWorkout(s, s.alice)).to.equal(units(1_000));
    await expect(
      s.workout.redeem(s.desk, s.bob, 0, 1),
      "healthy, never marked",
    ).to.be.revertedWithCustomError(s.market, "NotInWorkout");
  });

  it("goes to no desk that redeems another token or pays another", async () => {
    const s = await loadFixture(unsold);
    for (const [share, asset] of [
      [s.stablecoin, s.stablecoin],
      [s.collateral, s.collateral],
    ] as const) {
      const other = await deploy(s.deployer, "RedemptionDesk", [
        s.accessManager.target,
        share.target,
        asset.target,
      ]);
      await expect(s.workout.redeem(other, s.alice, 0, 1))
        .to.be.revertedWithCustomError(s.workout, "WrongDesk")
        .withArgs(other);
    }
  });

  it("while it is pending, nobody liquidates or writes off", async () => {
    const s = await loadFixture(unsold);
    const [controller] = await redeem(s, s.alice, 1_000);
    await expect(liquidate(s, s.alice)).to.be.revertedWithCustomError(s.market, "WorkoutPending");
    await expect(s.market.writeOff(s.alice, 0))
      .to.be.revertedWithCustomError(s.market, "WorkoutPending")
      .withArgs(units(1_000));
    await expect(s.workout.settle(controller))
      .to.be.revertedWithCustomError(s.workout, "NothingClaimable")
      .withArgs(controller);
    await expect(s.workout.settle(s.stranger))
      .to.be.revertedWithCustomError(s.workout, "UnknownRedemption")
      .withArgs(s.stranger);
  });

  it("repays the debt and hands the rest to the owner, by anybody", async () => {
    const s = await loadFixture(unsold);
    const [controller, requestId] = await redeem(s, s.alice, 1_000);
    await s.desk.fulfil(requestId, units(87_000));
    const before = await s.stablecoin.balanceOf(s.alice);
    await as(s.workout, s.stranger).settle(controller);
    const [event] = await s.workout.queryFilter("RedemptionSettled");
    if (!event || !("args" in event)) throw new Error("no event");
    expect(event.args.repaid).to.be.greaterThan(units(80_000));
    expect((await s.stablecoin.balanceOf(s.alice)) - before).to.equal(units(87_000) - event.args.repaid);
    expect([await debtOf(s, s.alice), await inWorkout(s, s.alice)]).to.deep.equal([0n, 0n]);
    expect(await s.stablecoin.balanceOf(s.workout)).to.equal(0n);
    await expect(s.workout.settle(controller)).to.be.revertedWithCustomError(s.workout, "UnknownRedemption");
    await expect(s.workout.abandon(controller)).to.be.revertedWithCustomError(s.workout, "UnknownRedemption");
  });

  it("keeps two positions apart that were paid at different prices", async () => {
    const s = await loadFixture(unsold);
    const [ofAlice, first] = await redeem(s, s.alice, 1_000);
    const [ofCarol, second] = await redeem(s, s.carol, 500);
    await s.desk.fulfil(second, units(30_000));
    await s.desk.fulfil(first, units(70_000));
    await expect(s.workout.settle(ofAlice))
      .to.emit(s.workout, "RedemptionSettled")
      .withArgs(ofAlice, s.alice, 0, units(1_000), units(70_000), units(70_000));
    expect(await inWorkout(s, s.carol), "hers is untouched").to.equal(units(500));
    await expect(s.workout.settle(ofCarol))
      .to.emit(s.workout, "RedemptionSettled")
      .withArgs(ofCarol, s.carol, 0, units(500), units(30_000), units(30_000));
    expect(await debtOf(s, s.alice)).to.be.within(units(10_000), units(10_100));
    expect(await debtOf(s, s.carol)).to.be.within(units(10_000), units(10_100));
  });

  it("cannot be shifted by a request that somebody else makes in favour of its controller", async () => {
    const s = await loadFixture(unsold);
    const expected = ethers.getCreateAddress({ from: String(s.workout.target), nonce: 1 });
    await as(s.collateral, s.bob).approve(s.desk, ethers.MaxUint256);
    await as(s.desk, s.bob).requestRedeem(units(500), expected, s.bob);
    await s.desk.fulfil(1, 7);
    const [controller, requestId] = await redeem(s, s.alice, 1_000);
    expect(controller).to.equal(expected);
    await expect(s.workout.settle(controller), "his alone is paid").to.be.revertedWithCustomError(
      s.workout,
      "NothingClaimable",
    );
    await s.desk.fulfil(requestId, units(70_000));
    await expect(s.workout.settle(controller))
      .to.emit(s.workout, "RedemptionSettled")
      .withArgs(controller, s.alice, 0, units(1_000), units(70_000) + 7n, units(70_000) + 7n);
    expect(await s.desk.maxWithdraw(controller)).to.equal(0n);
  });

  it("redeems in part, and what is left can be liquidated once that is settled", async () => {
    const s = await loadFixture(unsold);
    const [controller, requestId] = await redeem(s, s.alice, 400);
    await expect(liquidate(s, s.alice)).to.be.revertedWithCustomError(s.market, "WorkoutPending");
    await expect(s.market.writeOff(s.alice, 0))
      .to.be.revertedWithCustomError(s.market, "CollateralLeft")
      .withArgs(units(600));
    await expect(s.workout.redeem(s.desk, s.alice, 0, units(601))).to.be.revertedWithCustomError(
      s.market,
      "InsufficientCollateral",
    );
    await s.desk.fulfil(requestId, units(25_000));
    await s.workout.settle(controller);
    expect(await debtOf(s, s.alice)).to.be.within(units(55_000), units(55_100));
    await liquidate(s, s.alice);
    expect((await s.market.positionOf(s.alice, 0)).collateral).to.equal(0n);
  });

  it("leaves a rest that anybody writes off where the issuer pays less than the debt", async () => {
    const s = await loadFixture(unsold);
    const [controller, requestId] = await redeem(s, s.alice, 1_000);
    await s.desk.fulfil(requestId, units(60_000));
    await s.workout.settle(controller);
    const rest = await debtOf(s, s.alice);
    expect(rest).to.be.within(units(20_000), units(20_100));
    await as(s.market, s.stranger).writeOff(s.alice, 0);
    expect(await s.market.totalLoss()).to.be.closeTo(rest, units(1));
    expect(await debtOf(s, s.alice)).to.equal(0n);
  });

  it("is given up by the servicer: then the debt is written off, and what still comes covers the loss", async () => {
    const s = await loadFixture(unsold);
    const [controller, requestId] = await redeem(s, s.alice, 1_000);
    await expect(as(s.workout, s.keeper).abandon(controller)).to.be.revertedWithCustomError(
      s.workout,
      "AccessManagedUnauthorized",
    );
    await expect(s.workout.abandon(controller))
      .to.emit(s.workout, "RedemptionAbandoned")
      .withArgs(controller, s.alice, 0, units(1_000));
    await expect(s.workout.abandon(controller)).to.be.revertedWithCustomError(s.workout, "UnknownRedemption");
    await as(s.market, s.stranger).writeOff(s.alice, 0);
    const before = await s.stablecoin.balanceOf(s.alice);
    const shortfall = await s.facility.shortfall();
    expect(shortfall).to.be.greaterThan(units(79_000));

    await s.desk.fulfil(requestId, units(50_000));
    await expect(as(s.workout, s.stranger).settle(controller))
      .to.emit(s.facility, "Recovered")
      .withArgs(s.workout, units(50_000));
    expect(shortfall - (await s.facility.shortfall())).to.be.closeTo(units(50_000), units(1));
    expect(await s.stablecoin.balanceOf(s.alice), "the owner gets nothing of it").to.equal(before);
  });

  it("counts in an impairment as the collateral that it was", async () => {
    const s = await loadFixture(unsold);
    await redeem(s, s.alice, 1_000);
    expect((await s.market.positionOf(s.alice, 0)).collateral).to.equal(0n);
    await s.market.impair(s.alice, 0);
    const recovered = model.mulDivUp(units(88_000), WAD, AUCTION_END);
    expect(await s.market.impairmentOf(s.alice, 0)).to.equal((await debtOf(s, s.alice)) - recovered);
  });
});
