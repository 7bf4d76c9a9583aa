// The running transaction's private view of the state: its read log, its write set and the undo records of its frames.
// Each location is read from the committed state once; later reads come from the view, so two reads never disagree.
// It must not change the committed state; the executor validates what stands here and publishes it.
//
// Balances are kept as (first read, current): what the transaction adds or takes is a delta, and unless the exact amount was
// read, an interval remembers which committed balances would have had the same outcome.

import {
  BLOCK_BASE, HASH_SEED, HOOK_DROP_READ, HOOK_REPLAY_SEED, LOCATION_BALANCE, LOCATION_CODE, LOCATION_NONCE, LOCATION_STORAGE,
} from "./control";
import { precompileId } from "./addresses";
import { codeRecordSize, writeCodeRecord } from "./analysis";
import { scratch } from "./instance";
import {
  CODE_LENGTH, CONTEXT_GAS_PRICE, CONTEXT_HEADER, CONTEXT_LOGS, CONTEXT_LOGS_END, CONTEXT_STOPPED, CONTEXT_VIEWS, ENV_FORK, LOG_ADDRESS, LOG_DATA_LENGTH, LOG_SIZE, LOG_TOPICS,
  LOG_TOPIC_COUNT, STOPPED_ARENA,
} from "./layout";
import {
  CELL_CODE, CELL_OLDER, CELL_PREVIOUS, CELL_VALUE, CELL_VERSION, cellAt, emptyCode, findAccount, findStorage, hasStorage,
  hashWord, headOf, location,
} from "./state";
import { add, addCarry, copy, eq, gt, isZero, lt, sub, subBorrow, zero } from "./u256";

/* ACCOUNT VIEW */

export const VIEW_ADDRESS: usize = 0; // word
export const VIEW_RECORD: usize = 32; // u32, committed record, 0 when absent
const VIEW_CHAIN: usize = 36; // u32, next view in the hash bucket
export const VIEW_FLAGS: usize = 40; // u32
export const VIEW_NEXT: usize = 44; // u32, next view of the transaction
export const VIEW_BALANCE_CELL: usize = 48; // u32, cell that was read
export const VIEW_NONCE_CELL: usize = 52;
export const VIEW_CODE_CELL: usize = 56;
export const VIEW_CODE: usize = 60; // u32, code record now
export const VIEW_CODE_READ: usize = 64; // u32, code record that was read
export const VIEW_SLOTS: usize = 68; // u32, first slot view
export const VIEW_NONCE: usize = 72; // u64, now
export const VIEW_NONCE_READ: usize = 80; // u64
export const VIEW_PC: usize = 88; // u32, where it was first read
export const VIEW_READER: usize = 92; // u32, code record that read it, 0 for the transaction itself
export const VIEW_BALANCE: usize = 96; // word, now
export const VIEW_BALANCE_READ: usize = 128; // word
export const VIEW_BALANCE_LOW: usize = 160; // word, committed balances from here ...
export const VIEW_BALANCE_HIGH: usize = 192; // word, ... to here lead to the same outcome
const VIEW_SIZE: usize = 224;

export const VIEW_WARM: u32 = 1;
export const VIEW_CREATED: u32 = 2;
export const VIEW_DESTRUCTED: u32 = 4;
export const VIEW_BALANCE_LOADED: u32 = 8;
export const VIEW_BALANCE_EXACT: u32 = 16;
export const VIEW_NONCE_LOADED: u32 = 32;
export const VIEW_NONCE_PRESET: u32 = 64; // the sender's: taken from the transaction, checked at inclusion
export const VIEW_CODE_LOADED: u32 = 128;
export const VIEW_STORAGE_REPLACED: u32 = 256; // a state override: what is not listed reads as zero
export const VIEW_TOUCHED: u32 = 512;
export const VIEW_STORAGE_CHECKED: u32 = 1024;
const VIEW_FREE: u32 = 2048; // precompiles: warm without being listed

/* SLOT VIEW */

