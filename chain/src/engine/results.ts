// Reads what a finished block or call left in the engine's memory (control.ts: RESULT_*, layout.ts: CONTEXT_*, LOG_*) into
// the host's types. It only reads.

import * as control from "../../engine/control.ts";
import * as layout from "../../engine/layout.ts";
import type { EngineMemory } from "./instance.ts";
import type {
  AccessListEntry,
  AccessSet,
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

export function readLogs(memory: EngineMemory, start: number, length: number): Log[] {
  const { bytes } = memory;
  const logs: Log[] = [];
  for (let at = start; at < start + length; at += memory.u32(at + layout.LOG_SIZE)) {
    const topicCount = memory.u32(at + layout.LOG_TOPIC_COUNT);
    const topics: Hash[] = [];
    for (let i = 0; i < topicCount; i++) topics.push(readHex(bytes, at + layout.LOG_TOPICS + 32 * i, 32));
    const dataAt = at + layout.LOG_TOPICS + 32 * topicCount;
    logs.push({
      address: readAddress(bytes, at + layout.LOG_ADDRESS),
      topics,
      data: readHex(bytes, dataAt, memory.u32(at + layout.LOG_DATA_LENGTH)),
    });
  }
  return logs;
}

/** The result of a call or system call in its context. */
export function readContext(memory: EngineMemory, context: number): ExecutionResult {
  const outcome = memory.u32(context + layout.CONTEXT_OUTCOME);
  const logs = memory.u32(context + layout.CONTEXT_LOGS);
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
    logs: success ? readLogs(memory, logs, memory.u32(context + layout.CONTEXT_LOGS_END) - logs) : [],
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

function readIncluded(memory: EngineMemory, result: number, position: number): IncludedTransaction {
  const { view, bytes } = memory;
  const outcome = memory.u32(result + control.RESULT_OUTCOME);
  return {
    position,
    index: memory.u32(result + control.RESULT_INDEX),
    success: outcome === layout.OUTCOME_SUCCESS,
    halt: HALTS[outcome],
    gasUsed: view.getBigUint64(result + control.RESULT_GAS_USED, true),
    gasRefunded: view.getBigUint64(result + control.RESULT_GAS_REFUNDED, true),
    cumulativeGasUsed: view.getBigUint64(result + control.RESULT_CUMULATIVE_GAS, true),
    effectiveGasPrice: readWord(view, result + control.RESULT_GAS_PRICE),
    blobGasUsed: view.getBigUint64(result + control.RESULT_BLOB_GAS, true),
    output: memory.copy(
      memory.u32(result + control.RESULT_OUTPUT),
      memory.u32(result + control.RESULT_OUTPUT_LENGTH),
    ),
    logs: readLogs(
      memory,
      memory.u32(result + control.RESULT_LOGS),
      memory.u32(result + control.RESULT_LOGS_LENGTH),
    ),
    logsBloom: memory.copy(result + control.RESULT_BLOOM, 256),
    contractAddress:
      memory.u32(result + control.RESULT_HAS_CONTRACT) === 0
        ? null
        : readAddress(bytes, result + control.RESULT_CONTRACT),
  };
}

/** The transactions of the executed block; roots and bloom are the caller's to add. */
export function readBlock(
  memory: EngineMemory,
  count: number,
): Pick<BlockExecution, "included" | "excluded" | "telemetry"> {
  const results = memory.u32(control.BLOCK_RESULTS);
  const included: IncludedTransaction[] = [];
  const excluded: BlockExecution["excluded"] = [];
  const telemetry: TransactionTelemetry[] = [];
  const origin = memory.view.getFloat64(control.BLOCK_STARTED, true);
  for (let position = 0; position < count; position++) {
    const result = results + position * control.RESULT_SIZE;
    const reason = EXCLUSIONS[memory.u32(result + control.RESULT_EXCLUSION)];
    if (reason) {
      excluded.push({ position, reason });
      continue;
    }
    included.push(readIncluded(memory, result, position));
    telemetry.push(readTelemetry(memory, results, result, origin));
  }
  return { included, excluded, telemetry };
}

function readTelemetry(
  memory: EngineMemory,
  results: number,
  result: number,
  origin: number,
): TransactionTelemetry {
  const { view } = memory;
  const conflicts: TransactionTelemetry["conflicts"] = [];
  const conflictCount = memory.u32(result + control.RESULT_CONFLICT_COUNT);
  for (let i = 0; i < conflictCount; i++) {
    const at = result + control.RESULT_CONFLICTS + i * control.CONFLICT_SIZE;
    const writer = memory.u32(at + control.CONFLICT_WRITER);
    if (writer === 0xffff_ffff) continue;
    const code = memory.u32(at + control.CONFLICT_CODE);
    conflicts.push({
      writer: memory.u32(results + writer * control.RESULT_SIZE + control.RESULT_INDEX),
      location: readLocation(memory, memory.u32(at + control.CONFLICT_LOCATION)),
      ...(code === 0 ? {} : { pc: memory.u32(at + control.CONFLICT_PC) }),
    });
  }
  return {
    index: memory.u32(result + control.RESULT_INDEX),
    worker: memory.u32(result + control.RESULT_WORKER),
    attempts: memory.u32(result + control.RESULT_ATTEMPTS),
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

/** The committed accesses of the executed block. */
export function readAccessSets(
  memory: EngineMemory,
  count: number,
): { locations: Location[]; transactions: AccessSet[] } {
  const ids = new Map<number, number>();
  const locations: Location[] = [];
  const results = memory.u32(control.BLOCK_RESULTS);
  const transactions: AccessSet[] = [];
  const list = (start: number, length: number) => {
    const set = new Uint32Array(length);
    for (let i = 0; i < length; i++) {
      const reference = memory.u32(start + 4 * i);
      let id = ids.get(reference);
      if (id === undefined) {
        id = locations.length;
        ids.set(reference, id);
        locations.push(readLocation(memory, reference));
      }
      set[i] = id;
    }
    return set;
  };
  for (let position = 0; position < count; position++) {
    const result = results + position * control.RESULT_SIZE;
    if (memory.u32(result + control.RESULT_EXCLUSION) !== 0) continue;
    const start = memory.u32(result + control.RESULT_ACCESSES);
    const reads = memory.u32(result + control.RESULT_READ_COUNT);
    transactions.push({
      index: memory.u32(result + control.RESULT_INDEX),
      gasUsed: memory.view.getBigUint64(result + control.RESULT_GAS_USED, true),
      reads: list(start, reads),
      writes: list(start + 4 * reads, memory.u32(result + control.RESULT_WRITE_COUNT)),
    });
  }
  return { locations, transactions };
}
