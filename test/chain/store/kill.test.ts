// polder node killed under load keeps what it answered. npm run soak:store does it more often.

import assert from "node:assert/strict";
import { it } from "node:test";
import { killRepeatedly } from "./kill.ts";
import { randomFrom } from "./support.ts";

it("survives kill -9 at random moments under load", async () => {
  const report = await killRepeatedly(3, randomFrom(Date.now()));
  assert.equal(report.kills, 3);
  assert.ok(report.transactions > 20, `only ${report.transactions} transactions were acknowledged`);
});
