// What the desk's forms accept: addresses, dates, amounts, names of documents, reasons. Issue codes; words in words.ts.
import { isAddress, isAddressEqual, stringToBytes } from "viem";
import type { ParsedAmount } from "../../lib/format.ts";

export type AddressIssue = "addressMissing" | "addressWrong" | "addressSame";

export function addressIssue(text: string, other?: string): AddressIssue | undefined {
  const trimmed = text.trim();
  if (trimmed === "") return "addressMissing";
  if (!isAddress(trimmed)) return "addressWrong";
  return other !== undefined && isAddress(other) && isAddressEqual(trimmed, other)
    ? "addressSame"
    : undefined;
}

export type DateIssue = "dateMissing" | "datePast";

/** The end of the day that a date field names, in seconds UTC; nothing where it names none. */
export function endOfDay(date: string): bigint | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(date)) return undefined;
  const start = Date.parse(`${date}T00:00:00Z`);
  return Number.isNaN(start) ? undefined : BigInt(start / 1_000) + 86_399n;
}

/** A date field's text for `seconds`. */
export function dateOf(seconds: bigint): string {
  return new Date(Number(seconds) * 1_000).toISOString().slice(0, 10);
}

export function dateIssue(date: string, now: bigint): DateIssue | undefined {
  const end = endOfDay(date);
  if (end === undefined) return "dateMissing";
  return end <= now ? "datePast" : undefined;
}

export type TextIssue = "textMissing" | "textTooLong";

/** Whether it fits a `bytes32` and is there. */
export function bytes32Issue(text: string): TextIssue | undefined {
  if (text.trim() === "") return "textMissing";
  return stringToBytes(text.trim()).length > 31 ? "textTooLong" : undefined;
}

export type DocumentNameIssue = TextIssue | "nameOdd";

/** Names of documents are lower case with hyphens, as they stand in addresses of pages and files. */
export function documentNameIssue(text: string): DocumentNameIssue | undefined {
  return bytes32Issue(text) ?? (/^[a-z0-9]+(-[a-z0-9]+)*$/.test(text.trim()) ? undefined : "nameOdd");
}

export type AmountIssue = "empty" | "notANumber" | "tooManyDecimals" | "zero";

export function amountIssue(amount: ParsedAmount): AmountIssue | undefined {
  if (!amount.ok) return amount.issue;
  return amount.value === 0n ? "zero" : undefined;
}
