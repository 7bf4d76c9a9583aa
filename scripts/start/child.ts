// A process that runs for us: its lines are handed on as they come, its group ends with it. Knows no service by name.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Fields, Level } from "@polder/chain/cli/log.ts";

export const ROOT = join(import.meta.dirname, "../..");

/** A line of a process: one of its own log's, where it is such an object, else plain text. */
export type Line = { level: Level; message: string; fields: Fields };

export type Child = {
  /** Resolves once it ended: 0 where it stopped as asked. */
  readonly ended: Promise<{ code: number; said: string }>;
  /** Asks it to stop, and makes it after `patience` milliseconds. Resolves once it is gone. */
  stop(patience?: number): Promise<void>;
};

const PATIENCE = 15_000;
/** Of what it said last, for when it fails. */
const REMEMBERED = 12;

/** Runs a script of ours on this Node. A group of its own, so that Ctrl-C reaches it through us alone, in our order. */
export function run(
  script: string,
  args: readonly string[],
  options: { environment: Record<string, string>; onLine(line: Line): void },
): Child {
  const child = spawn(process.execPath, [join(ROOT, script), ...args], {
    cwd: ROOT,
    detached: process.platform !== "win32",
    env: { ...process.env, ...options.environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said: string[] = [];
  for (const [stream, level] of [
    [child.stdout, "info"],
    [child.stderr, "warn"],
  ] as const) {
    createInterface({ input: stream }).on("line", (text) => {
      if (text.trim() === "") return;
      said.push(text);
      if (said.length > REMEMBERED) said.shift();
      options.onLine(parse(text, level));
    });
  }
  const ended = new Promise<{ code: number; said: string }>((resolve) => {
    child.once("error", (error) => resolve({ code: 1, said: error.message }));
    child.once("close", (code) => resolve({ code: code ?? 1, said: said.join("\n") }));
  });
  process.once("exit", () => kill(child, "SIGKILL"));
  return {
    ended,
    async stop(patience = PATIENCE) {
      kill(child, "SIGTERM");
      const timer = setTimeout(() => kill(child, "SIGKILL"), patience);
      await ended;
      clearTimeout(timer);
    },
  };
}

function kill(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    // The group, for what it has started itself; but a polite word goes to itself alone, which passes it on.
    process.kill(signal === "SIGKILL" && process.platform !== "win32" ? -child.pid : child.pid, signal);
  } catch {
    // It went by itself in between.
  }
}

function parse(text: string, level: Level): Line {
  if (text.startsWith("{")) {
    try {
      const { time: _, level: own, message, ...fields } = JSON.parse(text);
      if (typeof message === "string") return { level: own ?? level, message, fields };
    } catch {
      // Not ours: shown as it is.
    }
  }
  return { level, message: text, fields: {} };
}
