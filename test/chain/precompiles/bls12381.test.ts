// BLS12-381: EIP-2537 held against noble, with the points, paddings and lengths that must be refused.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bls12_381 } from "@noble/curves/bls12-381.js";
import { precompileAddresses } from "../../../chain/src/precompiles/index.ts";
import {
  assertPrice,
  assertRefused,
  blsG1,
  blsG2,
  bytes,
  call,
  hex,
  join,
  OSAKA,
  output,
  PRAGUE,
  random,
  word,
} from "./support.ts";

const G1 = bls12_381.G1.Point;
const G2 = bls12_381.G2.Point;
const { Fp, Fp2, Fr } = bls12_381.fields;
const P = Fp.ORDER;
const N = Fr.ORDER;
const ONE = hex(word(1));
const ZERO = hex(word(0));
const [G1_ADD, G1_MSM, G2_ADD, G2_MSM, PAIRING, MAP_G1, MAP_G2] = [0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x10, 0x11];

/** A point of the curve that is not in the subgroup of order N. */
function strayG1(): typeof G1.BASE {
  for (let x = 1n; ; x++) {
    try {
      const point = G1.fromAffine({ x, y: Fp.sqrt(Fp.add(Fp.mul(Fp.sqr(x), x), G1.CURVE().b)) });
      if (!point.isTorsionFree()) return point;
    } catch {}
  }
}

function strayG2(): typeof G2.BASE {
  for (let k = 1n; ; k++) {
    const x = Fp2.create({ c0: k, c1: 1n });
    try {
      const point = G2.fromAffine({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), G2.CURVE().b)) });
      if (!point.isTorsionFree()) return point;
    } catch {}
  }
}

/** Every 64-byte coordinate in turn raised by the modulus, and with a byte set in its padding. */
function misencoded(point: Uint8Array): Uint8Array[] {
  const bad: Uint8Array[] = [];
  for (let offset = 0; offset < point.length; offset += 64) {
    const raised = point.slice();
    raised.set(word(BigInt(`0x${hex(point.subarray(offset, offset + 64))}`) + P, 64), offset);
    const padded = point.slice();
    padded[offset + 15] = 1;
    const first = point.slice();
    first[offset] = 0x80;
    bad.push(raised, padded, first);
  }
  return bad;
}

describe("EIP-2537, addition", () => {
  it("agrees with noble in G1 and G2", () => {
    const next = random(2537n);
    for (let i = 0; i < 5; i++) {
      const [a, b] = [1n + next(250), 1n + next(250)];
      const [p, q] = [G1.BASE.multiply(a), G1.BASE.multiply(b)];
      assert.equal(output(G1_ADD, join(blsG1(p), blsG1(q))), hex(blsG1(p.add(q))));
      const [r, s] = [G2.BASE.multiply(a), G2.BASE.multiply(b)];
      assert.equal(output(G2_ADD, join(blsG2(r), blsG2(s))), hex(blsG2(r.add(s))));
    }
  });

  it("doubles, cancels, and knows the point at infinity", () => {
    const p = G1.BASE.multiply(5n);
    const q = G2.BASE.multiply(5n);
    assert.equal(output(G1_ADD, join(blsG1(p), blsG1(p))), hex(blsG1(p.double())));
    assert.equal(output(G1_ADD, join(blsG1(p), blsG1(p.negate()))), "00".repeat(128));
    assert.equal(output(G1_ADD, join(blsG1(G1.ZERO), blsG1(p))), hex(blsG1(p)));
    assert.equal(output(G1_ADD, new Uint8Array(256)), "00".repeat(128));
    assert.equal(output(G2_ADD, join(blsG2(q), blsG2(q))), hex(blsG2(q.double())));
    assert.equal(output(G2_ADD, join(blsG2(q), blsG2(q.negate()))), "00".repeat(256));
    assert.equal(output(G2_ADD, join(blsG2(q), blsG2(G2.ZERO))), hex(blsG2(q)));
  });

  it("takes points outside the subgroup", () => {
    const p = strayG1();
    const q = strayG2();
    assert.equal(output(G1_ADD, join(blsG1(p), blsG1(G1.BASE))), hex(blsG1(p.add(G1.BASE))));
    assert.equal(output(G2_ADD, join(blsG2(q), blsG2(G2.BASE))), hex(blsG2(q.add(G2.BASE))));
  });
});

