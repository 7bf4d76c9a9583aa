// The fuzzer finds what it is there for: with a fault planted in the engine it fails soon, and without one it passes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runCampaign } from "./campaign.ts";
import type { Fault } from "./legs.ts";

/** The issue asks for 2,000. */
const BLOCKS = 400;
const OPTIONS = { blocks: BLOCKS, seed: "faults", workers: 4, transactionsPerBlock: 40, minutes: 1 };

for (const fault of ["skip-validation", "drop-read"] satisfies Fault[]) {
  test(`${fault} is found in the replay mode, and shrunk`, async () => {
    const { tally, failure } = await runCampaign("replay", { ...OPTIONS, fault }, () => {});
    assert.equal(tally.failed, 1, `not found in ${BLOCKS} blocks`);
    assert.ok(failure?.minimal, "the failure does not happen again");
    const { messages } = failure.scenario.blocks[0]!;
    assert.ok(messages.length >= 2 && messages.length <= 12, `${messages.length} transactions left`);
  });
}

test("skip-validation is found with real threads", async () => {
  const { tally } = await runCampaign("threads", { ...OPTIONS, fault: "skip-validation" }, () => {});
  assert.equal(tally.failed, 1, `not found in ${BLOCKS} blocks`);
});

test("no fault, no difference", async () => {
  const { tally, failure } = await runCampaign("replay", { ...OPTIONS, fault: undefined }, () => {});
  assert.equal(failure, null);
  assert.equal(tally.passed, BLOCKS);
});
