// The engine's RLP writers against @ethereumjs/rlp: every header form, and not a byte past the end.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { RLP } from "@ethereumjs/rlp";
import { edgyWord, generator } from "./support/arithmetic.ts";
import { loadTries, type Tries } from "./support/tries.ts";

let engine: Tries;
before(async () => {
  engine = await loadTries();
});
beforeEach(() => engine.rewind());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const MARGIN = 16;

/** Lets `write` write to a buffer (it gives the address behind what it wrote); checks content and what follows. */
function check(write: (out: number) => number, length: number, expected: Uint8Array, what: string): void {
  const out = engine.put(new Uint8Array(expected.length + MARGIN).fill(0xcd));
  const end = write(out);
  assert.equal(hex(engine.bytes(out, end - out)), hex(expected), what);
  assert.equal(length, expected.length, `${what}: length`);
  assert.equal(hex(engine.bytes(end, MARGIN)), "cd".repeat(MARGIN), `${what}: written past the end`);
}

describe("rlp", () => {
  it("writeU64: integers of every length", () => {
    const { writeU64, u64Length } = engine.functions;
    for (let bits = 0n; bits <= 64n; bits++) {
      for (const value of [(1n << bits) - 1n, BigInt.asUintN(64, 1n << bits)]) {
        check((out) => writeU64!(out, value), u64Length!(value), RLP.encode(value), `${value}`);
      }
    }
  });

  it("writeWord: integers of every length", () => {
    const { writeWord, wordLength } = engine.functions;
    const next = generator(1);
    const values = Array.from({ length: 1000 }, () => edgyWord(next));
    for (let bits = 0n; bits < 256n; bits++) values.push(1n << bits, (1n << bits) - 1n);
    for (const value of values) {
      const word = engine.putWord(value);
      check((out) => writeWord!(out, word), wordLength!(word), RLP.encode(value), `${value}`);
    }
  });

  it("writeBytes: strings of every header form", () => {
    const { writeBytes, bytesLength } = engine.functions;
    const next = generator(2);
    const contents = [0x00, 0x01, 0x7f, 0x80, 0xff].map((byte) => Uint8Array.of(byte));
    for (const length of [0, 2, 32, 54, 55, 56, 57, 255, 256, 257, 65535, 65536, 70_000]) {
      contents.push(Uint8Array.from({ length }, () => next() & 255));
    }
    for (const content of contents) {
      const source = engine.put(content);
      check(
        (out) => writeBytes!(out, source, content.length),
        bytesLength!(source, content.length),
        RLP.encode(content),
        `${content.length} bytes`,
      );
    }
  });

  it("writeListHeader: lists of every header form", () => {
    const { writeListHeader, headerLength } = engine.functions;
    for (const length of [0, 1, 54, 55, 56, 57, 255, 256, 257, 65535, 65536, 70_000]) {
      const items = Array.from({ length }, () => Uint8Array.of(1));
      const expected = RLP.encode(items);
      check(
        (out) => writeListHeader!(out, length),
        headerLength!(length),
        expected.subarray(0, expected.length - length),
        `${length} bytes of items`,
      );
    }
  });

  it("hashes and addresses keep their leading zeros", () => {
    const { writeHash, writeHashWord, writeAddress } = engine.functions;
    for (const value of [0n, 1n, (1n << 160n) - 2n, 0xab54a98ceb1f0ad2n << 72n]) {
      const raw = Buffer.from(value.toString(16).padStart(64, "0"), "hex");
      const word = engine.putWord(value);
      const source = engine.put(raw);
      check((out) => writeHash!(out, source), 33, RLP.encode(raw), `hash ${value}`);
      check((out) => writeHashWord!(out, word), 33, RLP.encode(raw), `word ${value}`);
      check((out) => writeAddress!(out, word), 21, RLP.encode(raw.subarray(12)), `address ${value}`);
    }
  });
});
