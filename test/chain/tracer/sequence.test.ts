// Executions in the middle of a block: what runs again must be what ran, transaction by transaction, and leave the same
// state, although nothing of it is committed.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { getContractAddress } from "viem";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Engine, Location, TraceRun, TraceState } from "../../../chain/src/engine/types.ts";
import type { CallFrame } from "../../../chain/src/tracer/call-tracer.ts";
import type { StructLoggerResult } from "../../../chain/src/tracer/struct-logger.ts";
import { executeBlock, loadGenesis } from "../../fuzz/execute.ts";
import { ChainGenerator } from "../../fuzz/generator.ts";
import { Random } from "../../fuzz/random.ts";
import { address, COUNTER, initcode, word } from "../node/support.ts";
import { ALICE, assemble, BOB, startChain } from "./support.ts";

const target = address(0x40);
const callTracer = { tracer: "callTracer" };

describe("a sequence of messages on the engine", () => {
  it("runs random blocks as they ran, and leaves what they left", async () => {
    const engine = await createEngine({ workers: 1 });
    let traced = 0;
    let failed = 0;
    let steps = 0;
    try {
      for (const seed of ["a", "b", "c"]) {
        const generator = new ChainGenerator(new Random(`trace/${seed}`), { transactionsPerBlock: 24 });
        engine.reset();
        loadGenesis(engine, generator.genesis);
        for (let i = 0; i < 12; i++) {
          const block = generator.nextBlock(engine);
          const before = engine.head;
          const { outcome, written } = await executeBlock(engine, block);
          const after = engine.head;
          const root = engine.stateRoot();
          let end: Record<string, string> = {};
          const runs = outcome.included.map(({ position }): TraceRun => {
            const listener = {
              onStep() {
                steps++;
              },
              onEnd(state: TraceState) {
                end = Object.fromEntries(written.map((place) => [nameOf(place), seen(state, place)]));
              },
            };
            const message = engine.pack(block.messages[position]!);
            return { environment: block.environment, message, listener };
          });
          if (runs.length === 0) continue;
          const results = engine.trace(runs, before);
          for (const [index, expected] of outcome.included.entries()) {
            const { success, halt, gasUsed, gasRefunded, logs, contractAddress, invalid } = results[index]!;
            assert.deepEqual(
              { success, halt: halt ?? null, gasUsed, gasRefunded, contractAddress, invalid },
              {
                success: expected.success,
                halt: expected.halt,
                gasUsed: expected.gasUsed,
                gasRefunded: expected.gasRefunded,
                contractAddress: expected.contractAddress,
                invalid: undefined,
              },
              `chain ${seed}, block ${i}, transaction ${index}`,
            );
            assert.deepEqual(logs, expected.logs);
            traced++;
            if (!success) failed++;
          }
          for (const place of written) {
            const name = nameOf(place);
            assert.equal(end[name], committed(engine, place), `chain ${seed}, block ${i}: ${name}`);
          }
          assert.deepEqual([engine.head, engine.stateRoot()], [after, root], "nothing is committed");
        }
      }
    } finally {
      await engine.close();
    }
    assert.ok(
      traced > 300 && failed > 20 && steps > 10_000,
      `${traced} traced, ${failed} failed, ${steps} steps`,
    );
  });

  it("ends at a message that is invalid", async () => {
    const engine = await createEngine({ workers: 1 });
    const generator = new ChainGenerator(new Random("invalid"), { transactionsPerBlock: 4 });
    const { environment } = generator.nextBlock(engine);
    const message = engine.pack({
      type: 0,
      sender: ALICE,
      to: BOB,
      nonce: 0n,
      gasLimit: 21_000n,
      value: 1n,
      data: "0x",
      maxFeePerGas: environment.baseFeePerGas,
      maxPriorityFeePerGas: environment.baseFeePerGas,
    });
    const results = engine.trace([
      { environment, message },
      { environment, message },
    ]);
    assert.deepEqual(
      results.map(({ invalid, success }) => [invalid, success]),
      [["insufficient-funds", false]],
    );
    await engine.close();
  });

  it("hands on what a listener throws, and works again after it", async () => {
    const engine = await createEngine({ workers: 2 });
    const environment = new ChainGenerator(new Random("throws"), { transactionsPerBlock: 4 }).nextBlock(
      engine,
    ).environment;
    engine.setCode(target, Buffer.from("600160020100", "hex"));
    const call = {
      environment: { ...environment, noBaseFee: true },
      call: true,
      message: engine.pack({
        type: 0,
        sender: ALICE,
        to: target,
        nonce: 0n,
        gasLimit: 100_000n,
        value: 0n,
        data: "0x",
        maxFeePerGas: 0n,
        maxPriorityFeePerGas: 0n,
      }),
    };
    const names: number[] = [];
    const failing = {
      onStep() {
        throw new Error("no more");
      },
    };
    assert.throws(() => engine.trace([{ ...call, listener: failing }]), /no more/);
    const [result] = engine.trace([{ ...call, listener: { onStep: ({ opcode }) => names.push(opcode) } }]);
    assert.deepEqual(names, [0x60, 0x60, 0x01, 0x00]);
    assert.equal(result!.gasUsed, 21_009n);
    engine.reset();
    engine.setCode(target, Buffer.from("00", "hex"));
    assert.equal(engine.trace([call])[0]!.gasUsed, 21_000n);
    await engine.close();
  });
});

