// What rows of every kind begin with, and rows that events of many contracts add to.
import type { Context, EventNames, Event as PonderEvent } from "ponder:registry";
import { account, action, parameterChange } from "ponder:schema";
import type { Address, Hex } from "viem";
import { lower, marketOf } from "../deployment.ts";

/** What handlers share: an event of any contract, without its arguments. */
export type Occurrence = Pick<PonderEvent<"Market:Borrowed">, "block" | "log" | "transaction">;

type Db = Context["db"];

/** Ids sort as the chain does: block number and log index, padded. */
export function idOf({ block, log }: Occurrence): string {
  return `${String(block.number).padStart(12, "0")}-${String(log.logIndex).padStart(5, "0")}`;
}

/** Where a row comes from. */
export function originOf(event: Occurrence) {
  return {
    id: idOf(event),
    blockNumber: event.block.number,
    timestamp: event.block.timestamp,
    transactionHash: event.transaction.hash,
    logIndex: event.log.logIndex,
  };
}

/** When a row of state was last changed. */
export function updatedBy({ block }: Occurrence) {
  return { updatedAt: block.timestamp, updatedAtBlock: block.number };
}

/* ACCOUNTS */

type AccountRow = typeof account.$inferSelect;
type Count = Exclude<
  { [Key in keyof AccountRow]: AccountRow[Key] extends number ? Key : never }[keyof AccountRow],
  never
>;

/** Counts something that `id` did. Returns whether it was seen for the first time. */
export async function countFor(db: Db, event: Occurrence, id: Address, what: Count): Promise<boolean> {
  const known = await db.find(account, { id });
  if (known) {
    await db.update(account, { id }).set({ [what]: known[what] + 1 });
    return false;
  }
  const fresh: AccountRow = {
    id,
    firstSeenAt: event.block.timestamp,
    firstSeenAtBlock: event.block.number,
    positionCount: 0,
    borrowCount: 0,
    repayCount: 0,
    depositCount: 0,
    withdrawCount: 0,
    liquidatedCount: 0,
    liquidateCount: 0,
    proposalCount: 0,
    voteCount: 0,
  };
  await db.insert(account).values({ ...fresh, [what]: 1 });
  return true;
}

/* ACTIONS */

type ActionRow = typeof action.$inferInsert;
type Deed = Pick<ActionRow, "kind" | "account"> &
  Partial<
    Pick<ActionRow, "counterparty" | "market" | "termsId" | "token" | "amount" | "shares" | "proposal">
  >;

/** Adds to the list of what people did; `nth` tells several of one event apart. */
export async function act(db: Db, event: Occurrence, deed: Deed, nth = 0): Promise<void> {
  const origin = originOf(event);
  const id = nth === 0 ? origin.id : `${origin.id}-${nth}`;
  await db.insert(action).values({ ...origin, counterparty: deed.account, ...deed, id });
}

/* PARAMETERS */

/** Notes what was set, by the event that says so. */
export async function noteChange(
  db: Db,
  event: Occurrence & { args: unknown },
  source: EventNames,
): Promise<void> {
  const [contractName = "", name = ""] = source.split(":");
  const contract = lower(event.log.address);
  const market = marketOf(contract)?.market;
  await db.insert(parameterChange).values({
    ...originOf(event),
    contract,
    contractName,
    market: market === undefined ? null : lower(market),
    name,
    values: plain(event.args),
  });
}

/** What a contract was given as text, as PostgreSQL keeps it: without NUL. */
export function kept(text: string): string {
  return text.replaceAll("\0", "");
}

/** The same as JSON: numbers as decimal text, addresses in lower case. */
function plain(value: unknown): unknown {
  if (typeof value === "bigint" || typeof value === "number") return String(value);
  if (typeof value === "string") return /^0x[0-9a-fA-F]{40}$/.test(value) ? lower(value) : kept(value);
  if (Array.isArray(value)) return value.map(plain);
  if (value !== null && typeof value === "object") {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]));
  }
  return value;
}

export function joined(...parts: (Address | Hex | bigint | string)[]): string {
  return parts.map((part) => String(part).toLowerCase()).join("-");
}
