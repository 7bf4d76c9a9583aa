// Header, RLP, bloom and requests against published vectors.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { bloomBits, bloomMayHold } from "../../../chain/src/protocol/bloom.ts";
import { bytesToHex, hexToBytes } from "../../../chain/src/protocol/bytes.ts";
import { encodeHeader, hashHeader, headerFromItems } from "../../../chain/src/protocol/header.ts";
import { DepositLayoutError, depositRequests, requestsHash } from "../../../chain/src/protocol/requests.ts";
import {
  asInteger,
  decodeRlp,
  encodeListOf,
  encodeRlp,
  RlpError,
  sizeWithPrefix,
} from "../../../chain/src/protocol/rlp.ts";
import { DEPOSIT_CONTRACT_ADDRESS, systemContracts } from "../../../chain/src/protocol/system.ts";
import { headerHash, headerRlp, logsBloom } from "./vectors.ts";

describe("header", () => {
  it("decodes and hashes a header of execution-spec-tests v5.4.0 (eip4788, Cancun)", () => {
    const header = headerFromItems(decodeRlp(hexToBytes(headerRlp)));
    assert.equal(header.number, 1n);
    assert.equal(header.gasUsed, 0x7fa5n);
    assert.equal(hashHeader(header), headerHash);
    assert.equal(bytesToHex(encodeHeader(header)), headerRlp);
  });
  it("hashes a Prague header with its requests hash", () => {
    const header = headerFromItems(decodeRlp(hexToBytes(headerRlp)));
    const prague = { ...header, requestsHash: requestsHash([]) };
    const items = decodeRlp(encodeHeader(prague)) as Uint8Array[];
    assert.equal(items.length, 21);
    assert.deepEqual(headerFromItems(items), prague);
  });
  it("refuses other numbers of fields, wrong lengths and leading zeros", () => {
    const items = () => decodeRlp(hexToBytes(headerRlp)) as Uint8Array[];
    assert.throws(() => headerFromItems(items().slice(0, 19)), RlpError);
    assert.throws(() => headerFromItems([...items(), new Uint8Array(32), new Uint8Array(32)]), RlpError);
    assert.throws(() => headerFromItems(items().with(0, new Uint8Array(31))), /parentHash has 31 bytes/);
    assert.throws(() => headerFromItems(items().with(9, Uint8Array.of(0, 1))), /gasLimit has leading zeros/);
  });
});

describe("RLP", () => {
  it("refuses what is not the only encoding", () => {
    for (const hex of [
      "0x",
      "0x8100",
      "0xb800",
      "0x83ffff",
      "0xc1",
      "0xc0c0",
      "0xf800",
      "0xb90000",
    ] as const) {
      assert.throws(() => decodeRlp(hexToBytes(hex)), RlpError, hex);
    }
    assert.throws(() => asInteger(Uint8Array.of(0), "n"), RlpError);
    assert.throws(() => asInteger([], "n"), RlpError);
  });
  it("encodes lists of encoded items and knows their size", () => {
    for (const length of [0, 1, 55, 56, 255, 256, 65_536]) {
      const item = new Uint8Array(length).fill(0xff);
      assert.deepEqual(encodeListOf([encodeRlp(item)]), encodeRlp([item]));
      if (length > 1) assert.equal(sizeWithPrefix(length), encodeRlp(item).length);
    }
  });
});

describe("logs bloom (Yellow Paper 4.4.3)", () => {
  it("finds what is in and misses what is not", () => {
    const bloom = hexToBytes(logsBloom.bloom);
    for (const item of logsBloom.items) assert.ok(bloomMayHold(bloom, bloomBits(item)));
    assert.ok(!bloomMayHold(bloom, bloomBits(`0x${"11".repeat(20)}`)));
    const bits = new Set(logsBloom.items.flatMap((item) => bloomBits(item)));
    assert.equal(
      bloom.reduce((count, byte) => count + byte.toString(2).replaceAll("0", "").length, 0),
      bits.size,
    );
  });
});

describe("requests (EIP-7685, 6110)", () => {
  it("hashes no requests to sha256 of nothing", () => {
    assert.equal(requestsHash([]), "0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert.equal(requestsHash([{ type: 0, data: new Uint8Array(0) }]), requestsHash([]));
    assert.notEqual(
      requestsHash([{ type: 1, data: Uint8Array.of(1) }]),
      requestsHash([{ type: 2, data: Uint8Array.of(1) }]),
    );
  });

  const topic = "0x649bbc62d0e31342afea4e5cd82d4049e7e1ee912fc0889aa790803be39038c5" as const;
  const word = (n: number) => n.toString(16).padStart(64, "0");
  const field = (length: number, byte: string) =>
    word(length) + byte.repeat(length).padEnd(Math.ceil(length / 32) * 64, "0");
  const data =
    `0x${[160, 256, 320, 384, 512].map(word).join("")}${field(48, "01")}${field(32, "02")}${field(8, "03")}${field(96, "04")}${field(8, "05")}` as const;
  const log = { address: DEPOSIT_CONTRACT_ADDRESS, topics: [topic], data };

  it("takes the five fields of a deposit out of its event", () => {
    const expected = `0x${"01".repeat(48)}${"02".repeat(32)}${"03".repeat(8)}${"04".repeat(96)}${"05".repeat(8)}`;
    assert.equal(bytesToHex(depositRequests([log])), expected);
    assert.equal(depositRequests([log, log]).length, 384);
    assert.equal(
      depositRequests([
        { ...log, topics: [] },
        { ...log, address: `0x${"11".repeat(20)}` },
      ]).length,
      0,
    );
  });
  it("refuses an event that is laid out otherwise", () => {
    assert.throws(() => depositRequests([{ ...log, data: `${data}00` }]), DepositLayoutError);
    assert.throws(
      () => depositRequests([{ ...log, data: data.replace(word(48), word(47)) as typeof data }]),
      DepositLayoutError,
    );
  });
});

describe("system contracts", () => {
  it("come with their forks", () => {
    assert.equal(systemContracts("cancun").length, 1);
    assert.equal(systemContracts("prague").length, 4);
    assert.equal(systemContracts("osaka").length, 4);
  });
});
