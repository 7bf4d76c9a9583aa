// What the pages of assets, issuers, liquidations and blocks compute: eligibility, applications, bounds of a NAV, quotes,
// who waited for whom, steps in time, and what strangers' text is made into.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Hex, keccak256, stringToBytes, stringToHex } from "viem";
import { isDue, LONGEST_STEP, nextStep, parseDays } from "../../app/src/features/development/logic.ts";
import { jurisdictions } from "../../app/src/features/eligibility/jurisdictions.ts";
import { eligibilityOf, lastDenial } from "../../app/src/features/eligibility/logic.ts";
import {
  addressIssue,
  bytes32Issue,
  dateIssue,
  documentNameIssue,
  endOfDay,
} from "../../app/src/features/issuer/logic.ts";
import { liquidateIssue, markIssue } from "../../app/src/features/liquidate/logic.ts";
import type { AccessSets, BlockRun } from "../../app/src/lib/chain/blocks.ts";
import { MAX_UINT, WAD } from "../../app/src/lib/format.ts";
import { bonusOf, healthOf, loanValueOf, pricePerToken, seizedFor } from "../../app/src/lib/liquidation.ts";
import { bytes32Text, safeText } from "../../app/src/lib/safe-text.ts";
import { boundsAfter, pendingOf, usualInterval } from "../../app/src/views/asset/nav-bounds.ts";
import { parseBlockId, readBy, readFrom, workersOf } from "../../app/src/views/block/parallel.ts";
import { verdictOf } from "../../app/src/views/document/verify.ts";

const A = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const B = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const [KNOWN, VALID, FROZEN, LIQUIDATE] = [1n, 2n, 4n, 32n];

test("a freeze is said before all, a valid record before an application, a denial before an expiry", () => {
  const state = {
    standing: KNOWN | VALID,
    record: { tier: 2, expiry: 9n },
    request: { tier: 0 },
    denied: false,
  };
  assert.equal(eligibilityOf(state), "approved");
  assert.equal(eligibilityOf({ ...state, standing: KNOWN | VALID | FROZEN }), "frozen");
  assert.equal(eligibilityOf({ ...state, request: { tier: 3 } }), "approved");
  assert.equal(eligibilityOf({ ...state, standing: KNOWN }), "expired");
  assert.equal(eligibilityOf({ ...state, standing: KNOWN, request: { tier: 2 } }), "requested");
  const nobody = { ...state, standing: 0n, record: { tier: 0, expiry: 0n } };
  assert.equal(eligibilityOf(nobody), "none");
  assert.equal(eligibilityOf({ ...nobody, denied: true }), "denied");
  assert.equal(eligibilityOf({ ...nobody, denied: true, request: { tier: 1 } }), "requested");
});

test("an application was denied only where that is the last thing that became of one", () => {
  const at = (name: string, block: bigint, index = 0) => ({ name, block, index });
  const denial = at("RequestDenied", 5n);
  assert.equal(lastDenial([at("RequestMade", 4n), denial]), denial);
  assert.equal(lastDenial([denial, at("RequestMade", 5n, 1)]), undefined);
  assert.equal(lastDenial([denial, at("PersonSet", 9n)]), denial);
  assert.equal(lastDenial([]), undefined);
});

test("jurisdictions have a name each and a code once", () => {
  assert.equal(new Set(jurisdictions.map(({ code }) => code)).size, jurisdictions.length);
  assert.equal(jurisdictions.find(({ code }) => code === 528)?.name, "Netherlands");
  for (const { code, name } of jurisdictions) assert.ok(code > 0 && code < 1_000 && name.length > 2, name);
});

test("the desk takes whole addresses, days that are not over, and names that fit", () => {
  assert.equal(addressIssue(""), "addressMissing");
  assert.equal(addressIssue("0x12"), "addressWrong");
  assert.equal(addressIssue(A.replace("f39F", "F39f")), "addressWrong"); // a checksum that does not hold
  assert.equal(addressIssue(B, A), undefined);
  assert.equal(addressIssue(A.toLowerCase(), A), "addressSame");
  assert.equal(endOfDay("2027-11-26"), 1_827_273_599n);
  assert.equal(dateIssue("2027-11-26", 1_827_273_598n), undefined);
  assert.equal(dateIssue("2027-11-26", 1_827_273_599n), "datePast");
  assert.equal(dateIssue("26 Nov", 0n), "dateMissing");
  assert.equal(bytes32Issue("é".repeat(16)), "textTooLong"); // bytes count, not letters
  assert.equal(bytes32Issue("é".repeat(15)), undefined);
  assert.equal(documentNameIssue("loan-terms-1-year"), undefined);
  for (const odd of ["Valuation", "a--b", "../x", "a b"])
    assert.equal(documentNameIssue(odd), "nameOdd", odd);
});

