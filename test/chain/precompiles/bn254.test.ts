// bn254: EIP-196 and EIP-197 held against noble, with the points and numbers that must be refused.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bn254 } from "@noble/curves/bn254.js";
import { assertPrice, assertRefused, bnG1, bnG2, hex, join, output, random, word } from "./support.ts";

const G1 = bn254.G1.Point;
const G2 = bn254.G2.Point;
const { Fp, Fp2, Fp12, Fr } = bn254.fields;
const P = Fp.ORDER;
const N = Fr.ORDER;
const ZERO_POINT = "00".repeat(64);
const ONE = hex(word(1));
const ZERO = hex(word(0));

/** A point of the twist that is not in the subgroup of order N: the first found for x = k*i + 1. */
function strayG2(): Uint8Array {
  const b = G2.CURVE().b;
  for (let k = 1n; ; k++) {
    const x = Fp2.create({ c0: 1n, c1: k });
    const right = Fp2.add(Fp2.mul(Fp2.sqr(x), x), b);
    try {
      const y = Fp2.sqrt(right);
      const point = G2.fromAffine({ x, y });
      if (!point.isTorsionFree()) return bnG2(point);
    } catch {}
  }
}

describe("bn254 addition (0x06)", () => {
  it("agrees with noble", () => {
    const next = random(61n);
    for (let i = 0; i < 10; i++) {
      const a = G1.BASE.multiply(1n + next(250));
      const b = G1.BASE.multiply(1n + next(250));
      assert.equal(output(6, join(bnG1(a), bnG1(b))), hex(bnG1(a.add(b))));
    }
  });

  it("doubles, cancels, and treats (0, 0) as the point at infinity", () => {
    const a = G1.BASE.multiply(77n);
    assert.equal(output(6, join(bnG1(a), bnG1(a))), hex(bnG1(a.double())));
    assert.equal(output(6, join(bnG1(a), bnG1(a.negate()))), ZERO_POINT);
    assert.equal(output(6, join(bnG1(a), bnG1(G1.ZERO))), hex(bnG1(a)));
    assert.equal(output(6, join(bnG1(G1.ZERO), bnG1(a))), hex(bnG1(a)));
    assert.equal(output(6, new Uint8Array(128)), ZERO_POINT);
  });

  it("reads missing data as zeros and ignores what follows", () => {
    const a = bnG1(G1.BASE);
    assert.equal(output(6, a), hex(a));
    assert.equal(output(6, new Uint8Array(0)), ZERO_POINT);
    assert.equal(output(6, join(a, bnG1(G1.ZERO), word(5))), hex(a));
  });

  it("refuses points off the curve and numbers outside the field", () => {
    assertRefused(6, join(word(1), word(3)), "off the curve");
    assertRefused(6, join(word(0), word(1)), "off the curve, x = 0");
    assertRefused(6, join(word(1), word(2 + 0), word(1), word(1)), "second point off the curve");
    assertRefused(6, join(word(1n + P), word(2)), "x not below the modulus");
    assertRefused(6, join(word(1), word(2n + P)), "y not below the modulus");
    assertRefused(6, join(word(P), word(0)), "x = the modulus");
  });

  it("costs 150 gas (EIP-1108)", () => assertPrice(6, new Uint8Array(0), 150n));
});

describe("bn254 multiplication (0x07)", () => {
  it("agrees with noble for scalars of any size", () => {
    const next = random(71n);
    const scalars = [
      0n,
      1n,
      2n,
      N - 1n,
      N,
      N + 1n,
      2n * N,
      (1n << 256n) - 1n,
      ...Array.from({ length: 8 }, () => next(256)),
    ];
    for (const scalar of scalars) {
      const point = G1.BASE.multiply(1n + next(250));
      const expected = scalar % N === 0n ? G1.ZERO : point.multiply(scalar % N);
      assert.equal(output(7, join(bnG1(point), word(scalar))), hex(bnG1(expected)), `scalar ${scalar}`);
    }
  });

  it("multiplies the point at infinity, and by missing scalars", () => {
    assert.equal(output(7, join(bnG1(G1.ZERO), word(9))), ZERO_POINT);
    assert.equal(output(7, bnG1(G1.BASE)), ZERO_POINT);
    assert.equal(output(7, new Uint8Array(0)), ZERO_POINT);
    assert.equal(output(7, join(bnG1(G1.BASE), word(1), word(7))), hex(bnG1(G1.BASE)));
  });

  it("refuses points off the curve, even times zero", () => {
    assertRefused(7, join(word(1), word(3), word(0)), "off the curve");
    assertRefused(7, join(word(1n + P), word(2), word(1)), "outside the field");
  });

  it("costs 6000 gas (EIP-1108)", () => assertPrice(7, new Uint8Array(0), 6000n));
});

