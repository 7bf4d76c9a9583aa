// BLAKE2b's compression function: EIP-152's vectors, and whole hashes built from it against OpenSSL's.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { describe, it } from "node:test";
import { assertPrice, assertRefused, bytes, hex, join, output, random, word } from "./support.ts";

const STATE =
  "48c9bdf267e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5" +
  "d182e6ad7f520e511f6c3e2b8c68059b6bbd41fbabd9831f79217e1319cde05b";

/** A call of EIP-152's test vectors: "abc" as the only block. */
function vector(rounds: number, final = "01"): Uint8Array {
  return bytes(
    word(rounds, 4).reduce((text, byte) => text + byte.toString(16).padStart(2, "0"), "") +
      STATE +
      "616263".padEnd(256, "0") +
      "03".padEnd(32, "0") +
      final,
  );
}

/** BLAKE2b-512 (RFC 7693) with the precompile as its compression function. */
function blake2b(message: Uint8Array): string {
  let state = bytes(STATE);
  const blocks = Math.max(1, Math.ceil(message.length / 128));
  for (let i = 0; i < blocks; i++) {
    const block = new Uint8Array(128);
    block.set(message.subarray(128 * i, 128 * (i + 1)));
    const last = i === blocks - 1;
    const counter = word(last ? message.length : 128 * (i + 1), 16).reverse();
    state = bytes(output(9, join(word(12, 4), state, block, counter, word(last ? 1 : 0, 1))));
  }
  return hex(state);
}

describe("BLAKE2 F (0x09)", () => {
  it("computes EIP-152's vectors 4 to 7", () => {
    assert.equal(
      output(9, vector(0)),
      "08c9bcf367e6096a3ba7ca8485ae67bb2bf894fe72f36e3cf1361d5f3af54fa5d282e6ad7f520e511f6c3e2b8c68059b9442be0454267ce079217e1319cde05b",
    );
    assert.equal(
      output(9, vector(12)),
      "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    );
    assert.equal(
      output(9, vector(12, "00")),
      "75ab69d3190a562c51aef8d88f1c2775876944407270c42c9844252c26d2875298743e7f6d5ea2f2d3e8d226039cd31b4e426ac4f2d3d666a610c2116fde4735",
    );
    assert.equal(
      output(9, vector(1)),
      "b63a380cb2897d521994a85234ee2c181b5f844d2c624c002677e9703449d2fba551b3a8333bcdf5f2f7e08993d53923de3d64fcc68c034e717b9293fed7a421",
    );
  });

  it("hashes messages of any length as OpenSSL does", () => {
    const next = random(9n);
    for (const length of [0, 1, 3, 127, 128, 129, 256, 1000]) {
      const message = word(next(8 * length || 8), length || 1).subarray(0, length);
      assert.equal(
        blake2b(message),
        createHash("blake2b512").update(message).digest("hex"),
        `${length} bytes`,
      );
    }
  });

  it("refuses another length and another flag (vectors 0 to 3)", () => {
    assertRefused(9, new Uint8Array(0), "empty");
    assertRefused(9, vector(12).subarray(1), "212 bytes");
    assertRefused(9, join(vector(12), word(0, 1)), "214 bytes");
    assertRefused(9, vector(12, "02"), "flag 2");
  });

  it("costs one gas a round", () => {
    assertPrice(9, vector(0), 0n);
    assertPrice(9, vector(12), 12n);
    assertPrice(9, vector(70_000), 70_000n);
  });
});
