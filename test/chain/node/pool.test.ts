// The pool and the clock on their own: order, replacement, gaps, limits, and whose time it is.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Clock } from "../../../chain/src/node/clock.ts";
import { Heap } from "../../../chain/src/node/heap.ts";
import { Pool } from "../../../chain/src/node/pool.ts";
import type { Transaction } from "../../../chain/src/transaction/types.ts";
import { address } from "./support.ts";

let serial = 0;
function transaction(change: Partial<Transaction> = {}): Transaction {
  const hash = `0x${(++serial).toString(16).padStart(64, "0")}` as const;
  const fees = { maxFeePerGas: 100n, maxPriorityFeePerGas: 10n };
  return {
    hash,
    type: 2,
    from: address(1),
    to: address(9),
    nonce: 0n,
    gas: 21_000n,
    value: 0n,
    data: "0x",
    ...fees,
    v: 0n,
    r: 1n,
    s: 1n,
    raw: "0x",
    ...change,
  };
}

function filled(...transactions: Transaction[]): Pool {
  const pool = new Pool();
  for (const item of transactions) pool.add(item, new Uint8Array(0), 21_000n, 0n);
  return pool;
}

const hashes = (entries: readonly { transaction: Transaction }[]) =>
  entries.map((entry) => entry.transaction.hash);

describe("pool order", () => {
  it("takes the highest tip first, the earlier of equals, and keeps each sender's nonces in order", () => {
    const low = transaction({ from: address(1), maxPriorityFeePerGas: 1n });
    const lowNext = transaction({ from: address(1), nonce: 1n, maxPriorityFeePerGas: 50n });
    const middle = transaction({ from: address(2), maxPriorityFeePerGas: 5n });
    const equal = transaction({ from: address(3), maxPriorityFeePerGas: 5n });
    const pool = filled(lowNext, low, middle, equal);
    const byTip = [middle, equal, low, lowNext].map(({ hash }) => hash);
    assert.deepEqual(hashes(pool.select(10n, 10n ** 8n, "priority")), byTip);
    const byArrival = [low, lowNext, middle, equal].map(({ hash }) => hash);
    assert.deepEqual(hashes(pool.select(10n, 10n ** 8n, "fifo")), byArrival);
  });

  it("caps the tip by what the fee leaves above the base fee (EIP-1559)", () => {
    const capped = transaction({ from: address(1), maxFeePerGas: 52n, maxPriorityFeePerGas: 40n });
    const legacy = transaction({
      from: address(2),
      type: 0,
      gasPrice: 53n,
      maxFeePerGas: undefined,
      maxPriorityFeePerGas: undefined,
    });
    assert.deepEqual(hashes(filled(capped, legacy).select(50n, 10n ** 8n, "priority")), [
      legacy.hash,
      capped.hash,
    ]);
  });

  it("leaves out what cannot pay the base fee, with the sender's later ones", () => {
    const poor = transaction({ maxFeePerGas: 9n, maxPriorityFeePerGas: 1n });
    const next = transaction({ nonce: 1n });
    const other = transaction({ from: address(2) });
    assert.deepEqual(hashes(filled(poor, next, other).select(10n, 10n ** 8n, "priority")), [other.hash]);
  });

  it("stops where the least gas would fill the block", () => {
    const pool = filled(...[1, 2, 3, 4, 5].map((n) => transaction({ from: address(n) })));
    assert.equal(pool.select(1n, 70_000n, "priority").length, 3);
  });
});

