// Every method against the running node, in plain JSON-RPC: results in the field's shapes, errors in its codes and words.

import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { type Abi, encodeFunctionData, type Hex, parseEther, parseGwei, toHex } from "viem";
import { mnemonicToAccount, privateKeyToAccount } from "viem/accounts";
import { type Compiled, compileCounter, startNode, type TestNode } from "./harness.ts";

const MNEMONIC = "test test test test test test test test test test test junk";
const FIRST = "0xf39fd6e51aad88f6f4ce6ab8827279cfffb92266";
const SECOND = "0x70997970c51812dc3a010c7d01b50e0d17dc79c8";
const ZERO_HASH = `0x${"0".repeat(64)}`;

let node: TestNode;
let counter: Compiled;
let address: Hex;

/** Call data of the counter. */
const data = (functionName: string, ...args: unknown[]) =>
  encodeFunctionData({ abi: counter.abi as Abi, functionName, args });

/** Sends from the first account and gives the receipt. */
async function send(request: Record<string, unknown>) {
  const hash = await node.rpc("eth_sendTransaction", { from: FIRST, ...request });
  return node.rpc("eth_getTransactionReceipt", hash);
}

before(async () => {
  counter = compileCounter();
  node = await startNode("--workers", "2");
  const receipt = await send({ data: counter.bytecode });
  assert.equal(receipt.status, "0x1");
  address = receipt.contractAddress;
});
after(() => node?.stop());

describe("who the node is", () => {
  it("is chain 31337 and speaks as Hardhat and anvil", async () => {
    assert.equal(await node.rpc("eth_chainId"), "0x7a69");
    assert.equal(await node.rpc("net_version"), "31337");
    assert.equal(await node.rpc("net_listening"), true);
    assert.equal(await node.rpc("eth_syncing"), false);
    const metadata = await node.rpc("hardhat_metadata");
    assert.equal(metadata.chainId, 31337);
    assert.equal(typeof metadata.latestBlockNumber, "number");
    assert.match(metadata.instanceId, /^0x[0-9a-f]{64}$/);
    assert.equal((await node.rpc("anvil_nodeInfo")).environment.chainId, 31337);
    const hash = await node.rpc("web3_sha3", "0x68656c6c6f");
    assert.equal(hash, "0x1c8aff950685c2ed4bc3174f3472287b56d9517b9c948127319a09a7a36deac8");
  });

  it("holds the well-known accounts with 10,000 ether", async () => {
    const accounts = await node.rpc("eth_accounts");
    assert.equal(accounts.length, 20);
    assert.deepEqual(accounts.slice(0, 2), [FIRST, SECOND]);
    assert.equal(await node.rpc("eth_getBalance", accounts[19], "latest"), toHex(parseEther("10000")));
  });
});

