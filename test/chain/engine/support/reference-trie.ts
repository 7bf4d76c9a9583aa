// A second opinion on trie roots: the recursive definition of the Yellow Paper's appendix D, over a sorted list.
// Written to be compared with, not to be fast; it shares nothing with the engine.

import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";

type Entry = { nibbles: number[]; value: Uint8Array };
/** An RLP item: bytes, or a list of items. */
type Item = Uint8Array | Item[];

const EMPTY = new Uint8Array();

/** HP, appendix C. */
function hexPrefix(nibbles: number[], leaf: boolean): Uint8Array {
  const flag = leaf ? 2 : 0;
  const padded = nibbles.length % 2 === 0 ? [flag, 0, ...nibbles] : [flag + 1, ...nibbles];
  return Uint8Array.from({ length: padded.length / 2 }, (_, i) => padded[2 * i]! * 16 + padded[2 * i + 1]!);
}

/** c, equation (199): the node over entries that agree before nibble `start`; no key is a prefix of another. */
function structure(entries: Entry[], start: number): Item {
  const [first] = entries;
  if (entries.length === 1) return [hexPrefix(first!.nibbles.slice(start), true), first!.value];
  let shared = start;
  while (entries.every(({ nibbles }) => nibbles[shared] === first!.nibbles[shared])) shared++;
  if (shared > start)
    return [hexPrefix(first!.nibbles.slice(start, shared), false), reference(entries, shared)];
  const children = Array.from({ length: 16 }, (_, nibble) =>
    reference(
      entries.filter(({ nibbles }) => nibbles[start] === nibble),
      start + 1,
    ),
  );
  return [...children, EMPTY];
}

/** n, equation (198). */
function reference(entries: Entry[], start: number): Item {
  if (entries.length === 0) return EMPTY;
  const node = structure(entries, start);
  const encoded = RLP.encode(node);
  return encoded.length < 32 ? node : keccak_256(encoded);
}

/** TRIE, equation (197): 32 bytes. */
export function referenceRoot(pairs: Iterable<readonly [key: Uint8Array, value: Uint8Array]>): Uint8Array {
  const entries = Array.from(pairs, ([key, value]) => ({
    nibbles: Array.from(key).flatMap((byte) => [byte >> 4, byte & 15]),
    value,
  }));
  return keccak_256(RLP.encode(entries.length === 0 ? EMPTY : structure(entries, 0)));
}
