// SHA-256, RIPEMD-160 and identity against published digests and against the other library.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ripemd160 } from "@noble/hashes/legacy.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { hex, output, random, word } from "./support.ts";

const text = (value: string) => new TextEncoder().encode(value);

describe("SHA-256 (0x02)", () => {
  it("hashes the message of FIPS 180-4's example", () => {
    assert.equal(output(2, text("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("agrees with noble", () => {
    const next = random(2n);
    for (let length = 0; length < 200; length += 13) {
      const data = word(next(8 * length || 8), length || 1);
      assert.equal(output(2, data), hex(sha256(data)));
    }
  });
});

describe("RIPEMD-160 (0x03)", () => {
  it("hashes the examples of its authors, at the end of a word", () => {
    assert.equal(output(3, text("abc")), `${"00".repeat(12)}8eb208f7e05d987a9b044a8e98c6b087f15a0bfc`);
    assert.equal(output(3, text("")), `${"00".repeat(12)}9c1185a5c5e9fc54612808977ee8f548b2258d31`);
  });

  it("hashes more than one block", () => {
    const data = new Uint8Array(1000).fill(7);
    assert.equal(output(3, data), "00".repeat(12) + hex(ripemd160(data)));
  });
});

describe("identity (0x04)", () => {
  it("gives back what it got", () => {
    assert.equal(output(4, text("polder")), hex(text("polder")));
    assert.equal(output(4, new Uint8Array(0)), "");
  });
});
