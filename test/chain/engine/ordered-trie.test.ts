// Roots over rlp(index) -> item against the Yellow Paper's definition, @ethereumjs/mpt and a block of the main chain.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { createMPT } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { generator } from "./support/arithmetic.ts";
import { referenceRoot } from "./support/reference-trie.ts";
import { loadTries, type Tries } from "./support/tries.ts";

let engine: Tries;
before(async () => {
  engine = await loadTries();
});
beforeEach(() => engine.rewind());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

/** The items in the engine's memory: address of their (address, length) pairs. */
function putItems(items: readonly Uint8Array[]): number {
  const pairs = engine.room(8 * items.length);
  items.forEach((item, i) => {
    engine.setU32(pairs + 8 * i, engine.put(item));
    engine.setU32(pairs + 8 * i + 4, item.length);
  });
  return pairs;
}

function root(items: readonly Uint8Array[]): string {
  const dst = engine.room(32);
  engine.functions.orderedTrieRoot!(putItems(items), items.length, dst);
  return hex(engine.bytes(dst, 32));
}

const expectedRoot = (items: readonly Uint8Array[]) =>
  hex(referenceRoot(items.map((item, index) => [RLP.encode(index), item] as const)));

const someItem = (length: number, next: () => number) => Uint8Array.from({ length }, () => next() & 255);

/** Lengths around what gets embedded (32), what needs long headers (56, 256) and up to two thousand. */
function someLength(next: () => number): number {
  const ranges = [4, 32, 60, 300, 2000];
  return 1 + (next() % ranges[next() % ranges.length]!);
}

describe("orderedTrieRoot", () => {
  it("of nothing is the empty trie's root", () => {
    assert.equal(root([]), "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421");
  });

  it("the transactions root of main net block 46147", () => {
    const transaction =
      "f86780862d79883d2000825208945df9b87991262f6ba471f09758cde1c0fc1de734827a69801ca088ff6cf0fefd94db46111149ae4bfc179e9b94721fffd821d38d16464b3f71d0a045e0aff800961cfce805daef7016b9b675c137a6a41a548f7b60a3484c06a33a";
    assert.equal(
      root([Buffer.from(transaction, "hex")]),
      "4513310fcb9f6f616972a3b948dc5d547f280849a87ebb5af0191f98b87be598",
    );
  });

  it("of 0 to 300 items of all sizes", () => {
    for (let count = 0; count <= 300; count++) {
      engine.rewind();
      const next = generator(count);
      const items = Array.from({ length: count }, () => someItem(someLength(next), next));
      assert.equal(root(items), expectedRoot(items), `${count} items`);
    }
  });

  it("of items so short that nearly all nodes are embedded", () => {
    for (let count = 0; count <= 300; count++) {
      engine.rewind();
      const next = generator(1000 + count);
      const items = Array.from({ length: count }, () => someItem(next() % 3, next));
      assert.equal(root(items), expectedRoot(items), `${count} items`);
    }
  });

  it("of thousands of items", () => {
    for (const count of [1000, 4095, 4096, 4097, 10_000]) {
      engine.rewind();
      const next = generator(count);
      const items = Array.from({ length: count }, () => someItem(next() % 250, next));
      assert.equal(root(items), expectedRoot(items), `${count} items`);
    }
  });

  it("of more than 65,536 items, whose keys take four bytes", () => {
    const items = Array.from({ length: 65_600 }, (_, i) => Uint8Array.of(i & 255, i >> 8));
    assert.equal(root(items), expectedRoot(items));
  });

  it("agrees with @ethereumjs/mpt", async () => {
    const next = generator(5);
    const items = Array.from({ length: 400 }, () => someItem(someLength(next), next));
    const library = await createMPT();
    for (const [index, item] of items.entries()) await library.put(RLP.encode(index), item);
    assert.equal(root(items), hex(library.root()));
  });

  it("is the same when its leaves are hashed in parts and out of order", () => {
    const next = generator(6);
    const items = Array.from({ length: 777 }, () => someItem(someLength(next), next));
    const pairs = putItems(items);
    const references = engine.room(items.length * engine.constant("ORDERED_REFERENCE_SIZE"));
    for (const [first, end] of [
      [500, 777],
      [0, 1],
      [129, 500],
      [1, 129],
    ] as const) {
      engine.functions.orderedTrieLeaves!(pairs, items.length, first, end, references);
    }
    const dst = engine.room(32);
    engine.functions.orderedTrieCompose!(references, items.length, dst);
    assert.equal(hex(engine.bytes(dst, 32)), expectedRoot(items));
  });

  it("gives back all memory", () => {
    const next = generator(7);
    const items = Array.from({ length: 300 }, () => someItem(someLength(next), next));
    root(items);
    const top = engine.heapTop();
    for (let round = 0; round < 50; round++) {
      engine.rewind();
      root(items);
    }
    assert.equal(engine.heapTop(), top);
  });
});
