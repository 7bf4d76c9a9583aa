// The tracing copy of the engine at work: a second instance on the shared memory, whose steps and messages it hands to a
// listener. The engine's owner alone uses it, and never while a block executes.

import { LOCATION_BALANCE, LOCATION_NONCE } from "../../engine/control.ts";
import * as frames from "../../engine/frame.ts";
import { CODE_BYTES, CODE_HASH, CODE_LENGTH, OUTCOME_SUCCESS } from "../../engine/layout.ts";
import { compileModule, type EngineExports, type EngineMemory, instantiate, type Seat } from "./instance.ts";
import { haltOf } from "./results.ts";
import type {
  Address,
  Hash,
  Hex,
  TraceListener,
  TraceMessageBegin,
  TraceMessageEnd,
  TraceState,
  TraceStep,
} from "./types.ts";
import { readAddress, readHash, readWord, writeHexWord } from "./words.ts";

/** FRAME_KIND's opcodes. */
const KINDS: Record<number, TraceMessageBegin["kind"]> = {
  240: "CREATE",
  241: "CALL",
  242: "CALLCODE",
  244: "DELEGATECALL",
  245: "CREATE2",
  250: "STATICCALL",
};
/** traceMessage's outcome at the beginning of a message. */
const BEGINS = -1;
const NOTHING = new Uint8Array(0);

export class TracingInstance {
  readonly exports: EngineExports;
  readonly #memory: EngineMemory;
  readonly #state: TraceState;
  readonly #step: Step;
  #listener: TraceListener | undefined;
  /** What the listener threw: an import must not throw, so it waits until the run is over. */
  #failure: { error: unknown } | null = null;

  constructor(seat: Seat) {
    const { exports, memory } = instantiate(
      { ...seat, module: compileModule("engine.trace.wasm") },
      {
        traceStep: (...step) => this.#onStep(...step),
        traceMessage: (...message) => this.#onMessage(...message),
      },
    );
    this.exports = exports;
    this.#memory = memory;
    exports.useInstance(0, exports.reserveInstance() >>> 0);
    this.#state = new State(exports, memory);
    this.#step = new Step(exports, memory);
  }

  /** Runs the prepared message and gives its context. Throws what the listener threw. */
  run(listener?: TraceListener): number {
    this.#listener = listener;
    this.#failure = null;
    const context = this.exports.runCall() >>> 0;
    this.#tell(() => listener?.onEnd?.(this.#state));
    this.#listener = undefined;
    if (this.#failure) throw (this.#failure as { error: unknown }).error;
    return context;
  }

  #tell(report: () => void): void {
    try {
      report();
    } catch (error) {
      this.#failure = { error };
      this.#listener = undefined;
    }
  }

  #onStep(frame: number, pc: number, opcode: number, gas: bigint, stackTop: number, depth: number): void {
    const listener = this.#listener;
    if (!listener?.onStep) return;
    this.#step.set(frame >>> 0, pc, opcode, Number(gas), stackTop >>> 0, depth);
    try {
      listener.onStep(this.#step, this.#state);
    } catch (error) {
      this.#failure = { error };
      this.#listener = undefined;
    }
  }

  #onMessage(
    frame: number,
    depth: number,
    outcome: number,
    gas: bigint,
    data: number,
    dataLength: number,
  ): void {
    const listener = this.#listener;
    if (!listener) return;
    if (outcome === BEGINS) {
      if (!listener.onMessageBegin) return;
      const message = this.#messageBegin(frame >>> 0, depth, Number(gas), data >>> 0, dataLength);
      this.#tell(() => listener.onMessageBegin!(message, this.#state));
    } else {
      if (!listener.onMessageEnd) return;
      const end: TraceMessageEnd = {
        depth,
        ...(outcome === OUTCOME_SUCCESS ? {} : { halt: haltOf(outcome) }),
        gasLeft: Number(gas),
        output: this.#copy(data >>> 0, dataLength),
      };
      this.#tell(() => listener.onMessageEnd!(end, this.#state));
    }
  }

  #copy(start: number, length: number): Uint8Array {
    return length === 0 ? NOTHING : this.#memory.copy(start, length);
  }

  #messageBegin(
    frame: number,
    depth: number,
    gas: number,
    input: number,
    inputLength: number,
  ): TraceMessageBegin {
    const { bytes, view } = this.#memory;
    const addressOf = (field: number) => readAddress(bytes, view.getUint32(frame + field, true));
    const kind = KINDS[view.getUint32(frame + frames.FRAME_KIND, true)]!;
    const callerGas = view.getBigUint64(frame - frames.FRAME_SIZE + frames.FRAME_GAS, true);
    return {
      kind,
      depth,
      // A DELEGATECALL runs as its caller, who is not the one that CALLER gives.
      from: addressOf(kind === "DELEGATECALL" ? frames.FRAME_SELF : frames.FRAME_CALLER),
      to: addressOf(frames.FRAME_TARGET),
      gas,
      callerGas: depth === 0 ? 0 : Number(callerGas),
      value: readWord(view, frame + frames.FRAME_VALUE),
      input: this.#copy(input, inputLength),
    };
  }
}

