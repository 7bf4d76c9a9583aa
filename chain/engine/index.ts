// The engine's door: what the host calls. Addresses, keys and amounts come as words at addresses the host wrote to; versions
// as f64, since they stay below 2^53. One thread owns the engine; the others only ever call the functions under WORKERS.

import {
  COMMIT_CAPACITY, ENVIRONMENT, FREE_LISTS, HEAD_VERSION, INSTANCE_SIZE, JOB_EPOCH, JOB_OPEN, LOCATION_BALANCE,
  LOCATION_CODE, LOCATION_STORAGE, TOKEN_CONTEXT, TOKEN_CONTEXT_SIZE, WORKER_ACTIVE,
} from "./control";
import { commitDirectly } from "./commit";
import { SPECULATION_SIZE, TOKEN_SIZE, placeTokenArena, useLargeArena, useSpeculation } from "./executor";
import { setScratch, setWorker } from "./instance";
import * as accounts from "./account-views";
import * as journal from "./journal";
import * as slots from "./slot-views";
import * as views from "./views";
import { keccak256 as keccak } from "./keccak";
import { CODE_HASH, CONTEXT_OUTCOME, CONTEXT_STOPPED, OUTCOME_SUCCESS } from "./layout";
import { FREE_LISTS_SIZE, allocate, release, reserve, useFreeLists } from "./memory";
import * as state from "./state";
import { forgetBody } from "./body-roots";
import { forgetJobs } from "./roots";
import { runTransaction } from "./transaction";
import * as u256 from "./u256";

export { beginExecution, bury, endExecution, enterBlock, participate } from "./executor";
export { releaseResults } from "./commit";
export { finishBody, listBodyJobs, workOnBody } from "./body-roots";
export {
  collectDirty, finishRoot, listAccountJobs, listStorageJobs, proveAccount, proveStorage, rebuildTries, storageRoot,
  workOnTries,
} from "./roots";
export { logsHash } from "./receipt";
export { orderedTrieRoot } from "./ordered-trie";
export { openBlock, sealBlock } from "./state";
export { refundNow, returnDataLength, returnDataStart, seenAccount, seenCode, seenStorage } from "./tracing";

/* START */

/** Memory for one instance; the host keeps the address and may hand it to a successor of a dead instance. */
export function reserveInstance(): usize {
  return reserve(INSTANCE_SIZE + SPECULATION_SIZE);
}

/** Makes this instance number `worker`, living at `region`. The first call of every instance. */
export function useInstance(worker: u32, region: usize): void {
  setScratch(region);
  useFreeLists(FREE_LISTS);
  setWorker(worker);
  useSpeculation(region + INSTANCE_SIZE);
}

/** Lays out an empty state in a fresh heap, by the owner, after useInstance(0, ...). */
export function createState(): void {
  memory.fill(FREE_LISTS, 0, FREE_LISTS_SIZE);
  store<u32>(COMMIT_CAPACITY, 0);
  forgetJobs();
  forgetBody();
  state.createState();
}

export function reserveToken(): void {
  placeTokenArena(reserve(TOKEN_SIZE));
}

/* MEMORY for the host */

export function hostAllocate(size: u32): usize {
  return allocate(size);
}

export function hostRelease(start: usize, size: u32): void {
  release(start, size);
}

export function keccak256(dst: usize, src: usize, length: u32): void {
  keccak(dst, src, length);
}

/* READS */

export function headVersion(): f64 {
  return <f64>load<u64>(HEAD_VERSION);
}

@inline
function toVersion(version: f64): u64 {
  return version < 0 ? u64.MAX_VALUE : <u64>version;
}

/** Balance or nonce (LOCATION_*) as a word at `dst`; a negative version is the newest state. */
export function readAccount(address: usize, kind: u32, version: f64, dst: usize): void {
  const record = state.findAccount(address);
  if (record == 0) u256.zero(dst);
  else state.cellValue(state.cellAt(state.location(<u32>record, kind), toVersion(version)), dst);
}

/** The code record of an account. */
export function readCode(address: usize, version: f64): usize {
  const record = state.findAccount(address);
  if (record == 0) return state.emptyCode();
  const cell = state.cellAt(state.location(<u32>record, LOCATION_CODE), toVersion(version));
  return cell == 0 ? state.emptyCode() : load<u32>(cell, state.CELL_CODE);
}

export function readStorage(address: usize, key: usize, version: f64, dst: usize): void {
  u256.zero(dst);
  const account = state.findAccount(address);
  if (account == 0) return;
  const record = state.findStorage(account, key);
  if (record != 0) state.cellValue(state.cellAt(state.location(<u32>record, LOCATION_STORAGE), toVersion(version)), dst);
}

export function findAccount(address: usize): usize {
  return state.findAccount(address);
}

/* SETTERS: outside a block each is a version of its own (the host seals after it); inside, part of the block */

/** Sets balance or nonce (LOCATION_*) to the word at `value`. */
export function writeAccount(address: usize, kind: u32, value: usize): void {
  state.write(state.location(<u32>state.internAccount(address), kind), value, 0);
}

export function writeCode(address: usize, bytes: usize, length: u32): void {
  const code = state.internCodeBytes(bytes, length);
  state.write(state.location(<u32>state.internAccount(address), LOCATION_CODE), code + CODE_HASH, code);
}

export function writeStorage(address: usize, key: usize, value: usize): void {
  const record = state.internStorage(state.internAccount(address), key);
  state.write(state.location(<u32>record, LOCATION_STORAGE), value, 0);
}

