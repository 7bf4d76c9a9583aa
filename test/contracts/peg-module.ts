// Swaps between dollars and pUSD: what they give, what bounds them, and that a depegged dollar finds no way in.
import { expect } from "chai";
import { deploy } from "../../contracts/deployment/protocol.ts";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, isSimulated, networkHelpers } from "./support/network.ts";
import {
  CEILING,
  dollars,
  INFLOW_CAP,
  nextWindow,
  ONE_DOLLAR,
  type PegSetup,
  sayDollar,
  withPeg,
} from "./support/peg.ts";
import { as, DAY, HOUR, open, units } from "./support/setup.ts";
import { storageAccess } from "./support/storage-trace.ts";

const { loadFixture, time } = networkHelpers;
const BPS = 10_000n;
const STATUS = { open: 0, stopped: 1, stale: 2, outOfBounds: 3 };
const fixture = () => withPeg();

/** reserve + room = ceiling + overhang; custody covers the books; the reserve covers what was minted. */
async function expectSound(s: PegSetup): Promise<void> {
  const [reserve, [room], [ceiling, overhang], minted] = await Promise.all([
    s.peg.reserve(),
    s.peg.room(),
    s.peg.ceiling(),
    s.stablecoin.supplyOf(s.peg),
  ]);
  expect(reserve + room, "reserve and room").to.equal(ceiling + overhang);
  expect(overhang === 0n || room === 0n).to.equal(true);
  expect(reserve * 10n ** 12n >= minted, "the reserve covers what was minted").to.equal(true);
  for (let lane = 0; lane < 32; lane++) {
    const [cash, holder] = await Promise.all([s.peg.cashOf(lane), s.peg.custodian(lane)]);
    expect(await s.dollar.balanceOf(holder)).to.be.at.least(cash);
  }
}

