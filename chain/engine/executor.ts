// Optimistic execution of a block, committed in order. Threads take the next transaction and run it against the newest
// committed cells; whoever holds the commit token validates and publishes the transaction at the frontier, or runs it again
// right there, where nobody can invalidate it. So the result is the sequential one by construction.
// It must know nothing of opcodes or of how the host got the transactions.

import {
  BLOCK_BLOB_GAS_USED, BLOCK_COUNT, BLOCK_FRONTIER, BLOCK_GAS_USED, BLOCK_INCLUDED, BLOCK_NEXT, BLOCK_RESULTS,
  BLOCK_TRANSACTIONS, COMMIT_STATE, ENVIRONMENT, EXCLUDED_BLOB_GAS, EXCLUDED_BLOCK_GAS, EXCLUDED_MEMORY,
  EXCLUDED_NONCE_TOO_HIGH, EXCLUDED_NONCE_TOO_LOW, EXECUTION_BASE, HEAD_VERSION,
  HOOK_REPLAY_SEED, HOOK_SKIP_VALIDATION, LOCATION_NONCE, RESULT_ATTEMPTS, RESULT_CONTEXT, RESULT_EXCLUSION,
  RESULT_FINISHED, RESULT_SIZE, RESULT_STARTED, RESULT_STATE, RESULT_WASTED_GAS, RESULT_WORKER, STATE_DONE,
  STATE_EXECUTED, STATE_PENDING, STATE_RUNNING, TOKEN, TOKEN_ARENA, TOKEN_CONTEXT, TOKEN_CONTEXT_SIZE, TOKEN_EPOCH,
} from "./control";
import { useArena } from "./arena";
import { beginBudget, callOff, endBudget, resetBudget } from "./budget";
import { finishCommit, seal } from "./commit";
import { meeting, spin } from "./hooks";
import { FRAMES_SIZE } from "./frame";
import { clock } from "./host";
import { worker } from "./instance";
import { beginJournal } from "./journal";
import {
  CONTEXT_EXCLUSION, CONTEXT_FINISHED, CONTEXT_GAS_USED, CONTEXT_STARTED, CONTEXT_STOPPED, CONTEXT_WORKER,
  ENV_GAS_LIMIT, ENV_MAX_BLOB_GAS, TX_BLOB_HASHES_COUNT, TX_FLAGS, TX_FLAG_SYSTEM, TX_GAS_LIMIT, TX_NONCE, TX_SENDER,
} from "./layout";
import { CELL_VALUE, findAccount, headOf, location } from "./state";
import { runTransaction } from "./transaction";
import { isValid } from "./validation";

/* MEMORY of one instance: contexts for speculative runs that wait for their commit, and a small arena */

const CONTEXTS: u32 = 8;
const CONTEXT_SIZE: u32 = 512 * 1024;
const ARENA_FRAMES: u32 = FRAMES_SIZE;
const ARENA_STACK: u32 = 2 * 1024 * 1024;
const ARENA_RETURNS: u32 = 512 * 1024;
const ARENA_MEMORY: u32 = 8 * 1024 * 1024;
export const SPECULATION_SIZE: u32 = CONTEXTS * CONTEXT_SIZE + ARENA_FRAMES + ARENA_STACK + ARENA_RETURNS + ARENA_MEMORY;

/* The one large place, for whoever holds the token: 1,024 memories of a megabyte fit, or a million transient slots. It is
   address space; only what is touched becomes memory. */
const LARGE_CONTEXT: u32 = 384 * 1024 * 1024;
const LARGE_STACK: u32 = 40 * 1024 * 1024;
const LARGE_RETURNS: u32 = 64 * 1024 * 1024;
const LARGE_MEMORY: u32 = 1152 * 1024 * 1024;
export const TOKEN_SIZE: u32 = LARGE_CONTEXT + ARENA_FRAMES + LARGE_STACK + LARGE_RETURNS + LARGE_MEMORY;

let contexts: usize = 0;
let arena: usize = 0;

/* While a context is free its first word after the header's worker field is no transaction of the block. */
const CONTEXT_POSITION: usize = CONTEXT_WORKER; // u32, 1 + position, 0 when free

/** Gives this instance SPECULATION_SIZE bytes at `region`. */
export function useSpeculation(region: usize): void {
  contexts = region;
  arena = region + CONTEXTS * CONTEXT_SIZE;
}

