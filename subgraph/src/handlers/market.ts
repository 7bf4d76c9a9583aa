// Loans: collateral, borrowing, repaying, liquidations, checkpoints, caps.
import { type Context, type Event, ponder } from "ponder:registry";
import {
  authorisation,
  borrow,
  checkpoint,
  deposit,
  impairment,
  interestRate,
  liquidate,
  liquidationPricing,
  lossEvent,
  market,
  pool as poolTable,
  rebalance,
  repay,
  termSheet,
  withdraw,
} from "ponder:schema";
import { marketAbi, model, navOracleAbi, rwaTokenAbi } from "@polder/contracts";
import { lower, marketOf } from "../deployment.ts";
import {
  countAccount,
  countProtocol,
  inDollars,
  keepMarket,
  keepPosition,
  type MarketRow,
  marketRow,
  positionId,
  positionRow,
  type TermsRow,
  termsRow,
} from "../state/market.ts";
import { oracleRow } from "../state/oracle.ts";
import { act, joined, noteChange, originOf, updatedBy } from "../state/rows.ts";
import { linearDebt, lltvAt, navAt, overhangAfterRelease, valueAt, withCap } from "../values.ts";

const { WAD } = model;
const CAUSES = ["UNHEALTHY", "OVERDUE", "CONSENT"] as const;
const PHASES = ["NONE", "WINDOW", "AUCTION", "WORKOUT"] as const;

/** The first event of a market, by its constructor: what it is made of is read from it. */
ponder.on("Market:AuthorityUpdated", async ({ event, context }) => {
  await noteChange(context.db, event, "Market:AuthorityUpdated");
  const id = lower(event.log.address);
  const known = marketOf(id);
  if (known === undefined || (await context.db.find(market, { id }))) return;
  const { client } = context;
  const contract = { abi: marketAbi, address: event.log.address } as const;
  const [parameters, accrual, controls, loanToken] = await Promise.all([
    client.readContract({ ...contract, functionName: "parameters" }),
    client.readContract({ ...contract, functionName: "accrual" }),
    client.readContract({ ...contract, functionName: "controls" }),
    client.readContract({ ...contract, functionName: "loanToken" }),
  ]);
  const decimalsOf = (address: `0x${string}`) =>
    client.readContract({ abi: rwaTokenAbi, address, functionName: "decimals" });
  const [collateralDecimals, loanDecimals, navDecimals] = await Promise.all([
    decimalsOf(lower(known.collateral)),
    decimalsOf(loanToken),
    client.readContract({ abi: navOracleAbi, address: lower(known.oracle), functionName: "decimals" }),
  ]);
  const { liquidation } = parameters;
  await context.db.insert(market).values({
    id,
    key: known.key,
    title: known.title,
    sourceKind: known.kind === "pool" ? "POOL" : "FACILITY",
    source: lower(known.source),
    collateralToken: lower(known.collateral),
    loanToken: lower(loanToken),
    oracle: lower(known.oracle),
    rateModel: lower(known.rateModel),
    workout: lower(known.workout),
    desk: lower(known.desk),
    collateralDecimals,
    loanDecimals,
    navDecimals,
    maxLtvAtDeployment: parameters.maxLtv,
    lltvAtDeployment: liquidation.lltv,
    lltvFrom: controls.lltvFrom,
    lltvTo: controls.lltvTo,
    rampStart: BigInt(controls.rampStart),
    rampEnd: BigInt(controls.rampEnd),
    targetHealth: liquidation.targetHealth,
    minBonus: liquidation.minBonus,
    maxBonus: liquidation.maxBonus,
    healthForMaxBonus: liquidation.healthForMaxBonus,
    minDebt: liquidation.minDebt,
    coolOff: BigInt(parameters.coolOff),
    saleWindow: BigInt(parameters.saleWindow),
    auctionDuration: BigInt(parameters.auctionDuration),
    auctionStart: parameters.auctionStart,
    auctionEnd: parameters.auctionEnd,
    borrowIndex: accrual.index,
    ratePerYear: accrual.ratePerYear,
    checkpointAt: accrual.timestamp,
    averageUtilisation: 0n,
    variableScaledDebt: 0n,
    fixedScaledDebt: 0n,
    fixedDebtBase: 0n,
    fixedDebtSlope: 0n,
    totalDebt: 0n,
    totalFixedDebt: 0n,
    totalCollateral: 0n,
    totalLoss: 0n,
    totalImpairment: 0n,
    facilitySupply: 0n,
    debtCap: 0n,
    debtOverhang: 0n,
    fixedDebtCap: 0n,
    fixedDebtOverhang: 0n,
    newDebtPaused: false,
    lossNotCovered: false,
    openPositionCount: 0,
    cumulativeBorrow: 0n,
    cumulativeRepay: 0n,
    cumulativeLiquidate: 0n,
    cumulativeSeized: 0n,
    createdAt: event.block.timestamp,
    createdAtBlock: event.block.number,
    ...updatedBy(event),
  });
  await context.db.insert(interestRate).values({
    id: joined(id, 0n),
    market: id,
    termsId: 0n,
    rateKind: "VARIABLE",
    ratePerYear: accrual.ratePerYear,
    maturity: 0n,
    ...updatedBy(event),
  });
  await countProtocol(context.db, event, { marketCount: 1 });
});

