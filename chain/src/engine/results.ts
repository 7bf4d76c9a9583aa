// Reads what a finished block or call left in the engine's memory (control.ts: RESULT_*, layout.ts: CONTEXT_*, LOG_*) into
// the host's types. It only reads.

import * as control from "../../engine/control.ts";
import * as layout from "../../engine/layout.ts";
import type { EngineMemory } from "./instance.ts";
import type {
  AccessListEntry,
  AccessSet,
  AccessSets,
  Address,
  BlockExecution,
  Exclusion,
  ExecutionResult,
  Halt,
  Hash,
  IncludedTransaction,
  Location,
  LocationKind,
  Log,
  TransactionTelemetry,
} from "./types.ts";
import { readAddress, readHash, readHex, readWord } from "./words.ts";

const EXCLUSIONS: readonly (Exclusion | undefined)[] = [
  undefined,
  "nonce-too-low",
  "nonce-too-high",
  "nonce-is-max",
  "insufficient-funds",
  "intrinsic-gas-too-low",
  "gas-below-floor",
  "gas-limit-exceeds-maximum",
  "block-gas-exceeded",
  "blob-gas-exceeded",
  "max-fee-below-base-fee",
  "priority-fee-above-max-fee",
  "max-blob-fee-below-base-fee",
  "sender-not-eoa",
  "initcode-too-large",
  "type-not-supported",
  "blob-creates-contract",
  "no-blobs",
  "too-many-blobs",
  "blob-hash-version",
  "set-code-creates-contract",
  "no-authorizations",
  "out-of-memory",
];

const HALTS: readonly (Halt | undefined)[] = [
  undefined,
  "revert",
  "out-of-gas",
  "invalid-opcode",
  "stack-underflow",
  "stack-overflow",
  "invalid-jump",
  "static-violation",
  "create-collision",
  "code-too-large",
  "code-prefix-0xef",
  "return-data-out-of-bounds",
  "initcode-too-large",
  "precompile-failure",
  "call-depth",
  "insufficient-balance",
  "nonce-overflow",
];

const KINDS: readonly LocationKind[] = ["balance", "nonce", "code", "storage"];
const STORAGE_ACCOUNT = 40; // state.ts: the account record of a storage record

export function exclusionOf(code: number): Exclusion | undefined {
  return EXCLUSIONS[code];
}

/** Of an outcome other than success. */
export function haltOf(outcome: number): Halt | undefined {
  return HALTS[outcome];
}

function readLogs(bytes: Uint8Array, view: DataView, start: number, length: number): Log[] {
  const logs: Log[] = [];
  const u32 = (at: number) => view.getUint32(at, true);
  for (let at = start; at < start + length; at += u32(at + layout.LOG_SIZE)) {
    const topicCount = u32(at + layout.LOG_TOPIC_COUNT);
    const topics: Hash[] = [];
    for (let i = 0; i < topicCount; i++) topics.push(readHex(bytes, at + layout.LOG_TOPICS + 32 * i, 32));
    const dataAt = at + layout.LOG_TOPICS + 32 * topicCount;
    logs.push({
      address: readAddress(bytes, at + layout.LOG_ADDRESS),
      topics,
      data: readHex(bytes, dataAt, u32(at + layout.LOG_DATA_LENGTH)),
    });
  }
  return logs;
}

/** The result of a call or system call in its context. */
export function readContext(memory: EngineMemory, context: number): ExecutionResult {
  const outcome = memory.u32(context + layout.CONTEXT_OUTCOME);
  const logs = memory.u32(context + layout.CONTEXT_LOGS);
  const logsLength = memory.u32(context + layout.CONTEXT_LOGS_END) - logs;
  const success = outcome === layout.OUTCOME_SUCCESS;
  return {
    success,
    halt: HALTS[outcome],
    gasUsed: memory.view.getBigUint64(context + layout.CONTEXT_GAS_USED, true),
    gasRefunded: memory.view.getBigUint64(context + layout.CONTEXT_GAS_REFUNDED, true),
    output: memory.copy(
      memory.u32(context + layout.CONTEXT_OUTPUT),
      memory.u32(context + layout.CONTEXT_OUTPUT_LENGTH),
    ),
    logs: success ? readLogs(memory.bytes, memory.view, logs, logsLength) : [],
    contractAddress:
      memory.u32(context + layout.CONTEXT_HAS_CONTRACT) === 0
        ? null
        : readAddress(memory.bytes, context + layout.CONTEXT_CONTRACT),
  };
}

/** Access list entries as the engine writes them, sorted as it met them. */
export function readAccessList(memory: EngineMemory, start: number, length: number): AccessListEntry[] {
  const { bytes } = memory;
  const list: AccessListEntry[] = [];
  for (let at = start; at < start + length; ) {
    const keys = memory.u32(at + 32);
    const storageKeys: Hash[] = [];
    for (let i = 0; i < keys; i++) storageKeys.push(readHash(bytes, at + 40 + 32 * i));
    list.push({ address: readAddress(bytes, at), storageKeys });
    at += 40 + 32 * keys;
  }
  return list;
}

