// Call data as the precompiles read it: padded, compared and turned into numbers, always big-endian.
// Knows nothing of any precompile.

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
