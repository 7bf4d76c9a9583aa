// Transactions into blocks: admission in the field's words, automine, manual mining, packing, time, and history.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import type { TransactionRejectedError } from "../../../chain/src/node/errors.ts";
import type { DevchainNode } from "../../../chain/src/node/node.ts";
import { requestsHash } from "../../../chain/src/protocol/requests.ts";
import {
  address,
  COUNTER,
  ETHER,
  eventsOf,
  GENESIS_TIME,
  GWEI,
  initcode,
  startNode,
  word,
} from "./support.ts";

const signer = privateKeyToAccount("0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80");
const [alice, bob] = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
] as const;
const base = {
  type: "eip1559",
  chainId: 31_337,
  nonce: 0,
  gas: 21_000n,
  to: bob,
  value: 1n,
  maxFeePerGas: 2n * GWEI,
  maxPriorityFeePerGas: GWEI,
} as const;
const sign = (change: object = {}) => signer.signTransaction({ ...base, ...change } as typeof base);

describe("genesis", () => {
  it("is the same for the same options, with funded accounts and system contracts", async (context) => {
    const [one, two] = [await startNode(context), await startNode(context)];
    assert.equal(one.head.hash, two.head.hash);
    assert.equal(one.accounts()[0], alice);
    assert.equal(await one.getBalance(alice), 10_000n * ETHER);
    assert.equal(one.head.header.timestamp, GENESIS_TIME);
    assert.equal(one.head.header.requestsHash, requestsHash([]));
    assert.ok((await one.getCode("0x0000f90827f1c53a10cb7a02335b175320002935")).length > 2);
  });

  it("refuses options that make no sense", async (context) => {
    await assert.rejects(
      startNode(context, { blockGasLimit: 1n }),
      /block gas limit 1: give a number from 5000/,
    );
    await assert.rejects(startNode(context, { mnemonic: "junk" }), /give 12 to 24 words/);
    await assert.rejects(startNode(context, { forks: [] }), { kind: "invalid-input" });
  });
});

describe("automine", () => {
  it("mines one block per transaction and answers when it is mined", async (context) => {
    const node = await startNode(context);
    const first = await node.sendRawTransaction(await sign());
    const second = await node.sendTransaction({ from: alice, to: bob, value: 2n });
    assert.equal(node.head.header.number, 2n);
    assert.equal((await node.getReceipt(first))!.blockNumber, 1n);
    const receipt = (await node.getReceipt(second))!;
    assert.equal(receipt.success, true);
    assert.equal(receipt.gasUsed, 21_000n);
    assert.equal(await node.getBalance(bob), 10_000n * ETHER + 3n);
    assert.equal(await node.getNonce(alice), 2n);
    const { header } = node.head;
    assert.equal(receipt.effectiveGasPrice, header.baseFeePerGas + GWEI);
    assert.equal(header.gasUsed, 21_000n);
  });

  it("creates contracts and tells their address", async (context) => {
    const node = await startNode(context);
    const hash = await node.sendTransaction({ from: alice, data: initcode(COUNTER) });
    const { contractAddress } = (await node.getReceipt(hash))!;
    assert.equal(contractAddress, "0x5fbdb2315678afecb367f032d93f642f64180aa3");
    assert.equal(await node.getCode(contractAddress!), COUNTER);
  });

  it("queues a nonce ahead and mines it when the gap closes", async (context) => {
    const node = await startNode(context);
    const later = await node.sendRawTransaction(await sign({ nonce: 1 }));
    assert.equal(node.head.header.number, 0n);
    assert.equal((await node.getOutcome(later)).status, "pending");
    await node.sendRawTransaction(await sign());
    assert.equal((await node.getOutcome(later)).status, "mined");
  });

  it("takes many at once in the order of arrival", async (context) => {
    const node = await startNode(context);
    const raw = await Promise.all(Array.from({ length: 20 }, (_, nonce) => sign({ nonce })));
    const mined = await Promise.all(raw.map((item) => node.sendRawTransaction(item)));
    assert.equal(node.head.header.number, 20n);
    assert.equal((await node.getReceipt(mined[7]!))!.blockNumber, 8n);
  });
});

