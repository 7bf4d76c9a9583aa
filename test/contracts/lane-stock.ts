// A stock in lanes against its bigint model: refilled each period, or never.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { below, seeded } from "./support/random.ts";

const { loadFixture } = networkHelpers;
const harness = () => deployHarness("StockHarness");
const NEVER = { period: 0, quota: 0 };

describe("LaneStock", () => {
  it("equals its model over 200 random operations, and refuses only what all lanes together lack", async () => {
    const stock = await loadFixture(harness);
    const random = seeded(31);
    const expected = new model.LaneStock();
    await stock.level(NEVER, 1_000_005n);
    expected.level(1_000_005n);
    let refusals = 0;
    for (let i = 0; i < 200; i++) {
      const lane = Number(below(random, 32n));
      const amount = 1n + below(random, 10n ** (2n + below(random, 5n)));
      if (random() < 0.4) {
        await stock.put(NEVER, lane, amount / 2n);
        expected.put(lane, amount / 2n);
      } else if (amount > expected.total) {
        refusals++;
        await expect(stock.take(NEVER, lane, amount))
          .to.be.revertedWithCustomError(stock, "LanesExhausted")
          .withArgs(ethers.encodeBytes32String("stock"), amount, expected.total);
      } else {
        await stock.take(NEVER, lane, amount);
        expected.take(lane, amount);
      }
      if (i % 8 === 0) expect([...(await stock.lanes(NEVER))], `after ${i}`).to.deep.equal(expected.lanes);
    }
    expect(refusals, "the sequence must reach the end of the stock").to.be.greaterThan(0);
  });

  it("is full again in the next period, lane by lane as they are touched", async () => {
    const stock = await loadFixture(harness);
    const day = (period: number, quota = 3_200) => ({ period, quota });
    await stock.take(day(1), 4, 100);
    await stock.take(day(1), 5, 60);
    expect((await stock.lanes(day(1))).slice(3, 7)).to.deep.equal([100n, 0n, 40n, 100n]);
    expect((await stock.lanes(day(2))).slice(3, 7)).to.deep.equal([100n, 100n, 100n, 100n]);
    await stock.take(day(2), 4, 130); // 50 from lane 5, which was not touched in this period yet
    expect((await stock.lanes(day(2))).slice(3, 7)).to.deep.equal([100n, 20n, 50n, 100n]);
    await expect(stock.take(day(2), 0, 3_071)).to.be.revertedWithCustomError(stock, "LanesExhausted");
    await stock.take(day(2), 0, 3_070);
    expect((await stock.lanes(day(2))).every((free: bigint) => free === 0n)).to.equal(true);
  });
});
