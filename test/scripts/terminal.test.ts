// What scripts print: amounts rounded as people read them, tables whose columns line up, lines within the width.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { stripVTControlCharacters } from "node:util";
import {
  bar,
  count,
  money,
  paragraph,
  short,
  strip,
  styled,
  table,
  WIDTH,
} from "../../scripts/lib/terminal.ts";

const WAD = 10n ** 18n;

describe("terminal", () => {
  it("groups and rounds amounts with 18 decimals", () => {
    assert.equal(money(0n), "0");
    assert.equal(money(1_234_567n * WAD), "1,234,567");
    assert.equal(money(WAD / 2n), "1");
    assert.equal(money(WAD / 2n - 1n), "0");
    assert.equal(money(-1_500n * WAD, 2), "-1,500.00");
    assert.equal(money(1_234_567n * 10n ** 12n, 6), "1.234567");
    assert.equal(money(999_999n * 10n ** 15n, 2), "1,000.00");
    assert.equal(count(20_503_456n), "20,503,456");
    assert.equal(count(999), "999");
    assert.equal(short("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266"), "0xf39F…2266");
  });

  it("lines columns up, styled cells included", () => {
    const text = table(
      [{ head: "name", align: "left" }, { head: "debt" }],
      [
        ["a", "1"],
        [styled("bold", "longer"), "1,000"],
      ],
    );
    const bare = stripVTControlCharacters(text).split("\n");
    assert.deepEqual(bare, ["  name     debt", "  ──────  ─────", "  a           1", "  longer  1,000"]);
  });

  it("draws values in proportion", () => {
    assert.equal(strip([0, 1, 4, 8]), "·▂▅█");
    assert.equal(bar(8, 8, 4), "████");
    assert.equal(bar(1, 8, 4), "▌");
    assert.equal(bar(0, 0, 4), "");
  });

  it("breaks paragraphs within the width", () => {
    const lines = paragraph("word ".repeat(100).trim()).split("\n");
    assert.ok(lines.length > 1);
    assert.ok(lines.every((line) => line.length <= WIDTH));
    assert.equal(lines.join(" ").split(/\s+/).filter(Boolean).length, 100);
  });
});
