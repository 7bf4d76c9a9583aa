// The callTracer: who called whom with what, and how it ended.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeErrorResult, getContractAddress, type Hex, keccak256, parseAbi } from "viem";
import type { CallFrame } from "../../../chain/src/tracer/call-tracer.ts";
import { address, COUNTER, initcode, REVERTER, word } from "../node/support.ts";
import { ALICE, assemble, BOB, startChain } from "./support.ts";

const target = address(0x20);
const callee = address(0x21);
const callTracer = (tracerConfig = {}) => ({ tracer: "callTracer", tracerConfig });
const withLog = callTracer({ withLog: true });

describe("callTracer", () => {
  it("shows the transaction itself on top", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(target, "0xcafe 0 MSTORE 2 30 RETURN");
    const hash = await send({ to: target, value: "0x7", data: "0x1234" });
    const receipt = await rpc("eth_getTransactionReceipt", hash);
    assert.deepEqual(await rpc("debug_traceTransaction", hash, callTracer()), {
      type: "CALL",
      from: ALICE,
      to: target,
      value: "0x7",
      gas: "0x7a120",
      gasUsed: receipt.gasUsed,
      input: "0x1234",
      output: "0xcafe",
    });
  });

  it("tells the calls of all kinds apart", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(callee, "CALLVALUE 0 MSTORE 32 0 RETURN");
    await put(
      target,
      `0 0 2 0 3 ${callee} 40000 CALL
       0 0 2 0 4 ${callee} 40000 CALLCODE
       0 0 2 0 ${callee} 40000 DELEGATECALL
       0 0 2 0 ${callee} 40000 STATICCALL STOP`,
    );
    const hash = await send({ to: target, value: "0x9" });
    const top: CallFrame = await rpc("debug_traceTransaction", hash, callTracer());
    const shown = top.calls!.map(({ type, from, to, value, gas, input, output }) => {
      return [type, from, to, value, Number(gas), input, output];
    });
    // The stipend of 2,300 goes with a value.
    assert.deepEqual(shown, [
      ["CALL", target, callee, "0x3", 42300, "0x0000", word(3)],
      ["CALLCODE", target, callee, "0x4", 42300, "0x0000", word(4)],
      ["DELEGATECALL", target, callee, "0x9", 40000, "0x0000", word(9)],
      ["STATICCALL", target, callee, undefined, 40000, "0x0000", word(0)],
    ]);
    // CALLVALUE 2, PUSH0 2, MSTORE 6, PUSH1 3, PUSH0 2, RETURN 0
    assert.ok(top.calls!.every(({ gasUsed }) => gasUsed === "0xf"));
    const flat: CallFrame = await rpc("debug_traceTransaction", hash, callTracer({ onlyTopCall: true }));
    const { calls, ...withoutCalls } = top;
    assert.deepEqual(flat, withoutCalls);
  });

  it("tells why calls inside failed, in geth's words", async (context) => {
    const { rpc, put, send } = await startChain(context);
    const errors = parseAbi(["error Error(string)", "error Panic(uint256)", "error Own(uint256)"]);
    const data = [
      encodeErrorResult({ abi: errors, errorName: "Error", args: ["not today"] }),
      encodeErrorResult({ abi: errors, errorName: "Panic", args: [0x11n] }),
      encodeErrorResult({ abi: errors, errorName: "Own", args: [1n] }),
    ];
    await rpc("hardhat_setCode", callee, REVERTER);
    const relay = `CALLDATASIZE 0 0 CALLDATACOPY 0 0 CALLDATASIZE 0 0 ${callee} GAS CALL STOP`;
    await put(target, relay);
    for (const [i, reason] of ["not today", "arithmetic underflow or overflow", undefined].entries()) {
      const hash = await send({ to: target, data: data[i]! });
      const top: CallFrame = await rpc("debug_traceTransaction", hash, callTracer());
      assert.equal(top.error, undefined);
      const [inner] = top.calls!;
      assert.equal(inner!.error, "execution reverted");
      assert.equal(inner!.output, data[i]);
      assert.equal(inner!.revertReason, reason);
    }
    const direct = await send({ to: callee, data: data[0]! });
    const top: CallFrame = await rpc("debug_traceTransaction", direct, callTracer());
    assert.deepEqual([top.error, top.revertReason, top.output], ["execution reverted", "not today", data[0]]);

    const failures: [string, string][] = [
      ["INVALID", "invalid opcode: INVALID"],
      ["JUMPDEST 0 JUMP", "out of gas"],
      ["POP", "stack underflow"],
      ["7 JUMP", "invalid jump destination"],
    ];
    for (const [code, error] of failures) {
      await put(callee, code);
      const hash = await send({ to: target });
      const [inner] = (await rpc("debug_traceTransaction", hash, callTracer())).calls;
      assert.equal(inner.error, error);
      assert.equal(inner.gasUsed, inner.gas);
      assert.ok(!("output" in inner));
    }
  });

  it("shows calls that never began", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(target, `0 0 1 0 5 ${callee} 1000 CALL 2 0 5 CREATE STOP`);
    const hash = await send({ to: target });
    const [call, creation] = (await rpc("debug_traceTransaction", hash, callTracer())).calls;
    assert.equal(call.error, "insufficient balance for transfer");
    assert.deepEqual([call.to, call.gasUsed, call.value, call.input], [callee, "0x0", "0x5", "0x00"]);
    assert.equal(creation.error, "insufficient balance for transfer");
    assert.deepEqual([creation.type, creation.to, creation.input], ["CREATE", undefined, "0x0000"]);
  });

  it("shows creations with their code, and without an address where they fail", async (context) => {
    const { rpc, put, send } = await startChain(context);
    const init = initcode(assemble("1 2 ADD"));
    const hash = await send({ data: init, value: "0x2" });
    const { contractAddress } = await rpc("eth_getTransactionReceipt", hash);
    const top: CallFrame = await rpc("debug_traceTransaction", hash, callTracer());
    assert.deepEqual(
      [top.type, top.from, top.to, top.value, top.input, top.output],
      ["CREATE", ALICE, contractAddress, "0x2", init, assemble("1 2 ADD")],
    );

    // Initcode of one byte 0x00 deploys nothing; 0xfe fails; both from memory that MSTORE8 filled.
    await put(target, "0 0 MSTORE8 1 0 0 CREATE 0xfe 0 MSTORE8 7 1 0 0 CREATE2 STOP");
    await rpc("hardhat_setNonce", target, "0x1");
    const nested = await send({ to: target });
    const [good, bad] = (await rpc("debug_traceTransaction", nested, callTracer())).calls;
    const created = getContractAddress({ from: target, nonce: 1n }).toLowerCase();
    assert.deepEqual([good.type, good.to, good.input, good.output], ["CREATE", created, "0x00", undefined]);
    assert.deepEqual(
      [bad.type, bad.to, bad.input, bad.error],
      ["CREATE2", undefined, "0xfe", "invalid opcode: INVALID"],
    );
  });

  it("shows a SELFDESTRUCT as a call that moves the balance, unless it fails", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(callee, `${BOB} SELFDESTRUCT`);
    await rpc("hardhat_setBalance", callee, "0x64");
    const hash = await send({ to: callee, value: "0x1" });
    const top: CallFrame = await rpc("debug_traceTransaction", hash, callTracer());
    assert.deepEqual(top.calls, [
      { type: "SELFDESTRUCT", from: callee, to: BOB, value: "0x65", gas: "0x0", gasUsed: "0x0", input: "0x" },
    ]);
    // 2,600 for a cold beneficiary do not fit.
    await put(target, `0 0 0 0 0 ${callee} 6000 CALL STOP`);
    const failing = await send({ to: target });
    const [inner] = (await rpc("debug_traceTransaction", failing, callTracer())).calls;
    assert.deepEqual([inner.error, inner.calls], ["out of gas", undefined]);
  });

  it("shows precompiles as calls", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(target, "0xabcd 0 MSTORE 2 32 2 30 0 4 GAS CALL 0 0 4 0 6 100 STATICCALL STOP");
    const hash = await send({ to: target });
    const [identity, curve] = (await rpc("debug_traceTransaction", hash, callTracer())).calls;
    assert.deepEqual(
      [identity.to, identity.input, identity.output, identity.gasUsed],
      [`0x${"0".repeat(39)}4`, "0xabcd", "0xabcd", "0x12"],
    );
    assert.equal(curve.error, "precompiled contract failed"); // 150 gas are too much for 100
    assert.equal(curve.gasUsed, "0x64");
  });

  it("keeps the logs where they were made, and drops those that were undone", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await rpc("hardhat_setCode", callee, COUNTER);
    const undone = address(0x22);
    await put(undone, `0 0 LOG0 0 0 0 0 0 ${callee} GAS CALL 0 0 REVERT`);
    await put(
      target,
      `7 0 MSTORE 2 1 32 0 LOG2 0 0 0 0 0 ${callee} GAS CALL
       0 0 0 0 0 ${undone} GAS CALL 3 64 40 LOG1 0 0 LOG0`,
    );
    const hash = await send({ to: target });
    const receipt = await rpc("eth_getTransactionReceipt", hash);
    const top: CallFrame = await rpc("debug_traceTransaction", hash, withLog);
    assert.deepEqual(top.logs, [
      { address: target, topics: [word(1), word(2)], data: word(7), index: "0x0", position: "0x0" },
      // 64 bytes from 40 on: what MSTORE wrote at 0 to 31 is not in it.
      { address: target, topics: [word(3)], data: `0x${"00".repeat(64)}`, index: "0x2", position: "0x2" },
      { address: target, topics: [], data: "0x", index: "0x3", position: "0x2" },
    ]);
    const [counter, reverted] = top.calls!;
    assert.deepEqual(counter!.logs, [
      { address: callee, topics: [word(1)], data: word(1), index: "0x1", position: "0x0" },
    ]);
    assert.deepEqual([reverted!.logs, reverted!.calls![0]!.logs], [undefined, undefined]);
    assert.equal(receipt.logs.length, 4);
    const without: CallFrame = await rpc("debug_traceTransaction", hash, callTracer());
    assert.ok(!("logs" in without) && !("logs" in without.calls![0]!));
  });

  it("follows a delegation of EIP-7702 from the account that has it", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(callee, "ADDRESS 0 MSTORE 32 0 RETURN");
    await rpc("hardhat_setCode", target, `0xef0100${callee.slice(2)}`);
    const hash = await send({ to: target });
    const top: CallFrame = await rpc("debug_traceTransaction", hash, callTracer());
    assert.deepEqual([top.to, top.output], [target, word(BigInt(target))]);
  });
});

