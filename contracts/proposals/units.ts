// How values are shown: each with its unit, each address with what the record calls it. Knows no function and no parameter.
import { type Address, formatUnits, isAddress } from "viem";
import { knownAt, type Protocol } from "./known.ts";
import { visible } from "./text.ts";

export type Unit =
  | { kind: "token"; symbol: string; decimals: number }
  /** A fraction of one, times 10^decimals: 4 for basis points, 18 for wad, 2 for per cent. */
  | { kind: "percent"; decimals: number; per?: "year" }
  /** Seconds. */
  | { kind: "duration" }
  /** Seconds since 1970; 0: never. */
  | { kind: "time" }
  | { kind: "number" }
  | { kind: "flag" }
  | { kind: "account" }
  | { kind: "role" }
  | { kind: "choice"; of: readonly string[] }
  | { kind: "text" }
  | { kind: "bytes" }
  | { kind: "list"; of: Unit };

export type Value = bigint | boolean | string | readonly Value[];

export const bps: Unit = { kind: "percent", decimals: 4 };
export const wad: Unit = { kind: "percent", decimals: 18 };
export const wadPerYear: Unit = { kind: "percent", decimals: 18, per: "year" };
export const duration: Unit = { kind: "duration" };
export const time: Unit = { kind: "time" };
export const number: Unit = { kind: "number" };
export const flag: Unit = { kind: "flag" };
export const account: Unit = { kind: "account" };
export const role: Unit = { kind: "role" };
export const text: Unit = { kind: "text" };
export const bytes: Unit = { kind: "bytes" };
export const ether: Unit = { kind: "token", symbol: "ETH", decimals: 18 };

const MAX_TIME = 2n ** 40n; // of the contracts' uint40
const PUBLIC_ROLE = 2n ** 64n - 1n;

/** The access manager's roles by number, as the hand-over names them. */
export const roles: Readonly<Record<string, bigint>> = {
  timelock: 0n,
  guardian: 1n,
  registrar: 2n,
  agent: 3n,
  policy: 4n,
  servicer: 5n,
};

/** A value in words and numbers, in one line that holds no character that is not seen. */
export function show(value: Value, unit: Unit, protocol: Pick<Protocol, "contracts">): string {
  if (Array.isArray(value)) {
    const of = unit.kind === "list" ? unit.of : unit;
    return value.length === 0 ? "none" : value.map((each) => show(each, of, protocol)).join(", ");
  }
  switch (unit.kind) {
    case "token":
      return `${grouped(formatUnits(value as bigint, unit.decimals))} ${visible(unit.symbol)}`;
    case "percent": {
      const percent = `${formatUnits((value as bigint) * 100n, unit.decimals)}%`;
      return unit.per === undefined ? percent : `${percent} a year`;
    }
    case "duration":
      return durationOf(value as bigint);
    case "time":
      return timeOf(value as bigint);
    case "flag":
      return value ? "yes" : "no";
    case "account":
      return accountOf(String(value), protocol);
    case "role": {
      if (value === PUBLIC_ROLE) return "everybody";
      const name = Object.keys(roles).find((key) => roles[key] === value);
      return name ?? `role ${value}, which has no name`;
    }
    case "choice":
      return unit.of[Number(value)] ?? `${value}, which means nothing`;
    case "text":
      return `"${visible(String(value))}"`;
    default:
      return visible(String(value));
  }
}

/** The record's title and the whole address, so that neither stands for the other. */
export function accountOf(address: string, protocol: Pick<Protocol, "contracts">): string {
  if (!isAddress(address, { strict: false })) return visible(address);
  if (BigInt(address) === 0n) return "nobody";
  const known = knownAt(protocol, address as Address);
  return known === undefined ? address : `${known.title} (${address})`;
}

function durationOf(seconds: bigint): string {
  for (const [name, length] of [
    ["day", 86_400n],
    ["hour", 3_600n],
    ["minute", 60n],
  ] as const) {
    if (seconds >= length && seconds % length === 0n) return plural(seconds / length, name);
  }
  return plural(seconds, "second");
}

function timeOf(seconds: bigint): string {
  if (seconds === 0n) return "never";
  if (seconds >= MAX_TIME) return "for ever";
  return `${new Date(Number(seconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}

function plural(count: bigint, name: string): string {
  return `${count} ${name}${count === 1n ? "" : "s"}`;
}

/** Thousands apart. */
function grouped(decimal: string): string {
  const [whole = "", fraction] = decimal.split(".");
  const sign = whole.startsWith("-") ? "-" : "";
  const digits = whole.replace("-", "").replace(/\B(?=(\d{3})+$)/g, ",");
  return `${sign}${digits}${fraction === undefined ? "" : `.${fraction}`}`;
}
