// First reads of the committed state: which cell a run sees, and which one its log says that it saw. Later reads come from
// the run's own views, so that two reads of a location never disagree.

import { HOOK_DROP_READ, LOCATION_BALANCE, LOCATION_CODE, LOCATION_NONCE, LOCATION_STORAGE } from "./control";
import {
  ACCOUNT_SLOTS, CELL_OLDER, CELL_PREVIOUS, cellAt, changedInBlock, findAccount, findStorage, headOf, location,
} from "./state";

/** Reads see cells up to this version only; all of them while a block executes. */
export let readVersion: u64 = u64.MAX_VALUE;

let speculative: bool = false;
let replay: u64 = 0; // state of the generator that picks older cells, 0 outside the replay mode
let reads: u32 = 0; // of all runs, for the planted fault

/** For the run that begins: `seed` is not zero where first reads may see an older cell of the same block. */
export function beginObservation(version: u64, speculation: bool, seed: u64): void {
  readVersion = version;
  speculative = speculation;
  replay = speculation ? seed : 0;
}

/** One in four, in the replay mode. */
function chance(): bool {
  replay ^= replay << 13;
  replay ^= replay >>> 7;
  replay ^= replay << 17;
  return (replay & 3) == 0;
}

/** The cell that the run sees of a committed location; in the replay mode possibly an older one of the same block. */
export function observe(place: u32): usize {
  if (readVersion != u64.MAX_VALUE) return cellAt(place, readVersion);
  let cell = headOf(place);
  if (replay != 0) {
    while (cell != 0 && chance()) {
      const older = <usize>load<u32>(cell, CELL_OLDER);
      if (older == 0) {
        // The oldest of the block; behind it is the state before the block.
        if (changedInBlock(cell)) cell = load<u32>(cell, CELL_PREVIOUS);
        break;
      }
      cell = older;
    }
  }
  return cell;
}

/** Whether the location had no cell before this block. */
@inline
function isNew(place: u32): bool {
  const head = headOf(place);
  return head == 0 || (changedInBlock(head) && load<u32>(head, CELL_PREVIOUS) == 0);
}

/** The account's record, 0 for none; in the replay mode also 0 where this block may have been the first to need one. */
export function observeAccount(address: usize): usize {
  const record = findAccount(address);
  if (replay == 0 || record == 0 || load<u32>(record, ACCOUNT_SLOTS) != 0) return record;
  const place = <u32>record;
  const isOld = !isNew(location(place, LOCATION_BALANCE)) || !isNew(location(place, LOCATION_NONCE)) ||
    !isNew(location(place, LOCATION_CODE));
  return isOld || !chance() ? record : 0;
}

/** Likewise the record of a slot. */
export function observeSlot(account: usize, key: usize): usize {
  const record = findStorage(account, key);
  if (replay == 0 || record == 0 || !isNew(location(<u32>record, LOCATION_STORAGE))) return record;
  return chance() ? 0 : record;
}

/** Plants the fault of a forgotten read: the log claims the newest cell although an older one was seen. */
@inline
export function logged(place: u32, cell: usize): usize {
  const period = load<u32>(HOOK_DROP_READ);
  if (period == 0 || !speculative || ++reads % period != 0) return cell;
  return DROPPED_READ;
}

/** In place of a cell: this read is not validated (only ever set by the fuzzer's planted fault). */
export const DROPPED_READ: u32 = 1;
