// Modular exponentiation: EIP-198's examples and edges, the price tables of EIP-2565 and EIP-7883, EIP-7823's bounds.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { power } from "../../../chain/src/precompiles/modexp.ts";
import {
  assertPrice,
  assertRefused,
  bytes,
  CANCUN,
  call,
  hex,
  join,
  OSAKA,
  output,
  PRAGUE,
  random,
  word,
} from "./support.ts";

const FIELD = (1n << 256n) - (1n << 32n) - 977n;

function input(base: Uint8Array, exponent: Uint8Array, modulus: Uint8Array): Uint8Array {
  return join(word(base.length), word(exponent.length), word(modulus.length), base, exponent, modulus);
}

/** Full-length operands of the size that the "nagydani" vectors of EIP-2565 and EIP-7883 have. */
function sized(length: number, exponent: Uint8Array): Uint8Array {
  return input(new Uint8Array(length).fill(0xe1), exponent, new Uint8Array(length).fill(0xf3));
}

/** The schoolbook definition, for small exponents. */
function naive(base: bigint, exponent: bigint, modulus: bigint): bigint {
  let result = 1n % modulus;
  for (let i = 0n; i < exponent; i++) result = (result * base) % modulus;
  return result;
}

describe("modexp (0x05), values", () => {
  it("computes EIP-198's examples", () => {
    assert.equal(output(5, input(word(3, 1), word(FIELD - 1n), word(FIELD)), CANCUN), hex(word(1)));
    assert.equal(
      output(5, input(word(0, 0), word(FIELD - 1n), word(FIELD)).slice(0, 160), CANCUN),
      hex(word(0)),
    );
    // The input ends early: what is missing is zero.
    const padded = join(word(1), word(2), word(32), bytes("03ffff80"));
    assert.equal(
      output(5, padded, CANCUN),
      "3b01b01ac41f2d6e917c6d6a221ce793802469026d9ab7578fa2e79e4da6aaab",
    );
  });

  it("agrees with the definition for small exponents", () => {
    const next = random(5n);
    for (let i = 0; i < 60; i++) {
      const base = next(1 + ((i * 7) % 200));
      const exponent = next(1 + (i % 9));
      const modulus = next(1 + ((i * 13) % 180)) + 1n;
      const got = output(5, input(word(base, 32), word(exponent, 2), word(modulus, 32)), CANCUN);
      assert.equal(
        BigInt(`0x${got}`),
        naive(base, exponent, modulus),
        `${base} ** ${exponent} mod ${modulus}`,
      );
    }
  });

  it("agrees with itself across its two methods: b ** (e + f) = b ** e * b ** f", () => {
    const next = random(6n);
    for (let i = 0; i < 20; i++) {
      const bits = 64 + 37 * i;
      const base = next(bits);
      const modulus = next(bits) | (i % 2 === 0 ? 1n : 0n);
      const long = next(70 + 19 * i);
      const short = next(48);
      const raise = (exponent: bigint) => power(base, word(exponent, 128), 0, modulus);
      assert.equal(raise(long + short), (raise(long) * raise(short)) % modulus);
    }
  });

  it("obeys Fermat for a long prime exponent", () => {
    const prime = (1n << 521n) - 1n;
    const got = output(5, input(word(0x1234567n, 66), word(prime - 1n, 66), word(prime, 66)), PRAGUE);
    assert.equal(BigInt(`0x${got}`), 1n);
  });

  it("counts exponent bytes that the input does not hold as zeros", () => {
    const short = join(word(1), word(40), word(1), bytes("0302"));
    // All of the exponent's tail and the modulus are missing: the modulus is 0.
    assert.equal(output(5, short, CANCUN), "00");
    assert.equal(power(3n, bytes("02"), 39, 251n), power(3n, join(bytes("02"), new Uint8Array(39)), 0, 251n));
  });

  it("handles a modulus of 0 and 1, empty operands and zeros", () => {
    assert.equal(output(5, input(word(5, 1), word(5, 1), word(0, 3))), "000000");
    assert.equal(output(5, input(word(5, 1), word(5, 1), word(1, 3))), "000000");
    assert.equal(output(5, input(word(5, 1), word(0, 1), word(7, 1))), "01");
    assert.equal(output(5, input(word(0, 1), word(0, 1), word(7, 1))), "01");
    assert.equal(output(5, input(new Uint8Array(0), new Uint8Array(0), word(7, 1))), "01");
    assert.equal(output(5, input(new Uint8Array(0), word(1, 1), word(7, 1))), "00");
    assert.equal(output(5, input(word(5, 1), word(5, 1), new Uint8Array(0))), "");
    assert.equal(output(5, new Uint8Array(0)), "");
  });
});

