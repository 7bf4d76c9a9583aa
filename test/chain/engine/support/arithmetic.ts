// Loads the engine's arithmetic into a memory of its own, with helpers to put numbers in and take them out.
// It knows no operation by name; the tests do.

import { join } from "node:path";
import { compile } from "../../../../chain/engine/build.mjs";
import { INSTANCE_SIZE } from "../../../../chain/engine/control.ts";
import { STATIC_END } from "../../../../chain/engine/layout.ts";
import { type Exported, instantiate } from "./instantiate.ts";

export const TWO_256 = 1n << 256n;
export const MAX = TWO_256 - 1n;

const SCRATCH = STATIC_END; // INSTANCE_SIZE bytes
const OPERANDS = SCRATCH + INSTANCE_SIZE; // word slots
const PAGES = 64;

export interface Arithmetic {
  functions: Record<string, Exported>;
  /** All of the memory; tests may use it from `free` on. */
  bytes: Uint8Array;
  free: number;
  /** Address of the word slot `index`. */
  slot(index: number): number;
  write(address: number, value: bigint): void;
  read(address: number): bigint;
}

export async function loadArithmetic(): Promise<Arithmetic> {
  const folder = join(import.meta.dirname, "../../../../chain/engine");
  const output = join(folder, "build/test/arithmetic.wasm");
  await compile({ entry: join(import.meta.dirname, "arithmetic.as.ts"), output });
  const { functions, memory } = await instantiate(output, PAGES);
  functions.setScratch!(SCRATCH);

  const limbs = new BigUint64Array(memory);
  return {
    functions,
    bytes: new Uint8Array(memory),
    free: OPERANDS + 4096,
    slot: (index) => OPERANDS + index * 32,
    write(address, value) {
      for (let i = 0; i < 4; i++) limbs[address / 8 + i] = BigInt.asUintN(64, value >> BigInt(64 * i));
    },
    read(address) {
      let value = 0n;
      for (let i = 3; i >= 0; i--) value = (value << 64n) | limbs[address / 8 + i]!;
      return value;
    },
  };
}

/** The generator mulberry32: numbers from 0 to 2^32 - 1, the same for the same seed. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** A word as arithmetic fears it: powers of two and their neighbours, limbs all zeros or all ones, few limbs, any bits. */
export function edgyWord(next: () => number): bigint {
  const any = (bits: number) => {
    let value = 0n;
    for (let i = 0; i < bits; i += 32) value = (value << 32n) | BigInt(next());
    return BigInt.asUintN(bits, value);
  };
  switch (next() % 8) {
    case 0:
      return BigInt(next() % 4);
    case 1:
      return BigInt.asUintN(256, (1n << BigInt(next() % 257)) + BigInt(next() % 3) - 1n);
    case 2:
      return MAX - BigInt(next() % 3);
    case 3:
      return any(64);
    case 4: {
      let value = 0n;
      for (let i = 0; i < 4; i++) {
        const limb = [0n, 1n, (1n << 63n) + BigInt(next() % 2), (1n << 64n) - 1n, any(64)][next() % 5]!;
        value = (value << 64n) | limb;
      }
      return value;
    }
    case 5:
      return any(64) << BigInt(64 * (next() % 4));
    default:
      return any(1 + (next() % 256));
  }
}