describe("a transaction in the middle of a block", () => {
  it("finds what those before it left: the third increment of a counter", async (context) => {
    const { rpc, sendTogether } = await startChain(context);
    await rpc("hardhat_setCode", target, COUNTER);
    const hashes = await sendTogether([{ to: target }, { to: target, from: BOB }, { to: target }]);
    await rpc("hardhat_setStorageAt", target, "0x0", word(99)); // after the block
    await rpc("evm_mine");
    for (const [i, hash] of hashes.entries()) {
      const receipt = await rpc("eth_getTransactionReceipt", hash);
      const { gas, failed, structLogs }: StructLoggerResult = await rpc("debug_traceTransaction", hash);
      assert.deepEqual([gas, failed], [Number(receipt.gasUsed), false]);
      const read = structLogs.find(({ op }) => op === "SLOAD")!;
      assert.equal(read.storage![word(0)], word(i));
      assert.equal(read.gasCost, 2100, "cold again in each transaction");
    }
    const whole = await rpc("debug_traceBlockByNumber", "0x1");
    assert.deepEqual(
      whole.map(({ txHash }: { txHash: string }) => txHash),
      hashes,
    );
    assert.deepEqual(whole[2].result, await rpc("debug_traceTransaction", hashes[2]));
    const { hash } = await rpc("eth_getBlockByNumber", "0x1", false);
    assert.deepEqual(await rpc("debug_traceBlockByHash", hash), whole);
  });

  it("finds setters, failures, fresh transient storage, and accounts that came and went", async (context) => {
    const { rpc, put, sendTogether } = await startChain(context);
    await rpc("hardhat_setStorageAt", target, "0x1", word(5));
    // Returns transient slot 0 and sets it; slot 1 stays where it is unless there is call data.
    await put(target, "0 TLOAD 0 MSTORE 9 0 TSTORE 1 SLOAD 32 MSTORE CALLDATASIZE 1 SSTORE 64 0 RETURN");
    const mortal = getContractAddress({ from: ALICE, nonce: 2n });
    const hashes = await sendTogether([
      { to: target, data: "0x11" },
      { to: target, gas: "0x5300" }, // runs out of gas
      { data: assemble(`7 7 SSTORE ${BOB} SELFDESTRUCT`), value: "0x1" },
      { to: mortal, value: "0x1" },
      { to: target },
    ]);
    const outputs: (string | undefined)[] = [];
    for (const hash of hashes) {
      const receipt = await rpc("eth_getTransactionReceipt", hash);
      const frame: CallFrame = await rpc("debug_traceTransaction", hash, callTracer);
      assert.equal(frame.gasUsed, receipt.gasUsed);
      assert.equal(frame.error === undefined, receipt.status === "0x1");
      outputs.push(frame.output);
    }
    const pair = (a: number, b: number) => word(a) + word(b).slice(2);
    assert.deepEqual(outputs, [pair(0, 5), undefined, undefined, undefined, pair(0, 1)]);
  });

  it("finds what EIP-6780 left: contracts of earlier transactions stay, those of one transaction are gone", async (context) => {
    const { rpc, put, sendTogether } = await startChain(context);
    const lasting = getContractAddress({ from: ALICE, nonce: 0n });
    const mortal = getContractAddress({ from: ALICE, nonce: 3n });
    await put(target, `${mortal.toLowerCase()} BALANCE 0 MSTORE 32 0 RETURN`);
    const factory = address(0x42);
    // CREATE2 of what writes a slot and destroys itself: the same address each time, with an empty slot again.
    const child = assemble(`1 1 SSTORE ${BOB} SELFDESTRUCT`);
    const size = child.length / 2 - 1;
    await put(factory, `${child} 0 MSTORE 0 ${size} ${32 - size} 0 CREATE2 0 MSTORE 32 0 RETURN`);
    const hashes = await sendTogether([
      { data: initcode(assemble(`${BOB} SELFDESTRUCT`)), value: "0x5" },
      { to: lasting },
      { to: lasting, value: "0x7" },
      { data: assemble(`${BOB} SELFDESTRUCT`), value: "0x1" },
      { to: mortal, value: "0x9" },
      { to: target },
      { to: factory },
      { to: factory },
    ]);
    const frames: CallFrame[] = [];
    for (const hash of hashes) frames.push(await rpc("debug_traceTransaction", hash, callTracer));
    assert.deepEqual(
      frames.slice(0, 4).map(({ calls = [] }) => calls.map(({ type, value }) => [type, value])),
      [[], [["SELFDESTRUCT", "0x5"]], [["SELFDESTRUCT", "0x7"]], [["SELFDESTRUCT", "0x1"]]],
    );
    assert.equal(frames[5]!.output, word(9), "what came after the destruction is not burnt");
    assert.notEqual(frames[6]!.output, word(0));
    assert.deepEqual(frames[7], frames[6]);
  });

  it("has a beacon root and parent hash from the block's own system calls", async (context) => {
    const { rpc, put, send } = await startChain(context);
    const history = "0x0000f90827f1c53a10cb7a02335b175320002935";
    await put(target, `1 NUMBER SUB 0 MSTORE 32 32 32 0 ${history} GAS STATICCALL 32 32 RETURN`);
    await rpc("evm_mine");
    const hash = await send({ to: target });
    const { hash: parent } = await rpc("eth_getBlockByNumber", "0x1", false);
    const frame: CallFrame = await rpc("debug_traceTransaction", hash, callTracer);
    assert.equal(frame.output, parent);
  });

  it("can be preceded by a call (txIndex), with overrides", async (context) => {
    const { rpc, put, sendTogether } = await startChain(context);
    const reader = address(0x41);
    await put(reader, "0 SLOAD 0 MSTORE NUMBER 32 MSTORE 64 0 RETURN");
    await put(target, "0 SLOAD 1 ADD 0 SSTORE");
    await rpc("hardhat_setCode", target, COUNTER);
    await sendTogether([{ to: target }, { to: target }]);
    const read = async (config: Record<string, unknown>) => {
      const stateOverrides = { [target]: { code: await rpc("eth_getCode", reader, "latest") } };
      const options = { ...callTracer, stateOverrides, ...config };
      const { output }: CallFrame = await rpc("debug_traceCall", { to: target }, "0x1", options);
      return [output!.slice(0, 66), `0x${output!.slice(66)}`];
    };
    assert.deepEqual(await read({}), [word(2), word(1)]);
    assert.deepEqual(await read({ txIndex: "0x0" }), [word(0), word(1)]);
    assert.deepEqual(await read({ txIndex: "0x1", blockOverrides: { number: "0x63" } }), [word(1), word(99)]);
    await assert.rejects(read({ txIndex: "0x3" }), /transaction index 3: block 1 has 2 transactions/);
  });

  it("is traced in the pending block too", async (context) => {
    const { rpc } = await startChain(context);
    await rpc("hardhat_setCode", target, COUNTER);
    await rpc("evm_setAutomine", false);
    const hash = await rpc("eth_sendTransaction", { from: ALICE, to: target, gas: "0x7a120" });
    const [pending] = await rpc("debug_traceBlockByNumber", "pending", callTracer);
    assert.equal(pending.txHash, hash);
    assert.equal(await rpc("eth_getStorageAt", target, "0x0", "latest"), word(0));
    await rpc("evm_mine");
    assert.deepEqual(await rpc("debug_traceTransaction", hash, callTracer), pending.result);
  });

  it("stays traceable when snapshots and creations come and go", async (context) => {
    const { rpc, send } = await startChain(context);
    const snapshot = await rpc("evm_snapshot");
    await send({ data: initcode(COUNTER) });
    await rpc("evm_revert", snapshot);
    const hash = await send({ data: initcode(assemble("1 2 ADD")) });
    const frame: CallFrame = await rpc("debug_traceTransaction", hash, callTracer);
    assert.equal(frame.output, assemble("1 2 ADD"));
  });
});

function nameOf({ address, kind, slot }: Location): string {
  return `${kind} ${slot ?? ""} of ${address}`;
}

function seen(state: TraceState, { address, kind, slot }: Location): string {
  if (kind === "storage") return state.getStorage(address, slot!);
  if (kind === "code") return state.getCodeHash(address);
  return String(kind === "balance" ? state.getBalance(address) : state.getNonce(address));
}

function committed(engine: Engine, { address, kind, slot }: Location): string {
  if (kind === "storage") return engine.getStorage(address, slot!);
  if (kind === "code") return engine.getCodeHash(address);
  return String(kind === "balance" ? engine.getBalance(address) : engine.getNonce(address));
}
