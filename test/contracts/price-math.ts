// A pool's price and a lane's fixed debt against the bigint model, for random histories.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { networkHelpers } from "./support/network.ts";
import { below, seeded } from "./support/random.ts";
import { DAY, WAD } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
const harness = () => deployHarness("PriceHarness");
const COUNT = 200;
const { RAY } = model;

/** A price that was set up to 60 days ago, in all proportions of what has vested and what threatens. */
function randomPrice(random: () => number, now: bigint): model.VestingPrice {
  const rolledAt = now - below(random, BigInt(60 * DAY));
  return {
    base: RAY / 2n + below(random, 2n * RAY),
    unvested: below(random, 4n) === 0n ? 0n : below(random, RAY / 5n),
    impairment: below(random, 3n) === 0n ? below(random, RAY) : 0n,
    since: rolledAt + below(random, now - rolledAt + 1n),
    duration: below(random, 5n) === 0n ? 0n : below(random, BigInt(40 * DAY)),
    rolledAt,
  };
}

const tuple = (p: model.VestingPrice) => [p.base, p.unvested, p.impairment, p.since, p.duration, p.rolledAt];

describe("VestingPrice", () => {
  it("vests and redeems as its model, for random prices", async () => {
    const math = await loadFixture(harness);
    const random = seeded(31);
    const base = BigInt(await time.latest());
    const prices = Array.from({ length: COUNT }, () => randomPrice(random, base));
    const [now, vested, redemption] = await math.prices(prices.map(tuple));
    for (const [i, price] of prices.entries()) {
      expect([vested[i], redemption[i]]).to.deep.equal([
        model.vestedPrice(price, now),
        model.redemptionPrice(price, now),
      ]);
    }
  });

  it("rolls as its model: profit, recoveries, reserve, losses that threaten", async () => {
    const math = await loadFixture(harness);
    const random = seeded(32);
    const base = BigInt(await time.latest());
    const prices = Array.from({ length: COUNT }, () => randomPrice(random, base));
    const rolls = prices.map((price) => {
      const shares = below(random, 10n) === 0n ? 0n : below(random, 10n ** 26n);
      const promised = (shares * model.issuePrice(price)) / RAY;
      return {
        // Below what is promised and above it.
        assets: (promised * (9_900n + below(random, 500n))) / 10_000n + below(random, 1_000n),
        shares,
        recovered: below(random, 3n) === 0n ? below(random, promised / 100n + 1n) : 0n,
        reserveFactor: below(random, WAD / 2n),
        unrealised: below(random, 4n) === 0n ? below(random, promised + 1n) : 0n,
      };
    });
    const [now, next, fees] = await math.rolls(
      prices.map(tuple),
      rolls.map((r) => [r.assets, r.shares, r.recovered, r.reserveFactor, r.unrealised]),
      WAD,
    );
    for (const [i, price] of prices.entries()) {
      const roll = rolls[i];
      if (roll === undefined) throw new Error("fewer rolls than prices");
      const expected = model.roll(price, roll, WAD, now);
      expect([...next[i]], `price ${i}`).to.deep.equal(tuple(expected.next));
      expect(fees[i], `fee ${i}`).to.equal(expected.fee);
    }
  });

  it("loses as its model: what has not vested first, then the base, down to nothing", async () => {
    const math = await loadFixture(harness);
    const random = seeded(33);
    const base = BigInt(await time.latest());
    const prices = Array.from({ length: COUNT }, () => randomPrice(random, base));
    const shares = prices.map(() => 1n + below(random, 10n ** 26n));
    const losses = prices.map((price, i) => {
      const whole = ((shares[i] ?? 0n) * model.issuePrice(price)) / RAY;
      return 1n + below(random, below(random, 2n) === 0n ? whole / 50n + 1n : whole + 1n);
    });
    const [now, after] = await math.losses(prices.map(tuple), losses, shares);
    for (const [i, price] of prices.entries()) {
      const expected = model.lose(price, losses[i] ?? 0n, shares[i] ?? 1n, now);
      expect([...after[i]], `price ${i}`).to.deep.equal(tuple(expected));
    }
  });
});

describe("LinearDebt", () => {
  it("is the exact sum of what loans at any rates owe, and of those that are left", async () => {
    const math = await loadFixture(harness);
    const random = seeded(34);
    const base = BigInt(await time.latest());
    const loans = Array.from({ length: 100 }, () => ({
      scaled: below(random, 10n ** 25n),
      ratePerYear: below(random, 2n * WAD),
      start: base - below(random, BigInt(900 * DAY)),
    }));
    const removed = 37;
    const [now, withAll, left] = await math.lane.staticCall(
      loans.map(({ scaled, ratePerYear, start }) => [scaled, ratePerYear, start]),
      removed,
    );
    const owed = (some: typeof loans) =>
      some.reduce(
        (sum, { scaled, ratePerYear, start }) =>
          sum + scaled * (model.INDEX_ONE + ratePerYear * (now - start)),
        0n,
      );
    expect(withAll).to.equal(owed(loans));
    expect(left).to.equal(owed(loans.slice(removed)));
  });
});
