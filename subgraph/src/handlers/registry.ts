// Who may hold, borrow and liquidate, and the terms that are disclosed.
import { type Context, ponder } from "ponder:registry";
import { interestRate, person, personChange, termSheet } from "ponder:schema";
import type { Address } from "viem";
import { lower } from "../deployment.ts";
import { keepMarket, marketRow } from "../state/market.ts";
import { joined, kept, noteChange, type Occurrence, originOf, updatedBy } from "../state/rows.ts";

type Db = Context["db"];
type PersonRow = typeof person.$inferSelect;

const TIERS = ["NONE", "HOLDER", "BORROWER", "LIQUIDATOR"] as const;
const NOTHING_ASKED = {
  requestedTier: "NONE" as const,
  requestedJurisdiction: 0,
  requestedIssuer: 0n,
  evidenceHash: null,
  requestedAt: 0n,
};
const NOBODY = { tier: "NONE" as const, frozen: false, jurisdiction: 0, expiry: 0n, issuer: 0n };

/** Changes a person's record and tells by which event. */
async function keepPerson(
  db: Db,
  event: Occurrence,
  account: Address,
  changes: Partial<PersonRow>,
  told: Omit<typeof personChange.$inferInsert, keyof ReturnType<typeof originOf> | "person">,
): Promise<void> {
  const id = lower(account);
  const changed = { ...changes, ...updatedBy(event) };
  await db
    .insert(person)
    .values({ id, ...NOBODY, ...NOTHING_ASKED, deniedReason: null, ...changed })
    .onConflictDoUpdate(changed);
  await db.insert(personChange).values({ ...originOf(event), person: id, ...told });
}

ponder.on("EligibilityRegistry:PersonSet", async ({ event, context: { db } }) => {
  const { person: account, jurisdiction, expiry } = event.args;
  const set = { tier: TIERS[event.args.tier] ?? "NONE", jurisdiction, expiry };
  await keepPerson(db, event, account, set, { action: "SET", ...set });
});

ponder.on("EligibilityRegistry:IssuerOfPersonSet", async ({ event, context: { db } }) => {
  const issuer = BigInt(event.args.issuer);
  await keepPerson(db, event, event.args.person, { issuer }, { action: "ISSUER_SET", issuer });
});

ponder.on("EligibilityRegistry:PersonRemoved", async ({ event, context: { db } }) => {
  await keepPerson(db, event, event.args.person, NOBODY, { action: "REMOVED" });
});

ponder.on("EligibilityRegistry:FrozenSet", async ({ event, context: { db } }) => {
  const { person: account, frozen } = event.args;
  await keepPerson(db, event, account, { frozen }, { action: frozen ? "FROZEN" : "RELEASED" });
});

ponder.on("EligibilityRegistry:RequestMade", async ({ event, context: { db } }) => {
  const { person: account, jurisdiction, evidenceHash } = event.args;
  const asked = { tier: TIERS[event.args.tier] ?? "NONE", issuer: BigInt(event.args.issuer), jurisdiction };
  const changes = {
    requestedTier: asked.tier,
    requestedJurisdiction: jurisdiction,
    requestedIssuer: asked.issuer,
    evidenceHash,
    requestedAt: event.block.timestamp,
  };
  await keepPerson(db, event, account, changes, { action: "REQUESTED", ...asked });
});

ponder.on("EligibilityRegistry:RequestWithdrawn", async ({ event, context: { db } }) => {
  await keepPerson(db, event, event.args.person, NOTHING_ASKED, { action: "REQUEST_WITHDRAWN" });
});

ponder.on("EligibilityRegistry:RequestApproved", async ({ event, context: { db } }) => {
  const { person: account, by } = event.args;
  const changes = { ...NOTHING_ASKED, deniedReason: null };
  await keepPerson(db, event, account, changes, { action: "REQUEST_APPROVED", by });
});

ponder.on("EligibilityRegistry:RequestDenied", async ({ event, context: { db } }) => {
  const { person: account, by, reason } = event.args;
  const changes = { ...NOTHING_ASKED, deniedReason: reason };
  await keepPerson(db, event, account, changes, { action: "REQUEST_DENIED", by });
});

ponder.on("EligibilityRegistry:CustodiansAdmitted", async ({ event, context: { db } }) => {
  await noteChange(db, event, "EligibilityRegistry:CustodiansAdmitted");
});

ponder.on("EligibilityRegistry:AgentSet", async ({ event, context: { db } }) => {
  await noteChange(db, event, "EligibilityRegistry:AgentSet");
});

/* TERMS */

ponder.on("TermsRegistry:TermsPublished", async ({ event, context: { db } }) => {
  const { termsId, market, terms, documentUri } = event.args;
  await db.insert(termSheet).values({
    id: termsId,
    market,
    rateKind: terms.rateKind === 1 ? "FIXED" : "VARIABLE",
    openUntil: BigInt(terms.openUntil),
    maturity: BigInt(terms.maturity),
    ratePerYear: terms.ratePerYear,
    marginPerYear: terms.marginPerYear,
    penaltyPerYear: terms.penaltyPerYear,
    gracePeriod: BigInt(terms.gracePeriod),
    cap: terms.cap,
    scaledDebt: 0n,
    documentHash: terms.documentHash,
    documentUri: kept(documentUri),
    publishedAt: event.block.timestamp,
    publishedAtBlock: event.block.number,
    transactionHash: event.transaction.hash,
    start: 0n,
  });
});

ponder.on("TermsRegistry:TermsClosed", async ({ event, context: { db } }) => {
  const { termsId: id, openUntil } = event.args;
  await db.update(termSheet, { id }).set({ openUntil });
  await noteChange(db, event, "TermsRegistry:TermsClosed");
});

ponder.on("Market:TermsAdopted", async ({ event, context: { db } }) => {
  const { termsId: id, terms } = event.args;
  const within = await marketRow(db, event.log.address);
  await db.update(termSheet, { id }).set({ start: BigInt(terms.start) });
  await keepMarket(db, event, within);
  await noteChange(db, event, "Market:TermsAdopted");
  // Variable terms pay the market's rate, which has a row.
  if (!terms.fixedRate) return;
  await db.insert(interestRate).values({
    id: joined(within.id, id),
    market: within.id,
    termsId: id,
    rateKind: "FIXED",
    ratePerYear: terms.ratePerYear,
    maturity: BigInt(terms.maturity),
    ...updatedBy(event),
  });
});
