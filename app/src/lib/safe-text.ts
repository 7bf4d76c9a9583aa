// Text that strangers wrote on the chain, made fit to be shown: no control characters, nothing that turns the direction of
// reading or hides letters, and not without end. React escapes markup; this is about what letters themselves can feign.
import { hexToBytes, isHex } from "viem";

/** Characters that are shown at most. */
const LONGEST = 120;

/** Control and format characters, surrogates, private use and unassigned ones; combining marks beyond three in a row. */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;
const PILES = /(\p{M}{3})\p{M}+/gu;

/** `text` with a mark in place of each character that could feign something. */
export function safeText(text: string, longest = LONGEST): string {
  const shown = text.replaceAll(HOSTILE, "\u{fffd}").replaceAll(PILES, "$1");
  const letters = [...shown];
  return letters.length <= longest ? shown : `${letters.slice(0, longest).join("")}…`;
}

/** A `bytes32` that holds text, up to its first zero; as hex where it is no text. */
export function bytes32Text(value: string): string {
  if (!isHex(value) || value.length !== 66) return safeText(value);
  const bytes = hexToBytes(value);
  const end = bytes.indexOf(0);
  const used = end === -1 ? bytes : bytes.slice(0, end);
  const rest = end === -1 ? [] : bytes.slice(end);
  if (used.length === 0 || rest.some((byte) => byte !== 0)) return value;
  try {
    return safeText(new TextDecoder("utf-8", { fatal: true }).decode(used));
  } catch {
    return value;
  }
}
