// Where room ends: transactions that outgrow their place while they speculate, or even the large one of the token; growing
// logs, outputs and write sets; the heap over many blocks; requests that no memory could hold.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { HEAP_TOP } from "../../../chain/engine/control.ts";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Address, Engine, EngineOptions, Message } from "../../../chain/src/engine/types.ts";
import { Assembler } from "../../fuzz/assembler.ts";
import {
  address,
  assemble,
  assertAllSucceeded,
  assertSame,
  ETHER,
  environment,
  type Mined,
  message,
  mine,
  word,
  words,
} from "./support/engine.ts";

const contract = address(1);
const plain = address(2);

async function using<T>(options: EngineOptions, body: (engine: Engine) => Promise<T> | T): Promise<T> {
  const engine = await createEngine(options);
  try {
    return await body(engine);
  } finally {
    await engine.close();
  }
}

function people(count: number): Address[] {
  return Array.from({ length: count }, (_, i) => address(1000 + i));
}

/** The block on one worker, on two with pauses, and in the replay mode; all must agree. */
async function everywhere(
  setup: (engine: Engine) => void,
  messages: readonly Message[],
  changes: Parameters<typeof mine>[2] = {},
): Promise<{ mined: Mined; replayed: Mined }> {
  const run = (options: EngineOptions) =>
    using(options, (engine) => {
      setup(engine);
      return mine(engine, messages, changes);
    });
  const mined = await run({ workers: 1 });
  const two = await run({ workers: 2, delaySeed: 21n });
  assertSame(two.digest, mined.digest, "two workers");
  const replayed = await run({ workers: 1, replaySeed: 21n });
  assertSame(replayed.digest, mined.digest, "replay");
  return { mined, replayed };
}

const COUNTER = assemble("0 SLOAD 1 ADD 0 SSTORE");
/** Room for transactions that pay for gigabytes: before Osaka a transaction's gas has no cap (EIP-7825). */
const VAST = { hardfork: "cancun", gasLimit: 2n ** 50n, baseFeePerGas: 0n } as const;
const vast = (changes: Partial<Message> & { sender: Address }) =>
  message({ gasLimit: 2n ** 43n, maxFeePerGas: 0n, maxPriorityFeePerGas: 0n, ...changes });

/** A loop that runs `body` with the loop's number on the stack, word 0 times. */
const loop = (body: string) =>
  new Assembler()
    .ops("0 CALLDATALOAD")
    .label("loop")
    .ops(`1 SWAP1 SUB DUP1 ${body} DUP1`)
    .at("loop")
    .ops("JUMPI STOP")
    .assemble();

describe("a speculation that outgrows its place is redone under the token", () => {
  const cases: [what: string, code: Uint8Array, data: ReturnType<typeof words>][] = [
    ["memory", assemble("7 0xa00000 MSTORE MSIZE CALLER SSTORE"), words(0)],
    ["logs", loop("POP 4096 0 LOG0"), words(60)],
    ["slots read", loop("SLOAD POP"), words(3000)],
    ["slots written", loop("DUP1 SSTORE"), words(1000)],
    ["writes of one slot", loop("7 SSTORE"), words(5000)],
    ["transient slots", loop("DUP1 TSTORE"), words(5000)],
    ["accounts", loop("BALANCE POP"), words(2000)],
  ];
  for (const [what, code, data] of cases) {
    it(what, async () => {
      const callers = people(10);
      const { mined, replayed } = await everywhere(
        (engine) => {
          engine.setCode(contract, code);
          engine.setCode(plain, COUNTER);
          for (const one of callers) engine.setBalance(one, ETHER);
        },
        callers.map((sender, i) =>
          i % 2 === 0
            ? vast({ sender, to: contract, data, gasLimit: 400_000_000n })
            : vast({ sender, to: plain, gasLimit: 100_000n }),
        ),
        VAST,
      );
      assertAllSucceeded(mined, 10);
      // The replay mode speculates on everything: what did not fit ran twice.
      for (const { index, attempts } of replayed.execution.telemetry) {
        if (index % 2 === 0 && what !== "slots written") assert.equal(attempts, 2, `transaction ${index}`);
      }
    });
  }

  it("calls a thousand deep", async () => {
    const callers = people(6);
    // Calls itself with all gas until there is none or the depth is reached; counts in memory of its own.
    const deep = assemble("1 0x2000 MSTORE 0 0 0 0 0 ADDRESS GAS CALL POP 0 SLOAD 1 ADD 0 SSTORE");
    const { mined } = await everywhere(
      (engine) => {
        engine.setCode(contract, deep);
        for (const one of callers) engine.setBalance(one, ETHER);
      },
      callers.map((sender) => vast({ sender, to: contract, gasLimit: 2n ** 40n })),
      VAST,
    );
    assertAllSucceeded(mined, 6);
  });
});

