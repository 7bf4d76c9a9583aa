// Attacks by borrowers on caps, on liquidators and on rounding.
import { expect } from "chai";
import { signConfirmation } from "../../../contracts/deployment/nav-report.ts";
import { ethers, networkHelpers } from "../support/network.ts";
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
} from "../support/setup.ts";
import { wealthOf } from "../support/wealth.ts";

const { loadFixture, time } = networkHelpers;
const { liquidation, coolOff } = options.parameters;
const max = ethers.MaxUint256;

/** Alice attacks; Bob's loan funds the keeper. */
async function indebted(): Promise<Setup> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 80_000n);
  await open(s, s.bob, 8_000n, 300_000n);
  await as(s.stablecoin, s.bob).transfer(s.keeper, units(200_000));
  for (const who of [s.keeper, s.alice]) await as(s.stablecoin, who).approve(s.facility, max);
  return s;
}

describe("Attack: cap inflated by interest", () => {
  it("years of interest on one loan leave the others' part of the cap whole, and make none beyond it", async () => {
    const s = await loadFixture(deployed);
    await s.market.cutDebtCap(options.debtCap - units(200_000));
    await open(s, s.alice, 10_000n, 100_000n);
    await open(s, s.bob, 10_000n, 0n);
    await s.market.checkpoint();
    await time.increase(3 * 365 * DAY);
    const expiry = (await time.latest()) + 365 * DAY;
    await s.registry.setPersons([s.alice, s.bob], TIERS.borrower, NETHERLANDS, expiry);
    await reportNav(s.oracle, NAV, 4);
    await s.market.checkpoint();
    expect(await s.market.totalDebt(), "interest has accrued").to.be.greaterThan(units(105_000));

    // Bob finds what Alice did not use, in units of scaled debt, though debt and cap in assets now differ.
    const free = units(200_000) - (await s.market.positionOf(s.alice, 0)).scaledDebt;
    const index = await s.market.borrowIndex();
    const market = as(s.market, s.bob);
    await market.borrow(s.bob, 0, (free * index) / WAD, s.bob);
    // Paying interest alone makes room for no more than was paid: the cap holds in the units it is set in.
    await as(s.stablecoin, s.alice).approve(s.facility, max);
    await as(s.market, s.alice).repay(s.alice, 0, units(5_000));
    await expect(
      as(s.market, s.alice).borrow(s.alice, 0, units(5_200), s.alice),
    ).to.be.revertedWithCustomError(s.market, "CapExceeded");
    let used = 0n;
    for (let lane = 0; lane < 32; lane++) used += (await s.market.laneOf(lane))[0];
    expect(used <= units(200_000), "what is used stays below the cap").to.equal(true);
  });
});

describe("Attack: 1-wei repayments against liquidation", () => {
  it("repayments and additions of a wei before each attempt neither fail nor put off the liquidation", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(coolOff);
    const { healthCheckedAt } = await s.market.positionOf(s.alice, 0);
    const alice = as(s.market, s.alice);
    for (let i = 0; i < 5; i++) {
      await alice.repay(s.alice, 0, 2);
      await alice.addCollateral(s.alice, 0, 1);
      expect((await s.market.positionOf(s.alice, 0)).healthCheckedAt).to.equal(healthCheckedAt);
      await as(s.market, s.keeper).liquidate(s.alice, 0, units(500), 0, s.keeper, "0x");
    }
    // The keeper quotes, Alice pays a wei first, the keeper sends what he quoted with his tolerance.
    const [quote, seizable] = await s.market.liquidationQuote(s.alice, 0);
    await alice.repay(s.alice, 0, 2);
    await as(s.market, s.keeper).liquidate(s.alice, 0, max, (seizable * 999n) / 1_000n, s.keeper, "0x");
    expect(quote.repay).to.be.greaterThan(0n);
    await expect(s.market.liquidationQuote(s.alice, 0)).to.be.revertedWithCustomError(
      s.market,
      "NotLiquidatable",
    );
  });

  it("a wei that turns a partial liquidation into dust buys nothing: what is owed is what is closed", async () => {
    const s = await loadFixture(indebted);
    // Alice repays to just above the minimum debt, so that any partial liquidation would leave less than it.
    await as(s.market, s.alice).removeCollateral(s.alice, 0, units(2), s.alice);
    await as(s.market, s.alice).repay(s.alice, 0, units(79_890));
    const { collateral } = await s.market.positionOf(s.alice, 0);
    await as(s.market, s.alice).removeCollateral(s.alice, 0, collateral - units(136) / 100n, s.alice);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(coolOff);
    const before = await wealthOf(s, [s.alice], { nav: (NAV * 88n) / 100n });
    for (let i = 0; i < 3; i++) await as(s.market, s.alice).repay(s.alice, 0, 2);
    await as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.keeper, "0x");
    expect(await s.market.debtOf(s.alice, 0)).to.equal(0n);
    const after = await wealthOf(s, [s.alice], { nav: (NAV * 88n) / 100n });
    expect(after, "she lost the bonus").to.be.lessThan(before);
  });
});

