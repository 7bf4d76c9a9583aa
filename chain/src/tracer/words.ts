// Stack words as addresses. It knows no instruction.

import type { Address } from "../engine/types.ts";

const LOW_160_BITS = 2n ** 160n - 1n;

/** The low 20 bytes of a word. */
export function addressOf(word: bigint): Address {
  return `0x${(word & LOW_160_BITS).toString(16).padStart(40, "0")}`;
}
