// Roots of the tries rlp(index) -> item: transactions, receipts, withdrawals (Yellow Paper, section 4.4.3).
// It knows items as bytes.
//
// Such a trie is built once and never changed, so no nodes are kept. The keys in their order are 1 to 127, 0,
// 128, 129 and so on; no key is a prefix of another. How deep a leaf hangs follows from its two neighbours in
// that order alone: leaves, which are most of the work, can be hashed in any order and by several threads;
// what is above them takes a tenth of the time.

import { scratch } from "./instance";
import { keccak256 } from "./keccak";
import { allocate, release } from "./memory";
import { bytesLength, headerLength, writeBytes, writeListHeader } from "./rlp";
import { makeReference, pathLength, referenceItem, writePath, writeReference } from "./trie-encoding";

/* AN ITEM, offsets in bytes */

const ITEM_ADDRESS: usize = 0; // u32
const ITEM_LENGTH: usize = 4; // u32
const ITEM_SIZE: u32 = 8;

/* A REFERENCE to a node */

const REFERENCE: usize = 0; // the hash, or the node itself where its RLP takes less than 32 bytes
const REFERENCE_LENGTH: usize = 32; // u32
/** Bytes per reference in the array between orderedTrieLeaves and orderedTrieCompose. */
export const ORDERED_REFERENCE_SIZE: u32 = 40;

/* A BRANCH while its children are gathered */

const BRANCH_REFERENCE: usize = 0; // first the branch's, then that of the extension above it
const BRANCH_ENCODING: usize = 40; // up to 3 bytes of header end where the items begin
const BRANCH_ITEMS: usize = 48; // 529 bytes at most
const BRANCH_SIZE: u32 = 584;
const MAX_KEY_NIBBLES: u32 = 10;

/** What a leaf's RLP takes beside the item at most: two headers and a path. */
const LEAF_OVERHEAD: u32 = 32;

const RAW_KEY: usize = 2048; // 8 bytes of scratch

/* KEYS: rlp(index) in the upper bytes of a u64 */

function keyOf(index: u32): u64 {
  if (index == 0) return 0x80 << 56;
  if (index < 0x80) return u64(index) << 56;
  const bytes = 4 - (u32(clz(index)) >> 3);
  return (u64(0x80 + bytes) << 56) | (u64(index) << (56 - (u64(bytes) << 3)));
}

@inline
function keyNibbles(index: u32): u32 {
  return index < 0x80 ? 2 : 2 + ((4 - (u32(clz(index)) >> 3)) << 1);
}

/** Number of nibbles in which two different keys agree. */
@inline
function commonNibbles(a: u64, b: u64): u32 {
  return u32(clz(a ^ b)) >> 2;
}

@inline
function nibbleOf(key: u64, position: u32): u32 {
  return u32(key >> (60 - (u64(position) << 2))) & 15;
}

/** The key as raw bytes, for writePath. */
function rawKey(key: u64): usize {
  const raw = scratch + RAW_KEY;
  for (let i: usize = 0; i < 8; i++, key <<= 8) store<u8>(raw + i, u8(key >> 56));
  return raw;
}

/* THE ORDER of `count` keys */

/** Where index 0 stands: behind those of 1 to 127 that there are. */
@inline
function zeroPosition(count: u32): u32 {
  return min<u32>(count, 0x80) - 1;
}

@inline
function indexAt(position: u32, count: u32): u32 {
  const zero = zeroPosition(count);
  return position < zero ? position + 1 : position == zero ? 0 : position;
}

@inline
function positionOf(index: u32, count: u32): u32 {
  return index == 0 ? zeroPosition(count) : index < 0x80 ? index - 1 : index;
}

/** The nibble at which the leaf of `index` begins: after the last one it shares with a neighbour. */
function leafStart(index: u32, count: u32): u32 {
  if (count == 1) return 0;
  const key = keyOf(index);
  const position = positionOf(index, count);
  let before: u32 = 0;
  let after: u32 = 0;
  if (position != 0) before = commonNibbles(key, keyOf(indexAt(position - 1, count)));
  if (position + 1 < count) after = commonNibbles(key, keyOf(indexAt(position + 1, count)));
  return max<u32>(before, after) + 1;
}

/* ROOT */

/**
 * Writes the references to the leaves of indices [first, end) among `count` items into `references`, an array
 * of ORDERED_REFERENCE_SIZE bytes per index. Ranges that do not overlap may be done by different threads.
 */