test("text of strangers cannot turn the direction of reading, hide letters or run on", () => {
  assert.equal(safeText("pay \u202egnp.exe"), "pay \u{fffd}gnp.exe");
  assert.equal(safeText("a\u200bb\u0000c\nd"), "a\u{fffd}b\u{fffd}c\u{fffd}d");
  assert.equal(safeText(`e${"\u0301".repeat(50)}`), `e${"\u0301".repeat(3)}`);
  assert.equal([...safeText("x".repeat(500))].length, 121);
  assert.equal(bytes32Text(stringToHex("evidence missing", { size: 32 })), "evidence missing");
  assert.equal(bytes32Text(stringToHex("<b>", { size: 32 })), "<b>"); // markup is React's to escape
  const hidden = `0x41${"00".repeat(30)}42`; // something after the end of the text
  assert.equal(bytes32Text(hidden), hidden);
  const noText = `0x${"ff".repeat(32)}`;
  assert.equal(bytes32Text(noText), noText);
});

test("a document is the published one only where its hash is the token's", () => {
  const bytes = stringToBytes("terms");
  const published = keccak256(bytes);
  assert.equal(verdictOf(bytes, published).verdict, "same");
  assert.equal(verdictOf(bytes, published.toUpperCase().replace("0X", "0x") as Hex).verdict, "same");
  assert.equal(verdictOf(stringToBytes("terms "), published).verdict, "differs");
  assert.equal(verdictOf(bytes, undefined).verdict, "unpublished");
});

test("the next report's bounds, the usual interval, and which pending NAV was confirmed", () => {
  assert.deepEqual(boundsAfter(10_000n, { maxUpBps: 200, maxDownBps: 800 }), {
    least: 9_200n,
    most: 10_200n,
  });
  const event = (kind: "accepted" | "pending", round: bigint, nav: bigint, navDate: bigint) => ({
    ...{ kind, round, nav, navDate },
    block: round,
  });
  const history = [
    event("accepted", 1n, 100n, 0n),
    event("accepted", 2n, 100n, 10n),
    event("pending", 3n, 70n, 20n),
    event("accepted", 3n, 70n, 20n),
    event("accepted", 4n, 71n, 60n),
    event("pending", 5n, 10n, 70n),
  ];
  assert.equal(usualInterval(history), 10n);
  assert.equal(usualInterval(history.slice(0, 2)), undefined);
  assert.deepEqual(
    pendingOf(history).map(({ round, confirmed }) => [round, confirmed]),
    [
      [3n, true],
      [5n, false],
    ],
  );
});

test("a liquidation's numbers follow from price and quote", () => {
  const units = { collateral: { decimals: 18 }, loan: { decimals: 6 }, navDecimals: 8 };
  const value = loanValueOf(2n * WAD, 100_00000000n, units);
  assert.equal(value, 200_000_000n);
  assert.equal(healthOf(value, 100_000_000n, (6n * WAD) / 10n), (12n * WAD) / 10n);
  assert.equal(healthOf(value, 0n, WAD), MAX_UINT);
  assert.equal(bonusOf((98n * WAD) / 100n), -(2n * WAD) / 100n);
  assert.equal(pricePerToken(110_00000000n, (11n * WAD) / 10n), 100_00000000n);
  const quote = { repay: 100n, seizable: 55n };
  assert.equal(seizedFor(50n, quote), 27n);
  assert.equal(seizedFor(101n, quote), 55n);
});

test("who may buy what of a position", () => {
  const state = {
    account: A as Hex,
    owner: B as Hex,
    standing: KNOWN | VALID | LIQUIDATE,
    liquidatable: true,
    quote: { repay: 100n, closeInFull: false },
    debt: 300n,
    minDebt: 50n,
    amount: { ok: true as const, value: 80n },
    balance: 90n,
  };
  const issue = (change: Partial<typeof state>) => liquidateIssue({ ...state, ...change });
  assert.equal(issue({}), undefined);
  assert.equal(issue({ liquidatable: false }), "notLiquidatable");
  assert.equal(issue({ owner: A }), "own");
  assert.equal(issue({ standing: KNOWN | VALID }), "notEligible");
  assert.equal(issue({ amount: { ok: true, value: 101n } }), "exceedsQuote");
  assert.equal(issue({ amount: { ok: true, value: 91n } }), "exceedsBalance");
  assert.equal(issue({ quote: { repay: 100n, closeInFull: true } }), "closeInFull");
  assert.equal(issue({ debt: 100n }), "leavesDust");
  assert.equal(issue({ quote: { repay: 0n, closeInFull: true }, balance: 0n }), undefined);
  const { account, owner, standing } = state;
  const mark = { account, owner, standing, hasAuctions: true, phase: 0, inDefault: true };
  assert.equal(markIssue(mark), undefined);
  assert.equal(markIssue({ ...mark, hasAuctions: false }), "noAuctions");
  assert.equal(markIssue({ ...mark, phase: 2 }), "marked");
  assert.equal(markIssue({ ...mark, inDefault: false }), "healthy");
});