/** Tells where the large context and arena are: TOKEN_SIZE bytes at `region`. */
export function placeTokenArena(region: usize): void {
  store<u32>(TOKEN_CONTEXT, <u32>region);
  store<u32>(TOKEN_CONTEXT_SIZE, LARGE_CONTEXT);
  store<u32>(TOKEN_ARENA, <u32>region + LARGE_CONTEXT);
}

export function useLargeArena(): void {
  useArena(load<u32>(TOKEN_ARENA), ARENA_FRAMES, LARGE_STACK, LARGE_RETURNS, LARGE_MEMORY);
}

function useSmallArena(): void {
  useArena(arena, ARENA_FRAMES, ARENA_STACK, ARENA_RETURNS, ARENA_MEMORY);
}

@inline
function resultOf(position: u32): usize {
  return <usize>load<u32>(BLOCK_RESULTS) + position * RESULT_SIZE;
}

@inline
function transactionOf(position: u32): usize {
  return load<u32>(<usize>load<u32>(BLOCK_TRANSACTIONS) + (position << 2));
}

@inline
function running(): u32 {
  return STATE_RUNNING | (worker << 8);
}

/* ONE RUN */

/** Runs a transaction into the context at `context`. */
function run(position: u32, context: usize, size: u32, speculative: bool): void {
  const transaction = transactionOf(position);
  let seed: u64 = 0;
  if (speculative) {
    seed = load<u64>(HOOK_REPLAY_SEED);
    if (seed != 0) seed = (seed ^ ((<u64>position + 1) * 0x9e3779b97f4a7c15)) | 1;
  }
  const started = clock();
  beginJournal(context, size, ENVIRONMENT, transaction, u64.MAX_VALUE, speculative, seed);
  runTransaction();
  store<f64>(context, started, CONTEXT_STARTED);
  store<f64>(context, clock(), CONTEXT_FINISHED);
}

/* SPECULATION */

/** A context whose transaction is done, 0 when all of them wait. */
function freeContext(): usize {
  for (let i: u32 = 0; i < CONTEXTS; i++) {
    const context = contexts + i * CONTEXT_SIZE;
    const position = load<u32>(context, CONTEXT_POSITION);
    if (position == 0) return context;
    if (atomic.load<u32>(resultOf(position - 1) + RESULT_STATE) == STATE_DONE) {
      store<u32>(context, 0, CONTEXT_POSITION);
      return context;
    }
  }
  return 0;
}

/** Takes the next transaction and runs it ahead of its turn. False when there is nothing to take. */
function speculate(): bool {
  const count = load<u32>(BLOCK_COUNT);
  if (atomic.load<u32>(BLOCK_NEXT) >= count) return false;
  const context = freeContext();
  if (context == 0) return false;
  const position = atomic.add<u32>(BLOCK_NEXT, 1);
  if (position >= count) return false;
  const result = resultOf(position);
  if (atomic.cmpxchg<u32>(result + RESULT_STATE, STATE_PENDING, running()) != STATE_PENDING) return true;
  meeting();
  useSmallArena();
  beginBudget(position);
  run(position, context, CONTEXT_SIZE, true);
  endBudget();
  store<u32>(context, position + 1, CONTEXT_POSITION);
  store<u32>(result, <u32>context, RESULT_CONTEXT);
  store<u32>(result, worker, RESULT_WORKER);
  meeting();
  if (atomic.cmpxchg<u32>(result + RESULT_STATE, running(), STATE_EXECUTED) != running()) {
    store<u32>(context, 0, CONTEXT_POSITION); // taken over in the meantime
  }
  return true;
}

/* COMMIT, all of it under the token */

/** What is decided before validation: nonce, block gas, blob gas. An exclusion or 0. */
function inadmissible(transaction: usize): u32 {
  if ((load<u8>(transaction, TX_FLAGS) & TX_FLAG_SYSTEM) != 0) return 0;
  const record = findAccount(transaction + TX_SENDER);
  let committed: u64 = 0;
  if (record != 0) {
    const cell = headOf(location(record, LOCATION_NONCE));
    if (cell != 0) committed = load<u64>(cell, CELL_VALUE);
  }
  const nonce = load<u64>(transaction, TX_NONCE);
  if (nonce < committed) return EXCLUDED_NONCE_TOO_LOW;
  if (nonce > committed) return EXCLUDED_NONCE_TOO_HIGH;
  if (load<u64>(transaction, TX_GAS_LIMIT) > load<u64>(ENVIRONMENT, ENV_GAS_LIMIT) - load<u64>(BLOCK_GAS_USED)) {
    return EXCLUDED_BLOCK_GAS;
  }
  const blobGas = <u64>load<u32>(transaction, TX_BLOB_HASHES_COUNT) << 17;
  if (load<u64>(BLOCK_BLOB_GAS_USED) + blobGas > <u64>load<u32>(ENVIRONMENT, ENV_MAX_BLOB_GAS)) return EXCLUDED_BLOB_GAS;
  return 0;
}

