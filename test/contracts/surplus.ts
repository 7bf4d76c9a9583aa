// The surplus: interest comes in, yield and premiums go out, and a loss goes down the waterfall to the last step.
import { expect } from "chai";
import type { TransactionReceipt } from "ethers";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, dropNav, NAV, reportNav, type Setup, units } from "./support/setup.ts";
import { type Surrounded, surrounded } from "./support/surroundings.ts";

const { loadFixture, time } = networkHelpers;

/** Closes Alice's position at less than half its collateral's former NAV: a loss of some 60,000. */
async function lose(s: Surrounded): Promise<TransactionReceipt> {
  await as(s.stablecoin, s.carol).transfer(s.keeper, units(140_000));
  await as(s.stablecoin, s.keeper).approve(s.facility, ethers.MaxUint256);
  await dropNav(s.oracle, NAV / 2n);
  await time.increase(60);
  const sent = await as(s.market, s.keeper).liquidate(s.alice, 0, units(140_000), 0, s.keeper, "0x");
  return sent.wait();
}

/** The arguments of the one event `name` of `contract` in `receipt`, all but addresses as bigint. */
function eventArguments(contract: AnyContract, receipt: TransactionReceipt, name: string): bigint[] {
  const event = receipt.logs.map((log) => contract.interface.parseLog(log)).find((log) => log?.name === name);
  if (!event) throw new Error(`the transaction left no event ${name}`);
  return [...event.args];
}

async function supplyIsBacked(s: Setup): Promise<void> {
  const [minted, owed] = await Promise.all([s.stablecoin.supplyOf(s.facility), s.market.totalDebt()]);
  expect(minted).to.be.at.most(owed);
}