describe("blocks, transactions, receipts", () => {
  it("gives a block in the field's shape", async () => {
    const block = await node.rpc("eth_getBlockByNumber", "latest", true);
    for (const field of [
      "baseFeePerGas blobGasUsed difficulty excessBlobGas extraData gasLimit gasUsed hash logsBloom miner mixHash nonce number",
      "parentBeaconBlockRoot parentHash receiptsRoot requestsHash sha3Uncles size stateRoot timestamp transactions",
      "transactionsRoot uncles withdrawals withdrawalsRoot",
    ].flatMap((line) => line.split(" "))) {
      assert.ok(field in block, `${field} is missing`);
    }
    assert.equal(block.transactions[0].blockHash, block.hash);
    assert.deepEqual(await node.rpc("eth_getBlockByHash", block.hash, true), block);
    assert.equal(await node.rpc("eth_getBlockTransactionCountByHash", block.hash), "0x1");
    assert.equal(
      (await node.rpc("eth_getBlockByNumber", block.number, false)).transactions[0],
      block.transactions[0].hash,
    );
  });

  it("answers null for what is unknown", async () => {
    assert.equal(await node.rpc("eth_getBlockByNumber", "0xffff", false), null);
    assert.equal(await node.rpc("eth_getBlockByHash", ZERO_HASH, false), null);
    assert.equal(await node.rpc("eth_getTransactionByHash", ZERO_HASH), null);
    assert.equal(await node.rpc("eth_getTransactionReceipt", ZERO_HASH), null);
    assert.equal(await node.rpc("eth_getBlockReceipts", "0xffff"), null);
    assert.equal(await node.rpc("eth_getBlockTransactionCountByNumber", "0xffff"), null);
    assert.equal(await node.rpc("eth_getUncleByBlockNumberAndIndex", "latest", "0x0"), null);
    assert.equal(await node.rpc("eth_getUncleCountByBlockNumber", "latest"), "0x0");
  });

  it("gives a transaction, its receipt and its logs alike from every side", async () => {
    const receipt = await send({ to: address, data: data("increment", 1n) });
    assert.equal(receipt.status, "0x1");
    assert.equal(receipt.logs.length, 1);
    assert.equal(receipt.type, "0x2");
    const transaction = await node.rpc("eth_getTransactionByHash", receipt.transactionHash);
    assert.equal(transaction.from, FIRST);
    assert.equal(transaction.input, data("increment", 1n));
    assert.equal(transaction.blockHash, receipt.blockHash);
    assert.equal(transaction.v, transaction.yParity);
    assert.deepEqual(
      await node.rpc("eth_getTransactionByBlockNumberAndIndex", receipt.blockNumber, "0x0"),
      transaction,
    );
    assert.deepEqual(
      await node.rpc("eth_getTransactionByBlockHashAndIndex", receipt.blockHash, "0x0"),
      transaction,
    );
    assert.deepEqual(await node.rpc("eth_getBlockReceipts", receipt.blockHash), [receipt]);
    assert.deepEqual(await node.rpc("eth_getLogs", { blockHash: receipt.blockHash }), receipt.logs);
    const raw = await node.rpc("eth_getRawTransactionByHash", receipt.transactionHash);
    assert.equal(raw, await node.rpc("debug_getRawTransaction", receipt.transactionHash));
    assert.match(raw, /^0x02/);
    for (const method of ["debug_getRawHeader", "debug_getRawBlock"]) {
      assert.match(await node.rpc(method, receipt.blockNumber), /^0xf9/);
    }
    assert.equal((await node.rpc("debug_getRawReceipts", receipt.blockNumber)).length, 1);
  });

  it("finds logs by address and topic", async () => {
    const receipt = await send({ to: address, data: data("increment", 2n), from: SECOND });
    const [log] = receipt.logs;
    const range = { fromBlock: "earliest", toBlock: "latest" };
    const found = await node.rpc("eth_getLogs", { ...range, address, topics: [null, log.topics[1]] });
    assert.deepEqual(found.at(-1), log);
    assert.deepEqual(await node.rpc("eth_getLogs", { ...range, address: FIRST }), []);
    assert.equal((await node.failure("eth_getLogs", { fromBlock: "0x2", toBlock: "0x1" })).code, -32602);
  });
});