describe("PegModule", () => {
  it("swaps in and out one to one less the fee, rounded for the protocol", async () => {
    const s = await loadFixture(fixture);
    const peg = as(s.peg, s.alice);
    const assets = dollars(1_000) + 7n;
    const value = assets * 10n ** 12n;
    const expected = value - (value * 10n + BPS - 1n) / BPS;
    expect(await s.peg.previewSwapIn(assets)).to.equal(expected);
    await expect(peg.swapIn(assets, expected, s.alice))
      .to.emit(s.peg, "SwappedIn")
      .withArgs(s.alice, s.alice, assets, expected, value - expected);
    expect(await s.stablecoin.balanceOf(s.alice)).to.equal(expected);
    const lane = model.laneOf(s.alice.address);
    expect(await s.stablecoin.supplyLane(s.peg, lane)).to.equal(expected);
    expect(await s.peg.cashOf(lane)).to.equal(assets);

    const back = units(500) + 1n;
    const paid = (back * (BPS - 20n)) / BPS / 10n ** 12n;
    const before = await s.dollar.balanceOf(s.carol);
    await expect(peg.swapOut(back, paid, s.carol))
      .to.emit(s.peg, "SwappedOut")
      .withArgs(s.alice, s.carol, back, paid);
    expect((await s.dollar.balanceOf(s.carol)) - before).to.equal(paid);
    await expectSound(s);
  });

  it("never gives more than asked of it back: no round trip profits", async () => {
    const s = await loadFixture(fixture);
    const peg = as(s.peg, s.alice);
    await s.peg.setFees({ inBps: 0, outBps: 0 });
    for (const assets of [1n, 999_999n, dollars(12_345) + 3n]) {
      const before = await s.dollar.balanceOf(s.alice);
      await peg.swapIn(assets, 0, s.alice);
      await peg.swapOut(await s.stablecoin.balanceOf(s.alice), 0, s.alice);
      expect(await s.dollar.balanceOf(s.alice)).to.be.at.most(before);
    }
    await peg.swapIn(1n, 0, s.alice);
    await expect(peg.swapOut(10n ** 12n - 1n, 0, s.alice)).to.be.revertedWithCustomError(s.peg, "ZeroAmount");
    await expect(peg.swapIn(0, 0, s.alice)).to.be.revertedWithCustomError(s.peg, "ZeroAmount");
    await expect(peg.swapIn(dollars(1), units(1) + 1n, s.alice))
      .to.be.revertedWithCustomError(s.peg, "SwapBelowMinimum")
      .withArgs(units(1), units(1) + 1n);
    await expect(peg.swapOut(10n ** 12n, 2, s.alice)).to.be.revertedWithCustomError(
      s.peg,
      "SwapBelowMinimum",
    );
    await expectSound(s);
  });

  it("takes no depegged dollars, and still redeems pUSD", async () => {
    const s = await loadFixture(fixture);
    const peg = as(s.peg, s.alice);
    await peg.swapIn(dollars(10_000), 0, s.alice);
    const refused = async (status: number) => {
      expect(await s.peg.inflowStatus()).to.equal(status);
      for (const call of [() => peg.swapIn(dollars(1), 0, s.alice), () => s.peg.settleFees()]) {
        await expect(call()).to.be.revertedWithCustomError(s.peg, "InflowNotOpen").withArgs(status);
      }
      await peg.swapOut(units(10), 0, s.alice);
    };
    await sayDollar(s, (ONE_DOLLAR * 9_950n) / BPS);
    expect(await s.peg.inflowStatus(), "at the bound").to.equal(STATUS.open);
    for (const answer of [(ONE_DOLLAR * 9_950n) / BPS - 1n, (ONE_DOLLAR * 10_050n) / BPS + 1n, 0n, -1n]) {
      await sayDollar(s, answer);
      await refused(STATUS.outOfBounds);
    }
    await sayDollar(s);
    await time.increase(25 * HOUR);
    await refused(STATUS.stale);
    await s.feed.set(ONE_DOLLAR, (await time.latest()) + DAY);
    await refused(STATUS.stale);
    await sayDollar(s);
    await s.peg.stopInflow();
    await refused(STATUS.stopped);
    await s.peg.resumeInflow();
    await peg.swapIn(dollars(1), 0, s.alice);
  });

  it("caps what flows in per window, exactly, over all lanes, whatever flows out", async () => {
    const s = await loadFixture(fixture);
    await nextWindow(s);
    await as(s.peg, s.alice).swapIn(dollars(600_000), 0, s.alice); // own lane: 20,000
    await as(s.peg, s.alice).swapOut(units(500_000), 0, s.alice);
    const [, left] = await s.peg.room();
    expect(left).to.equal(INFLOW_CAP - dollars(600_000));
    await expect(as(s.peg, s.bob).swapIn(left + 1n, 0, s.bob))
      .to.be.revertedWithCustomError(s.peg, "LanesExhausted")
      .withArgs(ethers.encodeBytes32String("inflow cap"), left + 1n, left);
    await as(s.peg, s.bob).swapIn(left, 0, s.bob);
    await expect(as(s.peg, s.bob).swapIn(1n, 0, s.bob)).to.be.revertedWithCustomError(
      s.peg,
      "LanesExhausted",
    );
    await nextWindow(s);
    await as(s.peg, s.bob).swapIn(dollars(1), 0, s.bob);

    await s.peg.cutInflowCap(dollars(100));
    expect((await s.peg.room())[1], "what came in already counts").to.equal(dollars(99));
    await s.peg.raiseInflowCap(dollars(1_000));
    expect((await s.peg.room())[1]).to.equal(dollars(999));
    await expect(s.peg.cutInflowCap(dollars(1_000))).to.be.revertedWithCustomError(s.peg, "WrongDirection");
    await expect(s.peg.raiseInflowCap(dollars(999))).to.be.revertedWithCustomError(s.peg, "WrongDirection");
    await expectSound(s);
  });

  it("keeps the reserve below its ceiling, and lets redemption pay off a cut", async () => {
    const s = await loadFixture(fixture);
    await s.peg.raiseInflowCap(CEILING * 2n);
    await as(s.peg, s.alice).swapIn(dollars(1_000_000), 0, s.alice);
    await s.peg.cutCeiling(CEILING - dollars(400_000));
    expect([...(await s.peg.ceiling())]).to.deep.equal([dollars(400_000), dollars(600_000)]);
    expect(await s.peg.exposureCap()).to.equal(units(1_000_000));
    await expectSound(s);
    await s.peg.setFees({ inBps: 0, outBps: 0 });
    await as(s.peg, s.alice).swapOut(units(550_000), 0, s.alice);
    await expect(as(s.peg, s.bob).swapIn(1n, 0, s.bob))
      .to.be.revertedWithCustomError(s.peg, "LanesExhausted")
      .withArgs(ethers.encodeBytes32String("ceiling"), 1n, 0n);
    await as(s.peg, s.alice).swapOut(units(60_000), 0, s.alice);
    await as(s.peg, s.bob).swapIn(dollars(10_000), 0, s.bob);
    await expectSound(s);
    await s.peg.raiseCeiling(dollars(5));
    await as(s.peg, s.bob).swapIn(dollars(5), 0, s.bob);
    await expect(s.peg.cutCeiling(CEILING)).to.be.revertedWithCustomError(s.peg, "CutBeyondCeiling");
    await expectSound(s);
  });

  it("redeems to the last unit, wherever the reserve lies", async () => {
    const s = await loadFixture(fixture);
    await s.peg.setFees({ inBps: 0, outBps: 0 });
    for (const who of [s.alice, s.bob, s.carol]) await as(s.peg, who).swapIn(dollars(100_000) + 1n, 0, who);
    for (const who of [s.alice, s.bob]) {
      await as(s.stablecoin, who).transfer(s.carol, await s.stablecoin.balanceOf(who));
    }
    const all = await s.stablecoin.balanceOf(s.carol);
    const before = await s.dollar.balanceOf(s.carol);
    await as(s.peg, s.carol).swapOut(all, 0, s.carol);
    expect((await s.dollar.balanceOf(s.carol)) - before).to.equal(dollars(300_000) + 3n);
    expect(await s.peg.reserve()).to.equal(0n);
    expect(await s.stablecoin.supplyOf(s.peg)).to.equal(0n);
    await open(s, s.carol, 1_000n, 1_000n); // pUSD that a loan backs, not the reserve
    await expect(as(s.peg, s.carol).swapOut(units(1), 0, s.carol))
      .to.be.revertedWithCustomError(s.peg, "LanesExhausted")
      .withArgs(ethers.encodeBytes32String("cash"), dollars(1), 0n);
  });

  it("settles fees and roundings to the surplus, once, and counts no donation", async () => {
    const s = await loadFixture(fixture);
    await as(s.peg, s.alice).swapIn(dollars(100_000), 0, s.alice);
    await as(s.peg, s.alice).swapOut(units(50_000) + 5n, 0, s.alice);
    await s.dollar.mint(await s.peg.custodian(3), dollars(77));
    const before = await s.stablecoin.balanceOf(s.deployer);
    await as(s.peg, s.stranger).settleFees();
    // 10 bps of 100,000 in, 20 bps of 50,000 out, and the 5 units that were no whole unit of the token.
    expect((await s.stablecoin.balanceOf(s.deployer)) - before).to.equal(units(200) + 5n);
    expect(await s.stablecoin.supplyOf(s.peg)).to.equal((await s.peg.reserve()) * 10n ** 12n);
    expect(await as(s.peg, s.stranger).settleFees.staticCall()).to.equal(0n);
    await expectSound(s);
  });

  it("refuses a dollar that takes a fee on transfer, and settings that fit nothing", async () => {
    const s = await loadFixture(fixture);
    await s.dollar.setFee(10);
    await expect(as(s.peg, s.alice).swapIn(dollars(1_000), 0, s.alice))
      .to.be.revertedWithCustomError(s.peg, "InexactTransfer")
      .withArgs(dollars(999), dollars(1_000));
    await expect(s.peg.setFees({ inBps: 101, outBps: 0 })).to.be.revertedWithCustomError(s.peg, "FeeTooHigh");
    await expect(s.peg.setFees({ inBps: 0, outBps: 101 })).to.be.revertedWithCustomError(s.peg, "FeeTooHigh");
    for (const settings of [
      { feed: s.feed.target, maxDeviationBps: 10_000, staleAfter: 1 },
      { feed: s.feed.target, maxDeviationBps: 1, staleAfter: 0 },
    ]) {
      await expect(s.peg.setFeed(settings)).to.be.revertedWithCustomError(s.peg, "InvalidFeedSettings");
    }
    const odd = await deployHarness("FeeToken", s.deployer.address);
    const setup = {
      authority: s.accessManager.target,
      stablecoin: s.stablecoin.target,
      asset: odd.target,
      surplus: ethers.ZeroAddress,
      window: DAY,
      fees: { inBps: 0, outBps: 0 },
      feed: { feed: s.feed.target, maxDeviationBps: 1, staleAfter: 1 },
    };
    await expect(deploy(s.deployer, "PegModule", [setup])).to.be.revertedWithCustomError(
      s.peg,
      "ZeroAddress",
    );
    const feed = { ...setup.feed, staleAfter: DAY };
    const fine = { ...setup, feed, surplus: s.deployer.address, fees: { inBps: 10, outBps: 10 } };
    const exact = await deploy(s.deployer, "PegModule", [fine]);
    // With 18 decimals the fee itself is rounded: up.
    expect([await exact.previewSwapIn(7n), await exact.previewSwapIn(1n)]).to.deep.equal([6n, 0n]);
    expect(await exact.previewSwapOut(7n)).to.equal(6n);
  });

  it("lets nobody but the authority change it", async () => {
    const s = await loadFixture(fixture);
    const peg = as(s.peg, s.bob);
    const settings = { feed: s.feed.target, maxDeviationBps: 1, staleAfter: 1 };
    for (const call of [
      () => peg.setFees({ inBps: 0, outBps: 0 }),
      () => peg.setFeed(settings),
      () => peg.raiseCeiling(1),
      () => peg.cutCeiling(1),
      () => peg.raiseInflowCap(INFLOW_CAP + 1n),
      () => peg.cutInflowCap(1),
      () => peg.stopInflow(),
      () => peg.resumeInflow(),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(s.peg, "AccessManagedUnauthorized");
    }
    await s.peg.setFeed(settings);
    expect([...(await s.peg.feed())]).to.deep.equal([s.feed.target, 1n, 1n]);
    expect([...(await s.peg.fees())]).to.deep.equal([10n, 20n]);
  });

  it("still redeems once it may no longer mint", async () => {
    const s = await loadFixture(fixture);
    await as(s.peg, s.alice).swapIn(dollars(100), 0, s.alice);
    await s.stablecoin.retireFacility(s.peg);
    await expect(as(s.peg, s.alice).swapIn(dollars(1), 0, s.alice)).to.be.revertedWithCustomError(
      s.stablecoin,
      "NotAFacility",
    );
    await as(s.peg, s.alice).swapOut(units(99), 0, s.alice);
  });

  it("has swaps of two lanes share no slot", async function () {
    if (!isSimulated) this.skip();
    const s = await loadFixture(fixture);
    await nextWindow(s);
    const swaps = [s.alice, s.bob].map((who) => ({
      in: () => as(s.peg, who).swapIn(dollars(1_000), 0, who, { gasLimit: 1_000_000 }),
      out: () => as(s.peg, who).swapOut(units(900), 0, who, { gasLimit: 1_000_000 }),
    }));
    for (const swap of swaps) await swap.in();
    const access = async (send: () => Promise<{ hash: string }>) =>
      storageAccess((await send()).hash, String(s.peg.target));
    for (const first of ["in", "out"] as const) {
      for (const second of ["in", "out"] as const) {
        const [a, b] = [await access(swaps[0]![first]), await access(swaps[1]![second])];
        expect(a.changed.size).to.be.greaterThan(4);
        const shared = [...a.changed].filter((key) => b.read.has(key));
        expect(
          [...shared, ...[...b.changed].filter((key) => a.read.has(key))],
          `${first}, ${second}`,
        ).to.deep.equal([]);
      }
    }
  });
});
