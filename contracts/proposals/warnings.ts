// What somebody who votes should look at twice. Knows what a simulation found, asks no node.
import { isAddressEqual } from "viem";
import type { CallFlag, DecodedCall } from "./decode.ts";
import type { Protocol } from "./known.ts";
import type { Entry } from "./readings.ts";
import type { Change, Simulation } from "./simulate.ts";
import { proposalText } from "./text.ts";

export type WarningKind =
  | "fails"
  | "exceeds the capital policy"
  | "loosens risk"
  | "touches roles"
  | "moves treasury"
  | "cannot be decoded"
  | "may mislead"
  | "changes nothing";

export type Warning = {
  kind: WarningKind;
  text: string;
  /** Number of the call, from 0, where it is one call's. */
  call?: number;
};

type Found = Pick<Simulation, "calls" | "changes" | "outcome"> & {
  after: readonly Entry[];
  description: string;
};

const undecoded: readonly CallFlag[] = [
  "unknown target",
  "unknown function",
  "not canonical",
  "nested too deep",
];

/** The most serious first. */
export function warningsOf(protocol: Protocol, found: Found): Warning[] {
  const { calls, changes, outcome } = found;
  const of = (kind: WarningKind, those: readonly Change[]): Warning[] =>
    those.map(({ title, text }) => ({ kind, text: `${title}: ${text.before} → ${text.after}` }));
  return [
    ...failure(found),
    ...capital(found),
    ...calls.flatMap((call, i) => callWarnings(call, i)),
    ...misleading(found.description),
    ...of(
      "touches roles",
      changes.filter(({ about }) => about === "role"),
    ),
    ...roleCalls(protocol, calls),
    ...of(
      "moves treasury",
      changes.filter((change) => change.about === "treasury" && falls(change)),
    ),
    ...of(
      "loosens risk",
      changes.filter(({ about, direction }) => direction === "looser" && about !== "role"),
    ),
    ...(outcome.succeeds && changes.length === 0
      ? [{ kind: "changes nothing", text: "No value that is compared changes." } as const]
      : []),
  ];
}

function failure({ outcome, calls }: Found): Warning[] {
  if (outcome.succeeds) return [];
  const { failing, reason } = outcome;
  const at =
    failing === undefined
      ? "The execution"
      : `Call ${failing + 1}, ${calls[failing]?.method ?? "undecoded"},`;
  return [
    { kind: "fails", text: `${at} fails: ${reason.text}`, ...(failing !== undefined && { call: failing }) },
    ...(reason.name === "NotCovered" && reason.args.length === 2
      ? [
          {
            kind: "exceeds the capital policy",
            text: reason.text,
            ...(failing !== undefined && { call: failing }),
          } as const,
        ]
      : []),
  ];
}

/** Weights may rise, and capital leave, until caps are no longer covered: nothing refuses that. */
function capital({ after, changes }: Found): Warning[] {
  if (!changes.some(({ about }) => about === "capital")) return [];
  const value = (key: string) =>
    after.find((entry) => entry.key === `policy.${key}`)?.value as bigint | undefined;
  const [required, there] = [value("requiredCapital") ?? 0n, value("capital") ?? 0n];
  if (required <= there) return [];
  const change = changes.find(({ key }) => key === "policy.requiredCapital")?.text.after;
  const text = `The caps need ${change ?? required} of capital, more than is there: no cap rises and none leaves.`;
  return [{ kind: "exceeds the capital policy", text }];
}

function callWarnings(call: DecodedCall, i: number): Warning[] {
  return call.flags.map((flag): Warning => {
    const text = `Call ${i + 1}: ${explanations[flag] ?? `its text holds ${flag}.`}`;
    return {
      kind: undecoded.includes(flag)
        ? "cannot be decoded"
        : flag === "sends ether"
          ? "moves treasury"
          : "may mislead",
      text,
      call: i,
    };
  });
}

const explanations: Partial<Record<CallFlag, string>> = {
  "unknown target": "it goes to a contract that the record does not name; what it does cannot be said.",
  "unknown function": "the contract has no function that the data would call.",
  "not canonical":
    "its data holds more than its arguments, or encodes them in an odd way; look at the bytes.",
  "nested too deep": "it carries calls within calls, further than is shown; what the innermost do is hidden.",
  "sends ether": "it sends ether from the treasury.",
};

function misleading(description: string): Warning[] {
  return proposalText(description).suspicions.map((suspicion) => ({
    kind: "may mislead",
    text: `The description holds ${suspicion}.`,
  }));
}

/** A call to who holds roles is worth a look even where no value that is compared changes. */
function roleCalls(protocol: Protocol, calls: readonly DecodedCall[]): Warning[] {
  const { governance, record } = protocol;
  const keepers = [record.shared.accessManager, governance.timelock, governance.governor];
  return calls.flatMap(({ call, text }, i) =>
    keepers.some((keeper) => isAddressEqual(keeper as typeof call.target, call.target))
      ? [{ kind: "touches roles", text, call: i } as const]
      : [],
  );
}

function falls({ before, after }: Change): boolean {
  return typeof before === "bigint" && (typeof after !== "bigint" || after < before);
}
