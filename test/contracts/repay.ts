// Repaying: by anybody, never more than owed, never blocked, rounded against the borrower.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, DAY, deployed, dropNav, NAV, open, type Setup, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;

async function indebted(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 50_000n);
  await open(s, s.bob, 1_000n, 60_000n);
  for (const payer of [s.alice, s.bob]) await as(s.stablecoin, payer).approve(s.facility, ethers.MaxUint256);
  return s;
}

describe("Market.repay", () => {
  it("burns the payer's pUSD and frees the owner's lane", async () => {
    const s = await loadFixture(indebted);
    const lane = model.laneOf(s.alice.address);
    const [usedBefore, freeBefore] = await s.market.laneOf(lane);
    await expect(as(s.market, s.alice).repay(s.alice, 0, units(20_000)))
      .to.emit(s.market, "Repaid")
      .withArgs(s.alice, 0, s.alice, units(20_000), (scaled: bigint) => scaled > 0n);
    const [used, free] = await s.market.laneOf(lane);
    expect(used + free).to.equal(usedBefore + freeBefore);
    expect(usedBefore - used).to.be.lessThanOrEqual(units(20_000));
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(units(30_000));
    expect(await s.stablecoin.supplyLane(s.facility, lane)).to.equal(units(30_000));
  });

  it("counts in the owner's lane when another pays", async () => {
    const s = await loadFixture(indebted);
    const [alice, bob] = [model.laneOf(s.alice.address), model.laneOf(s.bob.address)];
    const [bobUsed] = await s.market.laneOf(bob);
    await as(s.market, s.bob).repay(s.alice, 0, units(10_000));
    expect(await s.stablecoin.supplyLane(s.facility, alice)).to.equal(units(40_000));
    expect(await s.stablecoin.supplyLane(s.facility, bob)).to.equal(units(60_000));
    expect((await s.market.laneOf(bob))[0]).to.equal(bobUsed);
  });

  it("clips to what is owed, so that the largest number repays all with its interest", async () => {
    const s = await loadFixture(indebted);
    await as(s.stablecoin, s.bob).transfer(s.alice, units(5_000));
    await time.increase(30 * DAY);
    await as(s.market, s.alice).repay(s.alice, 0, 1_000_000_007n); // leaves no round number
    const { scaledDebt: owed } = await s.market.positionOf(s.alice, 0);
    const receipt = await (await as(s.market, s.alice).repay(s.alice, 0, ethers.MaxUint256)).wait();
    const [event] = await s.market.queryFilter("Repaid", receipt.blockNumber);
    const index = await s.market.borrowIndex({ blockTag: receipt.blockNumber });
    expect(event && "args" in event && event.args.assets).to.equal(model.debtOf(owed, index));
    const { collateral, scaledDebt } = await s.market.positionOf(s.alice, 0);
    expect([collateral, scaledDebt]).to.deep.equal([units(1_000), 0n]);
    // 50,000 * (e^(0.05 * 30/365) - 1) = 205.9 in interest.
    const left = await s.stablecoin.balanceOf(s.alice);
    expect(left).to.be.greaterThan(units(4_790)).and.lessThan(units(4_798));
    await expect(as(s.market, s.alice).repay(s.alice, 0, 1)).to.be.revertedWithCustomError(
      s.market,
      "NoDebt",
    );
  });

  it("leaves at least as much debt as was not paid, for any amount", async () => {
    const s = await loadFixture(indebted);
    await time.increase(100 * DAY);
    for (const amount of [2n, 3n, 1_000_000_007n, units(1), units(333) + 1n]) {
      await time.increase(1);
      const before = await s.market.positionOf(s.alice, 0);
      await as(s.market, s.alice).repay(s.alice, 0, amount);
      const after = await s.market.positionOf(s.alice, 0);
      const index = await s.market.borrowIndex();
      const extinguished = model.mulDiv(
        BigInt(before.scaledDebt) - BigInt(after.scaledDebt),
        index,
        10n ** 18n,
      );
      expect(extinguished).to.be.lessThanOrEqual(amount);
    }
    // A payment that extinguishes nothing is refused rather than kept.
    await expect(as(s.market, s.alice).repay(s.alice, 0, 1)).to.be.revertedWithCustomError(
      s.market,
      "ZeroAmount",
    );
  });

  it("is never blocked: paused, stale, ripcord, expired, frozen, facility retired", async () => {
    const s = await loadFixture(indebted);
    await s.market.pauseNewDebt();
    await s.oracle.pullRipcord();
    await s.registry.setFrozen(s.alice, true);
    await s.stablecoin.retireFacility(s.facility);
    await time.increase(400 * DAY);
    await as(s.market, s.alice).repay(s.alice, 0, units(10_000));
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(units(40_000));
  });

  it("needs the payer's allowance to the source and his balance", async () => {
    const s = await loadFixture(indebted);
    await as(s.stablecoin, s.alice).approve(s.facility, units(5));
    await expect(as(s.market, s.alice).repay(s.alice, 0, units(6)))
      .to.be.revertedWithCustomError(s.stablecoin, "ERC20InsufficientAllowance")
      .withArgs(s.facility, units(5), units(6));
    await as(s.stablecoin, s.alice).approve(s.facility, ethers.MaxUint256);
    await as(s.stablecoin, s.alice).transfer(s.bob, units(49_999));
    await expect(as(s.market, s.alice).repay(s.alice, 0, units(6))).to.be.revertedWithCustomError(
      s.stablecoin,
      "ERC20InsufficientBalance",
    );
  });

  it("does not restart the cool-off", async () => {
    const s = await loadFixture(indebted);
    const { healthCheckedAt } = await s.market.positionOf(s.alice, 0);
    await dropNav(s.oracle, (NAV * 60n) / 100n);
    await as(s.market, s.alice).repay(s.alice, 0, 2);
    expect((await s.market.positionOf(s.alice, 0)).healthCheckedAt).to.equal(healthCheckedAt);
  });
});
