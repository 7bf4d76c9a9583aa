// Runs node:test files and prints a line for each file, and every failure whole. It must not know what they test.

import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { run } from "node:test";
import { styleText } from "node:util";
import { ROOT } from "./child.ts";

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/**
 * @param files absolute paths
 * @param timeout milliseconds for each file
 * @param concurrency how many files run at once
 */
export async function runNodeTests(
  files: readonly string[],
  timeout: number,
  concurrency: number = availableParallelism(),
): Promise<Counts> {
  const counts: Counts = { passed: 0, failed: 0, skipped: 0 };
  const output = new Map<string, string>();
  const failing = new Set<string>();
  const empty = new Set<string>();
  const events = run({ files: [...files], concurrency, timeout, cwd: ROOT });
  for await (const { type, data } of events) {
    switch (type) {
      case "test:stdout":
      case "test:stderr":
        output.set(data.file, (output.get(data.file) ?? "") + data.message);
        break;
      case "test:fail": {
        const { error } = data.details;
        const file = data.file ?? data.name;
        failing.add(file);
        // A suite that fails through its tests alone adds nothing to what those said.
        if ((error as { failureType?: string }).failureType === "subtestsFailed") break;
        console.log(`  ${styleText("red", "✖")} ${relative(ROOT, file)}: ${data.name}`);
        console.log(indent(explain(error.cause ?? error)));
        break;
      }
      case "test:pass":
        // Node passes a file that holds no test as one test of that name.
        if (data.name === data.file) {
          empty.add(data.file);
          console.log(`  ${styleText("red", "✖")} ${relative(ROOT, data.file)} holds no test`);
        }
        break;
      case "test:summary": {
        const { passed, failed, cancelled, skipped, todo } = data.counts;
        if (data.file === undefined) {
          counts.passed = passed - empty.size;
          // A hook that fails fails its suite, which is no test.
          counts.failed = Math.max(failed + cancelled, failing.size, data.success ? 0 : 1) + empty.size;
          counts.skipped = skipped + todo;
        } else {
          console.log(line(data.file, data.counts, data.duration_ms));
        }
        break;
      }
    }
  }
  for (const file of failing) {
    const said = output.get(file)?.trim();
    if (said) console.log(`\n  ${relative(ROOT, file)} printed:\n${indent(said)}`);
  }
  return counts;
}

type NodeCounts = { passed: number; failed: number; cancelled: number; skipped: number; todo: number };

function line(file: string, counts: NodeCounts, milliseconds: number): string {
  const failed = counts.failed + counts.cancelled;
  const skipped = counts.skipped + counts.todo;
  const words = [
    `${counts.passed} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
  ].join(", ");
  const mark = failed === 0 ? styleText("green", "✔") : styleText("red", "✖");
  const seconds = `${(milliseconds / 1000).toFixed(1)} s`;
  return `  ${mark} ${relative(ROOT, file).padEnd(48)} ${words.padStart(12)} ${seconds.padStart(8)}`;
}

function explain(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function indent(text: string): string {
  return text.replace(/^/gm, "      ");
}