describe("state and calls", () => {
  it("reads state now and then", async () => {
    const height = await node.rpc("eth_blockNumber");
    const before = await node.rpc("eth_getStorageAt", address, "0x0", "latest");
    await send({ to: address, data: data("increment", 3n) });
    const now = await node.rpc("eth_getStorageAt", address, "0x0", "latest");
    assert.equal(BigInt(now), BigInt(before) + 3n);
    assert.equal(await node.rpc("eth_getStorageAt", address, "0x0", height), before);
    assert.equal(await node.rpc("eth_getCode", address, "0x0"), "0x");
    assert.notEqual(await node.rpc("eth_getCode", address, "latest"), "0x");
    const values = await node.rpc("eth_getStorageValues", { [address]: ["0x0"] }, "latest");
    assert.equal(values[address][0], now);
    const { hash } = await node.rpc("eth_getBlockByNumber", height, false);
    assert.equal(await node.rpc("eth_getStorageAt", address, "0x0", { blockHash: hash }), before);
  });

  it("proves the newest state", async () => {
    const proof = await node.rpc("eth_getProof", address, ["0x0"], "latest");
    assert.equal(proof.storageProof[0].key, "0x0");
    assert.equal(
      BigInt(proof.storageProof[0].value),
      BigInt(await node.rpc("eth_getStorageAt", address, "0x0", "latest")),
    );
    assert.ok(proof.accountProof.length > 0);
  });

  it("calls with state and block overrides", async () => {
    const call = { to: address, data: data("count") };
    const overrides = { [address]: { stateDiff: { "0x0": toHex(77n, { size: 32 }) } } };
    assert.equal(BigInt(await node.rpc("eth_call", call, "latest", overrides)), 77n);
    const time = { to: address, data: data("time") };
    assert.equal(BigInt(await node.rpc("eth_call", time, "latest", {}, { time: "0xffffff" })), 0xffffffn);
    assert.notEqual(BigInt(await node.rpc("eth_call", call)), 77n);
  });

  it("reverts with code 3, the reason in words and the raw data", async () => {
    const call = (amount: bigint) => ({ from: FIRST, to: address, data: data("increment", amount) });
    for (const method of ["eth_call", "eth_estimateGas"]) {
      const reason = await node.failure(method, call(13n));
      assert.deepEqual([reason.code, reason.message], [3, "execution reverted: unlucky"]);
      assert.match(String(reason.data), /^0x08c379a0/);
      const panic = await node.failure(method, call(14n));
      assert.deepEqual([panic.code, panic.message], [3, "execution reverted: panic: assertion failed (0x1)"]);
      const custom = await node.failure(method, call(101n));
      assert.equal(custom.code, 3);
      assert.match(custom.message, /execution reverted: custom error 0x/);
    }
    const spin = await node.failure("eth_call", { to: address, data: data("spin"), gas: "0x186a0" });
    assert.equal(spin.code, -32000);
    assert.match(spin.message, /out of gas/);
  });

  it("estimates what suffices, and no more than needed", async () => {
    assert.equal(await node.rpc("eth_estimateGas", { from: FIRST, to: SECOND, value: "0x1" }), "0x5208");
    const gas = await node.rpc("eth_estimateGas", { from: FIRST, to: address, data: data("increment", 1n) });
    const receipt = await send({ to: address, data: data("increment", 1n), gas });
    assert.equal(receipt.status, "0x1");
  });

  it("lists what a call touches", async () => {
    const { accessList } = await node.rpc("eth_createAccessList", {
      from: FIRST,
      to: address,
      data: data("count"),
    });
    assert.deepEqual(accessList, [{ address, storageKeys: [ZERO_HASH] }]);
  });

  it("simulates blocks that never happen", async () => {
    const height = await node.rpc("eth_blockNumber");
    const blocks = await node.rpc("eth_simulateV1", {
      blockStateCalls: [
        {
          stateOverrides: { [SECOND]: { balance: "0x64" } },
          calls: [{ from: SECOND, to: FIRST, value: "0x1" }],
        },
        { calls: [{ from: FIRST, to: address, data: data("increment", 13n) }] },
      ],
    });
    assert.equal(blocks.length, 2);
    assert.equal(blocks[0].calls[0].status, "0x1");
    assert.equal(blocks[1].calls[0].error.code, 3);
    assert.equal(BigInt(blocks[0].number), BigInt(height) + 1n);
    assert.equal(await node.rpc("eth_blockNumber"), height);
  });

  it("simulates what calls return, whole, and what creations deploy", async () => {
    const at = `0x${"ab".repeat(20)}`;
    const code = "0x620111705ff3"; // push3 70,000 push0 return: more than is kept of a revert's reason
    const [block] = await node.rpc("eth_simulateV1", {
      blockStateCalls: [
        {
          stateOverrides: { [at]: { code } },
          calls: [{ to: at }, { data: "0x60015ff3" }, { from: FIRST, to: SECOND }],
        },
      ],
    });
    assert.deepEqual(
      block.calls.map(({ status, returnData }: { status: Hex; returnData: Hex }) => [status, returnData]),
      [
        ["0x1", `0x${"00".repeat(70_000)}`],
        ["0x1", "0x00"],
        ["0x1", "0x"],
      ],
    );
  });

  it("refuses simulations in the codes of execution-apis", async () => {
    const refuse = async (call: Record<string, unknown>) =>
      (await node.failure("eth_simulateV1", { validation: true, blockStateCalls: [{ calls: [call] }] })).code;
    const fees = { maxFeePerGas: "0x174876e800", gas: "0x5208" };
    assert.equal(await refuse({ from: FIRST, to: SECOND, nonce: "0x0", ...fees }), -38010);
    assert.equal(await refuse({ from: FIRST, to: SECOND, nonce: "0xffff", ...fees }), -38011);
    assert.equal(await refuse({ from: FIRST, to: SECOND, gas: "0x5208" }), -38012);
    assert.equal(await refuse({ from: FIRST, to: SECOND, ...fees, gas: "0x5207" }), -38013);
    assert.equal(await refuse({ from: `0x${"cd".repeat(20)}`, to: SECOND, value: "0x1", ...fees }), -38014);
    const many = { blockStateCalls: Array.from({ length: 257 }, () => ({})) };
    assert.equal((await node.failure("eth_simulateV1", many)).code, -38026);
  });
});

