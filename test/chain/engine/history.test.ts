// The versions of the state: reads at every height, reverts and other futures, snapshots between setters, abandoned blocks.
// The reference is a plain copy of everything after every step.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Address, Engine, EngineOptions, Hash, Message } from "../../../chain/src/engine/types.ts";
import { address, assemble, ETHER, environment, hex, message, mine, word, words } from "./support/engine.ts";

/** A small linear congruential generator (Knuth's MMIX constants): the same run every time. */
function randomness(seed: bigint): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state * 6_364_136_223_846_793_005n + 1_442_695_040_888_963_407n) % 2n ** 64n;
    return Number((state >> 33n) % BigInt(below));
  };
}

interface Account {
  balance: bigint;
  nonce: bigint;
  code: string;
  storage: Map<Hash, Hash>;
}

/** The model: what every account holds, for the accounts and slots that the test uses. */
class Model {
  readonly accounts = new Map<Address, Account>();

  of(who: Address): Account {
    let account = this.accounts.get(who);
    if (!account) {
      account = { balance: 0n, nonce: 0n, code: "0x", storage: new Map() };
      this.accounts.set(who, account);
    }
    return account;
  }

  copy(): Model {
    const model = new Model();
    for (const [who, account] of this.accounts) {
      model.accounts.set(who, { ...account, storage: new Map(account.storage) });
    }
    return model;
  }
}

const USERS = Array.from({ length: 8 }, (_, i) => address(100 + i));
const CONTRACTS = Array.from({ length: 3 }, (_, i) => address(200 + i));
const SLOTS = Array.from({ length: 6 }, (_, i) => word(i));
const COINBASE_TIP = 1n;
const COINBASE: Address = "0xc014ba5e00000000000000000000000000000000";

/** Stores word 1 in the slot word 0; its gas is told by the receipt, since it depends on what was there. */
const STORE = assemble("32 CALLDATALOAD 0 CALLDATALOAD SSTORE");
const CODES = [STORE, assemble("STOP"), assemble("0 0 REVERT")];

function hold(engine: Engine, model: Model, version: number | undefined, what: string): void {
  for (const who of [...USERS, ...CONTRACTS, COINBASE]) {
    const expected = model.accounts.get(who) ?? { balance: 0n, nonce: 0n, code: "0x", storage: new Map() };
    assert.equal(engine.getBalance(who, version), expected.balance, `${what}: balance of ${who}`);
    assert.equal(engine.getNonce(who, version), expected.nonce, `${what}: nonce of ${who}`);
    assert.equal(hex(engine.getCode(who, version)), expected.code, `${what}: code of ${who}`);
    for (const slot of SLOTS) {
      const value = expected.storage.get(slot) ?? word(0);
      assert.equal(engine.getStorage(who, slot, version), value, `${what}: slot ${slot} of ${who}`);
    }
  }
}

/** Random steps on an engine and the model alike. */
class Walk {
  readonly engine: Engine;
  model = new Model();
  readonly random: (below: number) => number;

  constructor(engine: Engine, seed: bigint) {
    this.engine = engine;
    this.random = randomness(seed);
  }

  pick<T>(list: readonly T[]): T {
    return list[this.random(list.length)]!;
  }

  setter(): void {
    const { engine, model } = this;
    switch (this.random(4)) {
      case 0: {
        const who = this.pick(USERS);
        const balance = this.random(5) === 0 ? 0n : BigInt(this.random(1000)) * ETHER;
        engine.setBalance(who, balance);
        model.of(who).balance = balance;
        break;
      }
      case 1: {
        const who = this.pick(USERS);
        const nonce = model.of(who).nonce + BigInt(this.random(3));
        engine.setNonce(who, nonce);
        model.of(who).nonce = nonce;
        break;
      }
      case 2: {
        const who = this.pick(CONTRACTS);
        const code = this.pick(CODES);
        engine.setCode(who, code);
        model.of(who).code = hex(code);
        break;
      }
      default: {
        const who = this.pick(CONTRACTS);
        const slot = this.pick(SLOTS);
        const value = word(this.random(4));
        engine.setStorage(who, slot, value);
        model.of(who).storage.set(slot, value);
      }
    }
  }

