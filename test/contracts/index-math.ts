// The debt index against the bigint model, which computes the exponential to 256 bits.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { networkHelpers } from "./support/network.ts";
import { below, seeded } from "./support/random.ts";
import { DAY, WAD } from "./support/setup.ts";

const { loadFixture } = networkHelpers;
const harness = () => deployHarness("MathHarness");
const difference = (a: bigint, b: bigint) => (a > b ? a - b : b - a);

describe("IndexMath", () => {
  it("computes exp to the last of its 18 decimals", async () => {
    const math = await loadFixture(harness);
    const random = seeded(7);
    const exponents = [0n, 1n, WAD, ...Array.from({ length: 200 }, () => below(random, 2n * WAD))];
    const results = (await math.exp(exponents)) as bigint[];
    exponents.forEach((x, i) => {
      expect(difference(results[i] ?? 0n, model.expWad(x)), `exp(${x})`).to.be.lessThanOrEqual(1n);
    });
  });

  it("grows as exp(rate * time), like its model to one unit in the last decimal", async () => {
    const math = await loadFixture(harness);
    const random = seeded(8);
    const elapsed = Array.from({ length: 100 }, () => below(random, BigInt(3 * 365 * DAY)));
    const index = 1_234_567_890_123_456_789n;
    const rate = (5n * WAD) / 100n;
    const grown = (await math.grow(index, rate, elapsed)) as bigint[];
    elapsed.forEach((seconds, i) => {
      // One unit of exp is up to index / WAD = 2 units of the product.
      expect(difference(grown[i] ?? 0n, model.growIndex(index, rate, seconds))).to.be.lessThanOrEqual(2n);
    });
  });

  it("never falls from one second to the next, at any rate", async () => {
    const math = await loadFixture(harness);
    for (const rate of [1n, 1_000n, WAD / 1_000n, WAD / 20n, 2n * WAD]) {
      for (const start of [0, 1_000_000, 3 * 365 * DAY]) {
        const seconds = Array.from({ length: 100 }, (_, i) => start + i);
        const grown = (await math.grow(WAD, rate, seconds)) as bigint[];
        for (let i = 1; i < grown.length; i++) expect(grown[i]).to.be.greaterThanOrEqual(grown[i - 1] ?? 0n);
      }
    }
  });

  it("stays the same over a year, however often it is written, but for rounding down", async () => {
    const math = await loadFixture(harness);
    const rate = WAD / 20n;
    const [once] = (await math.grow(WAD, rate, [365 * DAY])) as [bigint];
    let index = WAD;
    for (let i = 0; i < 73; i++) [index] = (await math.grow(index, rate, [5 * DAY])) as [bigint];
    expect(index).to.be.lessThanOrEqual(once + 1n);
    expect(once - index).to.be.lessThan(500n);
  });
});
