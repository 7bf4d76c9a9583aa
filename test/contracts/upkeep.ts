// The upkeep: finds what is due, does what is due, and nothing else.
import { expect } from "chai";
import { type AnyContract, deploy } from "../../contracts/deployment/protocol.ts";
import { accountsInLane, by, equip } from "./support/grinding.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import { busyPool, type PoolSetup, priceOf } from "./support/pool.ts";
import { as, DAY, dropNav, HOUR, NAV, reportNav, units, WAD } from "./support/setup.ts";
import { type Surrounded, surrounded } from "./support/surroundings.ts";

const { loadFixture, time } = networkHelpers;
/** As in `IUpkeep.Job`. */
const JOBS = ["Checkpoint", "Promote", "CoverLoss", "Impair", "Distribute"];

type Watch = { markets: unknown[]; surplus?: unknown; termsIds?: number[]; owners?: string[] };
type Task = { job: number; target: unknown; subject: unknown; termsId: number };

const TASKS = "tuple(uint8 job,address target,address subject,uint256 termsId)[]";
const WATCH = "tuple(address[] markets,address surplus,uint256[] termsIds,address[] owners)";
const coder = ethers.AbiCoder.defaultAbiCoder();

async function surroundedWithUpkeep(): Promise<Surrounded & { upkeep: AnyContract }> {
  const s = await surrounded();
  return { ...s, upkeep: await deploy(s.deployer, "Upkeep", []) };
}

async function poolWithUpkeep(): Promise<PoolSetup & { upkeep: AnyContract }> {
  const s = await busyPool();
  return { ...s, upkeep: await deploy(s.deployer, "Upkeep", []) };
}

/** What is due, in words and as the data to perform. */
async function check(upkeep: AnyContract, watch: Watch): Promise<{ due: string[]; data: string }> {
  const { markets, surplus = ethers.ZeroAddress, termsIds = [0], owners = [] } = watch;
  const [needed, data] = await upkeep.checkUpkeep.staticCall(
    coder.encode([WATCH], [[markets, surplus, termsIds, owners]]),
  );
  const [tasks] = coder.decode([TASKS], data);
  const due = [...tasks].map(({ job }: { job: bigint }) => String(JOBS[Number(job)]));
  expect(needed).to.equal(due.length > 0);
  return { due, data };
}

function dataOf(...tasks: Task[]): string {
  return coder.encode([TASKS], [tasks]);
}

