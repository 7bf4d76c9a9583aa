// Kills polder node with SIGKILL at random moments under load, starts it again on the same directory and asks for
// everything that it had acknowledged.

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressOf, signTransaction } from "../../support/sign.ts";
import { address, word } from "../node/support.ts";
import { startNode, type TestNode } from "../rpc/harness.ts";
import { type Random, SENDERS } from "./operations.ts";

/** Rounds on one directory; then a fresh one, since each start takes up all that the rounds before it left. */
const ROUNDS = 5;
/** Clients that send signed transactions, each from an account of its own. */
const CLIENTS = 6;
const SCRATCH = address(0x5c);
const keys = Array.from({ length: CLIENTS }, (_, i) => word(0xace0 + i));
const clients = keys.map((key) => ({ key, address: addressOf(key) }));
/** How blocks come about in turn. */
const MODES = [[], ["--block-time", "0.03"], ["--no-mining"]];

/** What the node has answered on one directory. */
interface Promised {
  /** Answered while it mined at each transaction: a receipt must be there. */
  mined: string[];
  /** A receipt, or a place in the pool. */
  taken: string[];
  /** Waits for an earlier nonce that nobody sends. */
  waiting: string[];
  /** Slots of SCRATCH, by number; never written twice. */
  slots: number;
  /** Block hashes that were seen, by number. */
  seen: Map<string, string>;
  nonces: number[];
  ahead: number;
}

export interface KillReport {
  kills: number;
  /** Answers that were asked for again. */
  transactions: number;
  slots: number;
  blocks: number;
  /** Starts that found a damaged end. */
  cut: number;
}

/** @param log hears a line after each kill */
export async function killRepeatedly(
  kills: number,
  random: Random,
  log: (line: string) => void = () => {},
): Promise<KillReport> {
  const report: KillReport = { kills: 0, transactions: 0, slots: 0, blocks: 0, cut: 0 };
  while (report.kills < kills) {
    const directory = mkdtempSync(join(tmpdir(), "polder-kill-"));
    try {
      await killOn(directory, Math.min(ROUNDS, kills - report.kills), random, report, log);
    } finally {
      rmSync(directory, { recursive: true, force: true });
    }
  }
  return report;
}

async function killOn(
  directory: string,
  rounds: number,
  random: Random,
  report: KillReport,
  log: (line: string) => void,
): Promise<void> {
  const promised: Promised = {
    mined: [],
    taken: [],
    waiting: [],
    slots: 0,
    seen: new Map(),
    nonces: clients.map(() => 0),
    ahead: 0,
  };
  for (let round = 0; round <= rounds; round++) {
    const mode = MODES[random(MODES.length)]!;
    const node = await startNode("--data-dir", directory, ...mode);
    try {
      if (round === 0)
        for (const { address: to } of clients)
          await node.rpc("hardhat_setBalance", to, "0xfffffffffffffffffff");
      await check(node, promised);
      if (round === rounds) {
        assert.equal(await node.stop(), 0);
        break;
      }
      const patience = 20 + random(500);
      await loadUntilKilled(node, promised, mode, patience);
      report.kills++;
      if (node.lines.some((line) => line.includes("has been cut off"))) report.cut++;
      const height = Number([...promised.seen.keys()].at(-1) ?? 0);
      log(`kill ${report.kills} after ${patience} ms at block ${height}, ${mode.join(" ") || "automine"}`);
    } finally {
      if (node.process.exitCode === null && node.process.signalCode === null) await node.stop();
    }
  }
  report.transactions += promised.mined.length + promised.taken.length + promised.waiting.length;
  report.slots += promised.slots;
  report.blocks += Number([...promised.seen.keys()].at(-1) ?? 0);
}

