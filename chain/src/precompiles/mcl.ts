// The bare binding to mcl (npm mcl-wasm): one WebAssembly instance per curve and thread, made synchronously on first use,
// so that a node which never meets a curve never pays for it. Knows nothing of encodings or of precompiles.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** The few parts of the WebAssembly API used here: @types/node has none and the DOM's types are not for a node. */
interface WasmMemory {
  readonly buffer: ArrayBuffer;
}
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    Module: new (bytes: Uint8Array) => object;
    Memory: new (limits: { initial: number }) => WasmMemory;
    Instance: new (module: object, imports: { env: { memory: WasmMemory } }) => { exports: object };
  };
};

/** An address in the WebAssembly memory of a curve's instance. */
export type Pointer = number;

/** The part of mcl's C interface (mcl/bn.h) that is used here. 0 is success for init and map functions. */
export interface MclExports {
  __wasm_call_ctors?(): void;
  malloc(size: number): Pointer;
  mclBn_init(curve: number, compiledTimeVariable: number): number;
  mclBn_setETHserialization(enable: number): void;
  mclBn_setMapToMode(mode: number): number;
  mclBn_verifyOrderG1(verify: number): void;
  mclBn_verifyOrderG2(verify: number): void;
  mclBn_getUint64NumToPrecompute(): number;
  mclBn_precomputeG2(lines: Pointer, q: Pointer): void;
  mclBn_precomputedMillerLoop2(f: Pointer, p1: Pointer, lines1: Pointer, p2: Pointer, lines2: Pointer): void;
  mclBn_millerLoopVec(f: Pointer, p: Pointer, q: Pointer, n: number): void;
  mclBn_finalExp(y: Pointer, x: Pointer): void;
  mclBnGT_mul(z: Pointer, x: Pointer, y: Pointer): void;
  mclBnGT_isOne(x: Pointer): number;
  mclBnFr_inv(y: Pointer, x: Pointer): void;
  mclBnFr_mul(z: Pointer, x: Pointer, y: Pointer): void;
  mclBnFr_setBigEndianMod(x: Pointer, bytes: Pointer, length: number): number;
  mclBnFp_setBigEndianMod(x: Pointer, bytes: Pointer, length: number): number;
  mclBnFp_setInt32(x: Pointer, value: number): void;
  mclBnFp_clear(x: Pointer): void;
  mclBnFp_serialize(bytes: Pointer, capacity: number, x: Pointer): number;
  mclBnFp_mapToG1(y: Pointer, x: Pointer): number;
  mclBnFp2_mapToG2(y: Pointer, x: Pointer): number;
  mclBnG1_clear(x: Pointer): void;
  mclBnG1_isValid(x: Pointer): number;
  mclBnG1_isValidOrder(x: Pointer): number;
  mclBnG1_isZero(x: Pointer): number;
  mclBnG1_normalize(y: Pointer, x: Pointer): void;
  mclBnG1_add(z: Pointer, x: Pointer, y: Pointer): void;
  mclBnG1_sub(z: Pointer, x: Pointer, y: Pointer): void;
  mclBnG1_mul(z: Pointer, x: Pointer, scalar: Pointer): void;
  mclBnG1_mulVec(z: Pointer, x: Pointer, scalars: Pointer, n: number): void;
  mclBnG1_deserialize(x: Pointer, bytes: Pointer, length: number): number;
  mclBnG1_serialize(bytes: Pointer, capacity: number, x: Pointer): number;
  mclBnG1_getBasePoint(x: Pointer): void;
  mclBnG2_clear(x: Pointer): void;
  mclBnG2_deserialize(x: Pointer, bytes: Pointer, length: number): number;
  mclBnG2_isValid(x: Pointer): number;
  mclBnG2_isValidOrder(x: Pointer): number;
  mclBnG2_isZero(x: Pointer): number;
  mclBnG2_neg(y: Pointer, x: Pointer): void;
  mclBnG2_normalize(y: Pointer, x: Pointer): void;
  mclBnG2_add(z: Pointer, x: Pointer, y: Pointer): void;
  mclBnG2_mul(z: Pointer, x: Pointer, scalar: Pointer): void;
  mclBnG2_mulVec(z: Pointer, x: Pointer, scalars: Pointer, n: number): void;
}

/** Curve numbers of mcl/curve_type.h. */
export const MCL_BN_SNARK1 = 4;
export const MCL_BLS12_381 = 5;
export const MCL_NIST_P256 = 107;

/** sizeof of mcl's structs as compiled into mcl-wasm (six 64-bit units for Fp, four for Fr), for every curve alike. */
export const FP_SIZE = 48;
export const FR_SIZE = 32;
export const G1_SIZE = 3 * FP_SIZE;
export const G2_SIZE = 6 * FP_SIZE;
export const GT_SIZE = 12 * FP_SIZE;
const COMPILED_TIME_VARIABLE = 46;

/** Pages of 64 KiB that mcl-wasm's own loader gives the module. */
const INITIAL_PAGES = 32;

let compiled: object | undefined;

/**
 * mcl-wasm carries its WebAssembly as a base64 literal inside a factory that can only be awaited, decodes it with a
 * callback per byte and keeps one curve per process (100 ms and more an instance). We take the literal and compile it
 * here: 4 ms a thread, and no await in a host call.
 */
export function compileMcl(): object {
  if (compiled) return compiled;
  const file = createRequire(import.meta.url).resolve("mcl-wasm/dist/mcl_c.js");
  const literal = /wasmBase64 = '([A-Za-z0-9+/=]+)'/.exec(readFileSync(file, "latin1"));
  if (!literal?.[1]) {
    throw new Error(
      `${file} holds no WebAssembly literal: install the mcl-wasm version that chain/package.json names`,
    );
  }
  compiled = new WebAssembly.Module(Buffer.from(literal[1], "base64"));
  return compiled;
}

export class MclInstance {
  readonly exports: MclExports;
  private readonly memory: WasmMemory;
  private view: Uint8Array<ArrayBuffer>;

  constructor(curve: number) {
    this.memory = new WebAssembly.Memory({ initial: INITIAL_PAGES });
    this.view = new Uint8Array(this.memory.buffer);
    const { exports } = new WebAssembly.Instance(compileMcl(), { env: { memory: this.memory } });
    this.exports = exports as MclExports;
    this.exports.__wasm_call_ctors?.();
    const status = this.exports.mclBn_init(curve, COMPILED_TIME_VARIABLE);
    if (status !== 0) {
      throw new Error(
        `mcl refuses curve ${curve} (status ${status}): install the mcl-wasm version that chain/package.json names`,
      );
    }
  }

  /** The instance's memory; derived again after it has grown. */
  get bytes(): Uint8Array<ArrayBuffer> {
    if (this.view.length === 0) this.view = new Uint8Array(this.memory.buffer);
    return this.view;
  }

  allocate(size: number): Pointer {
    const pointer = this.exports.malloc(size);
    if (pointer === 0) throw new Error(`mcl has no ${size} bytes left`);
    return pointer;
  }
}
