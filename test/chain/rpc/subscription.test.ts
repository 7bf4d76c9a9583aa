// Subscriptions over WebSocket against the running node: heads, logs with their removal, pending transactions.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { encodeFunctionData, type Hex } from "viem";
import { WebSocket } from "ws";
import { type Compiled, compileCounter, startNode, type TestNode } from "./harness.ts";

const FIRST = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";

let node: TestNode;
let counter: Compiled;
let address: Hex;

interface Notice {
  params: { subscription: string; result: Record<string, unknown> & string };
}

/** A connection that answers requests and gathers notices by subscription. */
async function connect() {
  const socket = new WebSocket(node.webSocketUrl);
  await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
  const notices: Notice["params"][] = [];
  const waiting = new Map<number, (response: { result?: unknown; error?: unknown }) => void>();
  socket.on("message", (data) => {
    const message = JSON.parse(data.toString());
    if (message.method === "eth_subscription") notices.push(message.params);
    else waiting.get(message.id)?.(message);
  });
  let id = 0;
  return {
    socket,
    async rpc(method: string, ...params: unknown[]) {
      id++;
      socket.send(JSON.stringify({ jsonrpc: "2.0", id, method, params }));
      return new Promise<{ result?: unknown; error?: unknown }>((resolve) => waiting.set(id, resolve));
    },
    /** What came for a subscription; waits for `count` of them. */
    async results(subscription: unknown, count: number) {
      const own = () => notices.filter((notice) => notice.subscription === subscription);
      for (let tries = 0; own().length < count && tries < 200; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return own().map(({ result }) => result);
    },
  };
}

const increment = () =>
  node.rpc("eth_sendTransaction", {
    from: FIRST,
    to: address,
    data: encodeFunctionData({ abi: counter.abi, functionName: "increment", args: [1n] }),
  });

before(async () => {
  counter = compileCounter();
  node = await startNode();
  const hash = await node.rpc("eth_sendTransaction", { from: FIRST, data: counter.bytecode });
  address = (await node.rpc("eth_getTransactionReceipt", hash)).contractAddress;
});
after(() => node?.stop());

describe("subscriptions", () => {
  it("pushes heads, logs and pending transactions, each to its own", async () => {
    const client = await connect();
    const { result: heads } = await client.rpc("eth_subscribe", "newHeads");
    const { result: logs } = await client.rpc("eth_subscribe", "logs", { address });
    const { result: others } = await client.rpc("eth_subscribe", "logs", { address: FIRST });
    const { result: pending } = await client.rpc("eth_subscribe", "newPendingTransactions");
    const { result: full } = await client.rpc("eth_subscribe", "newPendingTransactions", true);
    const { result: syncing } = await client.rpc("eth_subscribe", "syncing");
    const hash = await increment();
    const receipt = await node.rpc("eth_getTransactionReceipt", hash);
    const [head] = await client.results(heads, 1);
    assert.equal(head?.hash, receipt.blockHash);
    assert.equal("transactions" in head!, false);
    assert.deepEqual(await client.results(logs, 1), receipt.logs);
    assert.deepEqual(await client.results(pending, 1), [hash]);
    assert.equal((await client.results(full, 1))[0]?.hash, hash);
    assert.deepEqual([await client.results(others, 0), await client.results(syncing, 0)], [[], []]);

    assert.deepEqual((await client.rpc("eth_unsubscribe", heads)).result, true);
    assert.deepEqual((await client.rpc("eth_unsubscribe", heads)).result, false);
    await increment();
    assert.equal((await client.results(logs, 2)).length, 2);
    assert.equal((await client.results(heads, 1)).length, 1, "a head after unsubscribing");
    client.socket.close();
  });

  it("takes logs back when their block leaves the chain", async () => {
    const client = await connect();
    const { result: logs } = await client.rpc("eth_subscribe", "logs", { address });
    const id = await node.rpc("evm_snapshot");
    await increment();
    await node.rpc("evm_revert", id);
    const [added, removed] = await client.results(logs, 2);
    assert.deepEqual([added?.removed, removed?.removed], [false, true]);
    assert.equal(added?.transactionHash, removed?.transactionHash);
    client.socket.close();
  });

  it("refuses what there is none of", async () => {
    const client = await connect();
    const { error } = await client.rpc("eth_subscribe", "newTails");
    assert.match(JSON.stringify(error), /-32602.*no \\"newTails\\" subscription/);
    const wrong = await client.rpc("eth_subscribe", "logs", { address: 5 });
    assert.match(JSON.stringify(wrong.error), /invalid argument 1 \(filter\)\.address/);
    client.socket.close();
  });
});
