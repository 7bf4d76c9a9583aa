// Calls on a view of the state: old versions, overrides, access lists, failures. A call never changes anything, and nothing
// of one call is left for the next. Then recovery of senders, and what the engine refuses to take.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { after, before, describe, it } from "node:test";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type {
  Address,
  BlockEnvironment,
  CallOptions,
  CallResult,
  Engine,
  Message,
} from "../../../chain/src/engine/types.ts";
import { Assembler } from "../../fuzz/assembler.ts";
import { address, assemble, ETHER, environment, hex, message, mine, word, words } from "./support/engine.ts";

const alice = address(1);
const bob = address(2);
const contract = address(3);
const other = address(4);

let engine: Engine;
before(async () => {
  engine = await createEngine({ workers: 1 });
});
after(() => engine.close());

function call(
  changes: Partial<Message>,
  options: CallOptions = {},
  env: Partial<BlockEnvironment> = {},
): CallResult {
  return engine.call(
    environment(env),
    engine.pack(message({ sender: alice, to: contract, ...changes })),
    options,
  );
}

/** What word-returning code at `contract` answers. */
function ask(code: string, options: CallOptions = {}, changes: Partial<Message> = {}): bigint {
  const runtime = hex(assemble(`${code} 0 MSTORE 32 0 RETURN`));
  const overrides = { ...options.overrides, [contract]: { ...options.overrides?.[contract], code: runtime } };
  const result = call(changes, { ...options, overrides });
  assert.deepEqual([result.success, result.invalid, result.halt], [true, undefined, undefined]);
  return BigInt(hex(result.output));
}