export const SLOT_KEY: usize = 0; // word
export const SLOT_RECORD: usize = 32; // u32
const SLOT_CHAIN: usize = 36; // u32
export const SLOT_FLAGS: usize = 40; // u32
export const SLOT_VIEW: usize = 44; // u32, account view
export const SLOT_CELL: usize = 48; // u32
export const SLOT_NEXT: usize = 52; // u32, next slot view of the account
export const SLOT_PC: usize = 56; // u32
export const SLOT_READER: usize = 60; // u32
export const SLOT_ORIGINAL: usize = 64; // word, the value when the transaction began
export const SLOT_CURRENT: usize = 96; // word
const SLOT_SIZE: usize = 128;

export const SLOT_WARM: u32 = 1;

/* UNDO RECORD */

const UNDO_KIND: usize = 0; // u32
const UNDO_TARGET: usize = 4; // u32
const UNDO_VALUE: usize = 8; // word, or u64, or u32
const UNDO_SIZE: usize = 40;

const UNDO_FLAGS: u32 = 0; // u32 flags of an account view
const UNDO_SLOT_WARM: u32 = 1;
const UNDO_BALANCE: u32 = 2;
const UNDO_NONCE: u32 = 3;
const UNDO_CODE: u32 = 4;
const UNDO_SLOT: u32 = 5;
const UNDO_REFUND: u32 = 6;
const UNDO_LOGS: u32 = 7;

/* The context in use; per-instance. */
let context: usize = 0;
let viewTop: usize = 0;
let viewEnd: usize = 0;
let undoStart: usize = 0;
let undoTop: usize = 0;
let undoEnd: usize = 0;
let logStart: usize = 0;
let logTop: usize = 0;
let logEnd: usize = 0;
let firstView: usize = 0;
let lastView: usize = 0;
let buckets: usize = 0;
let bucketMask: u32 = 0;
let entries: u32 = 0;
let refund: i64 = 0;
let stopped: u32 = 0;
let readCode: u32 = 0;
let readPc: u32 = 0;

let environment: usize = 0;
let transaction: usize = 0;
let forkId: u32 = 0;
let gasPrice: usize = 0;

/** Reads see cells up to this version only; all of them while a block executes. */
let readVersion: u64 = u64.MAX_VALUE;
let speculative: bool = false;
let replay: u64 = 0; // state of the generator that picks older cells, 0 outside the replay mode
let reads: u32 = 0;

@inline export function env(): usize { return environment; }
@inline export function tx(): usize { return transaction; }
@inline export function fork(): u32 { return forkId; }
@inline export function effectiveGasPrice(): usize { return gasPrice; }
@inline export function isStopped(): u32 { return stopped; }
@inline export function refundCounter(): i64 { return refund; }
@inline export function currentContext(): usize { return context; }
@inline export function viewsOf(ctx: usize): usize { return load<u32>(ctx, CONTEXT_VIEWS); }
@inline export function setReadSite(code: usize, pc: u32): void { readCode = <u32>code; readPc = pc; }

/** Ends the run at the next check. */
export function stop(reason: u32): void {
  if (stopped == 0) stopped = reason;
}

const FIRST_BUCKETS: u32 = 64;

/**
 * Starts an empty journal in the context at `ctx` of `size` bytes: half for views, a quarter each for undo records and logs.
 * `version` limits what reads see; `speculation` says that the result will be validated.
 */
export function beginJournal(ctx: usize, size: usize, blockEnv: usize, txStruct: usize, version: u64, speculation: bool, seed: u64): void {
  context = ctx;
  const quarter = ((size - CONTEXT_HEADER) >> 2) & ~15;
  buckets = ctx + CONTEXT_HEADER;
  bucketMask = FIRST_BUCKETS - 1;
  memory.fill(buckets, 0, FIRST_BUCKETS << 2);
  viewTop = buckets + (FIRST_BUCKETS << 2);
  viewEnd = ctx + CONTEXT_HEADER + (quarter << 1);
  undoStart = viewEnd;
  undoTop = undoStart;
  undoEnd = undoStart + quarter;
  logStart = undoEnd;
  logTop = logStart;
  logEnd = logStart + quarter;
  firstView = 0;
  lastView = 0;
  entries = 0;
  refund = 0;
  stopped = 0;
  readCode = 0;
  readPc = 0;
  environment = blockEnv;
  transaction = txStruct;
  forkId = load<u32>(blockEnv, ENV_FORK);
  gasPrice = ctx + CONTEXT_GAS_PRICE;
  readVersion = version;
  speculative = speculation;
  replay = speculation ? seed : 0;
  reads = 0;
}

