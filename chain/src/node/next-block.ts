// The block that comes next: its header from its parent and what was set for it, then its execution. It must not know the
// pool beyond the entries it is given, nor what becomes of the block.

import { keccak_256 } from "@noble/hashes/sha3.js";
import type { Address, BlockEnvironment, Engine, ExcludedTransaction, Hash } from "../engine/types.ts";
import { bytesToHex } from "../protocol/bytes.ts";
import { nextBaseFee, nextExcessBlobGas } from "../protocol/fees.ts";
import {
  type BlockHeader,
  EMPTY_OMMERS_HASH,
  EMPTY_ROOT,
  hashHeader,
  ZERO_HEADER_NONCE,
} from "../protocol/header.ts";
import { EXTRA_DATA } from "./genesis.ts";
import type { StoredBlock } from "./history.ts";
import type { PoolEntry } from "./pool.ts";
import { executeBlock, traceOf } from "./producer.ts";
import type { ForkActivation } from "./types.ts";

/** What later blocks depend on besides the chain and its clock. */
export interface Settings {
  coinbase: Address;
  blockGasLimit: bigint;
  /** Of the next block only. */
  nextBaseFee: bigint | null;
  nextPrevRandao: Hash | null;
}

/**
 * As far as it is known before the block is executed, on top of `parent`, by the rules of its time. `generation` counts reorganisations, so that a replaced block never has its
 * predecessor's hash.
 */
export function nextHeader(
  parent: StoredBlock,
  timestamp: bigint,
  { hardfork, blobSchedule }: ForkActivation,
  settings: Settings,
  generation: bigint,
): BlockHeader {
  const number = parent.header.number + 1n;
  return {
    parentHash: parent.hash!,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: settings.coinbase,
    stateRoot: EMPTY_ROOT,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: "0x",
    difficulty: 0n,
    number,
    gasLimit: settings.blockGasLimit,
    gasUsed: 0n,
    timestamp,
    extraData: EXTRA_DATA,
    prevRandao: settings.nextPrevRandao ?? standIn("prevRandao", number, generation),
    nonce: ZERO_HEADER_NONCE,
    baseFeePerGas: settings.nextBaseFee ?? nextBaseFee(parent.header),
    withdrawalsRoot: EMPTY_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: nextExcessBlobGas(parent.header, hardfork, blobSchedule),
    parentBeaconBlockRoot: standIn("beacon block root", number, generation),
  };
}

/** Executes and seals the block, and completes `header` by what comes out. `excluded` by their position in `entries`. */
export async function makeBlock(
  engine: Engine,
  environment: BlockEnvironment,
  header: BlockHeader,
  entries: readonly PoolEntry[],
): Promise<{ block: StoredBlock; excluded: readonly ExcludedTransaction[] }> {
  const packed = entries.map((entry) => entry.packed);
  const startedAt = performance.now();
  const executed = await executeBlock(engine, environment, header, packed, [], false);
  const { execution } = executed;
  header.stateRoot = executed.stateRoot;
  header.transactionsRoot = execution.transactionsRoot;
  header.receiptsRoot = execution.receiptsRoot;
  header.logsBloom = bytesToHex(execution.logsBloom);
  header.gasUsed = execution.gasUsed;
  header.blobGasUsed = execution.blobGasUsed;
  if (executed.requestsHash !== undefined) header.requestsHash = executed.requestsHash;
  const block: StoredBlock = {
    header,
    hash: hashHeader(header),
    transactions: execution.included.map(({ position }) => entries[position]!.transaction),
    results: execution.included,
    withdrawals: [],
    bloom: execution.logsBloom,
    blobBaseFee: environment.blobBaseFee,
    version: executed.version,
    workers: execution.workers,
    reExecutions: execution.reExecutions,
    milliseconds: performance.now() - startedAt,
    trace: traceOf(engine, execution),
  };
  return { block, excluded: execution.excluded };
}

/** Stands for what a network draws at random: the same on every run, another in every block. */
function standIn(purpose: string, number: bigint, generation: bigint): Hash {
  return bytesToHex(keccak_256(new TextEncoder().encode(`polder ${purpose} ${number} ${generation}`)));
}
