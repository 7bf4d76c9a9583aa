// From a finished run to committed cells, in two steps. seal() writes everything that will change into shared memory and
// changes nothing that readers see; finishCommit() publishes it and may be repeated by a successor, to the same end.
// Both run under the commit token.

import {
  BLOCK_BASE, BLOCK_BLOB_GAS_USED, BLOCK_GAS_USED, BLOCK_INCLUDED, BLOCK_RESULTS, COMMIT_BLOB_GAS, COMMIT_CAPACITY,
  COMMIT_COUNT, COMMIT_ENTRIES, COMMIT_STATE, COMMIT_UNDO_TOP, LOCATION_BALANCE, LOCATION_CODE, LOCATION_NONCE,
  LOCATION_STORAGE, RESULT_ACCESSES, RESULT_ACCESS_CAPACITY, RESULT_BLOB_GAS, RESULT_BLOOM, RESULT_CONTRACT, RESULT_CUMULATIVE_GAS,
  RESULT_GAS_PRICE, RESULT_GAS_REFUNDED, RESULT_GAS_USED, RESULT_HAS_CONTRACT, RESULT_INDEX, RESULT_LOGS,
  RESULT_LOGS_LENGTH, RESULT_OUTCOME, RESULT_OUTPUT, RESULT_OUTPUT_LENGTH, RESULT_READ_COUNT, RESULT_SIZE,
  RESULT_WRITE_COUNT, UNDO_TOP,
} from "./control";
import { meeting } from "./hooks";
import { scratch } from "./instance";
import { viewsOf } from "./journal";
import {
  SLOT_CURRENT, SLOT_NEXT, SLOT_ORIGINAL, SLOT_RECORD, VIEW_ADDRESS, VIEW_BALANCE, VIEW_BALANCE_EXACT,
  VIEW_BALANCE_HIGH, VIEW_BALANCE_LOADED, VIEW_BALANCE_LOW, VIEW_BALANCE_READ, VIEW_CODE, VIEW_CODE_LOADED,
  VIEW_CODE_READ, VIEW_FLAGS, VIEW_NEXT, VIEW_NONCE, VIEW_NONCE_LOADED, VIEW_NONCE_PRESET, VIEW_NONCE_READ,
  VIEW_RECORD, VIEW_SLOTS,
} from "./views";
import {
  CODE_HASH, CONTEXT_BLOB_GAS, CONTEXT_BLOOM, CONTEXT_CONTRACT, CONTEXT_GAS_PRICE, CONTEXT_GAS_REFUNDED,
  CONTEXT_GAS_USED, CONTEXT_HAS_CONTRACT, CONTEXT_LOGS, CONTEXT_LOGS_END, CONTEXT_OUTCOME, CONTEXT_OUTPUT,
  CONTEXT_OUTPUT_LENGTH,
} from "./layout";
import { allocate, release } from "./memory";
import {
  cellAt, cellValue, changedInBlock, createCell, headOf, internAccount, internCode, internStorage, location, publish,
  reserveUndo, undoEntry,
} from "./state";
import { add, copy, eq, gt, lt, setU64, sub } from "./u256";

/* SEAL ENTRY: one changed location */

const ENTRY_LOCATION: usize = 0; // u32
const ENTRY_CELL: usize = 4; // u32, complete, not yet published
const ENTRY_SIZE: u32 = 8;

function addEntry(place: u32, cell: usize): void {
  const count = load<u32>(COMMIT_COUNT);
  const capacity = load<u32>(COMMIT_CAPACITY);
  if (count == capacity) {
    const grown = max<u32>(capacity << 1, 256);
    const entries = allocate(grown * ENTRY_SIZE);
    if (capacity != 0) {
      const old = load<u32>(COMMIT_ENTRIES);
      memory.copy(entries, old, count * ENTRY_SIZE);
      release(old, capacity * ENTRY_SIZE);
    }
    store<u32>(COMMIT_ENTRIES, <u32>entries);
    store<u32>(COMMIT_CAPACITY, grown);
  }
  const entry = <usize>load<u32>(COMMIT_ENTRIES) + count * ENTRY_SIZE;
  store<u32>(entry, place, ENTRY_LOCATION);
  store<u32>(entry, <u32>cell, ENTRY_CELL);
  store<u32>(COMMIT_COUNT, count + 1);
}

@inline
function recordOf(view: usize): u32 {
  let record = load<u32>(view, VIEW_RECORD);
  if (record == 0) {
    record = <u32>internAccount(view + VIEW_ADDRESS);
    store<u32>(view, record, VIEW_RECORD);
  }
  return record;
}

@inline
function storageRecordOf(slot: usize, account: u32): u32 {
  let record = load<u32>(slot, SLOT_RECORD);
  if (record == 0) {
    record = <u32>internStorage(account, slot);
    store<u32>(slot, record, SLOT_RECORD);
  }
  return record;
}

