// The parts of the conformance runner that decide what counts: classes of refusals, scope, filters, samples, totals.

import assert from "node:assert/strict";
import { test } from "node:test";
import { scopeOf } from "./blockchain-test.ts";
import { isExpectedBlockRefusal, isExpectedRefusal } from "./exceptions.ts";
import type { BlockchainFixture } from "./fixture.ts";
import { parseFixtureFile } from "./fixture.ts";
import { matcher, parseOptions, UsageError } from "./options.ts";
import { Report, renderSummary } from "./report.ts";
import { chooseFiles } from "./sample.ts";

const encode = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));

test("a refusal passes only where its class is expected", () => {
  const funds = "TransactionException.INSUFFICIENT_ACCOUNT_FUNDS";
  assert.equal(isExpectedRefusal(funds, "insufficient-funds"), true);
  assert.equal(isExpectedRefusal(funds, "intrinsic-gas-too-low"), false);
  assert.equal(
    isExpectedRefusal(`${funds}|TransactionException.INTRINSIC_GAS_TOO_LOW`, "intrinsic-gas-too-low"),
    true,
  );
  assert.equal(isExpectedRefusal("TransactionException.RLP_LEADING_ZEROS_NONCE", "malformed"), true);
  assert.throws(
    () => isExpectedRefusal("TransactionException.NEVER_HEARD_OF", "malformed"),
    /NEVER_HEARD_OF/,
  );
});

test("a block's refusal passes only where its class is expected", () => {
  assert.equal(isExpectedBlockRefusal("BlockException.INVALID_REQUESTS", "requests-hash"), true);
  assert.equal(isExpectedBlockRefusal("BlockException.INVALID_REQUESTS", "state-root"), false);
  assert.equal(isExpectedBlockRefusal("TransactionException.NONCE_MISMATCH_TOO_LOW", "nonce-too-low"), true);
  assert.throws(() => isExpectedBlockRefusal("BlockException.NEVER_HEARD_OF", "rlp"), /NEVER_HEARD_OF/);
});

test("the format is told by the keys", () => {
  assert.equal(parseFixtureFile(encode({ t: { env: 1, pre: 1, transaction: 1, post: 1 } })).format, "state");
  const block = { genesisBlockHeader: 1, pre: 1, blocks: 1, network: 1 };
  assert.equal(parseFixtureFile(encode({ t: block })).format, "blockchain");
  assert.equal(parseFixtureFile(encode({ t: { engineNewPayloads: [] } })).format, "unknown");
  assert.equal(parseFixtureFile(encode({})).format, "unknown");
  assert.throws(() => parseFixtureFile(new TextEncoder().encode("{")), SyntaxError);
});

test("networks from Cancun on are in scope, with their timetable", () => {
  const scope = (network: string) => scopeOf({ network } as BlockchainFixture);
  assert.equal(scope("Shanghai"), null);
  assert.equal(scope("ShanghaiToCancunAtTime15k"), null);
  assert.equal(scope("Cancun")?.hardfork, "cancun");
  const transition = scope("CancunToPragueAtTime15k");
  assert.deepEqual(
    transition?.timetable.map(({ timestamp, hardfork }) => [timestamp, hardfork]),
    [
      [0n, "cancun"],
      [15_000n, "prague"],
    ],
  );
  assert.equal(scope("OsakaToBPO1AtTime15k")?.hardfork, "osaka");
});

test("a sample spreads over folders, is stable and as large as asked", () => {
  const paths = ["a/1.json", "a/2.json", "a/3.json", "b/1.json"];
  const sample = chooseFiles(paths, 2);
  assert.deepEqual(new Set([...sample.keys()].map((path) => path[0])), new Set(["a", "b"]));
  assert.deepEqual(chooseFiles([...paths].reverse(), 2), sample);
  assert.equal(
    [...chooseFiles(paths, 7).values()].reduce((sum, n) => sum + n),
    7,
  );
  assert.equal(chooseFiles([], 5).size, 0);
});

test("options: defaults, lists and mistakes", () => {
  assert.deepEqual(parseOptions(["x.json", "--fork", "osaka,cancun"], {})?.forks, ["osaka", "cancun"]);
  assert.deepEqual(parseOptions([], { POLDER_FIXTURES: "/fixtures" })?.paths, ["/fixtures"]);
  assert.equal(parseOptions(["--help"], {}), null);
  for (const argv of [[], ["x", "--fork", "london"], ["x", "--workers", "0"], ["x", "--unknown"]]) {
    assert.throws(() => parseOptions(argv, {}), UsageError);
  }
  assert.throws(() => matcher("/[/"), UsageError);
  assert.equal(matcher("stRevert")("static/stRevertTest/x.json::t"), true);
  assert.equal(matcher("/^b.*7$/i")("B 77"), true);
});

test("the summary ends with the totals", () => {
  const report = new Report();
  report.add({ path: "a/x.json", name: "one", failure: null, milliseconds: 5 });
  for (let i = 0; i < 25; i++)
    report.add({ path: "b/y.json", name: `t${i}`, failure: "why", milliseconds: 5 });
  const summary = report.summary();
  assert.deepEqual(
    summary.folders.map(({ folder, passed, failed }) => [folder, passed, failed]),
    [
      ["a", 1, 0],
      ["b", 0, 25],
    ],
  );
  const short = renderSummary(summary, false);
  assert.equal(short.split("\n").at(-1), "1 passed, 25 failed");
  assert.match(short, /and 5 more/);
  assert.equal(renderSummary(summary, true).match(/ why/g)?.length, 25);
});
