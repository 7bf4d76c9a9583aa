// How amounts, ratios and times become text, and text amounts. Exact: bigint to digits, never by way of a float.

export const WAD = 10n ** 18n;
export const YEAR = 31_536_000n; // seconds
/** What contracts answer for "without limit", and a health factor without debt. */
export const MAX_UINT = 2n ** 256n - 1n;

/** `value` of `decimals` as a plain decimal number. */
export function toDecimal(value: bigint, decimals: number): string {
  const sign = value < 0n ? "-" : "";
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, "0");
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  return decimals === 0 ? `${sign}${whole}` : `${sign}${whole}.${fraction}`;
}

type Rounding = "trunc" | "ceil" | "halfExpand";

export type AmountOptions = {
  /** Digits behind the point. By default 2; more for what is smaller than a cent, so that nothing reads as 0. */
  digits?: number;
  /** What is held is cut off, what is owed rounded up. */
  rounding?: Rounding;
  /** From a million on: `1.23M`, or `1.23 million` in a sentence. */
  compact?: "short" | "words";
};

/** An amount without its unit: `1,234.50`. */
export function formatAmount(
  value: bigint,
  decimals: number,
  { digits, rounding = "trunc", compact }: AmountOptions = {},
): string {
  const text = toDecimal(value, decimals);
  if (compact !== undefined && abs(value) >= 10n ** BigInt(decimals + 6)) {
    return `${group(toDecimal(value, decimals + 6), 2, "halfExpand")}${compact === "short" ? "M" : " million"}`;
  }
  if (digits !== undefined) return group(text, digits, rounding);
  const cent = decimals >= 2 ? 10n ** BigInt(decimals - 2) : 1n;
  if (value !== 0n && abs(value) < cent) {
    const tiny = toDecimal(value, decimals);
    const zeros = /^-?0\.(0*)/.exec(tiny)?.[1]?.length ?? 0;
    return zeros >= 8 ? (value < 0n ? ">-0.00000001" : "<0.00000001") : group(text, zeros + 2, rounding, 0);
  }
  return group(text, 2, rounding);
}

/** `4.25%` of a ratio in wad. */
export function formatPercent(wad: bigint, digits = 2): string {
  return `${group(toDecimal(wad, 16), digits, "halfExpand")}%`;
}

/** A health factor in wad: cut off, so that 0.999 never reads as 1. Nothing where there is no debt. */
export function formatHealth(wad: bigint): string | undefined {
  if (wad === MAX_UINT) return undefined;
  return wad >= 100n * WAD ? "> 100" : group(toDecimal(wad, 18), 2, "trunc");
}

/** US dollars per token, of a feed with `decimals`. */
export function formatPrice(value: bigint, decimals: number): string {
  return `$${group(toDecimal(value, decimals), 2, "halfExpand")}`;
}

export function formatCount(value: number | bigint): string {
  return group(value.toString(), 0, "trunc");
}

/** `26 Nov 2026, 18:44 UTC` of seconds. */
export function formatTime(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000);
  return `${formatDate(seconds)}, ${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())} UTC`;
}

/** `26 Nov 2026` of seconds, UTC. */
export function formatDate(seconds: bigint | number): string {
  const date = new Date(Number(seconds) * 1000);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]} ${date.getUTCFullYear()}`;
}

/** The largest one or two units of a time in seconds: `3 days 4 h`, `12 min`. */
export function formatDuration(seconds: bigint | number): string {
  let rest = Math.abs(Number(seconds));
  const parts: string[] = [];
  for (const [size, one, many] of UNITS) {
    const count = Math.floor(rest / size);
    if (count === 0) {
      if (parts.length > 0) break;
      continue;
    }
    parts.push(`${count} ${count === 1 ? one : many}`);
    rest -= count * size;
    if (parts.length === 2) break;
  }
  return parts.length === 0 ? "0 s" : parts.join(" ");
}

export function shortHex(hex: string): string {
  return hex.length <= 13 ? hex : `${hex.slice(0, 6)}…${hex.slice(-4)}`;
}

export type ParsedAmount =
  | { ok: true; value: bigint }
  | { ok: false; issue: "empty" | "notANumber" | "tooManyDecimals" };

/** What somebody typed, in units of 10^-decimals: digits with a point, thousands set off by commas or not. */
export function parseAmount(text: string, decimals: number): ParsedAmount {
  const trimmed = text.trim();
  if (trimmed === "") return { ok: false, issue: "empty" };
  const plain = /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(trimmed) ? trimmed.replaceAll(",", "") : trimmed;
  const match = /^(\d{0,60})(?:\.(\d{0,60}))?$/.exec(plain);
  const [, whole = "", fraction = ""] = match ?? [];
  if (match === null || whole + fraction === "") return { ok: false, issue: "notANumber" };
  const significant = fraction.replace(/0+$/, "");
  if (significant.length > decimals) return { ok: false, issue: "tooManyDecimals" };
  return { ok: true, value: BigInt(whole + significant.padEnd(decimals, "0")) };
}

/** The plain decimal number of an amount, without zeros at its end: what a field is filled with, dust included. */
export function toInput(value: bigint, decimals: number): string {
  const text = toDecimal(value, decimals);
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}

/** For charts alone: a float of an amount. */
export function toNumber(value: bigint, decimals: number): number {
  return Number(toDecimal(value, decimals));
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const UNITS = [
  [31_536_000, "year", "years"],
  [86_400, "day", "days"],
  [3_600, "h", "h"],
  [60, "min", "min"],
  [1, "s", "s"],
] as const;

function group(decimal: string, digits: number, rounding: Rounding, least = digits): string {
  const format = new Intl.NumberFormat("en-GB", {
    minimumFractionDigits: least,
    maximumFractionDigits: digits,
    roundingMode: rounding === "ceil" ? "expand" : rounding,
  });
  // A decimal number as text is formatted exactly.
  return format.format(decimal as `${number}`);
}

function abs(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function pad(value: number): string {
  return String(value).padStart(2, "0");
}
