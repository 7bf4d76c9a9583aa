// Makes a sentence of what a library gives as a clause: `votes are taken from … on`. Addresses become short. Pure.
import { shortHex } from "./format.ts";

export function sentence(clause: string): string {
  const text = clause.trim().replaceAll(/0x[0-9a-f]{40}\b/gi, shortHex);
  const first = text.startsWith("0x") ? "0x" : text.slice(0, 1).toUpperCase();
  return `${first}${text.slice(first.length)}${/[.!?]$/.test(text) ? "" : "."}`;
}
