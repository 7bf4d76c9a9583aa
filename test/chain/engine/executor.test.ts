// Serial equivalence where parallel engines are known to break: every scenario must come out the same from one worker, from
// the replay mode that hands out older cells, and from real threads that pause and die. The names after a test are the
// engines that had the bug (issues of other projects).

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Address, Engine, Message } from "../../../chain/src/engine/types.ts";
import { Assembler, deploying } from "../../fuzz/assembler.ts";
import {
  accessesOf,
  address,
  assemble,
  assertAllSucceeded,
  assertSame,
  ETHER,
  Fleet,
  type Mined,
  message,
  mine,
  word,
  words,
} from "./support/engine.ts";

const NOBODY: Address = `0x${"0".repeat(40)}`;
const KECCAK_EMPTY = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";

/** Adds one to slot 0 after reading it, then to the caller's slot. */
const COUNTER = assemble("0 SLOAD 1 ADD 0 SSTORE CALLER SLOAD 1 ADD CALLER SSTORE");
/** As COUNTER, with a few thousand instructions between the read and the store. */
const SLOW_COUNTER = new Assembler()
  .ops("0 SLOAD 1 ADD 600")
  .label("loop")
  .ops("1 SWAP1 SUB DUP1")
  .at("loop")
  .ops("JUMPI POP 0 SSTORE")
  .assemble();

const contract = address(1);

function fund(engine: Engine, accounts: readonly Address[], amount = ETHER): void {
  for (const account of accounts) engine.setBalance(account, amount);
}

function senders(count: number, from = 1000): Address[] {
  return Array.from({ length: count }, (_, i) => address(from + i));
}

let fleet: Fleet;
before(async () => {
  fleet = await Fleet.start();
});
after(() => fleet.close());

/** One block after a setup, on every engine of the fleet; returns the oracle's. */
async function agree(
  setup: (engine: Engine) => void,
  messages: readonly Message[],
  check: (engine: Engine, mined: Mined) => void = () => {},
): Promise<Mined> {
  const [mined] = await fleet.agree(async (engine) => {
    setup(engine);
    const block = await mine(engine, messages);
    check(engine, block);
    return [block];
  });
  return mined!;
}

