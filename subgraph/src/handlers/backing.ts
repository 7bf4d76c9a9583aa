// What surrounds pUSD: peg module, surplus, savings, backstop, capital policy.
import { type Context, ponder } from "ponder:registry";
import {
  backstop,
  backstopExit,
  backstopExitEvent,
  backstopLossEvent,
  backstopPremium,
  deposit,
  distribution,
  exposure,
  lossCover,
  pegFeeSettlement,
  pegModule,
  pool,
  savingsLossEvent,
  savingsPayment,
  savingsVault,
  surplusAccount,
  swap,
  token,
  withdraw,
} from "ponder:schema";
import { model, pegModuleAbi } from "@polder/contracts";
import { lower, record } from "../deployment.ts";
import { countAccount } from "../state/market.ts";
import { act, noteChange, type Occurrence, originOf, updatedBy } from "../state/rows.ts";
import { declareToken } from "../state/token.ts";
import { overhangAfterRelease, savingsAfterLoss, unvestedPremiumAt } from "../values.ts";

type Db = Context["db"];

const stablecoin = lower(record.shared.stablecoin);

/** A row that the constructor's event made. Throws where there is none. */
function made<Row extends object>(row: Row | null, event: Occurrence): Row {
  if (row) return { ...row };
  throw new Error(`${event.log.address} has no row: the index begins after it was deployed`);
}

/* PEG MODULE */

ponder.on("PegModule:AuthorityUpdated", async ({ event, context }) => {
  const { db, client } = context;
  await noteChange(db, event, "PegModule:AuthorityUpdated");
  const id = lower(event.log.address);
  const asset = await client.readContract({
    abi: pegModuleAbi,
    address: event.log.address,
    functionName: "asset",
  });
  await db
    .insert(pegModule)
    .values({
      id,
      asset,
      reserve: 0n,
      ceiling: 0n,
      overhang: 0n,
      inflowCap: 0n,
      inflowStopped: false,
      feeInBps: 0,
      feeOutBps: 0,
      feed: asset, // the constructor's next event names it
      maxDeviationBps: 0,
      staleAfter: 0n,
      minted: 0n,
      ...updatedBy(event),
    })
    .onConflictDoNothing();
});

type PegRow = typeof pegModule.$inferSelect;

async function keepPeg(db: Db, event: Occurrence, change: (row: PegRow) => Partial<PegRow>): Promise<PegRow> {
  const id = lower(event.log.address);
  const row = made(await db.find(pegModule, { id }), event);
  await db.update(pegModule, { id }).set({ ...change(row), ...updatedBy(event) });
  return row;
}

ponder.on("PegModule:SwappedIn", async ({ event, context: { db } }) => {
  const { payer, receiver, assets, value, fee } = event.args;
  const row = await keepPeg(db, event, ({ reserve, minted }) => ({
    reserve: reserve + assets,
    minted: minted + value,
  }));
  const parties = { payer, receiver };
  await db.insert(swap).values({ ...originOf(event), direction: "IN", ...parties, assets, value, fee });
  const deed = { account: payer, counterparty: receiver, token: row.asset, amount: assets };
  await act(db, event, { ...deed, kind: "SWAP_IN", shares: value });
});

ponder.on("PegModule:SwappedOut", async ({ event, context: { db } }) => {
  const { payer, receiver, assets, value } = event.args;
  const row = await keepPeg(db, event, ({ reserve, overhang, minted }) => ({
    reserve: reserve - assets,
    overhang: overhangAfterRelease(overhang, assets),
    minted: minted - value,
  }));
  const dollars = await db.find(token, { id: row.asset });
  const fee = value - assets * 10n ** BigInt(18 - (dollars?.decimals ?? 18));
  const parties = { payer, receiver };
  await db.insert(swap).values({ ...originOf(event), direction: "OUT", ...parties, assets, value, fee });
  const deed = { account: payer, counterparty: receiver, token: row.asset, amount: assets };
  await act(db, event, { ...deed, kind: "SWAP_OUT", shares: value });
});

ponder.on("PegModule:FeesSettled", async ({ event, context: { db } }) => {
  const { value } = event.args;
  await keepPeg(db, event, ({ minted }) => ({ minted: minted + value }));
  await db.insert(pegFeeSettlement).values({ ...originOf(event), value });
});

ponder.on("PegModule:FeesSet", async ({ event, context: { db } }) => {
  const { inBps, outBps } = event.args.fees;
  await keepPeg(db, event, () => ({ feeInBps: inBps, feeOutBps: outBps }));
  await noteChange(db, event, "PegModule:FeesSet");
});

