// polder node as a process: what it prints, how it ends, and the mistakes that it names.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startNode } from "../rpc/harness.ts";

const BIN = fileURLToPath(new URL("../../../chain/bin/polder.mjs", import.meta.url));
const FIRST = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const run = (...args: string[]) =>
  spawnSync(process.execPath, [BIN, "node", ...args], { encoding: "utf8", timeout: 20_000 });

describe("polder node", () => {
  it("follows its options", async () => {
    const node = await startNode(
      ..."--chain-id 4242 --accounts 3 --balance 7.5 --block-gas-limit 12000000 --hardfork prague --workers 1".split(
        " ",
      ),
      ..."--timestamp 2000000000 --base-fee 7 --no-mining".split(" "),
    );
    try {
      assert.equal(await node.rpc("eth_chainId"), "0x1092");
      assert.equal((await node.rpc("eth_accounts")).length, 3);
      assert.equal(BigInt(await node.rpc("eth_getBalance", FIRST, "latest")), 7_500_000_000_000_000_000n);
      const genesis = await node.rpc("eth_getBlockByNumber", "0x0", false);
      assert.deepEqual([genesis.gasLimit, BigInt(genesis.timestamp)], ["0xb71b00", 2_000_000_000n]);
      const info = await node.rpc("anvil_nodeInfo");
      assert.equal(info.hardFork, "prague");
      await node.rpc("eth_sendTransaction", { from: FIRST, to: FIRST });
      assert.equal(await node.rpc("eth_blockNumber"), "0x0");
      await node.rpc("evm_mine");
      const block = await node.rpc("eth_getBlockByNumber", "0x1", false);
      assert.deepEqual([block.transactions.length, block.baseFeePerGas], [1, "0x7"]);
      assert.equal((await node.rpc("parallel_getBlockReport", "latest")).workers, 1);
    } finally {
      await node.stop();
    }
  });

  it("mines on a clock", async () => {
    const node = await startNode("--block-time", "0.05");
    try {
      const hash = await node.rpc("eth_sendTransaction", { from: FIRST, to: FIRST });
      assert.equal(await node.rpc("hardhat_getAutomine"), false);
      let receipt = null;
      for (const end = Date.now() + 60_000; receipt === null && Date.now() < end; ) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        receipt = await node.rpc("eth_getTransactionReceipt", hash);
      }
      assert.equal(receipt?.status, "0x1");
    } finally {
      await node.stop();
    }
  });

  it("prints a line for a block with transactions and for a refusal, none for polls; ends with 0", async () => {
    const node = await startNode();
    const quiet = async () => {
      for (const method of ["eth_blockNumber", "eth_chainId", "eth_gasPrice", "evm_mine"])
        await node.rpc(method);
    };
    await quiet();
    await node.rpc("eth_sendTransaction", { from: FIRST, to: FIRST });
    await node.failure("eth_sendTransaction", { from: FIRST, to: FIRST, nonce: "0x0" });
    await node.failure("eth_nothing");
    await node.failure("eth_nothing");
    await node.rpc("hardhat_setLoggingEnabled", false);
    await node.rpc("eth_sendTransaction", { from: FIRST, to: FIRST });
    await node.rpc("hardhat_setLoggingEnabled", true);
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.equal(await node.stop(), 0);
    const entries = node.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    assert.deepEqual(
      entries.map(({ level, message }) => [level, String(message).split(":")[0]]),
      [
        ["info", "listening"],
        ["info", "block 2"],
        ["warn", "eth_sendTransaction"],
        ["warn", "eth_nothing"],
        ["info", "stopping"],
      ],
      node.lines.join("\n"),
    );
    assert.equal(entries[1]?.transactions, 1);
    await assert.rejects(fetch(node.url), "the port is free again");
  });

  it("says who has the port", async () => {
    const node = await startNode();
    try {
      const taken = run("--port", new URL(node.url).port);
      assert.equal(taken.status, 1);
      assert.match(taken.stderr, /port \d+ is taken: another node answers \(hardhat\/polder\/.*--port/);
    } finally {
      await node.stop();
    }
  });
});
