// NAV: reports, what becomes of them, who makes them, and when none may be used.
import { type Context, type Event, ponder } from "ponder:registry";
import { attestor, market, navReport, oracle, ripcordChange } from "ponder:schema";
import { navOracleAbi } from "@polder/contracts";
import type { Address } from "viem";
import { lower, marketAt } from "../deployment.ts";
import { keepMarket } from "../state/market.ts";
import { type OracleRow, oracleRow } from "../state/oracle.ts";
import { joined, noteChange, type Occurrence, originOf, updatedBy } from "../state/rows.ts";

const NONE_PENDING = { pendingNav: 0n, pendingNavDate: 0n, pendingRound: 0n, pendingSince: 0n };

/** The first event of an oracle, by its constructor. */
ponder.on("NavOracle:AuthorityUpdated", async ({ event, context }) => {
  const { db, client } = context;
  await noteChange(db, event, "NavOracle:AuthorityUpdated");
  const id = lower(event.log.address);
  if (await db.find(oracle, { id })) return;
  const contract = { abi: navOracleAbi, address: event.log.address } as const;
  const [description, decimals] = await Promise.all([
    client.readContract({ ...contract, functionName: "description" }),
    client.readContract({ ...contract, functionName: "decimals" }),
  ]);
  await db.insert(oracle).values({
    id,
    market: marketAt(id),
    description,
    decimals,
    nav: 0n,
    navDate: 0n,
    round: 0n,
    acceptedAt: 0n,
    ...NONE_PENDING,
    ripcord: 0,
    staleAfter: 0n,
    expiredAfter: 0n,
    pendingDelay: 0n,
    minInterval: 0n,
    maxUpBps: 0,
    maxDownBps: 0,
    quorum: 0,
    confirmQuorum: 0,
    comparisonFeed: null,
    comparisonMaxAge: 0n,
    comparisonMaxDeviationBps: 0,
    ...updatedBy(event),
  });
});

async function keepOracle(
  db: Context["db"],
  event: Occurrence,
  changes: Partial<OracleRow>,
): Promise<OracleRow> {
  const id = lower(event.log.address);
  await db.update(oracle, { id }).set({ ...changes, ...updatedBy(event) });
  // A market is deployed after its oracle, which is set up by then.
  const within = await db.find(market, { id: marketAt(id) });
  if (within) await keepMarket(db, event, within);
  return oracleRow(db, id);
}

/* REPORTS */

function reportId(oracleAddress: Address, round: bigint): string {
  return joined(oracleAddress, String(round).padStart(10, "0"));
}

/** Comes before `NavPending` of the same report. */
ponder.on("NavOracle:NavNotBorneOut", async ({ event, context: { db } }) => {
  const { round, nav, answer } = event.args;
  await db.insert(navReport).values({
    ...reported(event, round, nav),
    navDate: 0n,
    status: "PENDING",
    pendingUntil: 0n,
    comparisonAnswer: answer,
  });
});

ponder.on("NavOracle:NavPending", async ({ event, context: { db } }) => {
  const { round, nav, navDate, since } = event.args;
  const before = await oracleRow(db, event.log.address);
  if (before.pendingRound > 0n) {
    const id = reportId(before.id, before.pendingRound);
    await db.update(navReport, { id }).set({ status: "REPLACED" });
  }
  const pendingUntil = nav < before.nav ? since + before.pendingDelay : 0n;
  const pending = { navDate, status: "PENDING" as const, pendingUntil };
  await db
    .insert(navReport)
    .values({ ...reported(event, round, nav), ...pending })
    .onConflictDoUpdate(pending);
  await keepOracle(db, event, {
    pendingNav: nav,
    pendingNavDate: navDate,
    pendingRound: round,
    pendingSince: since,
  });
});

/** Of a report, or of the pending one: by the larger quorum, or since it matured. */
ponder.on("NavOracle:NavAccepted", async ({ event, context: { db } }) => {
  const { round, nav, navDate } = event.args;
  const before = await oracleRow(db, event.log.address);
  const time = event.block.timestamp;
  const waited = before.pendingRound === round;
  const matured = before.pendingNav < before.nav && time >= before.pendingSince + before.pendingDelay;
  const acceptance = {
    status: "ACCEPTED" as const,
    acceptedNav: nav,
    acceptance: waited ? (matured ? ("MATURED" as const) : ("CONFIRMED" as const)) : ("REPORTED" as const),
    acceptedAt: time,
    acceptedAtBlock: event.block.number,
    acceptedTransactionHash: event.transaction.hash,
  };
  if (!waited && before.pendingRound > 0n) {
    await db.update(navReport, { id: reportId(before.id, before.pendingRound) }).set({ status: "REPLACED" });
  }
  await db
    .insert(navReport)
    .values({ ...reported(event, round, nav), navDate, pendingUntil: 0n, ...acceptance })
    .onConflictDoUpdate(acceptance);
  await keepOracle(db, event, { nav, navDate, round, acceptedAt: time, ...NONE_PENDING });
});

function reported(event: Occurrence, round: bigint, nav: bigint) {
  const id = lower(event.log.address);
  return { ...originOf(event), id: reportId(id, round), oracle: id, market: marketAt(id), round, nav };
}

ponder.on("NavOracle:RipcordSet", async ({ event, context: { db } }) => {
  const { pulled: ripcord } = event.args;
  const id = lower(event.log.address);
  await keepOracle(db, event, { ripcord });
  await db.insert(ripcordChange).values({ ...originOf(event), oracle: id, market: marketAt(id), ripcord });
});

/* SETTINGS */

ponder.on("NavOracle:AttestorSet", async ({ event, context: { db } }) => {
  const { attestor: account, active } = event.args;
  const id = lower(event.log.address);
  const changes = { active, updatedAt: event.block.timestamp };
  await db
    .insert(attestor)
    .values({ id: joined(id, account), oracle: id, account, ...changes })
    .onConflictDoUpdate(changes);
  await noteChange(db, event, "NavOracle:AttestorSet");
});

ponder.on("NavOracle:SettingsSet", async ({ event, context: { db } }) => {
  await keepOracle(db, event, settingsOf(event));
  await noteChange(db, event, "NavOracle:SettingsSet");
});

function settingsOf({ args: { settings } }: Event<"NavOracle:SettingsSet">): Partial<OracleRow> {
  const { staleAfter, expiredAfter, pendingDelay, minInterval, ...others } = settings;
  const { maxUpBps, maxDownBps, quorum, confirmQuorum } = others;
  return {
    staleAfter: BigInt(staleAfter),
    expiredAfter: BigInt(expiredAfter),
    pendingDelay: BigInt(pendingDelay),
    minInterval: BigInt(minInterval),
    ...{ maxUpBps, maxDownBps, quorum, confirmQuorum },
  };
}

ponder.on("NavOracle:ComparisonSet", async ({ event, context: { db } }) => {
  const { feed, maxAge, maxDeviationBps } = event.args;
  await keepOracle(db, event, {
    comparisonFeed: BigInt(feed) === 0n ? null : feed,
    comparisonMaxAge: BigInt(maxAge),
    comparisonMaxDeviationBps: maxDeviationBps,
  });
  await noteChange(db, event, "NavOracle:ComparisonSet");
});
