// `npm run test:mutants`: breaks one rule of the contracts at a time, in a copy of the repository, and sees that the test of
// that rule's invariant fails.
//   npm run test:mutants -- [--only L1,P3]
// It must not know the rules: mutants.ts lists them.

import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, styleText } from "node:util";
import { Copy } from "../run/copy.ts";
import { type Mutant, mutants } from "./mutants.ts";

const HELP = `Breaks one rule of the contracts at a time and sees that its invariant's test fails.

  npm run test:mutants -- [--only L1,P3]   only these invariants, separated by commas

Each takes the compiler a minute or two. The last line is "N passed, N failed": a mutant that no test noticed has failed.
`;

/**
 * What the invariants deploy by its artifact: the world, which holds the code of nearly everything, and the libraries that it
 * is linked to. Building that alone takes the compiler half the time.
 */
function deployed(copy: Copy): string[] {
  const world = "test/contracts/harness/LendingWorld.sol";
  const artifact = join(copy.path, "contracts/build/artifacts", world, "LendingWorld.json");
  const { linkReferences } = JSON.parse(readFileSync(artifact, "utf8")) as { linkReferences: object };
  return [world, ...Object.keys(linkReferences).map((source) => source.replace(/^project\//, ""))];
}

/** Breaks a rule; gives what mends it. Throws where the text to change is not there exactly once. */
function breakRule(copy: Copy, { file, from, to }: Mutant): () => void {
  const path = join(copy.path, "contracts/src", file);
  const source = readFileSync(path, "utf8");
  const parts = source.split(from);
  if (parts.length !== 2) throw new Error(`${file}: found ${parts.length - 1} times: ${from.trim()}`);
  writeFileSync(path, parts.join(to));
  return () => writeFileSync(path, source);
}

/** Why the mutant lives; undefined where its test killed it. */
async function survives(copy: Copy, mutant: Mutant): Promise<string | undefined> {
  const built = await copy.hardhat(["build", "--no-tests", ...deployed(copy)]);
  if (built.code !== 0) return `does not compile:\n${errorsOf(built.output)}`;
  const { code, output } = await copy.hardhat([
    "test",
    "solidity",
    join("test/contracts/invariants", mutant.test.file),
    "--grep",
    mutant.test.name,
  ]);
  if (code === 0) return "no test failed";
  // Each says which it is, after what Hardhat says of a state that is broken from the beginning.
  const named = new RegExp(`Error: .*\\b${mutant.invariant}: `).test(output);
  return named ? undefined : `failed otherwise:\n${errorsOf(output)}`;
}

function errorsOf(output: string): string {
  const lines = output.split("\n").filter((line) => /error/i.test(line));
  return lines
    .slice(0, 5)
    .map((line) => `      ${line.trim()}`)
    .join("\n");
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { only: { type: "string" }, help: { type: "boolean" } } });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const only = values.only?.split(",").map((name) => name.trim());
  const unknown = only?.find((name) => !mutants.some(({ invariant }) => invariant === name));
  if (unknown !== undefined) throw new Error(`--only ${unknown}: no mutant of that invariant`);
  const chosen = mutants.filter(({ invariant }) => only?.includes(invariant) ?? true);

  const copy = new Copy();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));

  process.stdout.write("unbroken: ");
  const began = performance.now();
  const whole = await copy.hardhat(["build"]);
  const baseline = whole.code === 0 ? await copy.hardhat(["test", "solidity"]) : whole;
  console.log(`${baseline.code === 0 ? "all invariants hold" : "fails"}, ${seconds(began)}`);
  if (baseline.code !== 0) {
    console.log(errorsOf(baseline.output));
    return 1;
  }

  let killed = 0;
  for (const mutant of chosen) {
    const start = performance.now();
    const mend = breakRule(copy, mutant);
    const reason = await survives(copy, mutant);
    mend();
    if (reason === undefined) killed++;
    const mark = reason === undefined ? styleText("green", "✔") : styleText("red", "✖");
    console.log(
      `  ${mark} ${mutant.invariant.padEnd(3)} ${mutant.does} (${mutant.file}): ` +
        `${reason === undefined ? `killed by ${mutant.test.name}` : reason}, ${seconds(start)}`,
    );
  }
  console.log(`\n${killed} passed, ${chosen.length - killed} failed`);
  return killed === chosen.length ? 0 : 1;
}

function seconds(since: number): string {
  return `${((performance.now() - since) / 1000).toFixed(0)} s`;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`test:mutants: ${(error as Error).message}`);
  process.exitCode = 2;
}
