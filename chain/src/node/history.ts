// The blocks made so far, with their transactions and receipts, found by number, hash and log. It knows no engine: a
// block's state is only a version number to it.

import type {
  AccessSets,
  Hash,
  IncludedTransaction,
  TransactionTelemetry,
  Version,
} from "../engine/types.ts";
import { buildReport } from "../profiler/build.ts";
import type { BlockReport } from "../profiler/report.ts";
import { bloomBits, bloomMayHold } from "../protocol/bloom.ts";
import { bigintToBytes, bytesToHex, concatBytes, hexToBytes } from "../protocol/bytes.ts";
import { type BlockHeader, encodeHeader, type Withdrawal, withdrawalItems } from "../protocol/header.ts";
import { encodeListOf, encodeRlp, sizeWithPrefix } from "../protocol/rlp.ts";
import type { Transaction } from "../transaction/types.ts";
import { ChainError } from "./errors.ts";
import type { Block, LogEntry, LogFilter, MinedTransaction, Receipt } from "./types.ts";

/** A block as it was made. */
export interface StoredBlock {
  header: BlockHeader;
  /** null for the pending block. */
  hash: Hash | null;
  transactions: readonly Transaction[];
  /** Of each transaction, in order. */
  results: readonly IncludedTransaction[];
  withdrawals: readonly Withdrawal[];
  /** 256 bytes. */
  bloom: Uint8Array;
  /** Wei per blob gas. */
  blobBaseFee: bigint;
  /** The state after it, with what setters changed at its height since. */
  version: Version;
  workers: number;
  /** Wall time of execution and sealing. */
  milliseconds: number;
  /** Runs that were thrown away. */
  reExecutions: number;
  /** What its report is made of; let go when the block is old. */
  trace?: BlockTrace;
  report?: BlockReport;
  view?: Block;
  logs?: BlockLogs;
}

export interface BlockTrace {
  readonly telemetry: readonly TransactionTelemetry[];
  /** Only where there are transactions. */
  readonly accesses?: AccessSets;
}

/** A block's logs in order, and where each transaction's begin. */
interface BlockLogs {
  entries: readonly LogEntry[];
  /** One more than there are transactions. */
  starts: Uint32Array;
}

/** Traces, and views made for whoever asked, are kept for the newest blocks with so many transactions, to bound memory. */
const TRACED_TRANSACTIONS = 100_000;

export class History {
  readonly #blocks: StoredBlock[] = [];
  /* Calls ask for the head's again and again. */
  #ancestors: { of: Hash; hashes: readonly Hash[] } | null = null;
  readonly #byHash = new Map<Hash, number>();
  readonly #transactions = new Map<Hash, { height: number; index: number }>();
  readonly #tracedTransactions: number;
  /** From this height on blocks have their trace; they hold #traced transactions. */
  #firstTraced = 0;
  #traced = 0;

  constructor(tracedTransactions: number = TRACED_TRANSACTIONS) {
    this.#tracedTransactions = tracedTransactions;
  }

  get head(): StoredBlock {
    return this.#blocks.at(-1)!;
  }

  append(block: StoredBlock): void {
    const height = this.#blocks.length;
    this.#blocks.push(block);
    this.#byHash.set(block.hash!, height);
    block.transactions.forEach(({ hash }, index) => {
      this.#transactions.set(hash, { height, index });
    });
    this.#traced += block.transactions.length;
    while (this.#traced > this.#tracedTransactions && this.#firstTraced < height) {
      const old = this.#blocks[this.#firstTraced++]!;
      this.#traced -= old.transactions.length;
      for (const kept of ["trace", "report", "view", "logs"] as const) delete old[kept];
    }
  }

