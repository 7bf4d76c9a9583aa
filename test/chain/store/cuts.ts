// A log cut at random bytes opens, and the chain is what it was when the last whole frame was acknowledged. So every
// transaction that was acknowledged up to the cut is there, and the state has the root it had.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createEngine } from "../../../chain/src/engine/index.ts";
import { LOG_HEADER } from "../../../chain/src/store/frames.ts";
import { type Cleanup, type KeptChain, openChain } from "./chain.ts";
import { emptyTally, furnish, operate } from "./operations.ts";
import { randomFrom, temporaryDirectory } from "./support.ts";

const STEPS = 60;
const options = { accounts: 3, timestamp: 1_900_000_000n };

/** The chain at a glance: whatever differs before differs here too. */
async function glance({ rpc, engine, node }: KeptChain) {
  const { mining: _, ...info } = node.info();
  return {
    head: await rpc("eth_getBlockByNumber", "latest", false),
    receipts: await rpc("eth_getBlockReceipts", "latest"),
    stateRoot: engine.stateRoot(),
    pool: await rpc("txpool_content"),
    fee: await rpc("eth_gasPrice"),
    info,
  };
}

/** Fills a log with random operations and opens it cut at `cuts` random bytes. */
export async function cutRepeatedly(context: Cleanup, seed: number, cuts: number): Promise<void> {
  const random = randomFrom(seed);
  const directory = temporaryDirectory(context);
  const chain = await openChain(context, directory, options);
  /** What was there, and which transactions, when the log had so many bytes. */
  const moments: { size: number; glance: unknown; hashes: string[] }[] = [];
  const remember = async () => {
    await chain.data.log.synced();
    const { size } = chain.data.log;
    const hashes: string[] = [];
    for (let number = 1n; number <= chain.node.head.header.number; number++) {
      const block = (await chain.node.getBlock(number))!;
      hashes.push(...block.transactions.map(({ transaction }) => transaction.hash));
    }
    const moment = { size, glance: await glance(chain), hashes };
    if (moments.at(-1)?.size === size) moments.pop();
    moments.push(moment);
  };
  await remember();
  await furnish(chain);
  const tally = emptyTally();
  for (let step = 0; step < STEPS; step++) {
    await operate(chain, random, tally);
    if (random(10) === 0) await chain.rpc("evm_snapshot");
    if (random(15) === 0) await chain.rpc("evm_revert", `0x${(1 + random(4)).toString(16)}`);
    await remember();
  }
  await chain.close();

  const whole = readFileSync(join(directory, "chain.log"));
  const engine = await createEngine({ workers: 1 });
  context.after(() => engine.close());
  let exact = 0;
  for (let cut = 0; cut < cuts; cut++) {
    const length = random(whole.length + 1);
    const place = join(directory, `${cut}`);
    mkdirSync(place);
    writeFileSync(join(place, "chain.log"), whole.subarray(0, length));
    const opened = await openChain(context, place, { ...options, workers: 1 }, engine);
    const at = `cut ${cut} at byte ${length}`;
    assert.equal(opened.data.log.cutBytes, length - Math.min(length, opened.data.log.size), at);
    const moment = moments.findLast(({ size }) => size <= length);
    const { log } = opened.data;
    if (moment && moment.size === log.size) {
      assert.deepEqual(await glance(opened), moment.glance, at);
      for (const hash of moment.hashes) assert.ok(await opened.node.getReceipt(hash as `0x${string}`), at);
      exact++;
    } else if (length < (moments[0]?.size ?? 0)) {
      assert.equal(opened.node.head.header.number, 0n, at);
    }
    // It goes on from there.
    await opened.rpc("evm_mine");
    await opened.close();
  }

  assert.ok(exact > cuts / 2, `only ${exact} cuts fell back to a moment that is known`);
  assert.ok(whole.length > LOG_HEADER.length + 5_000);
}