/** Collects the changed locations of the run as complete cells of `version`. */
function collectWrites(context: usize, version: u64): void {
  const value = scratch + 2048;
  store<u32>(COMMIT_COUNT, 0);
  for (let view = viewsOf(context); view != 0; view = load<u32>(view, VIEW_NEXT)) {
    const flags = load<u32>(view, VIEW_FLAGS);
    if ((flags & VIEW_BALANCE_LOADED) != 0 && !eq(view + VIEW_BALANCE, view + VIEW_BALANCE_READ)) {
      // A delta on what is committed now, which need not be what the run saw.
      const place = location(recordOf(view), LOCATION_BALANCE);
      sub(value, view + VIEW_BALANCE, view + VIEW_BALANCE_READ);
      const committed = scratch + 2080;
      cellValue(headOf(place), committed);
      add(value, value, committed);
      addEntry(place, createCell(version, value, 0));
    }
    if ((flags & VIEW_NONCE_LOADED) != 0 && load<u64>(view, VIEW_NONCE) != load<u64>(view, VIEW_NONCE_READ)) {
      setU64(value, load<u64>(view, VIEW_NONCE));
      addEntry(location(recordOf(view), LOCATION_NONCE), createCell(version, value, 0));
    }
    if ((flags & VIEW_CODE_LOADED) != 0) {
      const code = <usize>load<u32>(view, VIEW_CODE);
      const before = <usize>load<u32>(view, VIEW_CODE_READ);
      if (code != before && !eq(code + CODE_HASH, before + CODE_HASH)) {
        const shared = internCode(code);
        addEntry(location(recordOf(view), LOCATION_CODE), createCell(version, shared + CODE_HASH, shared));
      }
    }
    for (let slot = <usize>load<u32>(view, VIEW_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_NEXT)) {
      if (eq(slot + SLOT_CURRENT, slot + SLOT_ORIGINAL)) continue;
      const record = storageRecordOf(slot, recordOf(view));
      addEntry(location(record, LOCATION_STORAGE), createCell(version, slot + SLOT_CURRENT, 0));
    }
  }
}

/**
 * A balance counts as read when its exact amount was, or when the outcome depends on what this block did to it: the balance
 * before the block lies outside the interval. So the set is the same whatever a speculative run happened to see.
 */
function readsBalance(view: usize, flags: u32, record: u32): bool {
  if ((flags & VIEW_BALANCE_LOADED) == 0) return false;
  if ((flags & VIEW_BALANCE_EXACT) != 0) return true;
  const before = scratch + 2048;
  cellValue(cellAt(location(record, LOCATION_BALANCE), load<u64>(BLOCK_BASE)), before);
  return lt(before, view + VIEW_BALANCE_LOW) || gt(before, view + VIEW_BALANCE_HIGH);
}

/** Keeps the committed access sets of the run: references of what it read, then of what it changed. */
function keepAccesses(context: usize, result: usize): void {
  let capacity: u32 = load<u32>(COMMIT_COUNT);
  for (let view = viewsOf(context); view != 0; view = load<u32>(view, VIEW_NEXT)) {
    capacity += 3;
    for (let slot = <usize>load<u32>(view, VIEW_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_NEXT)) capacity++;
  }
  const list = allocate(capacity << 2);
  let top = list;
  for (let view = viewsOf(context); view != 0; view = load<u32>(view, VIEW_NEXT)) {
    const record = recordOf(view);
    const flags = load<u32>(view, VIEW_FLAGS);
    if (readsBalance(view, flags, record)) {
      store<u32>(top, location(record, LOCATION_BALANCE));
      top += 4;
    }
    if ((flags & (VIEW_NONCE_LOADED | VIEW_NONCE_PRESET)) == VIEW_NONCE_LOADED) {
      store<u32>(top, location(record, LOCATION_NONCE));
      top += 4;
    }
    if ((flags & VIEW_CODE_LOADED) != 0) {
      store<u32>(top, location(record, LOCATION_CODE));
      top += 4;
    }
    for (let slot = <usize>load<u32>(view, VIEW_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_NEXT)) {
      store<u32>(top, location(storageRecordOf(slot, record), LOCATION_STORAGE));
      top += 4;
    }
  }
  const reads = <u32>(top - list) >> 2;
  const writes = load<u32>(COMMIT_COUNT);
  const entries = <usize>load<u32>(COMMIT_ENTRIES);
  for (let i: u32 = 0; i < writes; i++) {
    store<u32>(top, load<u32>(entries + i * ENTRY_SIZE, ENTRY_LOCATION));
    top += 4;
  }
  store<u32>(result, <u32>list, RESULT_ACCESSES);
  store<u32>(result, capacity, RESULT_ACCESS_CAPACITY);
  store<u32>(result, reads, RESULT_READ_COUNT);
  store<u32>(result, writes, RESULT_WRITE_COUNT);
}