/* BOOKS */

/** Counts `scaled` debt, negative where it is given back, in the market's books: `Loans.take` and `Loans.release`. */
function counted(row: MarketRow, terms: TermsRow | undefined, scaled: bigint): MarketRow {
  if (terms?.rateKind !== "FIXED") {
    const variableScaledDebt = row.variableScaledDebt + scaled;
    const debtOverhang = scaled < 0n ? overhangAfterRelease(row.debtOverhang, -scaled) : row.debtOverhang;
    return { ...row, variableScaledDebt, debtOverhang };
  }
  const { base, slope } = linearDebt(scaled, terms);
  return {
    ...row,
    fixedScaledDebt: row.fixedScaledDebt + scaled,
    fixedDebtBase: row.fixedDebtBase + base,
    fixedDebtSlope: row.fixedDebtSlope + slope,
    fixedDebtOverhang:
      scaled < 0n ? overhangAfterRelease(row.fixedDebtOverhang, -scaled) : row.fixedDebtOverhang,
  };
}

async function countTerms(db: Context["db"], terms: TermsRow | undefined, scaled: bigint): Promise<void> {
  if (terms) {
    await db.update(termSheet, { id: terms.id }).set({ scaledDebt: terms.scaledDebt + scaled });
  }
}

/** What comes into the source, negative where it leaves: a pool's cash, or what a facility minted less what it burned. */
async function moved(db: Context["db"], row: MarketRow, assets: bigint): Promise<MarketRow> {
  if (row.sourceKind === "FACILITY") return { ...row, facilitySupply: row.facilitySupply - assets };
  await db.update(poolTable, { id: row.source }).set((pool) => ({ cash: pool.cash + assets }));
  return row;
}

/* COLLATERAL */

ponder.on("Market:CollateralAdded", async ({ event, context: { db } }) => {
  const { owner, termsId, payer, amount } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const changes = { collateral: before.collateral + amount };
  const { opened } = await keepPosition(db, event, before, changes, { within, terms });
  await keepMarket(
    db,
    event,
    {
      ...within,
      totalCollateral: within.totalCollateral + amount,
      openPositionCount: within.openPositionCount + opened,
    },
    { collateralAdded: amount },
  );
  const common = { account: owner, market: within.id, termsId, token: within.collateralToken, amount };
  const kind = "COLLATERAL" as const;
  await db.insert(deposit).values({ ...originOf(event), ...common, kind, payer, vault: within.id });
  await act(db, event, { ...common, kind: "ADD_COLLATERAL", counterparty: payer });
  await countAccount(db, event, owner, "depositCount");
});

ponder.on("Market:CollateralRemoved", async ({ event, context: { db } }) => {
  const { owner, termsId, receiver, caller, amount } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const changes = {
    collateral: before.collateral - amount,
    healthCheckedAt: before.scaledDebt > 0n ? event.block.timestamp : before.healthCheckedAt,
  };
  const { opened } = await keepPosition(db, event, before, changes, { within, terms });
  await keepMarket(
    db,
    event,
    {
      ...within,
      totalCollateral: within.totalCollateral - amount,
      openPositionCount: within.openPositionCount + opened,
    },
    { collateralRemoved: amount },
  );
  const common = { account: owner, market: within.id, termsId, token: within.collateralToken, amount };
  const origin = originOf(event);
  const kind = "COLLATERAL" as const;
  await db.insert(withdraw).values({ ...origin, ...common, kind, receiver, caller, vault: within.id });
  await act(db, event, { ...common, kind: "REMOVE_COLLATERAL", counterparty: receiver });
  await countAccount(db, event, owner, "withdrawCount");
});

