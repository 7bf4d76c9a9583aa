// A run on a torn view may loop until its gas is gone. Whoever waits for it calls it off; the block ends soon and right.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createEngine } from "../../../chain/src/engine/index.ts";
import { address, ETHER, environment, word } from "./support/engine.ts";

const CONTRACT = address(500);

/* Without calldata: counts down from 0x10000, then sets slot 0. With calldata: stops if slot 0 is set, else loops. */
const CODE = Buffer.from(
  "3660165762010000" + "5b6001900380600857" + "60015f5500" + "5b5f54602057" + "5b601c56" + "5b00",
  "hex",
);

/* One runaway costs about twenty seconds if nobody calls it off. */
describe("the budget of speculation", { timeout: 15_000 }, () => {
  it("ends a run that loops on a value its predecessor changes", async () => {
    const engine = await createEngine({ workers: 2 });
    try {
      for (let i = 0; i < 8; i++) engine.setBalance(address(i), 10n ** 12n * ETHER);
      engine.setCode(CONTRACT, CODE);
      await sleep(300); // so that the worker stands ready and speculates
      for (let round = 0n; round < 6n; round++) {
        engine.setStorage(CONTRACT, word(0), word(0));
        engine.beginBlock(environment({ hardfork: "cancun", gasLimit: 10n ** 12n, number: round + 1n }));
        const messages = Array.from({ length: 8 }, (_, i) =>
          engine.pack({
            type: 2,
            sender: address(i),
            to: CONTRACT,
            nonce: round,
            gasLimit: 5_000_000_000n,
            value: 0n,
            data: i === 0 ? "0x" : "0x01",
            maxFeePerGas: 100n,
            maxPriorityFeePerGas: 1n,
          }),
        );
        const { included } = await engine.executeTransactions(messages);
        await engine.seal();
        assert.equal(included.length, 8);
        assert.ok(included.every(({ success }) => success));
        assert.ok(included.slice(1).every(({ gasUsed }) => gasUsed < 30_000n));
      }
    } finally {
      await engine.close();
    }
  });
});
