// geth's default tracer: one entry for each instruction, in the shape of execution-apis' debug_traceTransaction.
// It only listens; it must not know blocks or JSON-RPC.

import type {
  Address,
  ExecutionResult,
  Hash,
  Hex,
  TraceMessageBegin,
  TraceMessageEnd,
  TraceState,
  TraceStep,
} from "../engine/types.ts";
import { HALT_WORDS } from "../node/outcome.ts";
import type { Tracer } from "../node/types.ts";
import { bigintToWord, bytesToHex, EMPTY_BYTES } from "../protocol/bytes.ts";
import type { TraceBudget } from "./budget.ts";
import { nameOf, RETURN, REVERT, SLOAD, SSTORE } from "./opcodes.ts";

export interface StructLoggerOptions {
  disableStack?: boolean;
  disableStorage?: boolean;
  enableMemory?: boolean;
  enableReturnData?: boolean;
  /** At most so many entries; 0 for all. */
  limit?: number;
}

export interface StructLog {
  pc: number;
  op: string;
  /** Left before the instruction. */
  gas: number;
  /** What it takes, with what a call passes on; all that is left where it fails (but for RETURN and REVERT). */
  gasCost: number;
  /** 1 for the transaction's own message. */
  depth: number;
  error?: string;
  /** The lowest word first. */
  stack?: Hex[];
  returnData?: Hex;
  /** Words, before the instruction. */
  memory?: Hex[];
  /** With SLOAD and SSTORE: what the contract has read and written so far, this included. */
  storage?: Record<Hash, Hash>;
  /** EIP-3529's counter. */
  refund?: number;
}

export interface StructLoggerResult {
  gas: number;
  failed: boolean;
  returnValue: Hex;
  structLogs: StructLog[];
}

/** Characters of an entry's fixed part, of a stack word's frame, of a memory word, of a storage slot. */
const ENTRY = 80;
const QUOTES = 3;
const WORD = 69;
const SLOT = 138;

export class StructLogger implements Tracer<StructLoggerResult> {
  readonly #options: StructLoggerOptions;
  readonly #budget: TraceBudget;
  readonly #logs: StructLog[] = [];
  /** By depth: the newest entry of the message that runs there. */
  readonly #newest: (StructLog | undefined)[] = [];
  /** By depth: whether that entry's gasCost is known. */
  readonly #priced: boolean[] = [];
  readonly #storage = new Map<Address, Record<Hash, Hash>>();
  #output: Uint8Array = EMPTY_BYTES;

  constructor(options: StructLoggerOptions, budget: TraceBudget) {
    this.#options = options;
    this.#budget = budget;
  }

  onStep(step: TraceStep, state: TraceState): void {
    const { depth, opcode, gas } = step;
    this.#price(depth, gas);
    const { disableStack, enableMemory, enableReturnData, limit } = this.#options;
    if (limit && this.#logs.length >= limit) {
      this.#newest[depth] = undefined;
      return;
    }
    let size = ENTRY;
    const log: StructLog = { pc: step.pc, op: nameOf(opcode), gas, gasCost: 0, depth: depth + 1 };
    if (!disableStack) {
      log.stack = step.stack();
      for (const { length } of log.stack) size += length + QUOTES;
    }
    if (enableMemory && step.memorySize > 0) {
      size += (step.memorySize / 32) * WORD;
      this.#budget.spend(size);
      size = 0;
      log.memory = wordsOf(step.memory(0, step.memorySize));
    }
    if (enableReturnData) {
      const data = step.returnData();
      if (data.length > 0) log.returnData = bytesToHex(data);
      size += 2 * data.length;
    }
    const storage = this.#storageOf(step, state);
    if (storage) {
      log.storage = storage;
      size += SLOT * Object.keys(storage).length;
    }
    if (step.refund !== 0) log.refund = step.refund;
    this.#budget.spend(size);
    this.#logs.push(log);
    this.#newest[depth] = log;
    // What a creation leaves over pays for its code too, so RETURN's own part is worked out from its operands.
    this.#priced[depth] = (opcode === RETURN || opcode === REVERT) && step.stackHeight >= 2;
    if (this.#priced[depth]) log.gasCost = expansionGas(step.memorySize, step.peek(0), step.peek(1));
  }

  onMessageBegin({ kind, depth, gas, callerGas }: TraceMessageBegin): void {
    this.#newest[depth] = undefined;
    if (depth === 0) return;
    // Like geth: the gas that a call passes on is part of its cost, what a creation passes on is not.
    this.#price(depth - 1, kind === "CREATE" || kind === "CREATE2" ? callerGas + gas : callerGas);
  }

  onMessageEnd({ depth, halt, gasLeft, output }: TraceMessageEnd): void {
    const last = this.#newest[depth];
    this.#price(depth, gasLeft);
    if (last && halt && halt !== "revert") {
      last.error = halt === "invalid-opcode" ? `${HALT_WORDS[halt]}: ${last.op}` : HALT_WORDS[halt];
    }
    if (depth === 0) this.#output = output;
  }

  result({ gasUsed, success }: ExecutionResult): StructLoggerResult {
    return {
      gas: Number(gasUsed),
      failed: !success,
      returnValue: bytesToHex(this.#output),
      structLogs: this.#logs,
    };
  }

  /** The newest entry at this depth took what is missing now. */
  #price(depth: number, gasNow: number): void {
    const log = this.#newest[depth];
    if (!log || this.#priced[depth]) return;
    log.gasCost = log.gas - gasNow;
    this.#priced[depth] = true;
  }

  #storageOf(step: TraceStep, state: TraceState): Record<Hash, Hash> | undefined {
    const { opcode, stackHeight } = step;
    if (this.#options.disableStorage) return undefined;
    if (!((opcode === SLOAD && stackHeight >= 1) || (opcode === SSTORE && stackHeight >= 2)))
      return undefined;
    const { self } = step;
    const slot = bigintToWord(step.peek(0));
    const known = this.#storage.get(self) ?? {};
    known[slot] = opcode === SLOAD ? state.getStorage(self, slot) : bigintToWord(step.peek(1));
    this.#storage.set(self, known);
    return { ...known };
  }
}

function wordsOf(memory: Uint8Array): Hex[] {
  const words: Hex[] = [];
  for (let at = 0; at < memory.length; at += 32) words.push(bytesToHex(memory.subarray(at, at + 32)));
  return words;
}

/** What a range of memory costs that has `size` bytes so far (Yellow Paper, appendix H.1). */
function expansionGas(size: number, offset: bigint, length: bigint): number {
  if (length === 0n) return 0;
  const gasOf = (words: bigint) => 3n * words + (words * words) / 512n;
  const before = BigInt(size / 32);
  const after = (offset + length + 31n) / 32n;
  return after > before ? Number(gasOf(after) - gasOf(before)) : 0;
}
