// What the tests of the precompiles share: calls, words, and points in the EIPs' encodings from noble, the second library
// that results are held against.

import assert from "node:assert/strict";
import type { bls12_381 } from "@noble/curves/bls12-381.js";
import type { bn254 } from "@noble/curves/bn254.js";
import { FORK_CANCUN, FORK_OSAKA, FORK_PRAGUE } from "../../../chain/engine/layout.ts";
import {
  type PrecompileFork,
  type PrecompileResult,
  runPrecompile,
} from "../../../chain/src/precompiles/index.ts";

export const CANCUN = FORK_CANCUN;
export const PRAGUE = FORK_PRAGUE;
export const OSAKA = FORK_OSAKA;
export const PLENTY = 1n << 40n;

export function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}

export function bytes(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, "hex"));
}

/** Big-endian, 32 bytes unless told. */
export function word(value: bigint | number, length = 32): Uint8Array {
  return bytes(
    BigInt(value)
      .toString(16)
      .padStart(2 * length, "0"),
  );
}

export function join(...parts: Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts));
}

export function call(
  address: number,
  input: Uint8Array,
  fork: PrecompileFork = FORK_OSAKA,
  gas = PLENTY,
): PrecompileResult {
  return runPrecompile(address, input, gas, fork);
}

/** Output of a call that must succeed, as hex. */
export function output(address: number, input: Uint8Array, fork: PrecompileFork = FORK_OSAKA): string {
  const result = call(address, input, fork);
  assert.equal(result.ok, true, `precompile ${address} fails`);
  return hex(result.output);
}

/** Invalid input: the call fails and takes all gas. */
export function assertRefused(
  address: number,
  input: Uint8Array,
  message: string,
  fork: PrecompileFork = FORK_OSAKA,
): void {
  const result = call(address, input, fork);
  assert.deepEqual(
    { ok: result.ok, gasUsed: result.gasUsed, output: result.output.length },
    { ok: false, gasUsed: PLENTY, output: 0 },
    message,
  );
}

/** The price is exactly `gas`: enough with it, too little with one less. */
export function assertPrice(
  address: number,
  input: Uint8Array,
  gas: bigint,
  fork: PrecompileFork = FORK_OSAKA,
): void {
  const paid = runPrecompile(address, input, gas, fork);
  assert.equal(paid.ok, true, `precompile ${address} fails for ${gas} gas`);
  assert.equal(paid.gasUsed, gas);
  if (gas === 0n) return;
  const short = runPrecompile(address, input, gas - 1n, fork);
  assert.deepEqual({ ok: short.ok, gasUsed: short.gasUsed }, { ok: false, gasUsed: gas - 1n });
}

/** Repeatable pseudo-random numbers (xorshift64*), so that a failure can be run again. */
export function random(seed: bigint): (bits: number) => bigint {
  let state = BigInt.asUintN(64, seed * 0x9e3779b97f4a7c15n + 1n);
  const next = () => {
    state ^= state >> 12n;
    state = BigInt.asUintN(64, state ^ (state << 25n));
    state ^= state >> 27n;
    return BigInt.asUintN(64, state * 0x2545f4914f6cdd1dn) >> 32n;
  };
  return (bits) => {
    let value = 0n;
    for (let i = 0; i < bits; i += 32) value = (value << 32n) | next();
    return BigInt.asUintN(bits, value);
  };
}

type Bn1 = typeof bn254.G1.Point.BASE;
type Bn2 = typeof bn254.G2.Point.BASE;
type Bls1 = typeof bls12_381.G1.Point.BASE;
type Bls2 = typeof bls12_381.G2.Point.BASE;

/** EIP-196: x, y. */
export function bnG1(point: Bn1): Uint8Array {
  const { x, y } = point.is0() ? { x: 0n, y: 0n } : point.toAffine();
  return join(word(x), word(y));
}

/** EIP-197: imaginary part first. */
export function bnG2(point: Bn2): Uint8Array {
  if (point.is0()) return new Uint8Array(128);
  const { x, y } = point.toAffine();
  return join(word(x.c1), word(x.c0), word(y.c1), word(y.c0));
}

/** EIP-2537: 64 bytes a coordinate. */
export function blsG1(point: Bls1): Uint8Array {
  const { x, y } = point.is0() ? { x: 0n, y: 0n } : point.toAffine();
  return join(word(x, 64), word(y, 64));
}

/** EIP-2537: real part first. */
export function blsG2(point: Bls2): Uint8Array {
  if (point.is0()) return new Uint8Array(256);
  const { x, y } = point.toAffine();
  return join(word(x.c0, 64), word(x.c1, 64), word(y.c0, 64), word(y.c1, 64));
}
