// The committed state: accounts and storage slots interned by their full key, each with chains of immutable cells.
// Readers need no lock: records and cells are complete before one atomic store publishes them. All writers hold the commit
// token, or own the engine while no block executes. It must know nothing of transactions or gas.
//
//   balance, nonce, code of an account; one storage slot  -> a "location", named by a location reference
//   head -> cell (newest) -> previous cell (an earlier block) -> ...
//              `-> older cell of the same unsealed block, kept until sealing

import {
  ACCOUNT_TABLE, BLOCK_BASE, CODE_TABLE, DIRTY_FROM, EMPTY_CODE, FORK_GENERATION, HASH_SEED, HEAD_VERSION,
  LOCATION_STORAGE, RETIRED_TABLES, STALE_CAPACITY, STALE_LIST, STALE_TOP, STATE_TRIE, STORAGE_TABLE,
  UNDO_BLOCK_START, UNDO_CAPACITY, UNDO_LOG, UNDO_TOP,
} from "./control";
import { CODE_HASH, CODE_LENGTH } from "./layout";
import { codeRecordSize, moveCodeRecord, writeCodeRecord } from "./analysis";
import { allocate, release } from "./memory";
import { copy, eq, isZero, zero } from "./u256";
import { createTrie } from "./trie";

/* CELL */

export const CELL_VERSION: usize = 0; // u64
export const CELL_PREVIOUS: usize = 8; // u32, newest cell of earlier blocks
export const CELL_OLDER: usize = 12; // u32, cell of the same block that this one superseded
export const CELL_CODE: usize = 16; // u32, code record (code cells)
export const CELL_VALUE: usize = 24; // word: wei, nonce, code hash or slot value
const CELL_SIZE: u32 = 56;

/* ACCOUNT RECORD, 16-aligned */

export const ACCOUNT_KEY: usize = 0; // word
const RECORD_HASH: usize = 32; // u32, of the key; the same place in both records
export const HEADS: usize = 36; // u32 each, atomic: balance, nonce, code; of a storage record: its value
export const ACCOUNT_SLOTS: usize = 48; // u32, atomic: first storage record
export const ACCOUNT_STORAGE_TRIE: usize = 52; // u32, 0 until a slot was written
export const ACCOUNT_DIRTY: usize = 56; // u32, next account whose trie entry is out of date, LIST_END, or 0
export const ACCOUNT_DIRTY_SLOTS: usize = 60; // u32, first storage record likewise
export const ACCOUNT_HASHED: usize = 64; // raw, keccak256 of the address, valid with ACCOUNT_FLAG_HASHED
export const ACCOUNT_FLAGS: usize = 96; // u32
const ACCOUNT_RECORD_SIZE: u32 = 112;

/* STORAGE RECORD, 16-aligned */

export const STORAGE_KEY: usize = 0; // word
export const STORAGE_ACCOUNT: usize = 40; // u32
export const STORAGE_NEXT: usize = 44; // u32, next record of the account
export const STORAGE_DIRTY: usize = 48; // u32, next dirty record of the account, LIST_END, or 0
export const STORAGE_FLAGS: usize = 52; // u32
export const STORAGE_HASHED: usize = 56; // raw, keccak256 of the key, valid with FLAG_HASHED
const STORAGE_RECORD_SIZE: u32 = 88;

export const FLAG_HASHED: u32 = 1;
export const LIST_END: u32 = 1;

/* TABLES: open addressing over record addresses */

const TABLE_MASK: usize = 0; // u32, slots - 1
const TABLE_NEXT_RETIRED: usize = 4; // u32
const TABLE_COUNT: usize = 8; // u32
const TABLE_ENTRIES: usize = 16; // u32 each, atomic

@inline
function tableBytes(slots: u32): u32 {
  return (slots << 2) + <u32>TABLE_ENTRIES;
}

