// A block made by one node is taken by another, and refused in every part that is changed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { keccak256 } from "viem";
import type { InvalidBlockError } from "../../../chain/src/node/errors.ts";
import { bytesToHex, hexToBytes } from "../../../chain/src/protocol/bytes.ts";
import { decodeRlp, encodeRlp, type RlpItem } from "../../../chain/src/protocol/rlp.ts";
import { address, COUNTER, startNode, word } from "./support.ts";

const [alice, bob] = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
] as const;
const alloc = { [address(0xc0)]: { code: COUNTER, balance: 1n, nonce: 1n, storage: { [word(0)]: word(7) } } };

/** Two chains with one genesis, and a block of the first: [header, transactions, ommers, withdrawals]. */
async function twoChains(context: Parameters<typeof startNode>[0]) {
  const options = { alloc, mining: { auto: false } } as const;
  const maker = await startNode(context, options);
  const taker = await startNode(context, options);
  await maker.sendTransaction({ from: alice, to: address(0xc0), gas: 100_000n });
  await maker.sendTransaction({ from: bob, to: address(0xc0), gas: 100_000n, gasPrice: 3n * 10n ** 9n });
  await maker.mine();
  const rlp = hexToBytes((await maker.getRawBlock(1n))!);
  return { maker, taker, rlp };
}

describe("import", () => {
  it("arrives at the same block and goes on from there", async (context) => {
    const { maker, taker, rlp } = await twoChains(context);
    const block = await taker.importBlock(rlp);
    assert.equal(block.hash, maker.head.hash);
    assert.equal(block.transactions.length, 2);
    assert.equal(await taker.getStorage(address(0xc0), word(0)), word(9));
    assert.deepEqual(await taker.getBlockReceipts(1n), await maker.getBlockReceipts(1n));
    await maker.mine();
    await taker.importBlock(hexToBytes((await maker.getRawBlock(2n))!));
    assert.equal(taker.head.hash, maker.head.hash);
  });

  const header: [string, number, RlpItem][] = [
    ["parent-hash", 0, new Uint8Array(32)],
    ["ommers-hash", 1, new Uint8Array(32)],
    ["state-root", 3, new Uint8Array(32)],
    ["transactions-root", 4, new Uint8Array(32)],
    ["receipts-root", 5, new Uint8Array(32)],
    ["logs-bloom", 6, new Uint8Array(256)],
    ["difficulty", 7, Uint8Array.of(1)],
    ["number", 8, Uint8Array.of(2)],
    ["gas-limit", 9, Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
    ["gas-used", 10, Uint8Array.of(1)],
    ["timestamp", 11, Uint8Array.of(1)],
    ["extra-data", 12, new Uint8Array(33)],
    ["nonce", 14, new Uint8Array(8).fill(1)],
    ["base-fee", 15, Uint8Array.of(7)],
    ["withdrawals-root", 16, new Uint8Array(32)],
    ["blob-gas-used", 17, Uint8Array.of(1)],
    ["excess-blob-gas", 18, Uint8Array.of(1)],
    // Another beacon root is another state.
    ["state-root", 19, new Uint8Array(32)],
    ["requests-hash", 20, new Uint8Array(32)],
  ];
  for (const [rule, field, value] of header) {
    it(`refuses another field ${field} (${rule}) and stays as it was`, async (context) => {
      const { taker, rlp } = await twoChains(context);
      const [fields, ...rest] = decodeRlp(rlp) as RlpItem[];
      const changed = encodeRlp([(fields as RlpItem[]).with(field, value), ...rest]);
      await refuses(taker, changed, rule);
      await taker.importBlock(rlp);
    });
  }

  it("refuses bodies that are none", async (context) => {
    const { taker, rlp } = await twoChains(context);
    const [fields, transactions, ommers, withdrawals] = decodeRlp(rlp) as RlpItem[];
    const body = (...parts: RlpItem[]) => encodeRlp(parts);
    await refuses(taker, rlp.subarray(1), "rlp");
    await refuses(taker, body(fields!, transactions!, ommers!), "rlp");
    await refuses(
      taker,
      body((fields as RlpItem[]).slice(0, -1), transactions!, ommers!, withdrawals!),
      "requests-hash",
    );
    await refuses(taker, body(fields!, transactions!, [fields!], withdrawals!), "ommers");
    await refuses(
      taker,
      body(fields!, (transactions as RlpItem[]).slice(1), ommers!, withdrawals!),
      "transactions-root",
    );
    await refuses(taker, body(fields!, [Uint8Array.of(5)], ommers!, withdrawals!), "type-not-supported");
    await refuses(taker, body(fields!, [Uint8Array.of(0xc0)], ommers!, withdrawals!), "rlp");
    await taker.importBlock(rlp);
  });

  it("credits withdrawals", async (context) => {
    const { taker, rlp } = await twoChains(context);
    const [fields, transactions, ommers] = decodeRlp(rlp) as RlpItem[];
    const withdrawal = [new Uint8Array(0), new Uint8Array(0), hexToBytes(address(0x77)), Uint8Array.of(3)];
    const item = encodeRlp(withdrawal);
    // A trie of one leaf: rlp([hex prefix of the path 0x80, value]); rlp(0) = 0x80.
    const root = keccak256(encodeRlp([Uint8Array.of(0x20, 0x80), item]));
    const changed = (fields as RlpItem[]).with(16, hexToBytes(root));
    const error = await refuses(
      taker,
      encodeRlp([changed, transactions!, ommers!, [withdrawal]]),
      "state-root",
    );
    const stateRoot = /have (0x\w+), want (0x\w+)/.exec(error.message)!;
    await taker.importBlock(
      encodeRlp([changed.with(3, hexToBytes(stateRoot[2] as "0x")), transactions!, ommers!, [withdrawal]]),
    );
    assert.equal(await taker.getBalance(address(0x77)), 3n * 10n ** 9n);
    assert.equal(taker.head.withdrawals.length, 1);
  });
});

async function refuses(
  node: Awaited<ReturnType<typeof startNode>>,
  rlp: Uint8Array,
  rule: string,
): Promise<InvalidBlockError> {
  const before = { hash: node.head.hash, balance: await node.getBalance(alice) };
  let failure: unknown;
  await node.importBlock(rlp).catch((error: unknown) => {
    failure = error;
  });
  const error = failure as InvalidBlockError;
  assert.equal(error?.rule, rule, `${error?.message} ${bytesToHex(rlp).slice(0, 20)}`);
  assert.equal(error.kind, "invalid-block");
  assert.deepEqual({ hash: node.head.hash, balance: await node.getBalance(alice) }, before);
  return error;
}
