// The logs bloom (Yellow Paper 4.4.3): which three of its 2,048 bits an address or topic sets. It must not know logs.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Hex } from "../engine/types.ts";
import { hexToBytes } from "./bytes.ts";

/** Three bit numbers, 0 the lowest of the last byte. */
export function bloomBits(item: Hex): [number, number, number] {
  const hash = keccak_256(hexToBytes(item));
  const bit = (i: number) => ((hash[i]! << 8) | hash[i + 1]!) & 2_047;
  return [bit(0), bit(2), bit(4)];
}

/** False when the item is certainly not in the 256-byte bloom. */
export function bloomMayHold(bloom: Uint8Array, bits: readonly number[]): boolean {
  return bits.every((bit) => (bloom[255 - (bit >> 3)]! & (1 << (bit & 7))) !== 0);
}
