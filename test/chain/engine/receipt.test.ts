// Receipts, blooms, logs hashes and the state's leaves against @ethereumjs/rlp and the Yellow Paper's bloom.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { edgyWord, generator } from "./support/arithmetic.ts";
import { type Log, loadTries, type Tries } from "./support/tries.ts";

let engine: Tries;
before(async () => {
  engine = await loadTries();
});
beforeEach(() => engine.rewind());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const random = (length: number, next: () => number) => Uint8Array.from({ length }, () => next() & 255);

function someLogs(next: () => number): Log[] {
  const dataLengths = [0, 0, 1, 1, 32, 55, 56, 64, 300, 5000];
  return Array.from({ length: [0, 1, 2, 7][next() % 4]! }, () => {
    const address = random(20, next);
    if (next() % 4 === 0) address.fill(0, 0, 12); // as precompiles and the system have them
    return {
      address,
      topics: Array.from({ length: next() % 5 }, () => random(32, next)),
      data: random(dataLengths[next() % dataLengths.length]!, next),
    };
  });
}

const logItems = (logs: readonly Log[]) => logs.map(({ address, topics, data }) => [address, topics, data]);

/** M3:2048 over addresses and topics, as one number: bit 0 is the last byte's lowest (Yellow Paper, section 4.4.1). */
function expectedBloom(logs: readonly Log[]): Uint8Array {
  let bloom = 0n;
  for (const entry of logs.flatMap(({ address, topics }) => [address, ...topics])) {
    const hash = Buffer.from(keccak_256(entry));
    for (const i of [0, 2, 4]) bloom |= 1n << BigInt(hash.readUInt16BE(i) % 2048);
  }
  return Buffer.from(bloom.toString(16).padStart(512, "0"), "hex");
}

describe("blooms", () => {
  it("hold the addresses and topics of the logs, and nothing of their data", () => {
    const next = generator(1);
    for (let round = 0; round < 60; round++) {
      engine.rewind();
      const logs = someLogs(next);
      const bloom = engine.put(new Uint8Array(256));
      engine.functions.addLogsToBloom!(bloom, ...engine.putLogs(logs));
      assert.equal(hex(engine.bytes(bloom, 256)), hex(expectedBloom(logs)));
    }
  });

  it("add to what is there", () => {
    const next = generator(2);
    const address = random(20, next);
    const [first, second] = [
      [{ address, topics: [random(32, next)], data: random(3, next) }],
      [{ address, topics: [random(32, next), random(32, next)], data: random(0, next) }],
    ];
    const bloom = engine.put(new Uint8Array(256));
    const other = engine.put(new Uint8Array(256));
    engine.functions.addLogsToBloom!(bloom, ...engine.putLogs(first));
    engine.functions.addLogsToBloom!(other, ...engine.putLogs(second));
    engine.functions.orBloom!(bloom, other);
    assert.equal(hex(engine.bytes(bloom, 256)), hex(expectedBloom([...first, ...second])));
    assert.equal(hex(engine.bytes(other, 256)), hex(expectedBloom(second)));
    engine.functions.addLogsToBloom!(other, ...engine.putLogs(first));
    assert.equal(hex(engine.bytes(other, 256)), hex(engine.bytes(bloom, 256)));
  });
});

describe("encodeReceipt (EIP-2718, EIP-658)", () => {
  it("types 0 to 4, both outcomes, logs of all sizes", () => {
    const next = generator(3);
    const gas = [0n, 21_000n, 0x7fn, 0x80n, 30_000_000n, (1n << 64n) - 1n];
    for (let round = 0; round < 120; round++) {
      engine.rewind();
      const logs = someLogs(next);
      const type = round % 5;
      const status = next() & 1;
      const cumulativeGas = gas[next() % gas.length]!;
      const bloom = random(256, next);
      const [start, end] = engine.putLogs(logs);
      const bloomAt = engine.put(bloom);

      const payload = RLP.encode([status, cumulativeGas, bloom, logItems(logs)]);
      const expected = type === 0 ? payload : Uint8Array.of(type, ...payload);
      const length = engine.functions.receiptLength!(type, cumulativeGas, start, end);
      assert.equal(length, expected.length);
      const out = engine.put(new Uint8Array(length + 8).fill(0xcd));
      const encode = (capacity: number) =>
        engine.functions.encodeReceipt!(out, capacity, type, status, cumulativeGas, bloomAt, start, end);
      assert.equal(encode(length - 1), length);
      assert.equal(hex(engine.bytes(out, length)), "cd".repeat(length), "written without room");
      assert.equal(encode(length), length);
      assert.equal(hex(engine.bytes(out, length)), hex(expected));
      assert.equal(hex(engine.bytes(out + length, 8)), "cd".repeat(8), "written past the end");
    }
  });
});

describe("logsHash", () => {
  const logsHash = (logs: readonly Log[]) => {
    const dst = engine.room(32);
    engine.functions.logsHash!(dst, ...engine.putLogs(logs));
    return hex(engine.bytes(dst, 32));
  };

  it("of no logs is the hash of the empty list", () => {
    assert.equal(logsHash([]), "1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347");
  });

  it("hashes the list of [address, topics, data]", () => {
    const next = generator(4);
    for (let round = 0; round < 60; round++) {
      engine.rewind();
      const logs = someLogs(next);
      assert.equal(logsHash(logs), hex(keccak_256(RLP.encode(logItems(logs)))));
    }
  });

  it("takes logs of half a megabyte", () => {
    const next = generator(5);
    const logs = [{ address: random(20, next), topics: [], data: random(500_000, next) }];
    assert.equal(logsHash(logs), hex(keccak_256(RLP.encode(logItems(logs)))));
  });
});

describe("the state's leaves", () => {
  it("encodeAccount: rlp([nonce, balance, storageRoot, codeHash])", () => {
    const next = generator(6);
    let longest = 0;
    for (let round = 0; round < 300; round++) {
      engine.rewind();
      const nonce = round === 0 ? (1n << 64n) - 1n : BigInt.asUintN(64, edgyWord(next));
      const balance = round === 0 ? (1n << 256n) - 1n : edgyWord(next);
      const storageRoot = random(32, next);
      const codeHash = random(32, next);
      if (next() % 8 === 0) codeHash.fill(0, 0, 3);
      const out = engine.room(128);
      const length = engine.functions.encodeAccount!(
        out,
        nonce,
        engine.putWord(balance),
        engine.put(storageRoot),
        engine.putWord(BigInt(`0x${hex(codeHash)}`)),
      );
      assert.equal(hex(engine.bytes(out, length)), hex(RLP.encode([nonce, balance, storageRoot, codeHash])));
      longest = Math.max(longest, length);
    }
    assert.equal(longest, engine.constant("MAX_ACCOUNT_LENGTH"));
  });

  it("encodeStorageValue: the word without leading zeros", () => {
    const next = generator(7);
    for (const value of [0n, 1n, 0x7fn, 0x80n, ...Array.from({ length: 200 }, () => edgyWord(next))]) {
      const out = engine.room(40);
      const length = engine.functions.encodeStorageValue!(out, engine.putWord(value));
      assert.equal(hex(engine.bytes(out, length)), hex(RLP.encode(value)));
    }
  });
});
