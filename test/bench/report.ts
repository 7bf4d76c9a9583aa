// Medians, spreads and ratios of the measurements, as data and as tables. It must not know how they came about.

import type { Measurement } from "./measure.ts";

/** Transactions per second over the rounds. */
export interface Rate {
  median: number;
  lowest: number;
  highest: number;
}

export interface TargetResult {
  target: string;
  ingested: Rate;
  executed: Rate;
  /** Of the block. */
  gasUsed: number;
  /** How many times as fast as this target the fastest of ours is, by medians; absent for ours. */
  ratio?: { ingested: number; executed: number };
}

export interface WorkloadResult {
  workload: string;
  what: string;
  transactions: number;
  rounds: number;
  results: TargetResult[];
}

export interface BenchmarkReport {
  machine: { cpu: string; cores: number; node: string; platform: string };
  versions: Record<string, string>;
  workloads: WorkloadResult[];
}

/** `ours` is the target that ratios are taken for. */
export function resultsOf(
  measurements: ReadonlyMap<string, readonly Measurement[]>,
  transactions: number,
  isOurs: (target: string) => boolean,
  ours: string,
): TargetResult[] {
  const results = [...measurements].map(([target, rounds]): TargetResult => {
    const rate = (seconds: (measurement: Measurement) => number) =>
      rateOf(rounds.map((measurement) => transactions / seconds(measurement)));
    return {
      target,
      ingested: rate(({ ingestSeconds }) => ingestSeconds),
      executed: rate(({ blockSeconds }) => blockSeconds),
      gasUsed: Number(rounds[0]!.gasUsed),
    };
  });
  const own = results.find(({ target }) => target === ours);
  return results.map((result) =>
    own === undefined || isOurs(result.target)
      ? result
      : {
          ...result,
          ratio: {
            ingested: own.ingested.median / result.ingested.median,
            executed: own.executed.median / result.executed.median,
          },
        },
  );
}

export function rateOf(values: readonly number[]): Rate {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { median, lowest: sorted[0]!, highest: sorted.at(-1)! };
}

export function renderReport({ machine, versions, workloads }: BenchmarkReport): string {
  const lines = [
    `${machine.cpu}, ${machine.cores} cores, ${machine.platform}, Node ${machine.node}`,
    ...Object.entries(versions).map(([target, version]) => `${target}: ${version}`),
    "Transactions per second: median (lowest to highest of the rounds). Executed is evm_mine, roots and block included;",
    "times is how many times as fast our chain with all workers is.",
  ];
  for (const { what, rounds, results } of workloads) {
    lines.push("", `${what}, one block, ${rounds} rounds`);
    lines.push(row("", "ingested", "executed", "Mgas/s", "times ingested", "times executed"));
    for (const { target, ingested, executed, gasUsed, ratio } of results) {
      const megagas = (gasUsed / 1e6) * (executed.median / workloadSize(workloads, results));
      lines.push(
        row(
          target,
          rateText(ingested),
          rateText(executed),
          megagas.toFixed(0),
          ratio === undefined ? "" : ratio.ingested.toFixed(2),
          ratio === undefined ? "" : ratio.executed.toFixed(2),
        ),
      );
    }
  }
  return lines.join("\n");
}

function workloadSize(workloads: readonly WorkloadResult[], results: readonly TargetResult[]): number {
  return workloads.find((workload) => workload.results === results)!.transactions;
}

function rateText({ median, lowest, highest }: Rate): string {
  return `${median.toFixed(0)} (${lowest.toFixed(0)} to ${highest.toFixed(0)})`;
}

function row(name: string, ...cells: string[]): string {
  const widths = [27, 27, 7, 15, 15];
  return `  ${name.padEnd(18)}${cells.map((cell, index) => cell.padStart(widths[index]!)).join("")}`.trimEnd();
}
