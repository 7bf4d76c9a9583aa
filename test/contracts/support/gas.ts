// What each operation costs when everything it touches is warm: balances, positions and lanes are there before and after,
// allowances are infinite, and each is a transaction of its own, a hundred seconds after the last. Beside it what peers
// publish, or what was measured of them the same way. Knows no table and no threshold.
import { model } from "../../../contracts/index.ts";
import { networkHelpers } from "./network.ts";
import { deployedWithPool, type PoolSetup } from "./pool.ts";
import { addressInLane, as, dropNav, NAV, units } from "./setup.ts";

const { loadFixture, time } = networkHelpers;

type Sent = { wait(): Promise<{ gasUsed: bigint; status: number | null } | null> };

/** Rows of the table. Adding and removing collateral are supply and withdraw in Aave. */
export const OPERATIONS = [
  "borrow",
  "repay",
  "supply",
  "withdraw",
  "add collateral",
  "remove collateral",
  "liquidate",
] as const;
export type Operation = (typeof OPERATIONS)[number];

/** How many neighbours give what the own lane lacks. */
export const NEIGHBOURS = [1, 8, 31] as const;
export type Neighbours = (typeof NEIGHBOURS)[number];
/** Those that can lack something in their own lane: cash, or room under the supply cap. */
export const TAKING = ["borrow", "withdraw", "supply"] as const;
export type Taking = (typeof TAKING)[number];

/**
 * Aave: `snapshots/Pool.Operations.json` of aave-dao/aave-v3-origin at 75145ad0 (v3.7, March 2026), the cheaper variant
 * where there are two: recurrent borrow, partial repay, full withdraw, partial liquidation; removing collateral is
 * "partial withdraw with active borrows". Morpho Blue (morpho-org/morpho-blue 3085651a, its rate model
 * morpho-blue-irm a1a87fd5) and Comet (compound-finance/comet d5a30b0a) publish none: measured as docs/protocol.md says.
 */
export const PEERS: Record<"aave" | "morpho" | "comet", Record<Operation, number>> = {
  aave: {
    borrow: 209_306,
    repay: 145_712,
    supply: 139_678,
    withdraw: 155_251,
    "add collateral": 139_678,
    "remove collateral": 220_789,
    liquidate: 340_429,
  },
  morpho: {
    borrow: 92_633,
    repay: 86_649,
    supply: 86_686,
    withdraw: 85_354,
    "add collateral": 53_539,
    "remove collateral": 89_989,
    liquidate: 113_027,
  },
  comet: {
    borrow: 111_572,
    repay: 80_619,
    supply: 82_258,
    withdraw: 78_328,
    "add collateral": 73_716,
    "remove collateral": 103_891,
    // absorb 133,479 and buyCollateral 114,054: two transactions
    liquidate: 247_533,
  },
};

/** Not estimated: an estimate would be a second run. */
const GAS = { gasLimit: 6_000_000 };

/** Alice lends 40,000 and owes 36,000, every lane has at least 4,000 of cash, and Bob can be liquidated in part. */
async function warm(): Promise<PoolSetup> {
  const s = await deployedWithPool();
  const { alice, bob, dora, keeper, carol, market, pool, collateral, stablecoin } = s;
  for (let lane = 0; lane < model.LANES; lane++)
    await as(pool, dora).deposit(units(4_000), addressInLane(lane));
  await as(pool, alice).deposit(units(40_000), alice);
  await as(market, alice).addCollateral(alice, 0, units(1_000));
  await as(market, alice).borrow(alice, 0, units(36_000), alice);
  await as(pool, bob).deposit(units(20_000), bob);
  await as(market, bob).addCollateral(bob, 0, units(100));
  await as(market, bob).borrow(bob, 0, units(8_400), bob);
  await as(stablecoin, carol).transfer(keeper, units(20_000));
  await as(stablecoin, keeper).approve(pool, 2n ** 256n - 1n);
  await collateral.mint(keeper, units(1));
  await dropNav(s.oracle, (NAV * 88n) / 100n);
  await market.checkpoint();
  return s;
}

