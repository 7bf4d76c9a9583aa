// What every precompiled contract looks like to the dispatcher: a price and a pure function of the call data.
// Knows nothing of accounts, calls or the engine's memory.

/** FORK_CANCUN, FORK_PRAGUE, FORK_OSAKA of chain/engine/layout.ts. */
export type PrecompileFork = 0 | 1 | 2;
export const CANCUN = 0;
export const PRAGUE = 1;
export const OSAKA = 2;

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

/** `length` bytes of `input` from `offset`, zero where the input has ended (the Yellow Paper's reading of call data). */
export function readPadded(input: Uint8Array, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  if (offset < input.length) bytes.set(input.subarray(offset, Math.min(input.length, offset + length)));
  return bytes;
}

/** Are the bytes of `input` in [start, end) all zero? Bytes beyond its end count as zero. */
export function isZero(input: Uint8Array, start = 0, end = input.length): boolean {
  const stop = Math.min(end, input.length);
  for (let i = start; i < stop; i++) if (input[i] !== 0) return false;
  return true;
}

/** Compares two big-endian numbers of the same length: is a < b? */
export function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < b.length; i++) {
    if (a[i] !== b[i]) return a[i]! < b[i]!;
  }
  return false;
}

/** 32-byte word holding 1 or 0. */
export function booleanWord(value: boolean): Uint8Array {
  const word = new Uint8Array(32);
  if (value) word[31] = 1;
  return word;
}

/** Big-endian bytes of a non-negative number, `length` long. */
export function toBytes(value: bigint, length: number): Uint8Array {
  return Uint8Array.from(Buffer.from(value.toString(16).padStart(2 * length, "0"), "hex"));
}

/** The number that big-endian bytes hold; 0 for none. */
export function fromBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`);
}

/** Price of data by 32-byte words: base + perWord for each word begun. */
export function wordGas(base: number, perWord: number, length: number): bigint {
  return BigInt(base + perWord * Math.ceil(length / 32));
}
