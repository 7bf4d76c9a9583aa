// Taking a chain up again: whose it is, what goes on from where it stood, and what is refused in words.

import assert from "node:assert/strict";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { privateKeyToAccount } from "viem/accounts";
import { createDevchain } from "../../../chain/src/index.ts";
import type { ChainOptions } from "../../../chain/src/node/types.ts";
import { encodeFrame, LOG_HEADER, type RawRecord } from "../../../chain/src/store/frames.ts";
import { Log } from "../../../chain/src/store/log.ts";
import { type ChainRecord, decodeRecord, encodeRecord } from "../../../chain/src/store/records.ts";
import { address, COUNTER, ETHER, word } from "../node/support.ts";
import { openChain } from "./chain.ts";
import { KEYS, SENDERS } from "./operations.ts";
import { collect, temporaryDirectory } from "./support.ts";

const JUNK = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const [alice, bob] = SENDERS as [string, string];

/** Opens, uses and closes a chain. */
async function session<T>(
  context: TestContext,
  directory: string,
  options: ChainOptions,
  use: (chain: Awaited<ReturnType<typeof openChain>>) => Promise<T>,
): Promise<T> {
  const chain = await openChain(context, directory, options);
  try {
    return await use(chain);
  } finally {
    await chain.close();
  }
}

/** Writes the log anew with other records. */
async function rewrite(directory: string, change: (records: ChainRecord[]) => (ChainRecord | RawRecord)[]) {
  const path = join(directory, "chain.log");
  const log = await Log.open(path);
  const records = (await collect(log.records())).map(decodeRecord);
  await log.close();
  const raw = change(records).map((record) => ("body" in record ? record : encodeRecord(record)));
  writeFileSync(path, Buffer.concat([LOG_HEADER, encodeFrame(raw, LOG_HEADER.length)]));
}

describe("the options of a kept chain", () => {
  const made: ChainOptions = {
    chainId: 4242n,
    hardfork: "prague",
    accounts: 2,
    accountBalance: 5n * ETHER,
    blockGasLimit: 12_000_000n,
    initialBaseFeePerGas: 7n,
    coinbase: address(0xcb),
    allowUnlimitedContractSize: true,
    alloc: { [address(0xa1)]: { balance: 3n, code: COUNTER, storage: { [word(1)]: word(2) } } },
    timestamp: 2_000_000_000n,
  };

  it("go on without being named again", async (context) => {
    const directory = temporaryDirectory(context);
    const before = await session(context, directory, made, async ({ node, rpc }) => {
      await rpc("evm_mine");
      return [node.info(), node.head.hash];
    });
    await session(context, directory, {}, async ({ node, rpc }) => {
      assert.deepEqual([node.info(), node.head.hash], before);
      assert.equal(await rpc("eth_getStorageAt", address(0xa1), "0x1"), word(2));
      await rpc("hardhat_reset");
      assert.equal(node.head.header.timestamp, 2_000_000_000n);
      assert.equal(node.head.header.gasLimit, 12_000_000n);
    });
    // Naming them all is no harm either.
    await session(context, directory, made, async ({ node }) => assert.equal(node.head.header.number, 0n));
  });

  const others: [ChainOptions, RegExp][] = [
    [
      { chainId: 1n },
      /has another chain id: 4242, and 1 is asked for; leave that option out to go on with this chain/,
    ],
    [{ hardfork: "osaka" }, /has another hardfork: prague, and osaka is asked for/],
    [
      {
        forks: [
          {
            timestamp: 0n,
            hardfork: "prague",
            blobSchedule: { target: 1, max: 2, baseFeeUpdateFraction: 3n },
          },
        ],
      },
      /has another timetable of hardforks/,
    ],
    [{ accounts: 3 }, /has another number of accounts: 2, and 3/],
    [{ accountBalance: 1n }, /has another balance of each account/],
    [{ blockGasLimit: 30_000_000n }, /has another block gas limit: 12000000, and 30000000/],
    [{ initialBaseFeePerGas: 8n }, /has another first base fee: 7, and 8/],
    [{ coinbase: address(1) }, /has another coinbase/],
    [{ allowUnlimitedContractSize: false }, /has another unlimited contract size: true, and false/],
    [{ alloc: {} }, /has another genesis accounts/],
    [{ timestamp: 2_000_000_001n }, /has another genesis time: 2000000000, and 2000000001/],
    [{ mnemonic: JUNK }, /was made with another mnemonic: its first account is 0xf39f.* given is 0x58a5/],
  ];
  it("refuse a chain with others, each by name", async (context) => {
    const directory = temporaryDirectory(context);
    await session(context, directory, made, async ({ rpc }) => rpc("evm_mine"));
    const size = statSync(join(directory, "chain.log")).size;
    for (const [option, words] of others) {
      await assert.rejects(openChain(context, directory, option), (error: Error & { kind: string }) => {
        assert.equal(error.kind, "storage");
        assert.match(error.message, words);
        assert.ok(error.message.includes(directory) || option.mnemonic, error.message);
        return true;
      });
    }
    assert.equal(statSync(join(directory, "chain.log")).size, size);
    // Threads and mining are a matter of each start.
    await session(context, directory, { workers: 2, mining: { auto: false } }, async ({ node }) => {
      assert.equal(node.head.header.number, 1n);
      assert.equal(node.info().mining.auto, false);
    });
  });

  it("do not hold the mnemonic, which must be named again", async (context) => {
    const directory = temporaryDirectory(context);
    await session(context, directory, { mnemonic: JUNK, accounts: 1 }, async ({ rpc }) => rpc("evm_mine"));
    assert.ok(!readFileSync(join(directory, "chain.log"), "latin1").includes("winner"));
    await assert.rejects(openChain(context, directory), /was made with another mnemonic/);
    await session(context, directory, { mnemonic: JUNK }, async ({ node }) => {
      assert.equal(node.accounts()[0], "0x58a57ed9d8d624cbd12e2c467d34787555bb1b25");
    });
  });
});