/** The one step that listeners see; it is set anew for each. */
class Step implements TraceStep {
  pc = 0;
  opcode = 0;
  gas = 0;
  depth = 0;
  #frame = 0;
  #stackTop = 0;
  readonly #exports: EngineExports;
  readonly #memory: EngineMemory;

  constructor(exports: EngineExports, memory: EngineMemory) {
    this.#exports = exports;
    this.#memory = memory;
  }

  set(frame: number, pc: number, opcode: number, gas: number, stackTop: number, depth: number): void {
    this.#frame = frame;
    this.pc = pc;
    this.opcode = opcode;
    this.gas = gas;
    this.#stackTop = stackTop;
    this.depth = depth;
  }

  get stackHeight(): number {
    return (this.#stackTop - this.#memory.u32(this.#frame + frames.FRAME_STACK)) / 32;
  }

  peek(index: number): bigint {
    return readWord(this.#memory.view, this.#stackTop - 32 * (index + 1));
  }

  stack(): Hex[] {
    const { view } = this.#memory;
    const words: Hex[] = [];
    for (let at = view.getUint32(this.#frame + frames.FRAME_STACK, true); at < this.#stackTop; at += 32) {
      words.push(`0x${minimalHex(view, at)}`);
    }
    return words;
  }

  get memorySize(): number {
    return this.#memory.u32(this.#frame + frames.FRAME_MEMORY_SIZE);
  }

  memory(offset: number, length: number): Uint8Array {
    const copy = new Uint8Array(length);
    const there = Math.min(length, this.memorySize - offset);
    const start = this.#memory.u32(this.#frame + frames.FRAME_MEMORY) + offset;
    if (there > 0) copy.set(this.#memory.bytes.subarray(start, start + there));
    return copy;
  }

  returnData(): Uint8Array {
    const length = this.#exports.returnDataLength() >>> 0;
    return this.#memory.copy(this.#exports.returnDataStart() >>> 0, length);
  }

  get self(): Address {
    return readAddress(this.#memory.bytes, this.#memory.u32(this.#frame + frames.FRAME_SELF));
  }

  get refund(): number {
    return this.#exports.refundNow();
  }
}

/** A word without leading zeros. Most fit 32 bits, and bigints cost. */
function minimalHex(view: DataView, at: number): string {
  for (let i = 4; i < 32; i += 4) {
    if (view.getUint32(at + i, true) !== 0) return readWord(view, at).toString(16);
  }
  return view.getUint32(at, true).toString(16);
}

class State implements TraceState {
  readonly #exports: EngineExports;
  readonly #memory: EngineMemory;
  /** Three words. */
  readonly #words: number;

  constructor(exports: EngineExports, memory: EngineMemory) {
    this.#exports = exports;
    this.#memory = memory;
    this.#words = exports.hostAllocate(3 * 32) >>> 0;
  }

  getBalance(address: Address, before = false): bigint {
    return this.#account(address, LOCATION_BALANCE, before);
  }

  getNonce(address: Address, before = false): bigint {
    return this.#account(address, LOCATION_NONCE, before);
  }

  getCode(address: Address, before = false): Uint8Array {
    const record = this.#code(address, before);
    return this.#memory.copy(this.#memory.u32(record + CODE_BYTES), this.#memory.u32(record + CODE_LENGTH));
  }

  getCodeHash(address: Address, before = false): Hash {
    return readHash(this.#memory.bytes, this.#code(address, before) + CODE_HASH);
  }

  getStorage(address: Address, slot: Hash, before = false): Hash {
    this.#put(0, address);
    this.#put(1, slot);
    this.#exports.seenStorage(this.#words, this.#words + 32, before ? 1 : 0, this.#words + 64);
    return readHash(this.#memory.bytes, this.#words + 64);
  }

  #account(address: Address, kind: number, before: boolean): bigint {
    this.#put(0, address);
    this.#exports.seenAccount(this.#words, kind, before ? 1 : 0, this.#words + 64);
    return readWord(this.#memory.view, this.#words + 64);
  }

  #code(address: Address, before: boolean): number {
    this.#put(0, address);
    return this.#exports.seenCode(this.#words, before ? 1 : 0) >>> 0;
  }

  #put(index: number, hex: Hex): void {
    writeHexWord(this.#memory.bytes, this.#words + 32 * index, hex);
  }
}
