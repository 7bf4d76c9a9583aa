// The liquidator: without capital, for its keepers alone, and holding nothing afterwards.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { deployHarness } from "./support/harness.ts";
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
  WAD,
} from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const max = ethers.MaxUint256;
const PRICE = (NAV * 88n) / 100n;

type WithLiquidator = Setup & { liquidator: AnyContract; venue: AnyContract };

/** Alice is unhealthy at 88% of the NAV; a venue with 200,000 pUSD buys at `discountBps` below that. */
async function unhealthy(discountBps: bigint): Promise<WithLiquidator> {
  const s = await deployed();
  await open(s, s.alice, 1_000n, 80_000n);
  await open(s, s.bob, 8_000n, 300_000n);
  const liquidator = await deploy(s.deployer, "Liquidator", [s.deployer.address]);
  const price = (PRICE * WAD * (10_000n - discountBps)) / (10n ** 8n * 10_000n);
  const venue = await deployHarness("SaleVenue", s.collateral, s.stablecoin, price);
  const expiry = (await time.latest()) + 60 * DAY;
  await s.registry.setPersons([liquidator], TIERS.liquidator, NETHERLANDS, expiry);
  await s.registry.setPersons([venue], TIERS.holder, NETHERLANDS, expiry);
  await as(s.stablecoin, s.bob).transfer(venue, units(200_000));
  await liquidator.setKeeper(s.keeper, true);
  await dropNav(s.oracle, PRICE);
  await time.increase(60);
  return { ...s, liquidator, venue };
}

/** Half a percent below the NAV: within the bonus, which is 1% at least. */
const fairly = () => unhealthy(50n);
/** Ten percent below it: no bonus pays for that. */
const badly = () => unhealthy(1_000n);

/** Sells whatever was seized: the amount goes behind the selector. */
function saleOf(s: WithLiquidator, amount = 0n, amountAt = 4) {
  const data = s.venue.interface.encodeFunctionData("sell", [amount, 0]);
  return { venue: s.venue.target, data, amountAt };
}

async function expectEmpty(s: WithLiquidator): Promise<void> {
  for (const token of [s.stablecoin, s.collateral]) {
    expect(await token.balanceOf(s.liquidator)).to.equal(0n);
    for (const spender of [s.venue, s.facility, s.market]) {
      expect(await token.allowance(s.liquidator, spender)).to.equal(0n);
    }
  }
}

