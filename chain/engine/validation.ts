// Whether a finished speculative run saw the state that it would see now, at its turn: by cell identity first, then by value,
// so that a store of the value already there invalidates nobody. Runs under the commit token; changes nothing but the view's
// record addresses (absent ones that have been interned since) and the conflicts of the result.

import {
  CONFLICT_CODE, CONFLICT_LOCATION, CONFLICT_PC, CONFLICT_SIZE, CONFLICT_WRITER, EXECUTION_BASE, LOCATION_BALANCE,
  LOCATION_CODE, LOCATION_NONCE, LOCATION_STORAGE, RESULT_CONFLICTS, RESULT_CONFLICT_COUNT, RESULT_MAX_CONFLICTS,
} from "./control";
import { scratch } from "./instance";
import { viewsOf } from "./journal";
import { DROPPED_READ } from "./observation";
import {
  SLOT_CELL, SLOT_NEXT, SLOT_ORIGINAL, SLOT_PC, SLOT_READER, SLOT_RECORD, VIEW_ADDRESS, VIEW_BALANCE_CELL,
  VIEW_BALANCE_EXACT, VIEW_BALANCE_HIGH, VIEW_BALANCE_LOADED, VIEW_BALANCE_LOW, VIEW_BALANCE_READ, VIEW_CODE_CELL,
  VIEW_CODE_LOADED, VIEW_CODE_READ, VIEW_FLAGS, VIEW_NEXT, VIEW_NONCE_CELL, VIEW_NONCE_LOADED, VIEW_NONCE_PRESET,
  VIEW_NONCE_READ, VIEW_PC, VIEW_READER, VIEW_RECORD, VIEW_SLOTS,
} from "./views";
import {
  CELL_CODE, CELL_VALUE, CELL_VERSION, cellValue, emptyCode, findAccount, findStorage, headOf, location,
} from "./state";
import { eq, gt, lt } from "./u256";

/** Whether the run in `context` still holds; what does not is noted in `result`, as many as fit. */
export function isValid(context: usize, result: usize): bool {
  let valid = true;
  for (let view = viewsOf(context); view != 0; view = load<u32>(view, VIEW_NEXT)) {
    let record = load<u32>(view, VIEW_RECORD);
    if (record == 0) {
      // Read as absent; if it is still absent, every value is still zero.
      record = <u32>findAccount(view + VIEW_ADDRESS);
      if (record == 0) continue;
      store<u32>(view, record, VIEW_RECORD);
    }
    if (!isAccountValid(view, record, result)) valid = false;
    for (let slot = <usize>load<u32>(view, VIEW_SLOTS); slot != 0; slot = load<u32>(slot, SLOT_NEXT)) {
      if (!isSlotValid(slot, record, result)) valid = false;
    }
  }
  return valid;
}

function isAccountValid(view: usize, record: u32, result: usize): bool {
  const flags = load<u32>(view, VIEW_FLAGS);
  let valid = true;
  if ((flags & VIEW_BALANCE_LOADED) != 0) {
    const place = location(record, LOCATION_BALANCE);
    const head = headOf(place);
    if (differs(head, load<u32>(view, VIEW_BALANCE_CELL))) {
      const now = scratch + 2048;
      cellValue(head, now);
      const holds = (flags & VIEW_BALANCE_EXACT) != 0
        ? eq(now, view + VIEW_BALANCE_READ)
        : !lt(now, view + VIEW_BALANCE_LOW) && !gt(now, view + VIEW_BALANCE_HIGH);
      if (!holds) valid = conflict(result, place, head, load<u32>(view, VIEW_PC), load<u32>(view, VIEW_READER));
    }
  }
  if ((flags & (VIEW_NONCE_LOADED | VIEW_NONCE_PRESET)) == VIEW_NONCE_LOADED) {
    const place = location(record, LOCATION_NONCE);
    const head = headOf(place);
    if (differs(head, load<u32>(view, VIEW_NONCE_CELL))) {
      const now: u64 = head == 0 ? 0 : load<u64>(head, CELL_VALUE);
      if (now != load<u64>(view, VIEW_NONCE_READ)) {
        valid = conflict(result, place, head, load<u32>(view, VIEW_PC), load<u32>(view, VIEW_READER));
      }
    }
  }
  if ((flags & VIEW_CODE_LOADED) != 0) {
    const place = location(record, LOCATION_CODE);
    const head = headOf(place);
    if (differs(head, load<u32>(view, VIEW_CODE_CELL))) {
      const now = head == 0 ? emptyCode() : load<u32>(head, CELL_CODE);
      if (now != load<u32>(view, VIEW_CODE_READ)) {
        valid = conflict(result, place, head, load<u32>(view, VIEW_PC), load<u32>(view, VIEW_READER));
      }
    }
  }
  return valid;
}

function isSlotValid(slot: usize, account: u32, result: usize): bool {
  let record = load<u32>(slot, SLOT_RECORD);
  if (record == 0) {
    record = <u32>findStorage(account, slot);
    if (record == 0) return true;
    store<u32>(slot, record, SLOT_RECORD);
  }
  const place = location(record, LOCATION_STORAGE);
  const head = headOf(place);
  if (!differs(head, load<u32>(slot, SLOT_CELL))) return true;
  const now = scratch + 2048;
  cellValue(head, now);
  if (eq(now, slot + SLOT_ORIGINAL)) return true;
  return conflict(result, place, head, load<u32>(slot, SLOT_PC), load<u32>(slot, SLOT_READER));
}

@inline
function differs(head: usize, seen: u32): bool {
  return <u32>head != seen && seen != DROPPED_READ;
}

/** Notes a read that no longer holds; always false. */
function conflict(result: usize, place: u32, head: usize, pc: u32, code: u32): bool {
  const count = load<u32>(result, RESULT_CONFLICT_COUNT);
  if (count < <u32>RESULT_MAX_CONFLICTS) {
    const entry = result + RESULT_CONFLICTS + count * CONFLICT_SIZE;
    const version: u64 = head == 0 ? 0 : load<u64>(head, CELL_VERSION);
    const base = load<u64>(EXECUTION_BASE);
    store<u32>(entry, place, CONFLICT_LOCATION);
    store<u32>(entry, version > base ? <u32>(version - base - 1) : u32.MAX_VALUE, CONFLICT_WRITER);
    store<u32>(entry, pc, CONFLICT_PC);
    store<u32>(entry, code, CONFLICT_CODE);
    store<u32>(result, count + 1, RESULT_CONFLICT_COUNT);
  }
  return false;
}
