// Execution without effect: calls, estimates, access lists, simulated blocks.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { encodeErrorResult, parseAbi } from "viem";
import type { ExecutionRevertedError } from "../../../chain/src/node/errors.ts";
import { revertReason } from "../../../chain/src/node/outcome.ts";
import { hexToBytes } from "../../../chain/src/protocol/bytes.ts";
import {
  address,
  COUNTER,
  ETHER,
  FILLER,
  forwarder,
  INVALID,
  READER,
  REVERTER,
  startNode,
  word,
} from "./support.ts";

const [alice, bob] = [
  "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266",
  "0x70997970c51812dc3a010c7d01b50e0d17dc79c8",
] as const;
const errors = parseAbi(["error Error(string)", "error Panic(uint256)", "error Custom(uint256)"]);
const contracts = {
  counter: address(0xc0),
  reverter: address(0xc1),
  reader: address(0xc2),
  invalid: address(0xc3),
  filler: address(0xc4),
  forwarder: address(0xc5),
};

async function start(context: Parameters<typeof startNode>[0]) {
  const node = await startNode(context);
  await node.setCode(contracts.counter, COUNTER);
  await node.setCode(contracts.reverter, REVERTER);
  await node.setCode(contracts.reader, READER);
  await node.setCode(contracts.invalid, INVALID);
  await node.setCode(contracts.filler, FILLER);
  await node.setCode(contracts.forwarder, forwarder(contracts.filler));
  return node;
}

describe("call", () => {
  it("runs on the newest or an older state and changes nothing", async (context) => {
    const node = await start(context);
    await node.setStorage(contracts.reader, word(0), word(5));
    await node.mine();
    await node.setStorage(contracts.reader, word(0), word(6));
    assert.equal(await node.call({ request: { to: contracts.reader } }), word(6));
    assert.equal(await node.call({ request: { to: contracts.reader }, block: 0n }), word(5));
    await node.call({ request: { to: contracts.counter } });
    assert.equal(await node.getStorage(contracts.counter, word(0)), word(0));
    await assert.rejects(node.call({ request: { to: contracts.reader }, block: 9n }), {
      kind: "block-not-found",
    });
  });

  it("takes overrides of state and block", async (context) => {
    const node = await start(context);
    const stateDiff = { [word(0)]: word(9) };
    assert.equal(
      await node.call({
        request: { to: contracts.reader },
        stateOverrides: { [contracts.reader]: { stateDiff } },
      }),
      word(9),
    );
    const code = "0x435f5260205ff3"; // NUMBER
    const stateOverrides = { [address(7)]: { code } } as const;
    assert.equal(await node.call({ request: { to: address(7) }, stateOverrides }), word(0));
    assert.equal(await node.call({ request: { to: address(7) }, stateOverrides, block: "pending" }), word(1));
    assert.equal(
      await node.call({ request: { to: address(7) }, stateOverrides, blockOverrides: { number: 55n } }),
      word(55),
    );
  });

  it("tells reverts with their reason and raw data", async (context) => {
    const node = await start(context);
    const cases = [
      [encodeErrorResult({ abi: errors, errorName: "Error", args: ["no"] }), "execution reverted: no"],
      [
        encodeErrorResult({ abi: errors, errorName: "Panic", args: [17n] }),
        "execution reverted: panic: arithmetic underflow or overflow (0x11)",
      ],
      [
        encodeErrorResult({ abi: errors, errorName: "Custom", args: [1n] }),
        "execution reverted: custom error 0x60a13070",
      ],
      ["0x", "execution reverted"],
    ] as const;
    for (const [data, message] of cases) {
      await assert.rejects(
        node.call({ request: { to: contracts.reverter, data } }),
        (error: ExecutionRevertedError) => {
          assert.equal(error.kind, "execution-reverted");
          assert.equal(error.output, data);
          assert.ok(error.message.startsWith(message.slice(0, 32)), error.message);
          return true;
        },
      );
    }
    await assert.rejects(node.call({ request: { to: contracts.invalid } }), {
      kind: "execution-failed",
      halt: "invalid-opcode",
    });
  });

  it("asks for funds only where there is something to pay", async (context) => {
    const node = await start(context);
    assert.equal(await node.call({ request: { from: address(9), to: bob } }), "0x");
    await assert.rejects(
      node.call({ request: { from: address(9), to: bob, value: 1n } }),
      /insufficient funds/,
    );
  });

  it("survives revert data that lies about its length", () => {
    const lying = hexToBytes(`0x08c379a0${word(32).slice(2)}${"ff".repeat(32)}`);
    assert.equal(revertReason(lying), "custom error 0x08c379a0");
    assert.equal(revertReason(new Uint8Array(3)), null);
  });
});

