// 256-bit unsigned arithmetic of the EVM (Yellow Paper, appendix H.2) on words in linear memory.
// It knows words and bytes only: no opcode, no gas, no stack.
//
// A word is 32 bytes at an 8-aligned address, four u64 limbs, least significant first. Every function takes addresses;
// `dst` may equal any source (but must not overlap one in part). Results are modulo 2^256 unless said otherwise.
// Small operations are inlined into their callers; the long ones use the first 1024 bytes of the instance's scratch.

import { divideLimbs, DIVISION_SCRATCH_END, QUOTIENT } from "./division";
import { scratch } from "./instance";
import { limbCount, mulHigh, put } from "./limbs";

/* SCRATCH, offsets in bytes from `scratch`; what lies below is the division's */

const WIDE: usize = DIVISION_SCRATCH_END; // 8 limbs: sums and products before reduction
const LEFT: usize = WIDE + 64; // word: operand without sign; the power of exp
const RIGHT: usize = LEFT + 32; // word: likewise; the base of exp

/* MOVES AND COMPARISONS */

/** dst = a. Limb by limb: a 16-byte load just after two 8-byte stores would miss the store buffer. */
@inline
export function copy(dst: usize, a: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  put(dst, a0, a1, a2, a3);
}

@inline
export function zero(dst: usize): void {
  put(dst, 0, 0, 0, 0);
}

@inline
export function setU64(dst: usize, v: u64): void {
  put(dst, v, 0, 0, 0);
}

