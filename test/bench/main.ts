// `npm run bench`: workload by workload, all nodes side by side, in interleaved rounds. It must not know how a round is
// timed.

import { mkdtempSync, rmSync } from "node:fs";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import type { Measurement } from "./measure.ts";
import { measure } from "./measure.ts";
import type { BenchmarkReport, WorkloadResult } from "./report.ts";
import { renderReport, resultsOf } from "./report.ts";
import type { TargetSpec } from "./targets.ts";
import { allWorkers, stopAll, Target, targetSpecs } from "./targets.ts";
import type { Prepared, Workload } from "./workloads.ts";
import { borrows, rawTransfers, tokenTransfers } from "./workloads.ts";

const HELP = `Measures our chain with one worker and with all beside anvil and Hardhat's node, on the same signed transactions.

  npm run bench -- [options]

  --workloads LIST   erc20: 10,000 ERC-20 transfers; transfers: 5,000 raw transfers; borrows: 1,000 loans in one market;
                     scenario: the 200 borrowers of the demonstration                                     (all four)
  --peers LIST       anvil, hardhat, or none                                                              (both)
  --workers N        threads of our chain beside the run with one                                         (one per core)
  --rounds N         measured rounds, after one that warms up                                             (5)
  --scale F          share of each workload's transactions, for a quick look                              (1)
  --json             the results as JSON on standard output
  --help             this text
`;

class UsageError extends Error {}

interface Options {
  workloads: Workload[];
  peers: string[];
  workers: number;
  rounds: number;
  json: boolean;
}

function parseOptions(argv: string[]): Options | null {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  let values: ReturnType<typeof parse>;
  function parse() {
    return parseArgs({
      args: argv,
      options: {
        workloads: text,
        peers: text,
        workers: text,
        rounds: text,
        scale: text,
        json: flag,
        help: flag,
      },
    }).values;
  }
  try {
    values = parse();
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See --help.`);
  }
  if (values.help) return null;
  const scale = numberFrom("--scale", values.scale ?? "1", 0.001);
  const size = (full: number) => Math.max(1, Math.round(full * scale));
  const workloads = [
    tokenTransfers(size(10_000)),
    rawTransfers(size(5_000)),
    borrows("borrows", `${size(1_000)} loans in one market`, size(1_000)),
    borrows("scenario", `the demonstration's ${size(200)} borrowers`, size(200)),
  ];
  const names = values.workloads?.split(",") ?? workloads.map(({ name }) => name);
  const unknown = names.find((name) => !workloads.some((workload) => workload.name === name));
  if (unknown !== undefined) throw new UsageError(`--workloads ${unknown}: unknown. See --help.`);
  const peers = values.peers === "none" ? [] : (values.peers ?? "anvil,hardhat").split(",");
  const stranger = peers.find((peer) => peer !== "anvil" && peer !== "hardhat");
  if (stranger !== undefined) throw new UsageError(`--peers ${stranger}: unknown. See --help.`);
  return {
    workloads: workloads.filter(({ name }) => names.includes(name)),
    peers,
    workers: Math.floor(numberFrom("--workers", values.workers ?? String(allWorkers()), 1)),
    rounds: Math.floor(numberFrom("--rounds", values.rounds ?? "5", 1)),
    json: values.json,
  };
}

function numberFrom(name: string, text: string, least: number): number {
  const value = Number(text);
  if (!(value >= least)) throw new UsageError(`${name} ${text}: give a number from ${least}.`);
  return value;
}

const note = (text: string) => process.stderr.write(`${text}\n`);

async function run(options: Options): Promise<void> {
  const specs = await targetSpecs(options.workers, options.peers, note);
  const ours = specs.filter(({ name }) => name.startsWith("polder")).at(-1)!.name;
  const [cpu] = cpus();
  const report: BenchmarkReport = {
    machine: {
      cpu: cpu?.model.trim() ?? "unknown processor",
      cores: allWorkers(),
      node: process.versions.node,
      platform: `${process.platform} ${process.arch}`,
    },
    versions: {},
    workloads: [],
  };
  for (const workload of options.workloads) {
    report.workloads.push(await runWorkload(workload, specs, options.rounds, ours, report.versions));
  }
  if (options.json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  else process.stdout.write(`${renderReport(report)}\n`);
}

async function runWorkload(
  workload: Workload,
  specs: readonly TargetSpec[],
  rounds: number,
  ours: string,
  versions: Record<string, string>,
): Promise<WorkloadResult> {
  const measurements = new Map<string, Measurement[]>();
  const running: { target: Target; prepared: Prepared }[] = [];
  try {
    for (const spec of specs) {
      note(`${workload.what}: preparing ${spec.name}`);
      const target = await Target.start(spec);
      running.push({ target, prepared: await workload.prepare(target.rpc) });
      versions[target.name] = target.version;
      measurements.set(target.name, []);
    }
    // Round 0 warms up.
    for (let round = 0; round <= rounds; round++) {
      note(round === 0 ? "  warming up" : `  round ${round} of ${rounds}`);
      // Everybody goes first once in a while.
      for (let turn = 0; turn < running.length; turn++) {
        const { target, prepared } = running[(round + turn) % running.length]!;
        const measurement = await measure(target.rpc, prepared, round);
        if (round > 0) measurements.get(target.name)!.push(measurement);
      }
    }
  } finally {
    await Promise.all(running.map(({ target }) => target.stop()));
  }
  const { name, what, size } = workload;
  const isOurs = (target: string) => target.startsWith("polder");
  return {
    workload: name,
    what,
    transactions: size,
    rounds,
    results: resultsOf(measurements, size, isOurs, ours),
  };
}

// Deployment records of the measured nodes are nobody else's.
const records = mkdtempSync(join(tmpdir(), "polder-bench-"));
process.env.POLDER_DEPLOYMENTS = records;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    stopAll();
    rmSync(records, { recursive: true });
    process.exit(130);
  });
}
try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else await run(options);
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`bench: ${!process.env.DEBUG ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = usage ? 2 : 1;
} finally {
  rmSync(records, { recursive: true });
}