function createTable(slots: u32): usize {
  const table = allocate(tableBytes(slots));
  memory.fill(table, 0, tableBytes(slots));
  store<u32>(table, slots - 1, TABLE_MASK);
  return table;
}

@inline
function mix(h: u64, limb: u64): u64 {
  h = (h ^ limb) * 0x9e3779b97f4a7c15;
  return h ^ (h >>> 29);
}

/** Hashes the word at `key`; what nobody outside knows of `seed` keeps collisions from being prepared. */
@inline
export function hashWord(seed: u64, key: usize): u32 {
  let h = mix(seed, load<u64>(key));
  h = mix(h, load<u64>(key, 8));
  h = mix(h, load<u64>(key, 16));
  h = mix(h, load<u64>(key, 24));
  h = mix(h, h >>> 32);
  return <u32>(h >>> 32);
}

@inline
export function hashAddress(address: usize): u32 {
  return hashWord(load<u64>(HASH_SEED), address);
}

@inline
function hashSlot(account: usize, key: usize): u32 {
  return hashWord(load<u64>(HASH_SEED) ^ ((<u64>account) << 20), key);
}

/** Puts a complete record into the table at `root`, growing it at one half. The caller holds the token. */
function insert(root: usize, record: usize): void {
  let table = <usize>load<u32>(root);
  const count = load<u32>(table, TABLE_COUNT);
  const slots = load<u32>(table, TABLE_MASK) + 1;
  if (count >= slots >> 1) {
    const grown = createTable(slots << 1);
    for (let i: u32 = 0; i < slots; i++) {
      const other = load<u32>(table + (i << 2), TABLE_ENTRIES);
      if (other != 0) place(grown, other);
    }
    store<u32>(grown, count, TABLE_COUNT);
    atomic.store<u32>(root, <u32>grown);
    // A reader may still probe the old one: it is released when the block is sealed.
    store<u32>(table, load<u32>(RETIRED_TABLES), TABLE_NEXT_RETIRED);
    store<u32>(RETIRED_TABLES, <u32>table);
    table = grown;
  }
  place(table, record);
  store<u32>(table, count + 1, TABLE_COUNT);
}

function place(table: usize, record: usize): void {
  const mask = load<u32>(table, TABLE_MASK);
  let i = load<u32>(record, RECORD_HASH) & mask;
  while (load<u32>(table + (i << 2), TABLE_ENTRIES) != 0) i = (i + 1) & mask;
  atomic.store<u32>(table + (i << 2), <u32>record, TABLE_ENTRIES);
}

/** The account's record, 0 when it was never interned. */
export function findAccount(address: usize): usize {
  const table = <usize>atomic.load<u32>(ACCOUNT_TABLE);
  const hash = hashAddress(address);
  const mask = load<u32>(table, TABLE_MASK);
  let i = hash & mask;
  while (true) {
    const record = <usize>atomic.load<u32>(table + (i << 2), TABLE_ENTRIES);
    if (record == 0) return 0;
    if (load<u32>(record, RECORD_HASH) == hash && eq(record, address)) return record;
    i = (i + 1) & mask;
  }
}

/** The record of one slot of an interned account, 0 when it was never interned. */
export function findStorage(account: usize, key: usize): usize {
  const table = <usize>atomic.load<u32>(STORAGE_TABLE);
  const hash = hashSlot(account, key);
  const mask = load<u32>(table, TABLE_MASK);
  let i = hash & mask;
  while (true) {
    const record = <usize>atomic.load<u32>(table + (i << 2), TABLE_ENTRIES);
    if (record == 0) return 0;
    if (load<u32>(record, RECORD_HASH) == hash && load<u32>(record, STORAGE_ACCOUNT) == <u32>account && eq(record, key)) {
      return record;
    }
    i = (i + 1) & mask;
  }
}

