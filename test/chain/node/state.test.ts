// Setters, impersonation, snapshots, reorganisations and resets.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { address, COUNTER, ETHER, eventsOf, GWEI, OWN_COUNTER, startNode, word } from "./support.ts";

const [alice, bob] = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
] as const;

describe("setters", () => {
  it("change the newest state at once", async (context) => {
    const node = await startNode(context);
    await node.setBalance(address(5), 7n);
    await node.setCode(address(5), COUNTER);
    await node.setStorage(address(5), word(0), word(41));
    await node.setNonce(address(5), 3n);
    assert.equal(await node.getBalance(address(5)), 7n);
    assert.equal(await node.getCode(address(5)), COUNTER);
    assert.equal(await node.getNonce(address(5)), 3n);
    await node.sendTransaction({ from: alice, to: address(5) });
    assert.equal(await node.getStorage(address(5), word(0)), word(42));
    await assert.rejects(node.setNonce(address(5), 2n), /must not be smaller than the existing nonce \(3\)/);
  });
});

describe("impersonation", () => {
  it("sends from addresses without keys, contracts too", async (context) => {
    const node = await startNode(context);
    const contract = address(0xc0);
    await node.setCode(contract, COUNTER);
    await node.setBalance(contract, ETHER);
    await assert.rejects(node.sendTransaction({ from: contract, to: bob }), { kind: "unknown-account" });
    await node.impersonate(contract);
    const one = await node.sendTransaction({ from: contract, to: bob, value: 1n });
    const two = await node.sendTransaction({ from: contract, to: bob, value: 1n });
    assert.notEqual(one, two);
    const receipt = (await node.getReceipt(two))!;
    assert.equal(receipt.success, true);
    assert.equal(receipt.transaction.from, contract);
    assert.equal(await node.getBalance(bob), 10_000n * ETHER + 2n);
    assert.equal(await node.stopImpersonating(contract), true);
    await assert.rejects(node.sendTransaction({ from: contract, to: bob }), { kind: "unknown-account" });
    await node.setAutoImpersonate(true);
    await node.sendTransaction({ from: contract, to: bob });
  });
});

describe("snapshots", () => {
  it("bring back state, blocks, pool, time and settings", async (context) => {
    const node = await startNode(context, { mining: { auto: false } });
    await node.mine({ blocks: 2n });
    await node.setBalance(address(5), 1n);
    const waiting = await node.sendTransaction({ from: alice, to: bob, value: 1n });
    const { hash } = node.head;
    const time = node.info().timeOffset;
    const id = await node.snapshot();

    const events = eventsOf(node);
    await node.setBalance(address(5), 2n);
    await node.increaseTime(10_000n);
    await node.setCoinbase(address(6));
    await node.setBlockGasLimit(1_000_000n);
    await node.mine({ blocks: 3n });
    await node.sendTransaction({ from: bob, to: alice });
    assert.equal((await node.getOutcome(waiting)).status, "mined");

    assert.equal(await node.revert(id), true);
    assert.equal(node.head.hash, hash);
    assert.equal(await node.getBalance(address(5)), 1n);
    assert.deepEqual(
      (await node.pendingTransactions()).map((transaction) => transaction.hash),
      [waiting],
    );
    assert.ok(node.info().timeOffset - time <= 1n);
    assert.notEqual(node.info().coinbase, address(6));
    assert.equal(node.info().blockGasLimit, 60_000_000n);
    const removed = events.find((event) => event.type === "removed");
    assert.deepEqual(
      removed?.blocks.map(({ header }) => header.number),
      [5n, 4n, 3n],
    );
    assert.equal(await node.revert(id), false);
    await node.mine();
    assert.equal((await node.getOutcome(waiting)).status, "mined");
  });

  it("are used up with the later ones", async (context) => {
    const node = await startNode(context);
    const first = await node.snapshot();
    await node.mine();
    const second = await node.snapshot();
    assert.equal(await node.revert(first), true);
    assert.equal(await node.revert(second), false);
    assert.equal(await node.revert(99n), false);
  });

  it("give the same block again for the same transaction", async (context) => {
    const node = await startNode(context);
    const timestamp = node.head.header.timestamp + 100n;
    const hashes = [];
    for (let i = 0; i < 2; i++) {
      const id = await node.snapshot();
      await node.setNextBlockTimestamp(timestamp);
      await node.sendTransaction({ from: alice, to: bob, value: 1n, maxFeePerGas: 2n * GWEI });
      hashes.push(node.head.hash);
      await node.revert(id);
    }
    assert.equal(hashes[0], hashes[1]);
  });
});

