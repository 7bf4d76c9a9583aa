// `npm test`: runs every suite, one after the other but for two that take one core each, shows what each prints and sums what
// passed and failed.
//   npm test -- [ARCHIVE] [--only SUITE,...]
// It must not know what a suite tests, only how to run it and where it says what passed.

import { existsSync, globSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { parseArgs, styleText } from "node:util";
import { command, type Ending, type Print, ROOT, type RunOptions, runNode, show } from "./run/child.ts";
import { startDevchain } from "./run/devchain.ts";
import { type Counts, runNodeTests } from "./run/node-tests.ts";

const HELP = `Runs the tests of the whole repository.

  npm test -- [ARCHIVE] [options]

ARCHIVE holds Ethereum's published state or blockchain tests (execution-spec-tests), or is a folder of them. Without it
POLDER_FIXTURES is asked, then ../shared/fixtures; where there is none, the conformance suite is skipped.

  --only LIST   only these suites, separated by commas
  --list        name the suites
  --help        this text

The last line is "N passed, N failed"; the exit code is 1 when anything failed, 2 when the call was wrong.
`;

const MINUTE = 60_000;
/** What conformance runs of a folder of archives. */
const ARCHIVES = ["eest-state.tar.gz", "eest-blockchain.tar.gz"];
/** Fixed, so that two runs of one commit execute the same blocks; `npm run fuzz` draws its own. */
const FUZZ = ["--blocks", "300", "--seed", "npm test"];

interface Suite {
  name: string;
  what: string;
  run(print: Print): Promise<Counts>;
  /** The suite that it runs at the same time as; what it prints comes behind that one's. */
  beside?: string;
}

/** Rooms whose files run one after another: a chain, a server and a browser are enough for two cores. */
const ALONE = new Set(["app"]);

class UsageError extends Error {}

const NOTHING: Counts = { passed: 0, failed: 0, skipped: 0 };

/* SUITES */

/** Others need what it makes: artifacts, and the types of the ABIs. */
const compile: Suite = {
  name: "compile",
  what: "the contracts",
  run: () => check("contracts compile", ["contracts/tools/compile.ts", "--harness"]),
};

function suites(archives: readonly string[]): Suite[] {
  return [
    { name: "lint", what: "format, lint, types", run: lint },
    ...rooms().map(({ name, room, files }) => ({
      name,
      what: `test/${room}, ${files.length} ${files.length === 1 ? "file" : "files"}`,
      run: () => runNodeTests(files, 5 * MINUTE, ALONE.has(room) ? 1 : undefined),
    })),
    {
      name: "contracts",
      what: "on Hardhat's simulated network",
      run: (print) => hardhat(["mocha", "--no-compile"], {}, print),
    },
    {
      name: "contracts-devchain",
      what: "on the devchain over HTTP",
      run: hardhatOnDevchain,
      beside: "contracts",
    },
    {
      name: "contracts-invariants",
      what: "fuzzed acts of everybody",
      run: (print) => hardhat(["solidity"], {}, print),
    },
    {
      name: "conformance",
      what: archives.map((path) => relative(ROOT, path)).join(", "),
      run: () => conformance(archives),
    },
    { name: "fuzz", what: FUZZ.join(" "), run: () => runner(["test/fuzz/main.ts", ...FUZZ], 5 * MINUTE) },
  ];
}

/** The node:test files by the folder of test/ that they lie in. */
function rooms(): { name: string; room: string; files: string[] }[] {
  const files = globSync("*/**/*.test.ts", { cwd: import.meta.dirname })
    // The conformance suite runs the same tests, and more of them.
    .filter((file) => file !== join("conformance", "sample.test.ts"))
    .sort();
  const byRoom = Map.groupBy(files, (file) => file.split(/[\\/]/)[0] ?? "");
  return [...byRoom].map(([room, members]) => ({
    // The tests of these rooms test the runner that a suite of the same name runs.
    name: room === "conformance" || room === "fuzz" ? `${room}-runner` : room,
    room,
    files: members.map((file) => join(import.meta.dirname, file)),
  }));
}

async function lint(): Promise<Counts> {
  const sources = ["contracts/src/**/*.sol", "contracts/development/*.sol", "test/contracts/**/*.sol"];
  return sum([
    await check("biome: format and lint", [command("biome"), "check"]),
    await check("tsc: types", [command("tsc"), "--project", "."]),
    await check("tsc: types of the app", [command("tsc"), "--project", "app"]),
    await check("tsc: types of the index", [command("tsc"), "--project", "subgraph"]),
    await check("prettier: format of Solidity", [command("prettier"), "--check", ...sources]),
    await check("solhint: lint of Solidity", [
      command("solhint"),
      "--noPoster",
      "--disc",
      "--max-warnings",
      "0",
      ...sources,
    ]),
  ]);
}

async function check(what: string, args: readonly string[]): Promise<Counts> {
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  const ticker = setInterval(() => console.log(styleText("dim", `  … ${what}, ${seconds()}`)), 15_000);
  const { succeeded, reason } = await runNode(args, { timeout: 5 * MINUTE, quiet: true });
  clearInterval(ticker);
  const mark = succeeded ? styleText("green", "✔") : styleText("red", "✖");
  console.log(`  ${mark} ${what.padEnd(61)} ${seconds().padStart(8)}${succeeded ? "" : ` ${reason}`}`);
  return succeeded ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

async function hardhat(
  args: readonly string[],
  environment: Record<string, string>,
  print: Print,
): Promise<Counts> {
  const options: RunOptions = { timeout: 8 * MINUTE, environment, print };
  const ending = await runNode([command("hardhat"), "test", ...args], options);
  const count = (word: string) => Number(last(ending.tail, new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm")) ?? 0);
  const counts = {
    passed: count("passing"),
    failed: count("failing"),
    skipped: count("(?:pending|skipped)"),
  };
  return judge(ending, counts, print);
}

async function hardhatOnDevchain(print: Print): Promise<Counts> {
  const devchain = await startDevchain();
  try {
    print(`  ${devchain.version} at ${devchain.url}\n`);
    const args = ["mocha", "--no-compile", "--network", "devchain"];
    return await hardhat(args, { POLDER_RPC_URL: devchain.url }, print);
  } finally {
    await devchain.stop();
  }
}

async function conformance(archives: readonly string[]): Promise<Counts> {
  if (archives.length === 0) {
    console.log(
      "  skipped: no archive of published tests. Name one (npm test -- PATH) or set POLDER_FIXTURES; README.md tells which.",
    );
    return { ...NOTHING, skipped: 1 };
  }
  return runner(["test/conformance/main.ts", ...archives], 10 * MINUTE);
}

/** Runs a program of ours that ends with "N passed, N failed". */
async function runner(args: readonly string[], timeout: number): Promise<Counts> {
  const ending = await runNode(args, { timeout });
  const [, passed, failed] = /(\d+) passed, (\d+) failed\s*$/.exec(ending.tail) ?? [];
  return judge(ending, { passed: Number(passed ?? 0), failed: Number(failed ?? 0), skipped: 0 }, show);
}

/** A suite that fails in a way it does not count, or that ran nothing, has failed once. */
function judge({ succeeded, reason }: Ending, counts: Counts, print: Print): Counts {
  if (!succeeded) print(`  ${styleText("red", "✖")} ${reason}\n`);
  const nothingRan = counts.passed + counts.failed === 0;
  if (nothingRan && succeeded) print(`  ${styleText("red", "✖")} no test ran\n`);
  return { ...counts, failed: Math.max(counts.failed, succeeded && !nothingRan ? 0 : 1) };
}

function last(text: string, pattern: RegExp): string | undefined {
  return [...text.matchAll(pattern)].at(-1)?.[1];
}

function sum(all: readonly Counts[]): Counts {
  return all.reduce(
    (total, { passed, failed, skipped }) => ({
      passed: total.passed + passed,
      failed: total.failed + failed,
      skipped: total.skipped + skipped,
    }),
    NOTHING,
  );
}

/* COMMAND LINE */

/** Throws UsageError where an archive is named that does not exist. */
function findArchives(named: string | undefined): string[] {
  const asked = named ?? (process.env.POLDER_FIXTURES || undefined);
  const path = resolve(ROOT, asked ?? "../shared/fixtures");
  if (!existsSync(path)) {
    if (asked === undefined) return [];
    throw new UsageError(`${asked}: no such file or folder. Give an archive such as ${ARCHIVES[0]}.`);
  }
  const known = ARCHIVES.map((name) => join(path, name)).filter((file) => existsSync(file));
  return known.length > 0 ? known : [path];
}

function choose(all: readonly Suite[], only: string | undefined): readonly Suite[] {
  if (only === undefined) return all;
  const names = only.split(",").map((name) => name.trim());
  const unknown = names.find((name) => !all.some((suite) => suite.name === name));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only ${unknown}: unknown; choose from ${all.map(({ name }) => name).join(", ")}.`,
    );
  }
  return all.filter(({ name }) => names.includes(name));
}

interface Result extends Counts {
  name: string;
  seconds: number;
}

async function runSuite({ name, what, run }: Suite, print: Print = show): Promise<Result> {
  print(`\n${styleText("bold", name)}  ${styleText("dim", what)}\n\n`);
  const began = performance.now();
  let counts: Counts;
  try {
    counts = await run(print);
  } catch (error) {
    print(`  ${styleText("red", "✖")} ${error instanceof Error ? error.message : error}\n`);
    counts = { ...NOTHING, failed: 1 };
  }
  return { name, ...counts, seconds: (performance.now() - began) / 1000 };
}

/** Runs `suite`, and what of `all` runs beside it. */
async function runTogether(suite: Suite, all: readonly Suite[]): Promise<Result[]> {
  const others = all
    .filter(({ beside }) => beside === suite.name)
    .map((other) => {
      let printed = "";
      const result = runSuite(other, (text) => {
        printed += text;
      });
      return result.then((counts) => ({ counts, printed }));
    });
  const results = [await runSuite(suite)];
  for (const { counts, printed } of await Promise.all(others)) {
    show(printed);
    results.push(counts);
  }
  return results;
}

/** @param seconds from the first suite's beginning to the last one's end. */
function table(results: readonly Result[], seconds: number): string {
  const rows = [...results, { name: "all", ...sum(results), seconds }];
  const width = Math.max(...rows.map(({ name }) => name.length));
  const lines = rows.map(({ name, passed, failed, skipped, seconds }) => {
    const cells = [passed, failed, skipped].map((count) => count.toLocaleString("en").padStart(9));
    const line = `  ${name.padEnd(width)} ${cells.join("")} ${`${seconds.toFixed(1)} s`.padStart(10)}`;
    return failed > 0 ? styleText("red", line) : line;
  });
  const heads = ["passed", "failed", "skipped"].map((head) => head.padStart(9)).join("");
  const rule = `  ${"─".repeat((lines[0]?.length ?? 2) - 2)}`;
  return [
    `  ${"suite".padEnd(width)} ${heads} ${"time".padStart(10)}`,
    rule,
    ...lines.slice(0, -1),
    rule,
    lines.at(-1),
  ]
    .filter((line) => line !== undefined)
    .join("\n");
}

async function main(): Promise<number> {
  const { values, positionals } = parse();
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  if (positionals.length > 1) throw new UsageError(`${positionals[1]}: one archive is enough. See --help.`);
  const all = suites(findArchives(positionals[0]));
  if (values.list) {
    const width = Math.max(...all.map(({ name }) => name.length));
    for (const { name, what } of all) console.log(`${name.padEnd(width)}  ${what}`);
    return 0;
  }
  const chosen = choose(all, values.only);
  const began = performance.now();
  const results = [await runSuite(compile)];
  const first = ({ beside }: Suite) => !chosen.some(({ name }) => name === beside);
  if (sum(results).failed === 0) {
    for (const suite of chosen.filter(first)) results.push(...(await runTogether(suite, chosen)));
  }
  const { passed, failed } = sum(results);
  console.log(
    `\n${table(results, (performance.now() - began) / 1000)}\n\n${passed} passed, ${failed} failed`,
  );
  return failed === 0 && passed > 0 ? 0 : 1;
}

function parse() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        only: { type: "string" },
        list: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message} See --help.`);
  }
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`test: ${error.message}`);
  process.exitCode = 2;
}