describe("threads", () => {
  it("take part, and agree with one worker on a contended counter", async () => {
    const people = senders(120);
    const setup = (engine: Engine) => {
      engine.setCode(contract, SLOW_COUNTER);
      fund(engine, people);
    };
    const messages = people.map((sender) => message({ sender, to: contract }));
    const mined = await agree(setup, messages, (engine) => {
      assert.equal(BigInt(engine.getStorage(contract, word(0))), 120n);
    });
    assertAllSucceeded(mined, 120);

    const engine = await createEngine({ workers: 2 });
    try {
      setup(engine);
      const version = engine.head;
      let helped = false;
      // A worker starts some milliseconds after its engine, and the machine may be busy.
      for (let i = 0; i < 400 && !helped; i++) {
        const block = await mine(engine, messages);
        assertSame(block.digest, mined.digest, `block ${i}`);
        helped = block.execution.telemetry.some(({ worker }) => worker === 1);
        engine.revertTo(version);
      }
      assert.ok(helped, "the second worker never committed anything in 400 blocks");
    } finally {
      await engine.close();
    }
  });

  it("may all die, again and again: the block completes and successors work on", async () => {
    const people = senders(60);
    const messages = people.map((sender) => message({ sender, to: contract }));
    const setup = (engine: Engine) => {
      engine.setCode(contract, SLOW_COUNTER);
      fund(engine, people);
    };
    const expected = await agree(setup, messages);
    for (const killOneIn of [1, 2, 3, 5, 13, 31]) {
      const engine = await createEngine({ workers: 3, killOneIn, delaySeed: BigInt(killOneIn) });
      try {
        setup(engine);
        const version = engine.head;
        for (let block = 0; block < 15; block++) {
          const mined = await mine(engine, messages);
          assertSame(mined.digest, expected.digest, `one in ${killOneIn}, block ${block}`);
          engine.revertTo(version);
          // Lets successors start, so that there is somebody to die.
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      } finally {
        await engine.close();
      }
    }
  });

  it("may replay and die too", async () => {
    const people = senders(60);
    const messages = people.map((sender) => message({ sender, to: contract }));
    const setup = (engine: Engine) => {
      engine.setCode(contract, SLOW_COUNTER);
      fund(engine, people);
    };
    const expected = await agree(setup, messages);
    for (const killOneIn of [1, 3]) {
      const engine = await createEngine({ workers: 3, replaySeed: 3n, killOneIn });
      setup(engine);
      const version = engine.head;
      for (let block = 0; block < 12; block++) {
        assertSame(
          (await mine(engine, messages)).digest,
          expected.digest,
          `one in ${killOneIn}, block ${block}`,
        );
        engine.revertTo(version);
        await new Promise((resolve) => setTimeout(resolve, 30));
      }
      await engine.close();
    }
  });

  it("notice what was absent when they looked and is there at their turn", async () => {
    // Word 0 names a slot and an account that only one transaction has used before. Adds one to the slot, pays the account a
    // wei, and keeps what that cost: 25,000 gas more where the account did not exist.
    const pioneer = new Assembler()
      .ops("0 CALLDATALOAD DUP1 SLOAD 1 ADD SWAP1 BALANCE ADD 1500")
      .label("loop")
      .ops("1 SWAP1 SUB DUP1")
      .at("loop")
      .ops(
        "JUMPI POP 0 CALLDATALOAD SSTORE GAS 0 0 0 0 1 0 CALLDATALOAD 0 CALL POP GAS SWAP1 SUB CALLER SSTORE",
      )
      .assemble();
    const people = senders(40);
    const fresh = (block: number, i: number) => 0xabcd_0000 + 100 * block + (i >> 1);
    const run = async (engine: Engine): Promise<Mined[]> => {
      engine.setCode(contract, pioneer);
      engine.setBalance(contract, ETHER);
      fund(engine, people);
      const blocks: Mined[] = [];
      for (let block = 0; block < 40; block++) {
        const messages = people.map((sender, i) =>
          message({ sender, nonce: BigInt(block), to: contract, data: words(fresh(block, i)) }),
        );
        blocks.push(await mine(engine, messages));
        for (let i = 0; i < 40; i += 2) {
          // 1, then 1 + 1 + the wei that is there by then.
          assert.equal(BigInt(engine.getStorage(contract, word(fresh(block, i)))), 3n);
        }
      }
      return blocks;
    };
    const oracle = await createEngine({ workers: 1 });
    const expected = await run(oracle);
    await oracle.close();
    assertAllSucceeded(expected[0]!, 40);
    for (const options of [{ workers: 1, replaySeed: 31n }, { workers: 2 }, { workers: 4, delaySeed: 31n }]) {
      const engine = await createEngine(options);
      const actual = await run(engine);
      for (const [i, { digest }] of expected.entries()) {
        assertSame(actual[i]!.digest, digest, `${options.workers} workers, block ${i}`);
      }
      await engine.close();
    }
  });

  it("execute a block of no transactions, and of fewer than are shared", async () => {
    for (const count of [0, 1, 2, 3, 4, 5]) {
      const people = senders(count);
      const mined = await agree(
        (engine) => {
          engine.setCode(contract, COUNTER);
          fund(engine, people);
        },
        people.map((sender) => message({ sender, to: contract })),
      );
      assertAllSucceeded(mined, count);
    }
  });
});

describe("nonces", () => {
  it("that leave a gap are refused without a wait (pevm #406)", async () => {
    const [first, second] = senders(2) as [Address, Address];
    const mined = await agree(
      (engine) => fund(engine, [first, second]),
      [
        message({ sender: first, to: second, nonce: 7n }),
        message({ sender: second, to: first, nonce: 0n }),
        message({ sender: first, to: second, nonce: 0n }),
        message({ sender: first, to: second, nonce: 2n }),
        message({ sender: first, to: second, nonce: 1n }),
        message({ sender: first, to: second, nonce: 1n }),
        message({ sender: first, to: second, nonce: 2n }),
      ],
    );
    assert.deepEqual(mined.execution.excluded, [
      { position: 0, reason: "nonce-too-high" },
      { position: 3, reason: "nonce-too-high" },
      { position: 5, reason: "nonce-too-low" },
    ]);
  });

  it("of one sender run in order through a whole block", async () => {
    const [sender] = senders(1) as [Address];
    const count = 80;
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, COUNTER);
        fund(engine, [sender]);
      },
      Array.from({ length: count }, (_, i) => message({ sender, to: contract, nonce: BigInt(i) })),
      (engine) => assert.equal(engine.getNonce(sender), BigInt(count)),
    );
    assertAllSucceeded(mined, count);
  });

  it("used up by an authorisation earlier in the block are too low", async () => {
    const [sponsor, authority] = senders(2) as [Address, Address];
    const tuple = { chainId: 31_337n, address: contract, nonce: 0n, authority };
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, COUNTER);
        fund(engine, [sponsor, authority]);
      },
      [
        message({ type: 4, sender: sponsor, to: authority, authorizationList: [tuple] }),
        message({ sender: authority, to: sponsor, nonce: 0n }),
        message({ sender: authority, to: sponsor, nonce: 1n }),
      ],
    );
    assert.deepEqual(mined.execution.excluded, [{ position: 1, reason: "nonce-too-low" }]);
    assert.equal(mined.execution.included.length, 2);
  });
});