describe("a call", () => {
  it("changes nothing, whatever it does", () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    engine.setBalance(contract, ETHER);
    engine.setStorage(contract, word(1), word(1));
    engine.setCode(
      contract,
      new Assembler()
        .ops("9 1 SSTORE 9 2 SSTORE 7 TLOAD 7 7 TSTORE 0 SSTORE")
        .ops("0 0 0 0 5")
        .push(BigInt(bob))
        .ops("GAS CALL POP 0 0 0 CREATE POP 32 0 0 LOG1")
        .push(BigInt(bob))
        .ops("SELFDESTRUCT")
        .assemble(),
    );
    const root = engine.stateRoot();
    const { head } = engine;
    const results = [1, 2, 3].map(() => call({ gasLimit: 500_000n, value: 3n }));
    assert.deepEqual(results[1], results[0]);
    assert.deepEqual(results[2], results[0]);
    assert.equal(results[0]!.success, true);
    assert.equal(results[0]!.logs.length, 1);
    assert.equal(engine.head, head);
    assert.equal(engine.stateRoot(), root);
    assert.equal(engine.getBalance(contract), ETHER);
    assert.equal(engine.getNonce(alice), 0n);
  });

  it("may stand inside an open block and sees it", async () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    engine.beginBlock(environment());
    engine.setBalance(bob, 5n);
    assert.equal(ask(`${bob} BALANCE`), 5n);
    await engine.executeTransactions([engine.pack(message({ sender: alice, to: bob, value: 7n }))]);
    assert.equal(ask(`${bob} BALANCE`), 12n);
    const { version } = await engine.seal();
    assert.equal(ask(`${bob} BALANCE`, { at: version }), 12n);
    assert.equal(engine.getBalance(bob), 12n);
  });

  it("that fails tells how, and leaves the next one alone", () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    engine.setStorage(contract, word(0), word(77));
    const good = () => ask("0 SLOAD 0 TLOAD ADD 5 0 TSTORE");
    assert.equal(good(), 77n);
    const failing: [code: string, halt: string, changes?: Partial<Message>][] = [
      ["0xdead 0 MSTORE 32 0 REVERT", "revert"],
      ["INVALID", "invalid-opcode"],
      ["POP", "stack-underflow"],
      ["1 JUMP", "invalid-jump"],
      ["1 0 0 RETURNDATACOPY", "return-data-out-of-bounds"],
      ["0xffffffffff MLOAD", "out-of-gas"],
      ["0 0 0 0 0 ADDRESS GAS CALL 1 0 SSTORE 0 0 REVERT", "revert", { gasLimit: 10_000_000n }],
    ];
    for (const [code, halt, changes] of failing) {
      const result = call(changes ?? {}, { overrides: { [contract]: { code: hex(assemble(code)) } } });
      assert.deepEqual([result.success, result.halt, result.invalid], [false, halt, undefined], code);
      assert.deepEqual(result.logs, []);
      if (code.startsWith("0xdead")) assert.equal(hex(result.output), word(0xdead));
      else assert.equal(result.output.length, 0);
      if (halt !== "revert") assert.equal(result.gasUsed, 200_000n);
      assert.equal(good(), 77n);
    }
  });

  it("that is invalid did not run", () => {
    engine.reset();
    engine.setBalance(alice, 1_000_000n);
    const cases: [Partial<Message>, string][] = [
      [{ gasLimit: 20_999n }, "intrinsic-gas-too-low"],
      [{ value: ETHER }, "insufficient-funds"],
      [{ maxFeePerGas: 6n }, "max-fee-below-base-fee"],
      [{ maxPriorityFeePerGas: 101n }, "priority-fee-above-max-fee"],
      [{ type: 3, blobVersionedHashes: [] }, "no-blobs"],
      [
        { to: null, data: `0x${"00".repeat(49_153)}`, gasLimit: 10_000_000n, maxFeePerGas: 7n },
        "initcode-too-large",
      ],
    ];
    for (const [changes, invalid] of cases) {
      const result = call(changes);
      assert.deepEqual([result.success, result.invalid, result.gasUsed], [false, invalid, 0n]);
    }
  });

  it("does not look at nonce, sender code or the cap of EIP-7825", () => {
    engine.reset();
    engine.setBalance(contract, ETHER);
    engine.setCode(contract, assemble("1 0 MSTORE 32 0 RETURN"));
    const result = call({ sender: contract, nonce: 99n, gasLimit: 50_000_000n });
    assert.deepEqual([result.success, result.invalid], [true, undefined]);
  });

  it("without a gas price needs no funds but the value", () => {
    engine.reset();
    engine.setBalance(alice, 10n);
    const free = { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n };
    assert.equal(call({ ...free, to: bob, value: 10n }, {}, { noBaseFee: true }).success, true);
    assert.equal(
      call({ ...free, to: bob, value: 11n }, {}, { noBaseFee: true }).invalid,
      "insufficient-funds",
    );
    assert.equal(call({ ...free, to: bob }).invalid, "max-fee-below-base-fee");
  });

  it("sees the state at any version", async () => {
    engine.reset();
    const versions: number[] = [];
    engine.setBalance(alice, ETHER);
    engine.setCode(other, assemble("0 CALLDATALOAD 0 SSTORE"));
    for (let i = 0; i < 20; i++) {
      const { version } = await mine(engine, [
        message({ sender: alice, to: other, nonce: BigInt(i), data: words(i + 1) }),
      ]);
      engine.setCode(
        bob,
        Uint8Array.from({ length: i }, () => 0),
      );
      versions.push(version, engine.head);
    }
    const read = hex(assemble("0 SLOAD 0 MSTORE 32 0 RETURN"));
    for (const [n, at] of versions.entries()) {
      const i = n >> 1;
      assert.equal(ask(`${bob} EXTCODESIZE`, { at }), BigInt(n % 2 ? i : Math.max(0, i - 1)));
      const result = call({ to: other }, { at, overrides: { [other]: { code: read } } });
      assert.equal(BigInt(hex(result.output)), BigInt(i + 1));
    }
    assert.equal(ask(`${other} EXTCODESIZE`, { at: 0, overrides: { [alice]: { balance: ETHER } } }), 0n);
  });
});

