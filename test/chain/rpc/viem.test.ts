// viem 2 against the running node: public, wallet and test clients over HTTP and WebSocket, and its classes of errors.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Abi,
  type BaseError,
  ContractFunctionRevertedError,
  createPublicClient,
  createTestClient,
  createWalletClient,
  ExecutionRevertedError,
  type Hex,
  http,
  InsufficientFundsError,
  NonceTooLowError,
  parseEther,
  parseGwei,
  publicActions,
  webSocket,
} from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { hardhat } from "viem/chains";
import { type Compiled, compileCounter, startNode, type TestNode } from "./harness.ts";

const account = mnemonicToAccount("test test test test test test test test test test test junk");
const other = mnemonicToAccount("test test test test test test test test test test test junk", {
  addressIndex: 1,
});

let node: TestNode;
let counter: Compiled;
let address: Hex;

before(async () => {
  counter = compileCounter();
  node = await startNode();
});
after(() => node?.stop());

const clients = () => {
  const transport = http(node.url);
  return {
    reader: createPublicClient({ chain: hardhat, transport, pollingInterval: 20 }),
    wallet: createWalletClient({ chain: hardhat, transport, account }),
    tester: createTestClient({ chain: hardhat, transport, mode: "hardhat", cacheTime: 0 }).extend(
      publicActions,
    ),
    anvil: createTestClient({ chain: hardhat, transport, mode: "anvil", cacheTime: 0 }).extend(publicActions),
  };
};