describe("admission", () => {
  const cases: [string, object, RegExp][] = [
    ["nonce-too-low", { nonce: 0 }, /^nonce too low: next nonce 1, tx nonce 0$/],
    [
      "insufficient-funds",
      { nonce: 1, value: 10n ** 24n },
      /^insufficient funds for gas \* price \+ value: address 0xf39f/,
    ],
    ["intrinsic-gas-too-low", { nonce: 1, gas: 20_999n }, /^intrinsic gas too low/],
    [
      "max-fee-below-base-fee",
      { nonce: 1, maxFeePerGas: 1n, maxPriorityFeePerGas: 1n },
      /^max fee per gas less than block base fee/,
    ],
    ["wrong-chain-id", { nonce: 1, chainId: 1 }, /^invalid chain id for signer: have 1 want 31337$/],
    ["gas-limit-exceeds-maximum", { nonce: 1, gas: 16_777_217n }, /^transaction gas limit too high/],
    ["block-gas-exceeded", { nonce: 1, gas: 10_000_001n }, /^exceeds block gas limit/],
  ];
  it("refuses in the words that tools look for", async (context) => {
    const node = await startNode(context, { blockGasLimit: 10_000_000n });
    await node.sendRawTransaction(await sign());
    for (const [reason, change, message] of cases) {
      await assert.rejects(node.sendRawTransaction(await sign(change)), (error: TransactionRejectedError) => {
        assert.equal(error.reason, reason);
        assert.match(error.message, message);
        return true;
      });
    }
    await assert.rejects(
      node.sendTransaction({
        from: alice,
        to: bob,
        gas: 21_000n,
        maxFeePerGas: 2n * GWEI,
        maxPriorityFeePerGas: 3n * GWEI,
      }),
      /max priority fee per gas higher than max fee per gas/,
    );
    assert.equal(node.head.header.number, 1n);
  });

  it("lives on after bytes that are no transaction", async (context) => {
    const node = await startNode(context);
    const bad = ["0x", "0x02", "0x05c0", "0xc0", "0x0", "0xzz", "0xf86b808504a817c800825208"] as const;
    const outcomes = await Promise.allSettled(bad.map((raw) => node.sendRawTransaction(raw)));
    for (const outcome of outcomes) {
      assert.equal(outcome.status, "rejected");
      assert.equal(outcome.status === "rejected" && outcome.reason.kind, "transaction-rejected");
    }
    await node.sendRawTransaction(await sign());
    assert.equal(node.head.header.number, 1n);
  });

  it("refuses the known and the underpriced replacement, and takes the better one", async (context) => {
    const node = await startNode(context, { mining: { auto: false } });
    const hash = await node.sendRawTransaction(await sign());
    await assert.rejects(node.sendRawTransaction(await sign()), /^TransactionRejectedError: already known$/);
    await assert.rejects(
      node.sendRawTransaction(await sign({ value: 9n })),
      /replacement transaction underpriced/,
    );
    const better = await node.sendRawTransaction(
      await sign({ maxFeePerGas: 3n * GWEI, maxPriorityFeePerGas: 2n * GWEI }),
    );
    await node.mine();
    assert.deepEqual(await node.getOutcome(hash), { status: "dropped", reason: `replaced by ${better}` });
    assert.equal((await node.getOutcome(better)).status, "mined");
  });

  it("does not send for strangers", async (context) => {
    const node = await startNode(context);
    await assert.rejects(
      node.sendTransaction({ from: address(7), to: bob }),
      /unknown account 0xaa0+7: the node holds no key/,
    );
    await assert.rejects(node.sendTransaction({ from: alice, to: bob, chainId: 1n }), /invalid chain id/);
    await assert.rejects(
      node.sendTransaction({ from: alice, to: bob, gasPrice: 1n, maxFeePerGas: 1n }),
      /both gasPrice and/,
    );
  });
});