describe("a chain taken up again", () => {
  it("goes on where it stood: pool, snapshots, impersonation, what was set for the next block, the clock", async (context) => {
    const directory = temporaryDirectory(context);
    const options: ChainOptions = { mining: { auto: false }, timestamp: 1_900_000_000n };
    const { snapshot, hash, dropped, id } = await session(context, directory, options, async ({ rpc }) => {
      await rpc("hardhat_setCode", address(0xc0), COUNTER);
      await rpc("hardhat_setBalance", address(0xc0), "0xde0b6b3a7640000");
      await rpc("evm_mine");
      const snapshot = await rpc("evm_snapshot");
      await rpc("hardhat_impersonateAccount", address(0xc0));
      const send = { from: address(0xc0), to: alice, value: "0x1", gas: "0x5208" };
      const hash = await rpc("eth_sendTransaction", send);
      const dropped = await rpc("eth_sendTransaction", { from: alice, to: bob, gas: "0x5208" });
      await rpc("hardhat_dropTransaction", dropped);
      await rpc("hardhat_setPrevRandao", word(77));
      await rpc("hardhat_setNextBlockBaseFeePerGas", "0x9");
      await rpc("evm_increaseTime", 1_000_000);
      return { snapshot, hash, dropped, id: (await rpc("hardhat_metadata")).instanceId };
    });
    await session(context, directory, options, async ({ node, rpc }) => {
      assert.equal((await rpc("hardhat_metadata")).instanceId, id);
      assert.deepEqual(await node.getOutcome(dropped), { status: "dropped", reason: "dropped on request" });
      assert.equal((await node.getOutcome(hash)).status, "pending");
      const now = BigInt(Math.floor(Date.now() / 1000)) + node.info().timeOffset;
      assert.ok(now >= 1_901_000_000n && now < 1_901_000_600n, `the chain's time is ${now}`);
      await rpc("evm_mine");
      const block = await rpc("eth_getBlockByNumber", "latest", false);
      assert.deepEqual([block.mixHash, block.baseFeePerGas, block.transactions], [word(77), "0x9", [hash]]);
      assert.ok(Number(block.timestamp) >= 1_901_000_000);
      // Still impersonated.
      await rpc("eth_sendTransaction", { from: address(0xc0), to: alice, gas: "0x5208" });
      assert.equal(await rpc("evm_revert", snapshot), true);
      assert.equal(await rpc("eth_blockNumber"), "0x1");
      assert.equal((await rpc("txpool_status")).pending, "0x0");
      assert.equal(await rpc("evm_snapshot"), "0x2");
      const after = BigInt(Math.floor(Date.now() / 1000)) + node.info().timeOffset;
      assert.ok(after < 1_900_001_000n, `evm_revert left the time at ${after}`);
    });
    await session(context, directory, options, async ({ rpc }) => {
      assert.equal(await rpc("eth_blockNumber"), "0x1");
      assert.equal(await rpc("evm_revert", snapshot), false);
      assert.equal(await rpc("evm_revert", "0x2"), true);
      // Impersonation is no part of a snapshot.
      await rpc("eth_sendTransaction", { from: address(0xc0), to: alice, gas: "0x5208" });
      await rpc("hardhat_stopImpersonatingAccount", address(0xc0));
    });
    await session(context, directory, options, async ({ rpc }) => {
      await assert.rejects(rpc("eth_sendTransaction", { from: address(0xc0), to: alice }), /unknown account/);
    });
  });

  it("writes while many blocks are made without a pause", async (context) => {
    const directory = temporaryDirectory(context);
    await session(context, directory, {}, async ({ node, data }) => {
      let most = 0;
      node.subscribe(() => {
        most = Math.max(most, data.log.backlog);
      });
      const large = {
        from: alice as `0x${string}`,
        to: address(1),
        gas: 1_500_000n,
        data: `0x${"00".repeat(100_000)}`,
      };
      await Promise.all(Array.from({ length: 100 }, () => node.sendTransaction(large as never)));
      assert.ok(data.log.size > 2 ** 22, "nothing was written before the end");
      assert.ok(most < 2 ** 23, `${most} bytes waited at once`);
    });
  });

  it("is the new one after a reset, and its old blocks are not executed again", async (context) => {
    const directory = temporaryDirectory(context);
    const { id, hash } = await session(context, directory, {}, async ({ node, rpc }) => {
      const old = (await rpc("hardhat_metadata")).instanceId;
      await rpc("hardhat_mine", "0x5");
      await rpc("hardhat_impersonateAccount", address(1));
      await rpc("hardhat_reset");
      await rpc("evm_mine");
      const id = (await rpc("hardhat_metadata")).instanceId;
      assert.notEqual(id, old);
      return { id, hash: node.head.hash };
    });
    // A block that would be refused, were it looked at.
    await rewrite(directory, (records) =>
      records.map((record) =>
        record.kind === "block" && record.header.number === 3n
          ? { ...record, header: { ...record.header, stateRoot: word(1) } }
          : record,
      ),
    );
    await session(context, directory, {}, async ({ node, rpc }) => {
      assert.equal((await rpc("hardhat_metadata")).instanceId, id);
      assert.equal(node.head.hash, hash);
      await assert.rejects(rpc("eth_sendTransaction", { from: address(1), to: alice }), /unknown account/);
    });
  });

  it("does not execute again what evm_revert undid", async (context) => {
    const directory = temporaryDirectory(context);
    const hash = await session(context, directory, {}, async ({ node, rpc }) => {
      await rpc("evm_mine");
      const outer = await rpc("evm_snapshot");
      await rpc("evm_mine");
      const inner = await rpc("evm_snapshot");
      await rpc("evm_mine");
      await rpc("evm_revert", inner);
      await rpc("evm_mine");
      await rpc("evm_revert", outer);
      await rpc("eth_sendTransaction", { from: alice, to: bob });
      return node.head.hash;
    });
    let spoilt = 0;
    await rewrite(directory, (records) => {
      const last = records.findLastIndex(({ kind }) => kind === "reverted");
      return records.map((record, place) => {
        if (record.kind !== "block" || record.header.number === 1n || place > last) return record;
        spoilt++;
        return { ...record, header: { ...record.header, stateRoot: word(1) } };
      });
    });
    assert.equal(spoilt, 3);
    await session(context, directory, {}, async ({ node }) => assert.equal(node.head.hash, hash));
  });
});

