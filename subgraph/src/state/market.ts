// A market's row, its positions and its snapshots: how they are found and how a change of them is kept.
import type { Context } from "ponder:registry";
import {
  market,
  marketDailySnapshot,
  marketHourlySnapshot,
  oracle,
  pool,
  position,
  protocol,
  termSheet,
} from "ponder:schema";
import { model } from "@polder/contracts";
import type { Address } from "viem";
import { lower, record } from "../deployment.ts";
import {
  borrowIndexAt,
  debtAt,
  navAt,
  supplyRateAt,
  totalDebtAt,
  utilisationAt,
  valueAt,
} from "../values.ts";
import { countFor, joined, type Occurrence, updatedBy } from "./rows.ts";

type Db = Context["db"];
export type MarketRow = typeof market.$inferSelect;
export type PoolRow = typeof pool.$inferSelect;
export type PositionRow = typeof position.$inferSelect;
export type TermsRow = typeof termSheet.$inferSelect;

/** The one row there is. No digits alone: Ponder would take an id that equals the chain's for that number. */
const PROTOCOL = "polder";
const HOUR = 3_600n;
const DAY = 24n * HOUR;

/** What flowed in an hour or a day. */
type Flows = Pick<
  typeof marketHourlySnapshot.$inferInsert,
  | "borrowed"
  | "repaid"
  | "liquidated"
  | "seized"
  | "lost"
  | "supplied"
  | "withdrawn"
  | "collateralAdded"
  | "collateralRemoved"
>;
const NO_FLOWS: Flows = {
  borrowed: 0n,
  repaid: 0n,
  liquidated: 0n,
  seized: 0n,
  lost: 0n,
  supplied: 0n,
  withdrawn: 0n,
  collateralAdded: 0n,
  collateralRemoved: 0n,
};

/** Throws where the market is not indexed: its constructor's event comes before all others. */
export async function marketRow(db: Db, id: Address): Promise<MarketRow> {
  const row = await db.find(market, { id: lower(id) });
  if (row) return { ...row }; // Ponder writes into the row it gave
  throw new Error(`market ${id} has no row: the index begins after it was deployed`);
}

/** Undefined for a market's own variable rate. Throws where terms were not published. */
export async function termsRow(db: Db, id: bigint): Promise<TermsRow | undefined> {
  if (id === 0n) return undefined;
  const row = await db.find(termSheet, { id });
  if (row) return { ...row };
  throw new Error(`terms ${id} have no row: the index begins after they were published`);
}

/** Keeps a market after an event, with its snapshots of the hour and the day. */
export async function keepMarket(
  db: Db,
  event: Occurrence,
  row: MarketRow,
  flows: Partial<Flows> = {},
): Promise<void> {
  const time = event.block.timestamp;
  const { total, fixed } = totalDebtAt(row, time);
  const kept = { ...row, totalDebt: total, totalFixedDebt: fixed, ...updatedBy(event) };
  await db.update(market, { id: row.id }).set(kept);

  const lenders = row.sourceKind === "POOL" ? await db.find(pool, { id: row.source }) : null;
  const values = await db.find(oracle, { id: row.oracle });
  const nav = values ? navAt(values, time).liquidationNav : 0n;
  const snapshot = {
    market: row.id,
    blockNumber: event.block.number,
    timestamp: time,
    totalDebt: total,
    totalFixedDebt: fixed,
    totalCollateral: row.totalCollateral,
    collateralValue: valueAt(row.totalCollateral, nav, row),
    totalLoss: row.totalLoss,
    totalImpairment: row.totalImpairment,
    borrowIndex: borrowIndexAt(row, time),
    ratePerYear: row.ratePerYear,
    utilisation: utilisationAt(row, lenders ?? undefined, time),
    debtCap: row.debtCap,
    nav,
    openPositionCount: row.openPositionCount,
    issuePrice: lenders ? model.issuePrice(lenders) : 0n,
    redemptionPrice: lenders ? model.redemptionPrice(lenders, time) : 0n,
    cash: lenders?.cash ?? 0n,
    totalShares: lenders?.totalShares ?? 0n,
    supplyRatePerYear: lenders ? supplyRateAt(row, lenders, time) : 0n,
  };
  const added = { ...NO_FLOWS, ...flows };
  const hour = Number(time / HOUR);
  const day = Number(time / DAY);
  await db
    .insert(marketHourlySnapshot)
    .values({ id: joined(row.id, BigInt(hour)), hour, ...snapshot, ...added })
    .onConflictDoUpdate((before) => ({ ...snapshot, ...summed(before, added) }));
  await db
    .insert(marketDailySnapshot)
    .values({ id: joined(row.id, BigInt(day)), day, ...snapshot, ...added })
    .onConflictDoUpdate((before) => ({ ...snapshot, ...summed(before, added) }));
}

function summed(before: Flows, added: Flows): Flows {
  const keys = Object.keys(NO_FLOWS) as (keyof Flows)[];
  return Object.fromEntries(keys.map((key) => [key, before[key] + added[key]])) as Flows;
}