describe("pool admission", () => {
  const refuses = (work: () => unknown, reason: string) => assert.throws(work, { reason });

  it("holds what comes after a gap and lets it go when the gap closes", () => {
    const pool = new Pool();
    const late = transaction({ nonce: 1n });
    assert.deepEqual(pool.add(late, new Uint8Array(0), 21_000n, 0n).executable, []);
    assert.equal(pool.select(1n, 10n ** 8n, "priority").length, 0);
    assert.deepEqual(pool.content().queued.get(address(1)), [late]);
    const first = transaction();
    assert.deepEqual(hashes(pool.add(first, new Uint8Array(0), 21_000n, 0n).executable), [
      first.hash,
      late.hash,
    ]);
    assert.equal(pool.nextNonce(address(1), 0n), 2n);
    assert.deepEqual(pool.content().pending.get(address(1)), [first, late]);
  });

  it("replaces for ten per cent more of both fees, and for nothing less", () => {
    const pool = filled(transaction({ maxFeePerGas: 100n, maxPriorityFeePerGas: 10n }));
    const offer = (maxFeePerGas: bigint, maxPriorityFeePerGas: bigint) => () =>
      pool.add(transaction({ maxFeePerGas, maxPriorityFeePerGas }), new Uint8Array(0), 21_000n, 0n);
    refuses(offer(109n, 11n), "replacement-underpriced");
    refuses(offer(200n, 10n), "replacement-underpriced");
    assert.ok(offer(110n, 11n)().replaced);
    assert.equal(pool.size, 1);
  });

  it("refuses the known, the past and what is too many", () => {
    const known = transaction();
    const pool = filled(known);
    refuses(() => pool.add(known, new Uint8Array(0), 21_000n, 0n), "already-known");
    refuses(() => pool.add(transaction(), new Uint8Array(0), 21_000n, 1n), "nonce-too-low");
    const small = new Pool(1);
    small.add(transaction(), new Uint8Array(0), 21_000n, 0n);
    refuses(() => small.add(transaction({ nonce: 1n }), new Uint8Array(0), 21_000n, 0n), "pool-full");
  });

  it("gives up what the chain has overtaken", () => {
    const pool = filled(transaction(), transaction({ nonce: 1n }));
    assert.equal(pool.refresh(() => 1n).length, 1);
    assert.equal(pool.select(1n, 10n ** 8n, "priority").length, 1);
  });

  it("goes back to a snapshot", () => {
    const kept = transaction();
    const pool = filled(kept);
    const snapshot = pool.snapshot();
    pool.clear();
    pool.add(transaction({ from: address(2) }), new Uint8Array(0), 21_000n, 0n);
    pool.restore(snapshot, () => 0n);
    assert.deepEqual(hashes(pool.snapshot()), [kept.hash]);
  });
});

describe("heap", () => {
  it("gives numbers in order", () => {
    const heap = new Heap<number>((a, b) => a < b);
    const numbers = Array.from({ length: 200 }, (_, i) => (i * 7_919) % 211);
    for (const n of numbers) heap.push(n);
    const sorted = [...numbers].sort((a, b) => a - b);
    assert.deepEqual(
      numbers.map(() => heap.pop()),
      sorted,
    );
    assert.equal(heap.pop(), undefined);
  });
});

describe("a snapshot of the pool", () => {
  it("comes back in the same order of senders, whoever's transaction came first", () => {
    const [one, two] = [address(1), address(2)];
    const gone = transaction({ from: one });
    const pool = filled(gone, transaction({ from: two }), transaction({ from: one, nonce: 1n }));
    // The sender keeps its place without its first transaction.
    pool.remove(gone.hash);
    pool.refresh((sender) => (sender === one ? 1n : 0n));
    const before = [...pool.content().pending];
    pool.restore(pool.snapshot(), (sender) => (sender === one ? 1n : 0n));
    assert.deepEqual([...pool.content().pending], before);
    assert.deepEqual(
      before.map(([sender]) => sender),
      [one, two],
    );
  });
});

describe("clock", () => {
  it("follows the computer's time with an offset, and is always after the parent", () => {
    let wall = 1_000n;
    const clock = new Clock(() => wall);
    assert.equal(clock.peek(500n), 1_000n);
    assert.equal(clock.peek(1_000n), 1_001n);
    clock.advance(1_001n);
    assert.equal(clock.now(), 1_001n); // blocks made faster than seconds pass push the clock ahead
    assert.equal(clock.increase(100n), 101n);
    wall += 5n;
    assert.equal(clock.peek(1_001n), 1_106n);
  });

  it("takes the next block's time once and goes on from there", () => {
    const clock = new Clock(() => 1_000n);
    clock.setNext(5_000n, 1_000n);
    assert.equal(clock.peek(1_000n), 5_000n);
    clock.advance(5_000n);
    assert.equal(clock.peek(5_000n), 5_001n);
    assert.throws(
      () => clock.setNext(5_000n, 5_000n),
      /lower than or equal to previous block's timestamp 5000/,
    );
    assert.throws(() => clock.increase(-1n), { kind: "invalid-input" });
  });

  it("spaces blocks by a set interval", () => {
    const clock = new Clock(() => 1_000n);
    assert.equal(clock.setInterval(12n), false);
    assert.equal(clock.peek(2_000n), 2_012n);
    assert.equal(clock.setInterval(null), true);
    assert.equal(clock.setTime(3_000n, 2_000n), 2_000n);
    assert.throws(() => clock.setTime(1_999n, 2_000n), { kind: "invalid-input" });
  });
});