describe("Upkeep", () => {
  it("checkpoints hourly, or earlier once utilisation has moved by a step", async () => {
    const s = await loadFixture(poolWithUpkeep);
    const watch = { markets: [s.market.target] };
    await time.increase(2 * HOUR);
    await s.market.checkpoint();
    await time.increase(10);
    expect((await check(s.upkeep, watch)).due).to.deep.equal([]);
    await time.increase(HOUR - 20);
    expect((await check(s.upkeep, watch)).due, "nothing moved").to.deep.equal([]);
    await time.increase(30);
    const { due, data } = await check(s.upkeep, watch);
    expect(due).to.deep.equal(["Checkpoint"]);
    await as(s.upkeep, s.stranger).performUpkeep(data);
    expect((await s.market.accrual()).timestamp).to.equal(BigInt(await time.latest()));
    await expect(s.upkeep.performUpkeep(data)).to.be.revertedWithCustomError(s.upkeep, "NothingDone");

    // Two fifths of the cash leave: within some minutes an hour's average moves by a twentieth.
    await time.increase(2 * HOUR);
    await s.market.checkpoint();
    await as(s.pool, s.dora).withdraw(units(75_000), s.dora, s.dora);
    expect((await check(s.upkeep, watch)).due).to.deep.equal([]);
    await time.increase(15 * 60);
    expect((await check(s.upkeep, watch)).due).to.deep.equal(["Checkpoint"]);
  });

  it("promotes a lower NAV once it has matured, not before", async () => {
    const s = await loadFixture(surroundedWithUpkeep);
    const watch = { markets: [s.market.target] };
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, (NAV * 90n) / 100n);
    await s.market.checkpoint();
    await time.increase(10);
    expect((await check(s.upkeep, watch)).due).to.deep.equal([]);
    const early = dataOf({ job: 1, target: s.oracle.target, subject: ethers.ZeroAddress, termsId: 0 });
    await expect(s.upkeep.performUpkeep(early)).to.be.revertedWithCustomError(s.upkeep, "NothingDone");
    await time.increase(DAY);
    const { due, data } = await check(s.upkeep, watch);
    expect(due).to.deep.equal(["Promote", "Checkpoint"]);
    await s.upkeep.performUpkeep(data);
    expect((await s.oracle.accepted()).nav).to.equal((NAV * 90n) / 100n);
    // A rise waits for signatures, however old it is.
    await reportNav(s.oracle, NAV);
    await time.increase(30 * HOUR);
    expect((await check(s.upkeep, watch)).due).to.deep.equal(["Checkpoint"]);
  });

  it("has a loss covered, then the market opened again", async () => {
    const s = await loadFixture(surroundedWithUpkeep);
    const watch = { markets: [s.market.target], surplus: s.surplus.target };
    await as(s.stablecoin, s.carol).transfer(s.keeper, units(140_000));
    await as(s.stablecoin, s.keeper).approve(s.facility, ethers.MaxUint256);
    await dropNav(s.oracle, NAV / 2n);
    await time.increase(60);
    await s.market.checkpoint();
    await as(s.market, s.keeper).liquidate(s.alice, 0, units(140_000), 0, s.keeper, "0x");
    // Nobody can bear it yet but what interest the surplus has.
    await as(s.backstop, s.bob).deposit(units(100_000), s.bob);
    await time.increase(10);
    const first = await check(s.upkeep, watch);
    expect(first.due).to.deep.equal(["CoverLoss"]);
    await s.upkeep.performUpkeep(first.data);
    expect(await s.facility.shortfall()).to.equal(0n);
    await time.increase(1);
    const second = await check(s.upkeep, watch);
    expect(second.due).to.deep.equal(["Checkpoint"]);
    await s.upkeep.performUpkeep(second.data);
    expect((await s.market.newDebtStops())[1]).to.equal(false);
  });

  it("has impairments assessed as they come and go, and not for every second's interest", async () => {
    const s = await loadFixture(poolWithUpkeep);
    const watch = {
      markets: [s.market.target],
      owners: [s.alice.address, s.bob.address, s.stranger.address],
    };
    await time.increase(20 * HOUR);
    await s.market.checkpoint();
    await reportNav(s.oracle, NAV / 2n);
    const { due, data } = await check(s.upkeep, watch);
    expect(due).to.deep.equal(["Impair", "Impair"]);
    await s.upkeep.performUpkeep(data);
    expect(await s.market.impairmentOf(s.alice, 0)).to.be.greaterThan(units(10_000));
    expect((await priceOf(s)).impairment).to.be.greaterThan(0n);
    await time.increase(HOUR / 2);
    expect((await check(s.upkeep, watch)).due).to.deep.equal([]);
    await as(s.market, s.alice).addCollateral(s.alice, 0, units(2_000));
    const reversed = await check(s.upkeep, watch);
    expect(reversed.due).to.deep.equal(["Impair"]);
    await s.upkeep.performUpkeep(reversed.data);
    expect(await s.market.impairmentOf(s.alice, 0)).to.equal(0n);
    // Looking has changed nothing.
    await s.upkeep.checkUpkeep(
      coder.encode([WATCH], [[watch.markets, ethers.ZeroAddress, [0], watch.owners]]),
    );
    expect((await s.market.queryFilter("Impaired")).length).to.equal(3);
    expect(await s.market.impair.staticCall(s.bob, 0)).to.be.greaterThan(0n);
    await as(s.market, s.bob).repay(s.bob, 0, ethers.MaxUint256);
    expect((await check(s.upkeep, watch)).due).to.include("Impair");
  });

  it("has the surplus paid out once an epoch, where there is something to pay", async () => {
    const s = await loadFixture(surroundedWithUpkeep);
    const watch = { markets: [], surplus: s.surplus.target };
    await time.increase(DAY);
    expect((await check(s.upkeep, watch)).due, "capital does not cover the caps").to.deep.equal([]);
    await s.market.cutDebtCap(units(500_000));
    await s.policy.setExposure(s.market, 1, 100);
    await s.peg.cutCeiling(3_200_000n * 10n ** 6n);
    await as(s.stablecoin, s.carol).transfer(s.surplus, units(20_000));
    const { due, data } = await check(s.upkeep, watch);
    expect(due).to.deep.equal(["Distribute"]);
    await s.upkeep.performUpkeep(data);
    expect((await s.upkeep.queryFilter("Performed")).length).to.equal(1);
    expect((await check(s.upkeep, watch)).due).to.deep.equal([]);
    await time.increase(DAY);
    expect((await check(s.upkeep, watch)).due).to.deep.equal(["Distribute"]);
  });

  it("does what is due of a list and leaves out the rest; false targets cost nobody else anything", async () => {
    const s = await loadFixture(poolWithUpkeep);
    await time.increase(2 * HOUR);
    const nowhere = s.stranger.address;
    const { due } = await check(s.upkeep, {
      markets: [nowhere, s.stablecoin.target, s.market.target, s.market.target],
      surplus: nowhere,
      owners: [s.alice.address],
    });
    expect(due, "once, though the market is named twice").to.deep.equal(["Checkpoint"]);
    await s.upkeep.performUpkeep(
      dataOf(
        { job: 0, target: nowhere, subject: nowhere, termsId: 0 },
        { job: 4, target: s.stablecoin.target, subject: nowhere, termsId: 0 },
        { job: 0, target: s.market.target, subject: ethers.ZeroAddress, termsId: 0 },
        { job: 3, target: s.market.target, subject: s.alice.address, termsId: 0 },
      ),
    );
    const performed = await s.upkeep.queryFilter("Performed");
    expect(performed.map((event) => "args" in event && [event.args.job, event.args.target])).to.deep.equal([
      [0n, s.market.target],
    ]);
  });

  it("finds at most as many tasks as a transaction takes, the urgent ones first", async () => {
    const s = await loadFixture(surroundedWithUpkeep);
    const owners = await accountsInLane(3, 9, s.deployer);
    await equip(s, owners, units(10));
    for (const owner of owners) await by(s.market, owner).borrow(owner, 0, units(800), owner);
    await time.increase(20 * HOUR);
    await reportNav(s.oracle, NAV / 2n);
    const watch = { markets: [s.market.target], owners: owners.map(({ address }) => address) };
    const limit = Number(await s.upkeep.MAX_TASKS());
    const first = await check(s.upkeep, watch);
    expect(first.due).to.deep.equal(["Checkpoint", ...Array(limit - 1).fill("Impair")]);
    await s.upkeep.performUpkeep(first.data);
    expect((await check(s.upkeep, watch)).due).to.deep.equal(Array(9 + 1 - limit).fill("Impair"));
  });

  it("names those who can be liquidated", async () => {
    const s = await loadFixture(poolWithUpkeep);
    const owners = [s.alice.address, s.stranger.address, s.bob.address];
    expect(await s.upkeep.liquidatable(s.market, 0, owners)).to.deep.equal([]);
    await dropNav(s.oracle, (NAV * 64n) / 100n);
    await time.increase(60);
    expect(await s.market.healthOf(s.alice, 0)).to.be.lessThan(WAD);
    expect(await s.upkeep.liquidatable(s.market, 0, owners)).to.deep.equal([s.alice.address, s.bob.address]);
  });
});
