// Modular exponentiation (0x05) of EIP-198: priced by EIP-2565 before Osaka, by EIP-7883 within EIP-7823's bounds from then
// on. Knows nothing of the dispatcher.

import { FORK_OSAKA } from "../../engine/layout.ts";
import { fromBytes, readPadded, toBytes } from "./bytes.ts";
import { noOutput, type Precompile, type PrecompileFork } from "./types.ts";

const HEADER_BYTES = 96;

/** EIP-7823: the most bytes that base, exponent or modulus may announce. */
const OSAKA_MAX_BYTES = 1024n;

interface Lengths {
  base: bigint;
  exponent: bigint;
  modulus: bigint;
}

/** The announced lengths in bytes: anything below 2**256, whatever the input really holds. */
function lengths(input: Uint8Array): Lengths {
  return {
    base: fromBytes(readPadded(input, 0, 32)),
    exponent: fromBytes(readPadded(input, 32, 32)),
    modulus: fromBytes(readPadded(input, 64, 32)),
  };
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

/**
 * EIP-2565's and EIP-7883's iteration count: the bits of the exponent below its top one, judged by its first 32 bytes, with
 * `perByte` for each further byte; at least 1.
 */
function iterations(input: Uint8Array, { base, exponent }: Lengths, perByte: bigint): bigint {
  const headLength = exponent < 32n ? Number(exponent) : 32;
  // A base longer than any input leaves nothing of the exponent to read.
  const start = base > BigInt(input.length) ? input.length : HEADER_BYTES + Number(base);
  const head = fromBytes(readPadded(input, start, headLength));
  const headBits = head === 0n ? 0n : BigInt(head.toString(2).length - 1);
  const rest = exponent > 32n ? perByte * (exponent - 32n) : 0n;
  return max(1n, rest + headBits);
}

/** EIP-2565: complexity * iterations / 3 with complexity = ceil(length / 8)**2, at least 200. */
function gasEip2565(input: Uint8Array, announced: Lengths): bigint {
  const words = (max(announced.base, announced.modulus) + 7n) / 8n;
  return max(200n, (words * words * iterations(input, announced, 8n)) / 3n);
}

/** EIP-7883: complexity 16 up to 32 bytes and twice the square beyond, twice the price per exponent byte, at least 500. */
function gasEip7883(input: Uint8Array, announced: Lengths): bigint {
  const length = max(announced.base, announced.modulus);
  const words = (length + 7n) / 8n;
  const complexity = length <= 32n ? 16n : 2n * words * words;
  return max(500n, complexity * iterations(input, announced, 16n));
}

/** 0x05: three 32-byte lengths, then base, exponent and modulus, big-endian; zero-padded as all call data. */
export const modexp: Precompile = {
  gas(input, fork: PrecompileFork) {
    const announced = lengths(input);
    return fork >= FORK_OSAKA ? gasEip7883(input, announced) : gasEip2565(input, announced);
  },
  run(input, fork: PrecompileFork) {
    const announced = lengths(input);
    if (
      fork >= FORK_OSAKA &&
      (announced.base > OSAKA_MAX_BYTES ||
        announced.exponent > OSAKA_MAX_BYTES ||
        announced.modulus > OSAKA_MAX_BYTES)
    ) {
      return null;
    }
    // Without a modulus nothing is written, whatever lengths are announced; base and modulus are bounded by the price.
    if (announced.modulus === 0n) return noOutput();
    const baseLength = Number(announced.base);
    const modulusLength = Number(announced.modulus);
    const exponentLength = Number(announced.exponent);
    const exponentStart = HEADER_BYTES + baseLength;
    const modulus = fromBytes(readPadded(input, exponentStart + exponentLength, modulusLength));
    if (modulus <= 1n) return new Uint8Array(modulusLength);
    const base = fromBytes(readPadded(input, HEADER_BYTES, baseLength));
    // Bytes of the exponent that the input does not hold are zero: they are counted, not made.
    const held = input.subarray(exponentStart, Math.min(input.length, exponentStart + exponentLength));
    return toBytes(power(base, held, exponentLength - held.length, modulus), modulusLength);
  },
};

/**
 * base ** exponent mod modulus, for modulus > 1; the exponent is big-endian with `zeroBytes` zero bytes after it.
 * Left to right, four bits at a time for exponents long enough to pay for the table.
 */
export function power(base: bigint, exponent: Uint8Array, zeroBytes: number, modulus: bigint): bigint {
  let first = 0;
  while (first < exponent.length && exponent[first] === 0) first++;
  if (first === exponent.length) return 1n;
  const reduced = base % modulus;
  if (reduced <= 1n) return reduced;
  const result =
    exponent.length - first > 8
      ? windowed(reduced, exponent, first, modulus)
      : binary(reduced, exponent, first, modulus);
  return squared(result, 8 * zeroBytes, modulus);
}

/** value ** (2 ** times) mod modulus, ending early once squaring changes nothing. */
function squared(value: bigint, times: number, modulus: bigint): bigint {
  let result = value;
  for (let i = 0; i < times && result > 1n; i++) result = (result * result) % modulus;
  return result;
}

function binary(base: bigint, exponent: Uint8Array, first: number, modulus: bigint): bigint {
  let result = 1n;
  for (let i = first; i < exponent.length; i++) {
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      result = (result * result) % modulus;
      if (exponent[i]! & bit) result = (result * base) % modulus;
    }
  }
  return result;
}

function windowed(base: bigint, exponent: Uint8Array, first: number, modulus: bigint): bigint {
  const powers = [1n, base];
  for (let i = 2; i < 16; i++) powers.push((powers[i - 1]! * base) % modulus);
  let result = 1n;
  for (let i = first; i < exponent.length; i++) {
    for (const digit of [exponent[i]! >> 4, exponent[i]! & 15]) {
      if (result !== 1n) {
        for (let square = 0; square < 4; square++) result = (result * result) % modulus;
      }
      if (digit !== 0) result = (result * powers[digit]!) % modulus;
    }
  }
  return result;
}
