// Fixed-point arithmetic with 18 decimals, as the contracts round it. Pure; knows no protocol.

export const WAD = 10n ** 18n;

/** floor(a * b / c); c > 0. */
export function mulDiv(a: bigint, b: bigint, c: bigint): bigint {
  return (a * b) / c;
}

/** ceil(a * b / c); a, b >= 0, c > 0. */
export function mulDivUp(a: bigint, b: bigint, c: bigint): bigint {
  return ceilDiv(a * b, c);
}

/** ceil(a / b); a >= 0, b > 0. */
export function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

export function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

const PRECISION = 256n;
const ONE = 1n << PRECISION;
/** ln 2 in 256 fractional bits, by ln 2 = sum of 1 / (k * 2^k). */
const LN2 = (() => {
  let sum = 0n;
  for (let k = 1n; k <= PRECISION; k++) sum += (ONE >> k) / k;
  return sum;
})();

/**
 * floor(e^x), both in wad, for x >= 0: the mathematical value, to far more digits than are returned.
 * The contracts use solady's `expWad`, whose result may differ in the last digit; the tests state by how much.
 */
export function expWad(x: bigint): bigint {
  if (x < 0n) throw new RangeError("expWad is used for growth only: x must not be negative");
  const scaled = (x << PRECISION) / WAD;
  const doublings = scaled / LN2;
  const rest = scaled - doublings * LN2;
  let term = ONE;
  let sum = ONE;
  for (let k = 1n; term > 0n; k++) {
    term = ((term * rest) >> PRECISION) / k;
    sum += term;
  }
  return ((sum << doublings) * WAD) >> PRECISION;
}
