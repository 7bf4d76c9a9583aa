// ethers 6 against the running node: JsonRpcProvider with its batches, and WebSocketProvider.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import {
  type Contract,
  ContractFactory,
  HDNodeWallet,
  type InterfaceAbi,
  isError,
  JsonRpcProvider,
  NonceManager,
  parseEther,
  Wallet,
  WebSocketProvider,
} from "ethers";
import { type Compiled, compileCounter, startNode, type TestNode } from "./harness.ts";

let node: TestNode;
let counter: Compiled;
let provider: JsonRpcProvider;
let contract: Contract;

before(async () => {
  counter = compileCounter();
  node = await startNode();
  provider = new JsonRpcProvider(node.url, undefined, { cacheTimeout: -1, pollingInterval: 20 });
});
after(async () => {
  provider?.destroy();
  await node?.stop();
});

describe("ethers", () => {
  it("deploys and calls from an unlocked account", async () => {
    const signer = await provider.getSigner(0);
    const factory = new ContractFactory(counter.abi as InterfaceAbi, counter.bytecode, signer);
    contract = (await (await factory.deploy()).waitForDeployment()) as Contract;
    const sent = await contract.getFunction("increment")(4n);
    const receipt = await sent.wait();
    assert.equal(receipt.status, 1);
    assert.equal(await contract.getFunction("count")(), 4n);
    assert.equal((await contract.queryFilter("Incremented", 0)).length, 1);
  });

  it("sends from a wallet of its own, many at once", async () => {
    const wallet = HDNodeWallet.fromPhrase(
      "test test test test test test test test test test test junk",
      undefined,
      "m/44'/60'/0'/0/3",
    ).connect(provider);
    const manager = new NonceManager(wallet);
    const sent = await Promise.all(
      Array.from({ length: 10 }, () =>
        manager.sendTransaction({ to: Wallet.createRandom().address, value: 1n }),
      ),
    );
    const receipts = await Promise.all(sent.map((transaction) => transaction.wait()));
    assert.ok(receipts.every((receipt) => receipt?.status === 1));
  });

  it("knows reverts and refusals by code", async () => {
    await assert.rejects(contract.getFunction("increment").staticCall(13n), (error) => {
      assert.ok(isError(error, "CALL_EXCEPTION"));
      assert.equal(error.reason, "unlucky");
      return true;
    });
    await assert.rejects(contract.getFunction("increment")(101n), (error) => {
      assert.ok(isError(error, "CALL_EXCEPTION"));
      assert.match(String(error.data), /^0x/);
      return true;
    });
    const poor = Wallet.createRandom().connect(provider);
    await assert.rejects(
      poor.sendTransaction({ to: poor.address, value: parseEther("1"), gasLimit: 21_000n }),
      (error) => isError(error, "INSUFFICIENT_FUNDS"),
    );
    const wallet = HDNodeWallet.fromPhrase(
      "test test test test test test test test test test test junk",
    ).connect(provider);
    await assert.rejects(
      wallet.sendTransaction({ to: wallet.address, nonce: 0, gasLimit: 21_000n }),
      (error) => isError(error, "NONCE_EXPIRED"),
    );
  });

  it("reads blocks, fees and storage", async () => {
    const block = await provider.getBlock("latest", true);
    assert.equal(block?.prefetchedTransactions.length, 1);
    const fees = await provider.getFeeData();
    assert.ok(fees.maxFeePerGas! > 0n);
    assert.equal(BigInt(await provider.getStorage(await contract.getAddress(), 0)), 4n);
    assert.equal((await provider.getNetwork()).chainId, 31337n);
    assert.equal(await provider.getBlock(10_000_000), null);
  });

  it("hears of blocks and events by polling and over WebSocket", { timeout: 20_000 }, async () => {
    const socket = new WebSocketProvider(node.webSocketUrl);
    await socket.getNetwork();
    const heard = [
      new Promise((resolve) => provider.once("block", resolve)),
      new Promise((resolve) => socket.once("block", resolve)),
      new Promise((resolve) => contract.connect(socket).once("Incremented", resolve)),
      new Promise((resolve) => contract.once("Incremented", resolve)),
    ];
    await new Promise((resolve) => setTimeout(resolve, 200));
    await (await contract.getFunction("increment")(1n)).wait();
    await Promise.all(heard);
    await provider.send("eth_chainId", []); // what removes the listeners' filters is out by then
    await socket.destroy();
  });
});