describe("a log of which most counts no more", () => {
  it("is written anew when it is opened, and tells the same", async (context) => {
    const directory = temporaryDirectory(context);
    const path = join(directory, "chain.log");
    const { hash, old } = await session(context, directory, {}, async ({ node, rpc }) => {
      await rpc("hardhat_impersonateAccount", address(5));
      const snapshot = await rpc("evm_snapshot");
      await rpc("hardhat_impersonateAccount", address(6));
      for (let i = 0; i < 40; i++) await rpc("hardhat_setCode", address(0xc0), `0x${"5b".repeat(300_000)}`);
      await rpc("evm_revert", snapshot);
      await rpc("eth_sendTransaction", { from: alice, to: bob });
      return { hash: node.head.hash, old: statSync(path).size };
    });
    assert.ok(old > 40 * 300_000);
    for (let opening = 0; opening < 2; opening++) {
      await session(context, directory, {}, async ({ node, rpc }) => {
        assert.ok(statSync(path).size < 10_000, `${statSync(path).size} bytes are left of ${old}`);
        assert.equal(node.head.hash, hash);
        assert.equal(await rpc("eth_getCode", address(0xc0)), "0x");
        // Impersonated before and behind the snapshot: what stops them is that they have nothing.
        for (const from of [5, 6].map(address)) {
          await assert.rejects(
            rpc("eth_sendTransaction", { from, to: alice, gas: "0x5208" }),
            /insufficient funds/,
          );
        }
        assert.equal(await rpc("evm_snapshot"), `0x${(2 + opening).toString(16)}`);
      });
    }
  });

  it("stays as it is when it can't be taken up", async (context) => {
    const directory = temporaryDirectory(context);
    await session(context, directory, {}, async ({ rpc }) => {
      for (let i = 0; i < 40; i++) await rpc("hardhat_setCode", address(0xc0), `0x${"5b".repeat(300_000)}`);
      await rpc("hardhat_reset");
    });
    const { size } = statSync(join(directory, "chain.log"));
    await assert.rejects(openChain(context, directory, { chainId: 5n }), /has another chain id/);
    assert.equal(statSync(join(directory, "chain.log")).size, size);
    await (await openChain(context, directory)).close();
    assert.ok(statSync(join(directory, "chain.log")).size < 10_000);
  });
});