ponder.on("PegModule:FeedSet", async ({ event, context: { db } }) => {
  const { feed, maxDeviationBps, staleAfter } = event.args.settings;
  await keepPeg(db, event, () => ({ feed, maxDeviationBps, staleAfter: BigInt(staleAfter) }));
  await noteChange(db, event, "PegModule:FeedSet");
});

ponder.on("PegModule:CeilingSet", async ({ event, context: { db } }) => {
  const { ceiling, overhang } = event.args;
  await keepPeg(db, event, () => ({ ceiling, overhang }));
  await noteChange(db, event, "PegModule:CeilingSet");
});

ponder.on("PegModule:InflowCapSet", async ({ event, context: { db } }) => {
  await keepPeg(db, event, () => ({ inflowCap: event.args.cap }));
  await noteChange(db, event, "PegModule:InflowCapSet");
});

ponder.on("PegModule:InflowStopSet", async ({ event, context: { db } }) => {
  await keepPeg(db, event, () => ({ inflowStopped: event.args.stopped }));
  await noteChange(db, event, "PegModule:InflowStopSet");
});

/* SURPLUS */

ponder.on("Surplus:AuthorityUpdated", async ({ event, context: { db } }) => {
  await noteChange(db, event, "Surplus:AuthorityUpdated");
  await db
    .insert(surplusAccount)
    .values({
      id: lower(event.log.address),
      savingsBps: 0,
      backstopBps: 0,
      balance: 0n,
      cumulativeToSavings: 0n,
      cumulativeToBackstop: 0n,
      cumulativeCovered: 0n,
      ...updatedBy(event),
    })
    .onConflictDoNothing();
});

ponder.on("Surplus:SharesSet", async ({ event, context: { db } }) => {
  const { savingsBps, backstopBps } = event.args;
  await db.update(surplusAccount, { id: lower(event.log.address) }).set({
    savingsBps: Number(savingsBps),
    backstopBps: Number(backstopBps),
    ...updatedBy(event),
  });
  await noteChange(db, event, "Surplus:SharesSet");
});

ponder.on("Surplus:OutletsSet", async ({ event, context: { db } }) => {
  await noteChange(db, event, "Surplus:OutletsSet");
});

ponder.on("Surplus:PoolCoverSet", async ({ event, context: { db } }) => {
  const { pool: id, covered } = event.args;
  // The protocol's own pools alone have rows.
  if (await db.find(pool, { id: lower(id) })) await db.update(pool, { id: lower(id) }).set({ covered });
  await noteChange(db, event, "Surplus:PoolCoverSet");
});

ponder.on("Surplus:Distributed", async ({ event, context: { db } }) => {
  const { toSavings, toBackstop, kept } = event.args;
  await db.update(surplusAccount, { id: lower(event.log.address) }).set((row) => ({
    cumulativeToSavings: row.cumulativeToSavings + toSavings,
    cumulativeToBackstop: row.cumulativeToBackstop + toBackstop,
    ...updatedBy(event),
  }));
  await db.insert(distribution).values({ ...originOf(event), toSavings, toBackstop, kept });
});

ponder.on("Surplus:LossCovered", async ({ event, context: { db } }) => {
  const { source, loss, fromSurplus, fromBackstop, fromSavings, uncovered } = event.args;
  await db.update(surplusAccount, { id: lower(event.log.address) }).set((row) => ({
    cumulativeCovered: row.cumulativeCovered + loss - uncovered,
    ...updatedBy(event),
  }));
  const borne = { fromSurplus, fromBackstop, fromSavings, uncovered };
  await db.insert(lossCover).values({ ...originOf(event), source, loss, ...borne });
});

/* SAVINGS */

type SavingsRow = typeof savingsVault.$inferSelect;

ponder.on("SavingsVault:AuthorityUpdated", async ({ event, context }) => {
  await noteChange(context.db, event, "SavingsVault:AuthorityUpdated");
  const id = lower(event.log.address);
  const time = event.block.timestamp;
  await declareToken(context, id, "SAVINGS_SHARE");
  await context.db
    .insert(savingsVault)
    .values({
      id,
      index: model.RAY,
      growth: 0n,
      start: time,
      end: time,
      totalShares: 0n,
      shareCap: 0n,
      cash: 0n,
      minShareCap: 0n,
      headroomBps: 0,
      ...updatedBy(event),
    })
    .onConflictDoNothing();
});

async function keepSavings(
  db: Db,
  event: Occurrence,
  change: (row: SavingsRow) => Partial<SavingsRow>,
): Promise<SavingsRow> {
  const id = lower(event.log.address);
  const row = made(await db.find(savingsVault, { id }), event);
  const after = { ...row, ...change(row), ...updatedBy(event) };
  await db.update(savingsVault, { id }).set(after);
  return after;
}

