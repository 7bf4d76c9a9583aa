// Merkle-Patricia tries (Yellow Paper, appendix D) over keys of 32 raw bytes that are hashes already: the
// state trie and the storage tries. It knows keys and opaque RLP values, nothing of accounts, slots, blocks
// or threads.
//
// A trie is sixteen slots, one per top nibble. Whoever owns a nibble may set and hash below it while others
// do the same below theirs; trieRoot, trieProve and destroyTrie want the whole trie at rest.
//
// In memory this is a radix tree: only leaves and branches. A branch keeps the nibble position at which its
// children part and, in its key, the nibbles they share, so that the extension above a branch, being implied,
// never has to be rearranged. An extension is made when a node is hashed, if the branch lies deeper than its
// parent's next nibble. A node keeps its reference as its parent embeds it (the extension's, where there is
// one); zero length means out of date, and then so are all nodes above it.

import { scratch } from "./instance";
import { keccak256 } from "./keccak";
import { allocate, release } from "./memory";
import { bytesLength, headerLength, writeBytes, writeListHeader } from "./rlp";
import {
  makeReference,
  nibbleAt,
  pathLength,
  referenceItem,
  writePath,
  writeReference,
} from "./trie-encoding";
import { copy, eq } from "./u256";

/* A TRIE: the nodes below each top nibble (u32 each), as in a branch */

const TRIE_SIZE: u32 = 16 * 4;

/* A NODE, offsets in bytes */

const REFERENCE_LENGTH: usize = 0; // u8: 32 for a hash, less for an embedded node, 0 when out of date
const DEPTH: usize = 1; // u8: position of the nibble at which a branch parts; KEY_NIBBLES marks a leaf
const VALUE_LENGTH: usize = 2; // u16, leaf
const REFERENCE: usize = 8; // 32 bytes
const KEY: usize = 40; // 32 raw bytes; of a branch only the first DEPTH nibbles count
const VALUE: usize = 72; // leaf: bytes, padded to 8
const CHILDREN: usize = 72; // branch: 16 nodes, u32 each, zero where there is none
const BRANCH_SIZE: u32 = 72 + 16 * 4;

const KEY_NIBBLES: u32 = 64;

/* SCRATCH, offsets in bytes from `scratch`; what callers keep at 2048 to 2559 survives */

const ENCODING: usize = 2560; // RLP of the node at hand: a branch takes 532 bytes, a leaf 1064
const EXTENDED: usize = 4032; // reference of the branch below the extension at hand, 32 bytes

const NO_ROOM: u32 = 0xffffffff;

/* KEYS */

/** Position of the first nibble in which two keys differ; KEY_NIBBLES when they are equal. */
function commonNibbles(a: usize, b: usize): u32 {
  for (let offset: u32 = 0; offset < 32; offset += 8) {
    const difference = load<u64>(a + offset) ^ load<u64>(b + offset);
    if (difference != 0) {
      const byte = u32(ctz(difference)) >> 3;
      const high = (difference >> (u64(byte) << 3)) & 0xf0;
      return ((offset + byte) << 1) + u32(high == 0);
    }
  }
  return KEY_NIBBLES;
}

/* NODES */

@inline
function isLeaf(node: usize): bool {
  return u32(load<u8>(node, DEPTH)) == KEY_NIBBLES;
}

/** Where `children` keeps the node below `nibble`. */
@inline
function slotOf(children: usize, nibble: u32): usize {
  return children + (nibble << 2);
}

@inline
function leafSize(valueLength: u32): u32 {
  return u32(VALUE) + ((valueLength + 7) & ~7);
}

function createLeaf(key: usize, value: usize, length: u32): usize {
  const leaf = allocate(leafSize(length));
  store<u8>(leaf, 0, REFERENCE_LENGTH);
  store<u8>(leaf, KEY_NIBBLES, DEPTH);
  store<u16>(leaf, length, VALUE_LENGTH);
  copy(leaf + KEY, key);
  memory.copy(leaf + VALUE, value, length);
  return leaf;
}

@inline
function releaseLeaf(leaf: usize): void {
  release(leaf, leafSize(load<u16>(leaf, VALUE_LENGTH)));
}

