// Adding and removing collateral: custody per lane, who may, and which prices are needed for it.
import { expect } from "chai";
import { deployMarket } from "../../contracts/deployment/market.ts";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import {
  as,
  DAY,
  deployed,
  HOUR,
  NAV,
  NETHERLANDS,
  open,
  options,
  reportNav,
  TIERS,
  units,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

describe("Market.addCollateral", () => {
  it("hands the tokens to the custodian of the owner's lane", async () => {
    const s = await loadFixture(deployed);
    const lane = model.laneOf(s.bob.address);
    await expect(as(s.market, s.alice).addCollateral(s.bob, 0, units(10)))
      .to.emit(s.market, "CollateralAdded")
      .withArgs(s.bob, 0, s.alice, units(10));
    expect(await s.collateral.balanceOf(await s.market.custodian(lane))).to.equal(units(10));
    expect((await s.market.laneOf(lane))[2]).to.equal(units(10));
    expect((await s.market.positionOf(s.bob, 0)).collateral).to.equal(units(10));
    expect(await s.market.totalCollateral()).to.equal(units(10));
  });

  it("works without any price and with an expired identity, not for somebody off the record", async () => {
    const s = await loadFixture(deployed);
    await s.oracle.pullRipcord();
    await s.registry.setPerson(s.bob, TIERS.borrower, NETHERLANDS, (await time.latest()) + 10);
    await time.increase(10);
    await as(s.market, s.alice).addCollateral(s.bob, 0, units(1));
    await expect(as(s.market, s.alice).addCollateral(s.stranger, 0, units(1))).to.be.revertedWithCustomError(
      s.market,
      "NotEligible",
    );
    await expect(as(s.market, s.alice).addCollateral(s.bob, 0, 0)).to.be.revertedWithCustomError(
      s.market,
      "ZeroAmount",
    );
    await expect(as(s.market, s.alice).addCollateral(s.bob, 1, 1)).to.be.revertedWithCustomError(
      s.market,
      "UnknownTerms",
    );
  });

  it("counts what it was told, not what somebody donated", async () => {
    const s = await loadFixture(deployed);
    const lane = model.laneOf(s.alice.address);
    await as(s.collateral, s.alice).transfer(await s.market.custodian(lane), units(5));
    await as(s.market, s.alice).addCollateral(s.alice, 0, units(1));
    expect((await s.market.laneOf(lane))[2]).to.equal(units(1));
  });

  it("refuses a token that delivers less than was sent", async () => {
    const s = await loadFixture(deployed);
    const fee = await deployHarness("FeeToken", s.alice.address);
    const asset = { collateral: fee, oracle: s.oracle };
    const { market } = await deployMarket(s.deployer, s, asset, { ...options, key: "fee" }, s.libraries);
    await as(fee, s.alice).approve(market, ethers.MaxUint256);
    await expect(as(market, s.alice).addCollateral(s.alice, 0, 1_000))
      .to.be.revertedWithCustomError(market, "InexactTransfer")
      .withArgs(990, 1_000);
  });
});

describe("Market.removeCollateral", () => {
  it("gives back up to the maximum loan-to-value and restarts the cool-off", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 42_500n); // needs 500 tokens at 85%
    await time.increase(HOUR);
    await expect(
      as(s.market, s.alice).removeCollateral(s.alice, 0, units(500), s.alice),
    ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
    await as(s.market, s.alice).removeCollateral(s.alice, 0, units(499), s.alice);
    const { collateral, healthCheckedAt } = await s.market.positionOf(s.alice, 0);
    expect(collateral).to.equal(units(501));
    expect(healthCheckedAt).to.equal(await time.latest());
    expect(await s.collateral.balanceOf(s.alice)).to.equal(units(9_499));
    await expect(as(s.market, s.alice).removeCollateral(s.alice, 0, units(502), s.alice))
      .to.be.revertedWithCustomError(s.market, "InsufficientCollateral")
      .withArgs(units(502), units(501));
  });

  it("needs a fresh price with debt and none without", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 1_000n);
    await open(s, s.bob, 1_000n, 0n);
    await time.increase(80 * HOUR);
    const remove = (who: typeof s.alice) => as(s.market, who).removeCollateral(who, 0, units(1), who);
    await expect(remove(s.alice)).to.be.revertedWithCustomError(s.market, "NavNotUsable").withArgs(1);
    await remove(s.bob);
    await s.oracle.pullRipcord();
    await expect(remove(s.alice)).to.be.revertedWithCustomError(s.market, "NavNotUsable").withArgs(3);
    await remove(s.bob);
  });

  it("lets the lower of accepted and pending NAV govern", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 80_000n);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 95n) / 100n);
    await expect(
      as(s.market, s.alice).removeCollateral(s.alice, 0, units(50), s.alice),
    ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
  });

  it("is for the owner and his operators, to eligible receivers", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 0n);
    await expect(
      as(s.market, s.bob).removeCollateral(s.alice, 0, units(1), s.bob),
    ).to.be.revertedWithCustomError(s.market, "NotAuthorised");
    await expect(
      as(s.market, s.alice).removeCollateral(s.alice, 0, units(1), s.stranger),
    ).to.be.revertedWithCustomError(s.market, "NotEligible");
    await as(s.market, s.alice).setAuthorisation(s.bob, true);
    await as(s.market, s.bob).removeCollateral(s.alice, 0, units(1), s.bob);
    expect(await s.collateral.balanceOf(s.bob)).to.equal(units(10_001));
  });

  it("leaves an expired owner's collateral claimable once he owes nothing, to himself alone", async () => {
    const s = await loadFixture(deployed);
    await open(s, s.alice, 1_000n, 1_000n);
    await as(s.stablecoin, s.alice).approve(s.facility, ethers.MaxUint256);
    await open(s, s.bob, 1_000n, 1_000n);
    await as(s.stablecoin, s.bob).transfer(s.alice, units(100));
    await s.registry.setPerson(s.alice, TIERS.borrower, NETHERLANDS, (await time.latest()) + DAY);
    await time.increase(DAY);
    const remove = (to: typeof s.alice) => as(s.market, s.alice).removeCollateral(s.alice, 0, units(1), to);
    await expect(remove(s.alice)).to.be.revertedWithCustomError(s.market, "NotEligible");
    await as(s.market, s.alice).repay(s.alice, 0, ethers.MaxUint256);
    await expect(remove(s.bob)).to.be.revertedWithCustomError(s.market, "NotEligible");
    await remove(s.alice);
    await s.registry.setFrozen(s.alice, true);
    await expect(remove(s.alice)).to.be.revertedWithCustomError(s.market, "NotEligible");
  });
});
