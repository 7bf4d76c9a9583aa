// Two users in different lanes of one market change no common slot and read nothing that the other changes. On Polder's
// chain by its own committed read and write sets, on Hardhat's simulated network by traces; elsewhere skipped.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { canTellContention, contended, type Sent } from "./support/contention.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { as, deployed, dropNav, NAV, NETHERLANDS, open, type Setup, TIERS, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
/** Two transactions mined on demand are not estimated one after the other. */
const GAS = { gasLimit: 600_000 };

type Signer = Setup["alice"];
type Operation = (s: Setup, who: Signer) => Promise<Sent>;

const operations: Record<string, Operation> = {
  addCollateral: (s, who) => as(s.market, who).addCollateral(who, 0, units(10), GAS),
  removeCollateral: (s, who) => as(s.market, who).removeCollateral(who, 0, units(10), who, GAS),
  borrow: (s, who) => as(s.market, who).borrow(who, 0, units(1_000), who, GAS),
  repay: (s, who) => as(s.market, who).repay(who, 0, units(1_000), GAS),
  "transfer of pUSD": (s, who) => as(s.stablecoin, who).transfer(friendOf(who), units(1), GAS),
};

/** An account of one's own to send to. */
function friendOf(who: Signer): string {
  return ethers.getAddress(`0x${who.address.slice(2, 40).toLowerCase()}ff`);
}

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

/** Alice and Bob owe too much, and two keepers have what it takes. */
async function unhealthy(): Promise<Setup & { second: Signer }> {
  const s = await deployed();
  const second = (await ethers.getSigners())[9];
  if (second === undefined) throw new Error("the network must unlock 10 accounts");
  await s.registry.setPersons([second], TIERS.liquidator, NETHERLANDS, (await time.latest()) + 10 ** 7);
  for (const who of [s.alice, s.bob]) await open(s, who, 1_000n, 80_000n);
  await open(s, s.carol, 5_000n, 100_000n);
  for (const keeper of [s.keeper, second]) {
    await as(s.stablecoin, s.carol).transfer(keeper, units(50_000));
    await as(s.stablecoin, keeper).approve(s.facility, ethers.MaxUint256);
  }
  await dropNav(s.oracle, (NAV * 88n) / 100n);
  await time.increase(60);
  return { ...s, second };
}

describe("Disjointness", () => {
  before(async function () {
    if (!(await canTellContention())) this.skip();
  });

  for (const [first, one] of Object.entries(operations)) {
    for (const [second, other] of Object.entries(operations)) {
      it(`${first} in one lane and ${second} in another`, async () => {
        const s = await loadFixture(busy);
        expect(model.laneOf(s.alice.address)).not.to.equal(model.laneOf(s.bob.address));
        const slots = await contended(
          () => one(s, s.alice),
          () => other(s, s.bob),
        );
        expect(slots).to.deep.equal([]);
      });
    }
  }

  it("liquidations of two borrowers by two keepers", async () => {
    const s = await loadFixture(unhealthy);
    const liquidate = (keeper: Signer, owner: Signer) =>
      as(s.market, keeper).liquidate(owner, 0, units(10_000), 0, keeper, "0x", GAS);
    const slots = await contended(
      () => liquidate(s.keeper, s.alice),
      () => liquidate(s.second, s.bob),
    );
    expect(slots).to.deep.equal([]);
  });

  it("holds between lanes only: within one, two borrowers share its slots", async () => {
    const s = await loadFixture(busy);
    const { borrow } = operations as { borrow: Operation };
    expect(model.laneOf(s.bob.address)).to.equal(model.laneOf(s.carol.address));
    const slots = await contended(
      () => borrow(s, s.bob),
      () => borrow(s, s.carol),
    );
    // The lane's debt and its integral over time in the market, its supply in the stablecoin.
    expect(slots.map((key) => key.split(":")[0]?.toLowerCase())).to.have.members(
      [s.market.target, s.market.target, s.stablecoin.target].map((address) => String(address).toLowerCase()),
    );
  });
});
