// The committed state from outside: roots inside blocks, starting anew, growth of every table, keys made to collide, and
// what a heap holds after many blocks.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Engine, EngineOptions } from "../../../chain/src/engine/types.ts";
import { Assembler } from "../../fuzz/assembler.ts";
import {
  address,
  assemble,
  assertAllSucceeded,
  assertSame,
  ETHER,
  environment,
  message,
  mine,
  word,
  words,
} from "./support/engine.ts";

const EMPTY_ROOT = "0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421";
const alice = address(1);
const contract = address(2);

async function using<T>(options: EngineOptions, body: (engine: Engine) => Promise<T> | T): Promise<T> {
  const engine = await createEngine(options);
  try {
    return await body(engine);
  } finally {
    await engine.close();
  }
}

/** Stores word 2 + i in the slots word 0 + i, for i below word 1. */
const FILL = new Assembler()
  .ops("32 CALLDATALOAD")
  .label("loop")
  // [n] -> n - 1
  .ops("1 SWAP1 SUB DUP1 64 CALLDATALOAD ADD DUP2 0 CALLDATALOAD ADD SSTORE DUP1")
  .at("loop")
  .ops("JUMPI STOP")
  .assemble();

describe("the state root", () => {
  it("taken inside a block does not hide what the block changes afterwards", () =>
    using({ workers: 1 }, async (engine) => {
      engine.beginBlock(environment());
      engine.setBalance(alice, 1n);
      engine.setStorage(contract, word(1), word(1));
      const first = engine.stateRoot();
      engine.setBalance(alice, 2n);
      engine.setStorage(contract, word(1), word(2));
      assert.notEqual(engine.stateRoot(), first);
      engine.setBalance(alice, 3n);
      const { stateRoot } = await engine.seal();
      await using({ workers: 1 }, (fresh) => {
        fresh.setBalance(alice, 3n);
        fresh.setStorage(contract, word(1), word(2));
        assert.equal(stateRoot, fresh.stateRoot());
      });
    }));

  it("taken inside a block that is abandoned leaves no trace", () =>
    using({ workers: 1 }, (engine) => {
      engine.setBalance(alice, 5n);
      engine.setStorage(contract, word(1), word(1));
      const before = engine.stateRoot();
      engine.beginBlock(environment());
      engine.setBalance(alice, 6n);
      engine.setBalance(address(9), 6n);
      engine.setStorage(contract, word(1), word(0));
      engine.setStorage(contract, word(2), word(2));
      engine.stateRoot();
      engine.setBalance(alice, 7n);
      engine.stateRoot();
      engine.abandon();
      assert.equal(engine.stateRoot(), before);
      assert.equal(engine.getBalance(alice), 5n);
    }));

  it("does not depend on the way to a state", () =>
    using({ workers: 1 }, (engine) => {
      for (let i = 0; i < 300; i++) engine.setStorage(contract, word(i), word(i + 1));
      for (let i = 0; i < 300; i++) if (i % 7 !== 0) engine.setStorage(contract, word(i), word(0));
      engine.stateRoot();
      for (let i = 0; i < 300; i += 14) engine.setStorage(contract, word(i), word(0));
      const root = engine.stateRoot();
      return using({ workers: 1 }, (fresh) => {
        for (let i = 7; i < 300; i += 14) fresh.setStorage(contract, word(i), word(i + 1));
        assert.equal(root, fresh.stateRoot());
      });
    }));
});

describe("an engine", () => {
  for (const workers of [1, 2]) {
    it(`starts anew after reset() with ${workers} workers`, () =>
      using({ workers }, async (engine) => {
        const people = Array.from({ length: 40 }, (_, i) => address(100 + i));
        const life = async () => {
          engine.setCode(contract, FILL);
          for (const person of people) engine.setBalance(person, ETHER);
          const messages = people.map((sender, i) =>
            message({ sender, to: contract, data: words(i * 4, 5, i), gasLimit: 300_000n }),
          );
          const { digest } = await mine(engine, messages);
          return digest;
        };
        const first = await life();
        for (let round = 0; round < 3; round++) {
          if (round === 1) engine.beginBlock(environment()); // reset() ends an open block too
          if (round === 1) engine.setBalance(alice, 1n);
          engine.reset();
          assert.equal(engine.head, 0);
          assert.equal(engine.stateRoot(), EMPTY_ROOT);
          assert.equal(engine.getBalance(people[0]!), 0n);
          assert.equal(engine.getCode(contract).length, 0);
          assert.equal(engine.getStorage(contract, word(4)), word(0));
          assertSame(await life(), first, `round ${round}`);
        }
      }));
  }

  it("takes its threads with it when it is closed, idle or just used", async () => {
    const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;
    const before = threads();
    for (let i = 0; i < 12; i++) {
      await using({ workers: 3 }, async (engine) => {
        if (i % 3 === 0) return; // not even started
        engine.setBalance(alice, ETHER);
        const messages = Array.from({ length: 8 }, (_, n) =>
          message({ sender: alice, to: contract, nonce: BigInt(n) }),
        );
        assertAllSucceeded(await mine(engine, messages), 8);
        if (i % 3 === 1) await new Promise((resolve) => setTimeout(resolve, 60)); // asleep
      });
    }
    assert.equal(threads(), before);
  });

  it("works beyond two gibibytes of addresses", () =>
    // 31 further threads' memory and the large arena come to more than 2 GiB, before the heap even begins.
    using({ workers: 32 }, async (engine) => {
      const code = assemble("0 CALLDATALOAD 0 SSTORE 32 0 0 LOG1 0xff 0 MSTORE 32 0 RETURN");
      engine.setCode(contract, code);
      const people = Array.from({ length: 50 }, (_, i) => address(100 + i));
      for (const person of people) engine.setBalance(person, ETHER);
      const messages = people.map((sender, i) => message({ sender, to: contract, data: words(i + 1) }));
      const mined = await mine(engine, messages);
      assertAllSucceeded(mined, 50);
      assert.equal(BigInt(engine.getStorage(contract, word(0))), 50n);
      assert.equal(mined.execution.included[7]!.logs[0]!.address, contract);
      assert.equal(engine.getCode(contract).length, code.length);
      const call = engine.call(
        environment(),
        engine.pack(message({ sender: alice, to: contract, data: words(9) })),
        {
          overrides: { [alice]: { balance: ETHER } },
        },
      );
      assert.deepEqual([call.success, call.output.length], [true, 32]);
      assert.ok(engine.getProof(contract, [word(0)]).storageProof[0]!.proof.length > 0);
      const [found] = await engine.recoverSenders([
        { hash: new Uint8Array(32), r: new Uint8Array(32), s: new Uint8Array(32), yParity: 0 },
      ]);
      assert.equal(found, null);
      await using({ workers: 1 }, async (oracle) => {
        oracle.setCode(contract, engine.getCode(contract));
        for (const person of people) oracle.setBalance(person, ETHER);
        assertSame(mined.digest, (await mine(oracle, messages)).digest, "32 workers");
      });
    }));
});

