// The lens for people: a whole portfolio and the list of markets, each in one call, whatever part of it fails.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { model } from "../../contracts/index.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { busyPool, type PoolSetup } from "./support/pool.ts";
import {
  as,
  DAY,
  dropNav,
  HOUR,
  NAV,
  NETHERLANDS,
  open,
  options,
  reportNav,
  TIERS,
  units,
  WAD,
} from "./support/setup.ts";
import { type Surrounded, surrounded } from "./support/surroundings.ts";

const { loadFixture, setCode, time } = networkHelpers;
const { maxLtv, liquidation, coolOff } = options.parameters;
/** Code that reverts whatever it is asked. */
const BROKEN = "0x60006000fd";

const nothing = {
  markets: [],
  termsIds: [],
  vaults: [],
  tokens: [],
  spenders: [],
  operator: ethers.ZeroAddress,
  registry: ethers.ZeroAddress,
};

function portfolioOf({ lens }: { lens: AnyContract }, who: { address: string }, query: object) {
  return lens.portfolioOf(who.address, { ...nothing, ...query });
}

describe("Lens.portfolioOf", () => {
  it("tells all positions of an account as the markets do", async () => {
    const s: PoolSetup = await loadFixture(busyPool);
    await open({ ...s, market: s.mintMarket }, s.alice, 500n, 20_000n);
    await as(s.market, s.alice).setAuthorisation(s.stranger, true);
    const { positions, timestamp, blockNumber } = await portfolioOf(s, s.alice, {
      markets: [s.market.target, s.mintMarket.target],
      termsIds: [0, 1],
      operator: s.stranger.address,
    });
    expect(positions.length).to.equal(4);
    const [pooled, none, minted] = positions;
    for (const [view, market, authorised] of [
      [pooled, s.market, true],
      [minted, s.mintMarket, false],
    ] as const) {
      expect([view.ok, view.priced, view.market, view.termsId]).to.deep.equal([
        true,
        true,
        market.target,
        0n,
      ]);
      expect(view.debt).to.equal(await market.debtOf(s.alice, 0));
      expect(view.health).to.equal(await market.healthOf(s.alice, 0));
      const { collateral, healthCheckedAt } = await market.positionOf(s.alice, 0);
      expect(view.collateralValue).to.equal(await market.collateralValue(collateral));
      expect(view.coolOffUntil).to.equal(healthCheckedAt + BigInt(coolOff));
      expect(view.operatorAuthorised).to.equal(authorised);
    }
    expect([none.ok, none.termsId, none.debt, none.health]).to.deep.equal([true, 1n, 0n, ethers.MaxUint256]);
    const block = await ethers.provider.getBlock("latest");
    expect([timestamp, blockNumber]).to.deep.equal([
      BigInt(block?.timestamp ?? 0),
      BigInt(block?.number ?? 0),
    ]);
  });

  it("tells the NAV at which a position turns unhealthy, to the last unit", async () => {
    const s = await loadFixture(busyPool);
    const query = { markets: [s.market.target], termsIds: [0] };
    const { positions } = await portfolioOf(s, s.alice, query);
    const { debt, collateral, liquidationNav } = positions[0];
    const decimals = { collateral: 18, nav: 8, loan: 18 };
    const valueAt = (nav: bigint) => model.collateralValue(collateral, nav, decimals);
    expect(valueAt(liquidationNav) * liquidation.lltv >= debt * WAD).to.equal(true);
    expect(valueAt(liquidationNav - 1n) * liquidation.lltv < debt * WAD).to.equal(true);
    // And as the market has it: a unit above is healthy still, a unit below no more.
    await dropNav(s.oracle, liquidationNav - 1n);
    expect(await s.market.healthOf(s.alice, 0)).to.be.lessThan(WAD);
    const after = (await portfolioOf(s, s.alice, query)).positions[0];
    expect(after.liquidatable).to.equal(true);
    expect(after.quote.repay).to.equal((await s.market.liquidationQuote(s.alice, 0))[0].repay);
    expect(after.liquidationNav).to.be.greaterThan(liquidationNav - 1n);
    expect([after.borrowable, after.removable]).to.deep.equal([0n, 0n]);
  });

  it("tells what may still be borrowed and removed, and both pass", async () => {
    const s = await loadFixture(busyPool);
    const query = { markets: [s.market.target], termsIds: [0] };
    const [before] = (await portfolioOf(s, s.alice, query)).positions;
    expect(before.borrowable).to.be.greaterThan(units(24_990)).and.lessThan(units(25_000));
    expect(before.removable).to.be.greaterThan(units(294)).and.lessThan(units(295));
    // Some seconds' interest on 60,000 comes in between.
    const slack = units(1) / 100n;
    const market = as(s.market, s.alice);
    await expect(
      market.removeCollateral.staticCall(s.alice, 0, before.removable + slack, s.alice),
    ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
    await market.removeCollateral.staticCall(s.alice, 0, before.removable - slack, s.alice);
    await expect(
      market.borrow.staticCall(s.alice, 0, before.borrowable + slack, s.alice),
    ).to.be.revertedWithCustomError(s.market, "ExceedsMaxLtv");
    await market.borrow(s.alice, 0, before.borrowable - slack, s.alice);
    const [after] = (await portfolioOf(s, s.alice, query)).positions;
    expect(after.debt).to.be.at.most((after.collateralValue * maxLtv) / WAD);
    expect(after.borrowable).to.be.at.most(slack);

    // Nothing while the NAV is stale, but all of it where nothing is owed.
    await open({ ...s, market: s.mintMarket }, s.bob, 10n, 0n);
    await time.increase(80 * HOUR);
    const stale = (
      await portfolioOf(s, s.bob, { markets: [s.market.target, s.mintMarket.target], termsIds: [0] })
    ).positions;
    expect([stale[0].borrowable, stale[0].removable]).to.deep.equal([0n, 0n]);
    expect([stale[1].borrowable, stale[1].removable]).to.deep.equal([0n, units(10)]);
  });

  it("tells shares and what they bring, a backstop's queue, balances, allowances and standing", async () => {
    const s: Surrounded = await loadFixture(surrounded);
    await as(s.savings, s.bob).deposit(units(30_000), s.bob);
    await as(s.backstop, s.bob).deposit(units(20_000), s.bob);
    await s.market.cutDebtCap(units(1_000_000));
    await s.policy.setExposure(s.market, 1, 1);
    await s.peg.cutCeiling(3_200_000n * 10n ** 6n);
    await as(s.backstop, s.bob).requestExit(units(5_000));
    await s.collateral.freezePartialTokens(s.bob, units(3));
    await as(s.stablecoin, s.bob).approve(s.peg, units(9));
    const { vaults, tokens, standing } = await portfolioOf(s, s.bob, {
      vaults: [s.savings.target, s.backstop.target],
      tokens: [s.stablecoin.target, s.collateral.target],
      spenders: [s.peg.target, s.facility.target],
      registry: s.registry.target,
    });
    const [savings, backstop] = vaults;
    expect([
      savings.ok,
      savings.shares,
      savings.assets,
      savings.withdrawable,
      savings.queuedShares,
    ]).to.deep.equal([true, units(30_000), units(30_000), units(30_000), 0n]);
    expect(savings.depositable).to.equal(await s.savings.maxDeposit(s.bob));
    const exit = await s.backstop.exitOf(s.bob);
    expect([
      backstop.shares,
      backstop.queuedShares,
      backstop.queuedAssets,
      backstop.claimableFrom,
    ]).to.deep.equal([units(15_000), units(5_000), units(5_000), exit.claimableFrom]);
    expect(backstop.claimableShares).to.equal(0n);
    await time.increase(11 * DAY);
    const later = await portfolioOf(s, s.bob, { vaults: [s.backstop.target] });
    expect(later.vaults[0].claimableShares).to.equal(units(5_000));

    const [pusd, asset] = tokens;
    expect([pusd.ok, pusd.balance, [...pusd.allowances], pusd.frozen, pusd.nonce]).to.deep.equal([
      true,
      await s.stablecoin.balanceOf(s.bob),
      [units(9), 0n],
      0n,
      0n,
    ]);
    expect([asset.balance, asset.frozen, asset.accountFrozen]).to.deep.equal([units(5_000), units(3), false]);
    expect(standing.ok).to.equal(true);
    expect(standing.standing).to.equal((await s.registry.standingOf(s.bob))[0]);
    expect([standing.record.tier, standing.record.jurisdiction]).to.deep.equal([
      BigInt(TIERS.borrower),
      BigInt(NETHERLANDS),
    ]);
  });

  it("stands where parts fail: a market, vault, token or registry that is none", async () => {
    const s = await loadFixture(busyPool);
    const nowhere = s.stranger.address;
    const p = await portfolioOf(s, s.dora, {
      markets: [nowhere, s.stablecoin.target, s.market.target],
      termsIds: [0],
      vaults: [nowhere, s.pool.target],
      tokens: [nowhere, s.stablecoin.target],
      spenders: [s.pool.target],
      registry: nowhere,
    });
    expect([...p.positions].map(({ ok }) => ok)).to.deep.equal([false, false, true]);
    expect([...p.vaults].map(({ ok }) => ok)).to.deep.equal([false, true]);
    expect([...p.tokens].map(({ ok }) => ok)).to.deep.equal([false, true]);
    expect(p.standing.ok).to.equal(false);
    expect([p.positions[0].market, p.vaults[0].vault, p.tokens[0].token]).to.deep.equal([
      nowhere,
      nowhere,
      nowhere,
    ]);
    expect(p.vaults[1].shares).to.equal(await s.pool.balanceOf(s.dora));
    expect(p.vaults[1].assets).to.equal(await s.pool.previewRedeem(p.vaults[1].shares));
  });

  it("tells debt and collateral without a price", async () => {
    const s = await loadFixture(busyPool);
    const query = { markets: [s.market.target], termsIds: [0] };
    await s.oracle.pullRipcord();
    const [stopped] = (await portfolioOf(s, s.alice, query)).positions;
    expect([stopped.ok, stopped.priced, stopped.borrowable, stopped.liquidatable]).to.deep.equal([
      true,
      true,
      0n,
      false,
    ]);
    expect(stopped.collateralValue).to.equal(units(100_000)); // the last one
    await setCode(String(s.oracle.target), BROKEN);
    const [unpriced] = (await portfolioOf(s, s.alice, query)).positions;
    expect([unpriced.ok, unpriced.priced, unpriced.collateral]).to.deep.equal([true, false, units(1_000)]);
    expect(unpriced.debt).to.equal(await s.market.debtOf(s.alice, 0));
  });
});

describe("Lens.marketsOf", () => {
  it("tells caps, utilisation, rates, NAV and pools of all markets", async () => {
    const s = await loadFixture(busyPool);
    await time.increase(3 * DAY);
    await reportNav(s.oracle, (NAV * 95n) / 100n); // pending
    await s.market.checkpoint();
    await time.increase(HOUR);
    const [pooled, minted] = await s.lens.marketsOf([s.market.target, s.mintMarket.target]);
    const [debt, cash] = [await s.market.totalDebt(), await s.pool.totalCash()];
    expect([pooled.ok, pooled.totalDebt, pooled.pool.ok, pooled.pool.cash]).to.deep.equal([
      true,
      debt,
      true,
      cash,
    ]);
    expect(pooled.utilisation).to.equal((BigInt(debt) * WAD) / (debt + cash));
    expect(pooled.averageUtilisation).to.equal((await s.market.rateState()).utilisation);
    expect(pooled.ratePerYear).to.equal((await s.market.accrual()).ratePerYear);
    expect(pooled.pool.supplyRatePerYear).to.equal(
      (((BigInt(pooled.ratePerYear) * pooled.utilisation) / WAD) * (WAD - WAD / 10n)) / WAD,
    );
    const [issue, redemption] = await s.pool.prices();
    expect([pooled.pool.issuePrice, pooled.pool.redemptionPrice]).to.deep.equal([issue, redemption]);
    expect(pooled.pool.depositable).to.equal(await s.pool.maxDeposit(s.dora));

    const [cap] = await s.mintMarket.debtCap();
    const index = await s.mintMarket.borrowIndex();
    expect(minted.pool.ok).to.equal(false);
    expect(minted.utilisation).to.equal(
      (BigInt(await s.mintMarket.totalDebt()) * WAD) / ((BigInt(cap) * index) / WAD),
    );
    expect(minted.debtCap - minted.freeDebtCap).to.equal(
      (await s.mintMarket.positionOf(s.carol, 0)).scaledDebt,
    );
    expect(minted.shortfall).to.equal(0n);

    const pending = await s.oracle.pending();
    const { nav } = pooled;
    expect([nav.ok, nav.status, nav.newDebtNav, nav.liquidationNav, nav.pendingNav]).to.deep.equal([
      true,
      (await s.oracle.read())[2],
      (NAV * 95n) / 100n,
      NAV,
      pending.nav,
    ]);
    const { navDate } = await s.oracle.accepted();
    const { staleAfter, expiredAfter, pendingDelay } = options.oracle.settings;
    expect([nav.navDate, nav.staleAt, nav.expiresAt, nav.pendingUntil]).to.deep.equal([
      navDate,
      navDate + BigInt(staleAfter),
      navDate + BigInt(expiredAfter),
      pending.since + BigInt(pendingDelay),
    ]);
    expect(pooled.parameters.maxLtv).to.equal(maxLtv);
  });

  it("tells what stops a market", async () => {
    const s = await loadFixture(busyPool);
    await s.market.pauseNewDebt();
    await s.collateral.pause();
    await s.oracle.pullRipcord();
    const view = await s.lens.marketOf(s.market.target);
    expect([view.newDebtPaused, view.lossNotCovered, view.collateralPaused, view.nav.status]).to.deep.equal([
      true,
      false,
      true,
      3n,
    ]);
    await s.collateral.unpause();
    expect((await s.lens.marketOf(s.market.target)).collateralPaused).to.equal(false);
  });

  it("stands where a market is none, or its oracle fails", async () => {
    const s = await loadFixture(busyPool);
    await setCode(String(s.oracle.target), BROKEN);
    const views = await s.lens.marketsOf([s.stranger.address, s.market.target, s.stablecoin.target]);
    expect([...views].map(({ ok }) => ok)).to.deep.equal([false, true, false]);
    expect(views[0].market).to.equal(s.stranger.address);
    expect([views[1].nav.ok, views[1].pool.ok]).to.deep.equal([false, true]);
    expect(views[1].totalDebt).to.equal(await s.market.totalDebt());
  });

  it("is within the size that a call may return from, for fifty owners at once", async () => {
    const s = await loadFixture(busyPool);
    const lens = await deploy(s.deployer, "Lens", []);
    const owners = Array.from({ length: 50 }, (_, i) => (i % 2 ? s.alice.address : s.bob.address));
    const views = await lens.positions(s.market.target, 0, owners);
    expect(views.length).to.equal(50);
    expect(await lens.positions.estimateGas(s.market.target, 0, owners)).to.be.lessThan(14_000_000n);
  });
});