describe("fees", () => {
  it("prices gas and remembers fees", async () => {
    for (const method of ["eth_gasPrice", "eth_maxPriorityFeePerGas", "eth_blobBaseFee", "eth_baseFee"]) {
      assert.match(await node.rpc(method), /^0x([1-9a-f][0-9a-f]*|0)$/, method);
    }
    const history = await node.rpc("eth_feeHistory", "0x2", "latest", [10, 90]);
    assert.equal(history.baseFeePerGas.length, 3);
    assert.equal(history.gasUsedRatio.length, 2);
    assert.equal(history.reward[1].length, 2);
    assert.equal((await node.failure("eth_feeHistory", "0x2", "latest", [90, 10])).code, -32602);
  });
});

describe("sending", () => {
  const account = mnemonicToAccount(MNEMONIC, { addressIndex: 5 });
  const base = {
    chainId: 31337,
    to: SECOND as Hex,
    gas: 21_000n,
    maxFeePerGas: parseGwei("20"),
    maxPriorityFeePerGas: parseGwei("1"),
  };
  const nonceNow = async () => Number(await node.rpc("eth_getTransactionCount", account.address, "latest"));

  it("takes signed transactions of each kind", async () => {
    const nonce = await nonceNow();
    const { maxFeePerGas, maxPriorityFeePerGas, ...plain } = base;
    const signed = [
      await account.signTransaction({ ...plain, type: "legacy", gasPrice: maxFeePerGas, nonce }),
      await account.signTransaction({ ...plain, type: "eip2930", gasPrice: maxFeePerGas, nonce: nonce + 1 }),
      await account.signTransaction({ ...plain, maxFeePerGas, maxPriorityFeePerGas, nonce: nonce + 2 }),
    ];
    for (const raw of signed) {
      const hash = await node.rpc("eth_sendRawTransaction", raw);
      assert.equal((await node.rpc("eth_getTransactionReceipt", hash)).status, "0x1");
    }
  });

  it("waits for the receipt (EIP-7966)", async () => {
    const raw = await account.signTransaction({ ...base, nonce: await nonceNow() });
    const receipt = await node.rpc("eth_sendRawTransactionSync", raw);
    assert.equal(receipt.status, "0x1");
    await node.rpc("evm_setAutomine", false);
    const waiting = await account.signTransaction({ ...base, nonce: await nonceNow() });
    const timeout = await node.failure("eth_sendRawTransactionSync", waiting, 50);
    assert.equal(timeout.code, 4);
    assert.match(String(timeout.data), /^0x[0-9a-f]{64}$/);
    await node.rpc("evm_setAutomine", true);
    await node.rpc("evm_mine");
    assert.equal((await node.rpc("eth_getTransactionReceipt", timeout.data)).status, "0x1");
  });

  it("signs with the accounts whose keys it holds", async () => {
    assert.equal(
      await node.rpc("personal_sign", "0x68656c6c6f", account.address),
      await account.signMessage({ message: "hello" }),
    );
    const stranger = privateKeyToAccount(`0x${"11".repeat(32)}`).address;
    assert.match((await node.failure("eth_sign", stranger, "0x00")).message, /unknown account|unlocked|key/i);
    const { raw, tx } = await node.rpc("eth_signTransaction", { from: FIRST, to: SECOND, value: "0x1" });
    assert.match(raw, /^0x02/);
    assert.equal(tx.from, FIRST);
  });

  it("holds transactions after a gap, replaces for a higher fee only, and lets them be dropped", async () => {
    await node.rpc("evm_setAutomine", false);
    const nonce = await nonceNow();
    const first = await account.signTransaction({ ...base, nonce });
    const cheaper = await account.signTransaction({ ...base, nonce, gas: 22_000n });
    const dearer = await account.signTransaction({
      ...base,
      nonce,
      maxFeePerGas: parseGwei("40"),
      maxPriorityFeePerGas: parseGwei("2"),
    });
    const gap = await account.signTransaction({ ...base, nonce: nonce + 2 });
    const hash = await node.rpc("eth_sendRawTransaction", first);
    assert.match((await node.failure("eth_sendRawTransaction", first)).message, /already known/);
    const underpriced = await node.failure("eth_sendRawTransaction", cheaper);
    assert.match(underpriced.message, /replacement transaction underpriced/);
    assert.equal(underpriced.code, -32003);
    const replacement = await node.rpc("eth_sendRawTransaction", dearer);
    assert.equal(await node.rpc("eth_getTransactionByHash", hash), null);
    const waiting = await node.rpc("eth_sendRawTransaction", gap);
    assert.deepEqual(await node.rpc("txpool_status"), { pending: "0x1", queued: "0x1" });
    assert.equal(await node.rpc("eth_getTransactionCount", account.address, "pending"), toHex(nonce + 1));
    const content = await node.rpc("txpool_contentFrom", account.address);
    assert.equal(content.pending[String(nonce)].hash, replacement);
    assert.equal(content.queued[String(nonce + 2)].hash, waiting);
    assert.equal((await node.rpc("eth_getTransactionByHash", waiting)).blockHash, null);
    assert.equal(Object.keys((await node.rpc("txpool_inspect")).queued).length, 1);
    assert.equal(await node.rpc("hardhat_dropTransaction", waiting), true);
    await node.rpc("evm_mine");
    assert.equal((await node.rpc("eth_getTransactionReceipt", replacement)).status, "0x1");
    assert.deepEqual(await node.rpc("txpool_status"), { pending: "0x0", queued: "0x0" });
    await node.rpc("evm_setAutomine", true);
  });
});