/* DEBT */

ponder.on("Market:Borrowed", async ({ event, context: { db } }) => {
  const { owner, termsId, receiver, caller, assets, scaled } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const changes = {
    scaledDebt: before.scaledDebt + scaled,
    netBorrowed: before.netBorrowed + assets,
    healthCheckedAt: event.block.timestamp,
  };
  const { after, opened } = await keepPosition(db, event, before, changes, { within, terms });
  await countTerms(db, terms, scaled);
  const lent = await moved(db, counted(within, terms, scaled), -assets);
  await keepMarket(
    db,
    event,
    {
      ...lent,
      openPositionCount: within.openPositionCount + opened,
      cumulativeBorrow: within.cumulativeBorrow + assets,
    },
    { borrowed: assets },
  );
  await countProtocol(db, event, { cumulativeBorrowUSD: inDollars(within, assets) });
  const common = { account: owner, market: within.id, termsId, token: within.loanToken, amount: assets };
  await db.insert(borrow).values({
    ...originOf(event),
    ...common,
    position: after.id,
    receiver,
    caller,
    scaled,
    ratePerYear: terms?.rateKind === "FIXED" ? terms.ratePerYear : within.ratePerYear,
    debt: after.debt,
  });
  await act(db, event, { ...common, kind: "BORROW", counterparty: receiver, shares: scaled });
  await countAccount(db, event, owner, "borrowCount");
});

ponder.on("Market:Repaid", async ({ event, context: { db } }) => {
  const { owner, termsId, payer, assets, scaled } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const changes = { scaledDebt: before.scaledDebt - scaled, netBorrowed: before.netBorrowed - assets };
  const { after, opened } = await keepPosition(db, event, before, changes, { within, terms });
  await countTerms(db, terms, -scaled);
  const collected = await moved(db, counted(within, terms, -scaled), assets);
  await keepMarket(
    db,
    event,
    {
      ...collected,
      openPositionCount: within.openPositionCount + opened,
      cumulativeRepay: within.cumulativeRepay + assets,
    },
    { repaid: assets },
  );
  await countProtocol(db, event, { cumulativeRepayUSD: inDollars(within, assets) });
  const common = { account: owner, market: within.id, termsId, token: within.loanToken, amount: assets };
  await db.insert(repay).values({
    ...originOf(event),
    ...common,
    position: after.id,
    payer,
    scaled,
    debt: after.debt,
  });
  await act(db, event, { ...common, kind: "REPAY", counterparty: payer, shares: scaled });
  await countAccount(db, event, owner, "repayCount");
});

/* LIQUIDATION */

ponder.on("Market:LiquidationPriced", async ({ event, context: { db } }) => {
  const { owner, termsId, cause, phase, nav, debt, markup } = event.args;
  const pricing = {
    cause: CAUSES[cause] ?? "UNHEALTHY",
    phase: PHASES[phase] ?? "NONE",
    nav,
    debt,
    markup,
  };
  await db
    .insert(liquidationPricing)
    .values({ id: positionId(event.log.address, owner, termsId), ...pricing })
    .onConflictDoUpdate(pricing);
});

