// One measurement: a round's transactions are sent and mined in one block, every receipt is checked, and the node goes
// back to where it was. It must not know the workloads.

import type { Hex } from "../../chain/src/engine/types.ts";
import type { Rpc } from "./rpc.ts";
import { bodiesOf } from "./rpc.ts";

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
export async function measure(rpc: Rpc, transactions: readonly Hex[]): Promise<Measurement> {
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
  const receipts = await rpc.all<{ status: Hex }>(
    block.transactions.map((hash) => ({ method: "eth_getTransactionReceipt", params: [hash] })),
  );
  const failed = receipts.filter(({ status }) => status !== "0x1").length;
  if (failed > 0) throw new Error(`${rpc.url}: ${failed} of ${transactions.length} transactions failed`);

  if (!(await rpc.call<boolean>("evm_revert", snapshot)))
    throw new Error(`${rpc.url}: evm_revert was refused`);
  return {
    ingestSeconds: (ingested - start) / 1000,
    blockSeconds: (mined - ingested) / 1000,
    gasUsed: BigInt(block.gasUsed),
  };
}