describe("4byteTracer", () => {
  it("counts selectors by the length of their arguments, not those of precompiles", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await rpc("hardhat_setCode", callee, "0x00");
    const call = (to: string, bytes: number) => `0 0 ${bytes} 28 0 ${to} 40000 CALL`;
    await put(
      target,
      `0x11223344 0 MSTORE ${call(callee, 4)} ${call(callee, 36)} ${call(callee, 4)} ${call("4", 4)} ${call(callee, 3)}`,
    );
    const hash = await send({ to: target, data: `0xaabbccdd${"00".repeat(32)}` });
    assert.deepEqual(await rpc("debug_traceTransaction", hash, { tracer: "4byteTracer" }), {
      "0xaabbccdd-32": 1,
      "0x11223344-0": 2,
      "0x11223344-32": 1,
    });
    assert.deepEqual(await rpc("debug_traceTransaction", hash, { tracer: "noopTracer" }), {});
  });
});

describe("keccak256PreimageTracer", () => {
  it("tells what was hashed, of a message that is undone too", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(callee, "42 0 MSTORE 32 0 KECCAK256 POP 0 0 REVERT");
    await put(target, `7 0 MSTORE 64 0 KECCAK256 0 0 KECCAK256 0 0 0 0 0 ${callee} 40000 CALL`);
    const hash = await send({ to: target });
    const preimages = [`0x${word(7n).slice(2)}${"00".repeat(32)}`, "0x", word(42n)] as Hex[];
    assert.deepEqual(
      await rpc("debug_traceTransaction", hash, { tracer: "keccak256PreimageTracer" }),
      Object.fromEntries(preimages.map((preimage) => [keccak256(preimage), preimage])),
    );
  });

  it("outlives who hashes what no gas pays for", async (context) => {
    const { rpc, put, send } = await startChain(context);
    await put(target, `0x${"ff".repeat(32)} 0 KECCAK256`);
    const hash = await send({ to: target });
    assert.deepEqual(await rpc("debug_traceTransaction", hash, { tracer: "keccak256PreimageTracer" }), {});
  });
});