/** What every included transaction of a block shares: one copy of its results, logs and outputs outside shared memory. */
class BlockCopy {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  #top: number;

  constructor(memory: EngineMemory, results: number, count: number, extra: number) {
    const size = count * control.RESULT_SIZE;
    this.bytes = new Uint8Array(size + extra);
    this.view = new DataView(this.bytes.buffer);
    this.bytes.set(memory.bytes.subarray(results, results + size));
    this.#top = size;
  }

  /** Takes `length` bytes along; returns where they are now. */
  take(memory: EngineMemory, start: number, length: number): number {
    const at = this.#top;
    this.bytes.set(memory.bytes.subarray(start, start + length), at);
    this.#top += length;
    return at;
  }
}

/** Decodes on demand: most of a large block is never looked at. */
class IncludedResult implements IncludedTransaction {
  readonly position: number;
  readonly #block: BlockCopy;
  readonly #at: number;

  constructor(block: BlockCopy, position: number) {
    this.position = position;
    this.#block = block;
    this.#at = position * control.RESULT_SIZE;
  }

  #u32(field: number): number {
    return this.#block.view.getUint32(this.#at + field, true);
  }

  #u64(field: number): bigint {
    return this.#block.view.getBigUint64(this.#at + field, true);
  }

  get index(): number {
    return this.#u32(control.RESULT_INDEX);
  }

  get success(): boolean {
    return this.#u32(control.RESULT_OUTCOME) === layout.OUTCOME_SUCCESS;
  }

  get halt(): Halt | undefined {
    return HALTS[this.#u32(control.RESULT_OUTCOME)];
  }

  get gasUsed(): bigint {
    return this.#u64(control.RESULT_GAS_USED);
  }

  get gasRefunded(): bigint {
    return this.#u64(control.RESULT_GAS_REFUNDED);
  }

  get cumulativeGasUsed(): bigint {
    return this.#u64(control.RESULT_CUMULATIVE_GAS);
  }

  get effectiveGasPrice(): bigint {
    return readWord(this.#block.view, this.#at + control.RESULT_GAS_PRICE);
  }

  get blobGasUsed(): bigint {
    return this.#u64(control.RESULT_BLOB_GAS);
  }

  get output(): Uint8Array {
    const at = this.#u32(control.RESULT_OUTPUT);
    return this.#block.bytes.subarray(at, at + this.#u32(control.RESULT_OUTPUT_LENGTH));
  }

  get logs(): Log[] {
    const { bytes, view } = this.#block;
    return readLogs(bytes, view, this.#u32(control.RESULT_LOGS), this.#u32(control.RESULT_LOGS_LENGTH));
  }

  get logsBloom(): Uint8Array {
    const at = this.#at + control.RESULT_BLOOM;
    return this.#block.bytes.subarray(at, at + 256);
  }

  get contractAddress(): Address | null {
    if (this.#u32(control.RESULT_HAS_CONTRACT) === 0) return null;
    return readAddress(this.#block.bytes, this.#at + control.RESULT_CONTRACT);
  }
}

/** The transactions of the executed block; roots and bloom are the caller's to add. */
export function readBlock(
  memory: EngineMemory,
  count: number,
): Pick<BlockExecution, "included" | "excluded" | "reExecutions"> & {
  telemetry: () => TransactionTelemetry[];
} {
  const results = memory.u32(control.BLOCK_RESULTS);
  const { view } = memory;
  let extra = 0;
  for (let at = results; at < results + count * control.RESULT_SIZE; at += control.RESULT_SIZE) {
    extra += view.getUint32(at + control.RESULT_LOGS_LENGTH, true);
    extra += view.getUint32(at + control.RESULT_OUTPUT_LENGTH, true);
  }
  const block = new BlockCopy(memory, results, count, extra);
  const included: IncludedTransaction[] = [];
  const excluded: BlockExecution["excluded"] = [];
  let reExecutions = 0;
  const origin = view.getFloat64(control.BLOCK_STARTED, true);
  for (let position = 0; position < count; position++) {
    const at = position * control.RESULT_SIZE;
    const reason = EXCLUSIONS[block.view.getUint32(at + control.RESULT_EXCLUSION, true)];
    if (reason) {
      excluded.push({ position, reason });
      continue;
    }
    // The copy's own fields point into the copy.
    for (const [place, lengthPlace] of KEPT) {
      const length = block.view.getUint32(at + lengthPlace, true);
      if (length === 0) continue;
      block.view.setUint32(
        at + place,
        block.take(memory, block.view.getUint32(at + place, true), length),
        true,
      );
    }
    reExecutions += block.view.getUint32(at + control.RESULT_ATTEMPTS, true) - 1;
    included.push(new IncludedResult(block, position));
  }
  return {
    included,
    excluded,
    reExecutions,
    telemetry: () => included.map(({ position }) => readTelemetry(memory, block.view, position, origin)),
  };
}

const KEPT = [
  [control.RESULT_LOGS, control.RESULT_LOGS_LENGTH],
  [control.RESULT_OUTPUT, control.RESULT_OUTPUT_LENGTH],
] as const;

/** Location references stay valid after the block: records are interned for good. */
function readTelemetry(
  memory: EngineMemory,
  view: DataView,
  position: number,
  origin: number,
): TransactionTelemetry {
  const result = position * control.RESULT_SIZE;
  const u32 = (at: number) => view.getUint32(at, true);
  const conflicts: TransactionTelemetry["conflicts"] = [];
  const conflictCount = u32(result + control.RESULT_CONFLICT_COUNT);
  for (let i = 0; i < conflictCount; i++) {
    const at = result + control.RESULT_CONFLICTS + i * control.CONFLICT_SIZE;
    const writer = u32(at + control.CONFLICT_WRITER);
    if (writer === 0xffff_ffff) continue;
    conflicts.push({
      writer: u32(writer * control.RESULT_SIZE + control.RESULT_INDEX),
      location: readLocation(memory, u32(at + control.CONFLICT_LOCATION)),
      ...(u32(at + control.CONFLICT_CODE) === 0 ? {} : { pc: u32(at + control.CONFLICT_PC) }),
    });
  }
  return {
    index: u32(result + control.RESULT_INDEX),
    worker: u32(result + control.RESULT_WORKER),
    attempts: u32(result + control.RESULT_ATTEMPTS),
    wastedGas: view.getBigUint64(result + control.RESULT_WASTED_GAS, true),
    startedAt: view.getFloat64(result + control.RESULT_STARTED, true) - origin,
    finishedAt: view.getFloat64(result + control.RESULT_FINISHED, true) - origin,
    conflicts,
  };
}

/** What a location reference names. */
function readLocation(memory: EngineMemory, reference: number): Location {
  const record = (reference & ~15) >>> 0;
  const kind = KINDS[reference & 15]!;
  if (kind !== "storage") return { kind, address: readAddress(memory.bytes, record) };
  return {
    kind,
    address: readAddress(memory.bytes, memory.u32(record + STORAGE_ACCOUNT)),
    slot: readHash(memory.bytes, record),
  };
}

/** The committed accesses of the executed block: references are copied now, and named when somebody asks. */
export function copyAccessSets(memory: EngineMemory, count: number): AccessSets {
  return new CopiedAccessSets(memory, count);
}

class CopiedAccessSets implements AccessSets {
  readonly #memory: EngineMemory;
  /** Of each included transaction: index, gas used, number of reads, number of writes. */
  readonly #heads: Float64Array;
  /** Location references: of each transaction its reads, then its writes. */
  readonly #references: Uint32Array;
  #decoded: { locations: Location[]; transactions: AccessSet[] } | null = null;

  constructor(memory: EngineMemory, count: number) {
    this.#memory = memory;
    const words = new Uint32Array(memory.memory.buffer);
    const results = memory.u32(control.BLOCK_RESULTS);
    const included: number[] = [];
    let total = 0;
    for (let position = 0; position < count; position++) {
      const result = (results + position * control.RESULT_SIZE) >>> 2;
      if (words[result + (control.RESULT_EXCLUSION >> 2)] !== 0) continue;
      included.push(result);
      total +=
        words[result + (control.RESULT_READ_COUNT >> 2)]! +
        words[result + (control.RESULT_WRITE_COUNT >> 2)]!;
    }
    this.#heads = new Float64Array(4 * included.length);
    this.#references = new Uint32Array(total);
    let top = 0;
    for (const [i, result] of included.entries()) {
      const reads = words[result + (control.RESULT_READ_COUNT >> 2)]!;
      const writes = words[result + (control.RESULT_WRITE_COUNT >> 2)]!;
      const list = words[result + (control.RESULT_ACCESSES >> 2)]! >>> 2;
      const gas = memory.view.getBigUint64(result * 4 + control.RESULT_GAS_USED, true);
      this.#heads.set([words[result + (control.RESULT_INDEX >> 2)]!, Number(gas), reads, writes], 4 * i);
      this.#references.set(words.subarray(list, list + reads + writes), top);
      top += reads + writes;
    }
  }

  get locations(): Location[] {
    return this.#decode().locations;
  }

  get transactions(): AccessSet[] {
    return this.#decode().transactions;
  }

  #decode(): { locations: Location[]; transactions: AccessSet[] } {
    if (this.#decoded) return this.#decoded;
    const ids = new Map<number, number>();
    const locations: Location[] = [];
    const idOf = (reference: number): number => {
      let id = ids.get(reference);
      if (id === undefined) {
        id = locations.length;
        ids.set(reference, id);
        locations.push(readLocation(this.#memory, reference));
      }
      return id;
    };
    const transactions: AccessSet[] = [];
    let top = 0;
    for (let i = 0; i < this.#heads.length; i += 4) {
      const [index, gas, reads, writes] = this.#heads.subarray(i, i + 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      transactions.push({
        index,
        gasUsed: BigInt(gas),
        reads: this.#references.subarray(top, top + reads).map(idOf),
        writes: this.#references.subarray(top + reads, top + reads + writes).map(idOf),
      });
      top += reads + writes;
    }
    this.#decoded = { locations, transactions };
    return this.#decoded;
  }
}
