// Tokens: pUSD, real-world assets with their documents, shares.
import { ponder } from "ponder:registry";
import { backstop, document, pool, savingsVault, surplusAccount, token } from "ponder:schema";
import { hexToString } from "viem";
import { lower, marketAt, record } from "../deployment.ts";
import { countProtocol } from "../state/market.ts";
import { joined, kept, noteChange, updatedBy } from "../state/rows.ts";
import { bookTransfer, changeBalance, declareToken } from "../state/token.ts";

/* pUSD */

ponder.on("Stablecoin:AuthorityUpdated", async ({ event, context }) => {
  await noteChange(context.db, event, "Stablecoin:AuthorityUpdated");
  await declareToken(context, lower(event.log.address), "STABLECOIN");
  await declareToken(context, lower(record.dollar.token), "DOLLAR");
  await countProtocol(context.db, event, {});
});

ponder.on("Stablecoin:Transfer", async ({ event, context: { db } }) => {
  const minted = await bookTransfer(db, event);
  if (minted !== 0n) await countProtocol(db, event, { stablecoinSupply: minted });
  const { from, to, value } = event.args;
  const id = lower(record.shared.surplus);
  const change = (lower(to) === id ? value : 0n) - (lower(from) === id ? value : 0n);
  if (change === 0n) return;
  await db
    .update(surplusAccount, { id })
    .set((row) => ({ balance: row.balance + change, ...updatedBy(event) }));
});

ponder.on("Stablecoin:FacilityAdded", async ({ event, context: { db } }) => {
  await noteChange(db, event, "Stablecoin:FacilityAdded");
});

ponder.on("Stablecoin:FacilityRetired", async ({ event, context: { db } }) => {
  await noteChange(db, event, "Stablecoin:FacilityRetired");
});

/* SHARES */

ponder.on("LendingPool:Transfer", async ({ event, context: { db } }) => {
  const minted = await bookTransfer(db, event);
  if (minted === 0n) return;
  await db
    .update(pool, { id: lower(event.log.address) })
    .set((row) => ({ totalShares: row.totalShares + minted, ...updatedBy(event) }));
});

ponder.on("SavingsVault:Transfer", async ({ event, context: { db } }) => {
  const minted = await bookTransfer(db, event);
  if (minted === 0n) return;
  await db
    .update(savingsVault, { id: lower(event.log.address) })
    .set((row) => ({ totalShares: row.totalShares + minted, ...updatedBy(event) }));
});

ponder.on("Backstop:Transfer", async ({ event, context: { db } }) => {
  const minted = await bookTransfer(db, event);
  if (minted === 0n) return;
  await db
    .update(backstop, { id: lower(event.log.address) })
    .set((row) => ({ totalShares: row.totalShares + minted, ...updatedBy(event) }));
});

/* REAL-WORLD ASSETS */

ponder.on("RwaToken:AuthorityUpdated", async ({ event, context }) => {
  await noteChange(context.db, event, "RwaToken:AuthorityUpdated");
  const id = lower(event.log.address);
  await declareToken(context, id, "RWA", marketAt(id));
});

ponder.on("RwaToken:Transfer", async ({ event, context: { db } }) => {
  await bookTransfer(db, event);
});

ponder.on("RwaToken:Paused", async ({ event, context: { db } }) => {
  await db.update(token, { id: lower(event.log.address) }).set({ paused: true });
  await noteChange(db, event, "RwaToken:Paused");
});

ponder.on("RwaToken:Unpaused", async ({ event, context: { db } }) => {
  await db.update(token, { id: lower(event.log.address) }).set({ paused: false });
  await noteChange(db, event, "RwaToken:Unpaused");
});

ponder.on("RwaToken:JurisdictionRuleSet", async ({ event, context: { db } }) => {
  const { onlyListed, listed } = event.args;
  const changes = { onlyListed, jurisdictions: [...listed] };
  await db.update(token, { id: lower(event.log.address) }).set(changes);
  await noteChange(db, event, "RwaToken:JurisdictionRuleSet");
});

ponder.on("RwaToken:AddressFrozen", async ({ event, context: { db } }) => {
  const { account, frozen } = event.args;
  await changeBalance(db, event, account, () => ({ accountFrozen: frozen }));
  await noteChange(db, event, "RwaToken:AddressFrozen");
});

ponder.on("RwaToken:TokensFrozen", async ({ event, context: { db } }) => {
  const { account, amount } = event.args;
  await changeBalance(db, event, account, (row) => ({ frozenAmount: row.frozenAmount + amount }));
  await noteChange(db, event, "RwaToken:TokensFrozen");
});

ponder.on("RwaToken:TokensUnfrozen", async ({ event, context: { db } }) => {
  const { account, amount } = event.args;
  await changeBalance(db, event, account, (row) => ({ frozenAmount: row.frozenAmount - amount }));
  await noteChange(db, event, "RwaToken:TokensUnfrozen");
});

ponder.on("RwaToken:ForcedTransfer", async ({ event, context: { db } }) => {
  await noteChange(db, event, "RwaToken:ForcedTransfer");
});

ponder.on("RwaToken:RecoverySuccess", async ({ event, context: { db } }) => {
  await noteChange(db, event, "RwaToken:RecoverySuccess");
});

/* DOCUMENTS */

ponder.on("RwaToken:DocumentUpdated", async ({ event, context: { db } }) => {
  const { name, uri, documentHash } = event.args;
  const id = lower(event.log.address);
  const changes = {
    uri: kept(uri),
    documentHash,
    removed: false,
    transactionHash: event.transaction.hash,
    ...updatedBy(event),
  };
  await db
    .insert(document)
    .values({ id: joined(id, name), token: id, nameHash: name, name: kept(hexToString(name)), ...changes })
    .onConflictDoUpdate(changes);
});

ponder.on("RwaToken:DocumentRemoved", async ({ event, context: { db } }) => {
  const id = joined(event.log.address, event.args.name);
  const changes = { removed: true, transactionHash: event.transaction.hash, ...updatedBy(event) };
  await db.update(document, { id }).set(changes);
});
