// Between the host's values (hex, bigint) and the engine's words: 32 bytes, four u64 limbs, little-endian.
// It knows the encoding only, no struct.

import type { Address, Hash, Hex } from "./types.ts";

const MASK = 0xffff_ffff_ffff_ffffn;

/** Writes `value` as a word. Throws a RangeError for less than 0 and for 2^256 and more. */
export function writeWord(view: DataView, at: number, value: bigint): void {
  if (value >> 256n) throw new RangeError(`${value} does not fit 256 bits: give 0 to 2^256 - 1`);
  view.setBigUint64(at, value & MASK, true);
  view.setBigUint64(at + 8, (value >> 64n) & MASK, true);
  view.setBigUint64(at + 16, (value >> 128n) & MASK, true);
  view.setBigUint64(at + 24, value >> 192n, true);
}

/** Writes `value`, called `what`, in 64 bits. Throws a RangeError for less than 0 and for 2^64 and more. */
export function writeU64(view: DataView, at: number, value: bigint, what: string): void {
  if (value >> 64n) throw new RangeError(`The ${what} ${value} does not fit 64 bits: give 0 to 2^64 - 1`);
  view.setBigUint64(at, value, true);
}

export function readWord(view: DataView, at: number): bigint {
  const low = view.getBigUint64(at, true) | (view.getBigUint64(at + 8, true) << 64n);
  const high = view.getBigUint64(at + 16, true) | (view.getBigUint64(at + 24, true) << 64n);
  return high === 0n ? low : low | (high << 128n);
}

/** Writes an address, storage key or hash as a word. */
export function writeHexWord(bytes: Uint8Array, at: number, hex: Address | Hash): void {
  const length = (hex.length - 2) >> 1;
  for (let i = 0; i < length; i++) bytes[at + length - 1 - i] = byteOf(hex, 2 + 2 * i);
  bytes.fill(0, at + length, at + 32);
}

export function readAddress(bytes: Uint8Array, at: number): Address {
  return readReversed(bytes, at, 20);
}

export function readHash(bytes: Uint8Array, at: number): Hash {
  return readReversed(bytes, at, 32);
}

const reversed = Buffer.alloc(32);

function readReversed(bytes: Uint8Array, at: number, length: number): Hex {
  for (let i = 0; i < length; i++) reversed[i] = bytes[at + length - 1 - i]!;
  return `0x${reversed.toString("hex", 0, length)}`;
}

/** Bytes as hex, in the order they lie in memory. */
export function readHex(bytes: Uint8Array, at: number, length: number): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("hex")}`;
}

export function hexToBytes(hex: Hex): Uint8Array {
  return Buffer.from(hex.slice(2), "hex");
}

const NIBBLES = new Uint8Array(128);
for (let i = 0; i < 16; i++) {
  NIBBLES["0123456789abcdef".charCodeAt(i)] = i;
  NIBBLES["0123456789ABCDEF".charCodeAt(i)] = i;
}

function byteOf(hex: string, at: number): number {
  return (NIBBLES[hex.charCodeAt(at)]! << 4) | NIBBLES[hex.charCodeAt(at + 1)]!;
}
