// Three markets that share one stablecoin and one asset, and parties of four accounts that share nothing but perhaps their
// lane: who supplies and borrows, two who can be liquidated, in part and at a loss, and who liquidates them.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { model } from "../../../contracts/index.ts";
import type { Sent } from "./contention.ts";
import { ethers, networkHelpers } from "./network.ts";
import { addPool } from "./pool.ts";
import { as, DAY, deployed, dropNav, NAV, NETHERLANDS, type Setup, TIERS, units } from "./setup.ts";
import { slotNames } from "./slot-names.ts";

const { time } = networkHelpers;

export type Party = Record<"user" | "victim" | "ruined" | "keeper", HardhatEthersSigner> & { name: string };
/** A market and what it lends from. */
export type Venue = { name: string; market: AnyContract; source: AnyContract; isPool: boolean };
export type World = Setup & {
  venues: Record<"facility" | "pool" | "secondPool", Venue>;
  /** Anna in lane 8, Bart beside her in 9, Cees in 8 again. */
  parties: Record<"anna" | "bart" | "cees", Party>;
  nameOf(key: string): string;
};

/** What a lane has about, of cash and of room under both caps. */
const FREE = units(20_000);
/** More than a lane has, and less than what two neighbours give besides. */
const BEYOND = units(30_000);

export async function world(): Promise<World> {
  const s = await deployed();
  const { market, facility, stablecoin, deployer } = s;
  await stablecoin.addFacility(deployer);
  const pool = async (name: string): Promise<Venue> => {
    const { pool: source, market: lent } = await addPool(s, { supplyCap: 0n, reserveFactor: 0n });
    return { name, market: lent, source, isPool: true };
  };
  const venues: World["venues"] = {
    facility: { name: "facility", market, source: facility, isPool: false },
    pool: await pool("pool"),
    secondPool: await pool("second pool"),
  };
  const parties = {
    anna: await party("Anna", 8),
    bart: await party("Bart", 9),
    cees: await party("Cees", 8),
  };
  const world: World = { ...s, venues, parties, nameOf: namesOf(s, Object.values(venues), parties) };

  for (const venue of Object.values(venues)) await openVenue(world, venue);
  for (const who of Object.values(parties)) await openParty(world, who);
  for (const { market: lent, source, isPool } of Object.values(venues)) {
    await lent.cutDebtCap((await totalFree(lent, 1)) - FREE * BigInt(model.LANES));
    if (isPool) await source.cutSupplyCap((await totalFree(source, 2)) - FREE * BigInt(model.LANES));
  }
  await dropNav(s.oracle, (NAV * 85n) / 100n);
  for (const { market: lent } of Object.values(venues)) await lent.checkpoint();
  await time.increase(100);
  return world;
}

/** Cash in every lane from a lender who is nobody's party. */
async function openVenue({ stablecoin, deployer }: World, { source, isPool }: Venue): Promise<void> {
  if (!isPool) return;
  await source.raiseSupplyCap(10n * FREE * BigInt(model.LANES));
  await stablecoin.mint(deployer, FREE * BigInt(model.LANES), 0);
  await stablecoin.approve(source, ethers.MaxUint256);
  for (let lane = 0; lane < model.LANES; lane++) await source.deposit(FREE, accountIn(lane, "lender"));
}

async function openParty(
  { registry, collateral, stablecoin, venues }: World,
  { user, victim, ruined, keeper }: Party,
) {
  const expiry = (await time.latest()) + 365 * DAY;
  await registry.setPersons([user, victim, ruined], TIERS.borrower, NETHERLANDS, expiry);
  await registry.setPersons([keeper], TIERS.liquidator, NETHERLANDS, expiry);
  const debts: [HardhatEthersSigner, number][] = [
    [user, 25_000],
    [victim, 8_000],
    [ruined, 8_499],
  ];
  for (const who of [user, victim, ruined, keeper]) {
    await collateral.mint(who, units(10_000));
    await stablecoin.mint(who, units(200_000), 0);
    for (const { market, source } of Object.values(venues)) {
      await as(collateral, who).approve(market, ethers.MaxUint256);
      await as(stablecoin, who).approve(source, ethers.MaxUint256);
    }
  }
  for (const { market, source, isPool } of Object.values(venues)) {
    if (isPool) await as(source, user).deposit(units(40_000), user);
    for (const [who, debt] of debts) {
      await as(market, who).addCollateral(who, 0, units(who === user ? 1_000 : 100));
      await as(market, who).borrow(who, 0, units(debt), who);
    }
  }
}

/* OPERATIONS */

export type Operations = Readonly<Record<string, () => Promise<Sent>>>;