describe("Liquidator", () => {
  it("sells what it seized, repays, and hands the keeper the rest", async () => {
    const s = await loadFixture(fairly);
    const keeper = as(s.liquidator, s.keeper);
    const [quote] = await s.market.liquidationQuote(s.alice, 0);
    await keeper.liquidate(s.market, s.alice, 0, max, units(100), saleOf(s));
    const [executed] = await s.liquidator.queryFilter("Executed");
    if (!executed || !("args" in executed)) throw new Error("no event");
    const { repaid, seized, profit } = executed.args;
    expect(repaid).to.be.greaterThanOrEqual(quote.repay);
    expect(await s.collateral.balanceOf(s.venue)).to.equal(seized);
    const proceeds = units(200_000) - (await s.stablecoin.balanceOf(s.venue));
    expect(profit).to.equal(proceeds - repaid);
    expect(await s.stablecoin.balanceOf(s.keeper)).to.equal(profit);
    await expectEmpty(s);
  });

  it("does nothing for less than the profit asked for, nor where the sale does not pay the debt", async () => {
    const s = await loadFixture(fairly);
    const keeper = as(s.liquidator, s.keeper);
    const profit = await keeper.liquidate.staticCall(s.market, s.alice, 0, max, 0, saleOf(s));
    await expect(
      keeper.liquidate(s.market, s.alice, 0, max, profit * 2n, saleOf(s)),
    ).to.be.revertedWithCustomError(s.liquidator, "ProfitTooLow");
    const low = await loadFixture(badly);
    await expect(
      as(low.liquidator, low.keeper).liquidate(low.market, low.alice, 0, max, 0, saleOf(low)),
    ).to.be.revertedWithCustomError(low.liquidator, "SaleTooLow");
  });

  it("hands the keeper collateral that the venue left, where he may hold it", async () => {
    const s = await loadFixture(fairly);
    const keeper = as(s.liquidator, s.keeper);
    const [, seizable] = await s.market.liquidationQuote(s.alice, 0);
    // All but one token is sold, by an amount fixed beforehand.
    await keeper.liquidate(s.market, s.alice, 0, max, 0, saleOf(s, seizable - units(1), 0));
    expect(await s.collateral.balanceOf(s.keeper)).to.be.greaterThanOrEqual(units(1));
    await expectEmpty(s);
  });

  it("is for its owner and his keepers alone, and the callback for the market at work", async () => {
    const s = await loadFixture(fairly);
    for (const who of [s.stranger, s.bob]) {
      await expect(as(s.liquidator, who).liquidate(s.market, s.alice, 0, max, 0, saleOf(s)))
        .to.be.revertedWithCustomError(s.liquidator, "NotAKeeper")
        .withArgs(who);
      await expect(as(s.liquidator, who).setKeeper(who, true)).to.be.revertedWithCustomError(
        s.liquidator,
        "OwnableUnauthorizedAccount",
      );
    }
    const sale = ethers.AbiCoder.defaultAbiCoder().encode(
      ["tuple(address,bytes,uint256)"],
      [[s.stablecoin.target, "0x", 0]],
    );
    await expect(s.liquidator.onLiquidation(0, 1, sale))
      .to.be.revertedWithCustomError(s.liquidator, "NotLiquidating")
      .withArgs(s.deployer);
    await s.liquidator.setKeeper(s.keeper, false);
    expect(await s.liquidator.isKeeper(s.keeper)).to.equal(false);
    await expect(
      as(s.liquidator, s.keeper).liquidate(s.market, s.alice, 0, max, 0, saleOf(s)),
    ).to.be.revertedWithCustomError(s.liquidator, "NotAKeeper");
    await s.liquidator.liquidate(s.market, s.alice, 0, max, 0, saleOf(s)); // the owner
  });

  it("calls no token, market or source as a venue, and writes the amount within the data alone", async () => {
    const s = await loadFixture(fairly);
    const keeper = as(s.liquidator, s.keeper);
    const transfer = s.stablecoin.interface.encodeFunctionData("transfer", [s.keeper.address, 1]);
    for (const venue of [s.stablecoin, s.collateral, s.market, s.facility]) {
      await expect(
        keeper.liquidate(s.market, s.alice, 0, max, 0, { venue: venue.target, data: transfer, amountAt: 0 }),
      )
        .to.be.revertedWithCustomError(s.liquidator, "NotAVenue")
        .withArgs(venue);
    }
    for (const amountAt of [1, 37, 1_000]) {
      await expect(keeper.liquidate(s.market, s.alice, 0, max, 0, saleOf(s, 0n, amountAt)))
        .to.be.revertedWithCustomError(s.liquidator, "AmountOutsideData")
        .withArgs(amountAt, 68);
    }
  });

  it("needs to be on record as a liquidator, and its venue as a holder", async () => {
    const s = await loadFixture(fairly);
    const keeper = as(s.liquidator, s.keeper);
    await s.registry.removePerson(s.venue);
    await expect(keeper.liquidate(s.market, s.alice, 0, max, 0, saleOf(s))).to.be.revertedWithCustomError(
      s.collateral,
      "ReceiverNotEligible",
    );
    await s.registry.removePerson(s.liquidator);
    await expect(keeper.liquidate(s.market, s.alice, 0, max, 0, saleOf(s))).to.be.revertedWithCustomError(
      s.market,
      "NotEligible",
    );
  });
});
