// The engine's mutable tries against two independent ones: the Yellow Paper's definition and @ethereumjs/mpt.

import assert from "node:assert/strict";
import { before, beforeEach, describe, it } from "node:test";
import { createMerkleProof, createMPT } from "@ethereumjs/mpt";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { generator } from "./support/arithmetic.ts";
import { referenceRoot } from "./support/reference-trie.ts";
import { loadTries, type Tries } from "./support/tries.ts";

const EMPTY_ROOT = "56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const NO_ROOM = 0xffffffff;

let engine: Tries;
before(async () => {
  engine = await loadTries();
});
beforeEach(() => engine.rewind());

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replace(/^0x/, ""), "hex"));

/** A trie of the engine's beside what should be in it. */
class Subject {
  readonly address = engine.functions.createTrie!();
  readonly content = new Map<string, Uint8Array>();
  readonly #key = engine.room(32);
  readonly #value = engine.room(1024);
  readonly #root = engine.room(32);
  readonly #proof = engine.room(65536);

  set(key: Uint8Array, value: Uint8Array): void {
    this.#write(this.#key, key);
    this.#write(this.#value, value);
    engine.functions.trieSet!(this.address, this.#key, this.#value, value.length);
    if (value.length === 0) this.content.delete(hex(key));
    else this.content.set(hex(key), value);
  }

  get(key: Uint8Array): string | null {
    this.#write(this.#key, key);
    const found = engine.functions.trieGet!(this.address, this.#key, this.#root) >>> 0;
    return found === 0 ? null : hex(engine.bytes(found, engine.u32(this.#root)));
  }

  root(): string {
    engine.functions.trieRoot!(this.address, this.#root);
    return hex(engine.bytes(this.#root, 32));
  }

  /** The proof's nodes; null when they take more than `capacity` bytes. */
  prove(key: Uint8Array, capacity = 65536): string[] | null {
    this.#write(this.#key, key);
    const out = this.#proof;
    const total = engine.functions.trieProve!(this.address, this.#key, out, capacity) >>> 0;
    if (total === NO_ROOM) return null;
    const nodes: string[] = [];
    for (let at = 0; at < total; at += 4 + engine.u32(out + at)) {
      nodes.push(hex(engine.bytes(out + at + 4, engine.u32(out + at))));
    }
    return nodes;
  }

  expectedRoot(): string {
    return hex(referenceRoot(Array.from(this.content, ([key, value]) => [bytes(key), value] as const)));
  }

  destroy(): void {
    engine.functions.destroyTrie!(this.address);
  }

  #write(address: number, content: Uint8Array): void {
    engine.write(address, content);
  }
}

/** Values of all sizes that state and storage know, most of them so short that nodes get embedded. */
function someValue(next: () => number): Uint8Array {
  const sizes = [1, 1, 1, 2, 9, 21, 33, 70, 110, 128];
  return Uint8Array.from({ length: sizes[next() % sizes.length]! }, () => next() & 255);
}

const someKey = (next: () => number) => Uint8Array.from({ length: 32 }, () => next() & 255);

/** Keys that part at every depth: each copies an earlier one and changes a nibble, often one of the last. */
function relatedKeys(count: number, next: () => number): Uint8Array[] {
  const keys = [someKey(next)];
  while (keys.length < count) {
    const key = keys[next() % keys.length]!.slice();
    const position = next() % 3 === 0 ? 63 - (next() % 3) : next() % 64;
    const nibble = next() & 15;
    const byte = position >> 1;
    key[byte] = position % 2 === 0 ? (key[byte]! & 15) | (nibble << 4) : (key[byte]! & 240) | nibble;
    keys.push(key);
  }
  return keys;
}

describe("published vectors", () => {
  it("the empty trie's root", () => {
    assert.equal(new Subject().root(), EMPTY_ROOT);
  });

  it("ethereum/tests, TrieTests/hex_encoded_securetrie_test.json, test1", () => {
    const empty = `a0${EMPTY_ROOT}`;
    const noCode = "a0c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    const accounts = {
      a94f5374fce5edbc8e2a8697c15331677e6ebf0b: `f848018405f446a7${empty}${noCode}`,
      "095e7baea6a6c7c4c2dfeb977efac326af552d87": `f8440101${empty}a004bccc5d94f4d1f99aab44369a910179931772f2a5c001c3229f57831c102769`,
      d2571607e241ecf590ed94b12d87c94babe36db6: `f8440180a0ba4b47865c55a341a4a78759bb913cd15c3ee8eaf30a62fa8d1c8863113d84e8${noCode}`,
      "62c01474f089b07dae603491675dc5b5748f7049": `f8448080${empty}${noCode}`,
      "2adc25665018aa1fe0e6bc666dac8fc2697ff9ba": `f8478083019a59${empty}${noCode}`,
    };
    const trie = new Subject();
    for (const [address, account] of Object.entries(accounts))
      trie.set(keccak_256(bytes(address)), bytes(account));
    assert.equal(trie.root(), "730a444e08ab4b8dee147c9b232fc52d34a223d600031c1e9d25bfc985cbd797");
  });
});

describe("random changes", () => {
  for (const [name, pool] of [
    ["keys like hashes", (next: () => number) => Array.from({ length: 120 }, () => someKey(next))],
    ["keys with common prefixes", (next: () => number) => relatedKeys(120, next)],
    ["keys that differ in the last byte only", (next: () => number) => relatedTails(next)],
  ] as const) {
    it(`${name}: every root and value as the Yellow Paper defines them`, () => {
      for (let seed = 1; seed <= 6; seed++) {
        engine.rewind();
        const next = generator(seed);
        const keys = pool(next);
        const trie = new Subject();
        for (let step = 0; step < 400; step++) {
          const key = keys[next() % keys.length]!;
          trie.set(key, next() % 3 === 0 ? new Uint8Array() : someValue(next));
          if (step % 4 === 0) assert.equal(trie.root(), trie.expectedRoot(), `seed ${seed}, step ${step}`);
        }
        for (const key of keys) {
          const value = trie.content.get(hex(key));
          assert.equal(trie.get(key), value === undefined ? null : hex(value));
        }
        for (const key of keys) {
          trie.set(key, new Uint8Array());
          assert.equal(trie.root(), trie.expectedRoot(), `seed ${seed}, removing`);
        }
        assert.equal(trie.root(), EMPTY_ROOT);
        assert.equal(engine.functions.trieIsEmpty!(trie.address), 1);
        trie.destroy();
      }
    });
  }

  it("agrees with @ethereumjs/mpt on 2,000 entries, changes and removals", async () => {
    const next = generator(7);
    const keys = [...relatedKeys(1000, next), ...Array.from({ length: 1000 }, () => someKey(next))];
    const trie = new Subject();
    const library = await createMPT({ useNodePruning: true });
    for (let round = 0; round < 3; round++) {
      for (const key of keys) {
        if (next() % 2 === 0) continue;
        const value = round > 0 && next() % 2 === 0 ? new Uint8Array() : someValue(next);
        trie.set(key, value);
        await library.put(key, value);
      }
      assert.equal(trie.root(), hex(library.root()));
    }
  });

  it("removing what is not there changes nothing", () => {
    const next = generator(8);
    const trie = new Subject();
    const keys = relatedKeys(50, next);
    for (const key of keys.slice(0, 25)) trie.set(key, someValue(next));
    const root = trie.root();
    for (const key of keys) if (!trie.content.has(hex(key))) trie.set(key, new Uint8Array());
    assert.equal(trie.root(), root);
    assert.equal(root, trie.expectedRoot());
  });

  it("gives back all memory", () => {
    const next = generator(9);
    const keys = relatedKeys(500, next);
    const fill = () => {
      engine.rewind();
      const trie = new Subject();
      for (const key of keys) trie.set(key, someValue(next));
      for (const key of keys) trie.set(key, next() % 2 === 0 ? new Uint8Array() : someValue(next));
      trie.destroy();
    };
    for (let round = 0; round < 20; round++) fill();
    const top = engine.heapTop();
    for (let round = 0; round < 100; round++) fill();
    assert.ok(engine.heapTop() - top <= 65536n, `the heap grew by ${engine.heapTop() - top} bytes`);
  });
});

/** Up to 256 keys that share 31 bytes: branches short enough to be embedded in an extension. */
function relatedTails(next: () => number): Uint8Array[] {
  const stem = someKey(next);
  return Array.from({ length: 40 }, () => {
    const key = stem.slice();
    key[31] = next() & 255;
    return key;
  });
}

describe("one trie by several workers", () => {
  it("has the same root whatever the order of keys and nibbles", () => {
    const next = generator(10);
    const entries = [...relatedKeys(200, next), ...Array.from({ length: 200 }, () => someKey(next))].map(
      (key) => [key, someValue(next)] as const,
    );
    const unique = [...new Map(entries.map((entry) => [hex(entry[0]), entry])).values()];
    const plain = new Subject();
    for (const [key, value] of unique) plain.set(key, value);
    const expected = plain.expectedRoot();
    assert.equal(plain.root(), expected);

    for (let round = 0; round < 5; round++) {
      const shuffled = unique
        .map((entry) => ({ entry, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ entry }) => entry);
      const trie = new Subject();
      for (let part = 0; part < 4; part++) {
        const batch = shuffled.filter((_, i) => i % 4 === part);
        const nibbles = Array.from({ length: 16 }, (_, i) => (i * 7 + round) % 16);
        for (const nibble of nibbles) {
          for (const [key, value] of batch) if (key[0]! >> 4 === nibble) trie.set(key, value);
          engine.functions.trieHashNibble!(trie.address, nibble);
        }
      }
      assert.equal(trie.root(), expected);
    }
  });

  it("merges the only nibble into a leaf or an extension", () => {
    const next = generator(11);
    const first = someKey(next);
    const second = first.slice();
    second[20] = second[20]! ^ 1;
    const other = first.slice();
    other[0] = other[0]! ^ 0x80;
    const trie = new Subject();
    for (const [key, value] of [
      [first, bytes("05")],
      [second, bytes("820400")],
      [other, bytes("07")],
      [second, new Uint8Array()],
      [first, new Uint8Array()],
    ] as const) {
      trie.set(key, value);
      engine.functions.trieHashNibble!(trie.address, first[0]! >> 4);
      assert.equal(trie.root(), trie.expectedRoot());
    }
  });
});

describe("trieProve", () => {
  it("gives the nodes that @ethereumjs/mpt gives, for keys that are there and not", async () => {
    const next = generator(12);
    for (const size of [1, 2, 5, 60, 300]) {
      engine.rewind();
      const trie = new Subject();
      const library = await createMPT();
      const keys = [...relatedKeys(size, next), ...Array.from({ length: size >> 1 }, () => someKey(next))];
      for (const key of keys.slice(0, Math.ceil(keys.length * 0.7))) {
        const value = someValue(next);
        trie.set(key, value);
        await library.put(key, value);
      }
      for (const key of keys) {
        const proof = trie.prove(key);
        // The library lists embedded nodes once more by themselves; geth and we leave them in their parents.
        const expected = (await createMerkleProof(library, key)).filter(
          (node, i) => i === 0 || node.length >= 32,
        );
        assert.deepEqual(proof, expected.map(hex), `${size} keys, ${hex(key)}`);
        assert.equal(hex(keccak_256(bytes(proof![0]!))), trie.root());
      }
    }
  });

  it("of an empty trie has no nodes", () => {
    assert.deepEqual(new Subject().prove(new Uint8Array(32)), []);
  });

  it("says so when there is no room", () => {
    const next = generator(13);
    const trie = new Subject();
    const keys = relatedKeys(40, next);
    for (const key of keys) trie.set(key, someValue(next));
    const total = trie.prove(keys[0]!)!.reduce((sum, node) => sum + 4 + node.length / 2, 0);
    assert.notEqual(trie.prove(keys[0]!, total), null);
    for (const capacity of [total - 1, total >> 1, 3, 0]) assert.equal(trie.prove(keys[0]!, capacity), null);
  });
});
