// The escrow of a cap over lanes against its bigint model, and its two promises: an operation that its lane can honour
// touches no other, and none is refused while all lanes together can honour it.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { deployHarness } from "./support/harness.ts";
import { networkHelpers } from "./support/network.ts";
import { below, seeded } from "./support/random.ts";
import { addressInLane } from "./support/setup.ts";

const { loadFixture } = networkHelpers;
const harness = () => deployHarness("EscrowHarness");
const CAP = 3_200_000n;

function total(values: readonly bigint[]): bigint {
  return values.reduce((sum, value) => sum + value, 0n);
}

describe("LaneEscrow", () => {
  it("gives every lane its part of the cap, and a remainder to the first ones", async () => {
    const escrow = await loadFixture(harness);
    await escrow.raise(32n * 5n + 3n);
    const [, free] = await escrow.state();
    expect([...free]).to.deep.equal(Array.from({ length: 32 }, (_, lane) => (lane < 3 ? 6n : 5n)));
  });

  it("touches the own lane alone where that suffices", async () => {
    const escrow = await loadFixture(harness);
    await escrow.raise(CAP);
    await escrow.take(7, 100_000n);
    const [used, free] = await escrow.state();
    for (let lane = 0; lane < 32; lane++) {
      expect(used[lane]).to.equal(lane === 7 ? 100_000n : 0n);
      expect(free[lane]).to.equal(lane === 7 ? 0n : 100_000n);
    }
  });

  it("takes half of the nearest neighbours' surplus where it does not", async () => {
    const escrow = await loadFixture(harness);
    await escrow.raise(CAP);
    await escrow.take(30, 220_000n);
    const [used, free] = await escrow.state();
    expect(used[30]).to.equal(220_000n);
    expect([free[30], free[31], free[0], free[1], free[2]]).to.deep.equal([
      30_000n,
      50_000n,
      50_000n,
      50_000n,
      100_000n,
    ]);
  });

  it("spreads a large operation over all lanes", async () => {
    const escrow = await loadFixture(harness);
    await escrow.raise(CAP);
    await escrow.take(0, 2_000_000n);
    const [, free] = await escrow.state();
    const far = free.slice(9);
    expect(Math.max(...far.map(Number)) - Math.min(...far.map(Number))).to.be.lessThan(100);
    expect(Math.min(...far.map(Number))).to.be.greaterThan(0);
  });

  it("honours the last unit, wherever it is, and refuses one more", async () => {
    const escrow = await loadFixture(harness);
    await escrow.raise(CAP);
    await escrow.take(3, CAP - 1n);
    await expect(escrow.take(19, 2n)).to.be.revertedWithCustomError(escrow, "CapExceeded").withArgs(2n, 1n);
    await escrow.take(19, 1n);
    const [used, free] = await escrow.state();
    expect(total(used)).to.equal(CAP);
    expect(total(free)).to.equal(0n);
  });

  it("lets a cut that use exceeds be repaid before anything is free again", async () => {
    const escrow = await loadFixture(harness);
    await escrow.raise(CAP);
    await escrow.take(5, 1_000_000n);
    await escrow.cut(CAP - 400_000n);
    const [, free, cap, overhang] = await escrow.state();
    expect([total(free), cap, overhang]).to.deep.equal([0n, 400_000n, 600_000n]);
    await escrow.release(5, 550_000n);
    await expect(escrow.take(6, 1n)).to.be.revertedWithCustomError(escrow, "CapExceeded");
    await escrow.release(5, 60_000n);
    await escrow.take(6, 10_000n);
    await expect(escrow.take(6, 1n)).to.be.revertedWithCustomError(escrow, "CapExceeded");
    await expect(escrow.cut(400_001n)).to.be.revertedWithCustomError(escrow, "CutBeyondCap");
  });

  it("equals its model over 300 random operations, and neither over- nor underspends the cap", async () => {
    const escrow = await loadFixture(harness);
    const random = seeded(20_261);
    const expected = new model.LaneEscrow();
    await escrow.raise(CAP);
    expected.raise(CAP);
    let refusals = 0;
    for (let i = 0; i < 300; i++) {
      const lane = Number(below(random, 32n));
      const kind = random();
      if (kind < 0.62) {
        // Sizes over four orders of magnitude, so that both paths are taken.
        const amount = 1n + below(random, 10n ** (2n + below(random, 5n)));
        const available = total(expected.free);
        if (amount > available) {
          refusals++;
          await expect(escrow.take(lane, amount))
            .to.be.revertedWithCustomError(escrow, "CapExceeded")
            .withArgs(amount, available);
          continue;
        }
        await escrow.take(lane, amount);
        expected.take(lane, amount);
      } else if (kind < 0.65) {
        await escrow.rebalance();
        expected.rebalance();
        expect(await escrow.imbalance()).to.equal(0n);
      } else if (kind < 0.92) {
        const used = expected.used[lane] ?? 0n;
        const amount = used === 0n ? 0n : 1n + below(random, used);
        await escrow.release(lane, amount);
        expected.release(lane, amount);
      } else if (kind < 0.96) {
        const amount = below(random, CAP / 10n);
        await escrow.raise(amount);
        expected.raise(amount);
      } else {
        const amount = below(random, expected.cap / 2n + 1n);
        await escrow.cut(amount);
        expected.cut(amount);
      }
      if (i % 10 === 0) {
        const [used, free, cap, overhang] = await escrow.state();
        expect([...used], `used after ${i}`).to.deep.equal(expected.used);
        expect([...free], `free after ${i}`).to.deep.equal(expected.free);
        expect(await escrow.imbalance()).to.equal(expected.imbalance());
        expect([cap, overhang]).to.deep.equal([expected.cap, expected.overhang]);
        expect(total(used) + total(free)).to.equal(cap + overhang);
        expect(overhang === 0n || total(free) === 0n).to.equal(true);
      }
    }
    expect(refusals, "the sequence must reach the cap").to.be.greaterThan(0);
  });

  it("levels what is free exactly, a remainder in the first lanes, and leaves use and cap", async () => {
    const escrow = await loadFixture(harness);
    expect(await escrow.imbalance()).to.equal(0n);
    await escrow.raise(CAP + 3n);
    await escrow.take(9, CAP);
    await escrow.rebalance();
    expect(await escrow.imbalance(), "three units in three lanes are as level as can be").to.equal(0n);
    await escrow.release(9, CAP - 10n);
    expect(await escrow.imbalance()).to.be.closeTo((31n * model.WAD) / 32n, model.WAD / 100_000n);
    await escrow.rebalance();
    const [used, free, cap] = await escrow.state();
    expect([...free]).to.deep.equal(
      Array.from({ length: 32 }, (_, lane) => (lane < 25 ? 100_000n : 99_999n)),
    );
    expect([used[9], total(used), cap]).to.deep.equal([10n, 10n, CAP + 3n]);
  });

  it("is out of level by less than 0.14 after one operation of any size", async () => {
    for (const amount of [100_001n, 499_999n, 500_000n, 2_000_000n, 3_100_000n]) {
      const escrow = await harness();
      await escrow.raise(CAP);
      await escrow.take(12, amount);
      expect(await escrow.imbalance(), `${amount}`).to.be.lessThan((14n * model.WAD) / 100n);
    }
  });

  it("puts an account in the lane of its last five bits", async () => {
    const math = await deployHarness("MathHarness");
    for (let lane = 0; lane < 32; lane++) {
      expect(await math.laneOf(addressInLane(lane))).to.equal(lane);
      expect(model.laneOf(addressInLane(lane))).to.equal(lane);
    }
  });
});