describe("viem", () => {
  it("deploys, writes and reads a contract with a local account", async () => {
    const { reader, wallet } = clients();
    const hash = await wallet.deployContract({ abi: counter.abi, bytecode: counter.bytecode });
    const receipt = await reader.waitForTransactionReceipt({ hash });
    address = receipt.contractAddress!;
    const written = await wallet.writeContract({
      address,
      abi: counter.abi,
      functionName: "increment",
      args: [5n],
    });
    const { status, logs } = await reader.waitForTransactionReceipt({ hash: written });
    assert.deepEqual([status, logs.length], ["success", 1]);
    assert.equal(await reader.readContract({ address, abi: counter.abi, functionName: "count" }), 5n);
    const [event] = await reader.getContractEvents({ address, abi: counter.abi, fromBlock: 0n });
    assert.equal((event as unknown as { args: { count: bigint } }).args.count, 5n);
  });

  it("sends from the node's unlocked accounts", async () => {
    const { reader } = clients();
    const remote = createWalletClient({ chain: hardhat, transport: http(node.url) });
    const [first] = await remote.getAddresses();
    assert.equal(first, account.address);
    const hash = await remote.sendTransaction({ account: first!, to: other.address, value: 1n });
    assert.equal((await reader.getTransactionReceipt({ hash })).status, "success");
    const signature = await remote.signTypedData({
      account: first!,
      domain: { name: "Polder", chainId: 31337 },
      types: { Note: [{ name: "text", type: "string" }] },
      primaryType: "Note",
      message: { text: "dijk" },
    });
    assert.ok(
      await reader.verifyTypedData({
        address: first!,
        domain: { name: "Polder", chainId: 31337 },
        types: { Note: [{ name: "text", type: "string" }] },
        primaryType: "Note",
        message: { text: "dijk" },
        signature,
      }),
    );
  });

  it("decodes reverts: reason and custom error", async () => {
    const { reader } = clients();
    const simulate = (amount: bigint) =>
      reader.simulateContract({
        address,
        abi: counter.abi as Abi,
        functionName: "increment",
        args: [amount],
        account,
      });
    await assert.rejects(simulate(13n), (error) => {
      const reverted = (error as BaseError).walk((e) => e instanceof ContractFunctionRevertedError);
      assert.equal((reverted as ContractFunctionRevertedError).reason, "unlucky");
      return true;
    });
    await assert.rejects(simulate(101n), (error) => {
      const reverted = (error as BaseError).walk((e) => e instanceof ContractFunctionRevertedError);
      assert.equal((reverted as ContractFunctionRevertedError).data?.errorName, "TooMuch");
      return true;
    });
    await assert.rejects(reader.estimateGas({ account, to: address, data: "0xdeadbeef" }), (error) => {
      return (error as BaseError).walk((e) => e instanceof ExecutionRevertedError) !== null;
    });
  });

  it("knows the node's refusals by class", async () => {
    const { wallet, reader } = clients();
    await assert.rejects(
      wallet.sendTransaction({ to: other.address, nonce: 0, gas: 21_000n, maxFeePerGas: parseGwei("10") }),
      (error) => (error as BaseError).walk((e) => e instanceof NonceTooLowError) !== null,
    );
    const poor = privateKeyToAccount(`0x${"33".repeat(32)}`);
    await assert.rejects(
      createWalletClient({ chain: hardhat, transport: http(node.url), account: poor }).sendTransaction({
        to: other.address,
        value: 1n,
        gas: 21_000n,
      }),
      (error) => (error as BaseError).walk((e) => e instanceof InsufficientFundsError) !== null,
    );
    await assert.rejects(reader.getBlock({ blockNumber: 999_999n }), /could not be found/);
  });

  it("batches calls, estimates fees and simulates", async () => {
    const { reader } = clients();
    const batching = createPublicClient({ chain: hardhat, transport: http(node.url, { batch: true }) });
    const [id, height, fees] = await Promise.all([
      batching.getChainId(),
      batching.getBlockNumber(),
      batching.estimateFeesPerGas(),
    ]);
    assert.equal(id, 31337);
    assert.ok(height > 0n && fees.maxFeePerGas > 0n);
    assert.equal((await reader.getFeeHistory({ blockCount: 2, rewardPercentiles: [50] })).reward?.length, 2);
    const { results } = await reader.simulateCalls({
      account: account.address,
      calls: [{ to: other.address, value: 1n }],
    });
    assert.equal(results[0]?.status, "success");
    const proof = await reader.getProof({ address, storageKeys: [`0x${"0".repeat(64)}`] });
    assert.ok(proof.storageProof[0]!.value > 0n);
  });

  it("sends EIP-7702 authorisations", async () => {
    const { reader, wallet } = clients();
    const authorization = await wallet.signAuthorization({
      account: other,
      address,
      chainId: 31337,
      nonce: await reader.getTransactionCount({ address: other.address }),
    });
    const hash = await wallet.sendTransaction({
      to: other.address,
      authorizationList: [authorization],
      gas: 200_000n,
    });
    assert.equal((await reader.waitForTransactionReceipt({ hash })).type, "eip7702");
    assert.equal(
      await reader.getCode({ address: other.address }),
      `0xef0100${address.slice(2).toLowerCase()}`,
    );
  });

  it("drives the chain with the test clients of both modes", async () => {
    const modes = clients();
    for (const client of [modes.tester, modes.anvil]) {
      const start = await client.getBlockNumber();
      await client.mine({ blocks: 3 });
      assert.equal(await client.getBlockNumber(), start + 3n);
      await client.setBalance({ address: other.address, value: parseEther("7") });
      assert.equal(await client.getBalance({ address: other.address }), parseEther("7"));
      const id = await client.snapshot();
      await client.setNonce({ address: other.address, nonce: 500 });
      await client.revert({ id });
      assert.ok((await client.getTransactionCount({ address: other.address })) < 500);
      await client.setNextBlockBaseFeePerGas({ baseFeePerGas: parseGwei("3") });
      await client.increaseTime({ seconds: 100 });
      await client.mine({ blocks: 1 });
      assert.equal((await client.getBlock()).baseFeePerGas, parseGwei("3"));
      assert.equal(await client.getAutomine(), true);
      await client.setAutomine(false);
      assert.equal(await client.getAutomine(), false);
      assert.deepEqual(await client.getTxpoolStatus(), { pending: 0, queued: 0 });
      await client.setAutomine(true);
      await client.impersonateAccount({ address });
      await client.setBalance({ address, value: parseEther("1") });
      const hash = await modes.wallet.sendTransaction({ account: address, to: other.address, value: 1n });
      assert.equal((await client.getTransactionReceipt({ hash })).from, address);
      await client.stopImpersonatingAccount({ address });
      await client.setStorageAt({ address, index: 9, value: `0x${"00".repeat(31)}05` });
      assert.equal(BigInt((await client.getStorageAt({ address, slot: "0x9" }))!), 5n);
    }
  });

  it("watches blocks, events and pending transactions over WebSocket", { timeout: 20_000 }, async () => {
    const { wallet } = clients();
    const socket = createPublicClient({ chain: hardhat, transport: webSocket(node.webSocketUrl) });
    const seen: string[] = [];
    let wake = () => {};
    const note = (what: string) => () => {
      seen.push(what);
      wake();
    };
    const stops = [
      socket.watchBlocks({ onBlock: note("block") }),
      socket.watchContractEvent({ address, abi: counter.abi as Abi, onLogs: note("log") }),
      socket.watchPendingTransactions({ onTransactions: note("pending") }),
    ];
    await socket.getBlockNumber();
    await new Promise((resolve) => setTimeout(resolve, 100));
    await wallet.writeContract({ address, abi: counter.abi, functionName: "increment", args: [1n] });
    while (!["block", "log", "pending"].every((what) => seen.includes(what))) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    for (const stop of stops) stop();
    const client = await socket.transport.getRpcClient();
    client.close();
  });
});
