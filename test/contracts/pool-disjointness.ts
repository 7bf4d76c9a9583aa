// Two users in different lanes of one pool-backed market change no common slot and read nothing that the other changes.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { canTellContention, contended, type Sent } from "./support/contention.ts";
import { networkHelpers } from "./support/network.ts";
import { deployedWithPool, type PoolSetup } from "./support/pool.ts";
import { as, units } from "./support/setup.ts";

const { loadFixture, time } = networkHelpers;
/** Two transactions mined on demand are not estimated one after the other. */
const GAS = { gasLimit: 600_000 };

type Signer = PoolSetup["alice"];
type Operation = (s: PoolSetup, who: Signer) => Promise<Sent>;

const operations: Record<string, Operation> = {
  supply: (s, who) => as(s.pool, who).deposit(units(1_000), who, GAS),
  withdraw: (s, who) => as(s.pool, who).withdraw(units(1_000), who, who, GAS),
  borrow: (s, who) => as(s.market, who).borrow(who, 0, units(500), who, GAS),
  repay: (s, who) => as(s.market, who).repay(who, 0, units(500), GAS),
};

/** Alice, Bob and Carol both lend and borrow; Bob and Carol share a lane. */
async function everybodyBusy(): Promise<PoolSetup> {
  const s = await deployedWithPool();
  await as(s.collateral, s.bob).transfer(s.carol, units(1_000));
  for (const who of [s.alice, s.bob, s.carol]) {
    await as(s.collateral, who).approve(s.market, units(1_000_000));
    await as(s.stablecoin, who).approve(s.pool, units(1_000_000_000));
    await as(s.pool, who).deposit(units(20_000), who);
    await as(s.market, who).addCollateral(who, 0, units(100));
    await as(s.market, who).borrow(who, 0, units(5_000), who);
  }
  await s.market.checkpoint();
  await time.increase(100);
  return s;
}

describe("Disjointness of a pool-backed market", () => {
  before(async function () {
    if (!(await canTellContention())) this.skip();
  });

  for (const [first, one] of Object.entries(operations)) {
    for (const [second, other] of Object.entries(operations)) {
      it(`${first} in one lane and ${second} in another`, async () => {
        const s = await loadFixture(everybodyBusy);
        expect(model.laneOf(s.alice.address)).not.to.equal(model.laneOf(s.bob.address));
        const slots = await contended(
          () => one(s, s.alice),
          () => other(s, s.bob),
        );
        expect(slots).to.deep.equal([]);
      });
    }
  }

  it("holds between lanes only: within one, two lenders share its shares, cash and custodian", async () => {
    const s = await loadFixture(everybodyBusy);
    const { supply } = operations as { supply: Operation };
    const slots = await contended(
      () => supply(s, s.bob),
      () => supply(s, s.carol),
    );
    const addresses = slots.map((key) => key.split(":")[0]?.toLowerCase());
    expect(addresses).to.have.members(
      [s.pool.target, s.pool.target, s.stablecoin.target].map((address) => String(address).toLowerCase()),
    );
  });

  it("ends where a lane runs dry: a loan that takes from its neighbours meets theirs", async () => {
    const s = await loadFixture(everybodyBusy);
    // Alice's lane 8 holds 15,000; the rest comes from Bob's and Carol's lane 28.
    const slots = await contended(
      () => as(s.pool, s.alice).withdraw(units(20_000), s.alice, s.alice, { gasLimit: 3_000_000 }),
      () => as(s.pool, s.bob).deposit(units(1_000), s.bob, GAS),
    );
    expect(slots.length).to.be.greaterThan(0);
  });
});
