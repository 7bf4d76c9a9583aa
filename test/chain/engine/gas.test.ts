// Gas rules and derived addresses: the published SSTORE table of EIP-3529, memory gas, EIP-1014's examples, viem's addresses.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { getContractAddress, toHex } from "viem";
import { FORK_CANCUN, FORK_OSAKA, FORK_PRAGUE } from "../../../chain/engine/layout.ts";
import { loadRules, type Rules } from "./support/rules.ts";

let rules: Rules;
before(async () => {
  rules = await loadRules();
});
beforeEach(() => rules.rewind());

/**
 * EIP-3529, "Test Cases with EIP-3529 Reductions": the values written to one warm slot, the value it had before, gas and
 * refund. The table's gas counts 3 for each of the two PUSH1 of a write; those are taken off here.
 */
const SSTORE: [writes: number[], original: number, gasUsed: number, refund: number][] = [
  [[0, 0], 0, 212, 0],
  [[0, 1], 0, 20112, 0],
  [[1, 0], 0, 20112, 19900],
  [[1, 2], 0, 20112, 0],
  [[1, 1], 0, 20112, 0],
  [[0, 0], 1, 3012, 4800],
  [[0, 1], 1, 3012, 2800],
  [[0, 2], 1, 3012, 0],
  [[2, 0], 1, 3012, 4800],
  [[2, 3], 1, 3012, 0],
  [[2, 1], 1, 3012, 2800],
  [[2, 2], 1, 3012, 0],
  [[1, 0], 1, 3012, 4800],
  [[1, 2], 1, 3012, 0],
  [[1, 1], 1, 212, 0],
  [[1, 0, 1], 0, 40118, 19900],
  [[0, 1, 0], 1, 5918, 7600],
];

describe("SSTORE (EIP-3529)", () => {
  for (const [writes, original, gasUsed, refund] of SSTORE) {
    it(`from ${original} writes ${writes.join(", ")}`, () => {
      let gas = 0n;
      let counter = 0n;
      let current = original;
      for (const value of writes) {
        rules.rewind();
        const words = [original, current, value].map((each) => rules.word(BigInt(each)));
        gas += BigInt.asUintN(64, rules.functions.sstoreGas!(...words) as bigint);
        counter += rules.functions.sstoreRefund!(...words) as bigint;
        current = value;
      }
      assert.equal(Number(gas), gasUsed - 6 * writes.length);
      assert.equal(Number(counter), refund);
    });
  }
});

it("memory costs 3 gas a word and a 512th of its square (Yellow Paper, appendix H)", () => {
  const cost = (bytes: bigint) => rules.functions.memoryGas!(bytes);
  assert.deepEqual([0n, 1n, 32n, 33n, 724n * 32n, 1n << 32n].map(cost), [
    0n,
    3n,
    3n,
    6n,
    3n * 724n + 1023n,
    3n * 2n ** 27n + 2n ** 45n,
  ]);
});

describe("addresses", () => {
  const hex = (value: bigint) => toHex(value, { size: 20 });

  it("of CREATE, for nonces of every length", () => {
    const sender = 0x6ac7ea33f8831ea9dcc53393aaa88b25a785dbf0n;
    for (const nonce of [
      0n,
      1n,
      0x7fn,
      0x80n,
      0xffn,
      0x100n,
      0xffffn,
      1n << 32n,
      (1n << 63n) + 5n,
      (1n << 64n) - 2n,
    ]) {
      rules.rewind();
      const dst = rules.word(0n);
      rules.functions.createAddress!(dst, rules.word(sender), nonce);
      const expected = getContractAddress({ from: hex(sender), nonce });
      assert.equal(hex(rules.readWord(dst)), expected.toLowerCase(), `nonce ${nonce}`);
    }
  });

  it("of CREATE2, as in EIP-1014", () => {
    const examples: [sender: bigint, salt: bigint, initcode: string, address: bigint][] = [
      [0n, 0n, "00", 0x4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38n],
      [0xdeadbeef00000000000000000000000000000000n, 0n, "00", 0xb928f69bb1d91cd65274e3c79d8986362984fda3n],
      [
        0xdeadbeef00000000000000000000000000000000n,
        0xfeed000000000000000000000000000000000000n,
        "00",
        0xd04116cdd17bebe565eb2422f2497e06cc1c9833n,
      ],
      [0n, 0n, "deadbeef", 0x70f2b2914a2a4b783faefb75f459a580616fcb5en],
      [0xdeadbeefn, 0xcafebaben, "deadbeef", 0x60f3f640a8508fc6a86d45df051962668e1e8ac7n],
      [0xdeadbeefn, 0xcafebaben, "deadbeef".repeat(11), 0x1d8bfdc5d46dc4f61d6b6115972536ebe6a8854cn],
      [0n, 0n, "", 0xe33c0c7f7df4809055c3eba6c09cfe4baf1bd9e0n],
    ];
    for (const [sender, salt, initcode, address] of examples) {
      rules.rewind();
      const dst = rules.word(0n);
      const code = Buffer.from(initcode, "hex");
      rules.functions.create2Address!(
        dst,
        rules.word(sender),
        rules.word(salt),
        rules.bytes(code),
        code.length,
      );
      assert.equal(hex(rules.readWord(dst)), hex(address));
    }
  });

  it("of precompiles, by fork", () => {
    const id = (address: bigint, fork: number) => rules.functions.precompileId!(rules.word(address), fork);
    assert.deepEqual(
      [0n, 1n, 10n, 11n, 17n, 0x100n].map((address) => id(address, FORK_CANCUN)),
      [0, 1, 10, 0, 0, 0],
    );
    assert.deepEqual(
      [10n, 11n, 17n, 18n, 0x100n].map((address) => id(address, FORK_PRAGUE)),
      [10, 11, 17, 0, 0],
    );
    assert.deepEqual(
      [17n, 18n, 0xffn, 0x100n, 0x101n].map((address) => id(address, FORK_OSAKA)),
      [17, 0, 0, 0x100, 0],
    );
    assert.equal(id((1n << 64n) + 1n, FORK_OSAKA), 0);
  });
});