describe("one unexpected thing at a time", () => {
  const account = mnemonicToAccount(MNEMONIC, { addressIndex: 6 });
  const poor = privateKeyToAccount(`0x${"22".repeat(32)}`);
  const base = { chainId: 31337, to: SECOND as Hex, gas: 21_000n, maxFeePerGas: parseGwei("50"), nonce: 0 };

  it("refuses each in the field's codes and words, and lives on", async () => {
    const fine = await account.signTransaction(base);
    const cases: [string, unknown[], number[], RegExp][] = [
      ["eth_blockNumbr", [], [-32601], /eth_blockNumbr does not exist.*did you mean eth_blockNumber\?/],
      ["eth_getBalance", ["0x12"], [-32602], /argument 0 \(address\)/],
      ["eth_getBalance", [], [-32602], /missing value for required argument 0 \(address\)/],
      ["eth_getBalance", [FIRST, "latest", 3], [-32602], /too many arguments/],
      ["eth_getBalance", [FIRST, 5], [-32602], /argument 1 \(block\)/],
      ["eth_getBalance", [FIRST, "0xffffff"], [-32000, -32001], /block|header/i],
      ["eth_call", [{ to: 5 }], [-32602], /\.to/],
      ["eth_sendRawTransaction", ["0x"], [-32602, -32000], /./],
      ["eth_sendRawTransaction", ["0xdeadbeef"], [-32602, -32000], /./],
      ["eth_sendRawTransaction", [`${fine}00`], [-32602, -32000], /./],
      ["eth_sendRawTransaction", [fine.slice(0, -2)], [-32602, -32000], /./],
      ["eth_sendRawTransaction", [`0x02f8${"00".repeat(40)}`], [-32602, -32000], /./],
      [
        "eth_sendRawTransaction",
        [await account.signTransaction({ ...base, chainId: 1 })],
        [-32602, -32000, -32003],
        /chain/i,
      ],
      [
        "eth_sendRawTransaction",
        [await account.signTransaction({ ...base, gas: 20_000n })],
        [-32003],
        /intrinsic gas too low/,
      ],
      [
        "eth_sendRawTransaction",
        [await account.signTransaction({ ...base, gas: 100_000_000n })],
        [-32003],
        /gas/,
      ],
      [
        "eth_sendTransaction",
        [
          {
            from: FIRST,
            to: SECOND,
            maxFeePerGas: toHex(parseGwei("5")),
            maxPriorityFeePerGas: toHex(parseGwei("6")),
          },
        ],
        [-32003, -32602],
        /max priority fee per gas higher than max fee per gas/,
      ],
      [
        "eth_sendRawTransaction",
        [await poor.signTransaction(base)],
        [-32003],
        /insufficient funds for gas \* price \+ value/,
      ],
      ["eth_sendTransaction", [{ from: poor.address, to: FIRST }], [-32000], /account/i],
      ["eth_sendTransaction", [{ from: FIRST, to: SECOND, nonce: "0x0" }], [-32003], /nonce too low/],
      [
        "eth_sendTransaction",
        [{ from: FIRST, to: SECOND, value: toHex(parseEther("99999")) }],
        [-32003],
        /insufficient funds/,
      ],
      ["eth_sendTransaction", [{ from: FIRST, to: SECOND, value: -1 }], [-32602], /\.value/],
      ["eth_getFilterChanges", ["0x999"], [-32000], /filter not found/],
      ["evm_setNextBlockTimestamp", [1], [-32602, -32000], /timestamp/i],
      ["evm_increaseTime", [-1], [-32602], /seconds/],
      ["hardhat_reset", [{ forking: { jsonRpcUrl: "http://x" } }], [-32004], /fork/],
      ["anvil_setRpcUrl", ["http://x"], [-32004], /not supported/],
    ];
    for (const [method, params, codes, words] of cases) {
      const error = await node.failure(method, ...params);
      const what = `${method} ${JSON.stringify(params).slice(0, 100)} -> ${JSON.stringify(error)}`;
      assert.ok(codes.includes(error.code), what);
      assert.match(error.message, words, what);
    }
    const hash = await node.rpc("eth_sendRawTransaction", fine);
    assert.equal((await node.rpc("eth_getTransactionReceipt", hash)).status, "0x1");
  });
});

