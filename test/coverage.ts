// `npm run test:coverage`: which lines of contracts/src the contract tests run, on Hardhat's simulated network.
//   npm run test:coverage -- [--least PERCENT]
// In a copy of the repository, since contracts that count are other artifacts.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { Copy } from "./run/copy.ts";

const HELP = `Counts which lines of contracts/src the contract tests run.

  npm run test:coverage -- [--least PERCENT]   fails below this, 95 unless told

Takes some minutes. The last line is "N passed, N failed": contract tests, and the goal as one more.
`;

interface Lines {
  file: string;
  found: number;
  hit: number;
  missed: number[];
}

/** The files of contracts/src in a report in lcov's format. */
function linesOf(report: string): Lines[] {
  return report
    .split("end_of_record")
    .flatMap((record) => {
      const file = /^SF:(.+)$/m.exec(record)?.[1]?.replace(/^.*?contracts\/src\//, "");
      if (file === undefined || !/^SF:.*contracts\/src\//m.test(record)) return [];
      const lines = [...record.matchAll(/^DA:(\d+),(\d+)/gm)].map(([, line, count]) => [
        Number(line),
        Number(count),
      ]);
      const missed = lines.filter(([, count]) => count === 0).map(([line]) => line ?? 0);
      return [{ file, found: lines.length, hit: lines.length - missed.length, missed }];
    })
    .sort((a, b) => a.file.localeCompare(b.file));
}

const percent = (hit: number, found: number): string => `${((100 * hit) / Math.max(found, 1)).toFixed(1)}%`;

function table(files: readonly Lines[]): string {
  const width = Math.max(...files.map(({ file }) => file.length));
  return files
    .map(({ file, found, hit, missed }) => {
      const lines =
        missed.length === 0
          ? ""
          : `  not run: ${missed.slice(0, 12).join(", ")}${missed.length > 12 ? ", ..." : ""}`;
      return `  ${file.padEnd(width)} ${`${hit}/${found}`.padStart(9)} ${percent(hit, found).padStart(7)}${lines}`;
    })
    .join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { least: { type: "string", default: "95" }, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const least = Number(values.least);
  if (!(least >= 0 && least <= 100)) throw new Error(`--least ${values.least}: give a percentage`);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

  const copy = new Copy();
  const environment = { POLDER_COVERAGE: "1" };
  const show = (text: string) => process.stdout.write(text.replace(/^.*(?:Warning|-->|\|).*$\n?/gm, ""));
  const { output } = await copy.hardhat(["--coverage", "test", "mocha"], { environment, show });
  const count = (word: string) =>
    Number([...output.matchAll(new RegExp(`^\\s*(\\d+) ${word}\\b`, "gm"))].at(-1)?.[1] ?? 0);
  const files = linesOf(readFileSync(join(copy.path, "coverage/lcov.info"), "utf8"));
  const [found, hit] = [sum(files.map((file) => file.found)), sum(files.map((file) => file.hit))];
  const reached = (100 * hit) / found >= least;
  console.log(`\n${table(files)}\n`);
  const mark = reached ? styleText("green", "✔") : styleText("red", "✖");
  console.log(`  ${mark} ${hit} of ${found} lines, ${percent(hit, found)}; the goal is ${least}%\n`);
  const failed = count("failing") + (reached ? 0 : 1);
  console.log(`${count("passing") + (reached ? 1 : 0)} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`test:coverage: ${(error as Error).message}`);
  process.exitCode = 2;
}
