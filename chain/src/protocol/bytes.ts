// Bytes, lower-case hex and big-endian integers. It must not know what they mean.

import type { Hex } from "../engine/types.ts";

export const EMPTY_BYTES = new Uint8Array(0);
export const ZERO_HASH: Hex = `0x${"00".repeat(32)}`;
export const ZERO_ADDRESS: Hex = `0x${"00".repeat(20)}`;

export function bytesToHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("hex")}`;
}

/** Throws RangeError on an odd number of digits or on what is no hex. */
export function hexToBytes(hex: Hex): Uint8Array {
  const length = (hex.length - 2) / 2;
  // A copy of its own: small Buffers share a pool, and these bytes may be transferred.
  const bytes = new Uint8Array(Math.floor(length));
  const written = Buffer.from(bytes.buffer).write(hex.slice(2), "hex");
  if (!hex.startsWith("0x") || !Number.isInteger(length) || written !== length) {
    throw new RangeError(
      `not hex with an even number of digits: ${hex.length > 80 ? `${hex.slice(0, 80)}...` : hex}`,
    );
  }
  return bytes;
}

/** Of a big-endian integer; empty is 0. */
export function bytesToBigint(bytes: Uint8Array): bigint {
  return bytes.length === 0 ? 0n : BigInt(bytesToHex(bytes));
}

/** Minimal big-endian bytes; 0 is empty, as RLP has it. */
export function bigintToBytes(value: bigint): Uint8Array {
  if (value === 0n) return EMPTY_BYTES;
  const digits = value.toString(16);
  return hexToBytes(`0x${digits.length % 2 === 0 ? digits : `0${digits}`}`);
}

/** 32 bytes of hex. */
export function bigintToWord(value: bigint): Hex {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const bytes = new Uint8Array(length);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