/**
 * A branch where the leaf `inserted` parts, at nibble `depth`, from the keys below `node`; `key` belongs to
 * the leaf.
 */
function createBranch(depth: u32, node: usize, key: usize, inserted: usize): usize {
  const branch = allocate(BRANCH_SIZE);
  store<u8>(branch, 0, REFERENCE_LENGTH);
  store<u8>(branch, depth, DEPTH);
  copy(branch + KEY, key);
  memory.fill(branch + CHILDREN, 0, 16 * 4);
  store<u32>(slotOf(branch + CHILDREN, nibbleAt(node + KEY, depth)), node);
  store<u32>(slotOf(branch + CHILDREN, nibbleAt(key, depth)), inserted);
  store<u8>(node, 0, REFERENCE_LENGTH); // it begins further down now
  return branch;
}

function destroyNode(node: usize): void {
  if (isLeaf(node)) {
    releaseLeaf(node);
    return;
  }
  destroyChildren(node + CHILDREN);
  release(node, BRANCH_SIZE);
}

function destroyChildren(children: usize): void {
  for (let slot = children, end = children + 16 * 4; slot < end; slot += 4) {
    const child: usize = load<u32>(slot);
    if (child != 0) destroyNode(child);
  }
}

/** The only node among `children`; 0 when there are none or several. */
function onlyChild(children: usize): usize {
  let only: usize = 0;
  for (let slot = children, end = children + 16 * 4; slot < end; slot += 4) {
    const child: usize = load<u32>(slot);
    if (child == 0) continue;
    if (only != 0) return 0;
    only = child;
  }
  return only;
}

/** Puts the references of the branches above `key` out of date, down to nibble `end`. */
function outdate(trie: usize, key: usize, end: u32): void {
  let node: usize = load<u32>(slotOf(trie, nibbleAt(key, 0)));
  while (node != 0) {
    const depth = u32(load<u8>(node, DEPTH));
    if (depth >= end) return;
    store<u8>(node, 0, REFERENCE_LENGTH);
    node = load<u32>(slotOf(node + CHILDREN, nibbleAt(key, depth)));
  }
}

/* CONTENT */

/** An empty trie. */
export function createTrie(): usize {
  const trie = allocate(TRIE_SIZE);
  memory.fill(trie, 0, TRIE_SIZE);
  return trie;
}

/** Gives back all memory of the trie. */
export function destroyTrie(trie: usize): void {
  destroyChildren(trie);
  release(trie, TRIE_SIZE);
}

export function trieIsEmpty(trie: usize): bool {
  let any: u64 = 0;
  for (let offset: usize = 0; offset < TRIE_SIZE; offset += 8) any |= load<u64>(trie + offset);
  return any == 0;
}

/**
 * Sets the value (RLP, copied) at the key of 32 raw bytes; length 0 removes it. `length` is at most 1,024
 * bytes, which the scratch has room to encode; accounts and slots take up to 110. Setting what is there
 * already leaves all references as they are.
 */
export function trieSet(trie: usize, key: usize, value: usize, length: u32): void {
  if (length == 0) {
    remove(trie, key);
    return;
  }
  let slot = slotOf(trie, nibbleAt(key, 0));
  let start: u32 = 1;
  for (;;) {
    const node: usize = load<u32>(slot);
    if (node == 0) {
      outdate(trie, key, start);
      store<u32>(slot, createLeaf(key, value, length));
      return;
    }
    const depth = u32(load<u8>(node, DEPTH));
    const common = depth == start ? depth : commonNibbles(node + KEY, key);
    if (common < depth) {
      outdate(trie, key, start);
      store<u32>(slot, createBranch(common, node, key, createLeaf(key, value, length)));
      return;
    }
    if (depth == KEY_NIBBLES) {
      if (replaceValue(slot, node, value, length)) outdate(trie, key, KEY_NIBBLES);
      return;
    }
    slot = slotOf(node + CHILDREN, nibbleAt(key, depth));
    start = depth + 1;
  }
}