describe("transaction types", () => {
  it("takes blobs, priced and limited by their own market (EIP-4844, 7594)", async (context) => {
    const node = await startNode(context, { mining: { auto: false } });
    const blobVersionedHashes = Array.from({ length: 6 }, (_, i) => `0x01${word(i).slice(4)}` as const);
    for (let i = 0; i < 4; i++) {
      await node.sendTransaction({
        from: alice,
        to: bob,
        gas: 21_000n,
        blobVersionedHashes,
        maxFeePerBlobGas: 10n,
      });
    }
    await node.mine();
    assert.equal(node.head.transactions.length, 3); // 21 blobs fit
    assert.equal(node.head.header.blobGasUsed, 18n * 131_072n);
    const [receipt] = (await node.getBlockReceipts("latest"))!;
    assert.deepEqual([receipt!.blobGasUsed, receipt!.blobGasPrice], [6n * 131_072n, 1n]);
    await node.mine();
    assert.equal(node.head.transactions.length, 1);
    assert.equal(node.head.header.excessBlobGas, (4n + 6n / 3n) * 131_072n); // EIP-7918 holds the excess up
    await assert.rejects(
      node.sendTransaction({
        from: alice,
        to: bob,
        gas: 21_000n,
        blobVersionedHashes: [...blobVersionedHashes, word(1)],
      }),
      /too many blobs/,
    );
  });

  it("delegates an account to code (EIP-7702)", async (context) => {
    const node = await startNode(context);
    await node.setCode(address(0xc0), COUNTER);
    const signed = await signer.signAuthorization({
      chainId: 31_337,
      nonce: 1,
      contractAddress: address(0xc0),
    });
    const { chainId, nonce, r, s, yParity } = signed;
    const authorization = {
      chainId: BigInt(chainId),
      address: address(0xc0),
      nonce: BigInt(nonce),
      yParity: BigInt(yParity!),
      r: BigInt(r),
      s: BigInt(s),
    };
    await node.sendTransaction({ from: alice, to: alice, authorizationList: [authorization] });
    assert.equal(await node.getCode(alice), `0xef0100${address(0xc0).slice(2)}`);
    assert.equal(await node.getStorage(alice, word(0)), word(1));
    assert.equal(await node.getNonce(alice), 2n);
    // A delegated account still sends (EIP-3607 makes the exception).
    await node.sendRawTransaction(await sign({ nonce: 2 }));
    assert.equal(await node.getNonce(alice), 3n);
  });

  it("takes unprotected and EIP-155 legacy transactions", async (context) => {
    const node = await startNode(context);
    const legacy = { type: "legacy", gas: 21_000n, to: bob, gasPrice: 2n * GWEI } as const;
    await node.sendRawTransaction(await signer.signTransaction({ ...legacy, nonce: 0 }));
    await node.sendRawTransaction(await signer.signTransaction({ ...legacy, nonce: 1, chainId: 31_337 }));
    assert.equal(await node.getNonce(alice), 2n);
  });
});

describe("manual mining", () => {
  const manual = { mining: { auto: false } } as const;

  it("keeps transactions until asked, in the order of their tips", async (context) => {
    const node = await startNode(context, manual);
    const [, , carol] = node.accounts();
    const low = await node.sendTransaction({ from: alice, to: bob, maxPriorityFeePerGas: 1n });
    const high = await node.sendTransaction({ from: carol!, to: bob, maxPriorityFeePerGas: 2n });
    assert.equal(await node.getNonce(alice), 0n);
    assert.equal(await node.getNonce(alice, "pending"), 1n);
    const pending = (await node.getBlock("pending"))!;
    assert.equal(pending.hash, null);
    assert.equal(pending.transactions.length, 2);
    assert.equal(
      await node.getBalance(carol!, "pending"),
      10_000n * ETHER - 21_000n * (pending.header.baseFeePerGas + 2n),
    );
    assert.equal(node.head.header.number, 0n);
    await node.mine();
    assert.deepEqual(
      node.head.transactions.map(({ transaction }) => transaction.hash),
      [high, low],
    );
    assert.equal(pending.header.stateRoot, node.head.header.stateRoot);
  });

  it("leaves what does not fit for the next block", async (context) => {
    const node = await startNode(context, { ...manual, blockGasLimit: 100_000n });
    for (let i = 0; i < 6; i++) await node.sendTransaction({ from: alice, to: bob, gas: 21_000n });
    await node.mine();
    assert.equal(node.head.transactions.length, 4);
    await node.mine();
    assert.equal(node.head.transactions.length, 2);
  });

  it("drops what can no longer be paid, and says why", async (context) => {
    const node = await startNode(context, manual);
    const all = 10_000n * ETHER - 10n ** 15n;
    const first = await node.sendTransaction({ from: alice, to: bob, value: all, gas: 21_000n });
    const second = await node.sendTransaction({ from: alice, to: bob, value: all, gas: 21_000n });
    await node.mine();
    assert.equal((await node.getOutcome(first)).status, "mined");
    const outcome = await node.getOutcome(second);
    assert.deepEqual(outcome, { status: "dropped", reason: "insufficient funds for gas * price + value" });
  });

  it("drops on request", async (context) => {
    const node = await startNode(context, manual);
    const hash = await node.sendTransaction({ from: alice, to: bob });
    assert.equal(await node.dropTransaction(hash), true);
    assert.equal(await node.dropTransaction(hash), false);
    await node.sendTransaction({ from: alice, to: bob });
    await node.dropTransactionsOf(alice);
    assert.deepEqual(await node.pendingTransactions(), []);
  });

  it("waits for a transaction", async (context) => {
    const node = await startNode(context, manual);
    const hash = await node.sendTransaction({ from: alice, to: bob });
    assert.equal((await node.waitForTransaction(hash, 1)).status, "pending");
    const waiting = node.waitForTransaction(hash, 10_000);
    await node.mine();
    assert.equal((await waiting).status, "mined");
  });

  it("mines on a clock", async (context) => {
    const node = await startNode(context, { mining: { auto: false, interval: 20 } });
    await new Promise((resolve) => setTimeout(resolve, 300));
    await node.setIntervalMining(0);
    const { number } = node.head.header;
    assert.ok(number >= 2n, `${number} blocks in 300 ms`);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.equal(node.head.header.number, number);
  });
});

