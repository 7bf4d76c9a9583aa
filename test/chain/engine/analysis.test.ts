// Code records: hash, jump destinations, padding and EIP-7702 designations, against a scan written the obvious way.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { keccak_256 } from "@noble/hashes/sha3.js";
import {
  CODE_BYTES,
  CODE_DELEGATE,
  CODE_DELEGATED,
  CODE_HASH,
  CODE_LENGTH,
} from "../../../chain/engine/layout.ts";
import { generator } from "./support/arithmetic.ts";
import { loadRules, type Rules } from "./support/rules.ts";

const JUMPDEST = 0x5b;

/** Positions of the JUMPDESTs that are instructions (Yellow Paper, 9.4.3). */
function destinations(code: Uint8Array): Set<number> {
  const found = new Set<number>();
  for (let pc = 0; pc < code.length; pc++) {
    const opcode = code[pc]!;
    if (opcode === JUMPDEST) found.add(pc);
    else if (opcode >= 0x60 && opcode <= 0x7f) pc += opcode - 0x5f;
  }
  return found;
}

describe("code records", () => {
  let rules: Rules;
  before(async () => {
    rules = await loadRules();
  });
  beforeEach(() => rules.rewind());

  const size = (length: number) => Number(rules.functions.codeRecordSize!(length));

  function analyse(code: Uint8Array, write = "writeCodeRecord"): number {
    const record = rules.bytes(new Uint8Array(size(code.length)).fill(0xff));
    const guard = rules.bytes(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
    rules.functions[write]!(record, rules.bytes(code), code.length);
    assert.equal(rules.readU32(guard), 0x04030201, "a record must not reach past its size");
    return record;
  }

  const jump = (record: number, destination: bigint) =>
    Number(rules.functions.jumpTarget!(record, rules.word(destination)));

  /** Which positions of the code a jump reaches, each checked to lead to its own byte. */
  function reached(record: number): Set<number> {
    const found = new Set<number>();
    for (let pc = 0; pc < rules.readU32(record + CODE_LENGTH) + 40; pc++) {
      const target = jump(record, BigInt(pc));
      if (target === 0) continue;
      assert.equal(target, rules.readU32(record + CODE_BYTES) + pc);
      found.add(pc);
    }
    return found;
  }

  it("finds exactly the jump destinations that are instructions, in random code", () => {
    const random = generator(7);
    for (let round = 0; round < 60; round++) {
      rules.rewind();
      const length = round < 40 ? round : 200 + round;
      const code = Uint8Array.from({ length }, () => {
        const kind = random() % 4;
        return kind === 0 ? JUMPDEST : kind === 1 ? 0x60 + (random() % 32) : random() % 256;
      });
      assert.deepEqual(
        reached(analyse(code)),
        destinations(code),
        `code ${Buffer.from(code).toString("hex")}`,
      );
    }
  });

  it("refuses destinations of 2^32 and more, whose lower bits would fit", () => {
    const record = analyse(Uint8Array.of(JUMPDEST));
    for (const high of [32n, 64n, 128n, 255n]) {
      assert.equal(jump(record, 1n << high), 0);
    }
    assert.notEqual(jump(record, 0n), 0);
  });

  it("keeps the hash, and none for initcode", () => {
    const code = Uint8Array.from({ length: 300 }, (_, i) => i & 255);
    const hash = BigInt(`0x${Buffer.from(keccak_256(code)).toString("hex")}`);
    assert.equal(rules.readWord(analyse(code) + CODE_HASH), hash);
    assert.equal(rules.readWord(analyse(code, "writeInitcodeRecord") + CODE_HASH), 0n);
  });

  it("pads the code with 33 zero bytes", () => {
    const record = analyse(Uint8Array.of(0x7f));
    const code = rules.readU32(record + CODE_BYTES);
    for (let i = 1; i <= 33; i++) assert.equal(rules.readU32(code + i) & 0xff, 0);
  });

  it("tells a designation by length and prefix (EIP-7702)", () => {
    const address = Uint8Array.from({ length: 20 }, (_, i) => i + 0xa0);
    const designation = Uint8Array.of(0xef, 0x01, 0x00, ...address);
    const record = analyse(designation);
    assert.equal(rules.readU32(record + CODE_DELEGATED), 1);
    assert.equal(rules.readWord(record + CODE_DELEGATE), BigInt(`0x${Buffer.from(address).toString("hex")}`));
    for (const other of [
      designation.slice(0, 22),
      Uint8Array.of(...designation, 0),
      designation.map((b, i) => (i === 2 ? 1 : b)),
    ]) {
      assert.equal(rules.readU32(analyse(other) + CODE_DELEGATED), 0);
    }
    assert.equal(rules.readU32(analyse(designation, "writeInitcodeRecord") + CODE_DELEGATED), 0);
  });

  it("works from another place once moved", () => {
    const code = Uint8Array.of(0x60, JUMPDEST, JUMPDEST, 0x00);
    const record = analyse(code);
    const moved = rules.bytes(new Uint8Array(size(code.length)));
    rules.functions.moveCodeRecord!(moved, record);
    assert.equal(jump(moved, 1n), 0);
    assert.equal(jump(moved, 2n), rules.readU32(moved + CODE_BYTES) + 2);
    assert.ok(jump(moved, 2n) > moved);
  });
});
