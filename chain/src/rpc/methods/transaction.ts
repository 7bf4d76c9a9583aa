// Reads of transactions and their receipts.

import type { BlockReference, ChainNode } from "../../node/types.ts";
import { encodeReceipt, encodeTransaction } from "../encode.ts";
import { method } from "../method.ts";
import { blockNumber, count, hash, required } from "../parameters.ts";

async function readAt(node: ChainNode, reference: BlockReference, index: number) {
  const found = await node.getTransactionByIndex(reference, index);
  return found && encodeTransaction(found);
}

export const transactionMethods = [
  method(
    "eth_getTransactionByHash",
    [required("transaction hash", hash)],
    async ({ node }, transactionHash) => {
      const found = await node.getTransaction(transactionHash);
      return found && encodeTransaction(found);
    },
  ),
  method(
    "eth_getTransactionByBlockNumberAndIndex",
    [required("block", blockNumber), required("index", count)],
    ({ node }, at, index) => readAt(node, at, index),
  ),
  method(
    "eth_getTransactionByBlockHashAndIndex",
    [required("block hash", hash), required("index", count)],
    ({ node }, blockHash, index) => readAt(node, { blockHash }, index),
  ),
  method(
    "eth_getTransactionReceipt",
    [required("transaction hash", hash)],
    async ({ node }, transactionHash) => {
      const receipt = await node.getReceipt(transactionHash);
      return receipt && encodeReceipt(receipt);
    },
  ),
  method(
    "eth_getRawTransactionByHash",
    [required("transaction hash", hash)],
    async ({ node }, transactionHash) => {
      const found = await node.getTransaction(transactionHash);
      return found?.transaction.raw;
    },
  ),
];
