// Two users in different lanes of one market change no common slot and read nothing that the other changes; in different
// markets nobody does, lanes equal or not. On Polder's chain by its own committed read and write sets, on Hardhat's
// simulated network by traces; elsewhere skipped.
import { expect } from "chai";
import { model } from "../../contracts/index.ts";
import { accessesOf, canTellContention, shared } from "./support/contention.ts";
import {
  AT_A_LOSS,
  atALoss,
  beyondTheLane,
  type Operations,
  operationsOf,
  type World,
  world,
} from "./support/disjointness.ts";
import { deployHarness } from "./support/harness.ts";
import { ethers, networkHelpers } from "./support/network.ts";
import type { StorageAccess } from "./support/storage-trace.ts";

const { loadFixture, setCode } = networkHelpers;

/** Operations of one market that may share slots with another lane's, and which. */
const EXCEPTIONS: { operation: string; through: RegExp; why: string }[] = [
  {
    operation: AT_A_LOSS,
    through: /LendingPool\._(price|shares\.lanes\[\d+\])|Market\._state\.stops/,
    why: "a loss lowers the lenders' price in the same call, else who redeems in between leaves it to others: it reads all shares and writes the price; where nobody bears it, it stops new debt until the next checkpoint",
  },
];

/** `anna supply, bart repay: slots`, each pair that shares any. */
type Finding = { pair: [string, string]; slots: string[] };

/** Carries out all of `first`, then all of `second`, and holds each operation of one against each of the other. */
async function findings(w: World, first: Operations, second: Operations): Promise<Finding[]> {
  const accesses = await accessesOf([...Object.values(first), ...Object.values(second)]);
  const ones = Object.keys(first);
  const others = Object.keys(second);
  for (const [i, { changed }] of accesses.entries()) {
    expect(changed.size, [...ones, ...others][i]).to.be.greaterThan(1);
  }
  return ones.flatMap((one, i) =>
    others.map((other, j) => ({
      pair: [one, other] as [string, string],
      slots: shared(accesses[i] as StorageAccess, accesses[ones.length + j] as StorageAccess).map(w.nameOf),
    })),
  );
}

const guilty = (all: readonly Finding[]) => all.filter(({ slots }) => slots.length > 0);
const inWords = (all: readonly Finding[]) =>
  guilty(all).map(({ pair, slots }) => `${pair.join(", ")}: ${slots}`);
const without = (operations: Operations, ...names: string[]): Operations =>
  Object.fromEntries(Object.entries(operations).filter(([name]) => !names.includes(name)));

