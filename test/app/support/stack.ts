// Chain, deployed protocol and app, each a process of its own on a free port, for the length of a test. The build of the
// app is shared by all tests. It must not know what is tested.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Connection, connect } from "../../../scripts/lib/connection.ts";
import { type Deployment, deployStandard } from "../../../scripts/lib/deployment.ts";
import { ROOT } from "../../run/child.ts";

/** A build takes the most of it, milliseconds. */
const PATIENCE = 240_000;

export type Stack = {
  /** Of the app. */
  url: string;
  rpcUrl: string;
  connection: Connection;
  deployment: Deployment;
  /** Ends the chain alone, to see what the app says then. */
  stopChain(): Promise<void>;
  /** Kills the chain in the middle of whatever it does. */
  killChain(): Promise<void>;
  /** Starts it again on the same port: going on with what was kept, or anew, with another block 0. */
  startChain(options?: { anew?: boolean }): Promise<void>;
  stop(): Promise<void>;
};

export type StackOptions = {
  /** Governed by votes, as the stack deploys it; else the first account administers. */
  handOver?: boolean;
  /** Where an index answers; nothing answers there by default. */
  indexUrl?: string;
  /** Ninety days are played before the app is there, up to now; governed by votes. */
  history?: boolean;
  /** Keeps the chain in a folder, so that it is there again after `killChain` and `startChain`. */
  kept?: boolean;
};

const DAYS = 90;

export async function startStack({
  handOver = false,
  indexUrl,
  history = false,
  kept = false,
}: StackOptions = {}): Promise<Stack> {
  const folder = mkdtempSync(join(tmpdir(), "polder-app-"));
  const [rpcPort, appPort, noPort] = await Promise.all([freePort(), freePort(), freePort()]);
  const url = `http://127.0.0.1:${appPort}`;
  const rpcUrl = `http://127.0.0.1:${rpcPort}`;
  const children: ChildProcess[] = [];
  const stop = async () => {
    await Promise.all(children.map((child) => end(child)));
    rmSync(folder, { recursive: true, force: true });
  };
  let chain: ChildProcess | undefined;
  const startChain = async ({ anew = false } = {}) => {
    const args = ["chain/bin/polder.mjs", "node", `--port=${rpcPort}`, `--allow-origin=${url}`, "--silent"];
    // A minute more than the history takes, for the deployment.
    if (history) args.push(`--timestamp=${Math.floor(Date.now() / 1_000) - DAYS * 86_400 - 60}`);
    if (kept && !anew) args.push(`--data-dir=${join(folder, "chain")}`);
    const started = run(args);
    chain = started.child;
    children.push(chain);
    await until(() => asks(rpcUrl), started, "the chain");
  };
  try {
    await startChain();
    process.env.POLDER_DEPLOYMENTS = folder;
    const connection = await connect(rpcUrl);
    const deployment = await deployStandard(connection, { handOver: handOver || history });
    const played = history ? play(rpcUrl, children) : undefined;
    played?.catch(() => {}); // told below
    const app = run(
      [
        "app/main.ts",
        `--port=${appPort}`,
        `--rpc-url=${rpcUrl}`,
        `--index-url=${indexUrl ?? `http://127.0.0.1:${noPort}`}`,
        "--log-format=json",
      ],
      { POLDER_DEPLOYMENTS: folder },
    );
    children.push(app.child);
    await until(async () => (await fetch(`${url}/ready`)).ok, app, "the app");
    await played;
    return {
      url,
      rpcUrl,
      connection,
      deployment,
      stopChain: async () => chain && end(chain),
      killChain: async () => chain && end(chain, "SIGKILL"),
      startChain,
      stop: async () => {
        connection.provider.destroy();
        await stop();
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

type Run = { child: ChildProcess; printed(): string };

function run(args: readonly string[], environment: Record<string, string> = {}): Run {
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, ...environment },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (text: Buffer) => {
      printed = (printed + text.toString()).slice(-4_096);
    });
  }
  return { child, printed: () => printed };
}

/** The seed, in a process of its own: meanwhile the app is built and started. */
async function play(rpcUrl: string, children: ChildProcess[]): Promise<void> {
  const seed = run(["scripts/seed/main.ts", `--rpc-url=${rpcUrl}`, `--days=${DAYS}`, "--log-format=json"]);
  children.push(seed.child);
  const code = await new Promise((resolve) => seed.child.once("close", resolve));
  if (code !== 0) throw new Error(`the history was not played:\n${seed.printed()}`);
}

async function until(done: () => Promise<boolean>, { child, printed }: Run, what: string): Promise<void> {
  const end = Date.now() + PATIENCE;
  while (Date.now() < end && child.exitCode === null) {
    if (await done().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} does not answer:\n${printed()}`);
}

async function asks(url: string): Promise<boolean> {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_chainId", params: [] });
  return (await fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body })).ok;
}

function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    const kill = setTimeout(() => child.kill("SIGKILL"), 10_000);
    child.once("exit", () => {
      clearTimeout(kill);
      resolve();
    });
    child.kill(signal);
  });
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
