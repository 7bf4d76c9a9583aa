// A devchain, the standard protocol on it, and an index of that, each a process that tests end as they please. It must not
// know what is done on the chain.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DeploymentRecord } from "../../contracts/deployment/record.ts";
import { type Connection, connect } from "../../scripts/lib/connection.ts";
import { deployStandard } from "../../scripts/lib/deployment.ts";
import { Graph } from "./graph.ts";

const ROOT = join(import.meta.dirname, "../..");
const PATIENCE = 60_000; // milliseconds

export class Stack {
  readonly folder: string;
  readonly rpcUrl: string;
  readonly indexUrl: string;
  readonly graph: Graph;
  record!: DeploymentRecord;
  connection!: Connection;
  readonly #chainPort: number;
  readonly #indexPort: number;
  readonly #printed: string[] = [];
  #chain: ChildProcess | undefined;
  #index: ChildProcess | undefined;

  private constructor(chainPort: number, indexPort: number) {
    this.folder = mkdtempSync(join(tmpdir(), "polder-index-"));
    this.#chainPort = chainPort;
    this.#indexPort = indexPort;
    this.rpcUrl = `http://127.0.0.1:${chainPort}`;
    this.indexUrl = `http://127.0.0.1:${indexPort}`;
    this.graph = new Graph(this.indexUrl);
    process.env.POLDER_DEPLOYMENTS = join(this.folder, "deployments");
    process.once("exit", () => {
      for (const child of [this.#index, this.#chain]) end(child, "SIGKILL");
    });
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(1));
  }

  /** Starts the chain, deploys to it and starts the index. */
  static async start(): Promise<Stack> {
    const stack = new Stack(await freePort(), await freePort());
    await stack.startChain();
    stack.connection = await connect(stack.rpcUrl);
    stack.record = (await deployStandard(stack.connection, { handOver: true })).record;
    stack.startIndex();
    return stack;
  }

  async startChain(): Promise<void> {
    const data = join(this.folder, "chain");
    const args = ["node", "--port", String(this.#chainPort), "--data-dir", data, "--silent"];
    this.#chain = this.#spawn("chain", [join(ROOT, "chain/bin/polder.mjs"), ...args]);
    const until = Date.now() + PATIENCE;
    while (Date.now() < until) {
      const answer = await fetch(this.rpcUrl, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] }),
      }).catch(() => undefined);
      if (answer?.ok) return;
      await new Promise((done) => setTimeout(done, 100));
    }
    throw new Error(`the chain does not answer\n${this.printed()}`);
  }

  startIndex(): void {
    const args = ["--port", String(this.#indexPort), "--rpc-url", this.rpcUrl, "--log-format", "json"];
    const data = ["--data-dir", join(this.folder, "index")];
    this.#index = this.#spawn("index", [join(ROOT, "subgraph/main.ts"), ...args, ...data]);
  }

  /** Asks the index to stop. Returns its exit code. */
  async stopIndex(): Promise<number | null> {
    const child = this.#index;
    if (!child) throw new Error("the index does not run");
    const ended = exit(child);
    child.kill("SIGTERM"); // not the group: the launcher sees to what it started
    return ended;
  }

  /** Ends the index without a word: its launcher, and Ponder, which is in a group of its own. */
  async killIndex(): Promise<void> {
    const child = this.#index;
    if (!child?.pid) throw new Error("the index does not run");
    const ended = exit(child);
    const { execFileSync } = await import("node:child_process");
    const children = execFileSync("ps", ["-o", "pid=", "--ppid", String(child.pid)], { encoding: "utf8" });
    child.kill("SIGKILL");
    for (const pid of children.split(/\s+/).filter(Boolean)) process.kill(Number(pid), "SIGKILL");
    await ended;
  }

  async killChain(): Promise<void> {
    if (!this.#chain) throw new Error("the chain does not run");
    const ended = exit(this.#chain);
    end(this.#chain, "SIGKILL");
    await ended;
  }

  async stop(): Promise<void> {
    this.connection?.provider.destroy();
    if (this.#index && this.#index.exitCode === null && this.#index.signalCode === null)
      await this.stopIndex();
    end(this.#chain, "SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What the processes printed last. */
  printed(): string {
    return this.#printed.slice(-40).join("\n");
  }

  #spawn(name: string, args: string[]): ChildProcess {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        for (const line of text.split("\n")) {
          if (line.trim()) this.#printed.push(`${name}: ${line.slice(0, 400)}`);
        }
        this.#printed.splice(0, this.#printed.length - 200);
      });
    }
    return child;
  }
}

function exit(child: ChildProcess): Promise<number | null> {
  return new Promise((done) => child.once("exit", done));
}

function end(child: ChildProcess | undefined, signal: NodeJS.Signals): void {
  if (child?.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