describe("Disjointness", () => {
  before(async function () {
    if (!(await canTellContention())) this.skip();
  });

  it("is tested on two parties in different lanes and a third in the first one's", async () => {
    const { anna, bart, cees } = (await loadFixture(world)).parties;
    const laneOf = ({ user, victim, ruined, keeper }: typeof anna) =>
      new Set([user, victim, ruined, keeper].map(({ address }) => model.laneOf(address)));
    expect([...laneOf(anna), ...laneOf(bart), ...laneOf(cees)]).to.deep.equal([8, 9, 8]);
  });

  for (const venue of ["pool", "facility"] as const) {
    describe(`between lanes of a market that lends from a ${venue}`, () => {
      for (const order of ["first", "second"] as const) {
        it(`no operation shares a slot with any of the other lane, which comes ${order}`, async () => {
          const w = await loadFixture(world);
          const { anna, bart } = w.parties;
          const [one, other] = order === "second" ? [anna, bart] : [bart, anna];
          const all = await findings(
            w,
            operationsOf(w, w.venues[venue], one),
            operationsOf(w, w.venues[venue], other),
          );
          expect(all.length).to.equal(venue === "pool" ? 64 : 36);
          expect(inWords(all)).to.deep.equal([]);
        });

        it(`a liquidation at a loss shares what is excepted and no more with the other lane, ${order}`, async () => {
          const w = await loadFixture(world);
          const { anna, bart } = w.parties;
          const loss = atALoss(w.venues[venue], anna);
          // After a loss that nobody bears there is no new debt until the next checkpoint.
          const rest = operationsOf(w, w.venues[venue], bart);
          const all = await (order === "first"
            ? findings(w, rest, loss)
            : findings(w, loss, without(rest, "borrow")));
          const excepted = (name: string) =>
            EXCEPTIONS.some(({ operation, through }) => operation === AT_A_LOSS && through.test(name));
          const sharing = guilty(all).map(({ pair }) => pair.filter((name) => name !== AT_A_LOSS).join());
          // A pool bears the loss, and new debt goes on; a facility that nobody covers stops it.
          const stopped = order === "first" ? ["borrow"] : [];
          expect(sharing).to.deep.equal(venue === "pool" ? ["supply", "withdraw"] : stopped);
          expect(guilty(all).flatMap(({ slots }) => slots.filter((name) => !excepted(name)))).to.deep.equal(
            [],
          );
        });
      }
    });
  }

  it("excepts no borrowing, repaying, supplying or withdrawing, and at most three others", () => {
    const operations = EXCEPTIONS.map(({ operation }) => operation);
    for (const one of ["borrow", "repay", "supply", "withdraw"]) expect(operations).not.to.include(one);
    expect(operations.length).to.be.at.most(3);
  });

  describe("between markets", () => {
    for (const [one, other] of [
      ["facility", "pool"],
      ["pool", "secondPool"],
      ["secondPool", "facility"],
    ] as const) {
      for (const stranger of ["bart", "cees"] as const) {
        it(`${one} and ${other} share nothing, ${stranger === "bart" ? "in different lanes" : "in the same lane"}`, async () => {
          const w = await loadFixture(world);
          const everything = (venue: World["venues"][typeof one], who: keyof World["parties"]) => ({
            ...operationsOf(w, venue, w.parties[who]),
            ...beyondTheLane(venue, w.parties[who]),
            ...atALoss(venue, w.parties[who]),
          });
          const all = await findings(
            w,
            everything(w.venues[one], "anna"),
            everything(w.venues[other], stranger),
          );
          expect(inWords(all)).to.deep.equal([]);
        });
      }
    }
  });

  describe("finds what is shared", () => {
    it("within one lane: its sums and its custodians, by name", async () => {
      const w = await loadFixture(world);
      const { anna, cees } = w.parties;
      const all = await findings(
        w,
        operationsOf(w, w.venues.pool, anna),
        operationsOf(w, w.venues.pool, cees),
      );
      const between = (...pair: string[]) =>
        all.find((finding) => finding.pair.join() === pair.join())?.slots;
      expect(between("borrow", "borrow")).to.have.members([
        "pool's Market._state.variableDebt.lanes[8]",
        "pool's Market._state.variableTime[8]",
        "pool's LendingPool._cash.lanes[8]",
        "pUSD._balances[pool's cash in lane 8]",
      ]);
      expect(between("supply", "supply")).to.have.members([
        "pool's LendingPool._shares.lanes[8]",
        "pool's LendingPool._cash.lanes[8]",
        "pUSD._balances[pool's cash in lane 8]",
      ]);
      expect(between("add collateral", "remove collateral")).to.have.members([
        "pool's Market._state.custody[8]",
        "asset._balances[pool's collateral in lane 8]",
      ]);
      expect(between("add collateral", "supply")).to.deep.equal([]);
      expect(between("transfer of pUSD", "borrow")).to.deep.equal([]);
    });

    it("where a lane runs dry: what its neighbours give", async () => {
      const w = await loadFixture(world);
      const { anna, bart } = w.parties;
      const all = await findings(w, beyondTheLane(w.venues.pool, anna), operationsOf(w, w.venues.pool, bart));
      const between = (...pair: string[]) =>
        all.find((finding) => finding.pair.join() === pair.join())?.slots;
      expect(between("withdraw beyond its lane", "withdraw")).to.have.members([
        "pool's LendingPool._cash.lanes[9]",
        "pUSD._balances[pool's cash in lane 9]",
      ]);
      expect(between("supply beyond its lane", "supply")).to.have.members([
        "pool's LendingPool._shares.lanes[9]",
      ]);
      expect(between("borrow beyond its lane", "borrow")).to.include(
        "pool's Market._state.variableDebt.lanes[9]",
      );
      expect(between("borrow beyond its lane", "add collateral")).to.deep.equal([]);
    });

    it("a planted counter in the stablecoin, in every pair that moves it", async () => {
      const w = await loadFixture(world);
      const planted = await deployHarness("CountingStablecoin", w.accessManager.target);
      await setCode(String(w.stablecoin.target), await ethers.provider.getCode(planted));
      const { anna, bart } = w.parties;
      const all = await findings(
        w,
        operationsOf(w, w.venues.pool, anna),
        operationsOf(w, w.venues.pool, bart),
      );
      const moves = (name: string) => !name.endsWith("collateral");
      expect(guilty(all).map(({ pair }) => pair.join())).to.deep.equal(
        all.filter(({ pair }) => pair.every(moves)).map(({ pair }) => pair.join()),
      );
      expect(new Set(all.flatMap(({ slots }) => slots)).size, "that counter alone").to.equal(1);
    });
  });
});
