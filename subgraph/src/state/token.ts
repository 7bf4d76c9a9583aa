// Tokens and who holds how much of them, by their transfers.
import type { Context, Event } from "ponder:registry";
import { token, tokenBalance, transfer } from "ponder:schema";
import { rwaTokenAbi } from "@polder/contracts";
import { type Address, zeroAddress } from "viem";
import { lower } from "../deployment.ts";
import { joined, type Occurrence, originOf, updatedBy } from "./rows.ts";

type Kind = (typeof token.$inferInsert)["kind"];
type BalanceRow = typeof tokenBalance.$inferSelect;

/** Makes a token's row, where there is none, with what the token says of itself. */
export async function declareToken(
  { db, client }: Context,
  id: Address,
  kind: Kind,
  ofMarket?: Address,
): Promise<void> {
  if (await db.find(token, { id })) return;
  const contract = { abi: rwaTokenAbi, address: id } as const;
  const [name, symbol, decimals] = await Promise.all([
    client.readContract({ ...contract, functionName: "name" }),
    client.readContract({ ...contract, functionName: "symbol" }),
    client.readContract({ ...contract, functionName: "decimals" }),
  ]);
  await db.insert(token).values({
    id,
    kind,
    name,
    symbol,
    decimals,
    totalSupply: 0n,
    paused: false,
    onlyListed: false,
    jurisdictions: [0n, 0n, 0n, 0n],
    market: ofMarket ?? null,
  });
}

/** Books a transfer. Returns how much the supply changed. */
export async function bookTransfer(
  db: Context["db"],
  event: Pick<Event<"Stablecoin:Transfer">, "args" | "block" | "log" | "transaction">,
): Promise<bigint> {
  const { from, to, value } = event.args;
  const id = lower(event.log.address);
  await db.insert(transfer).values({ ...originOf(event), token: id, from, to, amount: value });
  const minted = from === zeroAddress;
  const burned = to === zeroAddress;
  if (!minted) await changeBalance(db, event, from, ({ amount }) => ({ amount: amount - value }));
  if (!burned) await changeBalance(db, event, to, ({ amount }) => ({ amount: amount + value }));
  const change = (minted ? value : 0n) - (burned ? value : 0n);
  if (change !== 0n) {
    await db.update(token, { id }).set((row) => ({ totalSupply: row.totalSupply + change }));
  }
  return change;
}

/** Changes what is known of an account's holding of the token that `event` is of. */
export async function changeBalance(
  db: Context["db"],
  event: Occurrence,
  holder: Address,
  change: (before: BalanceRow) => Partial<BalanceRow>,
): Promise<void> {
  const id = joined(event.log.address, holder);
  const empty: BalanceRow = {
    id,
    token: lower(event.log.address),
    account: lower(holder),
    amount: 0n,
    frozenAmount: 0n,
    accountFrozen: false,
    ...updatedBy(event),
  };
  const changed = (row: BalanceRow) => ({ ...change(row), ...updatedBy(event) });
  await db
    .insert(tokenBalance)
    .values({ ...empty, ...changed(empty) })
    .onConflictDoUpdate(changed);
}