describe("Attack: self-liquidation", () => {
  it("is refused to the owner, as caller and as receiver", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 88n) / 100n);
    await time.increase(coolOff);
    await s.registry.setPersons([s.alice], TIERS.liquidator, NETHERLANDS, (await time.latest()) + DAY);
    await expect(
      as(s.market, s.alice).liquidate(s.alice, 0, max, 0, s.alice, "0x"),
    ).to.be.revertedWithCustomError(s.market, "SelfLiquidation");
    await expect(
      as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.alice, "0x"),
    ).to.be.revertedWithCustomError(s.market, "SelfLiquidation");
  });

  it("by a second account, in the moment she brought herself to the edge, waits for the cool-off", async () => {
    const s = await loadFixture(indebted);
    await dropNav(s.oracle, (NAV * 96n) / 100n);
    await time.increase(20 * HOUR);
    // She holds a report of a deep fall that nobody has brought yet, and takes out what the old NAV still allows.
    const price = (NAV * 80n) / 100n;
    const pair = [s.alice, s.keeper];
    const before = await wealthOf(s, pair, { nav: price });
    const needed = ((await s.market.debtOf(s.alice, 0)) * 100n) / (85n * 96n) + units(1);
    await as(s.market, s.alice).removeCollateral(s.alice, 0, units(1_000) - needed, s.alice);
    const until = (await time.latest()) + coolOff;
    await reportNav(s.oracle, price);
    await s.oracle.confirm(await signConfirmation(s.oracle, attestors.slice(0, 4)));
    const liquidate = () => as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.keeper, "0x");
    await expect(liquidate()).to.be.revertedWithCustomError(s.market, "CoolingOff").withArgs(until);

    // When it is over anybody may, and her own second account gains no more than walking away would bring.
    await time.increaseTo(until);
    await liquidate();
    const loss = await s.market.totalLoss();
    expect(loss).to.be.greaterThan(0n);
    const own = (await wealthOf(s, pair, { nav: price })) - before;
    expect(own - loss).to.be.lessThanOrEqual(0n);
  });

  it("by a second account brings the two together nothing beyond a loss that was there before", async () => {
    for (const percent of [93n, 88n, 84n]) {
      const s = await loadFixture(indebted);
      const price = (NAV * percent) / 100n;
      await as(s.market, s.alice).borrow(s.alice, 0, units(4_990), s.alice); // to the maximum
      await dropNav(s.oracle, price);
      const pair = [s.alice, s.keeper];
      const before = await wealthOf(s, pair, { nav: price });
      await expect(
        as(s.market, s.alice).removeCollateral(s.alice, 0, 1, s.alice),
      ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
      await as(s.market, s.keeper).liquidate(s.alice, 0, max, 0, s.keeper, "0x");
      const loss = await s.market.totalLoss();
      expect(loss > 0n).to.equal(percent === 84n);
      const gained = (await wealthOf(s, pair, { nav: price })) - before;
      expect(gained - loss, `at ${percent}%`).to.be.lessThanOrEqual(0n);
    }
  });

  it("for the bonus, in many small parts, brings no more than in one", async () => {
    const s = await loadFixture(indebted);
    const price = (NAV * 86n) / 100n;
    await dropNav(s.oracle, price);
    await time.increase(coolOff);
    const snapshot = await networkHelpers.takeSnapshot();
    const liquidate = (amount: bigint) =>
      as(s.market, s.keeper).liquidate(s.alice, 0, amount, 0, s.keeper, "0x");
    const before = await wealthOf(s, [s.keeper], { nav: price });
    await liquidate(max);
    const atOnce = (await wealthOf(s, [s.keeper], { nav: price })) - before;
    const health = await s.market.healthOf(s.alice, 0);
    await snapshot.restore();
    for (let i = 0; i < 12; i++) await liquidate(units(2_000));
    await liquidate(max);
    const inParts = (await wealthOf(s, [s.keeper], { nav: price })) - before;
    expect(inParts).to.be.lessThanOrEqual(atOnce);
    expect(await s.market.healthOf(s.alice, 0)).to.be.greaterThanOrEqual(health - 10n ** 12n);
  });
});