export function orderedTrieLeaves(items: usize, count: u32, first: u32, end: u32, references: usize): void {
  let longest: u32 = 0;
  for (let index = first; index < end; index++) {
    longest = max<u32>(longest, load<u32>(items + index * ITEM_SIZE, ITEM_LENGTH));
  }
  const work = allocate(longest + LEAF_OVERHEAD);
  for (let index = first; index < end; index++) {
    const item: usize = load<u32>(items + index * ITEM_SIZE, ITEM_ADDRESS);
    const length = load<u32>(items + index * ITEM_SIZE, ITEM_LENGTH);
    const start = leafStart(index, count);
    const nibbles = keyNibbles(index);
    const payload = pathLength(nibbles - start) + bytesLength(item, length);
    let out = writeListHeader(work, payload);
    out = writePath(out, rawKey(keyOf(index)), start, nibbles, true);
    out = writeBytes(out, item, length);
    setReference(references + index * ORDERED_REFERENCE_SIZE, work, u32(out - work));
  }
  release(work, longest + LEAF_OVERHEAD);
}

@inline
function setReference(reference: usize, encoding: usize, length: u32): void {
  store<u32>(reference, makeReference(reference + REFERENCE, encoding, length), REFERENCE_LENGTH);
}

/** Writes the root (32 raw bytes) over the leaves of all `count` items; see orderedTrieLeaves. */
export function orderedTrieCompose(references: usize, count: u32, dst: usize): void {
  if (count == 0) {
    store<u8>(dst, 0x80);
    keccak256(dst, dst, 1);
    return;
  }
  const work = allocate(MAX_KEY_NIBBLES * BRANCH_SIZE);
  const root = compose(references, count, 0, count, 0, work);
  const length = load<u32>(root, REFERENCE_LENGTH);
  if (length == 32) memory.copy(dst, root + REFERENCE, 32);
  else keccak256(dst, root + REFERENCE, length);
  release(work, MAX_KEY_NIBBLES * BRANCH_SIZE);
}

/** The reference to the node, beginning at nibble `start`, over the keys at positions [first, end). */
function compose(references: usize, count: u32, first: u32, end: u32, start: u32, work: usize): usize {
  if (end - first == 1) return references + indexAt(first, count) * ORDERED_REFERENCE_SIZE;

  const key = keyOf(indexAt(first, count));
  const depth = commonNibbles(key, keyOf(indexAt(end - 1, count)));
  let out = work + BRANCH_ITEMS;
  for (let nibble: u32 = 0; nibble < 16; nibble++) {
    let next = first;
    while (next < end && nibbleOf(keyOf(indexAt(next, count)), depth) == nibble) next++;
    if (next == first) {
      store<u8>(out++, 0x80);
      continue;
    }
    const child = compose(references, count, first, next, depth + 1, work + BRANCH_SIZE);
    out = writeReference(out, child + REFERENCE, load<u32>(child, REFERENCE_LENGTH));
    first = next;
  }
  store<u8>(out++, 0x80);

  const items = u32(out - work - BRANCH_ITEMS);
  const encoding = work + BRANCH_ITEMS - headerLength(items);
  writeListHeader(encoding, items);
  setReference(work + BRANCH_REFERENCE, encoding, u32(out - encoding));
  if (depth > start) {
    const length = load<u32>(work + BRANCH_REFERENCE, REFERENCE_LENGTH);
    const payload = pathLength(depth - start) + referenceItem(length);
    out = writeListHeader(work + BRANCH_ENCODING, payload);
    out = writePath(out, rawKey(key), start, depth, false);
    out = writeReference(out, work + BRANCH_REFERENCE + REFERENCE, length);
    setReference(work + BRANCH_REFERENCE, work + BRANCH_ENCODING, u32(out - work - BRANCH_ENCODING));
  }
  return work + BRANCH_REFERENCE;
}

/**
 * Writes the root (32 raw bytes) of the trie rlp(index) -> item.
 * `items` are pairs of u32, address and length in bytes; an empty item counts as an empty string.
 */
export function orderedTrieRoot(items: usize, count: u32, dst: usize): void {
  const references = allocate(count * ORDERED_REFERENCE_SIZE);
  orderedTrieLeaves(items, count, 0, count, references);
  orderedTrieCompose(references, count, dst);
  release(references, count * ORDERED_REFERENCE_SIZE);
}