ponder.on("SavingsVault:ShareCapSettingsSet", async ({ event, context: { db } }) => {
  const { minShareCap, headroomBps } = event.args;
  await keepSavings(db, event, (row) => ({
    minShareCap,
    headroomBps: Number(headroomBps),
    // There is room for these from the beginning; later settings make room at the next payment.
    shareCap: row.minShareCap === 0n ? minShareCap : row.shareCap,
  }));
  await noteChange(db, event, "SavingsVault:ShareCapSettingsSet");
});

ponder.on("SavingsVault:Deposit", async ({ event, context: { db } }) => {
  const { sender, owner, assets, shares } = event.args;
  const row = await keepSavings(db, event, ({ cash }) => ({ cash: cash + assets }));
  const common = { account: owner, token: stablecoin, amount: assets, shares };
  const kind = "SAVINGS" as const;
  await db.insert(deposit).values({ ...originOf(event), ...common, kind, payer: sender, vault: row.id });
  await act(db, event, { ...common, kind: "SAVE", counterparty: sender });
  await countAccount(db, event, owner, "depositCount");
});

ponder.on("SavingsVault:Withdraw", async ({ event, context: { db } }) => {
  const { sender, receiver, owner, assets, shares } = event.args;
  const row = await keepSavings(db, event, ({ cash }) => ({ cash: cash - assets }));
  const common = { account: owner, token: stablecoin, amount: assets, shares };
  const parties = { receiver, caller: sender, vault: row.id };
  await db.insert(withdraw).values({ ...originOf(event), ...common, kind: "SAVINGS", ...parties });
  await act(db, event, { ...common, kind: "UNSAVE", counterparty: receiver });
  await countAccount(db, event, owner, "withdrawCount");
});

ponder.on("SavingsVault:YieldPaid", async ({ event, context: { db } }) => {
  const { paid, vesting, growth, shareCap, end } = event.args;
  const time = event.block.timestamp;
  const row = await keepSavings(db, event, (before) => ({
    index: model.savingsIndex(before, time),
    growth,
    start: time,
    end,
    shareCap,
    cash: before.cash + paid,
  }));
  const told = { paid, vesting, index: row.index, growth, shareCap, end };
  await db.insert(savingsPayment).values({ ...originOf(event), ...told });
});

ponder.on("SavingsVault:LossAbsorbed", async ({ event, context: { db } }) => {
  const { loss, index } = event.args;
  await keepSavings(db, event, (before) => {
    const cash = before.cash - loss;
    return { ...savingsAfterLoss({ ...before, cash }, index, event.block.timestamp), cash };
  });
  await db.insert(savingsLossEvent).values({ ...originOf(event), loss, index });
});

/* BACKSTOP */

type BackstopRow = typeof backstop.$inferSelect;

ponder.on("Backstop:AuthorityUpdated", async ({ event, context }) => {
  await noteChange(context.db, event, "Backstop:AuthorityUpdated");
  const id = lower(event.log.address);
  await declareToken(context, id, "BACKSTOP_SHARE");
  await context.db
    .insert(backstop)
    .values({
      id,
      held: 0n,
      premium: 0n,
      premiumStart: 0n,
      premiumEnd: 0n,
      totalShares: 0n,
      queuedShares: 0n,
      ...updatedBy(event),
    })
    .onConflictDoNothing();
});

async function keepBackstop(
  db: Db,
  event: Occurrence,
  change: (row: BackstopRow) => Partial<BackstopRow>,
): Promise<BackstopRow> {
  const id = lower(event.log.address);
  const row = made(await db.find(backstop, { id }), event);
  await db.update(backstop, { id }).set({ ...change(row), ...updatedBy(event) });
  return row;
}

ponder.on("Backstop:Deposit", async ({ event, context: { db } }) => {
  const { sender, owner, assets, shares } = event.args;
  const row = await keepBackstop(db, event, ({ held }) => ({ held: held + assets }));
  const common = { account: owner, token: stablecoin, amount: assets, shares };
  const kind = "BACKSTOP" as const;
  await db.insert(deposit).values({ ...originOf(event), ...common, kind, payer: sender, vault: row.id });
  await act(db, event, { ...common, kind: "BACK", counterparty: sender });
  await countAccount(db, event, owner, "depositCount");
});

