// One instance of the engine's module: the shared memory, its views and the functions that the engine imports.
// It knows nothing of blocks; every thread has one of its own.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { HEAP_START, HEAP_TOP } from "../../engine/control.ts";
import { type PrecompileFork, runPrecompile } from "../precompiles/index.ts";

const FOLDER = new URL("../../engine/build/", import.meta.url);
const PAGE = 65536;

/** What the engine exports (chain/engine/index.ts). Addresses, sizes and flags are u32, versions f64. */
export interface EngineExports {
  reserveInstance(): number;
  useInstance(worker: number, region: number): void;
  createState(): void;
  reserveToken(): void;
  hostAllocate(size: number): number;
  hostRelease(start: number, size: number): void;
  keccak256(dst: number, src: number, length: number): void;
  headVersion(): number;
  readAccount(address: number, kind: number, version: number, dst: number): void;
  readCode(address: number, version: number): number;
  readStorage(address: number, key: number, version: number, dst: number): void;
  findAccount(address: number): number;
  writeAccount(address: number, kind: number, value: number): void;
  writeCode(address: number, bytes: number, length: number): void;
  writeStorage(address: number, key: number, value: number): void;
  credit(address: number, amount: number, work: number): void;
  popTo(version: number): void;
  openBlock(): void;
  sealBlock(): void;
  beginCall(tx: number, env: number, version: number): void;
  overrideBalance(address: number, value: number): void;
  overrideNonce(address: number, value: bigint): void;
  overrideCode(address: number, bytes: number, length: number): void;
  replaceStorage(address: number): void;
  overrideSlot(address: number, key: number, value: number): void;
  nextCall(tx: number, env: number): void;
  runCall(): number;
  refundNow(): number;
  returnDataLength(): number;
  returnDataStart(): number;
  seenAccount(address: number, kind: number, before: number, dst: number): void;
  seenCode(address: number, before: number): number;
  seenStorage(address: number, key: number, before: number, dst: number): void;
  runSystemCall(tx: number): number;
  writeAccessList(out: number, capacity: number): number;
  beginExecution(count: number): void;
  endExecution(): void;
  enterBlock(): void;
  participate(): number;
  bury(worker: number, trapped: number): void;
  releaseResults(count: number): void;
  collectDirty(): number;
  listStorageJobs(): number;
  listAccountJobs(): number;
  workOnTries(): void;
  finishRoot(dst: number): void;
  storageRoot(account: number, dst: number): void;
  rebuildTries(): void;
  listBodyJobs(count: number): number;
  workOnBody(): void;
  finishBody(transactionsRoot: number, receiptsRoot: number, bloom: number): void;
  orderedTrieRoot(items: number, count: number, dst: number): void;
  proveAccount(address: number, out: number, capacity: number): number;
  proveStorage(account: number, key: number, out: number, capacity: number): number;
  awaitJob(seen: number): number;
  enterJob(worker: number, epoch: number): number;
  leaveJob(worker: number): void;
  openJob(helpers: number): void;
  closeJob(): void;
}

/** The shared memory with views that follow its growth. */
export class EngineMemory {
  readonly memory: WebAssembly.Memory;
  #bytes!: Uint8Array;
  #view!: DataView;
  #words!: Int32Array;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
    this.#derive();
  }

  #derive(): void {
    const { buffer } = this.memory;
    this.#bytes = new Uint8Array(buffer);
    this.#view = new DataView(buffer);
    this.#words = new Int32Array(buffer);
  }

  get bytes(): Uint8Array {
    if (this.#bytes.buffer !== this.memory.buffer) this.#derive();
    return this.#bytes;
  }

  get view(): DataView {
    if (this.#view.buffer !== this.memory.buffer) this.#derive();
    return this.#view;
  }

  /** For Atomics; index is the address divided by four. */
  get words(): Int32Array {
    if (this.#words.buffer !== this.memory.buffer) this.#derive();
    return this.#words;
  }

  u32(at: number): number {
    return this.view.getUint32(at, true);
  }

  setU32(at: number, value: number): void {
    this.view.setUint32(at, value, true);
  }

  /** A copy that is not shared. */
  copy(at: number, length: number): Uint8Array {
    return this.bytes.slice(at, at + length);
  }
}

export interface Seat {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  /** performance.timeOrigin of the owning thread, in milliseconds: the clock's zero. */
  clockOrigin: number;
  /** Ends this thread; called at random points while the fuzzer kills workers. */
  mortalMoment?: (worker: number) => void;
}

/** A fresh memory with the heap's start noted in it. */
export function createMemory(): WebAssembly.Memory {
  const memory = new WebAssembly.Memory({ initial: HEAP_START / PAGE + 1, maximum: 65536, shared: true });
  new DataView(memory.buffer).setBigUint64(HEAP_TOP, BigInt(HEAP_START), true);
  return memory;
}

/** Compiles the copy that runs blocks, or the one that reports every step (host.ts: traceStep, traceMessage). */
export function compileModule(name: "engine.wasm" | "engine.trace.wasm" = "engine.wasm"): WebAssembly.Module {
  const path = fileURLToPath(new URL(name, FOLDER));
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new Error(`The engine is not built: ${path} is missing. Run "npm run build" first.`, { cause });
  }
  return new WebAssembly.Module(bytes);
}

/** What the tracing copy calls: host.ts tells the arguments. Pointers may be negative, as signed 32 bits. */
export interface TraceImports {
  traceStep(frame: number, pc: number, opcode: number, gas: bigint, stackTop: number, depth: number): void;
  traceMessage(
    frame: number,
    depth: number,
    outcome: number,
    gas: bigint,
    output: number,
    outputLength: number,
  ): void;
}

/** Instantiates the module on the shared memory for the calling thread; `trace` is for the tracing copy alone. */
export function instantiate(
  seat: Seat,
  trace?: TraceImports,
): { exports: EngineExports; memory: EngineMemory } {
  const memory = new EngineMemory(seat.memory);
  const clock = () => (performance.timeOrigin - seat.clockOrigin + performance.now()) * 1000;
  const precompile = (
    id: number,
    input: number,
    inputLength: number,
    gas: bigint,
    fork: number,
    output: number,
    capacity: number,
    result: number,
  ): number => {
    const bytes = memory.bytes;
    const from = input >>> 0;
    const call = runPrecompile(
      id,
      bytes.subarray(from, from + (inputLength >>> 0)),
      BigInt.asUintN(64, gas),
      fork as PrecompileFork,
    );
    if (!call.ok) return 0;
    if (call.output.length > capacity >>> 0) return 2;
    bytes.set(call.output, output >>> 0);
    memory.view.setBigUint64(result >>> 0, call.gasUsed, true);
    memory.setU32((result >>> 0) + 8, call.output.length);
    return 1;
  };
  const env = {
    memory: seat.memory,
    precompile,
    clock,
    mortalMoment: seat.mortalMoment ?? (() => {}),
    ...trace,
  };
  const { exports } = new WebAssembly.Instance(seat.module, { env });
  return { exports: exports as unknown as EngineExports, memory };
}
