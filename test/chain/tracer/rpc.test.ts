// The debug_trace methods as requests: shapes of execution-apis, parameters, and errors in the field's codes and words.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { address, COUNTER } from "../node/support.ts";
import { ALICE, BOB, startChain } from "./support.ts";

const target = address(0x50);
const UNKNOWN = `0x${"0".repeat(63)}1`;

describe("debug_trace methods", () => {
  it("refuse what they don't know, in geth's words", async (context) => {
    const { rpc, send } = await startChain(context);
    const hash = await send({ to: BOB });
    const refusals: [method: string, params: unknown[], code: number, message: RegExp][] = [
      ["debug_traceTransaction", [UNKNOWN], -32000, /^transaction not found$/],
      ["debug_traceTransaction", ["0x12"], -32602, /transaction hash/],
      [
        "debug_traceTransaction",
        [hash, { tracer: "whatTracer" }],
        -32602,
        /no tracer "whatTracer"; take one of/,
      ],
      ["debug_traceTransaction", [hash, { tracer: "{step: function() {}}" }], -32004, /JavaScript/],
      [
        "debug_traceTransaction",
        [hash, { disableStack: "yes" }],
        -32602,
        /disableStack: should be true or false/,
      ],
      [
        "debug_traceTransaction",
        [hash, { tracer: "callTracer", tracerConfig: { withLog: 1 } }],
        -32602,
        /withLog/,
      ],
      ["debug_traceBlockByHash", [UNKNOWN], -32000, new RegExp(`^block ${UNKNOWN} not found$`)],
      ["debug_traceBlockByNumber", ["0x99"], -32000, /^block #153 not found$/],
      ["debug_traceBlockByNumber", ["3"], -32602, /hex string without 0x prefix/],
      ["debug_traceBlockByNumber", ["0x0"], -32004, /genesis is not traceable/],
      ["debug_traceCall", [{ to: BOB }, "0x99"], -32000, /header not found/],
      ["debug_traceCall", [{ from: target, to: BOB, value: "0x1" }], -32003, /insufficient funds/],
    ];
    for (const [method, params, code, message] of refusals) {
      await assert.rejects(rpc(method, ...params), { code, message }, `${method} ${JSON.stringify(params)}`);
    }
  });

  it("trace a call like eth_call runs it, on any block and state", async (context) => {
    const { rpc } = await startChain(context);
    await rpc("hardhat_setCode", target, COUNTER);
    const call = { from: ALICE, to: target };
    const trace = await rpc("debug_traceCall", call, "latest");
    assert.deepEqual([trace.failed, trace.returnValue], [false, "0x"]);
    assert.equal(trace.gas, 44_135);
    const warm = { stateOverrides: { [target]: { stateDiff: { [`0x${"0".repeat(64)}`]: UNKNOWN } } } };
    assert.equal((await rpc("debug_traceCall", call, "latest", warm)).gas, 27_035);
    assert.equal(
      (await rpc("debug_traceCall", call, null, { ...warm, timeout: "5s", reexec: 8 })).gas,
      27_035,
    );
    assert.equal((await rpc("debug_traceCall", { to: target, gas: "0x5300" })).failed, true);
    assert.equal(await rpc("eth_getStorageAt", target, "0x0", "latest"), `0x${"0".repeat(64)}`);
  });

  it("give an empty list for a block without transactions", async (context) => {
    const { rpc } = await startChain(context);
    await rpc("evm_mine");
    assert.deepEqual(await rpc("debug_traceBlockByNumber", "latest"), []);
  });

  it("end with an error, not the node, where a trace is too large", async (context) => {
    const { rpc, put } = await startChain(context);
    // A memory of a megabyte, shown with each of many steps.
    await put(target, "1 0x100000 MSTORE JUMPDEST 7 JUMP");
    const call = { to: target, gas: "0x300000" };
    await assert.rejects(rpc("debug_traceCall", call, "latest", { enableMemory: true }), {
      code: -32005,
      message: /larger than 128 MiB.*limit/,
    });
    const cut = await rpc("debug_traceCall", call, "latest", { enableMemory: true, limit: 5 });
    assert.equal(cut.structLogs.length, 5);
    const top = await rpc("debug_traceCall", call, "latest", { tracer: "callTracer" });
    assert.equal(top.error, "out of gas");
  });
});
