// A service of ours as a process: started, listened to, ended. Knows none by name.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";

const ROOT = join(import.meta.dirname, "../../..");
const PATIENCE = 60_000; // milliseconds

/** A line of its log. */
export type Line = { level: string; message: string } & Record<string, unknown>;

export class Service {
  readonly lines: Line[] = [];
  readonly #child: ChildProcess;
  readonly #exit: Promise<number | null>;
  readonly #waiting = new Set<() => void>();
  #errors = "";

  constructor(script: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    const all = [join(ROOT, script), ...args, "--log-format", "json"];
    this.#child = spawn(process.execPath, all, { env, stdio: ["ignore", "pipe", "pipe"] });
    this.#exit = once(this.#child, "close").then(([code]) => code as number | null);
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.#errors += text;
    });
    if (this.#child.stdout === null) throw new Error("the process has no output");
    createInterface(this.#child.stdout).on("line", (line) => {
      this.lines.push(JSON.parse(line) as Line);
      for (const wake of this.#waiting) wake();
    });
  }

  of(message: string): Line[] {
    return this.lines.filter((line) => line.message === message);
  }

  /** The first line that `matches`. Throws where the process ends without one. */
  async line(matches: (line: Line) => boolean): Promise<Line> {
    const until = Date.now() + PATIENCE;
    let ended = false;
    void this.#exit.then(() => {
      ended = true;
    });
    for (;;) {
      const found = this.lines.find(matches);
      if (found !== undefined) return found;
      if (ended) throw new Error(`the service ended: ${this.#errors}`);
      if (Date.now() > until) {
        throw new Error(`the service did not say so in time; last: ${JSON.stringify(this.lines.at(-1))}`);
      }
      await new Promise<void>((resolve) => {
        const wake = () => {
          clearTimeout(timer);
          this.#waiting.delete(wake);
          resolve();
        };
        const timer = setTimeout(wake, 200);
        this.#waiting.add(wake);
      });
    }
  }

  /** Where it serves its metrics and readiness. */
  async statusUrl(): Promise<string> {
    return String((await this.line(({ message }) => message === "metrics")).url);
  }

  /** Waits until `GET /ready` answers `status`. */
  async ready(status = 200): Promise<Record<string, unknown>> {
    const url = await this.statusUrl();
    const until = Date.now() + PATIENCE;
    for (;;) {
      const response = await fetch(`${url}/ready`);
      const body = (await response.json()) as Record<string, unknown>;
      if (response.status === status) return body;
      if (Date.now() > until) throw new Error(`not ${status} in time: ${JSON.stringify(body)}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  /** The exit code; null where a signal ended it. */
  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<number | null> {
    this.#child.kill(signal);
    return this.#exit;
  }
}
