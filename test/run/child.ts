// Runs a program in a process group of its own, shows what it prints and sees to it that nothing of it outlives the run.
// It must not know what the program does.

import { type ChildProcess, spawn } from "node:child_process";
import { realpathSync } from "node:fs";
import { constants } from "node:os";
import { resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "../..");

/** What is kept of a program's output for whoever reads counts from it. */
const TAIL = 16_384;

const running = new Set<ChildProcess>();

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
  process.once(signal, () => {
    for (const child of running) endGroup(child, "SIGTERM");
    process.exit(128 + constants.signals[signal]);
  });
}
process.on("exit", () => {
  for (const child of running) endGroup(child, "SIGKILL");
});

export interface Ending {
  /** Whether it ended by itself with exit code 0. */
  succeeded: boolean;
  /** Why it did not, in words; empty when it did. */
  reason: string;
  /** The end of its standard output, without colours. */
  tail: string;
}

export interface RunOptions {
  environment?: Record<string, string>;
  /** Milliseconds after which the program is stopped. */
  timeout: number;
  /** Shows standard output only when the program fails. */
  quiet?: boolean;
  /** Where what it prints goes; to standard output by default. */
  print?: Print;
}

export type Print = (text: string) => void;

/** To standard output, as it comes. */
export const show: Print = (text) => {
  process.stdout.write(text);
};

/** The arguments with which Node runs a command of node_modules/.bin, whatever node the PATH holds. */
export function command(name: string): string {
  return realpathSync(resolve(ROOT, "node_modules/.bin", name));
}

/** Runs `node script ...args` in the repository's root to its end. */
export function runNode(args: readonly string[], options: RunOptions): Promise<Ending> {
  const child = start(args, options.environment);
  const print = options.print ?? show;
  let tail = "";
  let held = "";
  child.stdout?.on("data", (text: string) => {
    tail = (tail + text).slice(-TAIL);
    if (options.quiet) held += text;
    else print(text);
  });
  child.stderr?.on("data", print);
  let timedOut = false;
  const timer = setTimeout(() => {
    timedOut = true;
    endGroup(child, "SIGKILL");
  }, options.timeout);
  return new Promise((done) => {
    const finish = (reason: string) => {
      clearTimeout(timer);
      running.delete(child);
      endGroup(child, "SIGKILL");
      if (reason !== "") print(held);
      done({ succeeded: reason === "", reason, tail: withoutColours(tail) });
    };
    child.on("error", (error) => finish(`could not be started (${error.message})`));
    child.on("close", (code, signal) => {
      if (timedOut) finish(`took longer than ${options.timeout / 1000} s and was stopped`);
      else finish(code === 0 ? "" : `ended with ${signal ?? `exit code ${code}`}`);
    });
  });
}

/** Starts `node ...args` in a process group of its own, its output piped as text. */
export function start(args: readonly string[], environment: Record<string, string> = {}): ChildProcess {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}), ...environment },
  });
  child.stdout?.setEncoding("utf8");
  child.stderr?.setEncoding("utf8");
  running.add(child);
  return child;
}

/** Ends a started program and all it started, by asking first. Resolves once it is gone. */
export async function stop(child: ChildProcess): Promise<void> {
  const gone = child.exitCode !== null || child.signalCode !== null;
  if (!gone) {
    const exit = new Promise((done) => child.once("exit", done));
    endGroup(child, "SIGTERM");
    const timer = setTimeout(() => endGroup(child, "SIGKILL"), 5_000);
    await exit;
    clearTimeout(timer);
  }
  endGroup(child, "SIGKILL");
  running.delete(child);
}

function endGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

function withoutColours(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what colours are made of
  return text.replace(/\x1b\[[0-9;]*m/g, "");
}