/** Adds the word at `amount` to a balance; `work` is a word to use. */
export function credit(address: usize, amount: usize, work: usize): void {
  const place = state.location(<u32>state.internAccount(address), LOCATION_BALANCE);
  state.cellValue(state.headOf(place), work);
  u256.add(work, work, amount);
  state.write(place, work, 0);
}

export function popTo(version: f64): void {
  state.popTo(<u64>version);
}

/* CALLS, on the large context of the token: never while a block executes */

/** Prepares the message at `tx` in the environment at `env`, on the state of `version` (negative: the newest). */
export function beginCall(tx: usize, env: usize, version: f64): void {
  useLargeArena();
  journal.beginJournal(load<u32>(TOKEN_CONTEXT), load<u32>(TOKEN_CONTEXT_SIZE), env, tx, toVersion(version), false, 0);
}

export function overrideBalance(address: usize, value: usize): void {
  accounts.overrideBalance(accounts.account(address), value);
}

export function overrideNonce(address: usize, value: u64): void {
  accounts.overrideNonce(accounts.account(address), value);
}

export function overrideCode(address: usize, bytes: usize, length: u32): void {
  accounts.overrideCode(accounts.account(address), bytes, length);
}

export function replaceStorage(address: usize): void {
  slots.replaceStorage(accounts.account(address));
}

export function overrideSlot(address: usize, key: usize, value: usize): void {
  slots.overrideSlot(accounts.account(address), key, value);
}

/** Prepares the message at `tx` to run behind the last call, on what that left. Such a sequence never commits. */
export function nextCall(tx: usize, env: usize): void {
  journal.carryOver(env, tx);
}

/** Runs the prepared message; returns the context that holds the result (layout.ts, CONTEXT_*). */
export function runCall(): usize {
  runTransaction();
  return load<u32>(TOKEN_CONTEXT);
}

/** Runs a system call on the open block and commits it if it succeeds. Returns the context. */
export function runSystemCall(tx: usize): usize {
  useLargeArena();
  const context = <usize>load<u32>(TOKEN_CONTEXT);
  journal.beginJournal(context, load<u32>(TOKEN_CONTEXT_SIZE), ENVIRONMENT, tx, u64.MAX_VALUE, false, 0);
  runTransaction();
  const version = load<u64>(HEAD_VERSION) + 1;
  if (load<u32>(context, CONTEXT_OUTCOME) == OUTCOME_SUCCESS && load<u32>(context, CONTEXT_STOPPED) == 0) {
    commitDirectly(context, version);
    store<u64>(HEAD_VERSION, version);
  }
  return context;
}

/** Writes the warm accounts and slots of the last call as access list entries (layout.ts); returns the bytes, or 0xffffffff. */
export function writeAccessList(out: usize, capacity: u32): u32 {
  let top = out;
  const end = out + capacity;
  for (let view = journal.viewsOf(load<u32>(TOKEN_CONTEXT)); view != 0; view = load<u32>(view, views.VIEW_NEXT)) {
    if (!accounts.isListed(view)) continue;
    if (top + 40 > end) return u32.MAX_VALUE;
    const entry = top;
    u256.copy(entry, view);
    let keys: u32 = 0;
    top += 40;
    for (let slot = <usize>load<u32>(view, views.VIEW_SLOTS); slot != 0; slot = load<u32>(slot, views.SLOT_NEXT)) {
      if ((load<u32>(slot, views.SLOT_FLAGS) & views.SLOT_WARM) == 0) continue;
      if (top + 32 > end) return u32.MAX_VALUE;
      u256.copy(top, slot);
      top += 32;
      keys++;
    }
    store<u32>(entry, keys, 32);
    store<u32>(entry, 0, 36);
  }
  return <u32>(top - out);
}

/* WORKERS */

/* Looks that a worker spends on the next job before it sleeps: a few microseconds. */
const SPINS: u32 = 2000;

/** Waits until the job epoch differs from `seen`; returns the new one. */
export function awaitJob(seen: u32): u32 {
  for (let i: u32 = 0; i < SPINS; i++) {
    const epoch = atomic.load<u32>(JOB_EPOCH);
    if (epoch != seen) return epoch;
  }
  while (atomic.load<u32>(JOB_EPOCH) == seen) atomic.wait<i32>(JOB_EPOCH, <i32>seen, -1);
  return atomic.load<u32>(JOB_EPOCH);
}

/** Enters the open job, if it still is that of `epoch`. A worker that entered must leave. */
export function enterJob(worker: u32, epoch: u32): bool {
  const active = WORKER_ACTIVE + (worker << 6);
  atomic.store<u32>(active, 1);
  if (atomic.load<u32>(JOB_OPEN) != 0 && atomic.load<u32>(JOB_EPOCH) == epoch) return true;
  atomic.store<u32>(active, 0);
  return false;
}

export function leaveJob(worker: u32): void {
  atomic.store<u32>(WORKER_ACTIVE + (worker << 6), 0);
}

/** Opens the job that the control block describes and wakes up to `helpers` workers. */
export function openJob(helpers: u32): void {
  atomic.store<u32>(JOB_OPEN, 1);
  atomic.add<u32>(JOB_EPOCH, 1);
  if (helpers != 0) atomic.notify(JOB_EPOCH, helpers);
}

/** Lets nobody in any more. */
export function closeJob(): void {
  atomic.store<u32>(JOB_OPEN, 0);
}
