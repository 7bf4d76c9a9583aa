// Where loans come from: lenders' pools and the facilities that mint.
import { type Context, type Event, ponder } from "ponder:registry";
import {
  deposit,
  market,
  pool,
  poolRoll,
  rebalance,
  reimbursement,
  sourceLossEvent,
  withdraw,
} from "ponder:schema";
import { lendingPoolAbi, model } from "@polder/contracts";
import { lower, marketAt } from "../deployment.ts";
import { countAccount, keepMarket, marketRow, type PoolRow } from "../state/market.ts";
import { act, noteChange, type Occurrence, originOf, updatedBy } from "../state/rows.ts";
import { declareToken } from "../state/token.ts";
import { afterLoss, overhangAfterRelease, rolled, withCap } from "../values.ts";

type Db = Context["db"];

/** The first event of a pool, by its constructor. */
ponder.on("LendingPool:AuthorityUpdated", async ({ event, context }) => {
  const { db, client } = context;
  await noteChange(db, event, "LendingPool:AuthorityUpdated");
  const id = lower(event.log.address);
  if (await db.find(pool, { id })) return;
  const asset = await client.readContract({
    abi: lendingPoolAbi,
    address: event.log.address,
    functionName: "asset",
  });
  const time = event.block.timestamp;
  await db.insert(pool).values({
    id,
    market: marketAt(id),
    asset,
    base: model.RAY,
    unvested: 0n,
    impairment: 0n,
    since: time,
    duration: 0n,
    rolledAt: time,
    totalShares: 0n,
    cash: 0n,
    unrealised: 0n,
    supplyCap: 0n,
    supplyOverhang: 0n,
    reserveFactor: 0n,
    rebalanceFee: 0n,
    covered: false,
    ...updatedBy(event),
  });
  await declareToken(context, id, "POOL_SHARE", marketAt(id));
});

async function poolRow(db: Db, event: Occurrence): Promise<PoolRow> {
  const row = await db.find(pool, { id: lower(event.log.address) });
  if (row) return { ...row };
  throw new Error(`pool ${event.log.address} has no row: the index begins after it was deployed`);
}

async function keepPool(
  db: Db,
  event: Occurrence,
  changes: Partial<PoolRow>,
  flows?: Parameters<typeof keepMarket>[3],
): Promise<void> {
  const id = lower(event.log.address);
  await db.update(pool, { id }).set({ ...changes, ...updatedBy(event) });
  // A pool is deployed right before its market.
  const within = await db.find(market, { id: marketAt(id) });
  if (within) await keepMarket(db, event, within, flows);
}

/* LENDERS: shares come and go by the token's transfers, which precede these */

ponder.on("LendingPool:Deposit", async ({ event, context: { db } }) => {
  const { sender, owner, assets, shares } = event.args;
  const row = await poolRow(db, event);
  await keepPool(db, event, { cash: row.cash + assets }, { supplied: assets });
  const common = { account: owner, market: row.market, token: row.asset, amount: assets, shares };
  const kind = "POOL" as const;
  await db.insert(deposit).values({ ...originOf(event), ...common, kind, payer: sender, vault: row.id });
  await act(db, event, { ...common, kind: "SUPPLY", counterparty: sender });
  await countAccount(db, event, owner, "depositCount");
});

ponder.on("LendingPool:Withdraw", async ({ event, context: { db } }) => {
  const { sender, receiver, owner, assets, shares } = event.args;
  const row = await poolRow(db, event);
  const changes = {
    cash: row.cash - assets,
    supplyOverhang: overhangAfterRelease(row.supplyOverhang, shares),
  };
  await keepPool(db, event, changes, { withdrawn: assets });
  const common = { account: owner, market: row.market, token: row.asset, amount: assets, shares };
  const parties = { receiver, caller: sender, vault: row.id };
  await db.insert(withdraw).values({ ...originOf(event), ...common, kind: "POOL", ...parties });
  await act(db, event, { ...common, kind: "WITHDRAW", counterparty: receiver });
  await countAccount(db, event, owner, "withdrawCount");
});

/* PRICE */

ponder.on("LendingPool:Rolled", async ({ event, context: { db } }) => {
  const { base, unvested, duration, fee, feeShares } = event.args;
  const row = await poolRow(db, event);
  // The surplus got its shares right before, and the price is for those there were.
  const before = { ...row, totalShares: row.totalShares - feeShares };
  await keepPool(db, event, rolled(before, { base, unvested, duration }, event.block.timestamp));
  await db
    .insert(poolRoll)
    .values({ ...originOf(event), pool: row.id, base, unvested, duration, fee, feeShares });
});