describe("Attack: rounding to zero", () => {
  it("a payment that would extinguish nothing is refused, and loans round up", async () => {
    const s = await loadFixture(indebted);
    await s.market.checkpoint();
    await time.increase(300 * DAY);
    const market = as(s.market, s.alice);
    expect(await s.market.borrowIndex()).to.be.greaterThan(WAD);
    await expect(market.repay(s.alice, 0, 1)).to.be.revertedWithCustomError(s.market, "ZeroAmount");
    await expect(market.repay(s.alice, 0, 0)).to.be.revertedWithCustomError(s.market, "ZeroAmount");
    await reportNav(s.oracle, NAV, 4);
    await s.registry.setPersons([s.alice], TIERS.borrower, NETHERLANDS, (await time.latest()) + DAY);
    for (let i = 0; i < 10; i++) {
      const { scaledDebt } = await s.market.positionOf(s.alice, 0);
      await market.borrow(s.alice, 0, 1, s.alice);
      expect((await s.market.positionOf(s.alice, 0)).scaledDebt).to.equal(scaledDebt + 1n);
    }
  });

  it("loans of odd amounts, repaid at once, cost at least what they rounded", async () => {
    const s = await loadFixture(indebted);
    await s.market.checkpoint();
    await time.increase(30 * DAY);
    await reportNav(s.oracle, NAV, 4);
    const market = as(s.market, s.alice);
    for (const amount of [1n, 3n, 7n, 10n ** 9n + 1n, units(1) + 1n]) {
      const owned = await wealthOf(s, [s.alice]);
      await market.borrow(s.alice, 0, amount, s.alice);
      await market.repay(s.alice, 0, amount).catch(() => undefined); // a wei extinguishes nothing
      expect(await wealthOf(s, [s.alice]), `${amount}`).to.be.lessThanOrEqual(owned);
    }
  });

  it("a liquidator who pays a wei gets at most what it is worth", async () => {
    const s = await loadFixture(indebted);
    const price = (NAV * 88n) / 100n;
    await dropNav(s.oracle, price);
    await time.increase(coolOff);
    for (const amount of [2n, 10n, 89n]) {
      const before = await s.collateral.balanceOf(s.keeper);
      await as(s.market, s.keeper).liquidate(s.alice, 0, amount, 0, s.keeper, "0x");
      const seized = (await s.collateral.balanceOf(s.keeper)) - before;
      // floor(paid * (1 + bonus) / price): never a whole unit for less than it costs.
      expect(BigInt(seized) * price * WAD <= amount * (WAD + liquidation.maxBonus) * 10n ** 8n).to.equal(
        true,
      );
    }
    await expect(
      as(s.market, s.keeper).liquidate(s.alice, 0, 0, 0, s.keeper, "0x"),
    ).to.be.revertedWithCustomError(s.market, "ZeroAmount");
  });
});
