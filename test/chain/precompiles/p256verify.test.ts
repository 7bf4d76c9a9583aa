// P-256 verification: signatures made by OpenSSL and noble, and every word of EIP-7951's list of refusals.

import assert from "node:assert/strict";
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { describe, it } from "node:test";
import { p256 } from "@noble/curves/nist.js";
import { assertPrice, bytes, call, join, output, random, word } from "./support.ts";

const P = p256.Point.Fp.ORDER;
const N = p256.Point.Fn.ORDER;
const VALID = "00".repeat(31).concat("01");

interface Case {
  hash: Uint8Array;
  r: bigint;
  s: bigint;
  x: bigint;
  y: bigint;
}

function input({ hash, r, s, x, y }: Case): Uint8Array {
  return join(hash, word(r), word(s), word(x), word(y));
}

/** A signature by noble: any 32-byte hash, any private key. */
function signed(hash: Uint8Array, privateKey: bigint): Case {
  const { r, s } = p256.Signature.fromBytes(p256.sign(hash, word(privateKey), { prehash: false }));
  const { x, y } = p256.Point.BASE.multiply(privateKey).toAffine();
  return { hash, r, s, x, y };
}

const EXAMPLE = signed(word(0x1234n), 0xabcdefn);

describe("P-256 verification (0x100)", () => {
  it("accepts signatures made by OpenSSL", () => {
    for (let i = 0; i < 3; i++) {
      const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
      const message = Buffer.from(`message ${i}`);
      const signature = sign("sha256", message, { key: privateKey, dsaEncoding: "ieee-p1363" });
      const { x, y } = publicKey.export({ format: "jwk" });
      const hash = Uint8Array.from(createHash("sha256").update(message).digest());
      const key = join(Buffer.from(x!, "base64url"), Buffer.from(y!, "base64url"));
      assert.equal(output(0x100, join(hash, signature, key)), VALID);
      hash[0]! ^= 1;
      assert.equal(output(0x100, join(hash, signature, key)), "");
    }
  });

  it("accepts low and high s, any hash, any key", () => {
    const next = random(7951n);
    const hashes = [word(0), word(N), word(N - 1n), word((1n << 256n) - 1n), word(next(256))];
    for (const [i, hash] of hashes.entries()) {
      const one = signed(hash, i === 0 ? 1n : i === 1 ? N - 1n : 1n + (next(256) % (N - 1n)));
      assert.equal(output(0x100, input(one)), VALID, `hash ${i}`);
      assert.equal(output(0x100, input({ ...one, s: N - one.s })), VALID, `hash ${i}, other s`);
      // With a hash of 0 modulo the order, the sum is u2*Q alone and -Q has the same abscissa.
      assert.equal(
        output(0x100, input({ ...one, y: P - one.y })),
        i < 2 ? VALID : "",
        `hash ${i}, other key`,
      );
    }
  });

  it("gives nothing for r or s that is zero or not below the order", () => {
    for (const bad of [0n, N, (1n << 256n) - 1n]) {
      assert.equal(output(0x100, input({ ...EXAMPLE, r: bad })), "", `r = ${bad}`);
      assert.equal(output(0x100, input({ ...EXAMPLE, s: bad })), "", `s = ${bad}`);
    }
  });

  it("gives nothing for keys off the curve, outside the field or at infinity", () => {
    assert.equal(output(0x100, input({ ...EXAMPLE, y: EXAMPLE.y ^ 1n })), "");
    assert.equal(output(0x100, input({ ...EXAMPLE, x: 0n, y: 0n })), "");
    // With hash 0 and s = r the sum is the key itself: the equation alone would take any point with the abscissa r.
    const { x, y: ordinate } = p256.Point.BASE.toAffine();
    assert.equal(output(0x100, input({ hash: word(0), r: x, s: x, x, y: ordinate })), VALID);
    assert.equal(output(0x100, input({ hash: word(0), r: x, s: x, x, y: ordinate ^ 1n })), "");
    // (5, y) is on the curve and (5 + P, y) would be, were numbers reduced.
    const b = p256.Point.CURVE().b;
    const y = p256.Point.Fp.sqrt((5n ** 3n - 3n * 5n + b) % P);
    assert.equal(output(0x100, input({ ...EXAMPLE, x: 5n + P, y })), "");
    assert.equal(output(0x100, input({ ...EXAMPLE, y: P })), "");
  });

  it("compares the abscissa modulo the order", () => {
    // R = (x, .) with N <= x < P: then r = x - N. Take u1 = 0 (hash 0), u2 = 1 (s = r): R is the key itself.
    let x = N;
    let y: bigint | undefined;
    for (; y === undefined; x++) {
      try {
        y = p256.Point.Fp.sqrt((x ** 3n - 3n * x + p256.Point.CURVE().b) % P);
      } catch {}
      if (y !== undefined) break;
    }
    const r = x - N;
    if (r === 0n) assert.fail("the first abscissa above the order is the order itself");
    assert.equal(output(0x100, input({ hash: word(0), r, s: r, x, y: y! })), VALID);
  });

  it("gives nothing where the sum is the point at infinity", () => {
    // u1*G + u2*Q = 0 for Q = G, u1 = -u2: hash = -r.
    const { x, y } = p256.Point.BASE.toAffine();
    assert.equal(output(0x100, input({ hash: word(N - 5n), r: 5n, s: 1n, x, y })), "");
  });

  it("gives nothing for any other length", () => {
    const data = input(EXAMPLE);
    assert.equal(output(0x100, data), VALID);
    assert.equal(output(0x100, data.subarray(1)), "");
    assert.equal(output(0x100, join(data, bytes("00"))), "");
    assert.equal(output(0x100, new Uint8Array(0)), "");
  });

  it("costs 6900 gas, for invalid signatures too", () => {
    assertPrice(0x100, input(EXAMPLE), 6900n);
    assertPrice(0x100, new Uint8Array(0), 6900n);
    assert.equal(call(0x100, input({ ...EXAMPLE, s: 1n })).gasUsed, 6900n);
  });
});