describe("delegations (EIP-7702)", () => {
  const authority = address(500);
  const delegates = [address(501), address(502)] as const;

  /** Stores in the caller's slot whether two looks at the authority's code, with a call of it between them, agree. */
  const watcher = new Assembler()
    .push(BigInt(authority))
    .ops("EXTCODEHASH 0 0 0 0 0")
    .push(BigInt(authority))
    .ops("50000 CALL POP")
    .push(BigInt(authority))
    .ops("EXTCODEHASH EQ")
    // and what the authority's code answers goes to the slot above
    .ops("CALLER SSTORE 32 0 0 0 0")
    .push(BigInt(authority))
    .ops("50000 CALL POP 0 MLOAD CALLER NOT SSTORE STOP")
    .assemble();

  it("read twice in one transaction are read once from the state (bor #2270)", async () => {
    const people = senders(40);
    const messages = people.map((sender, i) => {
      const index = i / 4;
      if (i % 4 !== 0) return message({ sender, to: contract, gasLimit: 300_000n });
      const delegate = delegates[index % 3] ?? NOBODY;
      const tuple = { chainId: 0n, address: delegate, nonce: BigInt(index), authority };
      return message({ type: 4, sender, to: sender, authorizationList: [tuple] });
    });
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, watcher);
        engine.setCode(delegates[0], assemble("0xaa 0 MSTORE 32 0 RETURN"));
        engine.setCode(delegates[1], assemble("0xbb 0 MSTORE 32 0 RETURN"));
        fund(engine, people);
      },
      messages,
      (engine) => {
        for (const [i, sender] of people.entries()) {
          if (i % 4 === 0) continue;
          assert.equal(BigInt(engine.getStorage(contract, word(BigInt(sender)))), 1n);
          const answer = engine.getStorage(contract, word(2n ** 256n - 1n - BigInt(sender)));
          assert.equal(BigInt(answer), [0xaan, 0xbbn, 0n][Math.floor(i / 4) % 3], `transaction ${i}`);
        }
        assert.equal(engine.getNonce(authority), 10n);
      },
    );
    assertAllSucceeded(mined, 40);
  });

  it("taken back leave an account that reads like one that never had code (grevm #105)", async () => {
    const people = senders(12);
    const [mined, next] = await fleet.agree(async (engine) => {
      engine.setCode(
        contract,
        new Assembler().push(BigInt(authority)).ops("EXTCODEHASH CALLER SSTORE").assemble(),
      );
      fund(engine, people);
      const messages = people.map((sender, i) =>
        i < 2
          ? message({
              type: 4,
              sender,
              to: sender,
              authorizationList: [
                { chainId: 0n, address: i === 0 ? delegates[0] : NOBODY, nonce: BigInt(i), authority },
              ],
            })
          : message({ sender, to: contract }),
      );
      const first = await mine(engine, messages);
      assert.equal(engine.getCode(authority).length, 0);
      assert.equal(engine.getCodeHash(authority), KECCAK_EMPTY);
      for (const sender of people.slice(2)) {
        assert.equal(engine.getStorage(contract, word(BigInt(sender))), KECCAK_EMPTY);
      }
      const again = people.slice(2).map((sender) => message({ sender, to: contract, nonce: 1n }));
      return [first, await mine(engine, again)];
    });
    assertAllSucceeded(mined!, 12);
    assertAllSucceeded(next!, 10);
  });

  it("taken back are no change for who read the account before it ever had code", async () => {
    const engine = await createEngine({ workers: 1, replaySeed: 3n });
    const people = senders(120);
    // Storing zero costs 2,200 gas, the length of a designation 22,100: wasted gas tells what a stale run saw.
    engine.setCode(
      contract,
      new Assembler().push(BigInt(authority)).ops("EXTCODESIZE CALLER SSTORE").assemble(),
    );
    fund(engine, people);
    const messages = people.map((sender, i) => {
      if (i >= 2) return message({ sender, to: contract });
      const tuple = { chainId: 0n, address: i === 0 ? delegates[0] : NOBODY, nonce: BigInt(i), authority };
      return message({ type: 4, sender, to: sender, authorizationList: [tuple] });
    });
    const mined = await mine(engine, messages);
    assertAllSucceeded(mined, 120);
    const wasted = mined.execution.telemetry.slice(2).filter(({ attempts }) => attempts > 1);
    assert.ok(wasted.length > 0, "the replay mode never handed out an older cell");
    for (const { index, wastedGas } of wasted)
      assert.ok(wastedGas > 40_000n, `transaction ${index}: ${wastedGas}`);
    await engine.close();
  });
});