/** Writes into the context what the executor needs of the finished journal. */
export function endJournal(): void {
  store<u32>(context, <u32>firstView, CONTEXT_VIEWS);
  store<u32>(context, <u32>logStart, CONTEXT_LOGS);
  store<u32>(context, <u32>logTop, CONTEXT_LOGS_END);
  store<u32>(context, stopped, CONTEXT_STOPPED);
}

/**
 * Turns what the finished run left into what the next one, of the message at `txStruct` in `blockEnv`, finds. For sequences
 * that never commit (tracing.ts). What changed and was not undone has its undo record; the rest stands as it was read.
 */
export function carryOver(blockEnv: usize, txStruct: usize): void {
  for (let record = undoStart; record < undoTop; record += UNDO_SIZE) {
    const target = <usize>load<u32>(record, UNDO_TARGET);
    switch (load<u32>(record)) {
      case UNDO_FLAGS:
      case UNDO_BALANCE:
      case UNDO_NONCE:
      case UNDO_CODE:
        settleView(target);
        break;
      case UNDO_SLOT:
      case UNDO_SLOT_WARM:
        settleSlot(target);
        break;
    }
  }
  undoTop = undoStart;
  logTop = logStart;
  refund = 0;
  environment = blockEnv;
  transaction = txStruct;
  forkId = load<u32>(blockEnv, ENV_FORK);
}

function settleView(view: usize): void {
  const flags = load<u32>(view, VIEW_FLAGS);
  const ended = VIEW_CREATED | VIEW_DESTRUCTED | VIEW_TOUCHED | ((flags & VIEW_FREE) == 0 ? VIEW_WARM : 0);
  store<u32>(view, flags & ~ended, VIEW_FLAGS);
  copy(view + VIEW_BALANCE_READ, view + VIEW_BALANCE);
  store<u64>(view, load<u64>(view, VIEW_NONCE), VIEW_NONCE_READ);
  store<u32>(view, load<u32>(view, VIEW_CODE), VIEW_CODE_READ);
}

function settleSlot(slotView: usize): void {
  // A transient slot (EIP-1153) has an odd salt.
  if ((load<u32>(slotView - 16) & 1) != 0) zero(slotView + SLOT_CURRENT);
  copy(slotView + SLOT_ORIGINAL, slotView + SLOT_CURRENT);
  store<u32>(slotView, load<u32>(slotView, SLOT_FLAGS) & ~SLOT_WARM, SLOT_FLAGS);
}

/** `size` bytes that live as long as the journal; 0 and a stop when the context is full. */
export function journalAllocate(size: usize): usize {
  const start = (viewTop + 15) & ~15;
  if (start + size > viewEnd) {
    stop(STOPPED_ARENA);
    return 0;
  }
  viewTop = start + size;
  return start;
}

/* When the context is full, callers get this harmless place: zeroed, never published, the run ends at the next check. */
@inline
function nowhere(): usize {
  const place = viewEnd - VIEW_SIZE;
  return place;
}

/* HASHED LOOKUP of views and slot views in one table of the context. The word before an entry is its salt: zero for an
   account view, the account view for a slot, one more for a transient slot. */

@inline
function hashKey(key: usize, salt: usize): u32 {
  // Seeded and mixed limb by limb, so that a contract cannot choose slots that share a bucket.
  return hashWord(load<u64>(HASH_SEED) ^ ((<u64>salt) << 20), key);
}

function growBuckets(): void {
  const count = (bucketMask + 1) << 3;
  const grown = journalAllocate(count << 2);
  if (grown == 0) return;
  memory.fill(grown, 0, count << 2);
  const old = buckets;
  const oldCount = bucketMask + 1;
  buckets = grown;
  bucketMask = count - 1;
  for (let i: u32 = 0; i < oldCount; i++) {
    let entry = <usize>load<u32>(old + (i << 2));
    while (entry != 0) {
      const next = <usize>load<u32>(entry, VIEW_CHAIN);
      const bucket = buckets + ((hashKey(entry, load<u32>(entry - 16)) & bucketMask) << 2);
      store<u32>(entry, load<u32>(bucket), VIEW_CHAIN);
      store<u32>(bucket, <u32>entry);
      entry = next;
    }
  }
}

