// The running transaction's journal: the memory that holds its views until it is committed, the undo records of its frames,
// its logs and its refund counter. It knows where views lie (views.ts), not what accounts and slots mean; it must not change
// the committed state.

import { HASH_SEED } from "./control";
import {
  CONTEXT_GAS_PRICE, CONTEXT_HEADER, CONTEXT_LOGS, CONTEXT_LOGS_END, CONTEXT_STOPPED, CONTEXT_VIEWS, ENV_FORK,
  LOG_ADDRESS, LOG_DATA_LENGTH, LOG_SIZE, LOG_TOPICS, LOG_TOPIC_COUNT, STOPPED_ARENA,
} from "./layout";
import { beginObservation } from "./observation";
import { hashWord } from "./state";
import { copy, eq, zero } from "./u256";
import {
  SLOT_CURRENT, SLOT_FLAGS, SLOT_ORIGINAL, SLOT_WARM, VIEW_ADDRESS, VIEW_BALANCE, VIEW_BALANCE_EXACT,
  VIEW_BALANCE_LOADED, VIEW_BALANCE_READ, VIEW_CHAIN, VIEW_CODE, VIEW_CODE_LOADED, VIEW_CODE_READ, VIEW_CREATED,
  VIEW_DESTRUCTED, VIEW_FLAGS, VIEW_FREE, VIEW_NEXT, VIEW_NONCE, VIEW_NONCE_LOADED, VIEW_NONCE_PRESET,
  VIEW_NONCE_READ, VIEW_SIZE, VIEW_STORAGE_REPLACED, VIEW_TOUCHED, VIEW_WARM,
} from "./views";

/* UNDO RECORD */

const UNDO_KIND: usize = 0; // u32
const UNDO_TARGET: usize = 4; // u32
export const UNDO_VALUE: usize = 8; // word, or u64, or u32
const UNDO_SIZE: usize = 40;

export const UNDO_FLAGS: u32 = 0; // u32 flags of an account view
export const UNDO_SLOT_WARM: u32 = 1;
export const UNDO_BALANCE: u32 = 2;
export const UNDO_NONCE: u32 = 3;
export const UNDO_CODE: u32 = 4;
export const UNDO_SLOT: u32 = 5;
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
export let firstView: usize = 0;
let lastView: usize = 0;
let buckets: usize = 0;
let bucketMask: u32 = 0;
let entries: u32 = 0;
let refund: i64 = 0;
let stopped: u32 = 0;
export let readCode: u32 = 0;
export let readPc: u32 = 0;

let environment: usize = 0;
let transaction: usize = 0;
let forkId: u32 = 0;
let gasPrice: usize = 0;


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
  beginObservation(version, speculation, seed);
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
export function findEntry(key: usize, salt: usize): usize {
  let entry = <usize>load<u32>(buckets + ((hashKey(key, salt) & bucketMask) << 2));
  while (entry != 0) {
    if (load<u32>(entry - 16) == <u32>salt && eq(entry, key)) return entry;
    entry = load<u32>(entry, VIEW_CHAIN);
  }
  return 0;
}

export function addEntry(key: usize, salt: usize, size: usize): usize {
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

/** Adds a new account view to those of the run. */
export function appendView(view: usize): void {
  if (lastView == 0) firstView = view;
  else store<u32>(lastView, <u32>view, VIEW_NEXT);
  lastView = view;
}

/* UNDO */

@inline
export function undo(kind: u32, target: usize): usize {
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
        // Loaded and exact bits are facts about the log and survive.
        const kept = VIEW_BALANCE_LOADED | VIEW_BALANCE_EXACT | VIEW_NONCE_LOADED | VIEW_NONCE_PRESET | VIEW_CODE_LOADED |
          VIEW_STORAGE_REPLACED | VIEW_FREE;
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
export function setFlags(view: usize, bits: u32): void {
  const flags = load<u32>(view, VIEW_FLAGS);
  if ((flags & bits) == bits) return;
  store<u32>(undo(UNDO_FLAGS, view), flags, UNDO_VALUE);
  store<u32>(view, flags | bits, VIEW_FLAGS);
}

@inline
export function mark(view: usize, bits: u32): void {
  store<u32>(view, load<u32>(view, VIEW_FLAGS) | bits, VIEW_FLAGS);
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