describe("contracts that come and go", () => {
  const beneficiary = address(600);
  /** Destroys itself in favour of word 0 of the call data when there is any; else takes the money. */
  const mortal = new Assembler()
    .ops("CALLDATASIZE")
    .at("die")
    .ops("JUMPI 0 SLOAD 1 ADD 0 SSTORE STOP")
    .label("die")
    .ops("0 CALLDATALOAD SELFDESTRUCT")
    .assemble();

  /**
   * CREATE2 with the salt in word 0 and the value of the call; then, unless word 1 is zero, tells the child to die in favour
   * of word 1; then pays it word 2. The child's constructor stores the factory's counter, so that what is deployed differs.
   */
  const init = deploying(mortal, "32 0 0 0 0 CALLER GAS CALL POP 0 MLOAD 0 SSTORE");
  const factory = new Assembler()
    .ops("CALLDATASIZE ISZERO")
    .at("answer")
    .ops("JUMPI 0 SLOAD 1 ADD 0 SSTORE")
    .push(init.length)
    .at("init")
    .ops("0 CODECOPY 0 CALLDATALOAD")
    .push(init.length)
    .ops("0 CALLVALUE CREATE2 DUP1 0 CALLDATALOAD 16 ADD SSTORE")
    .ops("32 CALLDATALOAD ISZERO")
    .at("pay")
    .ops("JUMPI 32 CALLDATALOAD 0 MSTORE 0 0 32 0 0 DUP6 GAS CALL POP")
    .label("pay")
    .ops("0 0 0 0 64 CALLDATALOAD DUP6 GAS CALL POP STOP")
    .label("answer")
    .ops("0 SLOAD 0 MSTORE 32 0 RETURN")
    .mark("init")
    .data(init)
    .assemble();

  const created = (engine: Engine, salt: number) =>
    `0x${engine.getStorage(contract, word(salt + 16)).slice(26)}` as Address;

  it("take balances with them that arrive before, during and after their death (bor #2403)", async () => {
    const people = senders(36);
    // The child's address is the same every time; find it out.
    const probe = await createEngine({ workers: 1 });
    probe.setCode(contract, factory);
    fund(probe, people);
    await mine(probe, [
      message({ sender: people[0]!, to: contract, data: words(1, beneficiary, 0), gasLimit: 900_000n }),
    ]);
    const target = created(probe, 1);
    await probe.close();

    const messages = people.map((sender, i) => {
      if (i % 3 === 0) return message({ sender, to: target, value: 1000n + BigInt(i) });
      // Dies in favour of the beneficiary, or of itself (which burns); then gets 5 wei that die with it.
      const heir = i % 3 === 1 ? beneficiary : target;
      return message({ sender, to: contract, value: 10n, data: words(1, heir, 5), gasLimit: 900_000n });
    });
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, factory);
        engine.setBalance(contract, 10_000n);
        fund(engine, people);
      },
      messages,
      (engine) => {
        assert.equal(engine.getBalance(target), 0n);
        assert.equal(engine.getCode(target).length, 0);
        assert.equal(engine.getNonce(target), 0n);
        assert.equal(BigInt(engine.getStorage(target, word(0))), 0n);
        // Each of the twelve heirs' rounds finds what the transfer before it brought, and 10 wei of its own.
        const expected = people.reduce(
          (sum, _, i) => (i % 3 === 1 ? sum + 1000n + BigInt(i - 1) + 10n : sum),
          0n,
        );
        assert.equal(engine.getBalance(beneficiary), expected);
        assert.equal(engine.getBalance(contract), 10_000n - 5n * 24n);
      },
    );
    assertAllSucceeded(mined, 36);
  });

  it("come back at the same address with nonce 1 and other code (Erigon #23206, #21590)", async () => {
    const people = senders(16);
    await fleet.agree(async (engine) => {
      engine.setCode(contract, factory);
      fund(engine, people);
      const die = (sender: Address, nonce: bigint) =>
        message({ sender, nonce, to: contract, data: words(2, beneficiary, 0), gasLimit: 900_000n });
      const first = await mine(
        engine,
        people.map((sender) => die(sender, 0n)),
      );
      assertAllSucceeded(first, 16);
      // This time it stays, in the middle of the block, and later creations at its address fail.
      const second = await mine(
        engine,
        people.map((sender, i) =>
          i < 8
            ? die(sender, 1n)
            : message({ sender, nonce: 1n, to: contract, data: words(2, 0, 0), gasLimit: 900_000n }),
        ),
      );
      assertAllSucceeded(second, 16);
      const target = second.execution.included[8]!;
      assert.ok(target.success);
      return [first, second];
    });
  });

  it("see their storage begin at zero every time (grevm #62, #91)", async () => {
    const people = senders(24);
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, factory);
        fund(engine, people);
      },
      people.map((sender, i) =>
        // Three salts; the last creation of each stays.
        message({
          sender,
          to: contract,
          data: words(i % 3, i < 21 ? beneficiary : 0, 0),
          gasLimit: 900_000n,
        }),
      ),
      (engine) => {
        for (const salt of [0, 1, 2]) {
          const target = created(engine, salt);
          assert.notEqual(BigInt(target), 0n);
          assert.equal(engine.getNonce(target), 1n);
          // The constructor's answer from the factory (22 + salt creations), and one for the payment's call.
          assert.equal(BigInt(engine.getStorage(target, word(0))), BigInt(22 + salt + 1));
        }
      },
    );
    assertAllSucceeded(mined, 24);
  });

  it("are gone from the state when they end up empty (EIP-161, grevm #103)", async () => {
    const people = senders(20);
    const ghost = address(700);
    // Touches the ghost with nothing, and notes whether it exists.
    const toucher = new Assembler()
      .ops("0 0 0 0 0")
      .push(BigInt(ghost))
      .ops("GAS CALL POP")
      .push(BigInt(ghost))
      .ops("EXTCODEHASH CALLER SSTORE")
      .assemble();
    const { digest } = await agree(
      (engine) => {
        engine.setCode(contract, toucher);
        fund(engine, people);
      },
      people.map((sender, i) =>
        i === 10 ? message({ sender, to: ghost, value: 1n }) : message({ sender, to: contract }),
      ),
      (engine, mined) => {
        assertAllSucceeded(mined, 20);
        for (const [i, sender] of people.entries()) {
          if (i === 10) continue;
          const seen = engine.getStorage(contract, word(BigInt(sender)));
          assert.equal(seen, i < 10 ? word(0) : KECCAK_EMPTY, `transaction ${i}`);
        }
      },
    );
    // The same without the touches: a touched empty account leaves nothing in the trie.
    const engine = await createEngine({ workers: 1 });
    fund(engine, people);
    const before = engine.stateRoot();
    engine.setBalance(ghost, 0n);
    engine.setNonce(ghost, 0n);
    assert.equal(engine.stateRoot(), before);
    engine.setBalance(ghost, 1n);
    assert.notEqual(engine.stateRoot(), before);
    engine.setBalance(ghost, 0n);
    assert.equal(engine.stateRoot(), before);
    assert.notEqual(digest.stateRoot, before);
    await engine.close();
  });
});

