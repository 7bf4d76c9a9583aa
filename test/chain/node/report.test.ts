// How parallel a block was: the committed dependencies are the same for one worker and for two, and name the slot.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { DevchainNode } from "../../../chain/src/node/node.ts";
import { address, COUNTER, OWN_COUNTER, startNode, word } from "./support.ts";

const hot = address(0xc0);
const cold = address(0xc1);

async function blockOf(node: DevchainNode, contract: `0x${string}`) {
  for (const from of node.accounts()) await node.sendTransaction({ from, to: contract, gas: 100_000n });
  await node.mine();
  return (await node.getBlockReport("latest"))!;
}

for (const workers of [1, 2]) {
  describe(`block report with ${workers} workers`, () => {
    it("tells contention from independence", async (context) => {
      const node = await startNode(context, { workers, accounts: 8, mining: { auto: false } });
      await node.setCode(hot, COUNTER);
      await node.setCode(cold, OWN_COUNTER);

      const contended = await blockOf(node, hot);
      assert.equal(contended.transactions.length, 8);
      assert.deepEqual(contended.criticalPath.transactions, [0, 1, 2, 3, 4, 5, 6, 7]);
      assert.equal(contended.criticalPath.gas, contended.totalGas);
      assert.equal(contended.parallelism, 1);
      const [first] = contended.contended;
      assert.deepEqual(first, {
        location: { address: hot, kind: "storage", slot: word(0) },
        readers: 7,
        writers: 8,
      });
      assert.equal(await node.getStorage(hot, word(0)), word(8));

      const independent = await blockOf(node, cold);
      assert.equal(independent.criticalPath.transactions.length, 1);
      assert.ok(independent.parallelism > 7.9);
      assert.deepEqual(independent.contended, []);
      assert.equal(independent.reExecutions, 0);

      const summary = (await node.summarise("latest"))!;
      assert.equal(summary.transactions, 8);
      assert.equal(summary.failed, 0);
      assert.deepEqual(await node.getBlockReport(1n), contended);
      assert.equal(await node.getBlockReport(9n), null);
    });
  });
}
