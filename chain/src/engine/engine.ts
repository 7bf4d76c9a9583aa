// The engine as its one owning thread sees it: types.ts' Engine over an instance of the WebAssembly module, with worker
// threads for what is large enough to share.

import { randomBytes } from "node:crypto";
import * as control from "../../engine/control.ts";
import * as layout from "../../engine/layout.ts";
import {
  compileModule,
  createMemory,
  type EngineExports,
  type EngineMemory,
  instantiate,
  type Seat,
} from "./instance.ts";
import { packEnvironment, packMessage, packSystemCall, withFlags } from "./pack.ts";
import {
  ITEM_ADDRESS,
  ITEM_HASH,
  ITEM_PARITY,
  ITEM_R,
  ITEM_RECOVERED,
  ITEM_S,
  ITEM_SIZE,
  ITEM_STATE,
  ITEM_WAITS,
  recoverItem,
  recoverRange,
} from "./recovery.ts";
import { copyAccessSets, exclusionOf, readAccessList, readBlock, readContext } from "./results.ts";
import { TracingInstance } from "./trace.ts";
import type {
  AccessSets,
  AccountOverride,
  AccountProof,
  Address,
  BlockEnvironment,
  BlockExecution,
  CallOptions,
  CallResult,
  Engine,
  EngineOptions,
  Hash,
  Hex,
  Message,
  PackedMessage,
  SealedBlock,
  TracedRun,
  TraceRun,
  Version,
} from "./types.ts";
import { hexToBytes, readHash, readHex, readWord, writeHexWord, writeWord } from "./words.ts";
import { WorkerCrew } from "./workers.ts";

const NEWEST = -1;
/** Blocks with fewer transactions run on the owning thread alone: waking others costs more than they would save. */
const SHARED_BLOCK = 4;
/** Likewise for hashing: jobs of a few microseconds to a few hundred. */
const SHARED_JOBS = 8;
/** Likewise for signatures. */
const SHARED_SIGNATURES = 8;

/* Where the host writes words for a call of the engine: eight of them, and the environment of calls. */
const WORDS = 8 * 32;
const WORK_SIZE = WORDS + 512 + layout.ENV_SIZE;

/** memory.ts serves no more at once. */
const LARGEST_ALLOCATION = 2 ** 31;

/** A buffer in the engine's memory that grows as needed; growing forgets its content. */
class GrowingBuffer {
  #start = 0;
  #size = 0;
  readonly #exports: EngineExports;

  constructor(exports: EngineExports) {
    this.#exports = exports;
  }

