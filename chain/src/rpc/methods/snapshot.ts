// Going back: snapshots, reorganisations, and beginning anew.

import type { Hex, TransactionRequest } from "../../node/types.ts";
import { quantity as encodeQuantity } from "../encode.ts";
import { UnsupportedError } from "../errors.ts";
import { method } from "../method.ts";
import {
  arrayOf,
  count,
  type Decoder,
  data,
  looseQuantity,
  object,
  optional,
  quantity,
  refuse,
  required,
} from "../parameters.ts";
import { transactionRequest } from "../requests.ts";

/** anvil's pair: a transaction, raw or to be sent unsigned, and the offset of the block it goes to. */
const placement: Decoder<{ transaction: Hex | TransactionRequest; block: number }> = (value, path) => {
  if (!Array.isArray(value) || value.length !== 2)
    return refuse(path, "a pair of transaction and block offset", value);
  const [transaction, offset] = value as [unknown, unknown];
  const decode = typeof transaction === "string" ? data : transactionRequest;
  return { transaction: decode(transaction, `${path}[0]`), block: count(offset, `${path}[1]`) };
};

export const snapshotMethods = [
  method("evm_snapshot", [], async ({ node }) => encodeQuantity(await node.snapshot())),
  method("evm_revert", [required("snapshot id", quantity())], ({ node }, id) => node.revert(id)),
  method("hardhat_reset", [optional("options", object)], async ({ node }, options) => {
    if (options?.forking !== undefined) {
      throw new UnsupportedError(
        "forking another chain is not supported; call hardhat_reset without options",
      );
    }
    await node.reset();
    return true;
  }),
  method(
    "anvil_reorg",
    [required("depth", looseQuantity()), optional("transactions with block offsets", arrayOf(placement), [])],
    async ({ node }, depth, transactions) => {
      await node.reorganise(depth, transactions);
      return null;
    },
  ),
  method("anvil_rollback", [optional("depth", looseQuantity(), 1n)], async ({ node }, depth) => {
    await node.rollback(depth);
    return null;
  }),
];
