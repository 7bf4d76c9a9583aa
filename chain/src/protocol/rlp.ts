// Strict reading of RLP (Yellow Paper, appendix B): what is decoded must be the only encoding of its value. It must
// not know what the fields mean; callers turn RlpError into their own.

import { RLP } from "@ethereumjs/rlp";
import type { Hex } from "../engine/types.ts";
import { bigintToBytes, bytesToBigint, bytesToHex, concatBytes } from "./bytes.ts";

export type RlpItem = Uint8Array | RlpItem[];

export class RlpError extends Error {
  override readonly name = "RlpError";
}

export const encodeRlp: (item: RlpItem) => Uint8Array = RLP.encode;

/** Decodes exactly one item; trailing bytes, non-minimal lengths and truncation are RlpError. */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  if (bytes.length === 0) throw new RlpError("no bytes");
  try {
    return RLP.decode(bytes) as RlpItem;
  } catch (cause) {
    // Also RangeError: nesting deeper than the stack.
    throw new RlpError(
      cause instanceof Error ? cause.message.replace("invalid RLP", "bad encoding") : "bad encoding",
      { cause },
    );
  }
}

export function asList(item: RlpItem | undefined, name: string, length?: number): RlpItem[] {
  if (!Array.isArray(item)) throw new RlpError(`${name} is not a list`);
  if (length !== undefined && item.length !== length) {
    throw new RlpError(`${name} has ${item.length} fields instead of ${length}`);
  }
  return item;
}

export function asBytes(item: RlpItem | undefined, name: string): Uint8Array {
  if (!(item instanceof Uint8Array)) throw new RlpError(`${name} is not a byte string`);
  return item;
}

/** An integer of at most `size` bytes without leading zeros. */
export function asInteger(item: RlpItem | undefined, name: string, size = 32): bigint {
  const bytes = asBytes(item, name);
  if (bytes.length > size) throw new RlpError(`${name} has more than ${size * 8} bits`);
  if (bytes[0] === 0) throw new RlpError(`${name} has leading zeros`);
  return bytesToBigint(bytes);
}

export function asFixed(item: RlpItem | undefined, name: string, size: number): Hex {
  const bytes = asBytes(item, name);
  if (bytes.length !== size) throw new RlpError(`${name} has ${bytes.length} bytes instead of ${size}`);
  return bytesToHex(bytes);
}

/** A list of items that are encoded already. */
export function encodeListOf(items: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const item of items) length += item.length;
  return concatBytes(lengthPrefix(0xc0, length), ...items);
}

function lengthPrefix(base: number, length: number): Uint8Array {
  if (length < 56) return Uint8Array.of(base + length);
  const size = bigintToBytes(BigInt(length));
  return concatBytes(Uint8Array.of(base + 55 + size.length), size);
}

/** Bytes that a list, or a string of more than one byte, with `length` bytes of content takes. */
export function sizeWithPrefix(length: number): number {
  return lengthPrefix(0, length).length + length;
}