@inline
function findEntry(key: usize, salt: usize): usize {
  let entry = <usize>load<u32>(buckets + ((hashKey(key, salt) & bucketMask) << 2));
  while (entry != 0) {
    if (load<u32>(entry - 16) == <u32>salt && eq(entry, key)) return entry;
    entry = load<u32>(entry, VIEW_CHAIN);
  }
  return 0;
}

function addEntry(key: usize, salt: usize, size: usize): usize {
  if (++entries > bucketMask << 1) growBuckets();
  const start = journalAllocate(size + 16);
  if (start == 0) {
    const place = nowhere();
    memory.fill(place, 0, VIEW_SIZE);
    return place;
  }
  const entry = start + 16;
  memory.fill(entry, 0, size);
  copy(entry, key);
  store<u32>(start, <u32>salt);
  const bucket = buckets + ((hashKey(key, salt) & bucketMask) << 2);
  store<u32>(entry, load<u32>(bucket), VIEW_CHAIN);
  store<u32>(bucket, <u32>entry);
  return entry;
}

/* UNDO */

@inline
function undo(kind: u32, target: usize): usize {
  const record = undoTop;
  if (record + UNDO_SIZE > undoEnd) {
    stop(STOPPED_ARENA);
    return undoEnd - UNDO_SIZE;
  }
  undoTop = record + UNDO_SIZE;
  store<u32>(record, kind);
  store<u32>(record, <u32>target, UNDO_TARGET);
  return record;
}

/** A mark to which revertTo() can go back. */
@inline
export function checkpoint(): u32 {
  return <u32>undoTop;
}

/** Undoes every change since `mark`. What was read stays read: it led here. */
export function revertTo(mark: u32): void {
  while (undoTop > <usize>mark) {
    undoTop -= UNDO_SIZE;
    const record = undoTop;
    const target = <usize>load<u32>(record, UNDO_TARGET);
    switch (load<u32>(record)) {
      case UNDO_FLAGS: {
        // Loaded, exact and checked bits are facts about the log and survive.
        const kept = VIEW_BALANCE_LOADED | VIEW_BALANCE_EXACT | VIEW_NONCE_LOADED | VIEW_NONCE_PRESET | VIEW_CODE_LOADED |
          VIEW_STORAGE_CHECKED | VIEW_STORAGE_REPLACED | VIEW_FREE;
        const now = load<u32>(target, VIEW_FLAGS);
        store<u32>(target, (now & kept) | (load<u32>(record, UNDO_VALUE) & ~kept), VIEW_FLAGS);
        break;
      }
      case UNDO_SLOT_WARM:
        store<u32>(target, load<u32>(target, SLOT_FLAGS) & ~SLOT_WARM, SLOT_FLAGS);
        break;
      case UNDO_BALANCE:
        copy(target + VIEW_BALANCE, record + UNDO_VALUE);
        break;
      case UNDO_NONCE:
        store<u64>(target, load<u64>(record, UNDO_VALUE), VIEW_NONCE);
        break;
      case UNDO_CODE:
        store<u32>(target, load<u32>(record, UNDO_VALUE), VIEW_CODE);
        break;
      case UNDO_SLOT:
        copy(target + SLOT_CURRENT, record + UNDO_VALUE);
        break;
      case UNDO_REFUND:
        refund = load<i64>(record, UNDO_VALUE);
        break;
      case UNDO_LOGS:
        logTop = load<u32>(record, UNDO_VALUE);
        break;
    }
  }
}

@inline
function setFlags(view: usize, bits: u32): void {
  const flags = load<u32>(view, VIEW_FLAGS);
  if ((flags & bits) == bits) return;
  store<u32>(undo(UNDO_FLAGS, view), flags, UNDO_VALUE);
  store<u32>(view, flags | bits, VIEW_FLAGS);
}

@inline
function mark(view: usize, bits: u32): void {
  store<u32>(view, load<u32>(view, VIEW_FLAGS) | bits, VIEW_FLAGS);
}

/* FIRST READS of the committed state */

