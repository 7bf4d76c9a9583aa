// Account and storage proofs (EIP-1186), verified against the state root by an independent trie, for what is there and for
// what is not, at every size of trie and after blocks, reverts and clearings. The roots come from that trie too.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createMPT, verifyMerkleProof } from "@ethereumjs/mpt";
import { RLP } from "@ethereumjs/rlp";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Address, Engine, Hash, Hex } from "../../../chain/src/engine/types.ts";
import { address, assemble, ETHER, hex, message, mine, word, words } from "./support/engine.ts";

const contract = address(1);
const bytesOf = (text: Hex) => Uint8Array.from(Buffer.from(text.slice(2), "hex"));
const EMPTY_ROOT: Hash = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";

/** The shortest big-endian form, as RLP wants integers. */
function integer(value: bigint): Uint8Array {
  const digits = value.toString(16);
  return value === 0n ? new Uint8Array(0) : bytesOf(`0x${digits.length % 2 ? "0" : ""}${digits}`);
}

/** What the proof shows for the key under the root: the value, or null for nothing. Throws when it shows neither. */
async function proven(root: Hash, key: Hex, nodes: readonly Hex[]): Promise<Uint8Array | null> {
  if (nodes.length === 0) {
    assert.equal(root, EMPTY_ROOT, "only an empty trie has no nodes");
    return null;
  }
  return verifyMerkleProof(keccak_256(bytesOf(key)), nodes.map(bytesOf), { root: bytesOf(root) });
}

/** Checks everything that getProof says of the account and the slots; returns it. */
async function check(engine: Engine, who: Address, slots: readonly Hash[]): Promise<void> {
  const root = engine.stateRoot();
  const proof = engine.getProof(who, slots);
  assert.equal(proof.balance, engine.getBalance(who));
  assert.equal(proof.nonce, engine.getNonce(who));
  assert.equal(proof.codeHash, hex(keccak_256(engine.getCode(who))));
  const leaf = await proven(root, who, proof.accountProof);
  if (leaf === null) {
    assert.deepEqual([proof.balance, proof.nonce, engine.getCode(who).length], [0n, 0n, 0]);
    assert.equal(proof.storageHash, EMPTY_ROOT);
  } else {
    const expected = [
      integer(proof.nonce),
      integer(proof.balance),
      bytesOf(proof.storageHash),
      bytesOf(proof.codeHash),
    ];
    assert.equal(hex(leaf), hex(RLP.encode(expected)));
  }
  assert.equal(proof.storageProof.length, slots.length);
  for (const [i, { key, value, proof: nodes }] of proof.storageProof.entries()) {
    assert.equal(key, slots[i]);
    assert.equal(value, BigInt(engine.getStorage(who, key)));
    const shown = await proven(proof.storageHash, key, nodes);
    assert.equal(shown === null ? "0x" : hex(shown), value === 0n ? "0x" : hex(RLP.encode(integer(value))));
  }
}

let engine: Engine;
before(async () => {
  engine = await createEngine({ workers: 1 });
});
after(() => engine.close());

describe("proofs", () => {
  it("of an empty state show that nothing is there", async () => {
    engine.reset();
    await check(engine, contract, [word(0), word(1)]);
  });

  it("hold for tries of 1 to 300 accounts and slots", async () => {
    for (const size of [1, 2, 3, 15, 16, 17, 40, 300]) {
      engine.reset();
      for (let i = 0; i < size; i++) {
        engine.setBalance(address(100 + i), BigInt(i) * ETHER + 1n);
        engine.setStorage(contract, word(i), word(i % 3 ? 2n ** BigInt(i % 250) : i + 1));
      }
      engine.setCode(contract, assemble("STOP"));
      const sample = [0, 1, size >> 1, size - 1];
      // And neighbours that are not there.
      for (const i of [...sample, size, size + 1, size + 77]) await check(engine, address(100 + i), []);
      await check(
        engine,
        contract,
        [...sample, size, size + 5, 2 ** 40].map((i) => word(i)),
      );
    }
  });

  it("follow blocks, clearings and reverts", async () => {
    engine.reset();
    const alice = address(2);
    engine.setBalance(alice, ETHER);
    engine.setCode(contract, assemble("32 CALLDATALOAD 0 CALLDATALOAD SSTORE"));
    const slots = Array.from({ length: 12 }, (_, i) => word(i));
    const versions: number[] = [];
    for (let nonce = 0; nonce < 24; nonce++) {
      // Fills the slots, then clears them again.
      const data = words(nonce % 12, nonce < 12 ? nonce + 1 : 0);
      const { version } = await mine(engine, [
        message({ sender: alice, nonce: BigInt(nonce), to: contract, data }),
      ]);
      versions.push(version);
      await check(engine, contract, slots);
      await check(engine, alice, []);
    }
    for (const version of versions.reverse().filter((_, i) => i % 5 === 0)) {
      engine.revertTo(version);
      await check(engine, contract, slots);
    }
    engine.revertTo(0);
    await check(engine, contract, slots);
  });

  it("do not pass for another value", async () => {
    engine.reset();
    for (let i = 0; i < 30; i++) engine.setBalance(address(100 + i), BigInt(i + 1));
    const root = engine.stateRoot();
    const { accountProof } = engine.getProof(address(105), []);
    const forged = accountProof.map((node, i) =>
      i + 1 < accountProof.length ? node : (node.replace(/06(?=a056e8)/, "07") as Hex),
    );
    assert.notDeepEqual(forged, accountProof);
    await assert.rejects(proven(root, address(105), forged));
    engine.setBalance(address(106), 9n);
    assert.notEqual(engine.stateRoot(), root);
    await assert.rejects(proven(engine.stateRoot(), address(105), accountProof));
  });
});

describe("the state root", () => {
  it("is that of the independent trie, computed by 1 and by 3 workers", async () => {
    const people = Array.from({ length: 200 }, (_, i) => address(1000 + i));
    const store = assemble("32 CALLDATALOAD 0 CALLDATALOAD SSTORE 64 CALLDATALOAD CALLER SSTORE");
    const roots: Hash[] = [];
    for (const workers of [1, 3]) {
      const one = await createEngine({ workers });
      one.setCode(contract, store);
      for (const person of people) one.setBalance(person, ETHER);
      const messages = people.map((sender, i) =>
        message({ sender, to: contract, data: words(i, i % 5, i + 1), gasLimit: 300_000n }),
      );
      const { digest } = await mine(one, messages);
      roots.push(digest.stateRoot);
      if (workers === 1) {
        const storage = await createMPT({ useKeyHashing: true });
        const keys = [...people.map((_, i) => word(i)), ...people.map((person) => word(BigInt(person)))];
        for (const key of keys) {
          const value = BigInt(one.getStorage(contract, key));
          if (value !== 0n) await storage.put(bytesOf(key), RLP.encode(integer(value)));
        }
        const state = await createMPT({ useKeyHashing: true });
        const coinbase: Address = "0xc014ba5e00000000000000000000000000000000";
        for (const who of [...people, contract, coinbase]) {
          const leaf = [
            integer(one.getNonce(who)),
            integer(one.getBalance(who)),
            who === contract ? storage.root() : bytesOf(EMPTY_ROOT),
            keccak_256(one.getCode(who)),
          ];
          await state.put(bytesOf(who), RLP.encode(leaf));
        }
        roots.push(hex(state.root()));
      }
      await one.close();
    }
    assert.equal(new Set(roots).size, 1, roots.join(" "));
  });
});
