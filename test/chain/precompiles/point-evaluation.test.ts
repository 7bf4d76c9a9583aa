// KZG point evaluation: a proof from mainnet, proofs whose polynomials are known, and every way to spoil them.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { assertPrice, assertRefused, bytes, CANCUN, hex, join, output, word } from "./support.ts";

const N = bls12_381.fields.Fr.ORDER;
const RESULT = hex(word(4096)) + hex(word(N));

/** From mainnet (execution-spec-tests, EIP-4844, valid inputs "mainnet_1"). */
const MAINNET = bytes(
  "018156b94fe9735e573bab36dad05d60feb720d424ccd20aaf719343c31e4246" +
    "019123bcb9d06356701f7be08b4494625b87a7b02edc566126fb81f6306e915f" +
    "6c2eb1e94c2532935b8465351ba1bd88eabe2b3fa1aadff7d1cd816e8315bd38" +
    "a9546d41993e10df2a7429b8490394ea9ee62807bae6f326d1044a51581306f58d4b9dfd5931e044688855280ff3799e" +
    "a2ea83d9391e0ee42e0c650acc7a1f842a7d385189485ddb4fd54ade3d9fd50d608167dca6c776aad4b8ad5c20691bfe",
);
const INFINITY = bytes(`c0${"00".repeat(47)}`);

function versionedHash(commitment: Uint8Array): Uint8Array {
  const hash = Uint8Array.from(createHash("sha256").update(commitment).digest());
  hash[0] = 1;
  return hash;
}

function input(commitment: Uint8Array, z: bigint, y: bigint, proof: Uint8Array): Uint8Array {
  return join(versionedHash(commitment), word(z), word(y), commitment, proof);
}

/** The commitment to the constant polynomial y. */
function constant(y: bigint): Uint8Array {
  return bls12_381.G1.Point.BASE.multiply(y).toBytes(true);
}

/** `data` with the byte at `index` changed. */
function spoilt(data: Uint8Array, index: number, mask = 1): Uint8Array {
  const copy = data.slice();
  copy[index]! ^= mask;
  return copy;
}

describe("point evaluation (0x0a)", () => {
  it("accepts a proof from mainnet", () => {
    assert.equal(output(10, MAINNET), RESULT);
    assert.equal(output(10, MAINNET, CANCUN), RESULT);
  });

  it("refuses it with another z, y, proof or versioned hash", () => {
    assertRefused(10, spoilt(MAINNET, 63), "z");
    assertRefused(10, spoilt(MAINNET, 95), "y");
    assertRefused(10, spoilt(MAINNET, 0, 3), "version");
    assertRefused(10, spoilt(MAINNET, 31), "versioned hash");
    assertRefused(10, join(MAINNET.subarray(0, 144), constant(5n)), "another valid point as proof");
    assertRefused(10, join(MAINNET.subarray(0, 144), INFINITY), "infinity as proof");
    assertRefused(10, spoilt(MAINNET, 144, 0x20), "the proof's negation");
  });

  it("accepts a constant polynomial anywhere, with infinity as its proof", () => {
    for (const y of [1n, 2n, N - 1n]) {
      for (const z of [0n, 1n, N - 1n])
        assert.equal(output(10, input(constant(y), z, y, INFINITY)), RESULT, `${y} at ${z}`);
      assertRefused(10, input(constant(y), 3n, y === 1n ? 2n : y - 1n, INFINITY), "another value");
    }
    assert.equal(output(10, input(INFINITY, 9n, 0n, INFINITY)), RESULT);
    assertRefused(10, input(INFINITY, 9n, 1n, INFINITY), "zero polynomial, value 1");
  });

  it("refuses a proof that is right only if the secret were z", () => {
    assertRefused(10, input(constant(7n), 3n, 7n, constant(1n)), "C = [y], proof not infinity");
  });

  it("refuses field elements that are not canonical", () => {
    assertRefused(10, input(constant(1n), N, 1n, INFINITY), "z = modulus");
    assertRefused(10, input(constant(1n), 0n, N + 1n, INFINITY), "y = modulus + 1");
  });

  it("refuses commitments and proofs that are not canonical points of the subgroup", () => {
    const p = bls12_381.fields.Fp.ORDER;
    const flagged = (x: bigint, flags: number) => {
      const compressed = word(x, 48);
      compressed[0]! |= flags;
      return compressed;
    };
    for (const [name, point] of [
      ["no compression flag", spoilt(constant(2n), 0, 0x80)],
      ["infinity with a sign", spoilt(INFINITY, 0, 0x20)],
      ["infinity with a coordinate", spoilt(INFINITY, 47)],
      ["infinity without the compression flag", spoilt(INFINITY, 0, 0x80)],
      ["all zero", new Uint8Array(48)],
      ["x = modulus", flagged(p, 0x80)],
      ["x above the modulus, else valid", flagged(p + 4n, 0x80)],
      ["x = 1, off the curve", flagged(1n, 0x80)],
      ["x = 4, on the curve, outside the subgroup", flagged(4n, 0x80)],
    ] as const) {
      assertRefused(10, input(point, 0n, 1n, INFINITY), `commitment: ${name}`);
      assertRefused(10, input(constant(1n), 0n, 1n, point), `proof: ${name}`);
    }
  });

  it("refuses any other length", () => {
    for (const length of [0, 191, 193]) assertRefused(10, new Uint8Array(length), `${length}`);
    assertRefused(10, join(MAINNET, word(0, 1)), "193");
  });

  it("costs 50,000 gas", () => assertPrice(10, MAINNET, 50_000n));
});