describe("estimateGas", () => {
  it("is exact for a transfer", async (context) => {
    const node = await start(context);
    assert.equal(await node.estimateGas({ request: { from: alice, to: bob, value: 1n } }), 21_000n);
  });

  it("is enough, even where an inner call keeps a 64th back (EIP-150)", async (context) => {
    const node = await start(context);
    for (const to of [contracts.counter, contracts.filler, contracts.forwarder]) {
      const gas = await node.estimateGas({ request: { from: alice, to } });
      const receipt = (await node.getReceipt(await node.sendTransaction({ from: alice, to, gas })))!;
      assert.equal(receipt.success, true);
      assert.ok(gas < (receipt.gasUsed * 105n) / 100n + 5_000n, `${gas} for ${receipt.gasUsed}`);
    }
  });

  it("says what no gas would cure", async (context) => {
    const node = await start(context);
    const data = encodeErrorResult({ abi: errors, errorName: "Error", args: ["never"] });
    await assert.rejects(
      node.estimateGas({ request: { to: contracts.reverter, data } }),
      /execution reverted: never/,
    );
    await assert.rejects(node.estimateGas({ request: { to: contracts.invalid } }), {
      kind: "execution-failed",
    });
    await assert.rejects(
      node.estimateGas({ request: { from: alice, to: contracts.filler, gas: 50_000n } }),
      /gas required exceeds allowance \(50000\)/,
    );
    await assert.rejects(
      node.estimateGas({ request: { from: alice, to: bob, value: 10n ** 30n } }),
      /insufficient funds/,
    );
  });

  it("stays below the cap of a transaction (EIP-7825)", async (context) => {
    const node = await start(context);
    await node.setCode(address(7), "0x5a5f5260205ff3"); // GAS
    const gas = BigInt(await node.call({ request: { to: address(7) } }));
    assert.ok(gas > 16_777_216n);
    assert.ok((await node.estimateGas({ request: { to: address(7) } })) < 30_000n);
  });
});

describe("createAccessList", () => {
  it("names touched slots and what the list saves", async (context) => {
    const node = await start(context);
    const result = await node.createAccessList({ request: { from: alice, to: contracts.forwarder } });
    assert.deepEqual(
      result.accessList.map(({ address: at, storageKeys }) => [at, [...storageKeys].sort()]),
      [[contracts.filler, [1, 2, 3, 4, 5].map(word)]],
    );
    const failing = await node.createAccessList({ request: { to: contracts.reverter } });
    assert.equal(failing.error, "execution reverted");
    assert.deepEqual((await node.createAccessList({ request: { from: alice, to: bob } })).accessList, []);
  });
});

describe("simulate", () => {
  it("runs blocks of calls on each other and takes them back", async (context) => {
    const node = await start(context);
    const { hash } = node.head;
    const [one, two] = await node.simulate({
      blockStateCalls: [
        {
          stateOverrides: { [address(9)]: { balance: ETHER } },
          calls: [
            { from: address(9), to: bob, value: 5n },
            { to: contracts.counter },
            { to: contracts.reverter },
          ],
        },
        { blockOverrides: { number: 2n, timestamp: 2_000_000_000n }, calls: [{ to: contracts.counter }] },
      ],
    });
    assert.deepEqual(
      one!.calls.map(({ success }) => success),
      [true, true, false],
    );
    assert.equal(one!.calls[2]!.error!.code, 3);
    assert.equal(two!.calls[0]!.logs[0]!.data, word(2));
    assert.equal(two!.calls[0]!.logs[0]!.blockHash, two!.block.hash);
    assert.equal(two!.block.header.parentHash, one!.block.hash);
    assert.equal(two!.block.header.timestamp, 2_000_000_000n);
    assert.equal(
      one!.block.header.gasUsed,
      one!.calls.reduce((sum, { gasUsed }) => sum + gasUsed, 0n),
    );
    assert.equal(node.head.hash, hash);
    assert.equal(await node.getBalance(address(9)), 0n);
    assert.equal(await node.getStorage(contracts.counter, word(0)), word(0));
  });

  it("fills gaps, keeps order and validates when asked", async (context) => {
    const node = await start(context);
    const blocks = await node.simulate({ blockStateCalls: [{ blockOverrides: { number: 3n } }] });
    assert.deepEqual(
      blocks.map(({ block }) => block.header.number),
      [1n, 2n, 3n],
    );
    await assert.rejects(
      node.simulate({ blockStateCalls: [{}, { blockOverrides: { number: 1n } }] }),
      /must be in order/,
    );
    const calls = [{ from: address(9), to: bob, gas: 21_000n, maxFeePerGas: ETHER }];
    await assert.rejects(
      node.simulate({ blockStateCalls: [{ calls }], validation: true }),
      /insufficient funds/,
    );
    assert.equal(await node.getBalance(address(9)), 0n);
    await node.mine();
  });
});