export function internAccount(address: usize): usize {
  const found = findAccount(address);
  if (found != 0) return found;
  const record = allocate(ACCOUNT_RECORD_SIZE);
  memory.fill(record, 0, ACCOUNT_RECORD_SIZE);
  copy(record, address);
  store<u32>(record, hashAddress(address), RECORD_HASH);
  insert(ACCOUNT_TABLE, record);
  return record;
}

export function internStorage(account: usize, key: usize): usize {
  const found = findStorage(account, key);
  if (found != 0) return found;
  const record = allocate(STORAGE_RECORD_SIZE);
  memory.fill(record, 0, STORAGE_RECORD_SIZE);
  copy(record, key);
  store<u32>(record, hashSlot(account, key), RECORD_HASH);
  store<u32>(record, <u32>account, STORAGE_ACCOUNT);
  store<u32>(record, load<u32>(account, ACCOUNT_SLOTS), STORAGE_NEXT);
  insert(STORAGE_TABLE, record);
  atomic.store<u32>(account, <u32>record, ACCOUNT_SLOTS);
  return record;
}

/* All accounts, one after another; the table must not grow meanwhile. */

let cursor: u32 = 0;

/** The first account record, 0 when there is none. */
export function firstAccount(): usize {
  cursor = 0;
  return nextAccount();
}

/** The next account record, 0 after the last. */
export function nextAccount(): usize {
  const table = <usize>load<u32>(ACCOUNT_TABLE);
  const slots = load<u32>(table, TABLE_MASK) + 1;
  while (cursor < slots) {
    const record = load<u32>(table + (cursor++ << 2), TABLE_ENTRIES);
    if (record != 0) return record;
  }
  return 0;
}

/* CODE */

/** The shared record of a code that was analysed elsewhere (`local` may die afterwards). The caller holds the token. */
export function internCode(local: usize): usize {
  // Validation compares code by its record, so the empty one must be the only one of its kind.
  if (load<u32>(local, CODE_LENGTH) == 0) return emptyCode();
  const table = <usize>load<u32>(CODE_TABLE);
  const mask = load<u32>(table, TABLE_MASK);
  const hash = load<u32>(local, CODE_HASH);
  let i = hash & mask;
  while (true) {
    const wrapper = <usize>load<u32>(table + (i << 2), TABLE_ENTRIES);
    if (wrapper == 0) break;
    const record = <usize>load<u32>(wrapper, CODE_WRAPPER_RECORD);
    if (eq(record + CODE_HASH, local + CODE_HASH)) return record;
    i = (i + 1) & mask;
  }
  const length = load<u32>(local, CODE_LENGTH);
  const record = allocate(codeRecordSize(length));
  moveCodeRecord(record, local);
  const wrapper = allocate(CODE_WRAPPER_SIZE);
  store<u32>(wrapper, <u32>record, CODE_WRAPPER_RECORD);
  store<u32>(wrapper, hash, RECORD_HASH);
  insert(CODE_TABLE, wrapper);
  return record;
}

/** Analyses and interns raw code. The caller holds the token. */
export function internCodeBytes(bytes: usize, length: u32): usize {
  if (length == 0) return emptyCode();
  const size = codeRecordSize(length);
  const local = allocate(size);
  writeCodeRecord(local, bytes, length);
  const record = internCode(local);
  release(local, size);
  return record;
}

const CODE_WRAPPER_RECORD: usize = 0; // u32
const CODE_WRAPPER_SIZE: u32 = 48; // up to and including RECORD_HASH

@inline
export function emptyCode(): usize {
  return load<u32>(EMPTY_CODE);
}

/* LOCATIONS */

@inline
export function headAddress(location: u32): usize {
  const kind = location & 15;
  return <usize>(location & ~15) + HEADS + (kind == LOCATION_STORAGE ? 0 : kind << 2);
}

@inline
export function headOf(location: u32): usize {
  return atomic.load<u32>(headAddress(location));
}