describe("a transaction that outgrows the token's place", () => {
  const inner = address(3);
  const greedy: [what: string, code: Uint8Array][] = [
    ["memory", assemble("1 0x60000000 MSTORE 9 9 SSTORE")],
    // The inner message's would just fit, were it not for the outer one's.
    ["memory of messages together", assemble(`1 0x200000 MSTORE 0 0 0 0 0 ${inner} GAS CALL 9 9 SSTORE`)],
    ["logs", assemble("9 9 SSTORE 0x7000000 0 LOG0")],
    ["precompile output", assemble("9 9 SSTORE 0 0 0x5000000 0 0 4 GAS CALL POP")],
  ];
  for (const [what, code] of greedy) {
    it(`is left out, and the block goes on: ${what}`, async () => {
      const callers = people(8);
      const { mined } = await everywhere(
        (engine) => {
          engine.setCode(contract, code);
          engine.setCode(inner, assemble("1 0x47f00000 MSTORE"));
          engine.setCode(plain, COUNTER);
          for (const one of callers) engine.setBalance(one, 3n);
        },
        callers.map((sender, i) => vast({ sender, to: i === 3 ? contract : plain })),
        VAST,
      );
      assert.deepEqual(mined.execution.excluded, [{ position: 3, reason: "out-of-memory" }]);
      assert.equal(mined.execution.included.length, 7);
    });
  }

  it("changes nothing, not even the sender's nonce", () =>
    using({ workers: 1 }, async (engine) => {
      const [sender] = people(1) as [Address];
      engine.setCode(contract, greedy[2]![1]);
      engine.setBalance(sender, 3n);
      const root = engine.stateRoot();
      const { digest } = await mine(engine, [vast({ sender, to: contract })], VAST);
      assert.equal(digest.stateRoot, root);
      assert.equal(engine.getNonce(sender), 0n);
      const { execution } = await mine(engine, [vast({ sender, to: plain })], VAST);
      assert.equal(execution.included.length, 1);
    }));
});

describe("results", () => {
  it("of megabytes of logs and revert data are whole, though workers grew the memory", () =>
    using({ workers: 3, delaySeed: 2n }, async (engine) => {
      const callers = people(30);
      engine.setCode(contract, assemble("0 CALLDATALOAD 0 MSTORE 0x20000 0 LOG0 0x20000 0 LOG0"));
      engine.setCode(plain, assemble("0 CALLDATALOAD 0 MSTORE 0x8000 0 REVERT"));
      for (const one of callers) engine.setBalance(one, ETHER);
      for (let nonce = 0; nonce < 3; nonce++) {
        const { execution } = await mine(
          engine,
          callers.map((sender, i) =>
            message({
              sender,
              nonce: BigInt(nonce),
              to: i % 3 ? contract : plain,
              data: words(i + 1),
              gasLimit: 5_000_000n,
            }),
          ),
        );
        for (const { position, logs, output, success } of execution.included) {
          const mark = word(position + 1);
          if (position % 3 === 0) {
            assert.deepEqual([success, output.length], [false, 0x8000]);
            assert.equal(BigInt(mark), BigInt(`0x${Buffer.from(output.subarray(0, 32)).toString("hex")}`));
          } else {
            assert.equal(logs.length, 2);
            for (const { data } of logs) {
              assert.equal(data.length, 2 + 2 * 0x20000);
              assert.equal(data.slice(0, 66), mark);
            }
          }
        }
      }
    }));
});

/** The memory that an engine makes for itself. */
async function withMemory(
  options: EngineOptions,
  body: (engine: Engine, heapTop: () => number) => Promise<void>,
): Promise<void> {
  const scope = globalThis as unknown as {
    WebAssembly: { Memory: new (size: object) => { buffer: SharedArrayBuffer } };
  };
  const { Memory } = scope.WebAssembly;
  const made: { buffer: SharedArrayBuffer }[] = [];
  scope.WebAssembly.Memory = class extends Memory {
    constructor(size: object) {
      super(size);
      made.push(this);
    }
  };
  try {
    await using(options, (engine) => {
      assert.equal(made.length, 1);
      return body(engine, () => Number(new DataView(made[0]!.buffer).getBigUint64(HEAP_TOP, true)));
    });
  } finally {
    scope.WebAssembly.Memory = Memory;
  }
}

describe("the heap", () => {
  for (const workers of [1, 3]) {
    it(`stops growing when blocks come and go, with ${workers} worker(s)`, () =>
      withMemory({ workers, delaySeed: 1n }, async (engine, heapTop) => {
        const callers = people(100);
        engine.setCode(
          contract,
          assemble(
            "0 SLOAD 1 ADD 0 SSTORE CALLER SLOAD 1 ADD CALLER SSTORE 200 0 0 LOG1 300 0 REVERT".slice(0, 72),
          ),
        );
        for (const one of callers) engine.setBalance(one, ETHER);
        const messages = callers.map((sender) => message({ sender, to: contract }));
        const version = engine.head;
        const round = async (blocks: number) => {
          for (let i = 0; i < blocks; i++) {
            await mine(engine, messages);
            engine.revertTo(version);
          }
          return heapTop();
        };
        const before = await round(60);
        const after = await round(60);
        // A thread that only now takes part for the first time may still take a chunk or two.
        assert.ok(after - before <= 65_536 * workers, `${after - before} bytes more after 60 blocks`);
      }));
  }

  it("refuses what does not fit with a clear error, and goes on", () =>
    // So many threads' memory leaves less than 2 GiB of the 4, which is what 1.5 GiB are rounded up to.
    withMemory({ workers: 32 }, async (engine, heapTop) => {
      const before = heapTop();
      for (const size of [9 * 2 ** 28, 6 * 2 ** 28]) {
        const item = { length: size } as Uint8Array;
        assert.throws(() => engine.orderedRoot([item]), /no room for another \d+ bytes/);
      }
      assert.equal(heapTop(), before);
      // What is there still works, buffers included.
      assert.match(engine.orderedRoot([new Uint8Array(40)]), /^0x[0-9a-f]{64}$/);
      engine.setCode(contract, new Uint8Array(100_000));
      assert.equal(engine.getCode(contract).length, 100_000);
      const [sender] = people(1) as [Address];
      engine.setBalance(sender, ETHER);
      assertAllSucceeded(await mine(engine, [message({ sender, to: plain })]), 1);
      engine.beginBlock(environment());
      engine.abandon();
    }));
});