/** The cell this run sees of a committed location; in the replay mode possibly an older one of the same block. */
function observe(place: u32): usize {
  if (readVersion != u64.MAX_VALUE) return cellAt(place, readVersion);
  let cell = headOf(place);
  if (replay != 0) {
    while (cell != 0) {
      replay ^= replay << 13;
      replay ^= replay >>> 7;
      replay ^= replay << 17;
      if ((replay & 3) != 0) break;
      const older = <usize>load<u32>(cell, CELL_OLDER);
      if (older == 0) {
        // The oldest of the block; behind it is the state before the block.
        if (load<u64>(cell, CELL_VERSION) > load<u64>(BLOCK_BASE)) cell = load<u32>(cell, CELL_PREVIOUS);
        break;
      }
      cell = older;
    }
  }
  return cell;
}

/** Plants the fault of a forgotten read: the log claims the newest cell although an older one was seen. */
@inline
function logged(place: u32, cell: usize): usize {
  const period = load<u32>(HOOK_DROP_READ);
  if (period == 0 || !speculative || ++reads % period != 0) return cell;
  return DROPPED_READ;
}

/** In place of a cell: this read is not validated (only ever set by the fuzzer's planted fault). */
export const DROPPED_READ: u32 = 1;

/* ACCOUNTS */

/** The view of the account at `address` (a word), created on first use. Reads nothing yet and does not warm it. */
export function account(address: usize): usize {
  const found = findEntry(address, 0);
  if (found != 0) return found;
  const view = addEntry(address, 0, VIEW_SIZE);
  if (stopped != 0) return view;
  store<u32>(view, <u32>findAccount(address), VIEW_RECORD);
  store<u32>(view, readCode, VIEW_READER);
  store<u32>(view, readPc, VIEW_PC);
  // Precompiles are warm from the start (EIP-2929), without appearing in access lists.
  if (precompileId(address, forkId) != 0) store<u32>(view, VIEW_FREE | VIEW_WARM, VIEW_FLAGS);
  if (lastView == 0) firstView = view;
  else store<u32>(lastView, <u32>view, VIEW_NEXT);
  lastView = view;
  return view;
}

/** True when the account was cold; it is warm afterwards (EIP-2929). */
export function warmAccount(view: usize): bool {
  if ((load<u32>(view, VIEW_FLAGS) & VIEW_WARM) != 0) return false;
  setFlags(view, VIEW_WARM);
  return true;
}

/** Whether the account belongs into an access list that was computed from the run. */
export function isListed(view: usize): bool {
  const flags = load<u32>(view, VIEW_FLAGS);
  return (flags & VIEW_WARM) != 0 && (flags & VIEW_FREE) == 0;
}

function loadBalance(view: usize): void {
  mark(view, VIEW_BALANCE_LOADED);
  const record = load<u32>(view, VIEW_RECORD);
  let cell: usize = 0;
  if (record != 0) {
    const place = location(record, LOCATION_BALANCE);
    cell = observe(place);
    if (cell != 0) copy(view + VIEW_BALANCE_READ, cell + CELL_VALUE);
    cell = logged(place, cell);
  }
  store<u32>(view, <u32>cell, VIEW_BALANCE_CELL);
  copy(view + VIEW_BALANCE, view + VIEW_BALANCE_READ);
  memory.fill(view + VIEW_BALANCE_HIGH, 0xff, 32);
}

@inline
function ensureBalance(view: usize): void {
  if ((load<u32>(view, VIEW_FLAGS) & VIEW_BALANCE_LOADED) == 0) loadBalance(view);
}

/** The address of the balance, a word in wei. An exact read: any other committed balance invalidates the run. */
export function balance(view: usize): usize {
  ensureBalance(view);
  mark(view, VIEW_BALANCE_EXACT);
  return view + VIEW_BALANCE;
}

/** low = max(low, read - slack): `slack` less in the account would not have changed the outcome. */
function narrowLow(view: usize, slack: usize): void {
  const bound = scratch + 2048;
  if (subBorrow(bound, view + VIEW_BALANCE_READ, slack)) return;
  if (gt(bound, view + VIEW_BALANCE_LOW)) copy(view + VIEW_BALANCE_LOW, bound);
}

