// Sender recovery as a job: items lie in shared memory, threads take them in small runs. The cryptography is the library's.

import { JOB_COUNT, JOB_ITEMS, JOB_NEXT } from "../../engine/control.ts";
import { recoverAddress } from "../crypto/recover.ts";
import type { EngineMemory } from "./instance.ts";

/* ITEM */

export const ITEM_HASH = 0; // 32 bytes
export const ITEM_R = 32;
export const ITEM_S = 64;
export const ITEM_PARITY = 96; // u8
export const ITEM_STATE = 97; // u8, ITEM_WAITS until a thread has done it
export const ITEM_ADDRESS = 100; // 20 bytes, big-endian
export const ITEM_SIZE = 128;

export const ITEM_WAITS = 0;
export const ITEM_RECOVERED = 1;
const ITEM_INVALID = 2;

const RUN = 8;

/** Recovers until no item is left. */
export function recoverRange(memory: EngineMemory): void {
  const count = memory.u32(JOB_COUNT);
  const items = memory.u32(JOB_ITEMS);
  for (;;) {
    const first = Atomics.add(memory.words, JOB_NEXT >> 2, RUN);
    if (first >= count) return;
    const end = Math.min(first + RUN, count);
    for (let i = first; i < end; i++) recoverItem(memory, items + i * ITEM_SIZE);
  }
}

/** Recovers the item at `at`. */
export function recoverItem(memory: EngineMemory, at: number): void {
  const item = memory.copy(at, ITEM_ADDRESS);
  const address = recoverAddress(
    item.subarray(ITEM_HASH, ITEM_R),
    item.subarray(ITEM_R, ITEM_S),
    item.subarray(ITEM_S, ITEM_PARITY),
    item[ITEM_PARITY] === 1 ? 1 : 0,
  );
  if (address) memory.bytes.set(address, at + ITEM_ADDRESS);
  memory.bytes[at + ITEM_STATE] = address ? ITEM_RECOVERED : ITEM_INVALID;
}
