// The command line of the fuzzer. It must not know how blocks are made or run.

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Fault } from "./legs.ts";

export type LegName = "replay" | "threads" | "hardhat";

export interface Options {
  /** Per leg. */
  blocks: number;
  seed: string;
  legs: LegName[];
  workers: number;
  transactionsPerBlock: number;
  /** Undefined: no limit. */
  minutes: number | undefined;
  fault: Fault | undefined;
  /** A file with a scenario to run instead. */
  replay: string | undefined;
}

export const HELP = `Executes random blocks in several ways and compares receipts, logs, gas, accesses and state roots exactly.

  npm run fuzz -- [options]

  --blocks N                   blocks for each leg (2000)
  --seed S                     any text; the same seed makes the same blocks (drawn at random, and printed)
  --legs LIST                  replay: one thread that hands out older cells of the same block
                               threads: real threads with random delays, some of them killed
                               hardhat: Hardhat's simulated network                            (all three)
  --workers N                  threads of the leg "threads" (one per core, at least 4)
  --transactions-per-block N   on average (40)
  --minutes M                  stop after M minutes
  --fault NAME                 plant a fault: skip-validation or drop-read; the run is then expected to fail
  --replay FILE                run the scenario of an earlier failure again
  --help                       this text

The last line is "N passed, N failed", counted in blocks; the exit code is 1 when a block differed.
`;

export class UsageError extends Error {}

const LEGS: readonly LegName[] = ["replay", "threads", "hardhat"];
const FAULTS: readonly Fault[] = ["skip-validation", "drop-read"];

/** null asks for the help text. Throws UsageError. */
export function parseOptions(argv: readonly string[]): Options | null {
  const values = parse(argv);
  if (values.help) return null;
  return {
    blocks: positive("--blocks", values.blocks) ?? 2000,
    seed: values.seed ?? String(Math.floor(Math.random() * 2 ** 32)),
    legs:
      values.legs === undefined
        ? [...LEGS]
        : values.legs.split(",").map((name) => oneOf("--legs", name, LEGS)),
    workers: positive("--workers", values.workers) ?? Math.max(4, availableParallelism()),
    transactionsPerBlock: positive("--transactions-per-block", values["transactions-per-block"]) ?? 40,
    minutes: values.minutes === undefined ? undefined : positiveNumber("--minutes", values.minutes),
    fault: values.fault === undefined ? undefined : oneOf("--fault", values.fault, FAULTS),
    replay: values.replay,
  };
}

function parse(argv: readonly string[]) {
  const text = { type: "string" } as const;
  try {
    return parseArgs({
      args: [...argv],
      options: {
        blocks: text,
        seed: text,
        legs: text,
        workers: text,
        "transactions-per-block": text,
        minutes: text,
        fault: text,
        replay: text,
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See --help.`);
  }
}

function oneOf<T extends string>(name: string, value: string, choices: readonly T[]): T {
  const choice = choices.find((candidate) => candidate === value.trim());
  if (choice === undefined)
    throw new UsageError(`${name} ${value}: unknown; choose from ${choices.join(", ")}.`);
  return choice;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`${name} ${text}: give a whole number from 1.`);
  return value;
}

function positiveNumber(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new UsageError(`${name} ${text}: give a number above 0.`);
  return value;
}