/** Ends a transaction without a trace in the state. */
function exclude(position: u32, reason: u32): void {
  const result = resultOf(position);
  store<u32>(result, reason, RESULT_EXCLUSION);
  store<u32>(result, 0, RESULT_CONTEXT);
  atomic.store<u32>(result + RESULT_STATE, STATE_DONE);
  atomic.store<u32>(BLOCK_FRONTIER, position + 1);
}

/** Commits the transaction at the frontier, whose speculative run waits in its context (or 0: run it now). */
function commit(position: u32, waiting: usize): void {
  const transaction = transactionOf(position);
  const result = resultOf(position);
  let reason = inadmissible(transaction);
  // A transaction that is invalid in itself is excluded for that rather than for where it stands.
  let context = waiting;
  if (reason != 0 && reason != EXCLUDED_BLOCK_GAS && reason != EXCLUDED_BLOB_GAS) {
    exclude(position, reason);
    return;
  }
  store<u32>(result, load<u32>(result, RESULT_ATTEMPTS) + 1, RESULT_ATTEMPTS);
  if (waiting != 0) {
    const inconclusive = load<u32>(waiting, CONTEXT_STOPPED) != 0 || load<u32>(waiting, CONTEXT_EXCLUSION) != 0;
    if (inconclusive || !(isValid(waiting, result) || load<u32>(HOOK_SKIP_VALIDATION) != 0)) {
      store<u64>(result, load<u64>(result, RESULT_WASTED_GAS) + load<u64>(waiting, CONTEXT_GAS_USED), RESULT_WASTED_GAS);
      store<u32>(result, load<u32>(result, RESULT_ATTEMPTS) + 1, RESULT_ATTEMPTS);
      context = 0;
    }
  }
  if (context == 0) {
    context = load<u32>(TOKEN_CONTEXT);
    store<u32>(result, worker, RESULT_WORKER);
    useLargeArena();
    run(position, context, LARGE_CONTEXT, false);
    const excluded = load<u32>(context, CONTEXT_EXCLUSION);
    if (excluded != 0) {
      exclude(position, excluded);
      return;
    }
    if (load<u32>(context, CONTEXT_STOPPED) != 0) {
      exclude(position, EXCLUDED_MEMORY);
      return;
    }
  }
  if (reason != 0) {
    exclude(position, reason);
    return;
  }
  store<f64>(result, load<f64>(context, CONTEXT_STARTED), RESULT_STARTED);
  store<f64>(result, load<f64>(context, CONTEXT_FINISHED), RESULT_FINISHED);
  seal(position, context, result, load<u64>(EXECUTION_BASE) + 1 + position);
  meeting();
  conclude();
}

/** Publishes the sealed write set. A successor of a dead holder does the same again, to the same end. */
function conclude(): void {
  const position = finishCommit();
  atomic.store<u32>(resultOf(position) + RESULT_STATE, STATE_DONE);
  atomic.store<u32>(BLOCK_FRONTIER, position + 1);
  atomic.store<u32>(COMMIT_STATE, 0);
}

/** Commits as far as possible, if nobody else does. True when something was done. */
function advance(): bool {
  const count = load<u32>(BLOCK_COUNT);
  let progress = false;
  while (true) {
    if (atomic.cmpxchg<u32>(TOKEN, 0, worker + 1) != 0) return progress;
    while (true) {
      const position = atomic.load<u32>(BLOCK_FRONTIER);
      if (position >= count) break;
      const result = resultOf(position);
      const state = atomic.load<u32>(result + RESULT_STATE);
      if (state == STATE_EXECUTED) {
        commit(position, load<u32>(result, RESULT_CONTEXT));
      } else if (state == STATE_PENDING) {
        // The replay mode speculates on everything, unless who took it was lost.
        if (load<u64>(HOOK_REPLAY_SEED) != 0 && atomic.load<u32>(BLOCK_NEXT) <= position) break;
        if (atomic.cmpxchg<u32>(result + RESULT_STATE, STATE_PENDING, running()) != STATE_PENDING) continue;
        atomic.cmpxchg<u32>(BLOCK_NEXT, position, position + 1);
        commit(position, 0);
      } else {
        break;
      }
      progress = true;
      meeting();
    }
    atomic.store<u32>(TOKEN, 0);
    // Whoever finished the frontier's run in the meantime may have found the token taken.
    const position = atomic.load<u32>(BLOCK_FRONTIER);
    if (position >= count || atomic.load<u32>(resultOf(position) + RESULT_STATE) != STATE_EXECUTED) return progress;
  }
}