/** high = min(high, read + slack). */
function narrowHigh(view: usize, slack: usize): void {
  const bound = scratch + 2048;
  if (addCarry(bound, view + VIEW_BALANCE_READ, slack)) return;
  if (lt(bound, view + VIEW_BALANCE_HIGH)) copy(view + VIEW_BALANCE_HIGH, bound);
}

/** Whether the account can pay `value` (a word, wei). Remembers only that, not the balance. */
export function balanceAtLeast(view: usize, value: usize): bool {
  ensureBalance(view);
  const slack = scratch + 2080;
  if (!subBorrow(slack, view + VIEW_BALANCE, value)) {
    narrowLow(view, slack);
    return true;
  }
  // Short by value - balance: up to one wei less than that more would still be short.
  sub(slack, value, view + VIEW_BALANCE);
  decrement(slack);
  narrowHigh(view, slack);
  return false;
}

@inline
function decrement(word: usize): void {
  for (let i: usize = 0; i < 32; i += 8) {
    const limb = load<u64>(word + i);
    store<u64>(word + i, limb - 1);
    if (limb != 0) return;
  }
}

@inline
function saveBalance(view: usize): void {
  copy(undo(UNDO_BALANCE, view) + UNDO_VALUE, view + VIEW_BALANCE);
}

/** Adds `value` (a word, wei) without reading the balance. */
export function addBalance(view: usize, value: usize): void {
  ensureBalance(view);
  if (isZero(value)) return;
  saveBalance(view);
  const sum = view + VIEW_BALANCE;
  if (addCarry(sum, sum, value)) {
    mark(view, VIEW_BALANCE_EXACT);
  } else {
    // A committed balance so large that the sum would have wrapped is another outcome.
    const slack = scratch + 2080;
    memory.fill(slack, 0xff, 32);
    sub(slack, slack, sum);
    narrowHigh(view, slack);
  }
}

/** Takes `value` (a word, wei); the caller has made sure with balanceAtLeast(). */
export function subBalance(view: usize, value: usize): void {
  ensureBalance(view);
  if (isZero(value)) return;
  saveBalance(view);
  sub(view + VIEW_BALANCE, view + VIEW_BALANCE, value);
}

/** Moves `value` (a word, wei), after balanceAtLeast(from, value). */
export function transfer(from: usize, to: usize, value: usize): void {
  if (from == to) return;
  subBalance(from, value);
  addBalance(to, value);
}

/** Sets the balance to zero (SELFDESTRUCT of a created account to itself). */
export function burnBalance(view: usize): void {
  balance(view);
  saveBalance(view);
  zero(view + VIEW_BALANCE);
}

function loadNonce(view: usize): void {
  mark(view, VIEW_NONCE_LOADED);
  const record = load<u32>(view, VIEW_RECORD);
  let cell: usize = 0;
  let value: u64 = 0;
  if (record != 0) {
    const place = location(record, LOCATION_NONCE);
    cell = observe(place);
    if (cell != 0) value = load<u64>(cell, CELL_VALUE);
    cell = logged(place, cell);
  }
  store<u32>(view, <u32>cell, VIEW_NONCE_CELL);
  store<u64>(view, value, VIEW_NONCE_READ);
  store<u64>(view, value, VIEW_NONCE);
}

@inline
export function nonce(view: usize): u64 {
  if ((load<u32>(view, VIEW_FLAGS) & VIEW_NONCE_LOADED) == 0) loadNonce(view);
  return load<u64>(view, VIEW_NONCE);
}

export function setNonce(view: usize, value: u64): void {
  nonce(view);
  store<u64>(undo(UNDO_NONCE, view), load<u64>(view, VIEW_NONCE), UNDO_VALUE);
  store<u64>(view, value, VIEW_NONCE);
}

/** Gives the sender the nonce its transaction names, without a read: inclusion checks it against the committed one. */
export function presetNonce(view: usize, value: u64): void {
  mark(view, VIEW_NONCE_LOADED | VIEW_NONCE_PRESET);
  store<u64>(view, value, VIEW_NONCE_READ);
  store<u64>(view, value, VIEW_NONCE);
}

