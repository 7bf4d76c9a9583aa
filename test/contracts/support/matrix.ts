// What each operation does in each state of NAV, identity and pause, as one table: the matrix test holds the contracts to
// it, and docs/protocol.md shows it. Plain data.

export const NAVS = ["fresh", "pending below", "stale", "expired", "ripcord"] as const;
export const IDENTITIES = ["valid", "expired", "frozen"] as const;
/** Nothing, the market's new debt, or the asset's token. */
export const PAUSES = ["nothing", "new debt", "token"] as const;
export const OPERATIONS = [
  "add collateral",
  "remove with debt",
  "remove without debt",
  "borrow",
  "repay",
  "be liquidated",
  "liquidate",
  "send the token",
  "receive the token",
] as const;

export type Nav = (typeof NAVS)[number];
export type Identity = (typeof IDENTITIES)[number];
export type Pause = (typeof PAUSES)[number];
export type Operation = (typeof OPERATIONS)[number];

/** Passes without a price, or at the accepted, the pending, the last price; or is refused, and by which rule. */
export type Outcome =
  | "yes"
  | "at accepted"
  | "at pending"
  | "at the last"
  | "no: NAV"
  | "no: identity"
  | "no: paused";

type Row = {
  operation: Operation;
  /** Of whoever does it; of the borrower where somebody is liquidated. */
  identity: readonly Identity[];
  paused: readonly Pause[];
  /** In the order of `NAVS`. */
  outcomes: readonly [Outcome, Outcome, Outcome, Outcome, Outcome];
};

const all = (outcome: Outcome): Row["outcomes"] => [outcome, outcome, outcome, outcome, outcome];
const tightening: Row["outcomes"] = ["at accepted", "at pending", "no: NAV", "no: NAV", "no: NAV"];
const liquidation: Row["outcomes"] = ["at accepted", "at accepted", "at the last", "no: NAV", "no: NAV"];

/** Each cell once. Where several rules refuse, the one that is asked first. */
export const MATRIX: readonly Row[] = [
  {
    operation: "add collateral",
    identity: ["valid", "expired"],
    paused: ["nothing", "new debt"],
    outcomes: all("yes"),
  },
  {
    operation: "add collateral",
    identity: ["frozen"],
    paused: ["nothing", "new debt"],
    outcomes: all("no: identity"),
  },
  { operation: "add collateral", identity: IDENTITIES, paused: ["token"], outcomes: all("no: paused") },
  {
    operation: "remove with debt",
    identity: ["valid"],
    paused: ["nothing", "new debt"],
    outcomes: tightening,
  },
  {
    operation: "remove with debt",
    identity: ["valid"],
    paused: ["token"],
    outcomes: ["no: paused", "no: paused", "no: NAV", "no: NAV", "no: NAV"],
  },
  {
    operation: "remove with debt",
    identity: ["expired", "frozen"],
    paused: PAUSES,
    outcomes: all("no: identity"),
  },
  {
    operation: "remove without debt",
    identity: ["valid", "expired"],
    paused: ["nothing", "new debt"],
    outcomes: all("yes"),
  },
  {
    operation: "remove without debt",
    identity: ["valid", "expired"],
    paused: ["token"],
    outcomes: all("no: paused"),
  },
  {
    operation: "remove without debt",
    identity: ["frozen"],
    paused: PAUSES,
    outcomes: all("no: identity"),
  },
  { operation: "borrow", identity: ["valid"], paused: ["nothing", "token"], outcomes: tightening },
  {
    operation: "borrow",
    identity: ["expired", "frozen"],
    paused: ["nothing", "token"],
    outcomes: all("no: identity"),
  },
  { operation: "borrow", identity: IDENTITIES, paused: ["new debt"], outcomes: all("no: paused") },
  { operation: "repay", identity: IDENTITIES, paused: PAUSES, outcomes: all("yes") },
  {
    operation: "be liquidated",
    identity: IDENTITIES,
    paused: ["nothing", "new debt"],
    outcomes: liquidation,
  },
  {
    operation: "be liquidated",
    identity: IDENTITIES,
    paused: ["token"],
    outcomes: ["no: paused", "no: paused", "no: paused", "no: NAV", "no: NAV"],
  },
  { operation: "liquidate", identity: ["valid"], paused: ["nothing", "new debt"], outcomes: liquidation },
  {
    operation: "liquidate",
    identity: ["valid"],
    paused: ["token"],
    outcomes: ["no: paused", "no: paused", "no: paused", "no: NAV", "no: NAV"],
  },
  {
    operation: "liquidate",
    identity: ["expired", "frozen"],
    paused: PAUSES,
    outcomes: all("no: identity"),
  },
  {
    operation: "send the token",
    identity: ["valid", "expired"],
    paused: ["nothing", "new debt"],
    outcomes: all("yes"),
  },
  {
    operation: "send the token",
    identity: ["frozen"],
    paused: ["nothing", "new debt"],
    outcomes: all("no: identity"),
  },
  { operation: "send the token", identity: IDENTITIES, paused: ["token"], outcomes: all("no: paused") },
  {
    operation: "receive the token",
    identity: ["valid"],
    paused: ["nothing", "new debt"],
    outcomes: all("yes"),
  },
  {
    operation: "receive the token",
    identity: ["expired", "frozen"],
    paused: ["nothing", "new debt"],
    outcomes: all("no: identity"),
  },
  { operation: "receive the token", identity: IDENTITIES, paused: ["token"], outcomes: all("no: paused") },
];

/** The rows that state this cell: one, in a table that is complete and does not contradict itself. */
export function cellsOf(operation: Operation, identity: Identity, pause: Pause, nav: Nav): Outcome[] {
  return MATRIX.filter(
    (row) => row.operation === operation && row.identity.includes(identity) && row.paused.includes(pause),
  ).map((row) => row.outcomes[NAVS.indexOf(nav)] as Outcome);
}

/** The table in Markdown, as docs/protocol.md has it. */
export function markdown(): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const names = (some: readonly string[], every: readonly string[]) =>
    some.length === every.length ? "any" : some.join(", ");
  return [
    line(["operation", "identity", "paused", ...NAVS]),
    `|${"---|".repeat(3 + NAVS.length)}`,
    ...MATRIX.map(({ operation, identity, paused, outcomes }) =>
      line([operation, names(identity, IDENTITIES), names(paused, PAUSES), ...outcomes]),
    ),
  ].join("\n");
}
