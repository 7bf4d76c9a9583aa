// Two users in different lanes of one market change no common slot and read nothing that the other changes. By the
// traces of Hardhat's simulated network; on a network without them the checks of the chain itself take over.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { ethers, isSimulated, networkHelpers } from "./support/network.ts";
import { as, deployed, open, type Setup, units } from "./support/setup.ts";
import { type StorageAccess, storageAccess } from "./support/storage-trace.ts";

const { loadFixture, time } = networkHelpers;

type Signer = Setup["alice"];
type Operation = (s: Setup, who: Signer) => Promise<{ hash: string; to: string | null }>;

const operations: Record<string, Operation> = {
  addCollateral: (s, who) => as(s.market, who).addCollateral(who, 0, units(10)),
  removeCollateral: (s, who) => as(s.market, who).removeCollateral(who, 0, units(10), who),
  borrow: (s, who) => as(s.market, who).borrow(who, 0, units(1_000), who),
  repay: (s, who) => as(s.market, who).repay(who, 0, units(1_000)),
  "transfer of pUSD": (s, who) =>
    as(s.stablecoin, who).transfer(
      ethers.getAddress(`0x${who.address.slice(2, 40)}ff`.toLowerCase()),
      units(1),
    ),
};

async function busy(): Promise<Setup> {
  const s = await deployed();
  for (const who of [s.alice, s.bob, s.carol]) {
    await open(s, who, 1_000n, 50_000n);
    await as(s.stablecoin, who).approve(s.facility, ethers.MaxUint256);
  }
  await s.market.checkpoint();
  await time.increase(100);
  return s;
}

async function accessOf(s: Setup, who: Signer, operation: Operation): Promise<StorageAccess> {
  const { hash, to } = await operation(s, who);
  return storageAccess(hash, to ?? "");
}

function common(a: Set<string>, b: Set<string>): string[] {
  return [...a].filter((key) => b.has(key));
}

describe("Disjointness", () => {
  before(function () {
    if (!isSimulated) this.skip();
  });

  for (const [first, one] of Object.entries(operations)) {
    for (const [second, other] of Object.entries(operations)) {
      it(`${first} in one lane and ${second} in another`, async () => {
        const s = await loadFixture(busy);
        expect(model.laneOf(s.alice.address)).not.to.equal(model.laneOf(s.bob.address));
        const a = await accessOf(s, s.alice, one);
        const b = await accessOf(s, s.bob, other);
        expect(a.changed.size, "the trace shows changes").to.be.greaterThan(1);
        expect(common(a.changed, b.read), "read by the second").to.deep.equal([]);
        expect(common(b.changed, a.read), "read by the first").to.deep.equal([]);
      });
    }
  }

  it("holds between lanes only: within one, two borrowers share its slots", async () => {
    const s = await loadFixture(busy);
    const { borrow } = operations as { borrow: Operation };
    expect(model.laneOf(s.bob.address)).to.equal(model.laneOf(s.carol.address));
    const shared = common(
      (await accessOf(s, s.bob, borrow)).changed,
      (await accessOf(s, s.carol, borrow)).changed,
    );
    // The lane's debt and free cap in the market, its supply in the stablecoin.
    expect(shared.map((key) => key.split(":")[0])).to.have.members(
      [s.market.target, s.stablecoin.target].map((address) => String(address).toLowerCase()),
    );
  });
});