describe("many blocks", () => {
  it("mines a thousand in a moment, spaced as asked", async (context) => {
    const node = await startNode(context);
    const startedAt = performance.now();
    assert.equal(await node.mine({ blocks: 1_000n, interval: 60n }), 1_000n);
    assert.ok(performance.now() - startedAt < 5_000);
    const first = (await node.getBlock(1n))!.header.timestamp;
    assert.equal(node.head.header.timestamp, first + 999n * 60n);
    await assert.rejects(node.mine({ blocks: -1n }), { kind: "invalid-input" });
  });
});

describe("time", () => {
  it("moves as told", async (context) => {
    const node = await startNode(context);
    await node.mine();
    const before = node.head.header.timestamp;
    await node.increaseTime(1_000n);
    await node.mine();
    assert.ok(node.head.header.timestamp >= before + 1_000n);
    await node.setNextBlockTimestamp(before + 50_000n);
    await node.mine();
    assert.equal(node.head.header.timestamp, before + 50_000n);
    await node.mine({ timestamp: before + 60_000n });
    assert.equal(node.head.header.timestamp, before + 60_000n);
    await node.setBlockTimestampInterval(7n);
    await node.mine({ blocks: 2n });
    assert.equal(node.head.header.timestamp, before + 60_014n);
    await assert.rejects(
      node.setNextBlockTimestamp(before),
      /lower than or equal to previous block's timestamp/,
    );
  });
});

describe("the next block", () => {
  it("takes coinbase, base fee, randomness and gas limit as set", async (context) => {
    const node = await startNode(context);
    await node.setCoinbase(address(5));
    await node.setNextBlockBaseFeePerGas(12_345n);
    await node.setPrevRandao(word(99));
    await node.setBlockGasLimit(1_000_000n);
    await node.mine();
    const { coinbase, baseFeePerGas, prevRandao, gasLimit } = node.head.header;
    assert.deepEqual(
      [coinbase, baseFeePerGas, prevRandao, gasLimit],
      [address(5), 12_345n, word(99), 1_000_000n],
    );
    await node.mine();
    assert.notEqual(node.head.header.prevRandao, word(99));
    assert.equal(node.head.header.baseFeePerGas, 12_345n - 12_345n / 8n);
  });
});

