// Keccak-256 against noble's: every length around the rate's boundaries, unaligned sources, results in place.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { type Arithmetic, generator, loadArithmetic } from "./support/arithmetic.ts";

let engine: Arithmetic;
before(async () => {
  engine = await loadArithmetic();
});

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

function fill(address: number, length: number, next: () => number): Uint8Array {
  for (let i = 0; i < length; i++) engine.bytes[address + i] = next() & 255;
  return engine.bytes.slice(address, address + length);
}

/** Hashes random bytes at `source` to `digest`. */
function check(source: number, length: number, digest: number, next: () => number): void {
  const expected = hex(keccak_256(fill(source, length, next)));
  engine.functions.keccak256!(digest, source, length);
  assert.equal(hex(engine.bytes.slice(digest, digest + 32)), expected, `${length} bytes at ${source}`);
}

describe("keccak256", () => {
  it("of nothing is the EVM's empty code hash", () => {
    engine.functions.keccak256!(engine.slot(0), engine.free, 0);
    const digest = engine.bytes.slice(engine.slot(0), engine.slot(0) + 32);
    assert.equal(hex(digest), "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470");
  });
  it("agrees with noble for 0 to 600 bytes at any alignment", () => {
    const next = generator(1);
    for (let length = 0; length <= 600; length++)
      check(engine.free + (length % 11), length, engine.slot(0), next);
  });
  it("agrees with noble for long inputs", () => {
    const next = generator(2);
    for (let round = 0; round < 40; round++)
      check(engine.free + (round % 8), next() % 100_000, engine.slot(1), next);
  });
  it("may write over its input", () => {
    const next = generator(3);
    for (const length of [1, 32, 64, 136, 200, 272]) check(engine.free, length, engine.free, next);
  });
  it("gives the same digest as a word", () => {
    const next = generator(4);
    for (let length = 0; length < 300; length++) {
      const input = fill(engine.free, length, next);
      engine.functions.keccak256Word!(engine.slot(2), engine.free, length);
      assert.equal(engine.read(engine.slot(2)), BigInt(`0x${hex(keccak_256(input))}`), `${length} bytes`);
    }
  });
});
