// The transaction codec against viem as an independent encoder and signer, and its refusals one rule at a time.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseGwei, sha256, type TransactionSerializable, bytesToHex as toHex, toRlp } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { hexToBytes } from "../../../chain/src/protocol/bytes.ts";
import { decodeRlp, encodeRlp, type RlpItem } from "../../../chain/src/protocol/rlp.ts";
import {
  decodeTransaction,
  parseTransaction,
  recoverAuthority,
} from "../../../chain/src/transaction/decode.ts";
import { signingHash, withImpersonation, withSignature } from "../../../chain/src/transaction/encode.ts";
import { InvalidTransactionError } from "../../../chain/src/transaction/errors.ts";
import type { Hex } from "../../../chain/src/transaction/types.ts";
import { intrinsicGas, staticFault } from "../../../chain/src/transaction/validity.ts";

const account = privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const sender = account.address.toLowerCase();
const to = "0x00000000000000000000000000000000000000aa";
const key: Hex = `0x${"11".repeat(32)}`;
const accessList = [{ address: to, storageKeys: [key] }] as const;

const common = { chainId: 31337, nonce: 7, gas: 100_000n, to, value: 5n, data: "0x00ff" } as const;
const fees = { maxFeePerGas: parseGwei("3"), maxPriorityFeePerGas: parseGwei("1") };

