// What can be proposed, as plain data: a file or a form holds nothing but these fields, all of them text with units, such as
// "2.5%", "14 days" or "1000000". One table says which fields an action has; types, checks and forms follow from it.
import { isAddress, isHex } from "viem";
import { suspicionsOf } from "./text.ts";

/**
 * - `market`: a market's key
 * - `amount`: of whole tokens, decimal, above 0
 * - `percent`: as in `2.5%`
 * - `duration`: as in `14 days`; `time`: as in `2027-01-31T12:00:00Z`, or how long after the execution, as a duration
 * - `account`: an address, or what the record calls a contract, as in `timelock`
 * - `choice:a,b`: one of these words
 */
export type FieldKind =
  | "market"
  | "amount"
  | "percent"
  | "duration"
  | "time"
  | "account"
  | "number"
  | "text"
  | "bytes"
  | "flag"
  | `choice:${string}`;

/** A field that may be left out has a question mark behind its kind. */
type Field = FieldKind | `${FieldKind}?`;

type Shape = { readonly title: string; readonly fields: Readonly<Record<string, Field>> };

const ROLES = "choice:guardian,registrar,agent,policy,servicer,timelock";

export const actionShapes = {
  raiseDebtCap: { title: "Raise a debt cap", fields: { market: "market", by: "amount" } },
  cutDebtCap: { title: "Cut a debt cap", fields: { market: "market", by: "amount" } },
  raiseSupplyCap: { title: "Raise a supply cap", fields: { market: "market", by: "amount" } },
  cutSupplyCap: { title: "Cut a supply cap", fields: { market: "market", by: "amount" } },
  pauseNewDebt: { title: "Pause new debt", fields: { market: "market" } },
  resumeNewDebt: { title: "Resume new debt", fields: { market: "market" } },
  rampLltv: {
    title: "Move the liquidation loan-to-value",
    fields: { market: "market", to: "percent", over: "duration" },
  },
  setReserve: {
    title: "Set the surplus's part of a pool's profit",
    fields: { market: "market", factor: "percent" },
  },
  setRebalanceFee: { title: "Set the fee for levelling a pool", fields: { market: "market", fee: "amount" } },
  setPoolCover: {
    title: "Cover a pool's losses, or cease to",
    fields: { market: "market", covered: "flag" },
  },
  setOracleBounds: {
    title: "Set the bounds of a NAV",
    fields: {
      market: "market",
      staleAfter: "duration?",
      expiredAfter: "duration?",
      pendingDelay: "duration?",
      minInterval: "duration?",
      maxUp: "percent?",
      maxDown: "percent?",
      quorum: "number?",
      confirmQuorum: "number?",
    },
  },
  setComparison: {
    title: "Set the feed that a NAV is compared with",
    fields: { market: "market", feed: "account", maxAge: "duration", maxDeviation: "percent" },
  },
  rotateAttestor: {
    title: "Replace an attestor",
    fields: { market: "market", retired: "account", successor: "account" },
  },
  releaseRipcord: { title: "Let a NAV go on", fields: { market: "market" } },
  publishTerms: {
    title: "Publish terms",
    fields: {
      market: "market",
      kind: "choice:variable,fixed",
      cap: "amount",
      openUntil: "time",
      maturity: "time?",
      rate: "percent?",
      margin: "percent?",
      penalty: "percent?",
      grace: "duration?",
      documentUri: "text",
      documentHash: "bytes",
      adopt: "flag",
    },
  },
  adoptTerms: { title: "Adopt published terms", fields: { market: "market", terms: "number" } },
  closeTerms: { title: "Close terms to new debt", fields: { terms: "number", at: "time" } },
  raiseCeiling: { title: "Raise the peg's ceiling", fields: { by: "amount" } },
  cutCeiling: { title: "Cut the peg's ceiling", fields: { by: "amount" } },
  raiseInflowCap: { title: "Raise the peg's inflow cap", fields: { to: "amount" } },
  cutInflowCap: { title: "Cut the peg's inflow cap", fields: { to: "amount" } },
  resumeInflow: { title: "Resume the peg's inflow", fields: {} },
  setPegFees: { title: "Set the peg's fees", fields: { in: "percent", out: "percent" } },
  setPayout: {
    title: "Set who receives the surplus's excess",
    fields: { savings: "percent", backstop: "percent" },
  },
  setShareCap: {
    title: "Set the room for savers",
    fields: { minimum: "amount", headroom: "percent" },
  },
  setWeight: {
    title: "Set the capital behind a cap",
    fields: { target: "account", kind: "choice:market,peg", weight: "percent" },
  },
  grantRole: { title: "Grant a role", fields: { role: ROLES, account: "account", delay: "duration?" } },
  revokeRole: { title: "Revoke a role", fields: { role: ROLES, account: "account" } },
  setGuardian: { title: "Replace the guardian of proposals", fields: { account: "account" } },
  setVotingRules: {
    title: "Set how votes run",
    fields: {
      votingDelay: "duration?",
      votingPeriod: "duration?",
      lateQuorumExtension: "duration?",
      proposalThreshold: "amount?",
      quorum: "percent?",
    },
  },
  setTimelockDelay: { title: "Set the timelock's delay", fields: { to: "duration" } },
  treasuryTransfer: {
    title: "Pay from the treasury",
    fields: { token: "account", to: "account", amount: "amount" },
  },
  listMarket: {
    title: "List a market that was deployed",
    fields: {
      title: "text",
      kind: "choice:facility,pool",
      collateral: "account",
      oracle: "account",
      rateModel: "account",
      workout: "account",
      desk: "account",
      source: "account",
      market: "account",
      weight: "percent?",
      supplyCap: "amount?",
      debtCap: "amount",
    },
  },
  call: { title: "Call anything", fields: { target: "account", value: "amount?", data: "bytes" } },
} as const satisfies Record<string, Shape>;

