// Attacks on values: a NAV that is old or jumps, a dollar that is none any more.
import { expect } from "chai";
import { signReport } from "../../../contracts/deployment/nav-report.ts";
import { ethers, networkHelpers } from "../support/network.ts";
import {
  CEILING,
  dollars,
  INFLOW_CAP,
  nextWindow,
  ONE_DOLLAR,
  type PegSetup,
  sayDollar,
  withPeg,
} from "../support/peg.ts";
import { as, attestors, deployed, HOUR, NAV, open, reportNav, type Setup, units } from "../support/setup.ts";
import { wealthOf } from "../support/wealth.ts";

const { loadFixture, time } = networkHelpers;
const max = ethers.MaxUint256;

/** Alice has collateral and no debt, Bob a loan, Carol collateral beside; the keeper has pUSD. */
async function market(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 0n);
  await open(s, s.bob, 1_000n, 80_000n);
  await open(s, s.carol, 5_000n, 200_000n);
  await as(s.stablecoin, s.carol).transfer(s.keeper, units(200_000));
  await as(s.stablecoin, s.keeper).approve(s.facility, max);
  return s;
}

describe("Attack: stale NAV", () => {
  it("a loan at a NAV that is no longer true, then nothing: she loses what she leaves behind", async () => {
    const s = await loadFixture(market);
    // The assets lost a tenth in value and no report has said so yet.
    const truth = (NAV * 90n) / 100n;
    const before = await wealthOf(s, [s.alice], { nav: truth });
    await as(s.market, s.alice).borrow(s.alice, 0, units(85_000) - 10n, s.alice);
    const walkedAway = await s.stablecoin.balanceOf(s.alice);
    expect(walkedAway).to.be.lessThan((units(1_000) * truth) / 10n ** 8n);
    expect(await wealthOf(s, [s.alice], { nav: truth })).to.be.lessThanOrEqual(before);
  });

  it("a loan, or a removal beside a debt, at a NAV that is too old: refused", async () => {
    const s = await loadFixture(market);
    await time.increase(73 * HOUR);
    await expect(as(s.market, s.alice).borrow(s.alice, 0, units(1_000), s.alice))
      .to.be.revertedWithCustomError(s.market, "NavNotUsable")
      .withArgs(1);
    await expect(as(s.market, s.carol).removeCollateral(s.carol, 0, 1, s.carol))
      .to.be.revertedWithCustomError(s.market, "NavNotUsable")
      .withArgs(1);
  });

  it("an old report brought again, or one back-dated behind the accepted: refused", async () => {
    const s = await loadFixture(market);
    const high = {
      round: Number(await s.oracle.nextRound()),
      nav: NAV,
      navDate: await time.latest(),
      ripcord: false,
    };
    const signatures = await signReport(s.oracle, attestors.slice(0, 3), high);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 99n) / 100n);
    await time.increase(20 * HOUR);
    await expect(s.oracle.submit(high, signatures)).to.be.revertedWithCustomError(s.oracle, "WrongRound");
    const relabelled = { ...high, round: high.round + 1 };
    await expect(
      s.oracle.submit(relabelled, await signReport(s.oracle, attestors.slice(0, 3), relabelled)),
    ).to.be.revertedWithCustomError(s.oracle, "WrongNavDate");
  });
});

describe("Attack: jumped NAV", () => {
  it("threefold by a quorum in bad faith: nothing is lent on it, now or a day later", async () => {
    const s = await loadFixture(market);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV * 3n);
    const alice = as(s.market, s.alice);
    for (const wait of [1, 25 * HOUR]) {
      await time.increase(wait);
      await expect(alice.borrow(s.alice, 0, units(86_000), s.alice))
        .to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv")
        .withArgs((debt: bigint) => debt >= units(86_000), units(85_000));
    }
    const before = await wealthOf(s, [s.alice]);
    await alice.borrow(s.alice, 0, units(85_000) - 10n, s.alice);
    expect(await s.stablecoin.balanceOf(s.alice)).to.be.lessThan(units(100_000));
    expect(await wealthOf(s, [s.alice])).to.be.lessThanOrEqual(before);
  });

  it("by its bound with each report for a week: what is lent on it stays below what it is worth", async () => {
    const s = await loadFixture(market);
    for (let i = 0; i < 8; i++) {
      await time.increase(20 * HOUR);
      const [nav] = await s.oracle.read();
      await reportNav(s.oracle, (nav * 101n) / 100n);
    }
    const limit = ((await s.market.collateralValue(units(1_000))) * 85n) / 100n;
    expect(limit).to.be.greaterThan(units(92_000));
    await as(s.market, s.alice).borrow(s.alice, 0, limit - 10n, s.alice);
    expect(await s.stablecoin.balanceOf(s.alice)).to.be.lessThan(units(100_000));
  });

  it("down by a third, to buy sound borrowers out: nobody is liquidated before a true report is due", async () => {
    const s = await loadFixture(market);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 67n) / 100n);
    const before = await wealthOf(s, [s.bob]);
    const liquidate = () => as(s.market, s.keeper).liquidate(s.bob, 0, max, 0, s.keeper, "0x");
    await expect(liquidate()).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
    await time.increase(20 * HOUR);
    await expect(liquidate()).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
    await reportNav(s.oracle, NAV);
    await time.increase(10 * HOUR);
    await expect(liquidate()).to.be.revertedWithCustomError(s.market, "NotLiquidatable");
    // He lost the interest of these days and nothing else.
    expect(before - (await wealthOf(s, [s.bob]))).to.be.lessThan(units(80_000) / 1_000n);
  });

  it("down by a third and truly so: nobody borrows at the old NAV before it takes effect", async () => {
    const s = await loadFixture(market);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 67n) / 100n);
    const truth = { nav: (NAV * 67n) / 100n };
    const before = await wealthOf(s, [s.alice], truth);
    const alice = as(s.market, s.alice);
    const limit = (units(67_000) * 85n) / 100n;
    await expect(alice.borrow(s.alice, 0, units(67_000), s.alice))
      .to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv")
      .withArgs((debt: bigint) => debt >= units(67_000), limit);
    await alice.borrow(s.alice, 0, limit - 10n, s.alice);
    expect(await s.stablecoin.balanceOf(s.alice)).to.be.lessThan(units(67_000));
    expect(await wealthOf(s, [s.alice], truth)).to.be.lessThanOrEqual(before);
  });
});