/* How often a thread looks again before it tells its host that it waits for somebody. */
const PATIENCE: u32 = 20000;

/* How often a thread runs out of patience over the same transaction before it calls off who runs it. */
const BUDGET: u32 = 20;

let waitedFor: u32 = 0;
let waits: u32 = 0;

/** Called when this thread has waited for long: ends a speculation that holds everybody up. */
function weighBudget(): void {
  const position = atomic.load<u32>(BLOCK_FRONTIER);
  if (position != waitedFor) {
    waitedFor = position;
    waits = 0;
  }
  if (++waits < BUDGET || position >= load<u32>(BLOCK_COUNT) || atomic.load<u32>(TOKEN) != 0) return;
  const state = atomic.load<u32>(resultOf(position) + RESULT_STATE);
  if ((state & 0xff) == STATE_RUNNING) callOff(state >> 8, position);
}

/** Takes part until the block is done (1), or until nothing has moved for long (0: look after the others, call again). */
export function participate(): u32 {
  let idle: u32 = 0;
  while (true) {
    if (atomic.load<u32>(BLOCK_FRONTIER) >= load<u32>(BLOCK_COUNT)) return 1;
    if (advance() || speculate()) {
      idle = 0;
      continue;
    }
    if (++idle > PATIENCE) {
      weighBudget();
      return 0;
    }
    spin(16);
  }
}

/** Prepares the execution of `count` transactions whose tables are in place. */
export function beginExecution(count: u32): void {
  store<u32>(BLOCK_COUNT, count);
  memory.fill(load<u32>(BLOCK_RESULTS), 0, count * RESULT_SIZE);
  store<u64>(BLOCK_GAS_USED, 0);
  store<u64>(BLOCK_BLOB_GAS_USED, 0);
  store<u32>(BLOCK_INCLUDED, 0);
  store<u64>(EXECUTION_BASE, load<u64>(HEAD_VERSION));
  atomic.store<u32>(COMMIT_STATE, 0);
  atomic.store<u32>(TOKEN, 0);
  atomic.store<u32>(BLOCK_FRONTIER, 0);
  atomic.store<u32>(BLOCK_NEXT, 0);
}

/** All transactions are done and no thread is inside any more. */
export function endExecution(): void {
  store<u64>(HEAD_VERSION, load<u64>(EXECUTION_BASE) + load<u32>(BLOCK_COUNT));
}

/** Frees this instance's contexts; every participant calls it when it enters a block. */
export function enterBlock(): void {
  resetBudget();
  for (let i: u32 = 0; i < CONTEXTS; i++) store<u32>(contexts + i * CONTEXT_SIZE, 0, CONTEXT_POSITION);
}

/**
 * Cleans up after a thread that died: finishes its sealed commit, frees its token and hands its transactions on.
 * With `trapped` the transaction that it ran under the token is excluded, since it would trap again.
 */
export function bury(dead: u32, trapped: bool): void {
  const position = atomic.load<u32>(BLOCK_FRONTIER);
  const count = load<u32>(BLOCK_COUNT);
  if (atomic.load<u32>(TOKEN) == dead + 1) {
    if (atomic.load<u32>(COMMIT_STATE) != 0) {
      conclude();
    } else if (position < count) {
      if (trapped) exclude(position, EXCLUDED_MEMORY);
      else atomic.store<u32>(resultOf(position) + RESULT_STATE, STATE_PENDING);
    }
    atomic.add<u32>(TOKEN_EPOCH, 1);
    atomic.store<u32>(TOKEN, 0);
  }
  const mark = STATE_RUNNING | (dead << 8);
  for (let i = atomic.load<u32>(BLOCK_FRONTIER); i < count; i++) {
    atomic.cmpxchg<u32>(resultOf(i) + RESULT_STATE, mark, STATE_PENDING);
  }
}
