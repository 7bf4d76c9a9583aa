// Signature recovery: native and portable libraries against each other and against signatures of known keys.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { privateKeyToAccount, sign } from "viem/accounts";
import {
  isLowS,
  nativeSecp256k1,
  recoverAddress,
  recoverPortable,
} from "../../../chain/src/crypto/recover.ts";
import { bytes, hex, random, word } from "../precompiles/support.ts";

const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("recoverAddress", () => {
  it("finds the signer, for low and high s, with words and numbers", async () => {
    const next = random(11n);
    for (let i = 0; i < 8; i++) {
      const privateKey = `0x${hex(word(1n + (next(256) % (N - 1n))))}` as const;
      const hash = word(next(256));
      const signature = await sign({ hash: `0x${hex(hash)}`, privateKey });
      const r = BigInt(signature.r);
      const s = BigInt(signature.s);
      const parity = signature.yParity === 1 ? 1 : 0;
      const expected = privateKeyToAccount(privateKey).address.toLowerCase().slice(2);
      assert.equal(hex(recoverAddress(hash, word(r), word(s), parity)!), expected);
      assert.equal(hex(recoverAddress(hash, r, s, parity)!), expected);
      assert.equal(hex(recoverAddress(hash, r, N - s, parity === 1 ? 0 : 1)!), expected);
    }
  });

  it("agrees with the portable library on anything", () => {
    const next = random(12n);
    const edges = [0n, 1n, N - 1n, N, (1n << 256n) - 1n];
    let recovered = 0;
    for (let i = 0; i < 40; i++) {
      const r = i % 4 === 0 ? edges[(i / 4) % 5]! : next(256);
      const s = i % 4 === 1 ? edges[((i - 1) / 4) % 5]! : next(256);
      const hash = i % 8 === 2 ? word(0) : word(next(256));
      const parity = i & 1 ? 1 : 0;
      const address = recoverAddress(hash, r, s, parity);
      const key = recoverPortable(Uint8Array.from([...word(r), ...word(s)]), hash, parity);
      assert.equal(address === null, key === null, `r = ${r}, s = ${s}`);
      if (address) recovered++;
    }
    assert.ok(recovered > 5, "no random signature was recoverable");
  });

  it("says null where the key would be the point at infinity", () => {
    // R = k*G with s*R = hash*G: the key is (s*R - hash*G)/r = 0. With k = 1: r = G.x, s = hash.
    const r = 0x79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798n;
    assert.equal(recoverAddress(word(42), r, 42n, 0), null);
  });

  it("refuses words of another length", () => {
    assert.throws(() => recoverAddress(bytes("00"), 1n, 1n, 0), /hash has 1 bytes: pass a 32-byte word/);
    assert.throws(() => recoverAddress(word(1), bytes("0102"), 1n, 0), /r has 2 bytes/);
  });

  it("uses libsecp256k1 on Linux x64, where it is prebuilt", {
    skip: process.platform !== "linux" || process.arch !== "x64",
  }, () => {
    assert.equal(nativeSecp256k1, true);
  });
});

describe("isLowS (EIP-2)", () => {
  it("draws the line at half the order", () => {
    assert.equal(isLowS(word(N / 2n)), true);
    assert.equal(isLowS(word(N / 2n + 1n)), false);
    assert.equal(isLowS(word(1)), true);
    assert.equal(isLowS(word(N - 1n)), false);
  });
});