/** The same with so little room under the supply cap that a deposit can lack some: about 2,000 in a lane. */
async function capped(): Promise<PoolSetup> {
  const s = await loadFixture(warm);
  await s.pool.cutSupplyCap((await free(s)).reduce((sum, room) => sum + room, 0n) - units(64_000));
  return s;
}

const ownLane: Record<Operation, (s: PoolSetup) => Promise<Sent>> = {
  borrow: ({ market, alice }) => as(market, alice).borrow(alice, 0, units(1_000), alice, GAS),
  repay: ({ market, alice }) => as(market, alice).repay(alice, 0, units(1_000), GAS),
  supply: ({ pool, alice }) => as(pool, alice).deposit(units(1_000), alice, GAS),
  withdraw: ({ pool, alice }) => as(pool, alice).withdraw(units(1_000), alice, alice, GAS),
  "add collateral": ({ market, alice }) => as(market, alice).addCollateral(alice, 0, units(10), GAS),
  "remove collateral": ({ market, alice }) =>
    as(market, alice).removeCollateral(alice, 0, units(10), alice, GAS),
  liquidate: ({ market, keeper, bob }) =>
    as(market, keeper).liquidate(bob, 0, units(100_000), 0, keeper, "0x", GAS),
};

const taking: Record<Taking, (s: PoolSetup, assets: bigint) => Promise<Sent>> = {
  borrow: ({ market, alice }, assets) => as(market, alice).borrow(alice, 0, assets, alice, GAS),
  withdraw: ({ pool, alice }, assets) => as(pool, alice).withdraw(assets, alice, alice, GAS),
  supply: ({ pool, alice }, assets) => as(pool, alice).deposit(assets, alice, GAS),
};

/** Gas of `operation` on the own-lane path. */
export async function gasOf(operation: Operation): Promise<number> {
  return measure(ownLane[operation], await loadFixture(warm));
}

/** Gas of a checkpoint, a day after the last one: it reads all lanes and rolls the pool's price. */
export async function gasOfCheckpoint(): Promise<number> {
  const s = await loadFixture(warm);
  await time.increase(86_400);
  return measure(({ market }) => market.checkpoint(GAS), s);
}

/** Gas of an `operation` for which exactly so many neighbours of the lane give, which is checked. */
export async function gasOfTaking(operation: Taking, neighbours: Neighbours): Promise<number> {
  const s = await loadFixture(operation === "supply" ? capped : warm);
  const read = operation === "supply" ? free : cash;
  const before = await read(s);
  const own = model.laneOf(s.alice.address);
  const near = Math.min(neighbours, 8);
  let assets = (before[own] ?? 0n) + (neighbours > 8 ? units(1_000) : 1n);
  // All but the last are emptied by half; the last gives its half for one unit.
  for (let step = 1; step <= (neighbours > 8 ? near : near - 1); step++) {
    const surplus = before[(own + step) % model.LANES] ?? 0n;
    assets += surplus - surplus / 2n;
  }
  const gas = await measure((setup) => taking[operation](setup, assets), s);
  const after = await read(s);
  const givers = after.filter((value, lane) => lane !== own && value !== before[lane]).length;
  if (givers !== neighbours) throw new Error(`${operation}: ${givers} lanes gave, not ${neighbours}`);
  return gas;
}

async function measure(operation: (s: PoolSetup) => Promise<Sent>, s: PoolSetup): Promise<number> {
  await time.setNextBlockTimestamp((await time.latest()) + 100);
  const receipt = await (await operation(s)).wait();
  if (receipt?.status !== 1) throw new Error("the operation was refused: its gas would say nothing");
  return Number(receipt.gasUsed);
}

const lanesOf = async (s: PoolSetup): Promise<bigint[][]> =>
  Promise.all(Array.from({ length: model.LANES }, (_, lane) => s.pool.laneOf(lane)));
const cash = async (s: PoolSetup): Promise<bigint[]> => (await lanesOf(s)).map(([amount]) => amount ?? 0n);
const free = async (s: PoolSetup): Promise<bigint[]> => (await lanesOf(s)).map(([, , room]) => room ?? 0n);
