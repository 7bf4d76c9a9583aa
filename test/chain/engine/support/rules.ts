// Loads the interpreter's leaves - code analysis, gas rules, addresses - into a memory of their own.
// It knows how the functions are called, not what they should give.

import { join } from "node:path";
import { compile } from "../../../../chain/engine/build.mjs";
import { INSTANCE_SIZE } from "../../../../chain/engine/control.ts";
import { type Exported, instantiate } from "./instantiate.ts";

const PAGES = 16;
const SCRATCH = 512 << 10;
const FIRST = SCRATCH + INSTANCE_SIZE;

export interface Rules {
  functions: Record<string, Exported>;
  /** Address of a word with this value, the caller's until `rewind`. */
  word(value: bigint): number;
  /** Address of these bytes, 8-aligned, likewise. */
  bytes(content: Uint8Array): number;
  readWord(address: number): bigint;
  readU32(address: number): number;
  rewind(): void;
}

export async function loadRules(): Promise<Rules> {
  const output = join(import.meta.dirname, "../../../../chain/engine/build/test/rules.wasm");
  await compile({ entry: join(import.meta.dirname, "rules.as.ts"), output });
  const { functions, memory } = await instantiate(output, PAGES);
  functions.setScratch!(SCRATCH);
  const view = new DataView(memory);
  let top = FIRST;
  const bytes = (content: Uint8Array) => {
    const address = top;
    top += (content.length + 7) & ~7;
    if (top > PAGES * 65536) throw new Error(`The test wants more than ${PAGES} pages: call rewind.`);
    new Uint8Array(memory, address, content.length).set(content);
    return address;
  };
  return {
    functions,
    bytes,
    word(value) {
      const limbs = BigUint64Array.from([0n, 64n, 128n, 192n], (shift) => BigInt.asUintN(64, value >> shift));
      return bytes(new Uint8Array(limbs.buffer));
    },
    readWord(address) {
      return [24, 16, 8, 0].reduce((sum, at) => (sum << 64n) | view.getBigUint64(address + at, true), 0n);
    },
    readU32: (address) => view.getUint32(address, true),
    rewind() {
      top = FIRST;
    },
  };
}
