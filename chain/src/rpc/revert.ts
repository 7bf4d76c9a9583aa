// Revert data in words: Error(string), Panic(uint256) and custom errors by their selector, as anvil and geth say it.
// It knows no ABI.

import type { Hex } from "../node/types.ts";

/** Selector of Error(string). */
const ERROR = "0x08c379a0";
/** Selector of Panic(uint256). */
const PANIC = "0x4e487b71";

/** https://docs.soliditylang.org/en/latest/control-structures.html#panic-via-assert-and-error-via-require */
const PANICS: Record<string, string> = {
  "0x0": "generic panic",
  "0x1": "assertion failed",
  "0x11": "arithmetic underflow or overflow",
  "0x12": "division or modulo by zero",
  "0x21": "enum overflow",
  "0x22": "invalid encoded storage byte array accessed",
  "0x31": "out-of-bounds array access; popping on an empty array",
  "0x32": "out-of-bounds access of an array or bytesN",
  "0x41": "out of memory",
  "0x51": "uninitialized function",
};

/** @param data raw revert data */
export function describeRevert(data: Hex): string {
  const reason = reasonOf(data);
  return reason === null ? "execution reverted" : `execution reverted: ${reason}`;
}

function reasonOf(data: Hex): string | null {
  const selector = data.slice(0, 10);
  const argument = data.slice(10);
  if (data === "0x") return null;
  if (selector === ERROR) {
    const text = abiString(argument);
    if (text !== null) return text;
  }
  if (selector === PANIC && argument.length === 64) {
    const code = `0x${BigInt(`0x${argument}`).toString(16)}`;
    return `panic: ${PANICS[code] ?? "unknown panic code"} (${code})`;
  }
  return data.length < 10
    ? `raw data ${data}`
    : `custom error ${selector}${argument ? `: 0x${argument}` : ""}`;
}

/** The string of an ABI-encoded tuple (string), or null where it is none. */
function abiString(argument: string): string | null {
  const bytes = Buffer.from(argument, "hex");
  if (bytes.length < 64) return null;
  const offset = bytes.readUIntBE(26, 6);
  if (offset + 32 > bytes.length) return null;
  const length = bytes.readUIntBE(offset + 26, 6);
  if (offset + 32 + length > bytes.length) return null;
  return bytes.toString("utf8", offset + 32, offset + 32 + length);
}