describe("inner reverts", () => {
  it("undo deltas and values at every depth", async () => {
    // Word 0 is the depth. Pays 3 wei to the sink, counts, logs, stores transiently; calls itself one deeper; reverts when the
    // depth is odd.
    const sink = address(800);
    const nested = new Assembler()
      .ops("0 0 0 0 3")
      .push(BigInt(sink))
      .ops("GAS CALL POP 0 SLOAD 1 ADD 0 SSTORE 0 CALLDATALOAD 0 0 LOG1 7 TLOAD 1 ADD 7 TSTORE")
      .ops("0 CALLDATALOAD ISZERO")
      .at("end")
      .ops("JUMPI 1 0 CALLDATALOAD SUB 0 MSTORE 0 0 32 0 0 ADDRESS GAS CALL POP")
      .label("end")
      .ops("1 0 CALLDATALOAD AND")
      .at("revert")
      .ops("JUMPI 7 TLOAD 1 SSTORE STOP")
      .label("revert")
      .ops("0 0 REVERT")
      .assemble();
    const people = senders(30);
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, nested);
        engine.setBalance(contract, ETHER);
        fund(engine, people);
      },
      people.map((sender, i) => message({ sender, to: contract, data: words(i % 5), gasLimit: 500_000n })),
      (engine, { execution }) => {
        // Only even outermost depths survive, and of them only the outermost frame: the odd ones below revert all beneath.
        const survivors = people.filter((_, i) => (i % 5) % 2 === 0).length;
        assert.equal(engine.getBalance(sink), 3n * BigInt(survivors));
        assert.equal(engine.getBalance(contract), ETHER - 3n * BigInt(survivors));
        assert.equal(BigInt(engine.getStorage(contract, word(0))), BigInt(survivors));
        assert.equal(BigInt(engine.getStorage(contract, word(1))), 1n);
        for (const { success, logs, position } of execution.included) {
          assert.equal(success, (position % 5) % 2 === 0);
          assert.equal(logs.length, success ? 1 : 0);
        }
      },
    );
    assert.equal(mined.execution.included.length, 30);
  });
});