describe("tables", () => {
  it("grow within a block: 300,000 slots of one contract, 2,000 a transaction", async () => {
    const people = Array.from({ length: 150 }, (_, i) => address(1000 + i));
    const block = async (engine: Engine) => {
      engine.setCode(contract, FILL);
      for (const person of people) engine.setBalance(person, ETHER);
      const messages = people.map((sender, i) =>
        message({ sender, to: contract, data: words(2000 * i, 2000, 7), gasLimit: 60_000_000n }),
      );
      const mined = await mine(engine, messages, { hardfork: "cancun", gasLimit: 10_000_000_000n });
      assertAllSucceeded(mined, 150);
      for (let i = 0; i < 300_000; i += 997) {
        assert.equal(BigInt(engine.getStorage(contract, word(i))), BigInt((i % 2000) + 7));
      }
      assert.equal(BigInt(engine.getStorage(contract, word(300_000))), 0n);
      return mined;
    };
    const one = await using({ workers: 1 }, async (engine) => {
      const empty = engine.stateRoot();
      const mined = await block(engine);
      engine.revertTo(0);
      assert.equal(engine.stateRoot(), empty);
      return mined;
    });
    const two = await using({ workers: 2, delaySeed: 3n }, block);
    assert.equal(two.digest.stateRoot, one.digest.stateRoot);
    assert.equal(two.digest.receiptsRoot, one.digest.receiptsRoot);
  });

  it("grow within a block: 30,000 accounts", async () => {
    // Pays a wei each to the word 1 accounts from word 0 on.
    const payer = new Assembler()
      .ops("32 CALLDATALOAD")
      .label("loop")
      .ops("1 SWAP1 SUB 0 0 0 0 1 DUP6 0 CALLDATALOAD ADD GAS CALL POP DUP1")
      .at("loop")
      .ops("JUMPI STOP")
      .assemble();
    const people = Array.from({ length: 60 }, (_, i) => address(1000 + i));
    const block = async (engine: Engine) => {
      engine.setCode(contract, payer);
      engine.setBalance(contract, ETHER);
      for (const person of people) engine.setBalance(person, ETHER);
      const messages = people.map((sender, i) =>
        message({ sender, to: contract, data: words(0x10_0000 + 500 * i, 500), gasLimit: 30_000_000n }),
      );
      const mined = await mine(engine, messages, { hardfork: "prague", gasLimit: 10_000_000_000n });
      assertAllSucceeded(mined, 60);
      for (let i = 0; i < 30_000; i += 499) {
        assert.equal(engine.getBalance(`0x${(0x10_0000 + i).toString(16).padStart(40, "0")}`), 1n);
      }
      return mined.digest;
    };
    const expected = await using({ workers: 1 }, block);
    assertSame(await using({ workers: 3, delaySeed: 5n }, block), expected, "3 workers");
  });
});

describe("keys made to collide", () => {
  it("in the tables of a running transaction cost no more than others", async () => {
    // Stores transiently in word 0 slots; slot i is i * word 1 in the lowest 64 bits, i in the next 64.
    const store = new Assembler()
      .ops("0 CALLDATALOAD")
      .label("loop")
      .ops(
        "1 SWAP1 SUB DUP1 32 CALLDATALOAD MUL 0xffffffffffffffff AND DUP2 64 SHL OR DUP2 SWAP1 TSTORE DUP1",
      )
      .at("loop")
      .ops("JUMPI STOP")
      .assemble();
    const time = async (factor: bigint) =>
      using({ workers: 1 }, async (engine) => {
        engine.setCode(contract, store);
        engine.setBalance(alice, ETHER);
        const started = performance.now();
        const mined = await mine(engine, [
          message({ sender: alice, to: contract, data: words(40_000, factor), gasLimit: 16_000_000n }),
        ]);
        assertAllSucceeded(mined, 1);
        return performance.now() - started;
      });
    const plain = Math.min(await time(1n), await time(3n));
    const crafted = await time(0x9e37_79b9_7f4a_7c15n);
    assert.ok(crafted < 20 * plain + 50, `${crafted} ms where others take ${plain} ms`);
  });
});