@inline
export function isZero(a: usize): bool {
  return (load<u64>(a) | load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0;
}

@inline
export function eq(a: usize, b: usize): bool {
  const lower = (load<u64>(a) ^ load<u64>(b)) | (load<u64>(a, 8) ^ load<u64>(b, 8));
  const upper = (load<u64>(a, 16) ^ load<u64>(b, 16)) | (load<u64>(a, 24) ^ load<u64>(b, 24));
  return (lower | upper) == 0;
}

/** a < b in their lower three limbs. */
@inline
function lower192(a: usize, b: usize): bool {
  const a1 = load<u64>(a, 8);
  const b1 = load<u64>(b, 8);
  const a2 = load<u64>(a, 16);
  const b2 = load<u64>(b, 16);
  const below64 = u32(load<u64>(a) < load<u64>(b));
  const below128 = u32(a1 < b1) | (u32(a1 == b1) & below64);
  return <bool>(u32(a2 < b2) | (u32(a2 == b2) & below128));
}

/** a < b, unsigned. */
@inline
export function lt(a: usize, b: usize): bool {
  const a3 = load<u64>(a, 24);
  const b3 = load<u64>(b, 24);
  return <bool>(u32(a3 < b3) | (u32(a3 == b3) & u32(lower192(a, b))));
}

/** a > b, unsigned. */
@inline
export function gt(a: usize, b: usize): bool {
  return lt(b, a);
}

/** a < b, two's complement. */
@inline
export function slt(a: usize, b: usize): bool {
  const a3 = load<i64>(a, 24);
  const b3 = load<i64>(b, 24);
  return <bool>(u32(a3 < b3) | (u32(a3 == b3) & u32(lower192(a, b))));
}

/** a > b, two's complement. */
@inline
export function sgt(a: usize, b: usize): bool {
  return slt(b, a);
}

/** -1, 0 or 1 as a is less than, equal to or greater than b, unsigned. */
@inline
export function cmp(a: usize, b: usize): i32 {
  return i32(lt(b, a)) - i32(lt(a, b));
}

/** Whether a < 2^64. */
@inline
export function fitsU64(a: usize): bool {
  return (load<u64>(a, 8) | load<u64>(a, 16) | load<u64>(a, 24)) == 0;
}

/** a modulo 2^64. */
@inline
export function low(a: usize): u64 {
  return load<u64>(a);
}

/** a, or 2^64 - 1 when a is greater. */
@inline
export function saturate(a: usize): u64 {
  return select<u64>(load<u64>(a), u64.MAX_VALUE, fitsU64(a));
}

/** The number of bytes that a takes without leading zeros, 0 to 32. */
export function byteLength(a: usize): u32 {
  const limbs = limbCount(a, 4);
  if (limbs == 0) return 0;
  const top = load<u64>(a + ((limbs - 1) << 3));
  return (limbs << 3) - u32(i64.clz(top) >> 3);
}

/* ADDITION AND SUBTRACTION */

/** dst = a + b. */
@inline
export function add(dst: usize, a: usize, b: usize): void {
  addCarry(dst, a, b);
}

/** dst = a - b. */
@inline
export function sub(dst: usize, a: usize, b: usize): void {
  subBorrow(dst, a, b);
}

/** dst = a + b; true when the sum reached 2^256. */
@inline
export function addCarry(dst: usize, a: usize, b: usize): bool {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  const s0 = a0 + load<u64>(b);
  const t1 = a1 + load<u64>(b, 8);
  const t2 = a2 + load<u64>(b, 16);
  const t3 = a3 + load<u64>(b, 24);
  const s1 = t1 + u64(s0 < a0);
  const s2 = t2 + (u64(t1 < a1) | u64(s1 < t1));
  const s3 = t3 + (u64(t2 < a2) | u64(s2 < t2));
  put(dst, s0, s1, s2, s3);
  return <bool>(u32(t3 < a3) | u32(s3 < t3));
}

/** dst = a - b; true when b > a. */
@inline
export function subBorrow(dst: usize, a: usize, b: usize): bool {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  const d0 = a0 - load<u64>(b);
  const t1 = a1 - load<u64>(b, 8);
  const t2 = a2 - load<u64>(b, 16);
  const t3 = a3 - load<u64>(b, 24);
  const d1 = t1 - u64(d0 > a0);
  const d2 = t2 - (u64(t1 > a1) | u64(d1 > t1));
  const d3 = t3 - (u64(t2 > a2) | u64(d2 > t2));
  put(dst, d0, d1, d2, d3);
  return <bool>(u32(t3 > a3) | u32(d3 > t3));
}

/** dst = -a, two's complement. */
function negate(dst: usize, a: usize): void {
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const n0 = 0 - a0;
  const c1 = u64(a0 == 0);
  const n1 = ~a1 + c1;
  const c2 = c1 & u64(a1 == 0);
  const n2 = ~a2 + c2;
  const n3 = ~load<u64>(a, 24) + (c2 & u64(a2 == 0));
  put(dst, n0, n1, n2, n3);
}

@inline
function isNegative(a: usize): bool {
  return load<i64>(a, 24) < 0;
}

/** dst = |a|; 2^255 stays what it is, and is right when read unsigned. */
function absolute(dst: usize, a: usize): void {
  if (isNegative(a)) negate(dst, a);
  else copy(dst, a);
}

/* MULTIPLICATION */

/** dst = a * b. */
export function mul(dst: usize, a: usize, b: usize): void {
  if (fitsU64(b)) {
    mulU64(dst, a, load<u64>(b));
    return;
  }
  if (fitsU64(a)) {
    mulU64(dst, b, load<u64>(a));
    return;
  }
  const a0 = load<u64>(a);
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const a3 = load<u64>(a, 24);
  const b0 = load<u64>(b);
  const b1 = load<u64>(b, 8);
  const b2 = load<u64>(b, 16);
  const b3 = load<u64>(b, 24);

  // Column by column: the lower halves of the products of one weight, and the upper halves of the weight below.
  const low01 = a0 * b1;
  const low10 = a1 * b0;
  const t1 = mulHigh(a0, b0) + low01;
  const r1 = t1 + low10;
  let sum = u64(t1 < low01) + u64(r1 < low10);
  let carry: u64 = 0;

  let term = mulHigh(a0, b1);
  sum += term;
  carry += u64(sum < term);
  term = mulHigh(a1, b0);
  sum += term;
  carry += u64(sum < term);
  term = a0 * b2;
  sum += term;
  carry += u64(sum < term);
  term = a1 * b1;
  sum += term;
  carry += u64(sum < term);
  term = a2 * b0;
  sum += term;
  carry += u64(sum < term);

  const highs = mulHigh(a0, b2) + mulHigh(a1, b1) + mulHigh(a2, b0);
  const r3 = carry + highs + a0 * b3 + a1 * b2 + a2 * b1 + a3 * b0;
  put(dst, a0 * b0, r1, sum, r3);
}

/** dst = a * b for a 64-bit b. */
export function mulU64(dst: usize, a: usize, b: u64): void {
  const a0 = load<u64>(a);
  if (fitsU64(a)) {
    put(dst, a0 * b, mulHigh(a0, b), 0, 0);
    return;
  }
  const a1 = load<u64>(a, 8);
  const a2 = load<u64>(a, 16);
  const low1 = a1 * b;
  const low2 = a2 * b;
  const r1 = low1 + mulHigh(a0, b);
  const high1 = mulHigh(a1, b) + u64(r1 < low1); // a product's upper half is at most 2^64 - 2
  const r2 = low2 + high1;
  const high2 = mulHigh(a2, b) + u64(r2 < low2);
  put(dst, a0 * b, r1, r2, load<u64>(a, 24) * b + high2);
}

/** The eight limbs of a * b at scratch + WIDE. */
function mulWide(a: usize, b: usize): void {
  const product = scratch + WIDE;
  zero(product);
  zero(product + 32);
  for (let i: usize = 0; i < 32; i += 8) {
    const x = load<u64>(a + i);
    if (x == 0) continue;
    let carry: u64 = 0;
    for (let j: usize = 0; j < 32; j += 8) {
      const y = load<u64>(b + j);
      const lower = x * y;
      const withCarry = lower + carry;
      const sum = withCarry + load<u64>(product + i + j);
      carry = mulHigh(x, y) + u64(withCarry < lower) + u64(sum < withCarry);
      store<u64>(product + i + j, sum);
    }
    store<u64>(product + i, carry, 32);
  }
}

/** dst = a * b; true when the product reached 2^256. */
export function mulOverflows(dst: usize, a: usize, b: usize): bool {
  mulWide(a, b);
  const product = scratch + WIDE;
  copy(dst, product);
  return !isZero(product + 32);
}

/* DIVISION */

/** dst = floor(a / b), 0 for b = 0. */
export function div(dst: usize, a: usize, b: usize): void {
  if (fitsU64(b)) {
    const divisor = load<u64>(b);
    if (divisor == 0) {
      zero(dst);
      return;
    }
    if (fitsU64(a)) {
      setU64(dst, load<u64>(a) / divisor);
      return;
    }
  } else if (lt(a, b)) {
    zero(dst);
    return;
  }
  divideLimbs(a, 4, b, dst);
  copy(dst, scratch + QUOTIENT);
}

/** dst = a modulo b, 0 for b = 0. */
export function mod(dst: usize, a: usize, b: usize): void {
  if (fitsU64(b)) {
    const divisor = load<u64>(b);
    if (divisor == 0) {
      zero(dst);
      return;
    }
    if (fitsU64(a)) {
      setU64(dst, load<u64>(a) % divisor);
      return;
    }
  } else if (lt(a, b)) {
    copy(dst, a);
    return;
  }
  divideLimbs(a, 4, b, dst);
}

/** dst = a / b, two's complement, rounded towards zero; 0 for b = 0; -2^255 / -1 = -2^255. */
export function sdiv(dst: usize, a: usize, b: usize): void {
  const negative = isNegative(a) != isNegative(b);
  absolute(scratch + LEFT, a);
  absolute(scratch + RIGHT, b);
  div(dst, scratch + LEFT, scratch + RIGHT);
  if (negative) negate(dst, dst);
}

/** dst = a modulo b, two's complement, with the sign of a; 0 for b = 0. */
export function smod(dst: usize, a: usize, b: usize): void {
  const negative = isNegative(a);
  absolute(scratch + LEFT, a);
  absolute(scratch + RIGHT, b);
  mod(dst, scratch + LEFT, scratch + RIGHT);
  if (negative) negate(dst, dst);
}

/** dst = (a + b) modulo m without the wrap at 2^256; 0 for m = 0. */
export function addmod(dst: usize, a: usize, b: usize, m: usize): void {
  if (isZero(m)) {
    zero(dst);
    return;
  }
  const sum = scratch + WIDE;
  const reduced = lt(a, m) && lt(b, m);
  const carry = addCarry(sum, a, b);
  if (reduced) {
    if (carry || !lt(sum, m)) sub(dst, sum, m);
    else copy(dst, sum);
    return;
  }
  store<u64>(sum, u64(carry), 32);
  divideLimbs(sum, 5, m, dst);
}

/** dst = (a * b) modulo m without the wrap at 2^256; 0 for m = 0. */
export function mulmod(dst: usize, a: usize, b: usize, m: usize): void {
  if (isZero(m)) {
    zero(dst);
    return;
  }
  mulWide(a, b);
  divideLimbs(scratch + WIDE, 8, m, dst);
}

/** dst = base ^ exponent. */
export function exp(dst: usize, base: usize, exponent: usize): void {
  let limbs = limbCount(exponent, 4);
  if (limbs == 0) {
    setU64(dst, 1);
    return;
  }
  const power = scratch + LEFT;
  const factor = scratch + RIGHT;
  copy(factor, base);
  copy(power, base);
  // From the bit below the top one down; the exponent is read limb by limb, and dst written last, as it may be either.
  let limb = load<u64>(exponent + ((limbs - 1) << 3));
  let bit = 63 - u64(i64.clz(limb));
  while (true) {
    while (bit != 0) {
      bit--;
      mul(power, power, power);
      if ((limb >> bit) & 1) mul(power, power, factor);
    }
    limbs--;
    if (limbs == 0) break;
    limb = load<u64>(exponent + ((limbs - 1) << 3));
    bit = 64;
  }
  copy(dst, power);
}

/* BITS */

@inline
export function and(dst: usize, a: usize, b: usize): void {
  const r0 = load<u64>(a) & load<u64>(b);
  const r1 = load<u64>(a, 8) & load<u64>(b, 8);
  const r2 = load<u64>(a, 16) & load<u64>(b, 16);
  const r3 = load<u64>(a, 24) & load<u64>(b, 24);
  put(dst, r0, r1, r2, r3);
}

@inline
export function or(dst: usize, a: usize, b: usize): void {
  const r0 = load<u64>(a) | load<u64>(b);
  const r1 = load<u64>(a, 8) | load<u64>(b, 8);
  const r2 = load<u64>(a, 16) | load<u64>(b, 16);
  const r3 = load<u64>(a, 24) | load<u64>(b, 24);
  put(dst, r0, r1, r2, r3);
}

@inline
export function xor(dst: usize, a: usize, b: usize): void {
  const r0 = load<u64>(a) ^ load<u64>(b);
  const r1 = load<u64>(a, 8) ^ load<u64>(b, 8);
  const r2 = load<u64>(a, 16) ^ load<u64>(b, 16);
  const r3 = load<u64>(a, 24) ^ load<u64>(b, 24);
  put(dst, r0, r1, r2, r3);
}

@inline
export function not(dst: usize, a: usize): void {
  put(dst, ~load<u64>(a), ~load<u64>(a, 8), ~load<u64>(a, 16), ~load<u64>(a, 24));
}

/** dst = byte i of x counted from the most significant, 0 for i > 31 (BYTE). */
@inline
export function byteAt(dst: usize, i: usize, x: usize): void {
  const index = saturate(i);
  const value = index < 32 ? <u64>load<u8>(x + 31 - <usize>index) : 0;
  setU64(dst, value);
}

/** dst = x << shift, 0 for shift > 255. */
export function shl(dst: usize, shift: usize, x: usize): void {
  const n = saturate(shift);
  if (n > 255) zero(dst);
  else shiftLeft(dst, x, n);
}

/** dst = x >> shift, 0 for shift > 255. */
export function shr(dst: usize, shift: usize, x: usize): void {
  const n = saturate(shift);
  if (n > 255) zero(dst);
  else shiftRight(dst, x, n, 0);
}

/** dst = x >> shift with the sign bit drawn in; 0 or -1 for shift > 255. */
export function sar(dst: usize, shift: usize, x: usize): void {
  const n = saturate(shift);
  const sign = u64(load<i64>(x, 24) >> 63);
  if (n > 255) put(dst, sign, sign, sign, sign);
  else shiftRight(dst, x, n, sign);
}

function shiftLeft(dst: usize, x: usize, n: u64): void {
  let x0 = load<u64>(x);
  let x1 = load<u64>(x, 8);
  let x2 = load<u64>(x, 16);
  let x3 = load<u64>(x, 24);
  if (n & 128) {
    x3 = x1;
    x2 = x0;
    x1 = 0;
    x0 = 0;
  }
  if (n & 64) {
    x3 = x2;
    x2 = x1;
    x1 = x0;
    x0 = 0;
  }
  // Wasm takes shift counts modulo 64, so `>> 1 >> (63 - bits)` in place of `>> (64 - bits)` covers bits = 0.
  const bits = n & 63;
  const back = 63 - bits;
  put(
    dst,
    x0 << bits,
    (x1 << bits) | (x0 >> 1 >> back),
    (x2 << bits) | (x1 >> 1 >> back),
    (x3 << bits) | (x2 >> 1 >> back),
  );
}

/** `fill` is the limb drawn in from above: 0, or 2^64 - 1 for negative numbers. */
function shiftRight(dst: usize, x: usize, n: u64, fill: u64): void {
  let x0 = load<u64>(x);
  let x1 = load<u64>(x, 8);
  let x2 = load<u64>(x, 16);
  let x3 = load<u64>(x, 24);
  if (n & 128) {
    x0 = x2;
    x1 = x3;
    x2 = fill;
    x3 = fill;
  }
  if (n & 64) {
    x0 = x1;
    x1 = x2;
    x2 = x3;
    x3 = fill;
  }
  const bits = n & 63;
  const back = 63 - bits;
  put(
    dst,
    (x0 >> bits) | ((x1 << 1) << back),
    (x1 >> bits) | ((x2 << 1) << back),
    (x2 >> bits) | ((x3 << 1) << back),
    (x3 >> bits) | ((fill << 1) << back),
  );
}

/** dst = the k + 1 lower bytes of x, sign-extended; x itself for k > 30. */
export function signextend(dst: usize, k: usize, x: usize): void {
  const bytes = saturate(k);
  if (bytes > 30) {
    copy(dst, x);
    return;
  }
  const unused = 248 - (bytes << 3);
  shiftLeft(dst, x, unused);
  shiftRight(dst, dst, unused, u64(load<i64>(dst, 24) >> 63));
}

/** dst = the number of leading zero bits of x, 256 for zero (EIP-7939). */
export function clz(dst: usize, x: usize): void {
  const limbs = limbCount(x, 4);
  const top = limbs == 0 ? 0 : i64.clz(load<u64>(x + ((limbs - 1) << 3)));
  setU64(dst, ((4 - <u64>limbs) << 6) + top);
}

/* BYTES */

/** Reverses sixteen bytes. */
@inline
function reverse16(v: v128): v128 {
  return i8x16.shuffle(v, v, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0);
}

/** Reverses eight bytes: one shuffle in place of a dozen shifts and masks. */
@inline
function reverse8(x: u64): u64 {
  return u64(i64x2.extract_lane(reverse16(i64x2.splat(x)), 0));
}

/** Reads 32 big-endian bytes at any address. */
@inline
export function loadBE(dst: usize, src: usize): void {
  const upper = v128.load(src);
  const lower = v128.load(src, 16);
  v128.store(dst, reverse16(lower));
  v128.store(dst, reverse16(upper), 16);
}

/** Writes 32 big-endian bytes to any address. Limbs are read one by one, see copy. */
@inline
export function storeBE(dst: usize, src: usize): void {
  const lower = i64x2.replace_lane(i64x2.splat(load<u64>(src)), 1, load<u64>(src, 8));
  const upper = i64x2.replace_lane(i64x2.splat(load<u64>(src, 16)), 1, load<u64>(src, 24));
  v128.store(dst, reverse16(upper));
  v128.store(dst, reverse16(lower), 16);
}

/**
 * dst = the `n` (0 to 32) big-endian bytes at `src` as a number (PUSHn). May read up to seven bytes in front of `src`, but
 * none behind src + n. With a constant n nothing but loads and stores is left.
 */
@inline
export function loadBytes(dst: usize, src: usize, n: u32): void {
  const end = src + n;
  put(dst, limbBefore(end, n, 0), limbBefore(end, n, 8), limbBefore(end, n, 16), limbBefore(end, n, 24));
}

/** The limb made of the bytes `skip` to `skip + 8` in front of `end`, of those that are among the `n` bytes in front of it. */
@inline
function limbBefore(end: usize, n: u32, skip: u32): u64 {
  if (n <= skip) return 0;
  const limb = reverse8(load<u64>(end - skip - 8));
  return n >= skip + 8 ? limb : limb & (u64.MAX_VALUE >> ((skip + 8 - n) << 3));
}