export type ActionType = keyof typeof actionShapes;

type Fields<T extends ActionType> = (typeof actionShapes)[T]["fields"];
type Optional<F> = { [K in keyof F]: F[K] extends `${string}?` ? K : never }[keyof F];
type ValueOf<F> = F extends "flag" ? boolean : F extends `choice:${infer Words}` ? WordsOf<Words> : string;
type WordsOf<S extends string> = S extends `${infer Head},${infer Tail}` ? Head | WordsOf<Tail> : S;

/** An action of one type: its fields as text, a flag as a boolean. */
export type ActionOf<T extends ActionType> = { type: T } & {
  [K in Exclude<keyof Fields<T>, Optional<Fields<T>>>]: ValueOf<Fields<T>[K]>;
} & { [K in Optional<Fields<T>>]?: string };

export type Action = { [T in ActionType]: ActionOf<T> }[ActionType];

/** What a file holds. */
export type ProposalDraft = { title: string; description: string; actions: readonly Action[] };

export class ProposalError extends Error {
  /** Where in the draft, as in `actions[1].by`. */
  readonly path: string;
  constructor(path: string, problem: string) {
    super(`${path}: ${problem}`);
    this.name = "ProposalError";
    this.path = path;
  }
}

const LONGEST_DESCRIPTION = 20_000; // characters
const MOST_ACTIONS = 32;

/** A draft as it was read from a file. Throws a `ProposalError` that says what to write instead. */
export function parseDraft(value: unknown): ProposalDraft {
  const draft = objectAt(value, "the proposal");
  refuseOthers(draft, ["title", "description", "actions", "$schema"], "the proposal");
  const title = textAt(draft.title, "title");
  const given = draft.description === undefined ? "" : textAt(draft.description, "description", true);
  const description = given.replaceAll("\r\n", "\n");
  if (title.includes("\n")) throw new ProposalError("title", "is one line");
  if (description.length > LONGEST_DESCRIPTION) {
    throw new ProposalError(
      "description",
      `has ${description.length} characters: ${LONGEST_DESCRIPTION} at most`,
    );
  }
  for (const [path, each] of [
    ["title", title],
    ["description", description],
  ] as const) {
    const [suspicion] = suspicionsOf(each);
    if (suspicion !== undefined)
      throw new ProposalError(path, `holds ${suspicion}, which mislead who reads it`);
  }
  const { actions } = draft;
  if (!Array.isArray(actions) || actions.length === 0) {
    throw new ProposalError("actions", "name at least one action");
  }
  if (actions.length > MOST_ACTIONS)
    throw new ProposalError("actions", `at most ${MOST_ACTIONS} in one proposal`);
  return { title, description, actions: actions.map((each, i) => parseAction(each, `actions[${i}]`)) };
}

