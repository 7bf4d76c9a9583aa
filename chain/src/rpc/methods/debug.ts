// Raw encodings of what the chain holds.

import type { BlockReference } from "../../node/types.ts";
import { ServerError } from "../errors.ts";
import { method } from "../method.ts";
import { block, hash, required } from "../parameters.ts";

/** Throws where a block is unknown; the debug_ methods don't answer null. */
async function found<T>(value: Promise<T | null>, reference: BlockReference): Promise<T> {
  const result = await value;
  if (result !== null) return result;
  const name = typeof reference === "object" ? reference.blockHash : reference.toString();
  throw new ServerError(`block ${name} not found`);
}

export const debugMethods = [
  method("debug_getRawHeader", [required("block", block)], ({ node }, at) =>
    found(node.getRawHeader(at), at),
  ),
  method("debug_getRawBlock", [required("block", block)], ({ node }, at) => found(node.getRawBlock(at), at)),
  method("debug_getRawReceipts", [required("block", block)], ({ node }, at) =>
    found(node.getRawReceipts(at), at),
  ),
  method(
    "debug_getRawTransaction",
    [required("transaction hash", hash)],
    async ({ node }, transactionHash) => {
      const mined = await node.getTransaction(transactionHash);
      return mined?.transaction.raw;
    },
  ),
];