  reserve(size: number): number {
    if (size > this.#size) {
      const grown = Math.max(size, Math.min(this.#size * 2, LARGEST_ALLOCATION), 4096);
      const start = this.#allocate(grown);
      if (this.#size) this.#exports.hostRelease(this.#start, this.#size);
      this.#start = start;
      this.#size = grown;
    }
    return this.#start;
  }

  #allocate(size: number): number {
    try {
      if (size <= LARGEST_ALLOCATION) return this.#exports.hostAllocate(size) >>> 0;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
    }
    throw new RangeError(
      `The engine's memory of 4 GiB has no room for another ${size} bytes: give it less at once`,
    );
  }
}

/** Lifts what only transactions of a block must keep to (layout.ts: TX_FLAG_CALL); without a base fee, paying for gas too. */
function asCall(message: PackedMessage, { noBaseFee }: BlockEnvironment): PackedMessage {
  return withFlags(message, layout.TX_FLAG_CALL | (noBaseFee ? layout.TX_FLAG_NO_FUNDS_CHECK : 0));
}

export class WasmEngine implements Engine {
  readonly workers: number;
  readonly #options: EngineOptions;
  readonly #seat: Seat;
  #exports!: EngineExports;
  #memory!: EngineMemory;
  #crew: WorkerCrew | null = null;
  #work = 0;
  #transactions!: GrowingBuffer;
  #table!: GrowingBuffer;
  #results!: GrowingBuffer;
  #scratch!: GrowingBuffer;
  #callMessage!: GrowingBuffer;
  /* The tracing copy, made when it is first wanted. */
  #tracing: TracingInstance | null = null;
  #inBlock = false;
  #executed = 0;
  /* What reset() goes back to: this thread's own region, and the heap's top behind all regions. */
  #region = 0;
  #heapStart = 0n;

  private constructor(options: EngineOptions) {
    this.#options = options;
    this.workers = Math.max(1, Math.min(options.workers, control.MAX_WORKERS));
    this.#seat = { module: compileModule(), memory: createMemory(), clockOrigin: performance.timeOrigin };
    this.#start();
  }

  static async create(options: EngineOptions): Promise<WasmEngine> {
    return new WasmEngine(options);
  }

  #start(): void {
    const { exports, memory } = instantiate(this.#seat);
    this.#exports = exports;
    this.#memory = memory;
    this.#region = exports.reserveInstance() >>> 0;
    exports.useInstance(0, this.#region);
    exports.reserveToken();
    if (this.workers > 1) {
      const killOneIn = this.#options.killOneIn ?? 0;
      this.#crew = new WorkerCrew(this.workers - 1, exports, memory, this.#seat, killOneIn);
    }
    this.#heapStart = memory.view.getBigUint64(control.HEAP_TOP, true);
    this.#layOut();
  }

  /** Everything that reset() makes anew. */
  #layOut(): void {
    const exports = this.#exports;
    const memory = this.#memory;
    memory.bytes.set(randomBytes(8), control.HASH_SEED);
    exports.createState();
    this.#work = exports.hostAllocate(WORK_SIZE) >>> 0;
    this.#transactions = new GrowingBuffer(exports);
    this.#table = new GrowingBuffer(exports);
    this.#results = new GrowingBuffer(exports);
    this.#scratch = new GrowingBuffer(exports);
    this.#callMessage = new GrowingBuffer(exports);
    const { replaySeed = 0n, delaySeed = 0n, faults = {}, killOneIn = 0 } = this.#options;
    memory.view.setBigUint64(control.HOOK_REPLAY_SEED, replaySeed, true);
    memory.view.setBigUint64(control.HOOK_DELAY_SEED, delaySeed, true);
    memory.setU32(control.HOOK_SKIP_VALIDATION, faults.skipValidation ? 1 : 0);
    memory.setU32(control.HOOK_DROP_READ, faults.dropRead ?? 0);
    memory.setU32(control.HOOK_KILL, killOneIn);
    this.#inBlock = false;
    this.#executed = 0;
  }

  get head(): Version {
    return this.#exports.headVersion();
  }

  /* READS */

  #word(index: number): number {
    return this.#work + 32 * index;
  }

  #putHex(index: number, hex: Address | Hash): number {
    const at = this.#word(index);
    writeHexWord(this.#memory.bytes, at, hex);
    return at;
  }

  #putWord(index: number, value: bigint): number {
    const at = this.#word(index);
    writeWord(this.#memory.view, at, value);
    return at;
  }

  getBalance(address: Address, at: Version = NEWEST): bigint {
    this.#exports.readAccount(this.#putHex(0, address), control.LOCATION_BALANCE, at, this.#word(1));
    return readWord(this.#memory.view, this.#word(1));
  }

  getNonce(address: Address, at: Version = NEWEST): bigint {
    this.#exports.readAccount(this.#putHex(0, address), control.LOCATION_NONCE, at, this.#word(1));
    return this.#memory.view.getBigUint64(this.#word(1), true);
  }

  getCode(address: Address, at: Version = NEWEST): Uint8Array {
    const record = this.#exports.readCode(this.#putHex(0, address), at) >>> 0;
    return this.#memory.copy(
      this.#memory.u32(record + layout.CODE_BYTES),
      this.#memory.u32(record + layout.CODE_LENGTH),
    );
  }

  getCodeHash(address: Address, at: Version = NEWEST): Hash {
    const record = this.#exports.readCode(this.#putHex(0, address), at) >>> 0;
    return readHash(this.#memory.bytes, record + layout.CODE_HASH);
  }

  getStorage(address: Address, slot: Hash, at: Version = NEWEST): Hash {
    this.#exports.readStorage(this.#putHex(0, address), this.#putHex(1, slot), at, this.#word(2));
    return readHash(this.#memory.bytes, this.#word(2));
  }

  /* SETTERS */

  /** Outside a block every setter is a version of its own. */
  #write(change: () => void): void {
    if (!this.#inBlock) this.#exports.openBlock();
    change();
    if (!this.#inBlock) this.#exports.sealBlock();
  }

  setBalance(address: Address, balance: bigint): void {
    this.#write(() => {
      this.#exports.writeAccount(
        this.#putHex(0, address),
        control.LOCATION_BALANCE,
        this.#putWord(1, balance),
      );
    });
  }

  setNonce(address: Address, nonce: bigint): void {
    if (nonce >> 64n) throw new RangeError(`The nonce ${nonce} does not fit 64 bits: give 0 to 2^64 - 1`);
    this.#write(() => {
      this.#exports.writeAccount(this.#putHex(0, address), control.LOCATION_NONCE, this.#putWord(1, nonce));
    });
  }

  setCode(address: Address, code: Uint8Array): void {
    this.#write(() => {
      const bytes = this.#putBytes(code);
      this.#exports.writeCode(this.#putHex(0, address), bytes, code.length);
    });
  }

  setStorage(address: Address, slot: Hash, value: Hash): void {
    this.#write(() => {
      this.#exports.writeStorage(this.#putHex(0, address), this.#putHex(1, slot), this.#putHex(2, value));
    });
  }

  /** Copies bytes into the engine's memory; they stay until the next call. */
  #putBytes(bytes: Uint8Array): number {
    const at = this.#scratch.reserve(bytes.length);
    this.#memory.bytes.set(bytes, at);
    return at;
  }

  pack(message: Message): PackedMessage {
    return packMessage(message);
  }

  /* BLOCKS */

  beginBlock(environment: BlockEnvironment): void {
    if (this.#inBlock) throw new Error("beginBlock: a block is open already; seal() or abandon() it first");
    this.#memory.bytes.set(packEnvironment(environment), control.ENVIRONMENT);
    this.#exports.openBlock();
    this.#inBlock = true;
  }

  #requireBlock(what: string): void {
    if (!this.#inBlock) throw new Error(`${what}: no block is open; call beginBlock() first`);
  }

  systemCall(to: Address, data: Uint8Array): { success: boolean; hasCode: boolean; output: Uint8Array } {
    this.#requireBlock("systemCall");
    const hasCode = this.getCode(to).length > 0;
    if (!hasCode) return { success: true, hasCode, output: new Uint8Array(0) };
    const context = this.#exports.runSystemCall(this.#putBytes(packSystemCall(to, data))) >>> 0;
    const { success, output } = readContext(this.#memory, context);
    return { success: success && this.#memory.u32(context + layout.CONTEXT_STOPPED) === 0, hasCode, output };
  }

  async executeTransactions(transactions: readonly PackedMessage[]): Promise<BlockExecution> {
    this.#requireBlock("executeTransactions");
    const exports = this.#exports;
    const memory = this.#memory;
    const count = transactions.length;
    if (this.#executed) exports.releaseResults(this.#executed);
    this.#putTransactions(transactions);
    this.#executed = count;
    memory.view.setFloat64(
      control.BLOCK_STARTED,
      (performance.timeOrigin - this.#seat.clockOrigin + performance.now()) * 1000,
      true,
    );
    exports.beginExecution(count);
    exports.enterBlock();
    const shared = this.#crew !== null && count >= SHARED_BLOCK;
    memory.setU32(control.BLOCK_WORKERS, shared ? this.workers : 1);
    if (shared) await this.#crew!.run(control.JOB_BLOCK, () => this.#participate());
    else while (!this.#participate());
    exports.endExecution();
    return await this.#blockResult(count, shared ? this.workers : 1);
  }

  /** The owner's part of a block. A trap under the token excludes its transaction; nothing else can trap. */
  #participate(): boolean {
    try {
      return this.#exports.participate() === 1;
    } catch (error) {
      if (!(error instanceof WebAssembly.RuntimeError)) throw error;
      this.#exports.bury(0, 1);
      return false;
    }
  }

  #putTransactions(transactions: readonly PackedMessage[]): void {
    const memory = this.#memory;
    const count = transactions.length;
    const total = transactions.reduce((size, { length }) => size + ((length + 15) & ~15), 0);
    let at = this.#transactions.reserve(total);
    const table = this.#table.reserve(4 * count);
    const results = this.#results.reserve(control.RESULT_SIZE * count);
    const { bytes, view } = memory;
    for (let i = 0; i < count; i++) {
      const transaction = transactions[i]!;
      bytes.set(transaction, at);
      view.setUint32(table + 4 * i, at, true);
      at += (transaction.length + 15) & ~15;
    }
    memory.setU32(control.BLOCK_TRANSACTIONS, table);
    memory.setU32(control.BLOCK_RESULTS, results);
  }

  async #blockResult(count: number, workers: number): Promise<BlockExecution> {
    const exports = this.#exports;
    const memory = this.#memory;
    const runs = exports.listBodyJobs(count);
    const survived = await this.#share(control.JOB_BODY, runs, () => exports.workOnBody());
    if (!survived) {
      exports.listBodyJobs(count);
      exports.workOnBody();
    }
    const bloom = this.#work + WORDS;
    exports.finishBody(this.#word(0), this.#word(1), bloom);
    const { included, excluded, reExecutions, telemetry } = readBlock(memory, count);
    return {
      included,
      excluded,
      reExecutions,
      get telemetry() {
        return telemetry();
      },
      gasUsed: memory.view.getBigUint64(control.BLOCK_GAS_USED, true),
      blobGasUsed: memory.view.getBigUint64(control.BLOCK_BLOB_GAS_USED, true),
      logsBloom: memory.copy(bloom, 256),
      transactionsRoot: readHex(memory.bytes, this.#word(0), 32),
      receiptsRoot: readHex(memory.bytes, this.#word(1), 32),
      workers,
    };
  }

  /** Works on `jobs` listed jobs, with the workers where there are enough of them; false when one of them died inside. */
  async #share(kind: number, jobs: number, work: () => void): Promise<boolean> {
    if (this.#crew === null || jobs < SHARED_JOBS) {
      work();
      return true;
    }
    return this.#crew.run(kind, () => {
      work();
      return true;
    });
  }

  credit(address: Address, amount: bigint): void {
    this.#requireBlock("credit");
    this.#exports.credit(this.#putHex(0, address), this.#putWord(1, amount), this.#word(2));
  }

  async seal(): Promise<SealedBlock> {
    this.#requireBlock("seal");
    const exports = this.#exports;
    const work = () => exports.workOnTries();
    exports.collectDirty();
    let survived = await this.#share(control.JOB_TRIE, exports.listStorageJobs(), work);
    if (survived) survived = await this.#share(control.JOB_TRIE, exports.listAccountJobs(), work);
    if (!survived) exports.rebuildTries();
    // Without a death nothing is left to do but the root itself.
    const stateRoot = survived ? this.#finishRoot() : this.#computeRoot();
    exports.sealBlock();
    this.#inBlock = false;
    return { stateRoot, version: this.head };
  }

  abandon(): void {
    this.#requireBlock("abandon");
    this.#inBlock = false;
    this.#exports.popTo(Number(this.#memory.view.getBigUint64(control.BLOCK_BASE, true)));
  }

  accessSets(): AccessSets {
    return copyAccessSets(this.#memory, this.#executed);
  }

  /* CALLS */

  call(environment: BlockEnvironment, message: PackedMessage, options: CallOptions = {}): CallResult {
    const exports = this.#exports;
    const env = this.#work + WORDS + 512;
    this.#memory.bytes.set(packEnvironment(environment), env);
    const tx = this.#putMessage(asCall(message, environment));
    exports.beginCall(tx, env, options.at ?? NEWEST);
    this.#override(exports, options.overrides);
    return { ...this.#outcome(exports.runCall() >>> 0), accessList: this.#accessList() };
  }

  trace(runs: readonly TraceRun[], at: Version = NEWEST): TracedRun[] {
    this.#tracing ??= new TracingInstance(this.#seat);
    const { exports } = this.#tracing;
    const env = this.#work + WORDS + 512;
    const results: TracedRun[] = [];
    let placed: BlockEnvironment | null = null;
    for (const { environment, message, call, overrides, listener } of runs) {
      if (environment !== placed) this.#memory.bytes.set(packEnvironment(environment), env);
      placed = environment;
      const tx = this.#putMessage(call ? asCall(message, environment) : message);
      if (results.length === 0) exports.beginCall(tx, env, at);
      else exports.nextCall(tx, env);
      this.#override(exports, overrides);
      const result = this.#outcome(this.#tracing.run(listener));
      results.push(result);
      if (result.invalid) break;
    }
    return results;
  }

  #putMessage(message: PackedMessage): number {
    const tx = this.#callMessage.reserve(message.length);
    this.#memory.bytes.set(message, tx);
    return tx;
  }

  /** What a call left in its context. */
  #outcome(context: number): TracedRun {
    const stopped = this.#memory.u32(context + layout.CONTEXT_STOPPED) !== 0;
    const invalid = stopped
      ? "out-of-memory"
      : exclusionOf(this.#memory.u32(context + layout.CONTEXT_EXCLUSION));
    const result = readContext(this.#memory, context);
    return invalid ? { ...result, success: false, invalid } : result;
  }

  /** Of the message that was prepared on the instance of `exports`. */
  #override(exports: EngineExports, overrides: CallOptions["overrides"] = {}): void {
    for (const [address, override] of Object.entries(overrides)) {
      this.#overrideAccount(exports, address as Address, override);
    }
  }

  #overrideAccount(
    exports: EngineExports,
    address: Address,
    { balance, nonce, code, state, stateDiff }: AccountOverride,
  ): void {
    if (balance !== undefined) exports.overrideBalance(this.#putHex(0, address), this.#putWord(1, balance));
    if (nonce !== undefined) exports.overrideNonce(this.#putHex(0, address), nonce);
    if (code !== undefined) {
      const bytes = hexToBytes(code);
      const at = this.#putBytes(bytes);
      exports.overrideCode(this.#putHex(0, address), at, bytes.length);
    }
    if (state) exports.replaceStorage(this.#putHex(0, address));
    for (const [slot, value] of Object.entries({ ...state, ...stateDiff })) {
      exports.overrideSlot(this.#putHex(0, address), this.#putHex(1, slot as Hash), this.#putHex(2, value));
    }
  }

  #accessList(): CallResult["accessList"] {
    for (let capacity = 16_384; ; capacity *= 4) {
      const out = this.#scratch.reserve(capacity);
      const length = this.#exports.writeAccessList(out, capacity) >>> 0;
      if (length !== 0xffff_ffff) return readAccessList(this.#memory, out, length);
    }
  }

  /* ROOTS AND PROOFS */

  stateRoot(): Hash {
    this.#exports.collectDirty();
    return this.#computeRoot();
  }

  /** On this thread alone, from the collected changes on. */
  #computeRoot(): Hash {
    const exports = this.#exports;
    exports.listStorageJobs();
    exports.workOnTries();
    exports.listAccountJobs();
    exports.workOnTries();
    return this.#finishRoot();
  }

  #finishRoot(): Hash {
    this.#exports.finishRoot(this.#word(0));
    return readHex(this.#memory.bytes, this.#word(0), 32);
  }

  getProof(address: Address, slots: readonly Hash[]): AccountProof {
    this.stateRoot();
    const exports = this.#exports;
    const memory = this.#memory;
    const nodes = (prove: (out: number, capacity: number) => number): Hex[] => {
      for (let capacity = 65_536; ; capacity *= 4) {
        const out = this.#scratch.reserve(capacity);
        const length = prove(out, capacity) >>> 0;
        if (length === 0xffff_ffff) continue;
        const list: Hex[] = [];
        for (let at = out; at < out + length; ) {
          const size = memory.u32(at);
          list.push(readHex(memory.bytes, at + 4, size));
          at += 4 + size;
        }
        return list;
      }
    };
    const record = exports.findAccount(this.#putHex(0, address)) >>> 0;
    exports.storageRoot(record, this.#word(2));
    const storageHash = readHex(memory.bytes, this.#word(2), 32);
    return {
      balance: this.getBalance(address),
      nonce: this.getNonce(address),
      codeHash: this.getCodeHash(address),
      storageHash,
      accountProof: nodes((out, capacity) => exports.proveAccount(this.#putHex(0, address), out, capacity)),
      storageProof: slots.map((key) => ({
        key,
        value: BigInt(this.getStorage(address, key)),
        proof: nodes((out, capacity) => exports.proveStorage(record, this.#putHex(1, key), out, capacity)),
      })),
    };
  }

  orderedRoot(items: readonly Uint8Array[]): Hash {
    const total = items.reduce((size, { length }) => size + length, 0);
    const list = this.#scratch.reserve(8 * items.length + total + 32);
    let at = list + 8 * items.length;
    items.forEach((item, i) => {
      this.#memory.bytes.set(item, at);
      this.#memory.setU32(list + 8 * i, at);
      this.#memory.setU32(list + 8 * i + 4, item.length);
      at += item.length;
    });
    this.#exports.orderedTrieRoot(list, items.length, this.#word(0));
    return readHex(this.#memory.bytes, this.#word(0), 32);
  }

  /* GOING BACK */

  revertTo(version: Version): void {
    if (this.#inBlock) throw new Error("revertTo: a block is open; seal() or abandon() it first");
    if (version > this.head)
      throw new Error(`revertTo: version ${version} is newer than the head ${this.head}`);
    if (!Number.isSafeInteger(version) || version < 0)
      throw new RangeError(`revertTo: ${version} is no version; give one that head, seal() or a setter left`);
    this.#exports.popTo(version);
  }

  reset(): void {
    if (this.#crew) {
      // The workers' free lists point into the heap: it stays, and everything in it is undone.
      if (this.#inBlock) this.abandon();
      this.revertTo(0);
      return;
    }
    // Memory that was never handed out is zero, and its users count on it.
    const top = this.#memory.view.getBigUint64(control.HEAP_TOP, true);
    this.#memory.bytes.fill(0, Number(this.#heapStart), Number(top));
    this.#memory.view.setBigUint64(control.HEAP_TOP, this.#heapStart, true);
    this.#exports.useInstance(0, this.#region);
    this.#tracing = null; // its region was in the heap
    this.#layOut();
  }

  /* HASHES AND SIGNATURES */

  keccak(data: Uint8Array): Uint8Array {
    const at = this.#putBytes(data);
    this.#exports.keccak256(this.#word(0), at, data.length);
    return this.#memory.copy(this.#word(0), 32);
  }

  async recoverSenders(
    items: readonly { hash: Uint8Array; r: Uint8Array; s: Uint8Array; yParity: 0 | 1 }[],
  ): Promise<(Address | null)[]> {
    const memory = this.#memory;
    const start = this.#scratch.reserve(ITEM_SIZE * items.length);
    items.forEach(({ hash, r, s, yParity }, i) => {
      for (const [name, { length }] of Object.entries({ hash, r, s })) {
        if (length !== 32) throw new RangeError(`item ${i}: ${name} has ${length} bytes; give all 32 bytes`);
      }
      const at = start + ITEM_SIZE * i;
      memory.bytes.set(hash, at + ITEM_HASH);
      memory.bytes.set(r, at + ITEM_R);
      memory.bytes.set(s, at + ITEM_S);
      memory.bytes[at + ITEM_PARITY] = yParity;
      memory.bytes[at + ITEM_STATE] = ITEM_WAITS;
    });
    memory.setU32(control.JOB_COUNT, items.length);
    memory.setU32(control.JOB_ITEMS, start);
    Atomics.store(memory.words, control.JOB_NEXT >> 2, 0);
    const own = () => {
      recoverRange(memory);
      return true;
    };
    if (this.#crew && items.length >= SHARED_SIGNATURES) await this.#crew.run(control.JOB_RECOVER, own);
    else own();
    return items.map((_, i) => {
      const at = start + ITEM_SIZE * i;
      // A thread that died has left its run of items undone.
      if (memory.bytes[at + ITEM_STATE] === ITEM_WAITS) recoverItem(memory, at);
      return memory.bytes[at + ITEM_STATE] === ITEM_RECOVERED
        ? readHex(memory.bytes, at + ITEM_ADDRESS, 20)
        : null;
    });
  }

  async close(): Promise<void> {
    await this.#crew?.close();
  }
}
