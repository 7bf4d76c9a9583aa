// Records and their bytes: each comes back as it was, and what is none is refused.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import type { BlockHeader } from "../../../chain/src/protocol/header.ts";
import { encodeRlp } from "../../../chain/src/protocol/rlp.ts";
import {
  type ChainRecord,
  type Circumstances,
  decodeRecord,
  encodeRecord,
  kindOf,
} from "../../../chain/src/store/records.ts";
import { parseTransaction } from "../../../chain/src/transaction/decode.ts";
import { withImpersonation } from "../../../chain/src/transaction/encode.ts";
import { address, word } from "../node/support.ts";
import { KEYS } from "./operations.ts";

const signer = privateKeyToAccount(KEYS[0]);
const signed = parseTransaction(
  await signer.signTransaction({ type: "eip1559", chainId: 1, nonce: 3, maxFeePerGas: 9n, to: address(1) }),
);
const impersonated = withImpersonation(
  { type: 0, chainId: 31_337n, nonce: 0n, gas: 21_000n, to: null, value: 0n, data: "0x60", gasPrice: 1n },
  address(0),
);
const nothingSet: Circumstances = {
  coinbase: address(9),
  blockGasLimit: 30_000_000n,
  nextBaseFee: null,
  nextPrevRandao: null,
  clock: { offset: 0n, next: null, interval: null },
  generation: 0n,
  lastSnapshot: 0n,
};
const allSet: Circumstances = {
  coinbase: address(0),
  blockGasLimit: 2n ** 63n - 1n,
  nextBaseFee: 0n,
  nextPrevRandao: word(0),
  clock: { offset: -1_900_000_000n, next: 2n ** 63n, interval: 1n },
  generation: 7n,
  lastSnapshot: 300n,
};
const header: BlockHeader = {
  parentHash: word(1),
  ommersHash: word(2),
  coinbase: address(3),
  stateRoot: word(4),
  transactionsRoot: word(5),
  receiptsRoot: word(6),
  logsBloom: `0x${"ab".repeat(256)}`,
  difficulty: 0n,
  number: 12n,
  gasLimit: 1n,
  gasUsed: 2n,
  timestamp: 3n,
  extraData: "0x",
  prevRandao: word(7),
  nonce: "0x0000000000000000",
  baseFeePerGas: 8n,
  withdrawalsRoot: word(9),
  blobGasUsed: 0n,
  excessBlobGas: 0n,
  parentBeaconBlockRoot: word(10),
};
const withdrawal = { index: 1n, validatorIndex: 0n, address: address(4), amount: 5n };

const RECORDS: ChainRecord[] = [
  {
    kind: "genesis",
    options: '{"chainId":"1n"}',
    timestamp: 1n,
    hash: word(1),
    instanceId: word(2),
    circumstances: nothingSet,
  },
  { kind: "block", header, transactions: [], withdrawals: [], circumstances: allSet },
  {
    kind: "block",
    header: { ...header, requestsHash: word(11) },
    transactions: [word(99), signed, impersonated],
    withdrawals: [withdrawal],
    circumstances: nothingSet,
  },
  { kind: "pooled", transaction: signed, impersonated: false },
  { kind: "pooled", transaction: impersonated, impersonated: true },
  { kind: "dropped", hash: word(5), reason: "für immer" },
  { kind: "balance", address: address(1), value: 2n ** 256n - 1n },
  { kind: "balance", address: address(1), value: 0n },
  { kind: "nonce", address: address(1), value: 2n ** 64n - 1n },
  { kind: "code", address: address(1), code: "0x" },
  { kind: "code", address: address(1), code: "0xef0100" },
  { kind: "storage", address: address(1), slot: word(1), value: word(0) },
  { kind: "circumstances", circumstances: allSet },
  { kind: "snapshot", id: 1n, now: 1_900_000_000n },
  { kind: "reverted", id: 1n, circumstances: nothingSet },
  { kind: "rollback", depth: 0n, circumstances: nothingSet },
  { kind: "impersonation", address: null, enabled: true },
  { kind: "impersonation", address: address(0), enabled: false },
];

describe("records", () => {
  for (const record of RECORDS) {
    it(`come back as they were: ${record.kind}`, () => {
      const raw = encodeRecord(record);
      assert.equal(kindOf(raw), record.kind);
      assert.deepEqual(decodeRecord(raw), record);
    });
  }

  it("cover every kind, each under a number of its own", () => {
    const kinds = new Map(RECORDS.map((record) => [encodeRecord(record).kind, record.kind]));
    assert.deepEqual(
      [...kinds.keys()].sort((a, b) => a - b),
      Array.from({ length: 13 }, (_, i) => i + 1),
    );
    assert.equal(new Set(kinds.values()).size, 13);
  });

  it("are refused with a field too many or too few, or cut short", () => {
    for (const record of RECORDS) {
      const { kind, body } = encodeRecord(record);
      assert.throws(() => decodeRecord({ kind, body: body.subarray(0, -1) }), /is no |are no /, record.kind);
      assert.throws(() => decodeRecord({ kind, body: encodeRlp([[]]) }), /is no /, record.kind);
      assert.throws(
        () => decodeRecord({ kind, body: encodeRlp([[], [], [], [], [], []]) }),
        /fields instead of/,
      );
    }
  });

  it("of an unknown kind ask for a newer version", () => {
    const raw = { kind: 200, body: Uint8Array.of(0xc0) };
    assert.throws(() => kindOf(raw), { name: "StoreError", message: /kind 200, .*; use a newer one/ });
    assert.throws(() => decodeRecord(raw), /kind 200/);
  });
});
