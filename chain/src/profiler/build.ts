// Puts a block's report together from the engine's telemetry and the analysis of its committed accesses. It must not
// know the node that keeps it.

import type { AccessSets, Hash, TransactionTelemetry } from "../engine/types.ts";
import { analyseDependencies } from "./analyse.ts";
import type { BlockReport } from "./report.ts";

export interface ReportInput {
  blockNumber: bigint;
  blockHash: Hash;
  workers: number;
  /** In block order. */
  transactions: readonly { hash: Hash; gasUsed: bigint }[];
  telemetry: readonly TransactionTelemetry[];
  /** Absent where the block has no transactions. */
  accesses?: AccessSets;
}

export function buildReport(input: ReportInput): BlockReport {
  const { blockNumber, blockHash, workers, transactions, telemetry } = input;
  const accesses = input.accesses ?? NONE;
  const { criticalGas, criticalPath, contended } = analyseDependencies(
    accesses.locations,
    accesses.transactions,
  );
  let totalGas = 0n;
  for (const { gasUsed } of transactions) totalGas += gasUsed;
  let wastedGas = 0n;
  let reExecutions = 0;
  for (const run of telemetry) {
    wastedGas += run.wastedGas;
    reExecutions += run.attempts - 1;
  }
  return {
    blockNumber,
    blockHash,
    workers,
    transactions: telemetry.map((run) => ({
      hash: transactions[run.index]!.hash,
      index: run.index,
      worker: run.worker,
      attempts: run.attempts,
      speculativeGas: run.wastedGas,
      gasUsed: transactions[run.index]!.gasUsed,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      conflicts: run.conflicts.map(({ writer, location, codeAddress, pc }) => ({
        writerIndex: writer,
        location,
        ...(codeAddress === undefined ? {} : { codeAddress }),
        ...(pc === undefined ? {} : { pc }),
      })),
    })),
    reExecutions,
    wastedGas,
    totalGas,
    criticalPath: { transactions: criticalPath, gas: criticalGas },
    parallelism: criticalGas === 0n ? 1 : Number((totalGas * 1_000n) / criticalGas) / 1_000,
    contended,
  };
}

const NONE: AccessSets = { locations: [], transactions: [] };