/** One action. Throws a `ProposalError`. */
export function parseAction(value: unknown, path = "the action"): Action {
  const action = objectAt(value, path);
  const type = action.type as ActionType;
  if (typeof type !== "string" || !Object.hasOwn(actionShapes, type)) {
    throw new ProposalError(
      `${path}.type`,
      `${JSON.stringify(action.type) ?? "nothing"} is no action: one of ${Object.keys(actionShapes).join(", ")}`,
    );
  }
  const fields: Readonly<Record<string, Field>> = actionShapes[type].fields;
  refuseOthers(action, ["type", ...Object.keys(fields)], path);
  const parsed: Record<string, unknown> = { type };
  for (const [name, field] of Object.entries(fields)) {
    const given = action[name];
    if (given === undefined && field.endsWith("?")) continue;
    parsed[name] = checkField(given, field.replace("?", "") as FieldKind, `${path}.${name}`);
  }
  return parsed as Action;
}

const examples: Partial<Record<FieldKind, readonly [pattern: RegExp, example: string]>> = {
  amount: [/^\d{1,30}(\.\d{1,18})?$/, '"1000000" or "0.5", of whole tokens'],
  percent: [/^\d{1,6}(\.\d{1,18})?%$/, '"2.5%"'],
  duration: [/^\d{1,9} (second|minute|hour|day)s?$/, '"14 days" or "1 hour"'],
  time: [
    /^(\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?Z|\d{1,9} (second|minute|hour|day)s?)$/,
    '"2027-01-31T12:00:00Z", or "90 days" after the execution',
  ],
  number: [/^\d{1,9}$/, '"3"'],
};

function checkField(given: unknown, kind: FieldKind, path: string): unknown {
  if (kind === "flag") {
    if (typeof given === "boolean") return given;
    throw new ProposalError(path, "is true or false");
  }
  const text = textAt(given, path);
  const rule = examples[kind];
  if (rule !== undefined && !rule[0].test(text)) {
    throw new ProposalError(path, `"${text}" cannot be read: write it as in ${rule[1]}`);
  }
  if (kind.startsWith("choice:")) {
    const words = kind.slice("choice:".length).split(",");
    if (!words.includes(text)) throw new ProposalError(path, `"${text}" is none of ${words.join(", ")}`);
  }
  if (kind === "bytes" && !(isHex(text, { strict: true }) && text.length % 2 === 0)) {
    throw new ProposalError(path, `"${text}" is no hexadecimal data: begin with 0x, two digits a byte`);
  }
  if (kind === "account" && text.startsWith("0x") && !isAddress(text)) {
    throw new ProposalError(path, `"${text}" is no address, or its checksum is wrong`);
  }
  return text;
}

function objectAt(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new ProposalError(path, "is an object of fields");
}

function textAt(value: unknown, path: string, mayBeEmpty = false): string {
  if (typeof value === "string" && (mayBeEmpty || value.trim() !== "")) return value;
  throw new ProposalError(path, value === undefined ? "is missing" : "is text, in quotes");
}

function refuseOthers(given: Record<string, unknown>, known: readonly string[], path: string): void {
  const other = Object.keys(given).find((key) => !known.includes(key));
  if (other !== undefined) {
    throw new ProposalError(path, `has no field "${other}": its fields are ${known.join(", ")}`);
  }
}
