// Seizure of one position's collateral by order of law: who, how much, whom it hits, and what is left of the position.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  DAY,
  deployed,
  dropNav,
  NAV,
  NETHERLANDS,
  open,
  type Setup,
  TIERS,
  units,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

describe("Market.forceSeize", () => {
  it("takes from the one position alone, beside another in the same lane", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.bob, 1_000n, 20_000n);
    await open(s, s.carol, 500n, 10_000n);
    const lane = model.laneOf(s.bob.address);
    expect(model.laneOf(s.carol.address)).to.equal(lane);
    const carols = await s.market.positionOf(s.carol, 0);
    const { scaledDebt, healthCheckedAt } = await s.market.positionOf(s.bob, 0);

    await expect(s.market.forceSeize(s.bob, 0, units(300), s.keeper))
      .to.emit(s.market, "CollateralForceSeized")
      .withArgs(s.bob, 0, s.keeper, s.deployer, units(300));
    expect(await s.market.positionOf(s.bob, 0)).to.deep.equal([units(700), scaledDebt, healthCheckedAt]);
    expect(await s.market.positionOf(s.carol, 0)).to.deep.equal(carols);
    expect((await s.market.laneOf(lane))[2]).to.equal(units(1_200));
    expect(await s.collateral.balanceOf(await s.market.custodian(lane))).to.equal(units(1_200));
    expect(await s.collateral.balanceOf(s.keeper)).to.equal(units(300));
  });

  it("is the agent's, to eligible receivers, and never more than the position holds", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.bob, 10n, 0n);
    await open(s, s.carol, 1_000n, 0n);
    await expect(as(s.market, s.alice).forceSeize(s.bob, 0, 1, s.alice)).to.be.revertedWithCustomError(
      s.market,
      "AccessManagedUnauthorized",
    );
    for (const receiver of [s.stranger.address, ethers.ZeroAddress, await s.market.custodian(0)]) {
      await expect(s.market.forceSeize(s.bob, 0, 1, receiver)).to.be.revertedWithCustomError(
        s.market,
        "NotEligible",
      );
    }
    await expect(s.market.forceSeize(s.bob, 0, 0, s.alice)).to.be.revertedWithCustomError(
      s.market,
      "ZeroAmount",
    );
    await expect(s.market.forceSeize(s.bob, 0, units(10) + 1n, s.alice))
      .to.be.revertedWithCustomError(s.market, "InsufficientCollateral")
      .withArgs(units(10) + 1n, units(10));
  });

  it("asks neither for a price nor for the owner's standing", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.bob, 10n, 100n);
    await s.oracle.pullRipcord();
    await s.registry.setFrozen(s.bob, true);
    await s.market.forceSeize(s.bob, 0, units(10), s.alice);
    expect((await s.market.positionOf(s.bob, 0)).collateral).to.equal(0n);
  });

  it("waits for the token to be unpaused", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.bob, 10n, 0n);
    await s.collateral.pause();
    await expect(s.market.forceSeize(s.bob, 0, 1, s.alice)).to.be.revertedWithCustomError(
      s.collateral,
      "TokenPaused",
    );
  });

  /** Bob owes 60,000; Alice's loan funds the keeper. */
  async function indebted(): Promise<Setup> {
    const s = await deployed();
    await open(s, s.bob, 1_000n, 60_000n);
    await open(s, s.alice, 8_000n, 300_000n);
    await as(s.stablecoin, s.alice).transfer(s.keeper, units(200_000));
    await as(s.stablecoin, s.keeper).approve(s.facility, ethers.MaxUint256);
    return s;
  }
  const liquidate = (s: Setup) =>
    as(s.market, s.keeper).liquidate(s.bob, 0, ethers.MaxUint256, 0, s.keeper, "0x");

  it("restarts no cool-off: a position it left unhealthy is liquidated at once", async () => {
    const s = await loadFixture(indebted);
    await time.increase(60);
    await s.market.forceSeize(s.bob, 0, units(350), s.alice);
    await liquidate(s);
    expect(await s.market.healthOf(s.bob, 0)).to.be.greaterThan(10n ** 18n);
  });

  it("leaves the debt: repaid as ever, or closed at a loss where no collateral is left", async () => {
    const s = await loadFixture(indebted);
    await time.increase(60);
    const debt = await s.market.debtOf(s.bob, 0);
    await s.market.forceSeize(s.bob, 0, units(1_000), s.alice);
    expect(await s.market.debtOf(s.bob, 0)).to.be.greaterThanOrEqual(debt);
    const snapshot = await networkHelpers.takeSnapshot();
    await as(s.market, s.keeper).repay(s.bob, 0, ethers.MaxUint256);
    expect(await s.market.debtOf(s.bob, 0)).to.equal(0n);
    await snapshot.restore();

    const before = await s.stablecoin.balanceOf(s.keeper);
    await liquidate(s);
    expect(await s.stablecoin.balanceOf(s.keeper), "nothing to buy, nothing to pay").to.equal(before);
    expect(await s.market.positionOf(s.bob, 0).then((p: { scaledDebt: bigint }) => p.scaledDebt)).to.equal(
      0n,
    );
    expect(await s.market.totalLoss()).to.be.greaterThanOrEqual(debt);
    expect((await s.market.newDebtStops())[1]).to.equal(true);
  });

  it("hands a lost wallet's collateral to the same person's new one", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.bob, 10n, 0n);
    await s.registry.setPerson(s.stranger, TIERS.borrower, NETHERLANDS, (await time.latest()) + DAY);
    await s.collateral.recoverWallet(s.bob, s.stranger);
    await s.market.forceSeize(s.bob, 0, units(10), s.stranger);
    expect(await s.collateral.balanceOf(s.stranger)).to.equal(units(10_000));
  });

  it("is no way out of a liquidation for others: one unhealthy before stays so", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 64n) / 100n);
    await time.increase(60);
    const health = await s.market.healthOf(s.bob, 0);
    await s.market.forceSeize(s.bob, 0, units(1), s.alice);
    expect(await s.market.healthOf(s.bob, 0)).to.be.lessThan(health);
    await liquidate(s);
  });
});
