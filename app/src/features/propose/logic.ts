// What a form of actions holds, and the draft that follows from it. The library of proposals checks that; here it is put into the
// text that the library reads, and its complaints are brought back to the fields that they are about. Pure.
import type { ActionType, FieldKind } from "../../lib/chain/governance.ts";

/** As typed, by name of field; a duration without its unit, which stands beside it. */
export type ActionForm = {
  /** For lists alone. */
  key: number;
  type: ActionType | "";
  values: Readonly<Record<string, string>>;
  flags: Readonly<Record<string, boolean>>;
  units: Readonly<Record<string, string>>;
};

export type Draft = { title: string; body: string; actions: readonly ActionForm[] };

type Shapes = Readonly<Record<string, { readonly fields: Readonly<Record<string, string>> }>>;

export function emptyAction(key: number): ActionForm {
  return { key, type: "", values: {}, flags: {}, units: {} };
}

export const DEFAULT_UNIT = "days";

/** The kind of a field, and whether it may be left out. */
export function kindOf(field: string): { kind: FieldKind; optional: boolean } {
  const optional = field.endsWith("?");
  return { kind: (optional ? field.slice(0, -1) : field) as FieldKind, optional };
}

/** As the library reads it: an empty field is one that is not there. */
export function toProposal(draft: Draft, shapes: Shapes): unknown {
  return {
    title: draft.title.trim(),
    description: draft.body,
    actions: draft.actions.map(({ type, values, flags, units }) => {
      const fields = shapes[type]?.fields ?? {};
      const entries = Object.entries(fields).flatMap(([name, field]): [string, unknown][] => {
        const { kind } = kindOf(field);
        if (kind === "flag") return [[name, flags[name] ?? false]];
        const text = (values[name] ?? "").trim();
        if (text === "") return [];
        return [[name, written(text, kind, units[name] ?? DEFAULT_UNIT)]];
      });
      return { type, ...Object.fromEntries(entries) };
    }),
  };
}

function written(text: string, kind: FieldKind, unit: string): string {
  switch (kind) {
    case "percent":
      return text.endsWith("%") ? text : `${text}%`;
    case "duration":
      return /[a-z]$/.test(text) ? text : `${text} ${unit}`;
    case "amount":
      return /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(text) ? text.replaceAll(",", "") : text;
    default:
      return text;
  }
}

/** What is wrong, and where: `title`, `description`, or the number of an action with one of its fields. */
export type Complaint = {
  at: "title" | "description" | "actions" | { action: number; field: string };
  text: string;
};

/** Of a `ProposalError`. */
export function complaintOf({ path, message }: { path: string; message: string }): Complaint {
  const text = message.startsWith(`${path}: `) ? message.slice(path.length + 2) : message;
  const match = /^actions\[(\d+)\](?:\.(\w+))?/.exec(path);
  if (match !== null) return { at: { action: Number(match[1]), field: match[2] ?? "type" }, text };
  return { at: path === "title" || path === "description" ? path : "actions", text };
}

/** The unit that an amount is in, where the form can tell. */
export function unitOf(
  type: ActionType,
  field: string,
  values: Readonly<Record<string, string>>,
  tokens: { loan(market: string): string | undefined; dollar: string; savings: string },
): string | undefined {
  switch (type) {
    case "raiseDebtCap":
    case "cutDebtCap":
    case "setRebalanceFee":
    case "publishTerms":
      return tokens.loan(values.market ?? "");
    case "raiseSupplyCap":
    case "cutSupplyCap": {
      const loan = tokens.loan(values.market ?? "");
      return loan && `shares, ${loan}`;
    }
    case "raiseCeiling":
    case "cutCeiling":
    case "raiseInflowCap":
    case "cutInflowCap":
      return tokens.dollar;
    case "setShareCap":
      return tokens.savings;
    case "setVotingRules":
      return "PLDR";
    case "treasuryTransfer":
      return values.token || undefined;
    case "call":
      return field === "value" ? "ETH" : undefined;
    default:
      return undefined;
  }
}

/** Which actions belong together in the list to choose from. Those that no group names stand with the last. */
export const groups = {
  markets: [
    "raiseDebtCap",
    "cutDebtCap",
    "raiseSupplyCap",
    "cutSupplyCap",
    "pauseNewDebt",
    "resumeNewDebt",
    "rampLltv",
    "setReserve",
    "setRebalanceFee",
    "setPoolCover",
    "listMarket",
  ],
  nav: ["setOracleBounds", "setComparison", "rotateAttestor", "releaseRipcord"],
  terms: ["publishTerms", "adoptTerms", "closeTerms"],
  money: [
    "raiseCeiling",
    "cutCeiling",
    "raiseInflowCap",
    "cutInflowCap",
    "resumeInflow",
    "setPegFees",
    "setShareCap",
  ],
  capital: ["setWeight", "setPayout"],
  votes: ["grantRole", "revokeRole", "setGuardian", "setVotingRules", "setTimelockDelay", "treasuryTransfer"],
  raw: ["call"],
} as const satisfies Record<string, readonly ActionType[]>;