function loadCode(view: usize): void {
  mark(view, VIEW_CODE_LOADED);
  const record = load<u32>(view, VIEW_RECORD);
  let cell: usize = 0;
  let code = emptyCode();
  if (record != 0) {
    const place = location(record, LOCATION_CODE);
    cell = observe(place);
    if (cell != 0) code = load<u32>(cell, CELL_CODE);
    cell = logged(place, cell);
  }
  store<u32>(view, <u32>cell, VIEW_CODE_CELL);
  store<u32>(view, <u32>code, VIEW_CODE_READ);
  store<u32>(view, <u32>code, VIEW_CODE);
}

/** The account's code record, the empty one for none. */
@inline
export function code(view: usize): usize {
  if ((load<u32>(view, VIEW_FLAGS) & VIEW_CODE_LOADED) == 0) loadCode(view);
  return load<u32>(view, VIEW_CODE);
}

/** Gives the account new code, analysed into the context. */
export function setCode(view: usize, bytes: usize, length: u32): void {
  code(view);
  let record = emptyCode();
  if (length != 0) {
    record = journalAllocate(codeRecordSize(length));
    if (record == 0) return;
    writeCodeRecord(record, bytes, length);
  }
  store<u32>(undo(UNDO_CODE, view), load<u32>(view, VIEW_CODE), UNDO_VALUE);
  store<u32>(view, <u32>record, VIEW_CODE);
}

/** Whether the account is dead (EIP-161): no code, no balance, nonce zero. Reads no more than decides it. */
export function isEmpty(view: usize): bool {
  if (load<u32>(code(view), CODE_LENGTH) != 0) return false;
  ensureBalance(view);
  if (!isZero(view + VIEW_BALANCE)) {
    // Anything that leaves at least one wei is the same outcome.
    const slack = scratch + 2080;
    copy(slack, view + VIEW_BALANCE);
    decrement(slack);
    narrowLow(view, slack);
    return false;
  }
  mark(view, VIEW_BALANCE_EXACT);
  return nonce(view) == 0;
}

/** EIP-161: an account that was touched and is empty at the end is deleted. */
@inline
export function touch(view: usize): void {
  setFlags(view, VIEW_TOUCHED);
}

/** Whether a contract cannot be created here: nonce, code or storage (EIP-684, EIP-7610). */
export function hasCollision(view: usize): bool {
  if (nonce(view) != 0) return true;
  if (load<u32>(code(view), CODE_LENGTH) != 0) return true;
  // Storage without nonce or code cannot change within a block: nothing runs there. So it needs no place in the log.
  const record = load<u32>(view, VIEW_RECORD);
  return record != 0 && hasStorage(record, readVersion);
}

export function markCreated(view: usize): void {
  setFlags(view, VIEW_CREATED);
}

@inline
export function isCreated(view: usize): bool {
  return (load<u32>(view, VIEW_FLAGS) & VIEW_CREATED) != 0;
}

/** Schedules the deletion of an account that was created in this transaction (EIP-6780). */
export function selfDestruct(view: usize): void {
  setFlags(view, VIEW_DESTRUCTED);
}

/** Deletes what selfDestruct() scheduled; called once, when the transaction is over. */
export function deleteDestructed(): void {
  for (let view = firstView; view != 0; view = load<u32>(view, VIEW_NEXT)) {
    if ((load<u32>(view, VIEW_FLAGS) & VIEW_DESTRUCTED) == 0) continue;
    burnBalance(view);
    setNonce(view, 0);
    code(view);
    store<u32>(view, <u32>emptyCode(), VIEW_CODE);
    for (let slot = <usize>load<u32>(view, VIEW_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_NEXT)) {
      zero(slot + SLOT_CURRENT);
    }
  }
}

/* STORAGE */