describe("modexp (0x05), price", () => {
  const two = word(2, 1);
  const three = word(3, 1);
  const fermat = word(0x10001, 3);

  it("is EIP-2565's in Cancun and Prague", () => {
    for (const fork of [CANCUN, PRAGUE] as const) {
      for (const [length, square, cube, big] of [
        [64, 200n, 200n, 341n],
        [128, 200n, 200n, 1365n],
        [256, 341n, 341n, 5461n],
        [512, 1365n, 1365n, 21845n],
        [1024, 5461n, 5461n, 87381n],
      ] as const) {
        assertPrice(5, sized(length, two), square, fork);
        assertPrice(5, sized(length, three), cube, fork);
        assertPrice(5, sized(length, fermat), big, fork);
      }
      assertPrice(5, input(word(3, 1), word(FIELD - 1n), word(FIELD)), 1360n, fork);
    }
  });

  it("is EIP-7883's in Osaka", () => {
    for (const [length, square, cube, big] of [
      [64, 500n, 500n, 2048n],
      [128, 512n, 512n, 8192n],
      [256, 2048n, 2048n, 32768n],
      [512, 8192n, 8192n, 131072n],
      [1024, 32768n, 32768n, 524288n],
    ] as const) {
      assertPrice(5, sized(length, two), square);
      assertPrice(5, sized(length, three), cube);
      assertPrice(5, sized(length, fermat), big);
    }
    assertPrice(5, input(word(3, 1), word(FIELD - 1n), word(FIELD)), 4080n);
  });

  it("counts long exponents by their first 32 bytes and their length", () => {
    const exponent = new Uint8Array(40);
    exponent[31] = 0x80;
    const long = input(word(1, 64), exponent, word(7, 64));
    assertPrice(5, long, (64n * (8n * 8n + 7n)) / 3n, CANCUN);
    assertPrice(5, long, 128n * (16n * 8n + 7n), OSAKA);
  });

  it("is at least 200, and 500 in Osaka", () => {
    assertPrice(5, new Uint8Array(0), 200n, PRAGUE);
    assertPrice(5, new Uint8Array(0), 500n, OSAKA);
  });

  it("refuses announced giants without making them", () => {
    const giant = word((1n << 256n) - 1n);
    for (const lengths of [
      join(giant, word(1), word(1)),
      join(word(1), giant, word(1)),
      join(word(1), word(1), giant),
      join(giant, giant, giant),
    ]) {
      assertRefused(5, lengths, "Cancun", CANCUN);
      assertRefused(5, lengths, "Osaka", OSAKA);
    }
    // Nothing to multiply costs nothing before Osaka, however long the exponent.
    assert.deepEqual(call(5, join(word(0), giant, word(0)), PRAGUE), {
      ok: true,
      gasUsed: 200n,
      output: new Uint8Array(0),
    });
  });
});

describe("modexp (0x05), bounds of EIP-7823", () => {
  it("are 1024 bytes for each operand, in Osaka alone", () => {
    const long = 1025;
    for (const [base, exponent, modulus] of [
      [long, 1, 1],
      [1, long, 1],
      [1, 1, long],
    ] as const) {
      const data = input(new Uint8Array(base), new Uint8Array(exponent), new Uint8Array(modulus));
      assertRefused(5, data, "Osaka", OSAKA);
      assert.equal(call(5, data, PRAGUE).ok, true);
    }
    assert.equal(call(5, input(new Uint8Array(1024), word(1, 1024), word(9, 1024))).ok, true);
  });
});