describe("controls", () => {
  it("mines, jumps in time and sets what the next block holds", async () => {
    const before = await node.rpc("eth_getBlockByNumber", "latest", false);
    await node.rpc("evm_increaseTime", 1000);
    await node.rpc("evm_mine");
    const after = await node.rpc("eth_getBlockByNumber", "latest", false);
    assert.ok(BigInt(after.timestamp) >= BigInt(before.timestamp) + 1000n);
    const at = BigInt(after.timestamp) + 5000n;
    await node.rpc("evm_setNextBlockTimestamp", toHex(at));
    await node.rpc("hardhat_setCoinbase", SECOND);
    await node.rpc("hardhat_setNextBlockBaseFeePerGas", "0x3b9aca07");
    await node.rpc("hardhat_setPrevRandao", toHex(9n, { size: 32 }));
    await node.rpc("evm_mine");
    const block = await node.rpc("eth_getBlockByNumber", "latest", false);
    assert.deepEqual(
      [BigInt(block.timestamp), block.miner, block.baseFeePerGas, BigInt(block.mixHash)],
      [at, SECOND, "0x3b9aca07", 9n],
    );
    assert.equal(await node.rpc("eth_coinbase"), SECOND);
    await node.rpc("hardhat_mine", "0x3e8", "0xa");
    const far = await node.rpc("eth_getBlockByNumber", "latest", false);
    assert.equal(BigInt(far.number), BigInt(block.number) + 1000n);
    await node.rpc("anvil_mine", 2);
    await node.rpc("evm_mine", { blocks: 3 });
    assert.equal(BigInt(await node.rpc("eth_blockNumber")), BigInt(far.number) + 5n);
  });

  it("changes accounts and sends for anyone", async () => {
    const who = `0x${"ab".repeat(20)}`;
    assert.equal(await node.rpc("hardhat_setBalance", who, toHex(parseEther("5"))), true);
    assert.equal(await node.rpc("eth_getBalance", who, "latest"), toHex(parseEther("5")));
    await node.rpc("anvil_setNonce", who, "0x7");
    assert.equal(await node.rpc("eth_getTransactionCount", who, "latest"), "0x7");
    await node.rpc("hardhat_setStorageAt", who, "0x1", toHex(3n, { size: 32 }));
    assert.equal(BigInt(await node.rpc("eth_getStorageAt", who, "0x1", "latest")), 3n);
    await node.rpc("hardhat_setCode", who, "0x6001");
    assert.equal(await node.rpc("eth_getCode", who, "latest"), "0x6001");
    await node.rpc("hardhat_setCode", who, "0x");
    await node.rpc("hardhat_impersonateAccount", who);
    const receipt = await send({ from: who, to: FIRST, value: "0x1" });
    assert.deepEqual([receipt.status, receipt.from], ["0x1", who]);
    assert.equal(await node.rpc("hardhat_stopImpersonatingAccount", who), true);
    assert.equal((await node.failure("eth_sendTransaction", { from: who, to: FIRST })).code, -32000);
    await node.rpc("anvil_autoImpersonateAccount", true);
    assert.equal((await send({ from: who, to: FIRST })).status, "0x1");
    await node.rpc("anvil_autoImpersonateAccount", false);
  });

  it("goes back to a snapshot, and once only", async () => {
    const height = await node.rpc("eth_blockNumber");
    const balance = await node.rpc("eth_getBalance", SECOND, "latest");
    const id = await node.rpc("evm_snapshot");
    await send({ to: SECOND, value: "0x1" });
    assert.equal(await node.rpc("evm_revert", id), true);
    assert.equal(await node.rpc("eth_blockNumber"), height);
    assert.equal(await node.rpc("eth_getBalance", SECOND, "latest"), balance);
    assert.equal(await node.rpc("evm_revert", id), false);
  });

  it("rolls back and reorganises", async () => {
    const height = BigInt(await node.rpc("eth_blockNumber"));
    const receipt = await send({ to: SECOND, value: "0x1" });
    await node.rpc("anvil_rollback", 1);
    assert.equal(BigInt(await node.rpc("eth_blockNumber")), height);
    assert.equal(await node.rpc("eth_getTransactionReceipt", receipt.transactionHash), null);
    await send({ to: SECOND, value: "0x2" });
    const { hash } = await node.rpc("eth_getBlockByNumber", "latest", false);
    await node.rpc("anvil_reorg", 1, [[{ from: FIRST, to: SECOND, value: "0x3" }, 0]]);
    const block = await node.rpc("eth_getBlockByNumber", "latest", true);
    assert.notEqual(block.hash, hash);
    assert.equal(BigInt(block.number), height + 1n);
    assert.equal(block.transactions[0].value, "0x3");
  });
});

