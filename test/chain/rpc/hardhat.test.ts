// Hardhat 3 against the running node as an HTTP network: hardhat-ethers, the network helpers and the chai matchers.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { expect } from "chai";
import type { Contract, InterfaceAbi } from "ethers";
import { createHardhatRuntimeEnvironment } from "hardhat/hre";
import { type Compiled, compileCounter, startNode, type TestNode } from "./harness.ts";

let node: TestNode;
let counter: Compiled;

async function connect(url: string) {
  const hre = await createHardhatRuntimeEnvironment({
    plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatNetworkHelpers],
    networks: { devchain: { type: "http", chainType: "l1", url } },
  });
  return hre.network.create("devchain");
}

let connection: Awaited<ReturnType<typeof connect>>;
let contract: Contract;

before(async () => {
  counter = compileCounter();
  node = await startNode();
  connection = await connect(node.url);
});
after(async () => {
  await connection?.close();
  await node?.stop();
});

describe("Hardhat over HTTP", () => {
  it("deploys from the node's accounts", async () => {
    const { ethers } = connection;
    const [signer] = await ethers.getSigners();
    assert.equal((await ethers.getSigners()).length, 20);
    const factory = new ethers.ContractFactory(counter.abi as InterfaceAbi, counter.bytecode, signer);
    contract = (await (await factory.deploy()).waitForDeployment()) as unknown as Contract;
    await (await contract.getFunction("increment")(2n)).wait();
    assert.equal(await contract.getFunction("count")(), 2n);
  });

  it("matches events, reverts and balances", async () => {
    const { ethers } = connection;
    const [first, second] = await ethers.getSigners();
    await expect(contract.getFunction("increment")(1n))
      .to.emit(contract, "Incremented")
      .withArgs(first!.address, 3n);
    await expect(contract.getFunction("increment")(13n)).to.be.revertedWith("unlucky");
    await expect(contract.getFunction("increment")(14n)).to.be.revertedWithPanic(0x01);
    await expect(contract.getFunction("increment")(101n))
      .to.be.revertedWithCustomError(contract, "TooMuch")
      .withArgs(101n, 100n);
    await expect(first!.sendTransaction({ to: second!.address, value: 5n })).to.changeEtherBalances(
      ethers,
      [first!, second!],
      [-5n, 5n],
    );
  });

  it("helps with time, blocks, accounts and snapshots", async () => {
    const { ethers, networkHelpers } = connection;
    const { time } = networkHelpers;
    const height = await time.latestBlock();
    await networkHelpers.mine(5);
    assert.equal(await time.latestBlock(), height + 5);
    await networkHelpers.mineUpTo(height + 10);
    assert.equal(await time.latestBlock(), height + 10);
    const now = await time.latest();
    await time.increase(3600);
    assert.ok((await time.latest()) >= now + 3600);
    const at = (await time.latest()) + 1000;
    await time.increaseTo(at);
    assert.equal(await time.latest(), at);
    await time.setNextBlockTimestamp(at + 50);
    await networkHelpers.mine();
    assert.equal(await time.latest(), at + 50);

    const snapshot = await networkHelpers.takeSnapshot();
    const who = "0x00000000000000000000000000000000000000aa";
    await networkHelpers.setBalance(who, 10n ** 18n);
    await networkHelpers.impersonateAccount(who);
    const impersonated = await ethers.getSigner(who);
    await (await impersonated.sendTransaction({ to: who, value: 1n })).wait();
    assert.equal(await ethers.provider.getTransactionCount(who), 1);
    await networkHelpers.stopImpersonatingAccount(who);
    await networkHelpers.setCode(who, "0x6001");
    await networkHelpers.setStorageAt(who, 1, 7n);
    assert.equal(BigInt(await networkHelpers.getStorageAt(who, 1)), 7n);
    await networkHelpers.setNextBlockBaseFeePerGas(2_000_000_000);
    await networkHelpers.setCoinbase(who);
    await networkHelpers.setPrevRandao(3);
    await networkHelpers.mine();
    await snapshot.restore();
    assert.equal(await ethers.provider.getBalance(who), 0n);

    const deployed = async () => ({ height: await time.latestBlock() });
    const first = await networkHelpers.loadFixture(deployed);
    await networkHelpers.mine(3);
    const again = await networkHelpers.loadFixture(deployed);
    assert.equal(again.height, first.height);
    assert.equal(await time.latestBlock(), first.height);
  });
});
