// Sums results up by folder and prints them. It must not know how tests ran.

import type { TestResult } from "./messages.ts";

interface FolderSummary {
  passed: number;
  failed: number;
  milliseconds: number;
}

export interface Summary {
  passed: number;
  failed: number;
  /** Wall time. */
  seconds: number;
  folders: ({ folder: string; seconds: number } & Omit<FolderSummary, "milliseconds">)[];
  failures: { path: string; name: string; failure: string }[];
  /** Files that hold neither state nor blockchain tests. */
  ignored: string[];
}

const SHOWN_FAILURES = 20;

export class Report {
  readonly #folders = new Map<string, FolderSummary>();
  readonly #failures: Summary["failures"] = [];
  readonly #ignored: string[] = [];
  readonly #start = performance.now();
  passed = 0;
  failed = 0;

  add({ path, name, failure, milliseconds }: TestResult): void {
    const folder = path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : ".";
    let summary = this.#folders.get(folder);
    if (summary === undefined) {
      summary = { passed: 0, failed: 0, milliseconds: 0 };
      this.#folders.set(folder, summary);
    }
    summary.milliseconds += milliseconds;
    if (failure === null) {
      summary.passed++;
      this.passed++;
    } else {
      summary.failed++;
      this.failed++;
      this.#failures.push({ path, name, failure });
    }
  }

  ignore(path: string): void {
    this.#ignored.push(path);
  }

  summary(): Summary {
    const folders = [...this.#folders].sort(([a], [b]) => (a < b ? -1 : 1));
    const failures = this.#failures.toSorted((a, b) =>
      `${a.path}${a.name}` < `${b.path}${b.name}` ? -1 : 1,
    );
    return {
      passed: this.passed,
      failed: this.failed,
      seconds: round((performance.now() - this.#start) / 1000),
      folders: folders.map(([folder, { passed, failed, milliseconds }]) => ({
        folder,
        passed,
        failed,
        seconds: round(milliseconds / 1000),
      })),
      failures,
      ignored: this.#ignored.toSorted(),
    };
  }
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** A table by folder (seconds are summed over the threads), then failures and ignored files; ends with the totals. */
export function renderSummary(summary: Summary, verbose: boolean): string {
  const width = Math.max(6, ...summary.folders.map(({ folder }) => folder.length));
  const row = (folder: string, passed: string, failed: string, seconds: string) =>
    `${folder.padEnd(width)}  ${passed.padStart(7)}  ${failed.padStart(7)}  ${seconds.padStart(8)}`;
  const lines = [
    row("folder", "passed", "failed", "time"),
    ...summary.folders.map(({ folder, passed, failed, seconds }) =>
      row(folder, String(passed), String(failed), `${seconds.toFixed(2)} s`),
    ),
    row("all", String(summary.passed), String(summary.failed), `${summary.seconds.toFixed(2)} s`),
  ];
  if (summary.failures.length > 0) {
    const shown = verbose ? summary.failures : summary.failures.slice(0, SHOWN_FAILURES);
    lines.push("", "failures:");
    for (const { path, name, failure } of shown) lines.push(`  ${path}`, `    ${name}`, `    ${failure}`);
    const hidden = summary.failures.length - shown.length;
    if (hidden > 0) lines.push(`  and ${hidden} more: --verbose lists all`);
  }
  if (summary.ignored.length > 0) {
    lines.push(
      "",
      `${summary.ignored.length} files hold neither state nor blockchain tests, first ${summary.ignored[0]}`,
    );
  }
  lines.push("", `${summary.passed} passed, ${summary.failed} failed`);
  return lines.join("\n");
}