describe("EIP-2537, multi-scalar multiplication", () => {
  const scalars = [0n, 1n, N - 1n, N, N + 1n, (1n << 256n) - 1n];

  it("agrees with noble for single points and scalars of any size", () => {
    for (const scalar of scalars) {
      const reduced = scalar % N;
      const p = G1.BASE.multiply(9n);
      const q = G2.BASE.multiply(9n);
      const times = <T extends { multiply(n: bigint): T }>(point: T, zero: T) =>
        reduced ? point.multiply(reduced) : zero;
      assert.equal(output(G1_MSM, join(blsG1(p), word(scalar))), hex(blsG1(times(p, G1.ZERO))), `${scalar}`);
      assert.equal(output(G2_MSM, join(blsG2(q), word(scalar))), hex(blsG2(times(q, G2.ZERO))), `${scalar}`);
    }
  });

  it("agrees with the sum of the exponents for many points, infinity among them", () => {
    const next = random(2538n);
    for (const k of [2, 3, 17, 129, 260]) {
      const first: Uint8Array[] = [];
      const second: Uint8Array[] = [];
      let sum = 0n;
      let p = G1.BASE;
      let q = G2.BASE;
      for (let i = 1n; i <= k; i++) {
        const scalar = i === 4n ? 0n : next(256);
        const infinite = i === 2n;
        if (!infinite) sum += i * scalar;
        first.push(blsG1(infinite ? G1.ZERO : p), word(scalar));
        if (k < 100) second.push(blsG2(infinite ? G2.ZERO : q), word(scalar));
        p = p.add(G1.BASE);
        q = q.add(G2.BASE);
      }
      assert.equal(
        output(G1_MSM, join(...first)),
        hex(blsG1(G1.BASE.multiply(sum % N))),
        `${k} points of G1`,
      );
      if (k < 100)
        assert.equal(
          output(G2_MSM, join(...second)),
          hex(blsG2(G2.BASE.multiply(sum % N))),
          `${k} points of G2`,
        );
    }
  });

  it("sums a point with itself and with its opposite", () => {
    const p = G1.BASE.multiply(6n);
    const q = G2.BASE.multiply(6n);
    for (const [scalar, other] of [
      [5n, 5n],
      [5n, 7n],
      [N - 2n, 2n],
    ] as const) {
      const sum = (scalar + other) % N;
      const first = join(blsG1(p), word(scalar), blsG1(p), word(other));
      assert.equal(output(G1_MSM, first), hex(blsG1(sum ? p.multiply(sum) : G1.ZERO)));
      const second = join(blsG2(q), word(scalar), blsG2(q), word(other));
      assert.equal(output(G2_MSM, second), hex(blsG2(sum ? q.multiply(sum) : G2.ZERO)));
    }
    const opposite = join(blsG1(p), word(5), blsG1(p.negate()), word(5));
    assert.equal(output(G1_MSM, opposite), "00".repeat(128));
  });

  it("sums beyond one batch of the library", () => {
    const record = join(blsG1(G1.BASE), word(3));
    assert.equal(
      output(G1_MSM, join(...Array.from({ length: 1030 }, () => record))),
      hex(blsG1(G1.BASE.multiply(3090n))),
    );
  });

  it("gives infinity for points at infinity alone", () => {
    assert.equal(output(G1_MSM, join(blsG1(G1.ZERO), word(7), blsG1(G1.ZERO), word(0))), "00".repeat(128));
    assert.equal(output(G2_MSM, join(blsG2(G2.ZERO), word(7))), "00".repeat(256));
  });

  it("refuses points outside the subgroup, even times zero", () => {
    assertRefused(G1_MSM, join(blsG1(strayG1()), word(0)), "G1");
    assertRefused(G2_MSM, join(blsG2(strayG2()), word(0)), "G2");
    assertRefused(G1_MSM, join(blsG1(G1.BASE), word(1), blsG1(strayG1()), word(1)), "second of G1");
  });
});

