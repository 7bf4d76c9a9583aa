// A chain that is closed and opened again is the same: blocks, receipts, state at every height, pool, snapshots, clock.

import assert from "node:assert/strict";
import { survey, tidy } from "../../../chain/src/node/restore.ts";
import { DataDirectory } from "../../../chain/src/store/directory.ts";
import { type Cleanup, openChain, portrait } from "./chain.ts";
import { ACCOUNTS, emptyTally, furnish, operate, type Tally } from "./operations.ts";
import { randomFrom, temporaryDirectory } from "./support.ts";

const options = { accounts: 3, timestamp: 1_900_000_000n };

/** Random operations with `restarts` restarts among them. Gives how often each was done. */
export async function restartRepeatedly(context: Cleanup, seed: number, restarts: number): Promise<Tally> {
  const directory = temporaryDirectory(context);
  const random = randomFrom(seed);
  const tally = emptyTally();
  /** By number: what the chain showed when it was taken. */
  const snapshots = new Map<string, unknown>();
  let chain = await openChain(context, directory, { ...options, workers: 1 + (seed % 2) });
  await furnish(chain);
  for (let restart = 0; restart < restarts; restart++) {
    for (let i = 0; i < 40; i++) {
      await operate(chain, random, tally);
      const draw = random(25);
      if (draw === 0) snapshots.set(await chain.rpc("evm_snapshot"), await portrait(chain, ACCOUNTS));
      if (draw === 1 && snapshots.size > 0) {
        const ids = [...snapshots.keys()];
        const id = ids[random(ids.length)]!;
        // A rollback below it may have made it void.
        if (await chain.rpc("evm_revert", id))
          assert.deepEqual(await portrait(chain, ACCOUNTS), snapshots.get(id));
        for (const later of ids) if (BigInt(later) >= BigInt(id)) snapshots.delete(later);
      }
      if (random(300) === 0) {
        await chain.rpc("hardhat_reset");
        snapshots.clear();
        await furnish(chain);
      }
    }
    const before = await portrait(chain, ACCOUNTS);
    const info = chain.node.info();
    await chain.close();
    if (restart % 3 === 2) await tidyUp(directory);
    chain = await openChain(context, directory, { ...options, workers: 1 + (restart % 2) });
    assert.deepEqual(await portrait(chain, ACCOUNTS), before);
    const { mining: _, workers: __, ...same } = info;
    const { mining: ___, workers: ____, ...again } = chain.node.info();
    assert.deepEqual(again, same);
    assert.equal(chain.node.describe().kept?.cutBytes, 0);
  }
  await chain.close();
  return tally;
}

/** Writes the log anew without what counts no more. */
async function tidyUp(directory: string): Promise<void> {
  const data = await DataDirectory.open(directory);
  const found = (await survey(data.log))!;
  await tidy(data.log, found);
  assert.equal((await survey(data.log))!.idle, 0);
  await data.close();
}
