// Attacks with and on the collateral's token: one that takes a fee, and an order of law against one holder.
import { expect } from "chai";
import { model } from "../../../contracts/index.ts";
import { deployHarness } from "../support/harness.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import { addPool } from "../support/pool.ts";
import { as, deployed, NETHERLANDS, open, type Setup, TIERS, units } from "../support/setup.ts";
import { wealthOf } from "../support/wealth.ts";

const { loadFixture, time } = networkHelpers;

describe("Attack: fee-on-transfer collateral", () => {
  it("more counted than arrived, to borrow against the difference: refused, and nothing moved", async () => {
    const s = await loadFixture(deployed);
    const fee = await deployHarness("FeeToken", s.alice.address);
    const pledged = { ...s, collateral: fee };
    const { market } = await addPool(pledged, { supplyCap: units(1), reserveFactor: 0n });
    await as(fee, s.alice).approve(market, ethers.MaxUint256);
    const before = await fee.balanceOf(s.alice);
    await expect(as(market, s.alice).addCollateral(s.alice, 0, units(1_000)))
      .to.be.revertedWithCustomError(market, "InexactTransfer")
      .withArgs(units(990), units(1_000));
    expect(await fee.balanceOf(s.alice)).to.equal(before);
    expect((await market.positionOf(s.alice, 0)).collateral).to.equal(0n);
  });
});

/** Bob and Carol share a lane, so that one custodian holds the collateral of both. */
async function sameLane(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.bob, 1_000n, 50_000n);
  await open(s, s.carol, 1_000n, 50_000n);
  return s;
}

describe("Attack: forced transfer of somebody's collateral", () => {
  it("out of the shared custody: refused by every way the token has", async () => {
    const s = await loadFixture(sameLane);
    const lane = model.laneOf(s.bob.address);
    expect(model.laneOf(s.carol.address)).to.equal(lane);
    const custodian = await s.market.custodian(lane);
    for (const act of [
      () => s.collateral.forcedTransfer(custodian, s.alice, units(1)),
      () => s.collateral.burn(custodian, units(1)),
      () => s.collateral.recoverWallet(custodian, s.alice),
      () => s.collateral.setAddressFrozen(custodian, true),
      () => s.collateral.freezePartialTokens(custodian, units(1)),
    ]) {
      await expect(act()).to.be.revertedWithCustomError(s.collateral, "CustodianProtected");
    }
    expect(await s.collateral.balanceOf(custodian)).to.equal(units(2_000));
  });

  it("by order of law against one: his neighbour in the same custody loses nothing and can leave", async () => {
    const s = await loadFixture(sameLane);
    const before = await wealthOf(s, [s.carol]);
    await s.market.forceSeize(s.bob, 0, units(1_000), s.alice);
    expect((await s.market.positionOf(s.bob, 0)).collateral).to.equal(0n);
    expect((await s.market.positionOf(s.carol, 0)).collateral).to.equal(units(1_000));
    expect(before - (await wealthOf(s, [s.carol])), "but a second's interest").to.be.lessThan(units(1));

    await as(s.stablecoin, s.bob).transfer(s.carol, units(1_000));
    await as(s.stablecoin, s.carol).approve(s.facility, ethers.MaxUint256);
    await as(s.market, s.carol).repay(s.carol, 0, ethers.MaxUint256);
    await as(s.market, s.carol).removeCollateral(s.carol, 0, units(1_000), s.carol);
    expect(await s.collateral.balanceOf(s.carol)).to.equal(units(10_000));
  });

  it("by a stranger, or by the market's other users: refused", async () => {
    const s = await loadFixture(sameLane);
    await s.registry.setPersons([s.stranger], TIERS.liquidator, NETHERLANDS, (await time.latest()) + 1_000);
    for (const attacker of [s.stranger, s.carol, s.keeper]) {
      await expect(
        as(s.market, attacker).forceSeize(s.bob, 0, units(1), attacker),
      ).to.be.revertedWithCustomError(s.market, "AccessManagedUnauthorized");
      await expect(
        as(s.market, attacker).removeCollateral(s.bob, 0, units(1), attacker),
      ).to.be.revertedWithCustomError(s.market, "NotAuthorised");
      const custodian = new ethers.Contract(
        await s.market.custodian(model.laneOf(s.bob.address)),
        ["function send(address,address,uint256)", "error NotTheMaker(address)"],
        attacker,
      );
      await expect(
        custodian.getFunction("send")(s.collateral, attacker, units(1)),
      ).to.be.revertedWithCustomError(custodian, "NotTheMaker");
    }
  });
});