ponder.on("LendingPool:LossRecorded", async ({ event, context: { db } }) => {
  const row = await poolRow(db, event);
  await keepPool(db, event, {
    ...afterLoss(row, event.args, event.block.timestamp),
    unrealised: event.args.unrealised,
    cash: row.cash + event.args.borne,
  });
  await noteLoss(db, event);
});

ponder.on("LendingPool:Recovered", async ({ event, context: { db } }) => {
  const row = await poolRow(db, event);
  await keepPool(db, event, { cash: row.cash + event.args.assets });
  await noteRecovery(db, event);
});

ponder.on("LendingPool:Rebalanced", async ({ event, context: { db } }) => {
  const { receiver, cash, freeCap, fee } = event.args;
  const row = await poolRow(db, event);
  await keepPool(db, event, { cash: row.cash - fee });
  const levelled = { cash, freeCap, freeFixedCap: 0n, fee };
  await db
    .insert(rebalance)
    .values({ ...originOf(event), target: row.id, market: row.market, keeper: receiver, ...levelled });
});

/* SETTINGS */

async function setSupplyCap(
  db: Db,
  event: Event<"LendingPool:SupplyCapRaised"> | Event<"LendingPool:SupplyCapCut">,
): Promise<void> {
  const row = await poolRow(db, event);
  const before = { cap: row.supplyCap, overhang: row.supplyOverhang };
  const { cap, overhang } = withCap(before, row.totalShares, event.args.newCap);
  await keepPool(db, event, { supplyCap: cap, supplyOverhang: overhang });
}

ponder.on("LendingPool:SupplyCapRaised", async ({ event, context: { db } }) => {
  await setSupplyCap(db, event);
  await noteChange(db, event, "LendingPool:SupplyCapRaised");
});

ponder.on("LendingPool:SupplyCapCut", async ({ event, context: { db } }) => {
  await setSupplyCap(db, event);
  await noteChange(db, event, "LendingPool:SupplyCapCut");
});

ponder.on("LendingPool:ReserveSet", async ({ event, context: { db } }) => {
  await keepPool(db, event, { reserveFactor: event.args.reserveFactor });
  await noteChange(db, event, "LendingPool:ReserveSet");
});

ponder.on("LendingPool:RebalanceFeeSet", async ({ event, context: { db } }) => {
  await keepPool(db, event, { rebalanceFee: event.args.fee });
  await noteChange(db, event, "LendingPool:RebalanceFeeSet");
});

/* FACILITIES */

ponder.on("MintFacility:Settled", async ({ event, context: { db } }) => {
  const within = await marketRow(db, marketAt(event.log.address));
  const facilitySupply = within.facilitySupply + event.args.profit;
  await keepMarket(db, event, { ...within, facilitySupply });
});

ponder.on("MintFacility:LossRecorded", async ({ event, context: { db } }) => {
  const { realised, borne } = event.args;
  const within = await marketRow(db, marketAt(event.log.address));
  await keepMarket(db, event, {
    ...within,
    facilitySupply: within.facilitySupply - borne,
    lossNotCovered: within.lossNotCovered || realised > borne,
  });
  await noteLoss(db, event);
});

ponder.on("MintFacility:Recovered", async ({ event, context: { db } }) => {
  const within = await marketRow(db, marketAt(event.log.address));
  const facilitySupply = within.facilitySupply - event.args.assets;
  await keepMarket(db, event, { ...within, facilitySupply });
  await noteRecovery(db, event);
});

/* BOTH */

async function noteLoss(
  db: Db,
  event: Event<"LendingPool:LossRecorded"> | Event<"MintFacility:LossRecorded">,
): Promise<void> {
  const { realised, unrealised, borne } = event.args;
  const source = lower(event.log.address);
  const told = { market: marketAt(source), source, realised, unrealised, borne };
  await db.insert(sourceLossEvent).values({ ...originOf(event), ...told });
}

async function noteRecovery(
  db: Db,
  event: Event<"LendingPool:Recovered"> | Event<"MintFacility:Recovered">,
): Promise<void> {
  const { payer, assets } = event.args;
  const source = lower(event.log.address);
  const told = { market: marketAt(source), source, payer, amount: assets };
  await db.insert(reimbursement).values({ ...originOf(event), ...told });
}