  /** Messages whose effects the model can tell: stores and plain transfers. */
  #messages(count: number): Message[] {
    const nonces = new Map<Address, bigint>();
    return Array.from({ length: count }, () => {
      const sender = this.pick(USERS);
      const nonce = nonces.get(sender) ?? this.model.of(sender).nonce;
      nonces.set(sender, nonce + 1n);
      if (this.random(2) === 0) return message({ sender, nonce, to: this.pick(USERS), value: 7n });
      const data = words(this.random(SLOTS.length), this.random(4));
      return message({ sender, nonce, to: this.pick(CONTRACTS), data });
    });
  }

  /** Executes a block; the model follows the receipts, since what gas costs is not this test's matter. */
  async block(count: number, fate: "seal" | "abandon"): Promise<void> {
    const { engine } = this;
    const before = this.model.copy();
    const { model } = this;
    engine.beginBlock(environment());
    if (this.random(2) === 0) this.setter();
    const messages = this.#messages(count);
    const execution = await engine.executeTransactions(messages.map((m) => engine.pack(m)));
    for (const { position, success, gasUsed } of execution.included) {
      const { sender, to, value, data } = messages[position]!;
      model.of(sender).nonce += 1n;
      model.of(sender).balance -= gasUsed * (7n + COINBASE_TIP);
      model.of(COINBASE).balance += gasUsed * COINBASE_TIP;
      if (!success) continue;
      model.of(sender).balance -= value;
      model.of(to!).balance += value;
      const { code, storage } = model.of(to!);
      if (code === hex(STORE) && data !== "0x") {
        storage.set(`0x${data.slice(2, 66)}` as Hash, `0x${data.slice(66, 130)}` as Hash);
      }
    }
    engine.credit(USERS[0]!, 3n);
    model.of(USERS[0]!).balance += 3n;
    if (this.random(2) === 0) this.setter();
    if (this.random(3) === 0) engine.stateRoot();
    if (fate === "seal") {
      await engine.seal();
    } else {
      engine.abandon();
      this.model = before;
    }
  }
}

async function using(options: EngineOptions, body: (engine: Engine) => Promise<void>): Promise<void> {
  const engine = await createEngine(options);
  try {
    await body(engine);
  } finally {
    await engine.close();
  }
}

interface Recorded {
  version: number;
  model: Model;
  root: Hash;
}

const record = ({ engine, model }: Walk): Recorded => ({
  version: engine.head,
  model: model.copy(),
  root: engine.stateRoot(),
});

for (const options of [{ workers: 1 }, { workers: 2 }] as const) {
  describe(`history with ${options.workers} worker(s)`, () => {
    it("answers for every one of 100 blocks, whatever was set between them", () =>
      using(options, async (engine) => {
        const walk = new Walk(engine, 1n);
        for (const user of USERS) {
          engine.setBalance(user, ETHER);
          walk.model.of(user).balance = ETHER;
        }
        const recorded: Recorded[] = [record(walk)];
        for (let i = 0; i < 100; i++) {
          for (let n = walk.random(3); n > 0; n--) {
            walk.setter();
            recorded.push(record(walk));
          }
          await walk.block(walk.random(9), "seal");
          recorded.push(record(walk));
        }
        for (const [i, { version, model }] of recorded.entries()) {
          hold(engine, model, version, `step ${i}`);
        }
        hold(engine, walk.model, undefined, "now");
        // A call sees the same.
        for (const { version, model } of recorded.filter((_, i) => i % 10 === 3)) {
          const message_ = message({
            sender: USERS[1]!,
            to: address(999),
            maxFeePerGas: 7n,
            gasLimit: 100_000n,
          });
          const { success, output, invalid } = engine.call(
            environment({ noBaseFee: true }),
            engine.pack({ ...message_, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n }),
            {
              at: version,
              overrides: { [address(999)]: { code: hex(assemble("CALLER BALANCE 0 MSTORE 32 0 RETURN")) } },
            },
          );
          assert.deepEqual([success, invalid], [true, undefined]);
          assert.equal(BigInt(hex(output)), model.of(USERS[1]!).balance);
        }
        // And so does the state after each revert, newest first.
        for (const [i, { version, model, root }] of [...recorded.entries()].reverse()) {
          if (i % 7 !== 0) continue;
          engine.revertTo(version);
          assert.equal(engine.head, version);
          hold(engine, model, undefined, `after going back to step ${i}`);
          assert.equal(engine.stateRoot(), root, `root of step ${i}`);
        }
      }));

    it("goes back and on differently, to the same state as one that never went the other way", () =>
      using(options, async (engine) => {
        for (let round = 0; round < 12; round++) {
          engine.reset();
          const walk = new Walk(engine, BigInt(1000 + round));
          for (const user of USERS) {
            engine.setBalance(user, ETHER);
            walk.model.of(user).balance = ETHER;
          }
          const script: ((walk: Walk) => Promise<void> | void)[] = [];
          const saved: (Recorded & { steps: number })[] = [];
          for (let step = 0; step < 40; step++) {
            const dice = walk.random(10);
            if (dice === 0) {
              saved.push({ ...record(walk), steps: script.length });
            } else if (dice === 1 && saved.length) {
              // Back to any of them; those that are newer are gone.
              const at = walk.random(saved.length);
              const target = saved[at]!;
              saved.length = at + 1;
              engine.revertTo(target.version);
              walk.model = target.model.copy();
              script.length = target.steps;
              hold(engine, walk.model, undefined, `round ${round}, step ${step}`);
            } else if (dice < 4) {
              await walk.block(walk.random(12), "abandon");
              hold(engine, walk.model, undefined, `round ${round}, step ${step}, abandoned`);
            } else {
              // A step that can be played again elsewhere has a generator of its own.
              const seed = BigInt(walk.random(2 ** 31));
              const play = async (on: Walk) => {
                const part = new Walk(on.engine, seed);
                part.model = on.model;
                if (dice < 7) part.setter();
                else await part.block(part.random(12), "seal");
              };
              await play(walk);
              script.push(play);
            }
          }
          hold(engine, walk.model, undefined, `round ${round}`);
          const root = engine.stateRoot();
          await using({ workers: 1 }, async (fresh) => {
            const again = new Walk(fresh, 0n);
            for (const user of USERS) {
              fresh.setBalance(user, ETHER);
              again.model.of(user).balance = ETHER;
            }
            for (const play of script) await play(again);
            hold(fresh, walk.model, undefined, `round ${round}, played again`);
            assert.equal(fresh.stateRoot(), root);
          });
        }
      }));
  });
}

