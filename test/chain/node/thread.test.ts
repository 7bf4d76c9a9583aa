// The chain in its thread and as a library: requests, errors, notices, and an end that leaves nothing behind.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createDevchain } from "../../../chain/src/index.ts";
import { startChainThread } from "../../../chain/src/node/thread.ts";

const options = { workers: 1, accounts: 2 };

describe("chain thread", () => {
  it("answers requests, tells of blocks, and refuses after its end", async () => {
    const thread = await startChainThread(options);
    const summaries: bigint[] = [];
    thread.onBlock(({ number }) => summaries.push(number));
    assert.equal(thread.description.accounts.length, 2);
    assert.equal(await thread.request({ method: "eth_blockNumber" }), "0x0");
    await thread.request({ method: "evm_mine" });
    const outcomes = await thread.requestAll([{ method: "eth_chainId" }, { method: "eth_nothing" }]);
    assert.deepEqual(outcomes[0], { result: "0x7a69" });
    assert.equal("error" in outcomes[1]! && outcomes[1].error.code, -32601);
    assert.deepEqual(summaries, [1n]);
    await thread.close();
    await assert.rejects(thread.request({ method: "eth_chainId" }), /the chain was closed/);
    await thread.close();
  });

  it("tells at the start which option is wrong", async () => {
    await assert.rejects(
      startChainThread({ ...options, blockGasLimit: 0n }),
      /block gas limit 0: give a number from/,
    );
  });
});

describe("library", () => {
  it("is an EIP-1193 provider", async () => {
    const chain = await createDevchain(options);
    const messages: unknown[] = [];
    chain.on("message", (message: unknown) => messages.push(message));
    const subscription = await chain.request({ method: "eth_subscribe", params: ["newHeads"] });
    const [from, to] = (await chain.request({ method: "eth_accounts" })) as string[];
    const hash = await chain.request({ method: "eth_sendTransaction", params: [{ from, to, value: "0x1" }] });
    const receipt = (await chain.request({ method: "eth_getTransactionReceipt", params: [hash!] })) as {
      status: string;
    };
    assert.equal(receipt.status, "0x1");
    assert.equal(messages.length, 1);
    assert.equal((messages[0] as { data: { subscription: string } }).data.subscription, subscription);
    await assert.rejects(
      chain.request({ method: "eth_sendTransaction", params: [{ from, data: "0xfe" }] }),
      (error: Error & { code: number }) => {
        assert.equal(typeof error.code, "number");
        return true;
      },
    );
    await chain.close();
  });
});