/** The newest cell not younger than `version`, 0 when the location was untouched then. */
@inline
export function cellAt(location: u32, version: u64): usize {
  let cell = headOf(location);
  while (cell != 0 && load<u64>(cell, CELL_VERSION) > version) cell = load<u32>(cell, CELL_PREVIOUS);
  return cell;
}

/** Copies the committed value of a location into `dst`; a missing cell reads as zero. */
@inline
export function cellValue(cell: usize, dst: usize): void {
  if (cell == 0) zero(dst);
  else copy(dst, cell + CELL_VALUE);
}

/** A cell that is complete but not yet visible. */
export function createCell(version: u64, value: usize, code: usize): usize {
  const cell = allocate(CELL_SIZE);
  store<u64>(cell, version, CELL_VERSION);
  store<u32>(cell, 0, CELL_PREVIOUS);
  store<u32>(cell, 0, CELL_OLDER);
  store<u32>(cell, <u32>code, CELL_CODE);
  copy(cell + CELL_VALUE, value);
  return cell;
}

@inline
export function changedInBlock(head: usize): bool {
  return head != 0 && load<u64>(head, CELL_VERSION) > load<u64>(BLOCK_BASE);
}

/** Makes `cell` the newest of its location. Doing it again changes nothing. */
export function publish(location: u32, cell: usize): void {
  const address = headAddress(location);
  const head = <usize>load<u32>(address);
  if (head == cell) return;
  if (changedInBlock(head)) {
    store<u32>(cell, load<u32>(head, CELL_PREVIOUS), CELL_PREVIOUS);
    store<u32>(cell, <u32>head, CELL_OLDER);
  } else {
    store<u32>(cell, <u32>head, CELL_PREVIOUS);
  }
  atomic.store<u32>(address, <u32>cell);
}

/** Makes room for `count` more entries in the undo log. */
export function reserveUndo(count: u32): void {
  const top = load<u32>(UNDO_TOP);
  let capacity = load<u32>(UNDO_CAPACITY);
  if (top + count <= capacity) return;
  const old = load<u32>(UNDO_LOG);
  const oldCapacity = capacity;
  while (top + count > capacity) capacity <<= 1;
  const grown = allocate(capacity << 2);
  memory.copy(grown, old, top << 2);
  store<u32>(UNDO_LOG, <u32>grown);
  store<u32>(UNDO_CAPACITY, capacity);
  release(old, oldCapacity << 2);
}

@inline
export function undoEntry(index: u32): usize {
  return <usize>load<u32>(UNDO_LOG) + (index << 2);
}

/** Changes one location at once, outside any transaction. Inside an open block it belongs to that block. */
export function write(location: u32, value: usize, code: usize): void {
  const version = load<u64>(HEAD_VERSION) + 1;
  const head = headOf(location);
  if (!changedInBlock(head)) {
    reserveUndo(1);
    const top = load<u32>(UNDO_TOP);
    store<u32>(undoEntry(top), location);
    store<u32>(UNDO_TOP, top + 1);
  }
  publish(location, createCell(version, value, code));
  store<u64>(HEAD_VERSION, version);
}

/* BLOCKS */

/** From here on, changes belong to one block: they share one cell per location once sealed. */
export function openBlock(): void {
  store<u64>(BLOCK_BASE, load<u64>(HEAD_VERSION));
  store<u32>(UNDO_BLOCK_START, load<u32>(UNDO_TOP));
}

/** No reader is left inside the block: releases superseded cells and outgrown tables. */
export function sealBlock(): void {
  const top = load<u32>(UNDO_TOP);
  for (let i = load<u32>(UNDO_BLOCK_START); i < top; i++) {
    const head = headOf(load<u32>(undoEntry(i)));
    let older = <usize>load<u32>(head, CELL_OLDER);
    store<u32>(head, 0, CELL_OLDER);
    while (older != 0) {
      const next = <usize>load<u32>(older, CELL_OLDER);
      release(older, CELL_SIZE);
      older = next;
    }
  }
  releaseRetired();
  openBlock();
}