ponder.on("Backstop:Withdraw", async ({ event, context: { db } }) => {
  const { sender, receiver, owner, assets, shares } = event.args;
  const row = await keepBackstop(db, event, ({ held, queuedShares }) => ({
    held: held - assets,
    queuedShares: queuedShares - shares,
  }));
  // Nothing can be claimed by somebody who never asked to leave.
  if (shares > 0n) {
    await db
      .update(backstopExit, { id: lower(owner) })
      .set((exit) => ({ shares: exit.shares - shares, updatedAt: event.block.timestamp }));
  }
  const origin = originOf(event);
  const common = { account: owner, token: stablecoin, amount: assets, shares };
  const parties = { receiver, caller: sender, vault: row.id };
  await db.insert(withdraw).values({ ...origin, ...common, kind: "BACKSTOP", ...parties });
  await db.insert(backstopExitEvent).values({ ...origin, action: "CLAIMED", account: owner, shares, assets });
  await act(db, event, { ...common, kind: "CLAIM_EXIT", counterparty: receiver });
  await countAccount(db, event, owner, "withdrawCount");
});

ponder.on("Backstop:ExitRequested", async ({ event, context: { db } }) => {
  const { owner, shares, claimableFrom, claimableUntil } = event.args;
  const row = await keepBackstop(db, event, ({ queuedShares }) => ({
    queuedShares: queuedShares + shares,
  }));
  const clock = { claimableFrom, claimableUntil };
  const updatedAt = event.block.timestamp;
  await db
    .insert(backstopExit)
    .values({ id: lower(owner), shares, ...clock, updatedAt })
    .onConflictDoUpdate((exit) => ({ shares: exit.shares + shares, ...clock, updatedAt }));
  const told = { action: "REQUESTED" as const, account: owner, shares, ...clock };
  await db.insert(backstopExitEvent).values({ ...originOf(event), ...told });
  await act(db, event, { kind: "REQUEST_EXIT", account: owner, token: row.id, amount: shares });
});

ponder.on("Backstop:ExitCancelled", async ({ event, context: { db } }) => {
  const { owner, shares } = event.args;
  const row = await keepBackstop(db, event, ({ queuedShares }) => ({
    queuedShares: queuedShares - shares,
  }));
  const emptied = { shares: 0n, claimableFrom: 0n, claimableUntil: 0n };
  const updatedAt = event.block.timestamp;
  await db.update(backstopExit, { id: lower(owner) }).set({ ...emptied, updatedAt });
  const told = { action: "CANCELLED" as const, account: owner, shares };
  await db.insert(backstopExitEvent).values({ ...originOf(event), ...told });
  await act(db, event, { kind: "CANCEL_EXIT", account: owner, token: row.id, amount: shares });
});

ponder.on("Backstop:PremiumPaid", async ({ event, context: { db } }) => {
  const { paid, vesting, end } = event.args;
  await keepBackstop(db, event, ({ held }) => ({
    held: held + paid,
    premium: vesting,
    premiumStart: event.block.timestamp,
    premiumEnd: end,
  }));
  await db.insert(backstopPremium).values({ ...originOf(event), paid, vesting, end });
});

ponder.on("Backstop:LossDrawn", async ({ event, context: { db } }) => {
  const { loss, capitalLeft } = event.args;
  const time = event.block.timestamp;
  await keepBackstop(db, event, (row) => {
    const unvested = unvestedPremiumAt(row, time);
    return {
      held: row.held - loss,
      premium: unvested > loss ? unvested - loss : 0n,
      premiumStart: time,
    };
  });
  await db.insert(backstopLossEvent).values({ ...originOf(event), loss, capitalLeft });
});

ponder.on("Backstop:PolicySet", async ({ event, context: { db } }) => {
  await noteChange(db, event, "Backstop:PolicySet");
});

/* CAPITAL POLICY */

ponder.on("CapitalPolicy:ExposureSet", async ({ event, context: { db } }) => {
  const { target, kind, weightBps } = event.args;
  const changes = {
    kind,
    weightBps: Number(weightBps),
    removed: false,
    updatedAt: event.block.timestamp,
  };
  await db
    .insert(exposure)
    .values({ id: lower(target), ...changes })
    .onConflictDoUpdate(changes);
  await noteChange(db, event, "CapitalPolicy:ExposureSet");
});

ponder.on("CapitalPolicy:ExposureRemoved", async ({ event, context: { db } }) => {
  const changes = { removed: true, updatedAt: event.block.timestamp };
  await db.update(exposure, { id: lower(event.args.target) }).set(changes);
  await noteChange(db, event, "CapitalPolicy:ExposureRemoved");
});

ponder.on("CapitalPolicy:CapRaised", async ({ event, context: { db } }) => {
  await noteChange(db, event, "CapitalPolicy:CapRaised");
});
