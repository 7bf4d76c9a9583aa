// One block of as many operations as there are users, in a market made for it, after as many blocks of drift as asked
// for; then the same block once more on levelled lanes. It must not know how figures are shown.

import { BlockChain } from "./chain.ts";
import { judge, type Verdict } from "./judge.ts";
import { KINDS, type Kind, type Operation, PopulatedMarket, type Setting } from "./market.ts";

export interface Plan extends Setting {
  workers: number;
  /** Blocks of as many operations before the one that is judged. */
  drift: number;
}

export interface Outcome extends Verdict {
  mix: Record<Kind, number>;
  refused: number;
  /** What the block moves of the stablecoin, by all assets. */
  moved: number;
  /** Of the market before the block, 0 to 1. */
  utilisation: number;
  /** Before the block, the least of a lane by the average: of the pool's cash, of the room under the debt cap. */
  poorest: { cash: number; room: number };
}

/** With `rebalanced` where a contract has levelled its lanes. */
export async function contentionOf(plan: Plan): Promise<{ outcome: Outcome; rebalanced?: Outcome }> {
  const chain = await BlockChain.start(plan.workers);
  try {
    const market = await PopulatedMarket.open(chain, plan);
    for (let block = 0; block < plan.drift; block++) {
      const operations = market.drawOperations();
      market.settle(operations, (await chain.mine(operations)).succeeded);
    }
    const operations = market.drawOperations();
    const snapshot = await chain.request("evm_snapshot");
    const outcome = await outcomeOf(chain, market, operations);
    if (plan.drift === 0) return { outcome };
    await chain.request("evm_revert", snapshot);
    if ((await market.rebalance()) === 0) return { outcome };
    return { outcome, rebalanced: await outcomeOf(chain, market, operations) };
  } finally {
    await chain.close();
  }
}

async function outcomeOf(
  chain: BlockChain,
  market: PopulatedMarket,
  operations: readonly Operation[],
): Promise<Outcome> {
  const [utilisation, poorest] = [await market.utilisation(), await market.poorest()];
  const assets: bigint = await market.pool.totalAssets();
  const volume = operations
    .filter(({ kind }) => !kind.endsWith("collateral"))
    .reduce((total, { amount }) => total + amount, 0n);

  const mined = await chain.mine(operations);
  const verdict = judge(await chain.report(mined), await chain.accesses(mined), market.nameOf());
  const mix = Object.fromEntries(
    KINDS.map((kind) => [kind, operations.filter((operation) => operation.kind === kind).length]),
  ) as Record<Kind, number>;
  return {
    ...verdict,
    mix,
    refused: mined.succeeded.filter((succeeded) => !succeeded).length,
    moved: Number((volume * 1_000n) / assets) / 1_000,
    utilisation,
    poorest,
  };
}