/** Gives the leaf at `slot` another value; false when it has that value already. */
function replaceValue(slot: usize, leaf: usize, value: usize, length: u32): bool {
  const before = u32(load<u16>(leaf, VALUE_LENGTH));
  if (before == length && memory.compare(leaf + VALUE, value, length) == 0) return false;
  if (leafSize(before) == leafSize(length)) {
    store<u8>(leaf, 0, REFERENCE_LENGTH);
    store<u16>(leaf, length, VALUE_LENGTH);
    memory.copy(leaf + VALUE, value, length);
  } else {
    store<u32>(slot, createLeaf(leaf + KEY, value, length));
    releaseLeaf(leaf);
  }
  return true;
}

function remove(trie: usize, key: usize): void {
  let slot = slotOf(trie, nibbleAt(key, 0));
  let parent: usize = 0; // the branch that holds `slot`, zero for the trie itself
  let parentSlot: usize = 0;
  let node: usize = load<u32>(slot);
  while (node != 0 && !isLeaf(node)) {
    parent = node;
    parentSlot = slot;
    slot = slotOf(node + CHILDREN, nibbleAt(key, load<u8>(node, DEPTH)));
    node = load<u32>(slot);
  }
  if (node == 0 || !eq(node + KEY, key)) return;

  outdate(trie, key, KEY_NIBBLES);
  store<u32>(slot, 0);
  releaseLeaf(node);
  if (parent == 0) return;
  const rest = onlyChild(parent + CHILDREN);
  if (rest == 0) return;
  store<u8>(rest, 0, REFERENCE_LENGTH); // it begins further up now
  store<u32>(parentSlot, rest);
  release(parent, BRANCH_SIZE);
}

/**
 * Address of the value at the key of 32 raw bytes, valid until the key is set again; 0 when there is none.
 * Its length goes to `lengthOut` (u32) unless that is 0.
 */
export function trieGet(trie: usize, key: usize, lengthOut: usize): usize {
  let node: usize = load<u32>(slotOf(trie, nibbleAt(key, 0)));
  while (node != 0 && !isLeaf(node)) {
    node = load<u32>(slotOf(node + CHILDREN, nibbleAt(key, load<u8>(node, DEPTH))));
  }
  if (node == 0 || !eq(node + KEY, key)) return 0;
  if (lengthOut != 0) store<u32>(lengthOut, load<u16>(node, VALUE_LENGTH));
  return node + VALUE;
}

/* ENCODING */

/** Brings the references below `children`, which begin at nibble `start`, up to date. */
function refreshChildren(children: usize, start: u32): void {
  for (let slot = children, end = children + 16 * 4; slot < end; slot += 4) {
    const child: usize = load<u32>(slot);
    if (child != 0) refresh(child, start);
  }
}

/** Brings the reference of a node that begins at nibble `start` up to date. */
function refresh(node: usize, start: u32): void {
  if (load<u8>(node, REFERENCE_LENGTH) != 0) return;
  const depth = u32(load<u8>(node, DEPTH));
  if (depth != KEY_NIBBLES) refreshChildren(node + CHILDREN, depth + 1);
  const length = encodeNode(node, start);
  store<u8>(node, makeReference(node + REFERENCE, scratch + ENCODING, length), REFERENCE_LENGTH);
}

/** The RLP of what begins at nibble `start` and ends in `node`, written at ENCODING; gives its length. */
function encodeNode(node: usize, start: u32): u32 {
  const depth = u32(load<u8>(node, DEPTH));
  if (depth == KEY_NIBBLES) return encodeLeaf(node, start);
  const length = encodeBranch(node + CHILDREN);
  return depth == start ? length : encodeExtension(node + KEY, start, depth, length);
}

function encodeLeaf(leaf: usize, start: u32): u32 {
  const length = u32(load<u16>(leaf, VALUE_LENGTH));
  let out = scratch + ENCODING;
  out = writeListHeader(out, pathLength(KEY_NIBBLES - start) + bytesLength(leaf + VALUE, length));
  out = writePath(out, leaf + KEY, start, KEY_NIBBLES, true);
  out = writeBytes(out, leaf + VALUE, length);
  return u32(out - scratch - ENCODING);
}

