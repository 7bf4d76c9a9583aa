// The nodes that are measured, each a process of its own on a free port: ours with one worker and with all, anvil and
// Hardhat's. It must not know the workloads.

import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { quantity, Rpc } from "./rpc.ts";

/** Room for every workload in one block; the same for all. */
export const BLOCK_GAS_LIMIT = 2_000_000_000n;
const START_MILLISECONDS = 60_000;
const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PEERS = join(ROOT, ".polder/peers");
const ANVIL = "@foundry-rs/anvil-linux-amd64@1.7.1";

export interface TargetSpec {
  name: string;
  /** What web3_clientVersion must begin with, so that no stranger on the port is measured. */
  client: RegExp;
  command(port: number): { file: string; args: string[] };
}

export class Target {
  readonly name: string;
  readonly version: string;
  readonly rpc: Rpc;
  readonly #child: ChildProcess;

  private constructor(name: string, version: string, rpc: Rpc, child: ChildProcess) {
    this.name = name;
    this.version = version;
    this.rpc = rpc;
    this.#child = child;
  }

  /** Starts it with mining on demand. Rejects with what it printed where it does not come up. */
  static async start(spec: TargetSpec): Promise<Target> {
    const port = await freePort();
    const { file, args } = spec.command(port);
    const child = spawn(file, args, { cwd: ROOT, detached: true, stdio: ["ignore", "pipe", "pipe"] });
    started.add(child);
    child.once("exit", () => started.delete(child));
    let printed = "";
    const keep = (chunk: Buffer) => {
      printed = (printed + chunk.toString()).slice(-2_000);
    };
    child.stdout!.on("data", keep);
    child.stderr!.on("data", keep);
    const rpc = new Rpc(`http://127.0.0.1:${port}`);
    try {
      const version = await untilUp(rpc, child);
      if (!spec.client.test(version)) throw new Error(`${spec.name}: ${version} answers on its port`);
      await rpc.call("evm_setAutomine", false);
      if (spec.name === "hardhat") await rpc.call("evm_setBlockGasLimit", quantity(BLOCK_GAS_LIMIT));
      return new Target(spec.name, version, rpc, child);
    } catch (error) {
      endGroup(child);
      throw new Error(`${spec.name} did not start: ${(error as Error).message}\n${printed}`);
    }
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("exit", resolve));
    if (this.#child.exitCode !== null) return;
    endGroup(this.#child);
    await gone;
  }
}

/** All that run. */
const started = new Set<ChildProcess>();

/** For when this process is told to end: its children have process groups of their own and would stay. */
export function stopAll(): void {
  for (const child of started) endGroup(child);
}

function endGroup(child: ChildProcess): void {
  if (child.pid === undefined || child.exitCode !== null) return;
  process.kill(-child.pid, "SIGKILL");
}

async function untilUp(rpc: Rpc, child: ChildProcess): Promise<string> {
  const deadline = Date.now() + START_MILLISECONDS;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`it ended with code ${child.exitCode}`);
    try {
      return await rpc.call<string>("web3_clientVersion");
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
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

function polder(name: string, workers: number): TargetSpec {
  return {
    name,
    client: /^hardhat\/polder\//,
    command: (port) => ({
      file: process.execPath,
      args: [
        join(ROOT, "chain/bin/polder.mjs"),
        "node",
        ...["--port", String(port), "--workers", String(workers), "--silent", "--no-mining"],
        ...["--block-gas-limit", String(BLOCK_GAS_LIMIT)],
      ],
    }),
  };
}

const HARDHAT: TargetSpec = {
  name: "hardhat",
  client: /^HardhatNetwork\//,
  command: (port) => ({
    file: process.execPath,
    args: [
      join(ROOT, "node_modules/hardhat/dist/src/cli.js"),
      ...["--config", join(ROOT, "test/bench/hardhat-node.config.ts")],
      ...["node", "--hostname", "127.0.0.1", "--port", String(port)],
    ],
  }),
};

function anvil(binary: string): TargetSpec {
  return {
    name: "anvil",
    client: /^anvil\//,
    command: (port) => ({
      file: binary,
      args: [
        ...["--port", String(port), "--no-mining", "--quiet", "--hardfork", "osaka"],
        ...["--gas-limit", String(BLOCK_GAS_LIMIT)],
      ],
    }),
  };
}

/** Ours with `workers` threads and with one, then the peers asked for that can run here; `note` is told which cannot. */
export async function targetSpecs(
  workers: number,
  peers: readonly string[],
  note: (text: string) => void,
): Promise<TargetSpec[]> {
  const specs = [polder("polder, 1 worker", 1)];
  if (workers > 1) specs.push(polder(`polder, ${workers} workers`, workers));
  if (peers.includes("anvil")) {
    const binary = await anvilBinary(note);
    if (binary !== null) specs.push(anvil(binary));
  }
  if (peers.includes("hardhat")) specs.push(HARDHAT);
  return specs;
}

export function allWorkers(): number {
  return availableParallelism();
}

/** Installs anvil into an ignored folder when it is not there yet. */
async function anvilBinary(note: (text: string) => void): Promise<string | null> {
  if (process.platform !== "linux" || process.arch !== "x64") {
    note(`anvil is left out: its package is for Linux x64, this is ${process.platform} ${process.arch}`);
    return null;
  }
  const binary = join(PEERS, "node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil");
  if (!existsSync(binary)) {
    note(`installing ${ANVIL} into ${PEERS}`);
    await mkdir(PEERS, { recursive: true });
    await writeFile(join(PEERS, "package.json"), '{ "private": true }\n');
    const { status, stderr } = spawnSync("npm", ["install", "--no-audit", "--no-fund", ANVIL], {
      cwd: PEERS,
      encoding: "utf8",
    });
    if (status !== 0 || !existsSync(binary)) {
      note(`anvil is left out: npm could not install it: ${stderr.trim().split("\n").at(-1)}`);
      return null;
    }
  }
  return binary;
}