ponder.on("Market:Liquidated", async ({ event, context: { db } }) => {
  const { owner, termsId, liquidator, receiver, repaid, scaled, seized, loss } = event.args;
  const time = event.block.timestamp;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const pricing = await db.find(liquidationPricing, { id: before.id });
  if (!pricing) throw new Error(`the liquidation of ${before.id} was not priced before`);

  const changes = {
    collateral: before.collateral - seized,
    scaledDebt: before.scaledDebt - scaled,
    netBorrowed: before.netBorrowed - repaid,
    liquidationCount: before.liquidationCount + 1,
  };
  const { after, opened } = await keepPosition(db, event, before, changes, { within, terms });
  await countTerms(db, terms, -scaled);
  const collected = await moved(db, counted(within, terms, -scaled), repaid);
  await keepMarket(
    db,
    event,
    {
      ...collected,
      totalCollateral: within.totalCollateral - seized,
      totalLoss: within.totalLoss + loss,
      openPositionCount: within.openPositionCount + opened,
      cumulativeLiquidate: within.cumulativeLiquidate + repaid,
      cumulativeSeized: within.cumulativeSeized + seized,
    },
    { liquidated: repaid, seized, lost: loss },
  );
  await countProtocol(db, event, {
    cumulativeLiquidateUSD: inDollars(within, repaid),
    cumulativeLossUSD: inDollars(within, loss),
  });

  const { nav, debt, markup, cause, phase } = pricing;
  const inForce = navAt(await oracleRow(db, within.oracle), time);
  const lltv = lltvAt(within, time);
  const value = valueAt(before.collateral, nav, within);
  const seizedValue = valueAt(seized, nav, within);
  const ofPosition = { market: within.id, account: owner, termsId, position: after.id };
  await db.insert(liquidate).values({
    ...originOf(event),
    ...ofPosition,
    liquidator,
    receiver,
    cause,
    phase,
    nav,
    navRound: inForce.round,
    navDate: inForce.navDate,
    collateralBefore: before.collateral,
    collateralValueBefore: value,
    debtBefore: debt,
    lltv,
    lltvApplied: cause === "CONSENT" ? before.consentLltv : lltv,
    healthBefore: model.health(value, debt, lltv) ?? 0n, // there was debt
    markup,
    bonus: markup - WAD,
    loanToken: within.loanToken,
    collateralToken: within.collateralToken,
    repaid,
    scaled,
    seized,
    seizedValue,
    bonusValue: seizedValue - repaid,
    loss,
    collateralAfter: after.collateral,
    debtAfter: after.debt,
    healthAfter: model.health(valueAt(after.collateral, nav, within), after.debt, lltv) ?? null,
    closed: after.scaledDebt === 0n,
  });
  const deed = { market: within.id, termsId, token: within.loanToken, amount: repaid, shares: scaled };
  await act(db, event, { ...deed, kind: "LIQUIDATED", account: owner, counterparty: liquidator });
  await act(db, event, { ...deed, kind: "LIQUIDATE", account: liquidator, counterparty: owner }, 1);
  await countAccount(db, event, owner, "liquidatedCount");
  await countAccount(db, event, liquidator, "liquidateCount");
  if (loss > 0n) {
    const kind = "LIQUIDATION" as const;
    await db.insert(lossEvent).values({ ...originOf(event), ...ofPosition, kind, amount: loss });
  }
});

ponder.on("Market:WrittenOff", async ({ event, context: { db } }) => {
  const { owner, termsId, scaled, loss } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const changes = { scaledDebt: before.scaledDebt - scaled };
  const { after, opened } = await keepPosition(db, event, before, changes, { within, terms });
  await countTerms(db, terms, -scaled);
  await keepMarket(
    db,
    event,
    {
      ...counted(within, terms, -scaled),
      totalLoss: within.totalLoss + loss,
      openPositionCount: within.openPositionCount + opened,
    },
    { lost: loss },
  );
  await countProtocol(db, event, { cumulativeLossUSD: inDollars(within, loss) });
  const ofPosition = { market: within.id, account: owner, termsId, position: after.id };
  await db.insert(lossEvent).values({ ...originOf(event), ...ofPosition, kind: "WRITE_OFF", amount: loss });
});

ponder.on("Market:Impaired", async ({ event, context: { db } }) => {
  const { owner, termsId, unrealised, total } = event.args;
  const within = await marketRow(db, event.log.address);
  const terms = await termsRow(db, termsId);
  const before = await positionRow(db, event, owner, termsId);
  const { after } = await keepPosition(db, event, before, { impairment: unrealised }, { within, terms });
  await keepMarket(db, event, { ...within, totalImpairment: total });
  await db.insert(impairment).values({
    ...originOf(event),
    market: within.id,
    account: owner,
    termsId,
    position: after.id,
    unrealised,
    total,
  });
});

/* CHECKPOINTS AND CAPS */

