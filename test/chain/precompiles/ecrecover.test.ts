// Public key recovery as a precompile: padding, the words it refuses without failing, the signatures it accepts.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { assertPrice, bytes, join, output, word } from "./support.ts";

const HASH = bytes("18c547e4f7b0f325ad1e56f57e26c745b09a3e503d86e00e5255ff7f715d3d1c");
const R = bytes("73b1693892219d736caba55bdb67216e485557ea6b6af75f37096c9aa6a5a75f");
/** In the upper half of the group's order. */
const S = bytes("eeb940b1d03b21e36b0e47e79769f095fe2ab855bd91e3a38756b7d75a9c4549");
const SIGNER = `${"00".repeat(12)}a94f5374fce5edbc8e2a8697c15331677e6ebf0b`;
const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("ecrecover (0x01)", () => {
  it("recovers the signer of the vector that clients share, whose s is high", () => {
    assert.equal(output(1, join(HASH, word(28), R, S)), SIGNER);
  });

  it("recovers the other key for the other v", () => {
    const other = output(1, join(HASH, word(27), R, S));
    assert.equal(other.length, 64);
    assert.notEqual(other, SIGNER);
  });

  it("reads missing data as zeros and ignores what follows", () => {
    assert.equal(output(1, join(HASH, word(28), R, S, word(1))), SIGNER);
    assert.equal(output(1, join(HASH, word(28), R)), "");
    assert.equal(output(1, new Uint8Array(0)), "");
  });

  it("gives nothing for a v other than 27 and 28 in the whole word", () => {
    for (const v of [0n, 1n, 26n, 29n, 28n + 256n, 28n + (1n << 248n)]) {
      assert.equal(output(1, join(HASH, word(v), R, S)), "", `v = ${v}`);
    }
  });

  it("gives nothing for r or s that is zero or not below the order", () => {
    for (const bad of [0n, N, N + 1n, (1n << 256n) - 1n]) {
      assert.equal(output(1, join(HASH, word(28), word(bad), S)), "", `r = ${bad}`);
      assert.equal(output(1, join(HASH, word(28), R, word(bad))), "", `s = ${bad}`);
    }
  });

  it("gives nothing for an r that is no abscissa", () => {
    // 5**3 + 7 has no square root modulo the field's prime.
    assert.equal(output(1, join(HASH, word(27), word(5), word(1))), "");
  });

  it("costs 3000 gas, for invalid signatures too", () => {
    assertPrice(1, join(HASH, word(28), R, S), 3000n);
    assertPrice(1, new Uint8Array(0), 3000n);
  });
});
