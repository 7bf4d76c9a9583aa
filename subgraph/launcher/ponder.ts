// One run of Ponder as a child with a process group of its own: what it is told by its environment, what it prints, how it
// ends. Knows nothing of why it is started again.
import { type ChildProcess, spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Fields, Level, Log } from "@polder/chain/cli/log.ts";
import type { Database } from "./database.ts";
import type { Options } from "./options.ts";

const ROOT = join(import.meta.dirname, "..");
const COMMAND = join(import.meta.resolve("ponder").replace("file://", ""), "../bin/ponder.js");
const LEASH = new URL("./leash.ts", import.meta.url).href;
const GRACE = 8_000; // milliseconds, more than Ponder gives itself

/** What Ponder says block by block, and of a node at home or one that mines only what it is sent, where nothing is amiss. */
const CHATTER =
  /^(Indexed block|Indexed block range|Updated backfill indexing progress|Detected public RPC URL.*|No new block received within expected time)$/;
/** It goes on trying what cannot succeed. */
const UNRECOVERABLE = /unrecoverable .*reorg/i;

export type Ending = { code: number | null; signal: NodeJS.Signals | null };

export class PonderRun {
  /** Resolves once it is gone. */
  readonly ended: Promise<Ending>;
  /** Resolves where history changed deeper than Ponder follows. */
  readonly lost: Promise<void>;
  /** Whether it came as far as serving. */
  ready = false;
  /** The last error it told, in words. */
  lastError: string | undefined;
  readonly #child: ChildProcess;

  constructor(options: Options, database: Database, log: Log) {
    const lost = Promise.withResolvers<void>();
    this.lost = lost.promise;
    this.#child = spawn(process.execPath, ["--import", LEASH, COMMAND, ...argumentsFor(options, database)], {
      cwd: ROOT,
      detached: true,
      stdio: ["pipe", "pipe", "pipe"],
      env: environmentFor(options, database),
    });
    const child = this.#child;
    this.ended = new Promise((resolve, reject) => {
      child.once("error", reject);
      child.once("exit", (code, signal) => resolve({ code, signal }));
    });
    for (const stream of [child.stdout, child.stderr]) {
      if (!stream) continue;
      createInterface({ input: stream }).on("line", (line) => {
        const { level, message, fields } = understand(line);
        if (message === "") return;
        if (fields.endpoint === "/ready") this.ready = true;
        if (level === "error") this.lastError = [message, fields.error].filter(Boolean).join(": ");
        if (UNRECOVERABLE.test(message)) lost.resolve();
        if (!CHATTER.test(message)) log(level, message, fields);
      });
    }
  }

  /** Ends it and all it started. Resolves once it is gone. */
  async stop(): Promise<void> {
    this.#signal("SIGTERM");
    const timer = setTimeout(() => this.#signal("SIGKILL"), GRACE);
    await this.ended;
    clearTimeout(timer);
    this.kill();
  }

  /** At once. */
  kill(): void {
    this.#signal("SIGKILL");
  }

  #signal(signal: NodeJS.Signals): void {
    if (this.#child.pid === undefined) return;
    try {
      process.kill(-this.#child.pid, signal);
    } catch {
      // The whole group has ended.
    }
  }
}

function argumentsFor({ port, host }: Options, database: Database): string[] {
  const schema = process.env.DATABASE_URL ? database.schema : "public";
  return [
    ...["start", "--log-format", "json", "--schema", schema],
    ...["--port", String(port), "--hostname", host],
  ];
}

function environmentFor({ rpcUrl }: Options, database: Database): NodeJS.ProcessEnv {
  // Ponder takes a port from PORT and a schema from DATABASE_SCHEMA before it takes them from its arguments.
  const { PORT: _port, DATABASE_SCHEMA: _schema, ...environment } = process.env;
  return {
    ...environment,
    NODE_ENV: "production",
    PONDER_TELEMETRY_DISABLED: "true",
    POLDER_INDEX_RECORD: database.recordPath,
    POLDER_INDEX_RPC_URL: rpcUrl,
    POLDER_INDEX_DIRECTORY: database.directory,
  };
}

/** A line of Ponder's log, which is pino's; of anything else, the line. */
function understand(line: string): { level: Level; message: string; fields: Fields } {
  let parsed: Record<string, unknown>;
  try {
    parsed = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return { level: "info", message: line.trim(), fields: {} };
  }
  const { level, msg, time: _time, error, ...rest } = parsed;
  const fields: Fields = {};
  for (const [key, value] of Object.entries(rest)) {
    if (["string", "number", "boolean"].includes(typeof value)) fields[key] = value as string;
  }
  const reason = (error as { message?: unknown } | undefined)?.message;
  if (reason !== undefined) fields.error = String(reason);
  const severity = Number(level);
  return {
    level: severity >= 50 ? "error" : severity >= 40 ? "warn" : "info",
    message: String(msg ?? ""),
    fields,
  };
}