describe("versions", () => {
  it("grow by every setter outside a block, and each can be returned to", () =>
    using({ workers: 1 }, async (engine) => {
      const [a] = USERS as [Address];
      engine.setBalance(a, 1n);
      const one = engine.head;
      engine.setBalance(a, 2n);
      const two = engine.head;
      engine.setBalance(a, 2n);
      const same = engine.head;
      assert.ok(one < two && two < same);
      assert.deepEqual([engine.getBalance(a, one), engine.getBalance(a, two)], [1n, 2n]);
      engine.revertTo(two);
      engine.revertTo(one);
      assert.equal(engine.getBalance(a), 1n);
      engine.revertTo(0);
      assert.equal(engine.getBalance(a), 0n);
      assert.equal(engine.head, 0);
    }));

  it("are one for a whole block, setters and system calls inside it too", () =>
    using({ workers: 1 }, async (engine) => {
      const [a, b] = USERS as [Address, Address];
      const contract = CONTRACTS[0]!;
      engine.setCode(contract, assemble("0 CALLDATALOAD 0 SSTORE"));
      const before = engine.head;
      engine.beginBlock(environment());
      engine.setBalance(a, ETHER);
      const data = Buffer.from(word(9).slice(2), "hex");
      assert.deepEqual(engine.systemCall(contract, data), {
        success: true,
        hasCode: true,
        output: new Uint8Array(0),
      });
      engine.setBalance(a, 2n * ETHER);
      await engine.executeTransactions([engine.pack(message({ sender: a, to: b, value: 5n }))]);
      engine.credit(b, 1n);
      const { version } = await engine.seal();
      assert.equal(engine.getBalance(b, version), 6n);
      assert.equal(BigInt(engine.getStorage(contract, word(0), version)), 9n);
      assert.deepEqual([engine.getBalance(a, before), engine.getBalance(b, before)], [0n, 0n]);
      engine.revertTo(before);
      assert.deepEqual([engine.getBalance(a), BigInt(engine.getStorage(contract, word(0)))], [0n, 0n]);
    }));

  it("that cannot be returned to are refused with a reason", () =>
    using({ workers: 1 }, async (engine) => {
      engine.setBalance(USERS[0]!, 1n);
      assert.throws(() => engine.revertTo(engine.head + 1), /newer than the head/);
      for (const wrong of [-1, 0.5, Number.NaN]) assert.throws(() => engine.revertTo(wrong), /version/);
      assert.equal(engine.getBalance(USERS[0]!), 1n);
      engine.beginBlock(environment());
      assert.throws(() => engine.revertTo(0), /block is open/);
      assert.throws(() => engine.beginBlock(environment()), /block is open/);
      engine.abandon();
      assert.throws(() => engine.abandon(), /no block is open/);
      await assert.rejects(engine.seal(), /no block is open/);
      await assert.rejects(engine.executeTransactions([]), /no block is open/);
      assert.throws(() => engine.credit(USERS[0]!, 1n), /no block is open/);
      assert.throws(() => engine.systemCall(USERS[0]!, new Uint8Array(0)), /no block is open/);
    }));

  it("keep the results of a block readable after the next one, and after going back", () =>
    using({ workers: 2 }, async (engine) => {
      const contract = CONTRACTS[0]!;
      engine.setCode(contract, assemble("0 CALLDATALOAD 0 MSTORE 7 32 0 LOG1"));
      for (const user of USERS) engine.setBalance(user, ETHER);
      const block = (nonce: bigint) =>
        mine(
          engine,
          USERS.map((sender, i) =>
            message({ sender, nonce, to: contract, data: words(i + 10 * Number(nonce)) }),
          ),
        );
      const first = await block(0n);
      const version = engine.head;
      await block(1n);
      engine.revertTo(version);
      await block(1n);
      for (const [i, { logs }] of first.execution.included.entries())
        assert.equal(BigInt(logs[0]!.data), BigInt(i));
    }));
});