  /** Forgets the blocks above `height` and gives them, newest first. */
  truncate(height: number): StoredBlock[] {
    const removed = this.#blocks.splice(height + 1).reverse();
    for (const block of removed) {
      this.#byHash.delete(block.hash!);
      for (const { hash } of block.transactions) this.#transactions.delete(hash);
    }
    this.#firstTraced = Math.min(this.#firstTraced, this.#blocks.length);
    this.#traced = 0;
    for (let i = this.#firstTraced; i < this.#blocks.length; i++)
      this.#traced += this.#blocks[i]!.transactions.length;
    return removed;
  }

  at(number: bigint): StoredBlock | null {
    return number < 0n || number >= BigInt(this.#blocks.length) ? null : this.#blocks[Number(number)]!;
  }

  byHash(hash: Hash): StoredBlock | null {
    const height = this.#byHash.get(hash);
    return height === undefined ? null : this.#blocks[height]!;
  }

  find(transactionHash: Hash): { block: StoredBlock; index: number } | null {
    const place = this.#transactions.get(transactionHash);
    return place ? { block: this.#blocks[place.height]!, index: place.index } : null;
  }

  /** Hashes of up to 256 blocks from `block` down: what BLOCKHASH sees one block later. */
  ancestorHashes(block: StoredBlock): readonly Hash[] {
    if (this.#ancestors?.of === block.hash) return this.#ancestors.hashes;
    const top = Number(block.header.number);
    const hashes: Hash[] = [];
    for (let height = top; height >= 0 && height > top - 256; height--)
      hashes.push(this.#blocks[height]!.hash!);
    this.#ancestors = { of: block.hash!, hashes };
    return hashes;
  }

  /** In chain order; blocks whose bloom excludes a match are not looked into. */
  logs(from: bigint, to: bigint, filter: Pick<LogFilter, "addresses" | "topics">): LogEntry[] {
    const groups = [filter.addresses ?? [], ...(filter.topics ?? []).map((topics) => topics ?? [])]
      .filter((group) => group.length > 0)
      .map((group) => group.map(bloomBits));
    const found: LogEntry[] = [];
    for (let number = from; number <= to; number++) {
      const block = this.at(number);
      if (!block) break;
      if (block.results.length === 0) continue;
      if (!groups.every((group) => group.some((bits) => bloomMayHold(block.bloom, bits)))) continue;
      for (const log of logsOf(block)) if (matches(log, filter)) found.push(log);
    }
    return found;
  }
}

export function matches(log: LogEntry, filter: Pick<LogFilter, "addresses" | "topics">): boolean {
  const { addresses, topics = [] } = filter;
  if (addresses && addresses.length > 0 && !addresses.includes(log.address)) return false;
  return topics.every((wanted, i) => {
    if (i >= log.topics.length) return false;
    return wanted === null || wanted.length === 0 || wanted.includes(log.topics[i]!);
  });
}

/* VIEWS: what others see of a stored block, made when asked for; large blocks are mostly never looked at */

export function blockView(block: StoredBlock): Block {
  block.view ??= new BlockView(block);
  return block.view;
}

class BlockView implements Block {
  readonly hash: Hash | null;
  readonly header: BlockHeader;
  readonly withdrawals: readonly Withdrawal[];
  readonly #block: StoredBlock;
  #transactions: readonly MinedTransaction[] | null = null;

  constructor(block: StoredBlock) {
    this.hash = block.hash;
    this.header = block.header;
    this.withdrawals = block.withdrawals;
    this.#block = block;
  }

  get transactions(): readonly MinedTransaction[] {
    this.#transactions ??= this.#block.transactions.map((_, index) => minedTransaction(this.#block, index));
    return this.#transactions;
  }

  get size(): bigint {
    return BigInt(encodedSize(this.#block));
  }
}

export function minedTransaction(block: StoredBlock, index: number): MinedTransaction {
  return {
    transaction: block.transactions[index]!,
    blockHash: block.hash,
    blockNumber: block.header.number,
    blockTimestamp: block.header.timestamp,
    index,
    effectiveGasPrice: block.results[index]!.effectiveGasPrice,
  };
}

export function logsOf(block: StoredBlock): readonly LogEntry[] {
  return blockLogs(block).entries;
}

function blockLogs(block: StoredBlock): BlockLogs {
  if (block.logs) return block.logs;
  const entries: LogEntry[] = [];
  const starts = new Uint32Array(block.results.length + 1);
  block.results.forEach((result, index) => {
    for (const { address, topics, data } of result.logs) {
      entries.push({
        address,
        topics,
        data,
        blockHash: block.hash,
        blockNumber: block.header.number,
        blockTimestamp: block.header.timestamp,
        transactionHash: block.transactions[index]!.hash,
        transactionIndex: index,
        logIndex: entries.length,
        removed: false,
      });
    }
    starts[index + 1] = entries.length;
  });
  block.logs = { entries, starts };
  return block.logs;
}

export function receiptView(block: StoredBlock, index: number): Receipt {
  const { entries, starts } = blockLogs(block);
  return receiptOf(block, index, entries.slice(starts[index], starts[index + 1]));
}

export function receiptViews(block: StoredBlock): Receipt[] {
  return block.results.map((_, index) => receiptView(block, index));
}

function receiptOf(block: StoredBlock, index: number, logs: readonly LogEntry[]): Receipt {
  const result = block.results[index]!;
  const transaction = block.transactions[index]!;
  return {
    transaction,
    blockHash: block.hash!,
    blockNumber: block.header.number,
    index,
    success: result.success,
    ...(result.halt === undefined ? {} : { halt: result.halt }),
    output: bytesToHex(result.output),
    cumulativeGasUsed: result.cumulativeGasUsed,
    gasUsed: result.gasUsed,
    effectiveGasPrice: result.effectiveGasPrice,
    contractAddress: transaction.to === null ? result.contractAddress : null,
    logs,
    logsBloom: bytesToHex(result.logsBloom),
    ...(transaction.type === 3 ? { blobGasUsed: result.blobGasUsed, blobGasPrice: block.blobBaseFee } : {}),
  };
}

/** Made once, when first asked for. Throws kind "not-found" where the block is too old. */
export function reportOf(block: StoredBlock): BlockReport {
  const { transactions, results, header, hash, workers } = block;
  const trace = keptTrace(block);
  block.report ??= buildReport({
    blockNumber: header.number,
    blockHash: hash!,
    workers,
    transactions: transactions.map((transaction, i) => ({
      hash: transaction.hash,
      gasUsed: results[i]!.gasUsed,
    })),
    telemetry: trace?.telemetry ?? [],
    accesses: trace?.accesses,
  });
  return block.report;
}

/** What each transaction read and changed. Throws kind "not-found" where the block is too old. */
export function accessesOf(block: StoredBlock): AccessSets {
  return keptTrace(block)?.accesses ?? { locations: [], transactions: [] };
}

function keptTrace({ trace, transactions, header }: StoredBlock): BlockTrace | undefined {
  if (trace || transactions.length === 0) return trace;
  throw new ChainError(
    "not-found",
    `the report of block ${header.number} is gone: reports are kept for the newest ${TRACED_TRANSACTIONS} transactions`,
  );
}

/* ENCODINGS */

export function encodeBlock(block: Pick<StoredBlock, "header" | "transactions" | "withdrawals">): Uint8Array {
  return encodeListOf([
    encodeHeader(block.header),
    // Typed envelopes are byte strings in a block, legacy transactions lists of their own.
    encodeListOf(
      block.transactions.map(({ raw, type }) => (type === 0 ? hexToBytes(raw) : encodeRlp(hexToBytes(raw)))),
    ),
    encodeListOf([]),
    encodeRlp(block.withdrawals.map(withdrawalItems)),
  ]);
}

/** The length of encodeBlock's result, without the work; bytes. */
function encodedSize({ header, transactions, withdrawals }: StoredBlock): number {
  let content = 0;
  for (const { raw, type } of transactions) {
    const length = raw.length / 2 - 1;
    content += type === 0 ? length : sizeWithPrefix(length);
  }
  const tail = 1 + encodeRlp(withdrawals.map(withdrawalItems)).length;
  return sizeWithPrefix(encodeHeader(header).length + sizeWithPrefix(content) + tail);
}

/** The EIP-2718 receipt as it stands in the receipts trie. */
export function encodeReceipt(type: number, result: IncludedTransaction): Uint8Array {
  const body = encodeRlp([
    result.success ? Uint8Array.of(1) : new Uint8Array(0),
    bigintToBytes(result.cumulativeGasUsed),
    result.logsBloom,
    result.logs.map(({ address, topics, data }) => [
      hexToBytes(address),
      topics.map(hexToBytes),
      hexToBytes(data),
    ]),
  ]);
  return type === 0 ? body : concatBytes(Uint8Array.of(type), body);
}
