// The names in traces against the engine's own table of opcodes.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { it } from "node:test";
import { nameOf } from "../../../chain/src/tracer/opcodes.ts";

it("names every opcode as the engine does, and none beside them", () => {
  const source = readFileSync(new URL("../../../chain/engine/opcodes.ts", import.meta.url), "utf8");
  const named = new Map<number, string>();
  for (const [, name, byte] of source.matchAll(/^export const (\w+): u32 = (0x[0-9a-f]{2});/gm)) {
    named.set(Number(byte), name!);
  }
  assert.ok(named.size > 140);
  named.set(0x44, "DIFFICULTY");
  named.set(0xfe, "INVALID");
  for (let opcode = 0; opcode < 256; opcode++) {
    const expected = named.get(opcode) ?? `opcode 0x${opcode.toString(16)} not defined`;
    assert.equal(nameOf(opcode), expected);
  }
});