describe("Surplus", () => {
  it("pays savers and backstop their parts of what the caps do not need, once per epoch", async () => {
    const s = await loadFixture(surrounded);
    await as(s.savings, s.alice).deposit(units(50_000), s.alice);
    await as(s.backstop, s.bob).deposit(units(10_000), s.bob);
    await time.increase(30 * DAY);
    await reportNav(s.oracle, NAV);
    await s.market.checkpoint();
    const interest = await s.stablecoin.balanceOf(s.surplus);
    expect(interest, "0.41% of 450,000").to.be.greaterThan(units(1_800));
    await as(s.surplus, s.stranger).distribute();
    expect(await s.stablecoin.balanceOf(s.surplus), "the caps need more than there is").to.equal(interest);
    await s.market.cutDebtCap(units(1_000_000));
    await s.peg.cutCeiling(3_200_000n * 10n ** 6n);
    await s.policy.setExposure(s.market, 1, 1);
    await expect(s.surplus.distribute()).to.be.revertedWithCustomError(s.savings, "StillVesting");
    await time.increase(DAY);
    const supply = await s.stablecoin.totalSupply();
    await expect(as(s.surplus, s.stranger).distribute())
      .to.emit(s.surplus, "Distributed")
      .withArgs(interest / 2n, interest / 4n, interest - interest / 2n - interest / 4n);
    expect(await s.stablecoin.totalSupply(), "yield is paid, never minted").to.equal(supply);
    await time.increase(DAY);
    expect(await s.savings.maxWithdraw(s.alice)).to.be.greaterThan(units(50_000));
    expect(await s.backstop.convertToAssets(units(10_000))).to.be.greaterThan(units(10_000));
  });

  it("keeps the premium where nobody stands behind the backstop", async () => {
    const s = await loadFixture(surrounded);
    await s.market.cutDebtCap(units(1_000_000));
    await s.policy.setExposure(s.market, 1, 1);
    await s.peg.cutCeiling(3_200_000n * 10n ** 6n);
    await as(s.stablecoin, s.carol).transfer(s.surplus, units(1_000));
    const [toSavings, toBackstop] = await s.surplus.distribute.staticCall();
    expect(toBackstop).to.equal(0n);
    expect(toSavings).to.be.greaterThan(units(470)).and.at.most(units(500));
  });

  it("covers a loss from surplus, backstop and savers in this order, in the call that books it", async () => {
    const s = await loadFixture(surrounded);
    await as(s.savings, s.bob).deposit(units(90_000), s.bob);
    await as(s.backstop, s.bob).deposit(units(20_000), s.bob);
    await as(s.stablecoin, s.carol).transfer(s.surplus, units(5_000));
    const own = await s.stablecoin.balanceOf(s.surplus);
    const receipt = await lose(s);
    const [, loss, fromSurplus, fromBackstop, fromSavings, uncovered] = eventArguments(
      s.surplus,
      receipt,
      "LossCovered",
    );
    expect(loss).to.be.greaterThan(units(50_000)).and.lessThan(units(70_000));
    expect(loss).to.equal(await s.market.totalLoss());
    expect([fromSurplus, fromBackstop, uncovered]).to.deep.equal([own, units(20_000), 0n]);
    expect(fromSavings).to.equal((loss ?? 0n) - own - units(20_000));
    expect(await s.savings.maxWithdraw(s.bob)).to.be.at.most(units(90_000) - (fromSavings ?? 0n));
    expect(await s.backstop.totalAssets()).to.equal(0n);
    await supplyIsBacked(s);
    expect((await s.market.newDebtStops())[1], "nothing stops the market").to.equal(false);
    await expect(s.surplus.coverLoss(s.facility)).to.be.revertedWithCustomError(s.surplus, "NoShortfall");
  });

  it("leaves savers no moment between a loss and its cover", async () => {
    const s = await loadFixture(surrounded);
    await as(s.savings, s.bob).deposit(units(90_000), s.bob);
    const before = (await s.savings.maxWithdraw(s.bob)) as bigint;
    await lose(s);
    const loss = (await s.market.totalLoss()) as bigint;
    const after = await s.savings.maxWithdraw(s.bob);
    expect(after, "who leaves right after it has borne it").to.be.lessThan(units(3_000) + before - loss);
    await as(s.savings, s.bob).withdraw(after, s.bob, s.bob);
  });

  it("leaves what nobody can bear as a deficit that stops new debt, until somebody covers it", async () => {
    const s = await loadFixture(surrounded);
    await as(s.savings, s.bob).deposit(units(1_000), s.bob);
    const receipt = await lose(s);
    const [, loss, , , fromSavings, uncovered] = eventArguments(s.surplus, receipt, "LossCovered");
    expect(fromSavings).to.be.closeTo(units(1_000), units(1));
    expect(uncovered).to.be.greaterThan((loss ?? 0n) - units(1_600));
    expect(await s.savings.index()).to.equal(0n);
    expect((await s.market.newDebtStops())[1]).to.equal(true);
    const left = await s.facility.shortfall();
    expect(left).to.be.closeTo(uncovered ?? 0n, units(1_000));

    await as(s.stablecoin, s.bob).transfer(s.surplus, left);
    await as(s.surplus, s.stranger).coverLoss(s.facility);
    expect((await s.market.newDebtStops())[1], "until a checkpoint notices").to.equal(true);
    await time.increase(DAY);
    await s.market.checkpoint();
    expect((await s.market.newDebtStops())[1]).to.equal(false);
  });

  it("holds up no liquidation when it cannot bear anything", async () => {
    const s = await loadFixture(surrounded);
    await s.facility.setSurplus(s.market); // has code, and no such function
    await lose(s);
    expect((await s.market.newDebtStops())[1]).to.equal(true);
  });

  it("bears losses of facilities and of pools it covers alone", async () => {
    const s = await loadFixture(surrounded);
    await expect(as(s.surplus, s.stranger).bearLoss(1, s.stranger))
      .to.be.revertedWithCustomError(s.surplus, "NotCovered")
      .withArgs(s.stranger);
    for (const call of ["coverPool", "uncoverPool"] as const) {
      await expect(as(s.surplus, s.stranger)[call](s.facility)).to.be.revertedWithCustomError(
        s.surplus,
        "AccessManagedUnauthorized",
      );
    }
  });

  it("covers facilities only, and obeys governance alone", async () => {
    const s = await loadFixture(surrounded);
    const { surplus } = s;
    await expect(surplus.coverLoss(s.bob)).to.be.revertedWithCustomError(surplus, "UnknownFacility");
    await expect(surplus.coverLoss(s.facility)).to.be.revertedWithCustomError(surplus, "NoShortfall");
    await expect(surplus.setShares(9_000, 1_001)).to.be.revertedWithCustomError(surplus, "SharesAboveWhole");
    await expect(surplus.setOutlets(s.bob, s.bob, ethers.ZeroAddress)).to.be.revertedWithCustomError(
      surplus,
      "ZeroAddress",
    );
    expect(await surplus.shares()).to.deep.equal([5_000n, 2_500n]);
    expect(await surplus.outlets()).to.deep.equal([s.savings.target, s.backstop.target, s.policy.target]);
    const stranger = as(surplus, s.stranger);
    for (const call of [() => stranger.setShares(0, 0), () => stranger.setOutlets(s.bob, s.bob, s.bob)]) {
      await expect(call()).to.be.revertedWithCustomError(surplus, "AccessManagedUnauthorized");
    }
  });
});
