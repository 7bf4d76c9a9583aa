// Our traces beside those of Hardhat's simulated network, for the same transactions on the same state.

import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { encodeFunctionData, getContractAddress, type Hex } from "viem";
import { ZERO_HASH } from "../../../chain/src/protocol/bytes.ts";
import type { CallFrame } from "../../../chain/src/tracer/call-tracer.ts";
import type { Prestate } from "../../../chain/src/tracer/prestate-tracer.ts";
import type { StructLog, StructLoggerResult } from "../../../chain/src/tracer/struct-logger.ts";
import { firstDifference } from "../../fuzz/execute.ts";
import { address, word } from "../node/support.ts";
import { compileCounter } from "../rpc/harness.ts";
import { ALICE, assemble, BOB, COINBASE, startChain } from "./support.ts";

// biome-ignore lint/suspicious/noExplicitAny: JSON of any shape; what is read of it is asserted
type Rpc = (method: string, ...params: unknown[]) => Promise<any>;

const counter = compileCounter();
const deployed = getContractAddress({ from: ALICE, nonce: 0n }).toLowerCase() as Hex;
const call = (functionName: string, ...args: unknown[]) => ({
  to: deployed,
  data: encodeFunctionData({ abi: counter.abi, functionName, args }),
});

const inner = address(0x60);
const outer = address(0x61);
const caller = address(0x62);
const CODES: Record<Hex, string> = {
  [inner]:
    "CALLVALUE 1 SSTORE 0xbad 0 MSTORE CALLDATASIZE 20 JUMPI STOP ..0000 0 0 INVALID JUMPDEST 32 0 REVERT",
  [outer]: `3 SLOAD 1 ADD 3 SSTORE 0 4 SSTORE 0x1234 0 MSTORE 0 0 2 30 1 ${inner} GAS CALL
    RETURNDATASIZE 0 0 RETURNDATACOPY 0 0 0 0 ${inner} 60000 DELEGATECALL 32 0 KECCAK256 0 MSTORE
    0 0 0 0 ${inner} 60000 STATICCALL 0 0 0 0 2 ${inner} 60000 CALLCODE 64 64 64 0 4 GAS STATICCALL
    0x6001600055 0 MSTORE 5 27 0 CREATE 7 5 27 0 CREATE2 1 0 TSTORE 0 TLOAD POP 5 32 0 LOG1 ${BOB} BALANCE
    ADD ADD ADD 0 0 LOG0`,
  [caller]: `0 0 0 0 9 ${outer} GAS CALL 0 0 0 0 0 ${outer} 30000 CALL 1 0 SSTORE 0 0 SSTORE STOP`,
};
const TRANSACTIONS: [name: string, request: Record<string, unknown>][] = [
  ["a creation", { data: counter.bytecode }],
  ["a call of Solidity's", call("increment", 5n)],
  ["the same, on warm ground", call("increment", 7n)],
  ["a revert with words", call("increment", 13n)],
  ["a panic", call("increment", 14n)],
  ["a custom error", call("increment", 200n)],
  ["a loop without end", { ...call("spin"), gas: "0xc350" }],
  ["calls within calls", { to: caller, value: "0x64" }],
  ["calls that run out of gas", { to: caller, value: "0x64", gas: "0x13880" }],
  ["a transfer", { to: BOB, value: "0x1" }],
];

describe("traces beside Hardhat's", () => {
  let hardhat: Rpc;
  before(async () => {
    const runtime = await createHardhatRuntimeEnvironment({
      networks: {
        simulated: {
          type: "edr-simulated",
          hardfork: "osaka",
          initialDate: new Date(1_900_000_000_000),
          throwOnTransactionFailures: false,
        },
      },
    });
    const { provider } = await runtime.network.create("simulated");
    hardhat = (method, ...params) => provider.request({ method, params });
  });

  it("are the same", async (context) => {
    const { rpc } = await startChain(context);
    for (const chain of [rpc, hardhat]) {
      for (const [at, code] of Object.entries(CODES)) await chain("hardhat_setCode", at, assemble(code));
      // Hardhat tells of empty accounts that were not created; geth has stopped doing so.
      await chain("hardhat_setBalance", COINBASE, "0x1");
      await chain("hardhat_setStorageAt", outer, "0x4", word(4));
      await chain("evm_setAutomine", false);
    }
    for (const [i, [name, request]] of TRANSACTIONS.entries()) {
      const hashes: Hex[] = [];
      for (const chain of [rpc, hardhat]) {
        await chain("hardhat_setNextBlockBaseFeePerGas", "0x3b9aca00");
        await chain("evm_setNextBlockTimestamp", 1_900_001_000 + i);
        const transaction = { from: ALICE, gas: "0x1e8480", gasPrice: "0x77359400", ...request };
        hashes.push(await chain("eth_sendTransaction", transaction));
        await chain("evm_mine");
      }
      assert.equal(hashes[0], hashes[1], name);
      const both = async (config: Record<string, unknown>) => [
        await rpc("debug_traceTransaction", hashes[0], config),
        await hardhat("debug_traceTransaction", hashes[0], config),
      ];
      const [ours, theirs] = (await both({ enableMemory: true })).map(comparable);
      assert.equal(firstDifference(theirs, ours), null, name);
      const callTracer = { tracer: "callTracer", tracerConfig: { withLog: true } };
      const [calls, theirCalls] = (await both(callTracer)).map(withPlainErrors);
      assert.equal(firstDifference(theirCalls, calls), null, name);
      const [prestate, theirPrestate] = (
        await both({
          tracer: "prestateTracer",
          tracerConfig: { includeEmpty: true }, // Hardhat does without being asked
        })
      ).map(withoutZeros);
      assert.equal(firstDifference(theirPrestate, prestate), null, name);
      const [changes, theirChanges] = await both({
        tracer: "prestateTracer",
        tracerConfig: { diffMode: true },
      });
      assert.equal(firstDifference(theirChanges, changes), null, name);
    }
  });
});

/** Hardhat shows an empty memory, counts refunds by message, and has other words and no cost of what fails. */
function comparable(trace: StructLoggerResult): StructLoggerResult {
  const structLogs = trace.structLogs.map(({ memory = [], refund: _, ...log }): StructLog => {
    const failed = log.error === undefined ? {} : { error: "failed", gasCost: 0, storage: {} };
    return { ...log, memory, ...failed };
  });
  return { ...trace, structLogs };
}

/** Hardhat has revm's words for what geth has its own for. */
function withPlainErrors({ error, calls, ...frame }: CallFrame): CallFrame {
  return {
    ...frame,
    ...(error === undefined ? {} : { error: error === "execution reverted" ? error : "failed" }),
    ...(calls === undefined ? {} : { calls: calls.map(withPlainErrors) }),
  };
}

/** Hardhat leaves out slots that were written and came back to zero. */
function withoutZeros(prestate: Prestate): Prestate {
  const entries = Object.entries(prestate).map(([account, { storage = {}, ...state }]) => {
    const slots = Object.entries(storage).filter(([, value]) => value !== ZERO_HASH);
    return [account, { ...state, storage: Object.fromEntries(slots) }];
  });
  return Object.fromEntries(entries);
}