describe("EIP-2537, pairing check", () => {
  const pair = (a: bigint, b: bigint) => join(blsG1(G1.BASE.multiply(a)), blsG2(G2.BASE.multiply(b)));

  it("is bilinear", () => {
    const next = random(2539n);
    for (let i = 0; i < 3; i++) {
      const [a, b] = [1n + next(250), 1n + next(250)];
      assert.equal(output(PAIRING, join(pair(a, b), pair(N - ((a * b) % N), 1n))), ONE);
      assert.equal(output(PAIRING, join(pair(a, b), pair((a * b) % N, 1n))), ZERO);
    }
    assert.equal(output(PAIRING, pair(1n, 1n)), ZERO);
  });

  it("counts pairs with a point at infinity as one", () => {
    assert.equal(output(PAIRING, new Uint8Array(384)), ONE);
    assert.equal(output(PAIRING, join(blsG1(G1.BASE), blsG2(G2.ZERO))), ONE);
    assert.equal(output(PAIRING, join(blsG1(G1.ZERO), blsG2(G2.BASE))), ONE);
    assert.equal(output(PAIRING, join(pair(1n, 1n), new Uint8Array(384))), ZERO);
  });

  it("refuses points outside the subgroups, beside a point at infinity too", () => {
    assertRefused(PAIRING, join(blsG1(strayG1()), blsG2(G2.BASE)), "G1");
    assertRefused(PAIRING, join(blsG1(strayG1()), blsG2(G2.ZERO)), "G1 beside infinity");
    assertRefused(PAIRING, join(blsG1(G1.BASE), blsG2(strayG2())), "G2");
    assertRefused(PAIRING, join(blsG1(G1.ZERO), blsG2(strayG2())), "G2 beside infinity");
  });
});

describe("EIP-2537, maps to the curve", () => {
  it("agree with noble's RFC 9380 map", () => {
    const next = random(2540n);
    for (const u of [0n, 1n, P - 1n, next(380), next(380)]) {
      // noble takes a bare number for a prime field and gives whole points, whatever its types say.
      const p = bls12_381.G1.mapToCurve(u as unknown as bigint[]) as unknown as typeof G1.BASE;
      assert.equal(output(MAP_G1, word(u, 64)), hex(blsG1(p)), `${u}`);
      const v = next(380);
      const q = bls12_381.G2.mapToCurve([u, v]) as unknown as typeof G2.BASE;
      assert.equal(output(MAP_G2, join(word(u, 64), word(v, 64))), hex(blsG2(q)), `${u}, ${v}`);
    }
  });

  it("reach infinity where the isogeny or the cofactor leads there", () => {
    const g1 =
      "053287da0e0815dc9541794c8b35ddc31ba75821e2bf11e238e9978812a768288b979af4a204a95c1e79dfedd252a3c5";
    assert.equal(output(MAP_G1, join(new Uint8Array(16), bytes(g1))), "00".repeat(128));
  });

  it("refuse numbers outside the field", () => {
    assertRefused(MAP_G1, word(P, 64), "the modulus");
    assertRefused(MAP_G1, word(1n << 500n, 64), "padding");
    assertRefused(MAP_G2, join(word(P, 64), word(0, 64)), "real part");
    assertRefused(MAP_G2, join(word(0, 64), word(P, 64)), "imaginary part");
  });
});