describe("overrides", () => {
  it("of balance, nonce and code are what the call finds", () => {
    engine.reset();
    const overrides = {
      [alice]: { balance: ETHER, nonce: 41n },
      [bob]: { balance: 9n, code: "0x6001" },
    } as const;
    assert.equal(ask(`${bob} BALANCE`, { overrides }), 9n);
    assert.equal(ask(`${bob} EXTCODESIZE`, { overrides }), 2n);
    const created = call({ to: null, data: "0x" }, { overrides });
    // keccak(rlp(alice, 41)) has a nonce of one byte.
    const rlp = Buffer.concat([
      Buffer.from("d694", "hex"),
      Buffer.from(alice.slice(2), "hex"),
      Buffer.from([41]),
    ]);
    assert.equal(created.contractAddress, `0x${hex(engine.keccak(rlp)).slice(26)}`);
    assert.equal(engine.getBalance(bob), 0n);
    assert.equal(ask(`${bob} BALANCE`, { overrides: { [alice]: { balance: ETHER } } }), 0n);
  });

  it("of storage replace all of it, or single slots", () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    for (let i = 0; i < 4; i++) engine.setStorage(contract, word(i), word(i + 10));
    const sum = "0 SLOAD 1 SLOAD 2 SLOAD 3 SLOAD 100 MUL ADD 100 MUL ADD 100 MUL ADD";
    assert.equal(ask(sum), 13121110n);
    const slots = { [word(1)]: word(55), [word(3)]: word(0) };
    assert.equal(ask(sum, { overrides: { [contract]: { stateDiff: slots } } }), 125510n);
    assert.equal(ask(sum, { overrides: { [contract]: { state: slots } } }), 5500n);
    assert.equal(ask(sum, { overrides: { [contract]: { state: {} } } }), 0n);
    assert.equal(ask(sum), 13121110n);
    // An overridden slot is the original value: clearing it is refunded like any other.
    const clear = call(
      {},
      { overrides: { [contract]: { code: hex(assemble("0 9 SSTORE")), stateDiff: { [word(9)]: word(1) } } } },
    );
    assert.equal(clear.gasRefunded, 4800n);
  });

  it("of an account with code of its own last no longer than the call", () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    engine.setCode(bob, assemble("1 0 MSTORE 32 0 RETURN"));
    const two = { [bob]: { code: hex(assemble("2 0 MSTORE 32 0 RETURN")) } };
    const answers = [{}, two, {}].map((overrides) => BigInt(hex(call({ to: bob }, { overrides }).output)));
    assert.deepEqual(answers, [1n, 2n, 1n]);
  });
});

describe("the access list", () => {
  it("names every account and slot that was touched, once", () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    engine.setCode(
      contract,
      new Assembler()
        .ops("5 SLOAD POP 6 SLOAD POP 1 5 SSTORE")
        .push(BigInt(other))
        .ops("EXTCODESIZE POP 0 0 0 0 0 4 GAS CALL POP 0 0 0 0 0")
        .push(BigInt(bob))
        .ops("GAS CALL")
        .assemble(),
    );
    engine.setCode(bob, assemble("7 SLOAD STOP"));
    const { accessList } = call({});
    const listed = new Map(accessList.map(({ address: who, storageKeys }) => [who, [...storageKeys].sort()]));
    assert.equal(listed.size, accessList.length);
    assert.deepEqual(listed.get(contract), [word(5), word(6)]);
    assert.deepEqual(listed.get(bob), [word(7)]);
    assert.deepEqual(listed.get(other), []);
    assert.equal(listed.has(`0x${"4".padStart(40, "0")}`), false, "precompiles are always warm");
    // Given to the same call it makes the cold accesses warm, and the list stays the same.
    const again = call({ type: 1, accessList });
    assert.deepEqual(
      new Map(again.accessList.map(({ address: who, storageKeys }) => [who, [...storageKeys].sort()])),
      listed,
    );
  });

  it("leaves out what a reverted message touched, and may be long", () => {
    engine.reset();
    engine.setBalance(alice, ETHER);
    engine.setCode(bob, assemble("7 SLOAD 0 0 REVERT"));
    engine.setCode(
      contract,
      new Assembler()
        .ops("0 0 0 0 0")
        .push(BigInt(bob))
        .ops("GAS CALL POP 3000")
        .label("loop")
        .ops("1 SWAP1 SUB DUP1 SLOAD POP DUP1")
        .at("loop")
        .ops("JUMPI STOP")
        .assemble(),
    );
    const { accessList, success } = call({ gasLimit: 16_000_000n });
    assert.equal(success, true);
    assert.equal(accessList.find(({ address: who }) => who === contract)!.storageKeys.length, 3000);
    assert.deepEqual(accessList.find(({ address: who }) => who === bob)!.storageKeys, []);
  });
});

describe("memory", () => {
  const huge = { gasLimit: 2n ** 62n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n } as const;

  it("that does not fit makes a call invalid, not the engine", () => {
    engine.reset();
    const overrides = { [contract]: { code: hex(assemble("1 0xf0000000 MSTORE")) } };
    const result = call(huge, { overrides }, { noBaseFee: true, hardfork: "cancun" });
    assert.deepEqual([result.success, result.invalid], [false, "out-of-memory"]);
    const small = { [contract]: { code: hex(assemble("1 0x100000 MSTORE MSIZE 0 MSTORE 32 0 RETURN")) } };
    const next = call(huge, { overrides: small }, { noBaseFee: true, hardfork: "cancun" });
    assert.equal(BigInt(hex(next.output)), 0x10_0020n);
  });
});

