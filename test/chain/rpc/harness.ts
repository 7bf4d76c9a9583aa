// A devchain in a process of its own, started by the polder command as users start it, and a contract to call. It ends
// with the test, whatever happens to the test.

import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { Abi, Hex } from "viem";

const BIN = fileURLToPath(new URL("../../../chain/bin/polder.mjs", import.meta.url));
/** Milliseconds until it must listen. */
const START_LIMIT = 30_000;

export interface RpcFailure {
  code: number;
  message: string;
  data?: unknown;
}

export interface TestNode {
  url: string;
  webSocketUrl: string;
  process: ChildProcess;
  /** Lines that it printed. */
  lines: string[];
  /** The result of one request; rejects with the error object. */
  // biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; what is read of it is asserted
  rpc(method: string, ...params: unknown[]): Promise<any>;
  /** The error of a request that must fail. */
  failure(method: string, ...params: unknown[]): Promise<RpcFailure>;
  stop(): Promise<number | null>;
}

export async function startNode(...args: string[]): Promise<TestNode> {
  const child = spawn(process.execPath, [BIN, "node", "--port", "0", "--log-format", "json", ...args], {
    detached: true, // a group of its own, so that nothing of it is left
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  const kill = () => {
    try {
      process.kill(-child.pid!, "SIGKILL");
    } catch {
      // it has ended by itself
    }
  };
  process.once("exit", kill);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  void ended.then(() => process.removeListener("exit", kill));
  const url = await new Promise<string>((resolve, reject) => {
    const limit = setTimeout(() => {
      kill();
      reject(new Error(`the node did not listen within ${START_LIMIT} ms:\n${lines.join("\n")}`));
    }, START_LIMIT);
    createInterface({ input: child.stderr! }).on("line", (line) => lines.push(line));
    createInterface({ input: child.stdout! }).on("line", (line) => {
      lines.push(line);
      const entry = JSON.parse(line) as { message: string; url: string };
      if (entry.message !== "listening") return;
      clearTimeout(limit);
      resolve(entry.url);
    });
    child.once("exit", (code) => {
      clearTimeout(limit);
      reject(new Error(`the node ended with ${code}:\n${lines.join("\n")}`));
    });
  });

  const ask = async (method: string, params: unknown[]) => {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return (await response.json()) as { result?: unknown; error?: RpcFailure };
  };
  const node: TestNode = {
    url,
    webSocketUrl: url.replace("http", "ws"),
    process: child,
    lines,
    async rpc(method, ...params) {
      const { result, error } = await ask(method, params);
      if (error !== undefined) throw Object.assign(new Error(`${method}: ${error.message}`), error);
      return result;
    },
    async failure(method, ...params) {
      const { result, error } = await ask(method, params);
      assert.ok(error !== undefined, `${method} should have failed, gave ${JSON.stringify(result)}`);
      return error;
    },
    async stop() {
      process.removeListener("exit", kill);
      child.kill("SIGTERM");
      const impatience = setTimeout(kill, 5_000);
      const code = await ended;
      clearTimeout(impatience);
      return code;
    },
  };
  assert.match(await node.rpc("web3_clientVersion"), /^hardhat\/polder\/\d/);
  return node;
}

const SOURCE = `// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;
contract Counter {
  uint256 public count;
  mapping(address => uint256) public by;
  error TooMuch(uint256 asked, uint256 most);
  event Incremented(address indexed who, uint256 count);
  function increment(uint256 amount) external returns (uint256) {
    if (amount > 100) revert TooMuch(amount, 100);
    require(amount != 13, "unlucky");
    assert(amount != 14);
    count += amount;
    by[msg.sender] += amount;
    emit Incremented(msg.sender, count);
    return count;
  }
  function spin() external { while (true) count += 1; }
  function time() external view returns (uint256) { return block.timestamp; }
  receive() external payable {}
}`;

export interface Compiled {
  abi: Abi;
  bytecode: Hex;
}

/** The contract above, through solc's WebAssembly from npm. */
export function compileCounter(): Compiled {
  const solc = createRequire(import.meta.url)("solc") as { compile(input: string): string };
  const input = {
    language: "Solidity",
    sources: { "Counter.sol": { content: SOURCE } },
    settings: { evmVersion: "cancun", outputSelection: { "*": { "*": ["abi", "evm.bytecode.object"] } } },
  };
  const output = JSON.parse(solc.compile(JSON.stringify(input)));
  const contract = output.contracts?.["Counter.sol"]?.Counter;
  assert.ok(contract, JSON.stringify(output.errors));
  return { abi: contract.abi, bytecode: `0x${contract.evm.bytecode.object}` };
}
