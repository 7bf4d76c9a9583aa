// What a file may say: every mistake is named with its place and what to write instead.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { type Action, parseAction, parseDraft, visible } from "../../contracts/proposals/index.ts";

const raise: Action = { type: "raiseDebtCap", market: "treasury-bills", by: "1000000" };
const draft = { title: "Raise the cap", description: "Why.", actions: [raise] };

describe("a proposal's file", () => {
  it("is taken as it is", () => {
    assert.deepEqual(parseDraft(draft), draft);
    assert.deepEqual(
      parseAction({ type: "grantRole", role: "guardian", account: "timelock" }).type,
      "grantRole",
    );
  });

  const wrong: readonly [what: string, value: unknown, message: RegExp][] = [
    ["no object", [], /^the proposal: is an object of fields/],
    ["no title", { ...draft, title: " " }, /^title: is text/],
    ["a title of two lines", { ...draft, title: "a\nb" }, /^title: is one line/],
    ["an invisible character", { ...draft, title: "a\u200bb" }, /^title: holds invisible characters/],
    [
      "a field too many",
      { ...draft, action: [] },
      /^the proposal: has no field "action": its fields are title/,
    ],
    ["no action", { ...draft, actions: [] }, /^actions: name at least one action/],
    [
      "an unknown action",
      { ...draft, actions: [{ type: "mint" }] },
      /^actions\[0\]\.type: "mint" is no action: one of raiseDebtCap/,
    ],
    [
      "an action of the prototype",
      { ...draft, actions: [{ type: "constructor" }] },
      /"constructor" is no action/,
    ],
    [
      "a field missing",
      { ...draft, actions: [{ type: "raiseDebtCap", market: "x" }] },
      /^actions\[0\]\.by: is missing/,
    ],
    [
      "a field of another action",
      { ...draft, actions: [{ ...raise, to: "1" }] },
      /^actions\[0\]: has no field "to"/,
    ],
    ["a number", { ...draft, actions: [{ ...raise, by: 1 }] }, /^actions\[0\]\.by: is text, in quotes/],
    [
      "a decimal comma",
      { ...draft, actions: [{ ...raise, by: "1,5" }] },
      /"1,5" cannot be read: write it as in "1000000"/,
    ],
    ["less than nothing", { ...draft, actions: [{ ...raise, by: "-5" }] }, /"-5" cannot be read/],
    ["a power of ten", { ...draft, actions: [{ ...raise, by: "1e6" }] }, /"1e6" cannot be read/],
    [
      "a fraction for a percentage",
      { ...draft, actions: [{ type: "setReserve", market: "x", factor: "0.1" }] },
      /factor: "0.1" cannot be read: write it as in "2.5%"/,
    ],
    [
      "a checksum that is wrong",
      { ...draft, actions: [{ type: "setGuardian", account: "0x15d34AAf54267DB7D7c367839AAf71A00a2C6A66" }] },
      /account: .* is no address, or its checksum is wrong/,
    ],
    [
      "a role that is none",
      { ...draft, actions: [{ type: "grantRole", role: "king", account: "timelock" }] },
      /role: "king" is none of guardian, registrar/,
    ],
    [
      "half a byte",
      { ...draft, actions: [{ type: "call", target: "timelock", data: "0x123" }] },
      /data: "0x123" is no hexadecimal data/,
    ],
  ];
  for (const [what, value, message] of wrong) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => parseDraft(value), { name: "ProposalError", message });
    });
  }
});

describe("text of strangers", () => {
  it("shows what would not be seen", () => {
    assert.equal(visible("a\u202eb\u0000\u200bc\n"), "a\\u{202e}b\\u{0}\\u{200b}c\\u{a}");
    assert.equal(visible("pUSD 5 €"), "pUSD 5 €");
  });
});

describe("the library of proposals", () => {
  it("needs nothing that a browser lacks: viem, and files of its own kind", () => {
    const seen = new Set<string>();
    const foreign = new Set<string>();
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      const text = readFileSync(file, "utf8");
      // What is imported or exported as types alone is gone when it runs.
      for (const [, names = "", from = ""] of text.matchAll(
        /^(?:im|ex)port (?!type )([^;"]*?)from "([^"]+)";/gm,
      )) {
        const members = names
          .replace(/[{}\s]/g, " ")
          .trim()
          .split(/\s*,\s*/);
        if (members.every((member) => member === "" || member.startsWith("type "))) continue;
        if (from.startsWith(".")) follow(join(file, "..", from));
        else foreign.add(from);
      }
      for (const [, from = ""] of text.matchAll(/import\("([^"]+)"\)|^import "([^"]+)"/gm)) foreign.add(from);
    };
    follow(join(import.meta.dirname, "../../contracts/proposals/index.ts"));
    assert.deepEqual([...foreign], ["viem"]);
    assert.ok(seen.size > 15, `${seen.size} files`);
  });
});