function keepResult(context: usize, result: usize): void {
  store<u32>(result, load<u32>(context, CONTEXT_OUTCOME), RESULT_OUTCOME);
  const gasUsed = load<u64>(context, CONTEXT_GAS_USED);
  store<u64>(result, gasUsed, RESULT_GAS_USED);
  store<u64>(result, load<u64>(context, CONTEXT_GAS_REFUNDED), RESULT_GAS_REFUNDED);
  store<u64>(result, load<u64>(BLOCK_GAS_USED) + gasUsed, RESULT_CUMULATIVE_GAS);
  store<u64>(result, load<u64>(context, CONTEXT_BLOB_GAS), RESULT_BLOB_GAS);
  store<u32>(result, load<u32>(BLOCK_INCLUDED), RESULT_INDEX);
  store<u32>(result, load<u32>(context, CONTEXT_HAS_CONTRACT), RESULT_HAS_CONTRACT);
  copy(result + RESULT_CONTRACT, context + CONTEXT_CONTRACT);
  copy(result + RESULT_GAS_PRICE, context + CONTEXT_GAS_PRICE);
  memory.copy(result + RESULT_BLOOM, context + CONTEXT_BLOOM, 256);
  keep(result, RESULT_LOGS, RESULT_LOGS_LENGTH, load<u32>(context, CONTEXT_LOGS),
    load<u32>(context, CONTEXT_LOGS_END) - load<u32>(context, CONTEXT_LOGS));
  keep(result, RESULT_OUTPUT, RESULT_OUTPUT_LENGTH, load<u32>(context, CONTEXT_OUTPUT),
    load<u32>(context, CONTEXT_OUTPUT_LENGTH));
}

/** Copies what would die with the context; releaseResults() gives it back. */
function keep(result: usize, place: usize, lengthPlace: usize, bytes: usize, length: u32): void {
  store<u32>(result + lengthPlace, length);
  if (length == 0) return;
  const kept = allocate(length);
  memory.copy(kept, bytes, length);
  store<u32>(result + place, <u32>kept);
}

/** Seals the run in `context` as the commit of the transaction at `position`. */
export function seal(position: u32, context: usize, result: usize, version: u64): void {
  collectWrites(context, version);
  keepAccesses(context, result);
  keepResult(context, result);
  sealWrites();
  store<u64>(COMMIT_BLOB_GAS, load<u64>(BLOCK_BLOB_GAS_USED) + load<u64>(result, RESULT_BLOB_GAS));
  atomic.store<u32>(COMMIT_STATE, position + 1);
}

/** Notes in the undo log which locations change for the first time in this block. */
function sealWrites(): void {
  const count = load<u32>(COMMIT_COUNT);
  reserveUndo(count);
  let top = load<u32>(UNDO_TOP);
  const entries = <usize>load<u32>(COMMIT_ENTRIES);
  for (let i: u32 = 0; i < count; i++) {
    const place = load<u32>(entries + i * ENTRY_SIZE, ENTRY_LOCATION);
    if (!changedInBlock(headOf(place))) store<u32>(undoEntry(top++), place);
  }
  store<u32>(COMMIT_UNDO_TOP, top);
}

function publishWrites(): void {
  const count = load<u32>(COMMIT_COUNT);
  const entries = <usize>load<u32>(COMMIT_ENTRIES);
  for (let i: u32 = 0; i < count; i++) {
    const entry = entries + i * ENTRY_SIZE;
    publish(load<u32>(entry, ENTRY_LOCATION), load<u32>(entry, ENTRY_CELL));
    meeting();
  }
  store<u32>(UNDO_TOP, load<u32>(COMMIT_UNDO_TOP));
}

/** Publishes what seal() left; returns the transaction's position. */
export function finishCommit(): u32 {
  publishWrites();
  const position = load<u32>(COMMIT_STATE) - 1;
  const result = <usize>load<u32>(BLOCK_RESULTS) + position * RESULT_SIZE;
  store<u64>(BLOCK_GAS_USED, load<u64>(result, RESULT_CUMULATIVE_GAS));
  store<u64>(BLOCK_BLOB_GAS_USED, load<u64>(COMMIT_BLOB_GAS));
  store<u32>(BLOCK_INCLUDED, load<u32>(result, RESULT_INDEX) + 1);
  return position;
}

/** Commits a run that belongs to no transaction of the list: a system call. */
export function commitDirectly(context: usize, version: u64): void {
  collectWrites(context, version);
  sealWrites();
  publishWrites();
}

/** Gives back what `count` results keep outside themselves. */
export function releaseResults(count: u32): void {
  for (let i: u32 = 0; i < count; i++) {
    const result = <usize>load<u32>(BLOCK_RESULTS) + i * RESULT_SIZE;
    const logs = load<u32>(result, RESULT_LOGS_LENGTH);
    if (logs != 0) release(load<u32>(result, RESULT_LOGS), logs);
    const output = load<u32>(result, RESULT_OUTPUT_LENGTH);
    if (output != 0) release(load<u32>(result, RESULT_OUTPUT), output);
    const accesses = load<u32>(result, RESULT_ACCESSES);
    if (accesses != 0) release(accesses, load<u32>(result, RESULT_ACCESS_CAPACITY) << 2);
  }
}