async function samples(): Promise<Record<string, { signed: Hex; request: TransactionSerializable }>> {
  const authorization = await account.signAuthorization({ chainId: 31337, nonce: 8, address: to });
  const requests: Record<string, TransactionSerializable> = {
    "type 0 with EIP-155": { type: "legacy", ...common, gasPrice: 9n },
    "type 0 without EIP-155": { type: "legacy", ...common, chainId: undefined, gasPrice: 9n },
    "type 0 creation": { type: "legacy", ...common, to: undefined, gasPrice: 9n },
    "type 1": { type: "eip2930", ...common, gasPrice: 9n, accessList },
    "type 2": { type: "eip1559", ...common, ...fees, accessList },
    "type 2 with nothing": { type: "eip1559", chainId: 31337 },
    "type 3": {
      type: "eip4844",
      ...common,
      ...fees,
      maxFeePerBlobGas: 4n,
      blobVersionedHashes: [`0x01${"22".repeat(31)}`],
    },
    "type 4": { type: "eip7702", ...common, ...fees, authorizationList: [authorization] },
  };
  const entries = Object.entries(requests).map(async ([name, request]) => {
    return [name, { request, signed: (await account.signTransaction(request as never)) as Hex }] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}
const signed = await samples();

describe("decoding", () => {
  for (const [name, { signed: raw, request }] of Object.entries(signed)) {
    it(`recovers the sender and every field of ${name}`, () => {
      const transaction = parseTransaction(raw);
      assert.equal(transaction.from, sender);
      assert.equal(transaction.raw, raw);
      assert.equal(transaction.nonce, BigInt(request.nonce ?? 0));
      assert.equal(transaction.gas, request.gas ?? 0n);
      assert.equal(transaction.value, request.value ?? 0n);
      assert.equal(transaction.data, request.data ?? "0x");
      assert.equal(transaction.to, request.to ?? null);
      assert.equal(transaction.chainId, request.chainId === undefined ? undefined : BigInt(request.chainId));
      assert.equal(
        transaction.maxFeePerGas ?? transaction.gasPrice,
        request.maxFeePerGas ?? request.gasPrice ?? 0n,
      );
      if (request.accessList) assert.deepEqual(transaction.accessList, accessList);
    });

    it(`re-encodes ${name} to the same bytes`, () => {
      const { hash, from, v, r, s, yParity, raw: _, ...unsigned } = parseTransaction(raw);
      const parity = yParity ?? (unsigned.chainId === undefined ? Number(v - 27n) : Number((v - 35n) % 2n));
      const again = withSignature(unsigned, from, { r, s, yParity: parity as 0 | 1 });
      assert.equal(again.raw, raw);
      assert.equal(again.hash, hash);
      assert.deepEqual(decodeTransaction(hexToBytes(raw)).signature.hash, signingHash(unsigned));
    });
  }

  it("recovers the authority of an EIP-7702 tuple, and nobody from a broken one", () => {
    const [authorization] = parseTransaction(signed["type 4"]!.signed).authorizationList!;
    assert.equal(recoverAuthority(authorization!), sender);
    assert.equal(recoverAuthority({ ...authorization!, yParity: 2n }), null);
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = { ...authorization!, s: order - authorization!.s, yParity: 1n - authorization!.yParity };
    assert.equal(recoverAuthority(high), null);
  });
});

describe("refusals", () => {
  const refuses = (raw: Uint8Array, reason: string) =>
    assert.throws(
      () => parseTransaction(raw),
      (error) => error instanceof InvalidTransactionError && error.reason === reason,
    );
  /** The type 2 sample with its items changed. */
  const altered = (change: (items: RlpItem[]) => void): Uint8Array => {
    const items = decodeRlp(hexToBytes(signed["type 2"]!.signed).subarray(1)) as RlpItem[];
    change(items);
    return Uint8Array.of(2, ...encodeRlp(items));
  };

  it("refuses what is no RLP, in part or with a tail", () => {
    const raw = hexToBytes(signed["type 2"]!.signed);
    refuses(new Uint8Array(0), "malformed");
    refuses(raw.subarray(0, -1), "malformed");
    refuses(Uint8Array.of(...raw, 0), "malformed");
    refuses(Uint8Array.of(2), "malformed");
    refuses(new Uint8Array(100_000).fill(0xc1), "malformed");
  });

  it("refuses unknown types", () => {
    refuses(Uint8Array.of(5, 0xc0), "type-not-supported");
    refuses(Uint8Array.of(0, 0xc0), "type-not-supported");
  });

  it("refuses integers with leading zeros or too many bits", () => {
    refuses(
      altered((items) => (items[1] = Uint8Array.of(0, 7))),
      "malformed",
    );
    refuses(
      altered((items) => (items[1] = new Uint8Array(9).fill(1))),
      "malformed",
    );
    refuses(
      altered((items) => (items[3] = new Uint8Array(33).fill(1))),
      "malformed",
    );
  });

  it("refuses addresses and storage keys of the wrong length, and missing or extra fields", () => {
    refuses(
      altered((items) => (items[5] = new Uint8Array(19))),
      "malformed",
    );
    refuses(
      altered((items) => (items[8] = [[new Uint8Array(20), [new Uint8Array(31)]]])),
      "malformed",
    );
    refuses(
      altered((items) => items.pop()),
      "malformed",
    );
    refuses(
      altered((items) => items.push(new Uint8Array(0))),
      "malformed",
    );
  });

  it("refuses signatures that are none", () => {
    refuses(
      altered((items) => (items[9] = Uint8Array.of(2))),
      "invalid-signature",
    );
    refuses(
      altered((items) => (items[10] = new Uint8Array(0))),
      "invalid-signature",
    );
    refuses(
      altered((items) => (items[11] = new Uint8Array(32).fill(0xf0))),
      "invalid-signature",
    ); // high s (EIP-2)
  });

  it("says why in geth's words", () => {
    assert.throws(
      () => parseTransaction(Uint8Array.of(7, 0xc0)),
      /transaction type not supported: transaction type not valid: 7/,
    );
  });
});

describe("blob sidecars", () => {
  const blob = new Uint8Array(131_072);
  const commitment = new Uint8Array(48).fill(0xc0);
  const proof = new Uint8Array(48);
  const hash = Uint8Array.of(1, ...sha256(commitment, "bytes").subarray(1));

  /** A type 3 envelope over `hashes`, in the network form with these parts after its body. */
  async function wrapped(hashes: Uint8Array[], parts: RlpItem[]): Promise<Uint8Array> {
    const raw = await account.signTransaction({
      type: "eip4844",
      ...common,
      ...fees,
      maxFeePerBlobGas: 1n,
      blobVersionedHashes: hashes.map((item) => toHex(item)),
    });
    const body = decodeRlp(hexToBytes(raw).subarray(1));
    return hexToBytes(`0x03${toRlp([body, ...parts] as never).slice(2)}`);
  }

  it("strips the sidecar of EIP-4844 and of EIP-7594", async () => {
    for (const parts of [
      [[blob], [commitment], [proof]],
      [Uint8Array.of(1), [blob], [commitment], new Array(128).fill(proof)],
    ]) {
      const transaction = parseTransaction(await wrapped([hash], parts));
      assert.equal(transaction.from, sender);
      assert.deepEqual(transaction.blobVersionedHashes, [toHex(hash)]);
      assert.equal(transaction.hash, parseTransaction(transaction.raw).hash);
      assert.ok(transaction.raw.length < 1_000);
    }
  });

  it("refuses commitments of other hashes, and wrong counts, lengths and versions", async () => {
    const other = new Uint8Array(48);
    const cases: RlpItem[][] = [
      [[blob], [other], [proof]],
      [[blob], [commitment], []],
      [[blob.subarray(1)], [commitment], [proof]],
      [Uint8Array.of(2), [blob], [commitment], new Array(128).fill(proof)],
      [Uint8Array.of(1), [blob], [commitment], [proof]],
    ];
    for (const parts of cases) {
      const raw = await wrapped([hash], parts);
      assert.throws(() => parseTransaction(raw), { reason: "invalid-blob-sidecar" });
    }
  });
});

describe("impersonation", () => {
  it("gives each transaction of a keyless sender its own hash", () => {
    const unsigned = {
      type: 2,
      to: null,
      nonce: 0n,
      gas: 1n,
      value: 0n,
      data: "0x",
      chainId: 1n,
      maxFeePerGas: 1n,
    } as const;
    const one = withImpersonation({ ...unsigned, maxPriorityFeePerGas: 0n }, to);
    const two = withImpersonation({ ...unsigned, maxPriorityFeePerGas: 0n, nonce: 1n }, to);
    const other = withImpersonation({ ...unsigned, maxPriorityFeePerGas: 0n }, `0x${"bb".repeat(20)}`);
    assert.equal(new Set([one.hash, two.hash, other.hash]).size, 3);
    assert.equal(one.from, to);
  });
});

describe("static rules", () => {
  const rules = {
    hardfork: "osaka",
    chainId: 31337n,
    maxBlobsPerTransaction: 6,
    unlimitedCodeSize: false,
  } as const;
  const base = parseTransaction(signed["type 2"]!.signed);

  it("prices data, creation, access lists and authorisations (EIP-2028, 2930, 3860, 7623, 7702)", () => {
    const price = (change: object) => intrinsicGas({ to, data: "0x", ...change }, "osaka");
    assert.deepEqual(price({}), { gas: 21_000n, floor: 21_000n });
    assert.deepEqual(price({ data: "0x00ff" }), { gas: 21_020n, floor: 21_050n });
    assert.equal(price({ to: null, data: `0x${"00".repeat(33)}` }).gas, 21_000n + 33n * 4n + 32_000n + 4n);
    assert.equal(price({ accessList }).gas, 21_000n + 2_400n + 1_900n);
    assert.equal(price({ authorizationList: [{}] }).gas, 46_000n);
    assert.equal(intrinsicGas({ to, data: "0xff" }, "cancun").floor, 0n);
  });

  it("names the first broken rule", () => {
    const reasonOf = (change: object, change2 = {}) =>
      staticFault({ ...base, ...change }, { ...rules, ...change2 })?.reason;
    assert.equal(reasonOf({}), undefined);
    assert.equal(reasonOf({ chainId: 1n }), "wrong-chain-id");
    assert.equal(reasonOf({ nonce: 2n ** 64n - 1n }), "nonce-is-max");
    assert.equal(reasonOf({ maxPriorityFeePerGas: 2n ** 40n }), "priority-fee-above-max-fee");
    assert.equal(reasonOf({ gas: 16_777_217n }), "gas-limit-exceeds-maximum");
    assert.equal(reasonOf({ gas: 16_777_217n }, { hardfork: "prague" }), undefined);
    assert.equal(reasonOf({ gas: 21_000n }), "intrinsic-gas-too-low");
    assert.equal(
      reasonOf({ accessList: [], data: `0x${"ff".repeat(100)}`, gas: 23_000n }),
      "gas-below-floor",
    );
    assert.equal(
      reasonOf({ to: null, data: `0x${"00".repeat(49_153)}`, gas: 10n ** 7n }),
      "initcode-too-large",
    );
    assert.equal(reasonOf({ type: 4, authorizationList: [] }), "no-authorizations");
    assert.equal(reasonOf({ type: 4, authorizationList: [] }, { hardfork: "cancun" }), "type-not-supported");
    assert.equal(reasonOf({ type: 3, blobVersionedHashes: [] }), "no-blobs");
    assert.equal(
      reasonOf({ type: 3, blobVersionedHashes: new Array(7).fill(`0x01${"00".repeat(31)}`) }),
      "too-many-blobs",
    );
    assert.equal(reasonOf({ type: 3, blobVersionedHashes: [`0x02${"00".repeat(31)}`] }), "blob-hash-version");
  });
});