test("who waited for whom is the last writer of what was read, until somebody writes it again", () => {
  const slot = (n: number) => ({ address: A, kind: "storage" as const, slot: `0x${n}` });
  const sets: AccessSets = {
    locations: [slot(0), slot(1), slot(2)],
    transactions: [
      { index: 0, reads: [0], writes: [0, 1] },
      { index: 1, reads: [0], writes: [0] },
      { index: 2, reads: [0, 1], writes: [2] },
      { index: 3, reads: [2], writes: [] },
    ],
  };
  assert.deepEqual(readFrom(sets, 0), []);
  assert.deepEqual(readFrom(sets, 2), [
    { index: 0, locations: [slot(1)] },
    { index: 1, locations: [slot(0)] },
  ]);
  assert.deepEqual(
    readBy(sets, 0).map(({ index, locations }) => [index, locations.length]),
    [
      [1, 1],
      [2, 1],
    ],
  );
  assert.deepEqual(
    readBy(sets, 1).map(({ index }) => index),
    [2],
  );
});

test("bars of workers lie where they ran, the longest chain marked", () => {
  const run = {
    workers: 2,
    chain: { transactions: [0, 2], gas: 2n },
    transactions: [
      { index: 0, worker: 1, startedAt: 100, finishedAt: 150, attempts: 1 },
      { index: 1, worker: 0, startedAt: 110, finishedAt: 120, attempts: 1 },
      { index: 2, worker: 1, startedAt: 150, finishedAt: 200, attempts: 2 },
    ].map((each) => ({ ...each, hash: "0x" as Hex, gasUsed: 1n, conflicts: [] })),
  } as unknown as BlockRun;
  const { rows, span } = workersOf(run);
  assert.equal(span, 100);
  assert.deepEqual(
    rows.map(({ worker, bars }) => [
      worker,
      ...bars.map(({ left, width, inChain, again }) => [left, width, inChain, again]),
    ]),
    [
      [0, [10, 10, false, false]],
      [1, [0, 50, true, false], [50, 50, true, true]],
    ],
  );
});

test("a block is named by number or hash, and by nothing else", () => {
  assert.equal(parseBlockId("128"), 128n);
  assert.equal(parseBlockId(`0x${"AB".repeat(32)}`), `0x${"ab".repeat(32)}`);
  for (const odd of ["", "-1", "0x12", "1e9", "latest", "9".repeat(40)])
    assert.equal(parseBlockId(odd), undefined, odd);
});

test("time is travelled as far as no NAV goes stale, and no further without a report", () => {
  const [now, hour, day] = [1_000_000, 3_600, 86_400];
  const year = now + 365 * day;
  assert.equal(nextStep(now, now, []), 0);
  assert.equal(nextStep(now, now + 5, []), 5);
  assert.equal(nextStep(now, year, []), LONGEST_STEP);
  // An hour before it would be stale; the first of them counts.
  assert.equal(nextStep(now, year, [now + 2 * day, now + 30 * day]), 47 * hour);
  assert.equal(nextStep(now, year, [now + 13 * hour]), 12 * hour);
  assert.equal(nextStep(now, year, [now + 13 * hour - 1]), "reports first");
  assert.equal(nextStep(now, now + hour, [now + 3 * hour]), hour);
  assert.equal(nextStep(now, now + hour, [now - day]), "reports first");
  assert.deepEqual([isDue(now, now + 13 * hour), isDue(now, now + 13 * hour - 1)], [false, true]);
  assert.deepEqual(parseDays("1.5"), { ok: true, seconds: 129_600 });
  assert.deepEqual(parseDays("401"), { ok: false, issue: "daysTooMany" });
  for (const odd of ["", "0", "-1", "1e3"])
    assert.deepEqual(parseDays(odd), { ok: false, issue: "daysMissing" }, odd);
});
