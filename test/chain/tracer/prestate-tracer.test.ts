// The prestateTracer against the balances, nonces, codes and slots that the chain itself gives before and after.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import type { Address, Hex } from "../../../chain/src/engine/types.ts";
import type { AccountState, Prestate, StateDifference } from "../../../chain/src/tracer/prestate-tracer.ts";
import { address, initcode, word } from "../node/support.ts";
import { ALICE, assemble, BOB, COINBASE, startChain, type TracedChain } from "./support.ts";

const target = address(0x30);
const other = address(0x31);
const prestate = { tracer: "prestateTracer" };
const diff = { tracer: "prestateTracer", tracerConfig: { diffMode: true } };

/** What the chain says of an account at a height. */
async function accountAt({ rpc }: TracedChain, account: Address, block: Hex, slots: readonly Hex[] = []) {
  const nonce = Number(await rpc("eth_getTransactionCount", account, block));
  const code = await rpc("eth_getCode", account, block);
  const storage: Record<Hex, Hex> = {};
  for (const slot of slots) storage[slot] = await rpc("eth_getStorageAt", account, slot, block);
  const state: AccountState = { balance: await rpc("eth_getBalance", account, block) };
  if (nonce !== 0) state.nonce = nonce;
  if (code !== "0x") state.code = code;
  if (slots.length > 0) state.storage = storage;
  return state;
}

describe("prestateTracer", () => {
  it("shows what the transaction found, of everything that it touched", async (context) => {
    const chain = await startChain(context);
    const { rpc, put, sendTogether } = chain;
    await put(other, "1 2 SSTORE");
    await put(target, `1 SLOAD 1 ADD 1 SSTORE ${BOB} BALANCE 0 0 0 0 1 ${other} GAS CALL`);
    await rpc("hardhat_setStorageAt", other, "0x2", word(8));
    const [first, second] = await sendTogether([
      { to: target, value: "0x5" },
      { to: target, value: "0x5" },
    ]);
    const before: Prestate = await rpc("debug_traceTransaction", first, prestate);
    const between: Prestate = await rpc("debug_traceTransaction", second, prestate);
    assert.deepEqual(before, {
      [ALICE]: await accountAt(chain, ALICE, "0x0"),
      [BOB]: await accountAt(chain, BOB, "0x0"),
      [target]: await accountAt(chain, target, "0x0", [word(1)]),
      [other]: await accountAt(chain, other, "0x0", [word(2)]),
    });
    assert.deepEqual(Object.keys(between).sort(), [...Object.keys(before), COINBASE].sort());
    assert.deepEqual(between[target], { ...before[target], balance: "0x4", storage: { [word(1)]: word(1) } });
    assert.deepEqual(between[other], { ...before[other], balance: "0x1", storage: { [word(2)]: word(1) } });
    assert.equal(between[ALICE]!.nonce, 1);

    const without: Prestate = await rpc("debug_traceTransaction", first, {
      tracer: "prestateTracer",
      tracerConfig: { disableCode: true, disableStorage: true, includeEmpty: true },
    });
    assert.deepEqual(without[target], { balance: "0x0" });
    assert.deepEqual(without[COINBASE], { balance: "0x0" });
  });

  it("with diffMode shows what changed, before and after, as the chain has it", async (context) => {
    const chain = await startChain(context);
    const { rpc, put, send } = chain;
    await put(other, "1");
    await put(target, `5 1 SSTORE 0 2 SSTORE 3 SLOAD 7 4 SSTORE ${other} EXTCODESIZE`);
    for (const slot of [1, 2, 3, 4]) await rpc("hardhat_setStorageAt", target, word(slot), word(7));
    const hash = await send({ to: target, value: "0x5" });
    const { pre, post }: StateDifference = await rpc("debug_traceTransaction", hash, diff);
    const before = (account: Address) => accountAt(chain, account, "0x0");
    const after = (account: Address) => accountAt(chain, account, "0x1");
    assert.deepEqual(pre, {
      [ALICE]: await before(ALICE),
      [target]: { ...(await before(target)), storage: { [word(1)]: word(7), [word(2)]: word(7) } },
    });
    const { code: _, ...unchanged } = await after(target);
    assert.deepEqual(post, {
      [ALICE]: await after(ALICE),
      [COINBASE]: await after(COINBASE),
      [target]: { ...unchanged, storage: { [word(1)]: word(5) } },
    });
  });

  it("shows created accounts after only, destroyed ones not at all", async (context) => {
    const chain = await startChain(context);
    const { rpc, send } = chain;
    const runtime = assemble("1 2 ADD");
    const hash = await send({ data: initcode(runtime), value: "0x3" });
    const { contractAddress } = await rpc("eth_getTransactionReceipt", hash);
    const { pre, post }: StateDifference = await rpc("debug_traceTransaction", hash, diff);
    assert.equal(pre[contractAddress as Address], undefined);
    assert.deepEqual(post[contractAddress as Address], { balance: "0x3", nonce: 1, code: runtime });

    const gone = await send({ data: assemble(`1 1 SSTORE ${BOB} SELFDESTRUCT`), value: "0x3" });
    const receipt = await rpc("eth_getTransactionReceipt", gone);
    const difference: StateDifference = await rpc("debug_traceTransaction", gone, diff);
    assert.deepEqual(Object.keys(difference.post).sort(), [ALICE, BOB, COINBASE].sort());
    assert.equal(difference.pre[receipt.contractAddress as Address], undefined);
  });

  it("knows the accounts that EIP-7702 authorises, and their delegates", async (context) => {
    const chain = await startChain(context);
    const { rpc, put, send } = chain;
    const signer = privateKeyToAccount(`0x${"5e".repeat(32)}`);
    const authority = signer.address.toLowerCase() as Address;
    await put(target, "1 1 SSTORE");
    const signed = await signer.signAuthorization({ chainId: 31337, address: target, nonce: 0 });
    const tuple = {
      chainId: "0x7a69",
      address: target,
      nonce: "0x0",
      yParity: `0x${signed.yParity!.toString(16)}`,
      r: signed.r,
      s: signed.s,
    };
    const hash = await send({ to: authority, authorizationList: [tuple] });
    assert.equal((await rpc("eth_getTransactionReceipt", hash)).status, "0x1");
    const { pre, post }: StateDifference = await rpc("debug_traceTransaction", hash, diff);
    assert.equal(pre[authority], undefined);
    assert.deepEqual(post[authority], {
      nonce: 1,
      code: `0xef0100${target.slice(2)}`,
      storage: { [word(1)]: word(1) },
    });
    const touched: Prestate = await rpc("debug_traceTransaction", hash, prestate);
    assert.ok(touched[target], "the delegate is among what was touched");
  });
});
