// A thousand operations of a thousand users in one market and one block: how long the longest wait is, and that it comes
// from lanes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ensureCompiled } from "../../../contracts/tools/ensure-compiled.ts";
import { judge } from "./judge.ts";
import { contentionOf, type Plan } from "./measure.ts";

const PLAN: Plan = { users: 1_000, utilisation: 70, size: 30, room: 25, drift: 0, seed: 1, workers: 2 };

ensureCompiled({ harness: true });

test("at most 60 of 1,000 operations wait in a row at 70% utilisation, whatever the number of workers", async () => {
  const [two, one] = [await contentionOf(PLAN), await contentionOf({ ...PLAN, workers: 1 })];
  const { outcome } = two;
  assert.equal(outcome.transactions, 1_000);
  assert.equal(outcome.refused, 0);
  assert.ok(outcome.criticalPath <= 60, `${outcome.criticalPath} wait: ${[...outcome.through.keys()]}`);
  // There are 31 or 32 users in a lane: what they share cannot be much shorter.
  assert.ok(outcome.criticalPath >= 20, `${outcome.criticalPath}: does the judge still see what they share?`);
  assert.equal(one.outcome.reExecutions, 0);
  assert.deepEqual(
    { ...one.outcome, reExecutions: 0, workers: 0 },
    { ...outcome, reExecutions: 0, workers: 0 },
  );
});

test("in one lane nearly all of them wait", async () => {
  const { outcome } = await contentionOf({ ...PLAN, oneLane: true });
  const moneyMoves = 1_000 - outcome.mix["add collateral"] - outcome.mix["remove collateral"];
  assert.ok(outcome.criticalPath >= moneyMoves, `${outcome.criticalPath} of ${moneyMoves} that move money`);
});

test("the judge counts operations, lanes beyond one's own, and names what is waited for", () => {
  const slots = ["Pool._cash.lanes[1]", "Pool._cash.lanes[2]", "Pool._price"];
  const locations = slots.map((slot) => ({ address: "0xaa", kind: "storage", slot }));
  const transaction = (index: number, reads: number[], writes: number[]) => ({
    index,
    gasUsed: "0x1" as const,
    reads,
    writes,
  });
  const verdict = judge(
    {
      workers: 2,
      reExecutions: 1,
      totalGas: "0x4",
      parallelism: 2,
      criticalPath: { transactions: [0, 1] },
    },
    {
      locations,
      transactions: [
        transaction(0, [0, 2], [0]),
        transaction(1, [1, 2], [1]),
        transaction(2, [0, 1, 2], [0, 1]),
        transaction(3, [1, 2], [1]),
      ],
    },
    (key) => key.slice("0xaa:".length),
  );
  assert.equal(verdict.criticalPath, 3);
  assert.equal(verdict.beyondTheLane, 1);
  assert.deepEqual([...verdict.through], [["Pool._cash.lanes[lane]", 2]]);
});
