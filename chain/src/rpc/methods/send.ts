// Sending transactions: signed ones, and unsigned ones from accounts whose keys the node holds or that are impersonated.

import type { ChainNode, Hash } from "../../node/types.ts";
import { encodeReceipt } from "../encode.ts";
import { RpcError } from "../errors.ts";
import { method } from "../method.ts";
import { count, data, optional, required } from "../parameters.ts";
import { transactionRequest } from "../requests.ts";

/** Milliseconds: EIP-7966 leaves the default to the node. */
const DEFAULT_WAIT = 2_000;
const LONGEST_WAIT = 60_000;

/** EIP-7966: the receipt, or error 4 with the hash when it was not mined in time. */
async function receiptOf(node: ChainNode, hash: Hash, milliseconds: number) {
  const outcome = await node.waitForTransaction(hash, milliseconds);
  switch (outcome.status) {
    case "mined":
      return encodeReceipt(outcome.receipt);
    case "dropped":
      throw new RpcError(-32003, `the transaction was dropped: ${outcome.reason}`, { data: hash });
    default:
      throw new RpcError(
        4,
        `The transaction was added to the mempool but wasn't processed in ${milliseconds / 1000}s; ask for its receipt later`,
        { data: hash },
      );
  }
}

export const sendMethods = [
  method("eth_sendTransaction", [required("transaction", transactionRequest)], ({ node }, request) =>
    node.sendTransaction(request),
  ),
  method("eth_sendRawTransaction", [required("signed transaction", data)], ({ node }, raw) =>
    node.sendRawTransaction(raw),
  ),
  method(
    "eth_sendRawTransactionSync",
    [required("signed transaction", data), optional("timeout in milliseconds", count, DEFAULT_WAIT)],
    async ({ node }, raw, wait) =>
      receiptOf(node, await node.sendRawTransaction(raw), Math.min(wait || DEFAULT_WAIT, LONGEST_WAIT)),
  ),
];