describe("filters", () => {
  it("gathers blocks, transactions and logs between polls", async () => {
    const blocks = await node.rpc("eth_newBlockFilter");
    const pending = await node.rpc("eth_newPendingTransactionFilter");
    const logs = await node.rpc("eth_newFilter", { address });
    const elsewhere = await node.rpc("eth_newFilter", { address: SECOND });
    const otherTopic = await node.rpc("eth_newFilter", { topics: [null, ZERO_HASH] });
    const tooManyTopics = await node.rpc("eth_newFilter", { topics: [null, null, null] });
    const later = await node.rpc("eth_newFilter", { fromBlock: "0xfffff" });
    const receipt = await send({ to: address, data: data("increment", 1n) });
    for (const id of [elsewhere, otherTopic, tooManyTopics, later]) {
      assert.deepEqual(await node.rpc("eth_getFilterChanges", id), []);
    }
    assert.deepEqual(await node.rpc("eth_getFilterChanges", blocks), [receipt.blockHash]);
    assert.deepEqual(await node.rpc("eth_getFilterChanges", pending), [receipt.transactionHash]);
    assert.deepEqual(await node.rpc("eth_getFilterChanges", logs), receipt.logs);
    assert.deepEqual(await node.rpc("eth_getFilterChanges", logs), []);
    assert.equal((await node.rpc("eth_getFilterLogs", logs)).length, 1);
    assert.equal(await node.rpc("eth_uninstallFilter", logs), true);
    assert.equal(await node.rpc("eth_uninstallFilter", logs), false);
  });
});