/* POSITIONS */

export function positionId(marketAddress: Address, owner: Address, termsId: bigint): string {
  return joined(marketAddress, owner, termsId);
}

/** A position as it stands, or the empty one it begins as. */
export async function positionRow(
  db: Db,
  event: Occurrence,
  owner: Address,
  termsId: bigint,
): Promise<PositionRow> {
  const id = positionId(event.log.address, owner, termsId);
  const known = await db.find(position, { id });
  if (known) return { ...known };
  return {
    id,
    market: lower(event.log.address),
    owner: lower(owner),
    termsId,
    collateral: 0n,
    scaledDebt: 0n,
    netBorrowed: 0n,
    debt: 0n,
    healthCheckedAt: 0n,
    impairment: 0n,
    consentLltv: 0n,
    consentBonus: 0n,
    markedAt: 0n,
    auctionFrom: 0n,
    auctionUntil: 0n,
    inWorkout: 0n,
    liquidationCount: 0,
    openedAt: event.block.timestamp,
    openedAtBlock: event.block.number,
    ...updatedBy(event),
  };
}

/** Keeps a position after an event. Returns it, with what it owes, and by how much the count of open ones changed. */
export async function keepPosition(
  db: Db,
  event: Occurrence,
  before: PositionRow,
  changes: Partial<PositionRow>,
  { within, terms }: { within: MarketRow; terms: TermsRow | undefined },
): Promise<{ after: PositionRow; opened: number }> {
  const changed = { ...before, ...changes, ...updatedBy(event) };
  const after = { ...changed, debt: debtAt(changed.scaledDebt, within, terms, event.block.timestamp) };
  const known = (await db.find(position, { id: before.id })) !== null;
  await db.insert(position).values(after).onConflictDoUpdate(after);
  if (!known) {
    const fresh = await countFor(db, event, before.owner, "positionCount");
    await countProtocol(db, event, { positionCount: 1, accountCount: fresh ? 1 : 0 });
  }
  return { after, opened: Number(isOpen(after)) - Number(isOpen(before)) };
}

function isOpen({ collateral, scaledDebt, inWorkout }: PositionRow): boolean {
  return collateral > 0n || scaledDebt > 0n || inWorkout > 0n;
}

/* PROTOCOL */

type ProtocolRow = typeof protocol.$inferSelect;

/** Adds to the protocol's totals. */
export async function countProtocol(
  db: Db,
  event: Occurrence,
  added: Partial<Pick<ProtocolRow, "marketCount" | "accountCount" | "positionCount">> &
    Partial<
      Pick<
        ProtocolRow,
        | "stablecoinSupply"
        | "cumulativeBorrowUSD"
        | "cumulativeRepayUSD"
        | "cumulativeLiquidateUSD"
        | "cumulativeLossUSD"
      >
    >,
): Promise<void> {
  const id = PROTOCOL;
  const sum = (row: ProtocolRow) => ({
    marketCount: row.marketCount + (added.marketCount ?? 0),
    accountCount: row.accountCount + (added.accountCount ?? 0),
    positionCount: row.positionCount + (added.positionCount ?? 0),
    stablecoinSupply: row.stablecoinSupply + (added.stablecoinSupply ?? 0n),
    cumulativeBorrowUSD: row.cumulativeBorrowUSD + (added.cumulativeBorrowUSD ?? 0n),
    cumulativeRepayUSD: row.cumulativeRepayUSD + (added.cumulativeRepayUSD ?? 0n),
    cumulativeLiquidateUSD: row.cumulativeLiquidateUSD + (added.cumulativeLiquidateUSD ?? 0n),
    cumulativeLossUSD: row.cumulativeLossUSD + (added.cumulativeLossUSD ?? 0n),
    ...updatedBy(event),
  });
  const empty: ProtocolRow = {
    id,
    stablecoin: lower(record.shared.stablecoin),
    marketCount: 0,
    accountCount: 0,
    positionCount: 0,
    stablecoinSupply: 0n,
    cumulativeBorrowUSD: 0n,
    cumulativeRepayUSD: 0n,
    cumulativeLiquidateUSD: 0n,
    cumulativeLossUSD: 0n,
    ...updatedBy(event),
  };
  await db
    .insert(protocol)
    .values({ ...empty, ...sum(empty) })
    .onConflictDoUpdate(sum);
}

/** Counts an account's deed in the protocol too, where it is the first. */
export async function countAccount(
  db: Db,
  event: Occurrence,
  id: Address,
  what: Parameters<typeof countFor>[3],
): Promise<void> {
  if (await countFor(db, event, lower(id), what)) await countProtocol(db, event, { accountCount: 1 });
}

/** An amount of a loan token in dollars, wad: a unit of it taken for one. */
export function inDollars({ loanDecimals }: Pick<MarketRow, "loanDecimals">, amount: bigint): bigint {
  return amount * 10n ** BigInt(18 - loanDecimals);
}
