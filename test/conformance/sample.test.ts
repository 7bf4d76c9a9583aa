// A fixed sample of the published fixtures, where they are given: POLDER_FIXTURES names an archive or a folder.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

const fixtures = process.env.POLDER_FIXTURES;
const SAMPLE = "400";

test("a sample of the published fixtures passes", { skip: !fixtures && "set POLDER_FIXTURES" }, () => {
  const main = fileURLToPath(new URL("./main.ts", import.meta.url));
  const { status, stdout } = spawnSync(process.execPath, [main, fixtures!, "--sample", SAMPLE], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stdout);
  assert.match(stdout, /\n[1-9]\d* passed, 0 failed\n$/);
});