describe("a log that tells something else", () => {
  /** A chain of three blocks with a transaction in the second. */
  async function three(context: TestContext): Promise<string> {
    const directory = temporaryDirectory(context);
    await session(context, directory, {}, async ({ rpc }) => {
      await rpc("evm_mine");
      const signer = privateKeyToAccount(KEYS[0]);
      const body = {
        type: "eip1559",
        chainId: 31_337,
        nonce: 0,
        gas: 21_000n,
        to: bob as `0x${string}`,
      } as const;
      await rpc(
        "eth_sendRawTransaction",
        await signer.signTransaction({
          ...body,
          value: 1n,
          maxFeePerGas: 10n ** 10n,
          maxPriorityFeePerGas: 1n,
        }),
      );
      await rpc("evm_mine");
    });
    return directory;
  }

  const second =
    (change: (record: Extract<ChainRecord, { kind: "block" }>) => ChainRecord) => (records: ChainRecord[]) =>
      records.map((record) =>
        record.kind === "block" && record.header.number === 2n ? change(record) : record,
      );
  const header = (field: object) =>
    second((record) => ({ ...record, header: { ...record.header, ...field } }));

  const cases: [string, (records: ChainRecord[]) => (ChainRecord | RawRecord)[], RegExp][] = [
    [
      "another state root",
      header({ stateRoot: word(5) }),
      /block 2 does not come out as it was written: .*state-root/,
    ],
    ["another receipts root", header({ receiptsRoot: word(5) }), /block 2 .*receipts-root/],
    ["another gas used", header({ gasUsed: 22_000n }), /block 2 .*gas-used/],
    ["another parent", header({ parentHash: word(5) }), /block 2 .*parent-hash/],
    ["another coinbase", header({ coinbase: address(5) }), /block 2 .*state-root/],
    ["no transaction", second((record) => ({ ...record, transactions: [] })), /block 2 .*gas-used/],
    [
      "a transaction nowhere",
      second((record) => ({ ...record, transactions: [word(5)] })),
      /block 2 .*: transaction 0x0+5 is nowhere/,
    ],
    [
      "another sender",
      (records) =>
        records.map((record) =>
          record.kind === "pooled"
            ? { ...record, transaction: { ...record.transaction, from: bob as `0x${string}` } }
            : record,
        ),
      /block 2 .*state-root/,
    ],
    [
      "a balance that nobody set",
      (records) => records.toSpliced(2, 0, { kind: "balance", address: address(7), value: 1n }),
      /block 2 .*state-root/,
    ],
    [
      "no block 1",
      (records) => records.filter((record) => record.kind !== "block" || record.header.number !== 1n),
      /block 2 .*parent-hash/,
    ],
    [
      "another genesis",
      (records) =>
        records.map((record) => (record.kind === "genesis" ? { ...record, hash: word(5) } : record)),
      /the genesis block has hash 0x[0-9a-f]+ instead of 0x0+5/,
    ],
    ["no genesis", (records) => records.slice(1), /does not begin with a chain's genesis/],
    [
      "a snapshot that was not taken",
      (records) => [
        ...records,
        {
          kind: "reverted",
          id: 9n,
          circumstances: (records[0] as never as { circumstances: never }).circumstances,
        },
      ],
      /goes back to snapshot 9, which it lacks/,
    ],
    [
      "a transaction twice",
      (records) =>
        records.flatMap<ChainRecord>((record) => (record.kind === "pooled" ? [record, record] : [record])),
      /record 3 \(pooled\) can't be repeated: already known/,
    ],
    ["an unknown kind", (records) => [...records, { kind: 99, body: new Uint8Array(1) }], /kind 99/],
  ];
  for (const [what, change, words] of cases) {
    it(`is refused with ${what}, and left alone`, async (context) => {
      const directory = await three(context);
      await rewrite(directory, change);
      const before = readFileSync(join(directory, "chain.log"));
      await assert.rejects(openChain(context, directory), words);
      assert.deepEqual(readFileSync(join(directory, "chain.log")), before);
    });
  }

  it("opens as it stands", async (context) => {
    const directory = await three(context);
    await rewrite(directory, (records) => records);
    await session(context, directory, {}, async ({ node }) => assert.equal(node.head.header.number, 3n));
  });
});

describe("createDevchain({ dataDir })", () => {
  const options = { workers: 1, accounts: 2 };

  it("goes on with the chain of another time, and is one at a time", async (context) => {
    const dataDir = join(temporaryDirectory(context), "chain");
    const first = await createDevchain({ ...options, dataDir });
    assert.deepEqual(first.description.kept, { directory: dataDir, restoredBlocks: 0n, cutBytes: 0 });
    await assert.rejects(createDevchain({ ...options, dataDir }), {
      name: "ChainError",
      kind: "storage",
      message: new RegExp(`is in use by process ${process.pid};`),
    });
    const hash = await first.request({
      method: "eth_sendTransaction",
      params: [{ from: alice, to: bob, value: "0x5" }],
    });
    await first.close();
    const second = await createDevchain({ ...options, dataDir });
    assert.equal(second.description.kept?.restoredBlocks, 1n);
    const receipt = (await second.request({ method: "eth_getTransactionReceipt", params: [hash] })) as {
      status: string;
    };
    assert.equal(receipt.status, "0x1");
    await second.close();
    await assert.rejects(createDevchain({ ...options, dataDir, chainId: 5n }), { kind: "storage" });
    // The refusal let the directory go.
    await (await createDevchain({ ...options, dataDir })).close();
  });

  it("tells of a block only when it is on disk", async (context) => {
    const dataDir = temporaryDirectory(context);
    const chain = await createDevchain({ ...options, dataDir });
    context.after(() => chain.close());
    const size = () => statSync(join(dataDir, "chain.log")).size;
    const sizes: number[] = [];
    chain.on("message", () => sizes.push(size()));
    await chain.request({ method: "eth_subscribe", params: ["newHeads"] });
    let before = size();
    for (let i = 0; i < 20; i++) {
      await chain.request({
        method: "eth_sendTransaction",
        params: [{ from: alice, to: bob, value: "0x1" }],
      });
      assert.ok(size() > before, "the answer came before the write");
      assert.equal(sizes.length, i + 1);
      assert.ok(sizes[i]! > before, "the notice came before the write");
      before = size();
    }
  });
});