describe("how parallel a block was", () => {
  it("reports transactions, critical path and conflicts", async () => {
    await node.rpc("evm_setAutomine", false);
    const accounts: string[] = await node.rpc("eth_accounts");
    for (const from of accounts.slice(8, 16)) {
      await node.rpc("eth_sendTransaction", {
        from,
        to: address,
        data: data("increment", 1n),
        gas: "0x186a0",
      });
    }
    await node.rpc("evm_mine");
    await node.rpc("evm_setAutomine", true);
    const report = await node.rpc("parallel_getBlockReport", "latest");
    assert.equal(report.transactions.length, 8);
    assert.equal(
      report.criticalPath.transactions.length,
      8,
      "every increment reads what the one before wrote",
    );
    assert.equal(report.contended[0].location.address, address);
    const { locations, transactions } = await node.rpc("parallel_getAccessSets", "latest");
    const slot = locations.findIndex((location: unknown) =>
      isDeepStrictEqual(location, report.contended[0].location),
    );
    for (const { reads, writes } of transactions) {
      assert.ok(
        reads.includes(slot) && writes.includes(slot),
        "every increment reads and changes the counter",
      );
    }
    assert.deepEqual(await node.rpc("parallel_getAccessSets", "0x0"), { locations: [], transactions: [] });
    assert.equal(await node.rpc("parallel_getAccessSets", "0xffffff"), null);
    const empty = await node.rpc("parallel_getBlockReport", "0x0");
    assert.equal(empty.transactions.length, 0);
    assert.equal(await node.rpc("parallel_getBlockReport", "0xffffff"), null);
  });
});