/** What a user does, each within what the own lane has; in this order one party can do all of it. */
export function operationsOf({ stablecoin }: World, venue: Venue, party: Party): Operations {
  const { market, source, isPool } = venue;
  const { user, victim, keeper } = party;
  const gas = { gasLimit: 600_000 };
  const [lent, pool] = [as(market, user), as(source, user)];
  return {
    ...(isPool && {
      supply: () => pool.deposit(units(1_000), user, gas),
      withdraw: () => pool.withdraw(units(900), user, user, gas),
    }),
    "add collateral": () => lent.addCollateral(user, 0, units(10), gas),
    borrow: () => lent.borrow(user, 0, units(1_000), user, gas),
    repay: () => lent.repay(user, 0, units(900), gas),
    "remove collateral": () => lent.removeCollateral(user, 0, units(9), user, gas),
    "transfer of pUSD": () =>
      as(stablecoin, user).transfer(accountIn(0, `friend of ${party.name}`), units(1), gas),
    liquidate: () => as(market, keeper).liquidate(victim, 0, units(1_000), 0, keeper, "0x", gas),
  };
}

/** The same where the own lane lacks what is asked for. */
export function beyondTheLane({ isPool, market, source }: Venue, { user }: Party): Operations {
  const gas = { gasLimit: 3_000_000 };
  return {
    ...(isPool && {
      "withdraw beyond its lane": () => as(source, user).withdraw(BEYOND, user, user, gas),
      "supply beyond its lane": () => as(source, user).deposit(2n * BEYOND, user, gas),
    }),
    "borrow beyond its lane": () => as(market, user).borrow(user, 0, BEYOND, user, gas),
  };
}

export const AT_A_LOSS = "liquidate at a loss";

/** Closes a position that is worth less than it owes. */
export function atALoss({ market }: Venue, { ruined, keeper }: Party): Operations {
  const gas = { gasLimit: 1_000_000 };
  return {
    [AT_A_LOSS]: () => as(market, keeper).liquidate(ruined, 0, units(10_000), 0, keeper, "0x", gas),
  };
}

/* ACCOUNTS AND NAMES */

async function party(name: string, lane: number): Promise<Party> {
  const account = async (role: string) => {
    const signer = await ethers.getImpersonatedSigner(accountIn(lane, `${role} ${name}`));
    await networkHelpers.setBalance(signer.address, units(1_000));
    return signer;
  };
  return {
    name,
    user: await account("user"),
    victim: await account("victim"),
    ruined: await account("ruined"),
    keeper: await account("keeper"),
  };
}

/** An address by name, in the lane asked for. */
function accountIn(lane: number, name: string): string {
  const word = BigInt(ethers.id(name)) >> 96n;
  return ethers.getAddress(ethers.toBeHex((word & ~31n) | BigInt(lane), 20));
}

function namesOf(s: Setup, venues: readonly Venue[], parties: World["parties"]): World["nameOf"] {
  const keys = new Map<string, string>();
  for (const { name, ...accounts } of Object.values(parties)) {
    for (const [role, { address }] of Object.entries(accounts))
      keys.set(address.toLowerCase(), `${name}'s ${role}`);
  }
  for (const { name, market, source, isPool } of venues) {
    for (const maker of isPool ? [market, source] : [market]) {
      for (let lane = 0; lane < model.LANES; lane++) {
        const address = ethers.getCreateAddress({ from: String(maker.target), nonce: lane + 1 });
        keys.set(
          address.toLowerCase(),
          `${name}'s ${maker === market ? "collateral" : "cash"} in lane ${lane}`,
        );
      }
    }
    keys.set(String(source.target).toLowerCase(), `${name}'s source`);
  }
  const contract = (of: AnyContract, name: string, source: string) => ({
    address: String(of.target),
    name,
    source: `contracts/src/${source}`,
  });
  return slotNames(
    [
      contract(s.stablecoin, "pUSD", "stablecoin/Stablecoin.sol"),
      contract(s.collateral, "asset", "rwa/RwaToken.sol"),
      contract(s.registry, "registry", "rwa/EligibilityRegistry.sol"),
      contract(s.oracle, "oracle", "oracle/NavOracle.sol"),
      ...venues.map(({ market, name }) => contract(market, `${name}'s Market`, "market/Market.sol")),
      ...venues
        .filter(({ isPool }) => isPool)
        .map(({ source, name }) => contract(source, `${name}'s LendingPool`, "pool/LendingPool.sol")),
    ],
    keys,
  );
}

/** The sum of what `laneOf` gives in `place`: room under the debt cap of a market, the supply cap of a pool. */
async function totalFree(of: AnyContract, place: 1 | 2): Promise<bigint> {
  const lanes: bigint[][] = await Promise.all(
    Array.from({ length: model.LANES }, (_, lane) => of.laneOf(lane)),
  );
  return lanes.reduce((sum, values) => sum + (values[place] ?? 0n), 0n);
}
