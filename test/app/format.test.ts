// How numbers become text and text numbers: exactly, never by way of a float.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  formatAmount,
  formatDuration,
  formatHealth,
  formatPercent,
  formatTime,
  MAX_UINT,
  parseAmount,
  toInput,
  WAD,
} from "../../app/src/lib/format.ts";

test("amounts keep every digit they show, and are cut off, not rounded up", () => {
  assert.equal(formatAmount(1_234_567_899_999_999_999_999n, 18), "1,234.56");
  assert.equal(formatAmount(9_007_199_254_740_993n * WAD, 18), "9,007,199,254,740,993.00");
  assert.equal(formatAmount(1_000_001n, 6, { digits: 6 }), "1.000001");
  assert.equal(formatAmount(-1_500_000n, 6), "-1.50");
  assert.equal(formatAmount(1_001n, 6, { digits: 2, rounding: "ceil" }), "0.01");
});

test("an amount below a cent never reads as nothing", () => {
  assert.equal(formatAmount(0n, 18), "0.00");
  assert.equal(formatAmount(1_234_567_890_000_000n, 18), "0.0012");
  assert.equal(formatAmount(1n, 18), "<0.00000001");
});

test("millions are shortened, in tables and in sentences", () => {
  assert.equal(formatAmount(26_134_999n * WAD, 18, { compact: "short" }), "26.13M");
  assert.equal(formatAmount(26_134_999n * WAD, 18, { compact: "words" }), "26.13 million");
  assert.equal(formatAmount(999_999n * WAD, 18, { compact: "short", digits: 0 }), "999,999");
});

test("a health factor just below 1 never reads as 1", () => {
  assert.equal(formatHealth(WAD - 1n), "0.99");
  assert.equal(formatHealth(WAD), "1.00");
  assert.equal(formatHealth(MAX_UINT), undefined);
  assert.equal(formatHealth(1_000n * WAD), "> 100");
});

test("rates and times", () => {
  assert.equal(formatPercent(52_500_000_000_000_000n), "5.25%");
  assert.equal(formatTime(1_793_000_000n), "26 Oct 2026, 07:33 UTC");
  assert.equal(formatDuration(93_784n), "1 day 2 h");
  assert.equal(formatDuration(59n), "59 s");
});

test("what is typed is read exactly, or refused with its reason", () => {
  assert.deepEqual(parseAmount("1,250.50", 18), { ok: true, value: 1_250_500_000_000_000_000_000n });
  assert.deepEqual(parseAmount(".5", 6), { ok: true, value: 500_000n });
  assert.deepEqual(parseAmount("1.1000000000", 6), { ok: true, value: 1_100_000n });
  assert.deepEqual(parseAmount(" ", 6), { ok: false, issue: "empty" });
  for (const text of ["1e9", "-1", ".", "1,25", "0x10", "1.2.3", "١"]) {
    assert.deepEqual(parseAmount(text, 6), { ok: false, issue: "notANumber" }, text);
  }
  assert.deepEqual(parseAmount("0.0000001", 6), { ok: false, issue: "tooManyDecimals" });
});

test("Max fills in all of it: what is read back is the same to the last unit", () => {
  for (const value of [0n, 1n, 10n ** 18n, 1_250_500_000_000_000_000_001n, MAX_UINT]) {
    assert.deepEqual(parseAmount(toInput(value, 18), 18), { ok: true, value });
  }
});
