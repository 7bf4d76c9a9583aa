// Accounts as the running transaction sees and changes them. Balances are kept as (first read, current): what is added or
// taken is a delta, and unless the exact amount was read, an interval remembers which committed balances would have had the
// same outcome.

import { precompileId } from "./addresses";
import { codeRecordSize, writeCodeRecord } from "./analysis";
import { LOCATION_BALANCE, LOCATION_CODE, LOCATION_NONCE } from "./control";
import { scratch } from "./instance";
import {
  UNDO_BALANCE, UNDO_CODE, UNDO_NONCE, UNDO_VALUE, addEntry, appendView, findEntry, firstView, fork, isStopped,
  journalAllocate, mark, readCode, readPc, setFlags, undo,
} from "./journal";
import { CODE_LENGTH } from "./layout";
import { logged, observe, observeAccount, readVersion } from "./observation";
import { CELL_CODE, CELL_VALUE, emptyCode, hasStorage, location } from "./state";
import { addCarry, copy, gt, isZero, lt, sub, subBorrow, zero } from "./u256";
import {
  SLOT_CURRENT, SLOT_NEXT, VIEW_BALANCE, VIEW_BALANCE_CELL, VIEW_BALANCE_EXACT, VIEW_BALANCE_HIGH,
  VIEW_BALANCE_LOADED, VIEW_BALANCE_LOW, VIEW_BALANCE_READ, VIEW_CODE, VIEW_CODE_CELL, VIEW_CODE_LOADED,
  VIEW_CODE_READ, VIEW_CREATED, VIEW_DESTRUCTED, VIEW_FLAGS, VIEW_FREE, VIEW_NEXT, VIEW_NONCE, VIEW_NONCE_CELL,
  VIEW_NONCE_LOADED, VIEW_NONCE_PRESET, VIEW_NONCE_READ, VIEW_PC, VIEW_READER, VIEW_RECORD, VIEW_SIZE, VIEW_SLOTS,
  VIEW_TOUCHED, VIEW_WARM,
} from "./views";

/** The view of the account at `address` (a word), created on first use. Reads nothing yet and does not warm it. */
export function account(address: usize): usize {
  const found = findEntry(address, 0);
  if (found != 0) return found;
  const view = addEntry(address, 0, VIEW_SIZE);
  if (isStopped() != 0) return view;
  store<u32>(view, <u32>observeAccount(address), VIEW_RECORD);
  store<u32>(view, readCode, VIEW_READER);
  store<u32>(view, readPc, VIEW_PC);
  // Precompiles are warm from the start (EIP-2929), without appearing in access lists.
  if (precompileId(address, fork()) != 0) store<u32>(view, VIEW_FREE | VIEW_WARM, VIEW_FLAGS);
  appendView(view);
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
