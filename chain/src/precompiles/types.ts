// What every precompiled contract looks like to the dispatcher: a price and a pure function of the call data.
// Knows nothing of accounts, calls or the engine's memory.

import type { FORK_CANCUN, FORK_OSAKA, FORK_PRAGUE } from "../../engine/layout.ts";

export type PrecompileFork = typeof FORK_CANCUN | typeof FORK_PRAGUE | typeof FORK_OSAKA;

export interface Precompile {
  /** The price of the call in gas; does not allocate in proportion to what the input merely announces. */
  gas(input: Uint8Array, fork: PrecompileFork): bigint;
  /**
   * The output, or null where the input is invalid and the call fails. `input` is the precompile's own: not backed by
   * shared memory and never changed by others.
   */
  run(input: Uint8Array, fork: PrecompileFork): Uint8Array | null;
}

const EMPTY = new Uint8Array(0);

/** The output of a call that succeeds without a result. */
export function noOutput(): Uint8Array {
  return EMPTY;
}

/** Price of data by 32-byte words: base + perWord for each word begun. */
export function wordGas(base: number, perWord: number, length: number): bigint {
  return BigInt(base + perWord * Math.ceil(length / 32));
}