ponder.on("Market:Checkpoint", async ({ event, context: { db } }) => {
  const { index, ratePerYear, totalDebt, utilisation, profit, shortfall } = event.args;
  const within = await marketRow(db, event.log.address);
  await keepMarket(db, event, {
    ...within,
    borrowIndex: index,
    ratePerYear,
    checkpointAt: event.block.timestamp,
    averageUtilisation: utilisation,
    lossNotCovered: shortfall > 0n,
  });
  await db.update(interestRate, { id: joined(within.id, 0n) }).set({ ratePerYear, ...updatedBy(event) });
  await db.insert(checkpoint).values({
    ...originOf(event),
    market: within.id,
    borrowIndex: index,
    ratePerYear,
    totalDebt,
    averageUtilisation: utilisation,
    profit,
    shortfall,
  });
});

ponder.on("Market:FixedDebtCapSet", async ({ event, context: { db } }) => {
  const within = await marketRow(db, event.log.address);
  const before = { cap: within.fixedDebtCap, overhang: within.fixedDebtOverhang };
  const { cap, overhang } = withCap(before, within.fixedScaledDebt, event.args.newCap);
  await keepMarket(db, event, { ...within, fixedDebtCap: cap, fixedDebtOverhang: overhang });
});

async function setDebtCap(
  db: Context["db"],
  event: Event<"Market:DebtCapRaised"> | Event<"Market:DebtCapCut">,
): Promise<void> {
  const within = await marketRow(db, event.log.address);
  const before = { cap: within.debtCap, overhang: within.debtOverhang };
  const { cap, overhang } = withCap(before, within.variableScaledDebt, event.args.newCap);
  await keepMarket(db, event, { ...within, debtCap: cap, debtOverhang: overhang });
}

ponder.on("Market:DebtCapRaised", async ({ event, context: { db } }) => {
  await setDebtCap(db, event);
  await noteChange(db, event, "Market:DebtCapRaised");
});

ponder.on("Market:DebtCapCut", async ({ event, context: { db } }) => {
  await setDebtCap(db, event);
  await noteChange(db, event, "Market:DebtCapCut");
});

ponder.on("Market:NewDebtPaused", async ({ event, context: { db } }) => {
  const within = await marketRow(db, event.log.address);
  await keepMarket(db, event, { ...within, newDebtPaused: event.args.paused });
  await noteChange(db, event, "Market:NewDebtPaused");
});

ponder.on("Market:LltvRamp", async ({ event, context: { db } }) => {
  const { from, to, start, end } = event.args;
  const within = await marketRow(db, event.log.address);
  await keepMarket(db, event, { ...within, lltvFrom: from, lltvTo: to, rampStart: start, rampEnd: end });
  await noteChange(db, event, "Market:LltvRamp");
});

ponder.on("Market:PreferredBuyerSet", async ({ event, context: { db } }) => {
  await noteChange(db, event, "Market:PreferredBuyerSet");
});

ponder.on("Market:Rebalanced", async ({ event, context: { db } }) => {
  const id = lower(event.log.address);
  const { keeper, freeCap, freeFixedCap } = event.args;
  const levelled = { cash: 0n, freeCap, freeFixedCap, fee: 0n };
  await db.insert(rebalance).values({ ...originOf(event), target: id, market: id, keeper, ...levelled });
});

/* OWNERS */

ponder.on("Market:ConsentSet", async ({ event, context: { db } }) => {
  const { owner, termsId, lltv, bonus } = event.args;
  const within = await marketRow(db, event.log.address);
  // Consent may be given under terms that were never published.
  const terms = (termsId === 0n ? undefined : await db.find(termSheet, { id: termsId })) ?? undefined;
  const before = await positionRow(db, event, owner, termsId);
  const changes = { consentLltv: lltv, consentBonus: bonus };
  await keepPosition(db, event, before, changes, { within, terms });
  await act(db, event, { kind: "CONSENT", account: owner, market: within.id, termsId });
});

ponder.on("Market:AuthorisationSet", async ({ event, context: { db } }) => {
  const { owner, operator, authorised } = event.args;
  const id = lower(event.log.address);
  const changes = { authorised, updatedAt: event.block.timestamp };
  await db
    .insert(authorisation)
    .values({ id: joined(id, owner, operator), market: id, owner, operator, ...changes })
    .onConflictDoUpdate(changes);
  await act(db, event, { kind: "AUTHORISE", account: owner, counterparty: operator, market: id });
});
