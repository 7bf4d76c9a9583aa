// Interval reads of balances: who only pays or is paid does not depend on the exact amount, and who depends on it is never
// let through with a stale one. Held against one worker in every way of executing, and against the amounts themselves.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Address, Engine, Message } from "../../../chain/src/engine/types.ts";
import { Assembler } from "../../fuzz/assembler.ts";
import {
  accessesOf,
  address,
  assemble,
  assertAllSucceeded,
  COINBASE,
  ETHER,
  Fleet,
  type Mined,
  message,
  mine,
  word,
  words,
} from "./support/engine.ts";

const contract = address(1);
const WORLD = 2n ** 256n;

function people(count: number, from = 1000): Address[] {
  return Array.from({ length: count }, (_, i) => address(from + i));
}

let fleet: Fleet;
before(async () => {
  fleet = await Fleet.start();
});
after(() => fleet.close());

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

/** The same block in the replay mode alone, for its telemetry. */
async function replay(setup: (engine: Engine) => void, messages: readonly Message[]): Promise<Mined> {
  const engine = await createEngine({ workers: 1, replaySeed: 77n });
  try {
    setup(engine);
    return await mine(engine, messages);
  } finally {
    await engine.close();
  }
}

/* A transfer with the default message: 21,000 gas at 8 wei, up front at 100 wei. */
const GAS = 21_000n;
const UPFRONT = GAS * 100n;
const FEE = GAS * 8n;
const transfer = (sender: Address, to: Address, value: bigint, nonce = 0n): Message =>
  message({ sender, to, value, nonce, gasLimit: GAS });

describe("funds that arrive within the block", () => {
  it("suffice to the wei, hand to hand through forty accounts", async () => {
    const chain = people(40);
    // Everyone passes on all but what its own transaction may cost; the refund stays behind.
    let purse = ETHER;
    const messages: Message[] = [];
    for (let i = 0; i + 1 < chain.length; i++) {
      purse -= UPFRONT;
      messages.push(transfer(chain[i]!, chain[i + 1]!, purse));
    }
    const mined = await agree(
      (engine) => engine.setBalance(chain[0]!, ETHER),
      messages,
      (engine) => {
        assert.equal(engine.getBalance(chain.at(-1)!), purse);
        for (const one of chain.slice(0, -1)) assert.equal(engine.getBalance(one), UPFRONT - FEE);
      },
    );
    assertAllSucceeded(mined, 39);
  });

  it("fall short by one wei, and the chain breaks there", async () => {
    const [a, b, c] = people(3) as [Address, Address, Address];
    const value = 1000n;
    for (const [missing, reasons] of [
      [0n, []],
      [1n, [{ position: 2, reason: "insufficient-funds" }]],
    ] as const) {
      const mined = await agree(
        (engine) => {
          engine.setBalance(a, ETHER);
          engine.setBalance(b, 1n);
        },
        [
          transfer(a, b, value - 1n - missing, 0n),
          transfer(a, b, UPFRONT, 1n),
          transfer(b, c, value),
          transfer(a, c, 1n, 2n),
          transfer(a, c, 1n, 3n),
        ],
      );
      assert.deepEqual(mined.execution.excluded, reasons);
    }
  });

  it("decide an inner call's success", async () => {
    // Pays word 1 to word 0's account and stores in the caller's slot whether that worked.
    const purse = assemble("0 0 0 0 32 CALLDATALOAD 0 CALLDATALOAD GAS CALL 1 ADD CALLER SSTORE");
    const askers = people(30);
    const sink = address(5);
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, purse);
        engine.setBalance(contract, 99n);
        for (const one of askers) engine.setBalance(one, ETHER);
      },
      // Every third tops the purse up by 30; the others ask for 50.
      askers.map((sender, i) =>
        i % 3 === 2
          ? message({ sender, to: contract, value: 30n, data: words(sink, 0) })
          : message({ sender, to: contract, data: words(sink, 50) }),
      ),
      (engine) => {
        let balance = 99n;
        for (const [i, sender] of askers.entries()) {
          let worked = 1n;
          if (i % 3 === 2) balance += 30n;
          else if (balance >= 50n) balance -= 50n;
          else worked = 0n;
          assert.equal(BigInt(engine.getStorage(contract, word(BigInt(sender)))), worked + 1n, `asker ${i}`);
        }
        assert.equal(engine.getBalance(contract), balance);
      },
    );
    assertAllSucceeded(mined, 30);
  });
});

