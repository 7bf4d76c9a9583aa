// What a transaction should offer: base fees, tips, history.

import { encodeFeeHistory, quantity } from "../encode.ts";
import { InvalidParamsError } from "../errors.ts";
import { method } from "../method.ts";
import { arrayOf, blockNumber, count, type Decoder, optional, refuse, required } from "../parameters.ts";

const MAX_BLOCKS = 1_024;

const percentile: Decoder<number> = (value, path) =>
  typeof value === "number" && value >= 0 && value <= 100
    ? value
    : refuse(path, "a percentage from 0 to 100", value);

/** Ascending, as the field wants them. */
const percentiles: Decoder<number[]> = (value, path) => {
  const list = arrayOf(percentile)(value, path);
  for (const [index, item] of list.entries()) {
    if (index > 0 && item < list[index - 1]!) {
      throw new InvalidParamsError(`${path}: invalid reward percentile: not ascending at index ${index}`);
    }
  }
  return list.length <= 100 ? list : refuse(path, "at most 100 percentiles", value);
};

export const feeMethods = [
  method("eth_gasPrice", [], async ({ node }) => quantity(await node.gasPrice())),
  method("eth_maxPriorityFeePerGas", [], async ({ node }) => quantity(await node.maxPriorityFeePerGas())),
  method("eth_blobBaseFee", [], async ({ node }) => quantity(await node.blobBaseFee())),
  /** Of the next block. */
  method("eth_baseFee", [], async ({ node }) => {
    const { baseFeePerGas } = await node.feeHistory(1, "latest");
    return quantity(baseFeePerGas.at(-1)!);
  }),
  method(
    "eth_feeHistory",
    [
      required("block count", count),
      required("newest block", blockNumber),
      optional("percentiles", percentiles),
    ],
    async ({ node }, blocks, newest, asked) => {
      if (blocks < 1) throw new InvalidParamsError("invalid argument 0 (block count): should be at least 1");
      return encodeFeeHistory(await node.feeHistory(Math.min(blocks, MAX_BLOCKS), newest, asked));
    },
  ),
];