describe("keys", () => {
  it("that differ in one bit are different locations", async () => {
    const slots = Array.from({ length: 256 }, (_, bit) => 1n << BigInt(bit));
    const twins = Array.from({ length: 160 }, (_, bit) => 1n << BigInt(bit)).slice(9);
    const [sender] = senders(1) as [Address];
    // Stores word 1 in the slot word 0, and sends a wei to word 0's account.
    const writer = assemble("32 CALLDATALOAD 0 CALLDATALOAD SSTORE 0 0 0 0 1 0 CALLDATALOAD GAS CALL");
    const messages = slots.map((slot, i) =>
      message({ sender, nonce: BigInt(i), to: contract, data: words(slot, i + 1), gasLimit: 200_000n }),
    );
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, writer);
        engine.setBalance(contract, ETHER);
        fund(engine, [sender]);
      },
      messages,
      (engine) => {
        for (const [i, slot] of slots.entries()) {
          assert.equal(BigInt(engine.getStorage(contract, word(slot))), BigInt(i + 1));
        }
        for (const twin of twins) {
          // Slots above bit 159 name the account 0: a word's upper twelve bytes don't count in an address.
          assert.equal(engine.getBalance(`0x${twin.toString(16).padStart(40, "0")}`), 1n);
        }
      },
    );
    assertAllSucceeded(mined, 256);
  });
});

describe("access sets", () => {
  it("hold no write of a value that was there before, nor of one that was put back", async () => {
    const [silent, back, real] = senders(3) as [Address, Address, Address];
    const setter = assemble(
      // stores word 1, then word 2, in slot word 0
      "32 CALLDATALOAD 0 CALLDATALOAD SSTORE 64 CALLDATALOAD 0 CALLDATALOAD SSTORE",
    );
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, setter);
        engine.setStorage(contract, word(3), word(5));
        fund(engine, [silent, back, real]);
      },
      [
        message({ sender: silent, to: contract, data: words(3, 5, 5) }),
        message({ sender: back, to: contract, data: words(3, 6, 5) }),
        message({ sender: real, to: contract, data: words(3, 5, 6) }),
      ],
    );
    assertAllSucceeded(mined, 3);
    const slot = `slot 3 of ${contract}`;
    assert.deepEqual(
      [0, 1, 2].map((i) => accessesOf(mined, i).writes.includes(slot)),
      [false, false, true],
    );
    assert.deepEqual(
      [0, 1, 2].map((i) => accessesOf(mined, i).reads.includes(slot)),
      [true, true, true],
    );
  });
});

