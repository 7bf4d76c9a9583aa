// One measurement: a round's transactions are sent and mined in one block, the success of every one is checked, and the node goes
// back to where it was. It must not know the workloads.

import type { Hex } from "../../chain/src/engine/types.ts";
import type { Rpc } from "./rpc.ts";
import { bodiesOf } from "./rpc.ts";
import type { Prepared } from "./workloads.ts";

export interface Measurement {
  /** From the first request to the last answer of eth_sendRawTransaction. */
  ingestSeconds: number;
  /** evm_mine, from request to answer: execution, roots and the block. */
  blockSeconds: number;
  gasUsed: bigint;
}

/** Batches under way at the same time. */
const CONCURRENCY = 4;

/** Throws where a transaction is left out of the block or fails: what does not succeed is not worth timing. */
export async function measure(rpc: Rpc, prepared: Prepared, round: number): Promise<Measurement> {
  const transactions = prepared.transactions(round);
  const snapshot = await rpc.call<string>("evm_snapshot");
  const bodies = bodiesOf(transactions.map((raw) => ({ method: "eth_sendRawTransaction", params: [raw] })));

  const start = performance.now();
  await rpc.send(bodies, CONCURRENCY);
  const ingested = performance.now();
  await rpc.call("evm_mine");
  const mined = performance.now();

  const block = await rpc.call<{ transactions: Hex[]; gasUsed: Hex }>(
    "eth_getBlockByNumber",
    "latest",
    false,
  );
  if (block.transactions.length !== transactions.length) {
    throw new Error(
      `${rpc.url}: ${block.transactions.length} of ${transactions.length} transactions are in the block`,
    );
  }
  const succeeded = await prepared.successes(rpc, block.transactions);
  if (succeeded !== transactions.length) {
    throw new Error(
      `${rpc.url}: ${transactions.length - succeeded} of ${transactions.length} transactions failed`,
    );
  }

  if (!(await rpc.call<boolean>("evm_revert", snapshot)))
    throw new Error(`${rpc.url}: evm_revert was refused`);
  return {
    ingestSeconds: (ingested - start) / 1000,
    blockSeconds: (mined - ingested) / 1000,
    gasUsed: BigInt(block.gasUsed),
  };
}