/** Sixteen references, all up to date, and an empty value. */
function encodeBranch(children: usize): u32 {
  const end = children + 16 * 4;
  let payload: u32 = 1;
  for (let slot = children; slot < end; slot += 4) {
    const child: usize = load<u32>(slot);
    payload += child != 0 ? referenceItem(load<u8>(child, REFERENCE_LENGTH)) : 1;
  }
  let out = writeListHeader(scratch + ENCODING, payload);
  for (let slot = children; slot < end; slot += 4) {
    const child: usize = load<u32>(slot);
    if (child != 0) out = writeReference(out, child + REFERENCE, load<u8>(child, REFERENCE_LENGTH));
    else store<u8>(out++, 0x80);
  }
  store<u8>(out, 0x80);
  return headerLength(payload) + payload;
}

/** The extension over nibbles [start, end) to the branch of which ENCODING holds `branchLength` bytes. */
function encodeExtension(key: usize, start: u32, end: u32, branchLength: u32): u32 {
  const length = makeReference(scratch + EXTENDED, scratch + ENCODING, branchLength);
  const payload = pathLength(end - start) + referenceItem(length);
  let out = writeListHeader(scratch + ENCODING, payload);
  out = writePath(out, key, start, end, false);
  writeReference(out, scratch + EXTENDED, length);
  return headerLength(payload) + payload;
}

/* ROOT */

/** Brings the hashes below one top nibble up to date, so that trieRoot has only the root left to do. */
export function trieHashNibble(trie: usize, nibble: u32): void {
  const node: usize = load<u32>(slotOf(trie, nibble));
  if (node != 0) refresh(node, 1);
}

/** The root node, written at ENCODING; gives its length. Of an empty trie that is the empty string. */
function encodeRoot(trie: usize): u32 {
  if (trieIsEmpty(trie)) {
    store<u8>(scratch + ENCODING, 0x80);
    return 1;
  }
  const only = onlyChild(trie);
  return only != 0 ? encodeNode(only, 0) : encodeBranch(trie);
}

/** Writes the root (32 raw bytes), hashing what is still out of date. */
export function trieRoot(trie: usize, dst: usize): void {
  refreshChildren(trie, 1);
  keccak256(dst, scratch + ENCODING, encodeRoot(trie));
}

/* PROOFS */

/**
 * Appends `length` bytes of ENCODING behind their length (u32) at `out + at`; gives the new total or NO_ROOM.
 */
function appendNode(out: usize, at: u32, capacity: u32, length: u32): u32 {
  if (at == NO_ROOM || capacity - at < length + 4) return NO_ROOM;
  store<u32>(out + at, length);
  memory.copy(out + at + 4, scratch + ENCODING, length);
  return at + 4 + length;
}

/**
 * The nodes from the root to the key, or to where the path to it ends (eth_getProof, EIP-1186): each a u32
 * length and the node's RLP, unaligned. Embedded nodes stand in their parents. An empty trie has no nodes.
 * Gives the total in bytes, 0xffffffff when `capacity` is too small.
 */
export function trieProve(trie: usize, key: usize, out: usize, capacity: u32): u32 {
  if (trieIsEmpty(trie)) return 0;
  refreshChildren(trie, 1);
  let total: u32 = 0;
  let start: u32 = 0;
  let node = onlyChild(trie);
  if (node == 0) {
    total = appendNode(out, total, capacity, encodeBranch(trie));
    node = load<u32>(slotOf(trie, nibbleAt(key, 0)));
    start = 1;
  }
  while (node != 0) {
    if (start != 0 && load<u8>(node, REFERENCE_LENGTH) < 32) break;
    total = appendNode(out, total, capacity, encodeNode(node, start));
    const depth = u32(load<u8>(node, DEPTH));
    if (depth == KEY_NIBBLES) break;
    if (depth != start) {
      if (commonNibbles(node + KEY, key) < depth) break;
      const length = encodeBranch(node + CHILDREN);
      if (length < 32) break;
      total = appendNode(out, total, capacity, length);
    }
    node = load<u32>(slotOf(node + CHILDREN, nibbleAt(key, depth)));
    start = depth + 1;
  }
  return total;
}