describe("bn254 pairing check (0x08)", () => {
  const pair = (a: bigint, b: bigint) => join(bnG1(G1.BASE.multiply(a)), bnG2(G2.BASE.multiply(b)));

  it("is bilinear: e(a, b) * e(-ab, 1) = 1", () => {
    const next = random(81n);
    for (let i = 0; i < 5; i++) {
      const a = 1n + next(250);
      const b = 1n + next(250);
      assert.equal(output(8, join(pair(a, b), pair(N - ((a * b) % N), 1n))), ONE);
      assert.equal(output(8, join(pair(a, b), pair(N - ((a * b) % N) + 1n, 1n))), ZERO);
    }
  });

  it("agrees with noble on a single pair", () => {
    const isOne = Fp12.eql(bn254.pairing(G1.BASE.multiply(3n), G2.BASE.multiply(5n)), Fp12.ONE);
    assert.equal(output(8, pair(3n, 5n)), isOne ? ONE : ZERO);
  });

  it("multiplies many pairs, beyond one batch of the library", () => {
    const pairs: Uint8Array[] = [];
    let sum = 0n;
    for (let i = 1n; i <= 130n; i++) {
      pairs.push(join(bnG1(G1.BASE.multiply(i)), bnG2(G2.BASE)));
      sum += i;
    }
    const closing = join(bnG1(G1.BASE.multiply(N - sum)), bnG2(G2.BASE));
    assert.equal(output(8, join(...pairs, closing)), ONE);
    assert.equal(output(8, join(...pairs, bnG1(G1.ZERO), bnG2(G2.BASE))), ZERO);
  });

  it("counts the empty product and pairs with a point at infinity as one", () => {
    assert.equal(output(8, new Uint8Array(0)), ONE);
    assert.equal(output(8, new Uint8Array(192)), ONE);
    assert.equal(output(8, join(bnG1(G1.BASE), bnG2(G2.ZERO))), ONE);
    assert.equal(output(8, join(bnG1(G1.ZERO), bnG2(G2.BASE))), ONE);
    assert.equal(output(8, join(pair(1n, 1n), bnG1(G1.ZERO), bnG2(G2.BASE))), ZERO);
  });

  it("refuses invalid points, beside a point at infinity too", () => {
    const g2 = bnG2(G2.BASE);
    assertRefused(8, join(word(1), word(3), g2), "G1 off the curve");
    assertRefused(8, join(word(1), word(3), bnG2(G2.ZERO)), "G1 off the curve beside infinity");
    assertRefused(8, join(word(1n + P), word(2), g2), "G1 outside the field");
    const off = g2.slice();
    off[127]! ^= 1;
    assertRefused(8, join(bnG1(G1.BASE), off), "G2 off the twist");
    assertRefused(8, join(bnG1(G1.ZERO), off), "G2 off the twist beside infinity");
    assertRefused(8, join(bnG1(G1.BASE), strayG2()), "G2 outside the subgroup");
    assertRefused(8, join(bnG1(G1.ZERO), strayG2()), "G2 outside the subgroup beside infinity");
    for (let i = 0; i < 4; i++) {
      const raised = g2.slice();
      raised.set(word(BigInt(`0x${hex(g2.subarray(32 * i, 32 * (i + 1)))}`) + P), 32 * i);
      assertRefused(8, join(bnG1(G1.BASE), raised), `coordinate ${i} outside the field`);
    }
    // The parts of each coordinate the wrong way round.
    const { x, y } = G2.BASE.toAffine();
    assertRefused(8, join(bnG1(G1.BASE), word(x.c0), word(x.c1), word(y.c0), word(y.c1)), "real part first");
  });

  it("refuses a length that is no multiple of 192", () => {
    assertRefused(8, new Uint8Array(191), "191");
    assertRefused(8, new Uint8Array(193), "193");
  });

  it("costs 45,000 gas and 34,000 a pair (EIP-1108)", () => {
    assertPrice(8, new Uint8Array(0), 45_000n);
    assertPrice(8, new Uint8Array(3 * 192), 147_000n);
  });
});
