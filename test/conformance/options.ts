// The command line of the conformance runner. It must not know how tests run.

import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Hardfork } from "../../chain/src/engine/types.ts";

export interface Options {
  paths: string[];
  forks: Hardfork[];
  /** Undefined keeps every test. */
  filter: string | undefined;
  workers: number;
  json: boolean;
  verbose: boolean;
  /** Tests to pick; undefined runs all. */
  sample: number | undefined;
  /** Seconds after which a test counts as failed. */
  timeout: number;
}

export const HELP = `Runs the published Ethereum test fixtures (execution-spec-tests) against the engine and the node.

  npm run conformance -- PATH... [options]

PATH is a .tar.gz archive, a folder or one JSON file with state tests or blockchain tests. Without one, the folder named
by POLDER_FIXTURES is used.

  --fork LIST       cancun, prague, osaka, separated by commas (all)
  --filter TEXT     only tests whose "path::name" contains TEXT, or matches it when written /regular expression/
  --workers N       threads (one per core)
  --sample N        a fixed choice of about N tests, spread over the folders
  --timeout S       seconds after which one test counts as failed (60)
  --verbose         list all failures, not only the first 20
  --json            a machine-readable summary on standard output; everything else goes to standard error
  --help            this text

The last line is "N passed, N failed"; the exit code is 1 when a test failed or none ran, 2 when the call was wrong.
`;

/** A mistake in the call; the message says what to do. */
export class UsageError extends Error {}

const FORKS: readonly Hardfork[] = ["cancun", "prague", "osaka"];

/** null asks for the help text. Throws UsageError. */
export function parseOptions(argv: readonly string[], environment: NodeJS.ProcessEnv): Options | null {
  const { values, positionals } = parse(argv);
  if (values.help) return null;
  const fallback = environment.POLDER_FIXTURES;
  const paths = positionals.length > 0 ? positionals : fallback ? [fallback] : [];
  if (paths.length === 0) {
    throw new UsageError(
      "no fixtures given: name an archive, a folder or a JSON file, or set POLDER_FIXTURES.",
    );
  }
  return {
    paths,
    forks: values.fork === undefined ? [...FORKS] : values.fork.split(",").map(forkOf),
    filter: values.filter,
    workers: positive("--workers", values.workers) ?? availableParallelism(),
    json: values.json,
    verbose: values.verbose,
    sample: positive("--sample", values.sample),
    timeout: positive("--timeout", values.timeout) ?? 60,
  };
}

function parse(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        fork: { type: "string" },
        filter: { type: "string" },
        workers: { type: "string" },
        sample: { type: "string" },
        timeout: { type: "string" },
        json: { type: "boolean", default: false },
        verbose: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See --help.`);
  }
}

function forkOf(name: string): Hardfork {
  const fork = FORKS.find((candidate) => candidate === name.trim().toLowerCase());
  if (fork === undefined) throw new UsageError(`--fork ${name}: unknown; choose from ${FORKS.join(", ")}.`);
  return fork;
}

function positive(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 1)
    throw new UsageError(`${name} ${text}: give a whole number from 1.`);
  return value;
}

/** Which names a filter keeps. Throws UsageError on a regular expression that is none. */
export function matcher(filter: string | undefined): (name: string) => boolean {
  if (filter === undefined) return () => true;
  const expression = /^\/(.*)\/([a-z]*)$/.exec(filter);
  if (expression === null) return (name) => name.includes(filter);
  try {
    const regex = new RegExp(expression[1]!, expression[2]);
    return (name) => regex.test(name);
  } catch (error) {
    throw new UsageError(`--filter ${filter}: ${(error as Error).message}.`);
  }
}
