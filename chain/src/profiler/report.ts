// What parallel_getBlockReport tells about a block. Plain data; it must not know how it was found.

import type { Address, Hash } from "../engine/types.ts";

export interface ReportLocation {
  address: Address;
  kind: "balance" | "nonce" | "code" | "storage";
  slot?: Hash;
}

export interface TransactionReport {
  hash: Hash;
  index: number;
  worker: number;
  /** 1 plus the number of re-executions. */
  attempts: number;
  /** Gas burnt in runs that were thrown away. */
  speculativeGas: bigint;
  gasUsed: bigint;
  /** Microseconds since the block began to execute. */
  startedAt: number;
  finishedAt: number;
  /** Reads that no longer held at commit. */
  conflicts: readonly { writerIndex: number; location: ReportLocation; codeAddress?: Address; pc?: number }[];
}

export interface BlockReport {
  blockNumber: bigint;
  blockHash: Hash;
  workers: number;
  transactions: readonly TransactionReport[];
  reExecutions: number;
  wastedGas: bigint;
  totalGas: bigint;
  /** The heaviest chain of transactions of which each read what the one before wrote; gas is the weight. */
  criticalPath: { transactions: readonly number[]; gas: bigint };
  /** totalGas / criticalPath.gas: the speed-up that unlimited workers could reach; 1 for an empty block. */
  parallelism: number;
  /** Locations written by one transaction and read by a later one, most waited for first. */
  contended: readonly { location: ReportLocation; readers: number; writers: number }[];
}
