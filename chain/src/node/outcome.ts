// How a failed execution is told: reverts with their reason decoded, other failures in geth's words. It must not know
// who asked.

import type { CallResult, Exclusion, ExecutionResult, Halt } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { describeFault } from "../transaction/errors.ts";
import {
  type ChainError,
  ExecutionFailedError,
  ExecutionRevertedError,
  TransactionRejectedError,
} from "./errors.ts";

/** Selectors of Error(string) and Panic(uint256). */
const ERROR_SELECTOR = "08c379a0";
const PANIC_SELECTOR = "4e487b71";

/** Solidity's documentation, "Panic via assert and Error via require". */
const PANICS: Record<number, string> = {
  0: "generic panic",
  1: "assert(false)",
  17: "arithmetic underflow or overflow",
  18: "division or modulo by zero",
  33: "enum overflow",
  34: "invalid encoded storage byte array accessed",
  49: "out-of-bounds array access; popping on an empty array",
  50: "out-of-bounds access of an array or bytesN",
  65: "out of memory",
  81: "uninitialized function",
};

/** What geth says of a message that ended so. */
export const HALT_WORDS: Record<Halt, string> = {
  revert: "execution reverted",
  "out-of-gas": "out of gas",
  "invalid-opcode": "invalid opcode",
  "stack-underflow": "stack underflow",
  "stack-overflow": "stack limit reached",
  "invalid-jump": "invalid jump destination",
  "static-violation": "write protection",
  "create-collision": "contract address collision",
  "code-too-large": "max code size exceeded",
  "code-prefix-0xef": "invalid code: must not begin with 0xef",
  "return-data-out-of-bounds": "return data out of bounds",
  "initcode-too-large": "max initcode size exceeded",
  "precompile-failure": "precompiled contract failed",
  "call-depth": "max call depth exceeded",
  "insufficient-balance": "insufficient balance for transfer",
  "nonce-overflow": "nonce uint64 overflow",
};

/** Return data of a call that succeeded; throws what it failed of. */
export function outputOf(result: CallResult): Uint8Array {
  if (result.invalid) throw rejection(result.invalid);
  if (result.success) return result.output;
  throw failureOf(result);
}

export function rejection(reason: Exclusion, detail?: string): TransactionRejectedError {
  return new TransactionRejectedError(reason, describeFault(reason, detail));
}

/** Of a run without success. */
export function failureOf(result: Pick<ExecutionResult, "halt" | "output">): ChainError {
  const halt = result.halt ?? "revert";
  if (halt !== "revert") return new ExecutionFailedError(halt, HALT_WORDS[halt]);
  const reason = revertReason(result.output);
  return new ExecutionRevertedError(
    reason === null ? "execution reverted" : `execution reverted: ${reason}`,
    bytesToHex(result.output),
  );
}

/** What Error(string) or Panic(uint256) say; a custom error by its selector; null without data. */
export function revertReason(output: Uint8Array): string | null {
  if (output.length < 4) return null;
  const known = knownRevert(output);
  if (!known) return `custom error ${bytesToHex(output.subarray(0, 4))}`;
  if (known.panic === undefined) return known.words;
  return `panic: ${known.words} (0x${known.panic.toString(16).padStart(2, "0")})`;
}

/** The revert data that every ABI knows, in words; null where it is none of it. */
export function knownRevert(output: Uint8Array): { words: string; panic?: bigint } | null {
  const data = Buffer.from(output.buffer, output.byteOffset, output.byteLength);
  const selector = data.toString("hex", 0, 4);
  const word = (offset: number) => BigInt(`0x${data.toString("hex", 4 + offset, 36 + offset) || "0"}`);
  if (selector === PANIC_SELECTOR && data.length >= 36) {
    const panic = word(0);
    return { words: PANICS[Number(panic)] ?? "unknown panic", panic };
  }
  if (selector === ERROR_SELECTOR && data.length >= 68 && word(0) === 32n) {
    const length = word(32);
    if (BigInt(data.length) >= 68n + length) {
      return { words: data.toString("utf8", 68, 68 + Number(length)) };
    }
  }
  return null;
}
