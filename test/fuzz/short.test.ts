// A short run of every leg of the fuzzer, and checks that its blocks are worth their name.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runCampaign } from "./campaign.ts";
import type { LegName } from "./options.ts";

const BLOCKS: Record<LegName, number> = { replay: 300, threads: 200, hardhat: 60 };

for (const leg of ["replay", "threads", "hardhat"] as const) {
  test(`${BLOCKS[leg]} random blocks come out the same: ${leg}`, async () => {
    const seed = "short";
    const options = {
      blocks: BLOCKS[leg],
      seed,
      workers: 4,
      transactionsPerBlock: 40,
      minutes: 2,
      fault: undefined,
    };
    const { tally, failure } = await runCampaign(leg, options, () => {});
    const again = `npm run fuzz -- --seed ${seed} --legs ${leg} --blocks ${BLOCKS[leg]}`;
    assert.equal(
      failure,
      null,
      `chain ${failure?.chain}, block ${failure?.block}: ${failure?.difference}\n${again}`,
    );
    assert.equal(tally.passed, BLOCKS[leg]);
    // Most transactions run, many fail, some are refused: otherwise the blocks would test little.
    assert.ok(
      tally.included > tally.transactions * 0.5,
      `${tally.included} of ${tally.transactions} included`,
    );
    assert.ok(tally.failedTransactions > tally.included * 0.05, `${tally.failedTransactions} failed`);
    assert.ok(tally.included < tally.transactions, "none refused");
    if (leg === "replay")
      assert.ok(tally.reExecutions > tally.included * 0.1, `${tally.reExecutions} repeated`);
  });
}
