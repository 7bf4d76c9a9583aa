// How tries write their nodes (Yellow Paper, appendices C and D): paths of nibbles and references to
// children. It knows bytes alone; trie.ts and ordered-trie.ts know which nodes there are.

import { keccak256 } from "./keccak";
import { HASH_ITEM, writeHash } from "./rlp";

/** The nibble at `position` of a key, the upper one of the first byte being number 0. */
@inline
export function nibbleAt(key: usize, position: u32): u32 {
  return (u32(load<u8>(key + (position >> 1))) >> ((~position & 1) << 2)) & 15;
}

/** The nibbles [start, end) of a key in hex-prefix encoding (Yellow Paper, appendix C) as an RLP item. */
export function writePath(out: usize, key: usize, start: u32, end: u32, leaf: bool): usize {
  const count = end - start;
  if (count > 1) store<u8>(out++, 0x81 + (count >> 1)); // a lone byte is below 0x80 and needs no header
  const odd = count & 1;
  store<u8>(out++, (u32(leaf) << 5) | (odd << 4) | (odd != 0 ? nibbleAt(key, start) : 0));
  for (let position = start + odd; position < end; position += 2, out++) {
    store<u8>(out, (nibbleAt(key, position) << 4) | nibbleAt(key, position + 1));
  }
  return out;
}

/** What writePath takes for `count` nibbles, in bytes. */
@inline
export function pathLength(count: u32): u32 {
  return count > 1 ? 2 + (count >> 1) : 1;
}

/** What writeReference takes for a reference of `length` bytes. */
@inline
export function referenceItem(length: u32): u32 {
  return length == 32 ? HASH_ITEM : length;
}

/** A reference as an item of its parent: a hash as a string, an embedded node as it is. */
@inline
export function writeReference(out: usize, reference: usize, length: u32): usize {
  if (length == 32) return writeHash(out, reference);
  memory.copy(out, reference, length);
  return out + length;
}

/**
 * The reference to a node of which the RLP is given: that itself below 32 bytes, else its hash. Gives the
 * length.
 */
export function makeReference(reference: usize, encoding: usize, length: u32): u32 {
  if (length < 32) {
    memory.copy(reference, encoding, length);
    return length;
  }
  keccak256(reference, encoding, length);
  return 32;
}
