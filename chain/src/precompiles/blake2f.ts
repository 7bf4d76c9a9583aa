// The compression function F of BLAKE2b (0x09, EIP-152, RFC 7693) with the caller's number of rounds, which no hash library
// offers. 64-bit words are pairs of 32-bit halves, low half first. Knows nothing of the dispatcher.

import type { Precompile } from "./types.ts";

const INPUT_BYTES = 213;
const STATE_OFFSET = 4;
const MESSAGE_OFFSET = 68;
const COUNTER_OFFSET = 196;
const FINAL_OFFSET = 212;

/** The fractional parts of the square roots of the first eight primes, as for SHA-512 (RFC 7693, 2.6). */
const IV = Int32Array.from([
  0xf3bcc908, 0x6a09e667, 0x84caa73b, 0xbb67ae85, 0xfe94f82b, 0x3c6ef372, 0x5f1d36f1, 0xa54ff53a, 0xade682d1,
  0x510e527f, 0x2b3e6c1f, 0x9b05688c, 0xfb41bd6b, 0x1f83d9ab, 0x137e2179, 0x5be0cd19,
]);

/** Order of the message words by round (RFC 7693, 2.7); round r uses row r mod 10. Doubled: an index of halves. */
const SIGMA = Uint8Array.from(
  [
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15],
    [14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3],
    [11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4],
    [7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8],
    [9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13],
    [2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9],
    [12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11],
    [13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10],
    [6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5],
    [10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0],
  ].flatMap((row) => row.map((word) => 2 * word)),
);

/** The mixing function G (RFC 7693, 3.1) on the words at halves a, b, c, d of v with message words at halves x and y of m. */
function mix(
  v: Int32Array,
  a: number,
  b: number,
  c: number,
  d: number,
  m: Int32Array,
  x: number,
  y: number,
): void {
  let al = v[a]!;
  let ah = v[a + 1]!;
  let bl = v[b]!;
  let bh = v[b + 1]!;
  let cl = v[c]!;
  let ch = v[c + 1]!;
  let dl = v[d]!;
  let dh = v[d + 1]!;
  let low = 0;
  let high = 0;

  // a += b + x
  low = (al >>> 0) + (bl >>> 0) + (m[x]! >>> 0);
  ah = (ah + bh + m[x + 1]! + ((low / 0x100000000) | 0)) | 0;
  al = low | 0;
  // d = (d ^ a) >>> 32
  low = dl ^ al;
  dl = dh ^ ah;
  dh = low;
  // c += d
  low = (cl >>> 0) + (dl >>> 0);
  ch = (ch + dh + (low > 0xffffffff ? 1 : 0)) | 0;
  cl = low | 0;
  // b = (b ^ c) >>> 24
  low = bl ^ cl;
  high = bh ^ ch;
  bl = (low >>> 24) | (high << 8);
  bh = (high >>> 24) | (low << 8);
  // a += b + y
  low = (al >>> 0) + (bl >>> 0) + (m[y]! >>> 0);
  ah = (ah + bh + m[y + 1]! + ((low / 0x100000000) | 0)) | 0;
  al = low | 0;
  // d = (d ^ a) >>> 16
  low = dl ^ al;
  high = dh ^ ah;
  dl = (low >>> 16) | (high << 16);
  dh = (high >>> 16) | (low << 16);
  // c += d
  low = (cl >>> 0) + (dl >>> 0);
  ch = (ch + dh + (low > 0xffffffff ? 1 : 0)) | 0;
  cl = low | 0;
  // b = (b ^ c) >>> 63
  low = bl ^ cl;
  high = bh ^ ch;
  bl = (low << 1) | (high >>> 31);
  bh = (high << 1) | (low >>> 31);

  v[a] = al;
  v[a + 1] = ah;
  v[b] = bl;
  v[b + 1] = bh;
  v[c] = cl;
  v[c + 1] = ch;
  v[d] = dl;
  v[d + 1] = dh;
}

/** `rounds` rounds on the sixteen words of v. */
function compress(v: Int32Array, m: Int32Array, rounds: number): void {
  let row = 0;
  for (let round = 0; round < rounds; round++) {
    mix(v, 0, 8, 16, 24, m, SIGMA[row]!, SIGMA[row + 1]!);
    mix(v, 2, 10, 18, 26, m, SIGMA[row + 2]!, SIGMA[row + 3]!);
    mix(v, 4, 12, 20, 28, m, SIGMA[row + 4]!, SIGMA[row + 5]!);
    mix(v, 6, 14, 22, 30, m, SIGMA[row + 6]!, SIGMA[row + 7]!);
    mix(v, 0, 10, 20, 30, m, SIGMA[row + 8]!, SIGMA[row + 9]!);
    mix(v, 2, 12, 22, 24, m, SIGMA[row + 10]!, SIGMA[row + 11]!);
    mix(v, 4, 14, 16, 26, m, SIGMA[row + 12]!, SIGMA[row + 13]!);
    mix(v, 6, 8, 18, 28, m, SIGMA[row + 14]!, SIGMA[row + 15]!);
    row = row === 144 ? 0 : row + 16;
  }
}

/** 0x09: rounds (4 bytes, big-endian), state h, message m, counter t (little-endian words), final-block flag (0 or 1). */
export const blake2f: Precompile = {
  gas(input) {
    if (input.length !== INPUT_BYTES) return 0n;
    return BigInt(new DataView(input.buffer, input.byteOffset).getUint32(0));
  },
  run(input) {
    if (input.length !== INPUT_BYTES || input[FINAL_OFFSET]! > 1) return null;
    const data = new DataView(input.buffer, input.byteOffset, input.length);
    const m = new Int32Array(32);
    for (let i = 0; i < 32; i++) m[i] = data.getInt32(MESSAGE_OFFSET + 4 * i, true);
    const v = new Int32Array(32);
    for (let i = 0; i < 16; i++) v[i] = data.getInt32(STATE_OFFSET + 4 * i, true);
    v.set(IV, 16);
    for (let i = 0; i < 4; i++) v[24 + i]! ^= data.getInt32(COUNTER_OFFSET + 4 * i, true);
    if (input[FINAL_OFFSET] === 1) {
      v[28] = ~v[28]!;
      v[29] = ~v[29]!;
    }
    compress(v, m, data.getUint32(0));
    const output = new Uint8Array(64);
    const result = new DataView(output.buffer);
    for (let i = 0; i < 16; i++) {
      result.setInt32(4 * i, data.getInt32(STATE_OFFSET + 4 * i, true) ^ v[i]! ^ v[16 + i]!, true);
    }
    return output;
  },
};
