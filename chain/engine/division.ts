// Long division of up to eight limbs by up to four, with a reciprocal of the divisor in place of the machine's slow division.
// It knows no rule of the EVM: a divisor of zero is the caller's matter.
//
// N. Möller, T. Granlund: "Improved division by invariant integers" (IEEE Transactions on Computers, 2011); D. Knuth: "The Art
// of Computer Programming", volume 2, 4.3.1, algorithm D, with digits of 64 bits.

import { scratch } from "./instance";
import { limbCount, mulHigh, put } from "./limbs";

/* SCRATCH, offsets in bytes from `scratch` */

const NUMERATOR: usize = 0; // 9 limbs: the dividend, shifted left to fit the divisor; becomes the remainder
const DENOMINATOR: usize = 80; // 4 limbs: the divisor with its top bit set
export const QUOTIENT: usize = 112; // 8 limbs
export const DIVISION_SCRATCH_END: usize = 176;

/** floor((2^128 - 1) / d) - 2^64 for a divisor d with its top bit set. */
function reciprocal(d: u64): u64 {
  // The 128-bit dividend is ~d : 2^64 - 1; two 32-bit quotient digits, each guessed from the divisor's upper half.
  const dHigh = d >> 32;
  const dLow = d & 0xffffffff;
  const upper = digit32(~d, dHigh, dLow);
  const rest = ((~d << 32) | 0xffffffff) - upper * d;
  return (upper << 32) | digit32(rest, dHigh, dLow);
}

/** floor((u * 2^32 + 2^32 - 1) / d) for d = dHigh : dLow with its top bit set and u < d. */
@inline
function digit32(u: u64, dHigh: u64, dLow: u64): u64 {
  let q = u / dHigh;
  let r = u - q * dHigh;
  // At most two rounds (Knuth, theorem B); u < d keeps q * dLow below 2^64.
  while (r <= 0xffffffff && q * dLow > ((r << 32) | 0xffffffff)) {
    q--;
    r += dHigh;
  }
  return q;
}

/** The same for two limbs: floor((2^192 - 1) / d) - 2^64. */
function reciprocal2(d1: u64, d0: u64): u64 {
  let v = reciprocal(d1);
  let p = d1 * v + d0;
  if (p < d0) {
    v--;
    if (p >= d1) {
      v--;
      p -= d1;
    }
    p -= d1;
  }
  const upper = mulHigh(v, d0);
  const lower = v * d0;
  p += upper;
  if (p < upper) {
    v--;
    if (p > d1 || (p == d1 && lower >= d0)) v--;
  }
  return v;
}

/**
 * Divides the `count` (at most 8) limbs at `a` by the word at `b`. The quotient (8 limbs) goes to scratch + QUOTIENT, the
 * remainder to the word `remainder`. `a` and `remainder` may lie anywhere but in NUMERATOR, DENOMINATOR and QUOTIENT.
 * b must not be zero.
 */
export function divideLimbs(a: usize, count: u32, b: usize, remainder: usize): void {
  const u = scratch + NUMERATOR;
  const d = scratch + DENOMINATOR;
  const quotient = scratch + QUOTIENT;
  put(quotient, 0, 0, 0, 0);
  put(quotient + 32, 0, 0, 0, 0);
  const n = limbCount(b, 4);
  const m = limbCount(a, count);
  if (m < n) {
    const a0 = load<u64>(a); // m < 4: a has no more limbs than these
    const a1 = m > 1 ? load<u64>(a, 8) : 0;
    const a2 = m > 2 ? load<u64>(a, 16) : 0;
    put(remainder, a0, a1, a2, 0);
    return;
  }

  // Shift both so that the divisor's top bit is set. `>> 1 >> (63 - shift)` is `>> (64 - shift)` that bears shift = 0.
  const shift = u64(i64.clz(load<u64>(b + ((n - 1) << 3))));
  const back = 63 - shift;
  let below: u64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const limb = load<u64>(b + (i << 3));
    store<u64>(d + (i << 3), (limb << shift) | (below >> 1 >> back));
    below = limb;
  }
  below = 0;
  for (let i: u32 = 0; i < m; i++) {
    const limb = load<u64>(a + (i << 3));
    store<u64>(u + (i << 3), (limb << shift) | (below >> 1 >> back));
    below = limb;
  }
  store<u64>(u + (m << 3), below >> 1 >> back);

  if (n == 1) divideByOne(u, m, load<u64>(d), quotient);
  else divideByMany(u, m, d, n, quotient);

  // What is left in u, shifted back; its limbs from n on are used up.
  for (let i = n; i < 4; i++) store<u64>(u + (i << 3), 0);
  const r0 = load<u64>(u);
  const r1 = load<u64>(u, 8);
  const r2 = load<u64>(u, 16);
  const r3 = load<u64>(u, 24);
  put(
    remainder,
    (r0 >> shift) | ((r1 << 1) << back),
    (r1 >> shift) | ((r2 << 1) << back),
    (r2 >> shift) | ((r3 << 1) << back),
    r3 >> shift,
  );
}