/** Alice owes pUSD, so that pUSD minted against bad dollars would be worth par to her. */
async function pegged(): Promise<PegSetup> {
  const s = await withPeg();
  await open(s, s.alice, 10_000n, 800_000n);
  await as(s.stablecoin, s.alice).approve(s.facility, max);
  await sayDollar(s);
  return s;
}

describe("Attack: depegged USDC through the peg", () => {
  for (const answer of [90n, 99n]) {
    it(`bought at ${answer} cents to repay a loan at par: not taken, once the feed says so`, async () => {
      const s = await loadFixture(pegged);
      const cents = ONE_DOLLAR / 100n;
      await sayDollar(s, answer * cents);
      const truth = { dollar: answer * cents };
      const before = await wealthOf(s, [s.alice], truth);
      await expect(as(s.peg, s.alice).swapIn(dollars(500_000), 0, s.alice)).to.be.revertedWithCustomError(
        s.peg,
        "InflowNotOpen",
      );
      await as(s.market, s.alice).repay(s.alice, 0, units(700_000));
      expect(await wealthOf(s, [s.alice], truth)).to.be.lessThanOrEqual(before);
    });
  }

  it("a little below a dollar, as far as the feed may be: taken at what it is worth, as a loan repaid shows", async () => {
    const s = await loadFixture(pegged);
    const cheap = (ONE_DOLLAR * 9_950n) / 10_000n;
    await sayDollar(s, cheap);
    const truth = { dollar: cheap };
    const before = await wealthOf(s, [s.alice], truth);
    await as(s.peg, s.alice).swapIn(dollars(600_000), 0, s.alice);
    await as(s.market, s.alice).repay(s.alice, 0, units(590_000));
    expect((await wealthOf(s, [s.alice], truth)) - before).to.be.lessThanOrEqual(0n);
    // What the discount left in the reserve is nobody's profit while the dollar is worth no more.
    const [reserve, minted] = [await s.peg.reserve(), await s.stablecoin.supplyOf(s.peg)];
    await s.peg.settleFees();
    const settled = (await s.stablecoin.supplyOf(s.peg)) - minted;
    expect(settled).to.equal((dollars(600_000) * 10n ** 12n * 9_950n) / 10_000n / 1_000n); // the fee, 10 basis points
    expect(await s.stablecoin.supplyOf(s.peg)).to.be.at.most((reserve * 10n ** 12n * 9_950n) / 10_000n);
  });

  it("above a dollar: taken as one, no more", async () => {
    const s = await loadFixture(pegged);
    const par = await s.peg.previewSwapIn(dollars(1_000));
    await sayDollar(s, (ONE_DOLLAR * 10_050n) / 10_000n);
    expect(await s.peg.previewSwapIn(dollars(1_000))).to.equal(par);
  });

  it("while the feed is silent or stopped: not taken, and what came in before is bounded by window and ceiling", async () => {
    const s = await loadFixture(pegged);
    const alice = as(s.peg, s.alice);
    // The feed still says a dollar, the market no longer does: a lag that nobody can close.
    let taken = 0n;
    for (let day = 0; day < 7; day++) {
      await nextWindow(s);
      const [ceiling, window] = await s.peg.room();
      const amount = ceiling < window ? ceiling : window;
      expect(amount).to.be.at.most(INFLOW_CAP);
      if (amount > 0n) await alice.swapIn(amount, 0, s.alice);
      taken += amount;
      await expect(alice.swapIn(dollars(1), 0, s.alice)).to.be.revertedWithCustomError(
        s.peg,
        "LanesExhausted",
      );
    }
    expect(taken).to.equal(CEILING);
    await time.increase(26 * HOUR);
    await expect(alice.swapIn(dollars(1), 0, s.alice))
      .to.be.revertedWithCustomError(s.peg, "InflowNotOpen")
      .withArgs(2);
  });
});
