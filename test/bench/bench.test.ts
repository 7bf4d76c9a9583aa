// The benchmark's arithmetic, and that it times nothing that did not succeed.

import assert from "node:assert/strict";
import { test } from "node:test";
import { measure } from "./measure.ts";
import { rateOf, resultsOf } from "./report.ts";
import { Target, targetSpecs } from "./targets.ts";
import { rawTransfers, tokenTransfers } from "./workloads.ts";

test("medians and spread", () => {
  assert.deepEqual(rateOf([3, 1, 2]), { median: 2, lowest: 1, highest: 3 });
  assert.deepEqual(rateOf([4, 1, 3, 2]), { median: 2.5, lowest: 1, highest: 4 });
});

test("ratios say how many times as fast ours is", () => {
  const measured = (blockSeconds: number) => [{ ingestSeconds: 1, blockSeconds, gasUsed: 21_000n }];
  const measurements = new Map([
    ["ours", measured(0.5)],
    ["peer", measured(2)],
  ]);
  const [ours, peer] = resultsOf(measurements, 100, (target) => target === "ours", "ours");
  assert.equal(ours!.executed.median, 200);
  assert.equal(ours!.ratio, undefined);
  assert.deepEqual(peer!.ratio, { ingested: 1, executed: 4 });
});

test("rounds repeat on the same state, and a failed transfer stops the run", async () => {
  const [spec] = await targetSpecs(1, [], () => {});
  const target = await Target.start(spec!);
  try {
    for (const workload of [rawTransfers(30), tokenTransfers(30)]) {
      const prepared = await workload.prepare(target.rpc);
      const first = await measure(target.rpc, prepared, 0);
      const second = await measure(target.rpc, prepared, 1);
      assert.ok(first.blockSeconds > 0 && first.gasUsed >= 30n * 21_000n);
      assert.equal(second.gasUsed, first.gasUsed);
      const lying = { ...prepared, successes: async () => 29 };
      await assert.rejects(measure(target.rpc, lying, 2), /1 of 30 transactions failed/);
      await target.rpc.call("hardhat_reset");
      await target.rpc.call("evm_setAutomine", false);
    }
  } finally {
    await target.stop();
  }
});