describe("telemetry", () => {
  it("shows no second attempt where stores were silent", async () => {
    const setter = assemble("5 0 SSTORE 0 SLOAD CALLER SSTORE");
    const people = senders(40);
    const engine = await createEngine({ workers: 1, replaySeed: 5n });
    engine.setCode(contract, setter);
    engine.setStorage(contract, word(0), word(5));
    fund(engine, people);
    const mined = await mine(
      engine,
      people.map((sender) => message({ sender, to: contract })),
    );
    assertAllSucceeded(mined, 40);
    for (const { attempts, wastedGas, conflicts } of mined.execution.telemetry) {
      assert.deepEqual({ attempts, wastedGas, conflicts }, { attempts: 1, wastedGas: 0n, conflicts: [] });
    }
    await engine.close();
  });

  it("shows no second attempt where a value was changed and put back", async () => {
    // Word 0 goes to slot 0; without data, what stands there goes to the caller's slot.
    const both = new Assembler()
      .ops("CALLDATASIZE")
      .at("set")
      .ops("JUMPI 0 SLOAD CALLER SSTORE STOP")
      .label("set")
      .ops("0 CALLDATALOAD 0 SSTORE")
      .assemble();
    const people = senders(120);
    const engine = await createEngine({ workers: 1, replaySeed: 5n });
    engine.setCode(contract, both);
    engine.setStorage(contract, word(0), word(5));
    fund(engine, people);
    const mined = await mine(
      engine,
      people.map((sender, i) => message({ sender, to: contract, data: i < 2 ? words(i * 5) : "0x" })),
    );
    assertAllSucceeded(mined, 120);
    const wasted = mined.execution.telemetry.slice(2).filter(({ attempts }) => attempts > 1);
    assert.ok(wasted.length > 0, "the replay mode never handed out an older cell");
    // Storing 0 costs 2,200 gas, storing 5 22,100: only who saw the 0 in between ran again.
    for (const { index, wastedGas } of wasted) {
      assert.ok(wastedGas < 40_000n, `transaction ${index}: ${wastedGas}`);
    }
    await engine.close();
  });

  it("names writer, location and program counter of a read that no longer held", async () => {
    const people = senders(60);
    const engine = await createEngine({ workers: 1, replaySeed: 9n });
    engine.setCode(contract, COUNTER); // its SLOAD of slot 0 is at pc 1
    fund(engine, people);
    const mined = await mine(
      engine,
      people.map((sender) => message({ sender, to: contract })),
    );
    assertAllSucceeded(mined, 60);
    const again = mined.execution.telemetry.filter(({ attempts }) => attempts > 1);
    assert.ok(again.length > 0, "the replay mode never handed out an older cell");
    for (const { index, attempts, wastedGas, conflicts } of again) {
      assert.equal(attempts, 2);
      assert.ok(wastedGas > 21_000n);
      assert.equal(conflicts.length, 1);
      const [conflict] = conflicts;
      assert.deepEqual(conflict!.location, { kind: "storage", address: contract, slot: word(0) });
      assert.equal(conflict!.writer, index - 1); // everyone writes it: the last before
      assert.equal(conflict!.pc, 1);
    }
    for (const { attempts, conflicts } of mined.execution.telemetry) {
      if (attempts === 1) assert.deepEqual(conflicts, []);
    }
    await engine.close();
  });
});

describe("planted faults", () => {
  for (const [name, faults] of Object.entries({
    "without validation": { skipValidation: true },
    "with every read missing from the log": { dropRead: 1 },
  })) {
    it(`show in the state root: ${name}`, async () => {
      const people = senders(60);
      const roots: string[] = [];
      for (const options of [{ workers: 1 }, { workers: 1, replaySeed: 9n, faults }]) {
        const engine = await createEngine(options);
        engine.setCode(contract, COUNTER);
        fund(engine, people);
        const mined = await mine(
          engine,
          people.map((sender) => message({ sender, to: contract })),
        );
        roots.push(mined.digest.stateRoot);
        await engine.close();
      }
      assert.notEqual(roots[1], roots[0]);
    });
  }
});
