// A chain that is closed and opened again is the same, whatever was done to it.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { restartRepeatedly } from "./restarts.ts";

describe("random operations", () => {
  for (const seed of [1, 2, 4]) {
    it(`leave a chain that is the same after each of five restarts, seed ${seed}`, async (context) => {
      const { done, refused } = await restartRepeatedly(context, seed, 5);
      for (const name of [
        "raw transaction",
        "impersonated transaction",
        "import",
        "reorg",
        "rollback",
        "drop",
      ]) {
        assert.ok((done.get(name) ?? 0) > 0, `${name} never succeeded: ${[...refused]}`);
      }
    });
  }
});