describe("history", () => {
  async function withCounter(node: DevchainNode): Promise<void> {
    await node.setCode(address(0xc0), COUNTER);
    for (let i = 0; i < 3; i++) await node.sendTransaction({ from: alice, to: address(0xc0), gas: 100_000n });
    await node.sendTransaction({ from: alice, to: bob });
  }

  it("finds blocks, transactions and receipts", async (context) => {
    const node = await startNode(context);
    await withCounter(node);
    const block = (await node.getBlock(2n))!;
    assert.deepEqual(await node.getBlock({ blockHash: block.hash! }), block);
    assert.equal(await node.getBlock(99n), null);
    const { hash } = block.transactions[0]!.transaction;
    assert.equal((await node.getTransaction(hash))!.blockNumber, 2n);
    assert.equal((await node.getTransactionByIndex(2n, 0))!.transaction.hash, hash);
    assert.equal(await node.getTransactionByIndex(2n, 1), null);
    const [receipt] = (await node.getBlockReceipts(2n))!;
    assert.deepEqual(receipt, await node.getReceipt(hash));
    assert.equal(receipt!.logs[0]!.data, word(2));
    assert.equal(BigInt((await node.getRawBlock(2n))!.length / 2 - 1), block.size);
  });

  it("filters logs by block, address and topic", async (context) => {
    const node = await startNode(context);
    await withCounter(node);
    const data = async (filter: object) =>
      (await node.getLogs({ fromBlock: 0n, ...filter })).map((log) => log.data);
    assert.deepEqual(await data({}), [word(1), word(2), word(3)]);
    assert.deepEqual(await data({ fromBlock: 2n, toBlock: 2n }), [word(2)]);
    assert.deepEqual(await data({ addresses: [address(0xc0)] }), [word(1), word(2), word(3)]);
    assert.deepEqual(await data({ addresses: [bob] }), []);
    assert.deepEqual(await data({ topics: [[word(7), word(1)]] }), [word(1), word(2), word(3)]);
    assert.deepEqual(await data({ topics: [[word(7)]] }), []);
    assert.deepEqual(await data({ topics: [null, [word(1)]] }), []);
    const { hash } = (await node.getBlock(3n))!;
    assert.deepEqual(await data({ fromBlock: undefined, blockHash: hash! }), [word(3)]);
    await assert.rejects(node.getLogs({ fromBlock: 3n, toBlock: 2n }), /invalid block range/);
    await assert.rejects(node.getLogs({ blockHash: word(1) }), { kind: "block-not-found" });
  });

  it("reads the state of every block", async (context) => {
    const node = await startNode(context);
    await withCounter(node);
    for (const n of [1n, 2n, 3n, 4n]) {
      assert.equal(await node.getStorage(address(0xc0), word(0), n), word(n < 3n ? n : 3n));
      assert.equal(await node.getNonce(alice, n), n);
    }
    await node.setStorage(address(0xc0), word(0), word(77));
    await node.mine();
    assert.equal(await node.getStorage(address(0xc0), word(0), 4n), word(77)); // a setter changes the newest block's state
    assert.equal(await node.getStorage(address(0xc0), word(0), 3n), word(3));
    await assert.rejects(node.getBalance(alice, 99n), /header not found/);
  });

  it("tells listeners of blocks, logs and pending transactions", async (context) => {
    const node = await startNode(context);
    const events = eventsOf(node);
    await withCounter(node);
    assert.deepEqual(
      events.map((event) => (event.type === "block" ? event.logs.length : event.type)),
      ["pendingTransaction", 1, "pendingTransaction", 1, "pendingTransaction", 1, "pendingTransaction", 0],
    );
  });

  it("gives the fee history with percentiles", async (context) => {
    const node = await startNode(context);
    await withCounter(node);
    const history = await node.feeHistory(3, "latest", [0, 50, 100]);
    assert.equal(history.oldestBlock, 2n);
    assert.equal(history.baseFeePerGas.length, 4);
    assert.deepEqual(history.reward![0], [GWEI, GWEI, GWEI]);
    assert.equal(history.gasUsedRatio[2], 21_000 / 60_000_000);
    assert.equal((await node.feeHistory(99, 1n)).baseFeePerGas.length, 3);
    await assert.rejects(node.feeHistory(1, "latest", [50, 10]), /invalid reward percentile/);
  });
});

describe("hardforks", () => {
  it("changes rules on time", async (context) => {
    const blobSchedule = { target: 3, max: 6, baseFeeUpdateFraction: 3_338_477n };
    const node = await startNode(context, {
      forks: [
        { timestamp: 0n, hardfork: "cancun", blobSchedule },
        { timestamp: GENESIS_TIME + 100n, hardfork: "prague", blobSchedule },
      ],
    });
    await node.mine();
    assert.equal(node.head.header.requestsHash, undefined);
    await node.increaseTime(100n);
    await node.mine();
    assert.equal(node.head.header.requestsHash, requestsHash([]));
    assert.equal(node.info().hardfork, "prague");
  });
});