describe("EIP-2537, encodings and lengths", () => {
  const g1 = blsG1(G1.BASE);
  const g2 = blsG2(G2.BASE);

  it("refuse numbers outside the field and bytes in the padding", () => {
    for (const bad of misencoded(g1)) {
      assertRefused(G1_ADD, join(bad, g1), "first");
      assertRefused(G1_ADD, join(g1, bad), "second");
      assertRefused(G1_MSM, join(bad, word(1)), "sum");
      assertRefused(PAIRING, join(bad, g2), "pairing");
    }
    for (const bad of misencoded(g2)) {
      assertRefused(G2_ADD, join(bad, g2), "first");
      assertRefused(G2_ADD, join(g2, bad), "second");
      assertRefused(G2_MSM, join(bad, word(1)), "sum");
      assertRefused(PAIRING, join(g1, bad), "pairing");
    }
    for (const bad of misencoded(new Uint8Array(128)))
      assertRefused(G1_ADD, join(bad, g1), "not quite infinity");
  });

  it("refuse points off the curve", () => {
    const off1 = g1.slice();
    off1[127]! ^= 1;
    const off2 = g2.slice();
    off2[255]! ^= 1;
    assertRefused(G1_ADD, join(off1, g1), "G1");
    assertRefused(G1_MSM, join(off1, word(1)), "G1 sum");
    assertRefused(G2_ADD, join(off2, g2), "G2");
    assertRefused(G2_MSM, join(off2, word(1)), "G2 sum");
    assertRefused(PAIRING, join(off1, g2), "pairing G1");
    assertRefused(PAIRING, join(g1, off2), "pairing G2");
    assertRefused(G1_ADD, join(word(0, 64), word(1, 64), g1), "x = 0 off the curve");
  });

  it("refuse any other length, the empty input too", () => {
    const lengths = { 11: 256, 12: 160, 13: 512, 14: 288, 15: 384, 16: 64, 17: 128 };
    for (const [address, length] of Object.entries(lengths)) {
      const contract = Number(address);
      assert.equal(
        call(contract, new Uint8Array(length)).ok,
        true,
        `precompile ${address} of ${length} zeros`,
      );
      for (const wrong of [0, 1, length - 1, length + 1])
        assertRefused(contract, new Uint8Array(wrong), `${address}: ${wrong}`);
    }
    assertRefused(G1_ADD, new Uint8Array(512), "addition takes two points alone");
  });

  it("exist from Prague on", () => {
    assert.ok(precompileAddresses(PRAGUE).includes(MAP_G2!));
    assert.equal(output(G1_ADD, new Uint8Array(256), PRAGUE), "00".repeat(128));
  });
});

describe("EIP-2537, prices", () => {
  it("are those of the EIP", () => {
    for (const fork of [PRAGUE, OSAKA] as const) {
      assertPrice(G1_ADD, new Uint8Array(256), 375n, fork);
      assertPrice(G2_ADD, new Uint8Array(512), 600n, fork);
      assertPrice(MAP_G1, new Uint8Array(64), 5500n, fork);
      assertPrice(MAP_G2, new Uint8Array(128), 23_800n, fork);
      for (const k of [1n, 2n, 7n])
        assertPrice(PAIRING, new Uint8Array(384 * Number(k)), 37_700n + 32_600n * k, fork);
    }
  });

  it("follow the discount tables, whose last entry holds beyond 128 points", () => {
    for (const [k, g1, g2] of [
      [1, 12_000n, 22_500n],
      [2, 22_776n, 45_000n],
      [3, 30_528n, 62_302n],
      [64, 442_368n, 838_080n],
      [127, 792_480n, 1_497_330n],
      [128, 797_184n, 1_509_120n],
      [129, 803_412n, 1_520_910n],
      [200, 1_245_600n, 2_358_000n],
    ] as const) {
      assertPrice(G1_MSM, new Uint8Array(160 * k), g1);
      assertPrice(G2_MSM, new Uint8Array(288 * k), g2);
    }
  });
});