describe("sender recovery", () => {
  const { ecdsaSign, publicKeyCreate } = createRequire(import.meta.url)("secp256k1") as {
    ecdsaSign(hash: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number };
    publicKeyCreate(key: Uint8Array, compressed: boolean): Uint8Array;
  };

  it("of 10,000 signatures is the same on one thread and on three", async () => {
    const keys = Array.from({ length: 20 }, (_, i) => createHash("sha256").update(`key ${i}`).digest());
    const owners = keys.map((key) => {
      const point = publicKeyCreate(key, false).subarray(1);
      return `0x${hex(engine.keccak(point)).slice(26)}` as Address;
    });
    const signed = Array.from({ length: 100 }, (_, i) => {
      const hash = Uint8Array.from(createHash("sha256").update(`message ${i}`).digest());
      const { signature, recid } = ecdsaSign(hash, keys[i % 20]!);
      return { hash, r: signature.slice(0, 32), s: signature.slice(32), yParity: recid as 0 | 1 };
    });
    const items = Array.from({ length: 10_000 }, (_, i) => {
      const item = signed[(i * 7) % 100]!;
      // Every hundredth is no signature at all; every 101st is somebody else's.
      if (i % 100 === 99) return { ...item, r: new Uint8Array(32) };
      return i % 101 === 100 ? { ...item, yParity: (item.yParity ^ 1) as 0 | 1 } : item;
    });
    const many = await createEngine({ workers: 3 });
    try {
      const one = await engine.recoverSenders(items);
      const three = await many.recoverSenders(items);
      assert.deepEqual(three, one);
      for (const [i, found] of one.entries()) {
        const owner = owners[((i * 7) % 100) % 20];
        if (i % 100 === 99) assert.equal(found, null);
        else if (i % 101 === 100) assert.notEqual(found, owner);
        else assert.equal(found, owner, `item ${i}`);
      }
      // Few, and none.
      assert.deepEqual(await many.recoverSenders(items.slice(0, 3)), one.slice(0, 3));
      assert.deepEqual(await many.recoverSenders([]), []);
    } finally {
      await many.close();
    }
  });

  it("refuses digests and scalars that are not 32 bytes", async () => {
    const good = {
      hash: new Uint8Array(32),
      r: new Uint8Array(32),
      s: new Uint8Array(32),
      yParity: 0 as const,
    };
    for (const field of ["hash", "r", "s"] as const) {
      for (const length of [0, 31, 33]) {
        const bad = { ...good, [field]: new Uint8Array(length) };
        await assert.rejects(engine.recoverSenders([good, bad]), new RegExp(`item 1: ${field} .*32 bytes`));
      }
    }
  });
});

describe("numbers that do not fit", () => {
  it("are refused by setters and by pack(), with the field's name", () => {
    for (const wrong of [-1n, 2n ** 256n]) {
      assert.throws(() => engine.setBalance(alice, wrong), RangeError);
      assert.throws(() => engine.pack(message({ sender: alice, value: wrong })), RangeError);
      assert.throws(() => engine.pack(message({ sender: alice, maxFeePerGas: wrong })), RangeError);
      assert.throws(
        () => engine.call(environment({ baseFeePerGas: wrong }), engine.pack(message({ sender: alice }))),
        RangeError,
      );
    }
    for (const wrong of [-1n, 2n ** 64n]) {
      assert.throws(() => engine.setNonce(alice, wrong), /nonce/);
      assert.throws(() => engine.pack(message({ sender: alice, nonce: wrong })), /nonce/);
      assert.throws(() => engine.pack(message({ sender: alice, gasLimit: wrong })), /gas limit/);
      const tuple = { chainId: 1n, address: bob, nonce: wrong, authority: bob };
      assert.throws(
        () => engine.pack(message({ type: 4, sender: alice, authorizationList: [tuple] })),
        /nonce/,
      );
      assert.throws(() => engine.beginBlock(environment({ gasLimit: wrong })), /gas limit/);
      assert.throws(() => engine.beginBlock(environment({ timestamp: wrong })), /timestamp/);
      assert.throws(() => engine.beginBlock(environment({ number: wrong })), /number/);
    }
  });

  it("leave no block open and no half-made change behind", () => {
    engine.reset();
    assert.throws(() => engine.setBalance(alice, -1n));
    engine.setBalance(alice, 3n);
    assert.equal(engine.getBalance(alice), 3n);
    engine.revertTo(0);
    assert.equal(engine.getBalance(alice), 0n);
    assert.throws(() => engine.beginBlock(environment({ number: -1n })));
    engine.beginBlock(environment());
    assert.throws(() => engine.credit(alice, -1n), RangeError);
    engine.abandon();
  });
});