describe("reorganisations", () => {
  it("replace blocks by others of the same height", async (context) => {
    const node = await startNode(context);
    await node.setCode(address(0xc0), COUNTER);
    const lost = await node.sendTransaction({ from: alice, to: address(0xc0) });
    await node.mine({ blocks: 2n });
    const old = [(await node.getBlock(1n))!.hash, (await node.getBlock(2n))!.hash, node.head.hash];
    const events = eventsOf(node);
    await node.reorganise(3n, [{ transaction: { from: bob, to: address(0xc0), value: 0n }, block: 1 }]);

    assert.equal(node.head.header.number, 3n);
    const now = [(await node.getBlock(1n))!.hash, (await node.getBlock(2n))!.hash, node.head.hash];
    for (const [i, hash] of now.entries()) assert.notEqual(hash, old[i]);
    assert.equal(await node.getTransaction(lost), null);
    assert.equal((await node.getBlock(2n))!.transactions[0]!.transaction.from, bob);
    assert.equal(await node.getStorage(address(0xc0), word(0)), word(1));
    const [removed] = events;
    assert.equal(removed?.type === "removed" && removed.logs[0]!.removed, true);
    assert.equal(events.filter((event) => event.type === "block").length, 3);
  });

  it("never give a replaced block its predecessor's hash, not even an empty one", async (context) => {
    const node = await startNode(context);
    await node.mine({ blocks: 2n });
    const { hash, header } = node.head;
    await node.reorganise(1n, []);
    assert.equal(node.head.header.timestamp, header.timestamp);
    assert.equal(node.head.header.parentHash, header.parentHash);
    assert.notEqual(node.head.hash, hash);
  });

  it("change nothing where they are asked for badly", async (context) => {
    const node = await startNode(context);
    await node.mine({ blocks: 2n });
    const { hash } = node.head;
    await assert.rejects(node.reorganise(3n, []), /depth 3: give a number from 0 to the newest block's, 2/);
    await assert.rejects(
      node.reorganise(1n, [{ transaction: { from: alice }, block: 1 }]),
      /block 1: give a number from 0 to 0/,
    );
    await assert.rejects(node.reorganise(1n, [{ transaction: "0x02", block: 0 }]), {
      kind: "transaction-rejected",
    });
    assert.equal(node.head.hash, hash);
  });

  it("roll back, with the setters of the block they go back to", async (context) => {
    const node = await startNode(context);
    await node.setCode(address(0xc0), OWN_COUNTER);
    await node.sendTransaction({ from: alice, to: address(0xc0) });
    await node.setBalance(address(5), 9n);
    await node.sendTransaction({ from: alice, to: address(0xc0) });
    await node.rollback(1n);
    assert.equal(node.head.header.number, 1n);
    assert.equal(await node.getBalance(address(5)), 9n);
    assert.equal(await node.getStorage(address(0xc0), word(BigInt(alice))), word(1));
    assert.equal(await node.getNonce(alice), 1n);
  });
});

describe("reset", () => {
  it("begins anew", async (context) => {
    const node = await startNode(context);
    const { instanceId, genesisHash } = node.info();
    await node.setBalance(address(5), 1n);
    await node.sendTransaction({ from: alice, to: bob, value: 1n });
    await node.setAutomine(false);
    await node.reset();
    assert.equal(node.head.header.number, 0n);
    assert.equal(await node.getBalance(address(5)), 0n);
    assert.equal(await node.getBalance(alice), 10_000n * ETHER);
    assert.equal(node.info().genesisHash, genesisHash);
    assert.notEqual(node.info().instanceId, instanceId);
    await node.sendTransaction({ from: alice, to: bob, value: 1n });
    assert.equal(node.head.header.number, 1n);
  });
});
