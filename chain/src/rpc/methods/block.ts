// Reads of blocks.

import type { BlockReference, ChainNode } from "../../node/types.ts";
import { encodeBlock, encodeReceipt, quantity } from "../encode.ts";
import { method } from "../method.ts";
import { block, blockNumber, boolean, count, hash, optional, required } from "../parameters.ts";

async function read(node: ChainNode, reference: BlockReference, full: boolean) {
  const found = await node.getBlock(reference);
  return found && encodeBlock(found, full);
}

async function size(node: ChainNode, reference: BlockReference) {
  const found = await node.getBlock(reference);
  return found && quantity(found.transactions.length);
}

/** There are no ommers since the merge: null where the block is unknown, else what `value` says. */
async function ommers(node: ChainNode, reference: BlockReference, value: string | null) {
  return (await node.getBlock(reference)) && value;
}

export const blockMethods = [
  method("eth_blockNumber", [], ({ node }) => quantity(node.head.header.number)),
  method(
    "eth_getBlockByNumber",
    [required("block", blockNumber), optional("full transactions", boolean, false)],
    ({ node }, at, full) => read(node, at, full),
  ),
  method(
    "eth_getBlockByHash",
    [required("block hash", hash), optional("full transactions", boolean, false)],
    ({ node }, blockHash, full) => read(node, { blockHash }, full),
  ),
  method("eth_getBlockTransactionCountByNumber", [required("block", blockNumber)], ({ node }, at) =>
    size(node, at),
  ),
  method("eth_getBlockTransactionCountByHash", [required("block hash", hash)], ({ node }, blockHash) =>
    size(node, { blockHash }),
  ),
  method("eth_getBlockReceipts", [required("block", block)], async ({ node }, at) => {
    const receipts = await node.getBlockReceipts(at);
    return receipts?.map(encodeReceipt);
  }),
  method("eth_getUncleCountByBlockNumber", [required("block", blockNumber)], ({ node }, at) =>
    ommers(node, at, "0x0"),
  ),
  method("eth_getUncleCountByBlockHash", [required("block hash", hash)], ({ node }, blockHash) =>
    ommers(node, { blockHash }, "0x0"),
  ),
  method(
    "eth_getUncleByBlockNumberAndIndex",
    [required("block", blockNumber), required("index", count)],
    () => null,
  ),
  method(
    "eth_getUncleByBlockHashAndIndex",
    [required("block hash", hash), required("index", count)],
    () => null,
  ),
];