/** The slot view of `key` (a word) with its value loaded. */
export function slot(view: usize, key: usize): usize {
  const found = findEntry(key, view);
  if (found != 0) return found;
  const entry = addEntry(key, view, SLOT_SIZE);
  if (stopped != 0) return entry;
  store<u32>(entry, <u32>view, SLOT_VIEW);
  store<u32>(entry, readCode, SLOT_READER);
  store<u32>(entry, readPc, SLOT_PC);
  store<u32>(entry, load<u32>(view, VIEW_SLOTS), SLOT_NEXT);
  store<u32>(view, <u32>entry, VIEW_SLOTS);
  if ((load<u32>(view, VIEW_FLAGS) & VIEW_STORAGE_REPLACED) != 0) return entry;
  const account = <usize>load<u32>(view, VIEW_RECORD);
  if (account == 0) return entry;
  const record = findStorage(account, key);
  if (record == 0) return entry;
  store<u32>(entry, <u32>record, SLOT_RECORD);
  const place = location(record, LOCATION_STORAGE);
  const cell = observe(place);
  if (cell != 0) {
    copy(entry + SLOT_ORIGINAL, cell + CELL_VALUE);
    copy(entry + SLOT_CURRENT, cell + CELL_VALUE);
  }
  store<u32>(entry, <u32>logged(place, cell), SLOT_CELL);
  return entry;
}

/** True when the slot was cold; it is warm afterwards. */
export function warmSlot(slotView: usize): bool {
  const flags = load<u32>(slotView, SLOT_FLAGS);
  if ((flags & SLOT_WARM) != 0) return false;
  undo(UNDO_SLOT_WARM, slotView);
  store<u32>(slotView, flags | SLOT_WARM, SLOT_FLAGS);
  return true;
}

export function setSlot(slotView: usize, value: usize): void {
  copy(undo(UNDO_SLOT, slotView) + UNDO_VALUE, slotView + SLOT_CURRENT);
  copy(slotView + SLOT_CURRENT, value);
}

/* Transient slots (EIP-1153) */

export function transientLoad(view: usize, key: usize, dst: usize): void {
  const found = findEntry(key, view + 1);
  if (found == 0) zero(dst);
  else copy(dst, found + SLOT_CURRENT);
}

export function transientStore(view: usize, key: usize, value: usize): void {
  let entry = findEntry(key, view + 1);
  if (entry == 0) entry = addEntry(key, view + 1, SLOT_SIZE);
  setSlot(entry, value);
}

/* LOGS AND REFUNDS */

/** A new log record with its header filled in; topics (raw) and data are the caller's. 0 when the context is full. */
export function beginLog(view: usize, topicCount: u32, dataLength: u32): usize {
  const size = (<u64>LOG_TOPICS + (<u64>topicCount << 5) + <u64>dataLength + 7) & ~7;
  if (<u64>logTop + size > <u64>logEnd) {
    stop(STOPPED_ARENA);
    return 0;
  }
  store<u32>(undo(UNDO_LOGS, 0), <u32>logTop, UNDO_VALUE);
  const record = logTop;
  logTop += <usize>size;
  store<u32>(record, <u32>size, LOG_SIZE);
  store<u32>(record, topicCount, LOG_TOPIC_COUNT);
  store<u32>(record, dataLength, LOG_DATA_LENGTH);
  copy(record + LOG_ADDRESS, view + VIEW_ADDRESS);
  return record;
}

/** Changes the refund counter (EIP-3529), in gas. */
export function addRefund(delta: i64): void {
  store<i64>(undo(UNDO_REFUND, 0), refund, UNDO_VALUE);
  refund += delta;
}

/* OVERRIDES of eth_call: become what the transaction finds, without a read */

export function overrideBalance(view: usize, value: usize): void {
  mark(view, VIEW_BALANCE_LOADED);
  copy(view + VIEW_BALANCE_READ, value);
  copy(view + VIEW_BALANCE, value);
}

export function overrideNonce(view: usize, value: u64): void {
  mark(view, VIEW_NONCE_LOADED);
  store<u64>(view, value, VIEW_NONCE_READ);
  store<u64>(view, value, VIEW_NONCE);
}

export function overrideCode(view: usize, bytes: usize, length: u32): void {
  setCode(view, bytes, length);
  store<u32>(view, load<u32>(view, VIEW_CODE), VIEW_CODE_READ);
}

export function replaceStorage(view: usize): void {
  mark(view, VIEW_STORAGE_REPLACED);
}

export function overrideSlot(view: usize, key: usize, value: usize): void {
  const entry = slot(view, key);
  copy(entry + SLOT_ORIGINAL, value);
  copy(entry + SLOT_CURRENT, value);
}
