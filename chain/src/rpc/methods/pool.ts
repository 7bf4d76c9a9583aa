// The pool: what waits, and how to drop it.

import type { PoolContent, Transaction } from "../../node/types.ts";
import { encodeWaiting, quantity } from "../encode.ts";
import { method } from "../method.ts";
import { address, hash, required } from "../parameters.ts";
import type { Json } from "../types.ts";

type Bucket = PoolContent["pending"];

/** sender -> nonce in decimal -> transaction, as geth shows it. */
function show(
  bucket: Bucket,
  encode: (transaction: Transaction) => Json,
): Record<string, Record<string, Json>> {
  return Object.fromEntries(
    [...bucket].map(([sender, transactions]) => [sender, byNonce(transactions, encode)] as const),
  );
}

function byNonce(transactions: readonly Transaction[], encode: (transaction: Transaction) => Json) {
  return Object.fromEntries(
    transactions.map((transaction) => [transaction.nonce.toString(), encode(transaction)]),
  );
}

function inWords(t: Transaction): string {
  const price = t.maxFeePerGas ?? t.gasPrice ?? 0n;
  return `${t.to ?? "contract creation"}: ${t.value} wei + ${t.gas} gas × ${price} wei`;
}

function size(bucket: Bucket): number {
  let total = 0;
  for (const transactions of bucket.values()) total += transactions.length;
  return total;
}

export const poolMethods = [
  method("txpool_status", [], async ({ node }) => {
    const { pending, queued } = await node.poolContent();
    return { pending: quantity(size(pending)), queued: quantity(size(queued)) };
  }),
  method("txpool_content", [], async ({ node }) => {
    const { pending, queued } = await node.poolContent();
    return { pending: show(pending, encodeWaiting), queued: show(queued, encodeWaiting) };
  }),
  method("txpool_contentFrom", [required("address", address)], async ({ node }, sender) => {
    const { pending, queued } = await node.poolContent();
    return {
      pending: byNonce(pending.get(sender) ?? [], encodeWaiting),
      queued: byNonce(queued.get(sender) ?? [], encodeWaiting),
    };
  }),
  method("txpool_inspect", [], async ({ node }) => {
    const { pending, queued } = await node.poolContent();
    return { pending: show(pending, inWords), queued: show(queued, inWords) };
  }),
  method("eth_pendingTransactions", [], async ({ node }) =>
    (await node.pendingTransactions()).map(encodeWaiting),
  ),
  method("hardhat_dropTransaction", [required("transaction hash", hash)], ({ node }, transactionHash) =>
    node.dropTransaction(transactionHash),
  ),
  /** anvil gives the hash back, or null. */
  method("anvil_dropTransaction", [required("transaction hash", hash)], async ({ node }, transactionHash) =>
    (await node.dropTransaction(transactionHash)) ? transactionHash : null,
  ),
  method("anvil_dropAllTransactions", [], ({ node }) => node.dropAllTransactions()),
  method("anvil_removePoolTransactions", [required("address", address)], ({ node }, sender) =>
    node.dropTransactionsOf(sender),
  ),
];