describe("deltas", () => {
  it("of many who pay one abort nobody", async () => {
    const payers = people(60);
    const setup = (engine: Engine) => {
      for (const one of payers) engine.setBalance(one, ETHER);
      engine.setBalance(contract, 1n);
    };
    const messages = payers.map((sender) => transfer(sender, contract, 5n));
    const mined = await agree(setup, messages, (engine) => {
      assert.equal(engine.getBalance(contract), 301n);
      assert.equal(engine.getBalance(COINBASE), 60n * GAS);
    });
    assertAllSucceeded(mined, 60);
    for (const { attempts, conflicts } of (await replay(setup, messages)).execution.telemetry) {
      assert.deepEqual({ attempts, conflicts }, { attempts: 1, conflicts: [] });
    }
    // So nobody read what everybody wrote.
    for (let i = 0; i < 60; i++) {
      const { reads, writes } = accessesOf(mined, i);
      for (const hot of [`balance of ${contract}`, `balance of ${COINBASE}`]) {
        assert.ok(writes.includes(hot) && !reads.includes(hot), `transaction ${i}, ${hot}`);
      }
    }
  });

  it("give way to an exact read of the fee recipient", async () => {
    const payers = people(40);
    const setup = (engine: Engine) => {
      engine.setCode(contract, assemble("COINBASE BALANCE CALLER SSTORE"));
      for (const one of payers) engine.setBalance(one, ETHER);
    };
    const messages = payers.map((sender, i) =>
      i % 4 === 3 ? message({ sender, to: contract }) : transfer(sender, address(3), 1n),
    );
    const mined = await agree(setup, messages, (engine, { execution }) => {
      let tips = 0n;
      for (const { position, gasUsed } of execution.included) {
        if (position % 4 === 3) {
          assert.equal(BigInt(engine.getStorage(contract, word(BigInt(payers[position]!)))), tips);
        }
        tips += gasUsed;
      }
      assert.equal(engine.getBalance(COINBASE), tips);
    });
    assertAllSucceeded(mined, 40);
    assert.ok(accessesOf(mined, 3).reads.includes(`balance of ${COINBASE}`));
  });

  it("reach a fee recipient that spends them in the same block", async () => {
    const payers = people(20);
    // Broke at first: its transfers are only covered by the tips before them.
    const messages: Message[] = payers.map((sender) => transfer(sender, address(3), 1n));
    const tips = GAS * 20n;
    const spend = (nonce: bigint, value: bigint) =>
      message({ sender: COINBASE, to: address(4), value, nonce, gasLimit: GAS, maxFeePerGas: 8n });
    messages.splice(5, 0, spend(0n, 1n)); // five tips cannot cover 8 times 21,000
    messages.push(spend(0n, tips - 8n * GAS)); // all of them, to the wei
    messages.push(spend(1n, 1n));
    const mined = await agree(
      (engine) => {
        for (const one of payers) engine.setBalance(one, ETHER);
      },
      messages,
      (engine) => {
        assert.equal(engine.getBalance(address(4)), tips - 8n * GAS);
        assert.equal(engine.getBalance(COINBASE), GAS); // its own tip comes back
      },
    );
    assert.deepEqual(mined.execution.excluded, [
      { position: 5, reason: "insufficient-funds" },
      { position: 22, reason: "insufficient-funds" },
    ]);
  });

  it("wrap where a setter gave out more than there can be", async () => {
    const payers = people(12);
    await agree(
      (engine) => {
        engine.setBalance(contract, WORLD - 4n);
        for (const one of payers) engine.setBalance(one, ETHER);
      },
      payers.map((sender) => transfer(sender, contract, 1n)),
      (engine) => assert.equal(engine.getBalance(contract), 8n),
    );
  });

  it("from 0 to more and back decide emptiness and its price (EIP-161)", async () => {
    // A call with value to an empty account costs 25,000 gas more than to one that exists.
    const ghost = address(9);
    const giver = new Assembler()
      .ops("GAS 0 0 0 0 1")
      .push(BigInt(ghost))
      .ops("0 CALL POP GAS SWAP1 SUB CALLER SSTORE")
      .assemble();
    const givers = people(24);
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, giver);
        engine.setBalance(contract, ETHER);
        for (const one of givers) engine.setBalance(one, ETHER);
      },
      givers.map((sender) => message({ sender, to: contract })),
      (engine) => {
        const price = (one: Address) => BigInt(engine.getStorage(contract, word(BigInt(one))));
        for (const one of givers.slice(1)) assert.equal(price(givers[0]!) - price(one), 25_000n);
      },
    );
    assertAllSucceeded(mined, 24);
    assert.ok(accessesOf(mined, 5).reads.includes(`balance of ${ghost}`));
  });
});

describe("exact reads", () => {
  it("of SELFBALANCE and BALANCE see every earlier payment", async () => {
    // Stores its own balance and the sink's, pays half of its own to the sink.
    const sink = address(6);
    const halver = new Assembler()
      .ops("SELFBALANCE CALLER SSTORE")
      .push(BigInt(sink))
      .ops("BALANCE CALLER NOT SSTORE 0 0 0 0 2 SELFBALANCE DIV")
      .push(BigInt(sink))
      .ops("GAS CALL")
      .assemble();
    const callers = people(25);
    const mined = await agree(
      (engine) => {
        engine.setCode(contract, halver);
        engine.setBalance(contract, 1_000_000n);
        for (const one of callers) engine.setBalance(one, ETHER);
      },
      callers.map((sender, i) => message({ sender, to: contract, value: BigInt(i) })),
      (engine) => {
        let own = 1_000_000n;
        let sunk = 0n;
        for (const [i, one] of callers.entries()) {
          own += BigInt(i);
          assert.equal(BigInt(engine.getStorage(contract, word(BigInt(one)))), own);
          assert.equal(BigInt(engine.getStorage(contract, word(WORLD - 1n - BigInt(one)))), sunk);
          sunk += own / 2n;
          own -= own / 2n;
        }
      },
    );
    assertAllSucceeded(mined, 25);
  });
});