function releaseRetired(): void {
  let table = <usize>load<u32>(RETIRED_TABLES);
  while (table != 0) {
    const next = <usize>load<u32>(table, TABLE_NEXT_RETIRED);
    release(table, tableBytes(load<u32>(table, TABLE_MASK) + 1));
    table = next;
  }
  store<u32>(RETIRED_TABLES, 0);
}

/** Pops every cell younger than `version`, which must be the end of a block or of a setter. */
export function popTo(version: u64): void {
  let top = load<u32>(UNDO_TOP);
  const seen = load<u32>(DIRTY_FROM);
  while (top > 0) {
    const location = load<u32>(undoEntry(top - 1));
    let cell = headOf(location);
    if (cell == 0 || load<u64>(cell, CELL_VERSION) <= version) break;
    const previous = load<u32>(cell, CELL_PREVIOUS);
    atomic.store<u32>(headAddress(location), previous);
    while (cell != 0) {
      const older = <usize>load<u32>(cell, CELL_OLDER);
      release(cell, CELL_SIZE);
      cell = older;
    }
    top--;
    if (top < seen) noteStale(location);
  }
  store<u32>(UNDO_TOP, top);
  if (seen > top) store<u32>(DIRTY_FROM, top);
  store<u64>(HEAD_VERSION, version);
  atomic.add<u32>(FORK_GENERATION, 1);
  releaseRetired();
  openBlock();
}

/** Remembers that the tries still hold a popped value. */
function noteStale(location: u32): void {
  const top = load<u32>(STALE_TOP);
  const capacity = load<u32>(STALE_CAPACITY);
  if (top == capacity) {
    const old = load<u32>(STALE_LIST);
    const grown = allocate(capacity << 3);
    memory.copy(grown, old, top << 2);
    store<u32>(STALE_LIST, <u32>grown);
    store<u32>(STALE_CAPACITY, capacity << 1);
    release(old, capacity << 2);
  }
  store<u32>(<usize>load<u32>(STALE_LIST) + (top << 2), location);
  store<u32>(STALE_TOP, top + 1);
}

/* START */

/** Lays out an empty state in fresh memory. */
export function createState(): void {
  store<u32>(ACCOUNT_TABLE, <u32>createTable(1 << 12));
  store<u32>(STORAGE_TABLE, <u32>createTable(1 << 12));
  store<u32>(CODE_TABLE, <u32>createTable(1 << 8));
  const empty = allocate(codeRecordSize(0));
  writeCodeRecord(empty, 0, 0);
  store<u32>(EMPTY_CODE, <u32>empty);
  store<u64>(HEAD_VERSION, 0);
  store<u32>(UNDO_LOG, <u32>allocate(4096 << 2));
  store<u32>(UNDO_CAPACITY, 4096);
  store<u32>(UNDO_TOP, 0);
  store<u32>(DIRTY_FROM, 0);
  store<u32>(STALE_LIST, <u32>allocate(1024 << 2));
  store<u32>(STALE_CAPACITY, 1024);
  store<u32>(STALE_TOP, 0);
  store<u32>(RETIRED_TABLES, 0);
  store<u32>(STATE_TRIE, <u32>createTrie());
  openBlock();
}

/** Whether any slot of the account is non-zero at `version` (EIP-7610). */
export function hasStorage(account: usize, version: u64): bool {
  let record = <usize>atomic.load<u32>(account, ACCOUNT_SLOTS);
  while (record != 0) {
    const cell = cellAt(<u32>record | LOCATION_STORAGE, version);
    if (cell != 0 && !isZero(cell + CELL_VALUE)) return true;
    record = load<u32>(record, STORAGE_NEXT);
  }
  return false;
}

@inline
export function location(record: usize, kind: u32): u32 {
  return <u32>record | kind;
}
