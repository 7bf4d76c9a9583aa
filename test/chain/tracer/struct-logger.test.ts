// The struct logger against logs worked out by hand, and the sums that must come out whatever runs.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { StructLog, StructLoggerResult } from "../../../chain/src/tracer/struct-logger.ts";
import { address, initcode, word } from "../node/support.ts";
import { ALICE, assemble, BOB, startChain } from "./support.ts";

const target = address(0x10);
const callee = address(0x11);

/** Entries as arrays, for a look at many. */
const rows = ({ structLogs }: StructLoggerResult) =>
  structLogs.map(({ pc, op, gas, gasCost, depth, stack }) => [pc, op, gas, gasCost, depth, stack]);

describe("struct logger", () => {
  it("gives every instruction with its gas and the stack, the lowest word first", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(target, "7 3 SUB DUP1 5 SSTORE 5 SLOAD 0 MSTORE 32 0 RETURN");
    const hash = await send({ to: target });
    const minusFour = `0x${(2n ** 256n - 4n).toString(16)}`;
    const trace = await rpc("debug_traceTransaction", hash);
    // 21,000 are gone before; a new slot costs 2,100 and 20,000 (EIP-2929, 2200); a word of memory 3.
    assert.deepEqual(rows(trace), [
      [0, "PUSH1", 479000, 3, 1, []],
      [2, "PUSH1", 478997, 3, 1, ["0x7"]],
      [4, "SUB", 478994, 3, 1, ["0x7", "0x3"]],
      [5, "DUP1", 478991, 3, 1, [minusFour]],
      [6, "PUSH1", 478988, 3, 1, [minusFour, minusFour]],
      [8, "SSTORE", 478985, 22100, 1, [minusFour, minusFour, "0x5"]],
      [9, "PUSH1", 456885, 3, 1, [minusFour]],
      [11, "SLOAD", 456882, 100, 1, [minusFour, "0x5"]],
      [12, "PUSH0", 456782, 2, 1, [minusFour, minusFour]],
      [13, "MSTORE", 456780, 6, 1, [minusFour, minusFour, "0x0"]],
      [14, "PUSH1", 456774, 3, 1, [minusFour]],
      [16, "PUSH0", 456771, 2, 1, [minusFour, "0x20"]],
      [17, "RETURN", 456769, 0, 1, [minusFour, "0x20", "0x0"]],
    ]);
    const stored = word(2n ** 256n - 4n);
    const receipt = await rpc("eth_getTransactionReceipt", hash);
    assert.equal(trace.gas, Number(receipt.gasUsed));
    assert.equal(trace.gas, 500_000 - 456_769);
    assert.equal(trace.failed, false);
    assert.equal(trace.returnValue, stored);
    const withStorage = trace.structLogs.filter(({ storage }: StructLog) => storage);
    assert.deepEqual(
      withStorage.map(({ op, storage }: StructLog) => [op, storage]),
      [
        ["SSTORE", { [word(5)]: stored }],
        ["SLOAD", { [word(5)]: stored }],
      ],
    );
    for (const log of trace.structLogs) {
      assert.ok(!("memory" in log || "returnData" in log || "error" in log || "refund" in log));
    }
  });

  it("leaves out and adds what the options say", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(callee, "0xbeef 0 MSTORE 2 30 RETURN");
    await put(target, `1 32 MSTORE 0 0 0 0 ${callee} GAS STATICCALL 0 0 SSTORE STOP`);
    await rpc("hardhat_setStorageAt", target, "0x0", word(9));
    const hash = await send({ to: target });
    const plain: StructLoggerResult = await rpc("debug_traceTransaction", hash);
    assert.equal(plain.structLogs.at(-1)!.refund, 4800); // EIP-3529, a slot cleared
    const bare: StructLoggerResult = await rpc("debug_traceTransaction", hash, {
      disableStack: true,
      disableStorage: true,
    });
    for (const log of bare.structLogs) assert.ok(!("stack" in log || "storage" in log));
    assert.equal(bare.structLogs.length, plain.structLogs.length);

    const full: StructLoggerResult = await rpc("debug_traceTransaction", hash, {
      enableMemory: true,
      enableReturnData: true,
    });
    const memories = full.structLogs.map(({ op, memory }) => [op, memory?.length ?? 0]);
    assert.deepEqual(memories.slice(0, 4), [
      ["PUSH1", 0],
      ["PUSH1", 0],
      ["MSTORE", 0], // before it runs
      ["PUSH0", 2],
    ]);
    assert.deepEqual(full.structLogs.at(-1)!.memory, [word(0), word(1)]);
    assert.equal(full.structLogs.at(-1)!.returnData, "0xbeef");
    const inside = full.structLogs.filter(({ depth }) => depth === 2);
    assert.ok(inside.length > 0 && inside.every(({ returnData }) => returnData === undefined));

    const cut: StructLoggerResult = await rpc("debug_traceTransaction", hash, { limit: 2 });
    assert.deepEqual(rows(cut), rows(plain).slice(0, 2));
    assert.equal(cut.gas, plain.gas);
  });

  it("adds up: an instruction's cost is what the next one lacks, calls keep what they don't pass on", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(address(0x12), "2 3 SSTORE 0 0 REVERT");
    await put(
      callee,
      `0 0 0 0 0 ${address(0x12)} GAS CALL 0 0 0 0 0 4 50000 CALL 0 0 0 CREATE ADD 1 0 SSTORE`,
    );
    await put(
      target,
      `0 0 0 0 ${callee} 90000 DELEGATECALL 0 0 0 0 1 ${BOB} GAS CALL 0 0 0 0 1 ${BOB} 0 CALL`,
    );
    const hash = await send({ to: target, value: "0x5" });
    const { structLogs: logs, gas }: StructLoggerResult = await rpc("debug_traceTransaction", hash);
    assert.ok(logs.some(({ depth }) => depth === 3));
    /** The last entry at each depth so far. */
    const newest: StructLog[] = [];
    let plain = 0;
    for (const [i, log] of logs.entries()) {
      const next = logs[i + 1];
      assert.ok(log.gasCost >= 0 && log.gasCost <= log.gas, JSON.stringify(log));
      newest[log.depth] = log;
      if (!next) break;
      const isMessage = /CALL$|^CREATE/.test(log.op);
      if (next.depth === log.depth && !isMessage) {
        assert.equal(log.gas - log.gasCost, next.gas, `${log.op} at ${log.pc}`);
        plain++;
      } else if (next.depth > log.depth) {
        // A call's cost holds what it passed on; a creation's does not.
        const passed = log.op === "CREATE" ? 0 : next.gas;
        assert.ok(log.gasCost >= passed, log.op);
        if (log.op === "CREATE") assert.ok(log.gas - log.gasCost >= next.gas);
      } else if (next.depth < log.depth) {
        const caller = newest[next.depth]!;
        const back = log.error ? 0 : log.gas - log.gasCost;
        const kept =
          caller.gas - caller.gasCost - (caller.op === "CREATE" ? logs[logs.indexOf(caller) + 1]!.gas : 0);
        assert.equal(kept + back, next.gas, `${caller.op} at ${caller.pc}`);
      }
    }
    assert.ok(plain > 30);
    const last = logs.at(-1)!;
    assert.equal(gas, 500_000 - (last.gas - last.gasCost));
  });

  it("says why a message ended, on its last instruction, but not for REVERT", async (context) => {
    const { rpc, put, send } = await startChain(context);
    const failures: [string, string, string][] = [
      ["1 0 SSTORE ADD", "ADD", "stack underflow"],
      ["INVALID", "INVALID", "invalid opcode: INVALID"],
      ["..0c", "opcode 0xc not defined", "invalid opcode: opcode 0xc not defined"],
      ["1 JUMP", "JUMP", "invalid jump destination"],
      ["JUMPDEST 0 JUMP", "JUMPDEST", "out of gas"],
      ["1 0 0 RETURNDATACOPY", "RETURNDATACOPY", "return data out of bounds"],
      ["JUMPDEST 0 0 JUMP", "PUSH0", "stack limit reached"],
    ];
    for (const [code, op, error] of failures) {
      await put(target, code);
      const hash = await send({ to: target, gas: "0xea60" });
      const trace: StructLoggerResult = await rpc("debug_traceTransaction", hash, { disableStack: true });
      const last = trace.structLogs.at(-1)!;
      if (op !== "JUMPDEST") assert.equal(last.op, op, code);
      assert.equal(last.error, error, code);
      assert.equal(last.gasCost, last.gas, "all that was left");
      assert.deepEqual([trace.gas, trace.failed, trace.returnValue], [60_000, true, "0x"]);
      assert.ok(trace.structLogs.slice(0, -1).every((log) => log.error === undefined));
    }
    await put(target, "0xdead 0 MSTORE 2 30 REVERT");
    const hash = await send({ to: target });
    const trace: StructLoggerResult = await rpc("debug_traceTransaction", hash);
    assert.deepEqual([trace.failed, trace.returnValue], [true, "0xdead"]);
    assert.ok(trace.structLogs.every((log) => log.error === undefined));
    assert.equal(trace.structLogs.at(-1)!.gasCost, 0);
  });

  it("shows a creation's code, and RETURN without what the code costs", async (context) => {
    const { rpc, send } = await startChain(context);
    const runtime = assemble("1 2 ADD STOP");
    const hash = await send({ data: initcode(runtime) });
    const trace: StructLoggerResult = await rpc("debug_traceTransaction", hash);
    assert.equal(trace.returnValue, runtime);
    const last = trace.structLogs.at(-1)!;
    assert.deepEqual([last.op, last.gasCost], ["RETURN", 0]);
    const receipt = await rpc("eth_getTransactionReceipt", hash);
    const bytes = runtime.length / 2 - 1;
    assert.equal(500_000 - last.gas + 200 * bytes, Number(receipt.gasUsed));
  });

  it("has nothing to say of a transfer", async (context) => {
    const { rpc, send } = await startChain(context);
    const hash = await send({ from: ALICE, to: BOB, value: "0x1" });
    assert.deepEqual(await rpc("debug_traceTransaction", hash), {
      gas: 21_000,
      failed: false,
      returnValue: "0x",
      structLogs: [],
    });
  });
});