/** m + 1 limbs at u by one limb with its top bit set, the top limb of u being less: m quotient limbs, remainder at u. */
function divideByOne(u: usize, m: u32, d: u64, quotient: usize): void {
  const v = reciprocal(d);
  let r = load<u64>(u + (m << 3));
  for (let i = m; i != 0; ) {
    i--;
    const limb = load<u64>(u + (i << 3));
    // Möller and Granlund, algorithm 4: the upper half of v * r + (r : limb), plus one, is the quotient, off by one at most.
    const lower = v * r + limb;
    let q = mulHigh(v, r) + r + u64(lower < limb) + 1;
    let rest = limb - q * d;
    if (rest > lower) {
      q--;
      rest += d;
    }
    if (rest >= d) {
      q++;
      rest -= d;
    }
    store<u64>(quotient + (i << 3), q);
    r = rest;
  }
  store<u64>(u, r);
}

/** u -= q * d over n limbs; what the limb above must still lose. */
@inline
function subtractMultiple(u: usize, d: usize, n: u32, q: u64): u64 {
  let borrow: u64 = 0;
  for (let i: u32 = 0; i < n; i++) {
    const limb = load<u64>(u + (i << 3));
    const digit = load<u64>(d + (i << 3));
    const lower = q * digit;
    const first = limb - borrow;
    const second = first - lower;
    borrow = mulHigh(q, digit) + u64(first > limb) + u64(second > first);
    store<u64>(u + (i << 3), second);
  }
  return borrow;
}

/** m + 1 limbs at u by 2 to 4 limbs at d, top bit set: m - n + 1 quotient limbs, remainder in the n lower limbs of u. */
function divideByMany(u: usize, m: u32, d: usize, n: u32, quotient: usize): void {
  const d1 = load<u64>(d + ((n - 1) << 3));
  const d0 = load<u64>(d + ((n - 2) << 3));
  const v = reciprocal2(d1, d0);
  for (let j = m - n + 1; j != 0; ) {
    j--;
    // n + 1 limbs, less than d * 2^64; the topmost is not read again, so nothing clears it.
    const part = u + (j << 3);
    const top = part + ((n - 2) << 3);
    const u0 = load<u64>(top);
    const u1 = load<u64>(top, 8);
    const u2 = load<u64>(top, 16);
    if (u2 == d1 && u1 == d0) {
      // Then the digit is 2^64 - 1, and the estimate below would overflow.
      subtractMultiple(part, d, n, u64.MAX_VALUE);
      store<u64>(quotient + (j << 3), u64.MAX_VALUE);
      continue;
    }

    // Möller and Granlund, algorithm 5: three limbs by two, digit q and remainder r1 : r0.
    const estimate = v * u2 + u1;
    let q = mulHigh(v, u2) + u2 + u64(estimate < u1);
    const lower = q * d0;
    let r0 = u0 - lower;
    let r1 = u1 - q * d1 - mulHigh(q, d0) - u64(r0 > u0);
    r1 = r1 - d1 - u64(r0 < d0);
    r0 -= d0;
    q++;
    if (r1 >= estimate) {
      q--;
      r0 += d0;
      r1 += d1 + u64(r0 < d0);
    }
    if (r1 > d1 || (r1 == d1 && r0 >= d0)) {
      q++;
      r1 = r1 - d1 - u64(r0 < d0);
      r0 -= d0;
    }

    const borrow = subtractMultiple(part, d, n - 2, q);
    const next0 = r0 - borrow;
    const under = u64(next0 > r0);
    let next1 = r1 - under;
    r0 = next0;
    if (next1 > r1) {
      // The digit was one too large: give one divisor back.
      q--;
      let carry: u64 = 0;
      for (let i: u32 = 0; i < n - 2; i++) {
        const digit = load<u64>(d + (i << 3));
        const first = load<u64>(part + (i << 3)) + carry;
        const second = first + digit;
        carry = u64(first < carry) | u64(second < digit);
        store<u64>(part + (i << 3), second);
      }
      const first = r0 + carry;
      r0 = first + d0;
      next1 += d1 + (u64(first < carry) | u64(r0 < d0));
    }
    store<u64>(top, r0);
    store<u64>(top, next1, 8);
    store<u64>(quotient + (j << 3), q);
  }
}