/** Every client goes on until the node is gone. */
async function loadUntilKilled(
  node: TestNode,
  promised: Promised,
  mode: readonly string[],
  patience: number,
): Promise<void> {
  let killed = false;
  const untilKilled = async (step: () => Promise<void>) => {
    try {
      while (!killed) await step();
    } catch (error) {
      // fetch fails with TypeError when nobody is there any more; a refusal of the node is a failure of the test.
      if (!killed || !(error instanceof TypeError)) throw error;
    }
  };
  const automine = mode.length === 0;
  const send = (nonce: number, index: number) => {
    const { key, address: from } = clients[index]!;
    const fees = { maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: BigInt(1 + index) };
    const body = {
      type: 2,
      chainId: 31_337n,
      nonce: BigInt(nonce),
      gas: 30_000n,
      to: SCRATCH,
      value: 1n,
      data: "0x",
    };
    return node.rpc(
      "eth_sendRawTransaction",
      signTransaction({ ...body, ...fees, accessList: [] } as never, from, key),
    );
  };
  const load = Promise.all([
    ...clients.map((_, index) =>
      untilKilled(async () => {
        const hash = await send(promised.nonces[index]!, index);
        promised.nonces[index]!++;
        (automine ? promised.mined : promised.taken).push(hash);
      }),
    ),
    untilKilled(async () => {
      const slot = promised.slots;
      await node.rpc("hardhat_setStorageAt", SCRATCH, `0x${slot.toString(16)}`, word(slot + 1));
      promised.slots++;
    }),
    untilKilled(async () => {
      // Far ahead of any nonce that a client reaches.
      const nonce = 10 ** 6 + promised.ahead++;
      promised.waiting.push(await send(nonce, nonce % CLIENTS));
    }),
    untilKilled(async () => {
      if (mode.includes("--no-mining")) await node.rpc("evm_mine");
      const { number, hash } = await node.rpc("eth_getBlockByNumber", "latest", false);
      promised.seen.set(BigInt(number).toString(), hash);
    }),
  ]);
  const timer = setTimeout(() => {
    killed = true;
    process.kill(-node.process.pid!, "SIGKILL");
  }, patience);
  try {
    await load;
  } finally {
    clearTimeout(timer);
  }
}

async function check(node: TestNode, promised: Promised): Promise<void> {
  const content = await node.rpc("txpool_content");
  const inPool = new Set<string>();
  for (const bucket of [content.pending, content.queued]) {
    for (const nonces of Object.values(bucket)) {
      for (const { hash } of Object.values(nonces as Record<string, { hash: string }>)) inPool.add(hash);
    }
  }
  const receipts = new Set<string>();
  const head = Number(await node.rpc("eth_blockNumber"));
  let previous: { hash: string } | null = null;
  for (let number = 0; number <= head; number++) {
    const block = await node.rpc("eth_getBlockByNumber", `0x${number.toString(16)}`, false);
    if (previous) assert.equal(block.parentHash, previous.hash);
    previous = block;
    const seen = promised.seen.get(`${number}`);
    if (seen) assert.equal(block.hash, seen, `block ${number} is another one`);
    if (block.transactions.length === 0) continue;
    for (const { transactionHash, status } of await node.rpc("eth_getBlockReceipts", block.number)) {
      assert.equal(status, "0x1");
      receipts.add(transactionHash);
    }
  }
  for (const number of promised.seen.keys()) assert.ok(Number(number) <= head, `block ${number} is gone`);
  for (const hash of promised.mined) assert.ok(receipts.has(hash), `${hash} was mined and is gone`);
  for (const hash of promised.taken)
    assert.ok(receipts.has(hash) || inPool.has(hash), `${hash} was taken and is gone`);
  for (const hash of promised.waiting) assert.ok(inPool.has(hash), `${hash} waited and is gone`);
  for (let slot = 0; slot < promised.slots; slot++) {
    const value = await node.rpc("eth_getStorageAt", SCRATCH, `0x${slot.toString(16)}`, "latest");
    assert.equal(value, word(slot + 1), `slot ${slot} is not what it was set to`);
  }
  // What was sent and not answered may have been taken as well: the next nonce is the node's word.
  for (const [index, { address: from }] of clients.entries()) {
    const nonce = Number(await node.rpc("eth_getTransactionCount", from, "pending"));
    assert.ok(
      nonce >= promised.nonces[index]!,
      `an account went back from ${promised.nonces[index]} to ${nonce}`,
    );
    promised.nonces[index] = nonce;
  }
  // The node goes on: it still makes blocks.
  await node.rpc("evm_mine");
  await node.rpc("eth_sendTransaction", { from: SENDERS[0], to: SENDERS[1], value: "0x1" });
}
