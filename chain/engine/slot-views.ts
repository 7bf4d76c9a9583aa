// Storage as the running transaction sees and changes it: permanent slots, read once from the committed state, and transient
// ones (EIP-1153).

import { account } from "./account-views";
import { LOCATION_STORAGE } from "./control";
import {
  UNDO_SLOT, UNDO_SLOT_WARM, UNDO_VALUE, addEntry, findEntry, isStopped, mark, readCode, readPc, undo,
} from "./journal";
import { logged, observe, observeSlot } from "./observation";
import { CELL_VALUE, location } from "./state";
import { copy, zero } from "./u256";
import {
  SLOT_CELL, SLOT_CURRENT, SLOT_FLAGS, SLOT_NEXT, SLOT_ORIGINAL, SLOT_PC, SLOT_READER, SLOT_RECORD, SLOT_SIZE,
  SLOT_VIEW, SLOT_WARM, VIEW_FLAGS, VIEW_RECORD, VIEW_SLOTS, VIEW_STORAGE_REPLACED,
} from "./views";

/** The slot view of `key` (a word) with its value loaded. */
export function slot(view: usize, key: usize): usize {
  const found = findEntry(key, view);
  if (found != 0) return found;
  const entry = addEntry(key, view, SLOT_SIZE);
  if (isStopped() != 0) return entry;
  store<u32>(entry, <u32>view, SLOT_VIEW);
  store<u32>(entry, readCode, SLOT_READER);
  store<u32>(entry, readPc, SLOT_PC);
  store<u32>(entry, load<u32>(view, VIEW_SLOTS), SLOT_NEXT);
  store<u32>(view, <u32>entry, VIEW_SLOTS);
  if ((load<u32>(view, VIEW_FLAGS) & VIEW_STORAGE_REPLACED) != 0) return entry;
  const account = <usize>load<u32>(view, VIEW_RECORD);
  if (account == 0) return entry;
  const record = observeSlot(account, key);
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

/* OVERRIDES of eth_call: become what the transaction finds, without a read */

export function replaceStorage(view: usize): void {
  mark(view, VIEW_STORAGE_REPLACED);
}

export function overrideSlot(view: usize, key: usize, value: usize): void {
  const entry = slot(view, key);
  copy(entry + SLOT_ORIGINAL, value);
  copy(entry + SLOT_CURRENT, value);
}
