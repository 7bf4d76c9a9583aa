// The time budget of speculation. A run on a torn view may loop until its gas is gone; when everybody waits for it, it is
// called off and the transaction runs under the commit token instead. Jumps look at the budget, since every loop has one.

import { WORKER_ACTIVE } from "./control";
import { worker } from "./instance";

/* In the line of the worker's activity word: 1 + the position that it should give up. */
const CALLED_OFF: u32 = 4;

/* No position: a run that nobody can call off. */
const NONE: u32 = u32.MAX_VALUE;

let watched: usize = WORKER_ACTIVE + CALLED_OFF;
let mark: u32 = NONE;

/** From here on this thread's run is speculation on the transaction at `position`. */
export function beginBudget(position: u32): void {
  watched = WORKER_ACTIVE + (worker << 6) + CALLED_OFF;
  mark = position + 1;
}

/** A block begins: what was called off in an earlier one names a position that means something else now. */
export function resetBudget(): void {
  store<u32>(WORKER_ACTIVE + (worker << 6) + CALLED_OFF, 0);
}

export function endBudget(): void {
  mark = NONE;
}

/** Whether somebody gave up waiting for this run. */
@inline
export function isCalledOff(): bool {
  return load<u32>(watched) == mark;
}

/** Tells `other` to give up its run of the transaction at `position`. */
export function callOff(other: u32, position: u32): void {
  atomic.store<u32>(WORKER_ACTIVE + (other << 6) + CALLED_OFF, position + 1);
}
