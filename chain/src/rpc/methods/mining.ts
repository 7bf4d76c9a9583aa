// Making blocks, by hand or by rule, and what the next ones hold.

import { UnsupportedError } from "../errors.ts";
import { method } from "../method.ts";
import {
  address,
  boolean,
  type Decoder,
  fieldsOf,
  looseQuantity,
  optional,
  quantity,
  refuse,
  required,
  word,
} from "../parameters.ts";

/** evm_mine: nothing, a timestamp, or anvil's { blocks, timestamp }. */
const mineOptions: Decoder<{ blocks?: bigint; timestamp?: bigint }> = (value, path) => {
  if (typeof value !== "object") return { timestamp: looseQuantity()(value, path) };
  const field = fieldsOf(value, path);
  const blocks = field("blocks", looseQuantity());
  const timestamp = field("timestamp", looseQuantity());
  return { ...(blocks === undefined ? {} : { blocks }), ...(timestamp === undefined ? {} : { timestamp }) };
};

/** Milliseconds, or a range of them to draw from. */
const interval: Decoder<number | readonly [number, number]> = (value, path) => {
  const one: Decoder<number> = (item, at) => Number(looseQuantity(31)(item, at));
  if (!Array.isArray(value)) return one(value, path);
  const [from, to] = [one(value[0], `${path}[0]`), one(value[1], `${path}[1]`)];
  return value.length === 2 && from <= to
    ? [from, to]
    : refuse(path, "two numbers, the smaller first", value);
};

const blocks = optional("blocks", looseQuantity(), 1n);
const spacing = optional("interval in seconds", looseQuantity());

/** viem sends an interval of 0 where none was asked for. */
function mineOf(count: bigint, seconds: bigint | undefined) {
  return seconds === undefined || seconds === 0n ? { blocks: count } : { blocks: count, interval: seconds };
}

export const miningMethods = [
  method("evm_mine", [optional("timestamp or options", mineOptions, {})], async ({ node }, options) => {
    await node.mine(options);
    return "0x0";
  }),
  method("hardhat_mine", [blocks, spacing], async ({ node }, count, seconds) => {
    await node.mine(mineOf(count, seconds));
    return true;
  }),
  method("anvil_mine", [blocks, spacing], async ({ node }, count, seconds) => {
    await node.mine(mineOf(count, seconds));
    return null;
  }),

  method("hardhat_getAutomine", [], ({ node }) => node.info().mining.auto),
  method("evm_setAutomine", [required("enabled", boolean)], async ({ node }, enabled) => {
    await node.setAutomine(enabled);
    return true;
  }),
  method(
    "evm_setIntervalMining",
    [required("interval in milliseconds", interval)],
    async ({ node }, milliseconds) => {
      await node.setIntervalMining(milliseconds);
      return true;
    },
  ),
  /** anvil counts in seconds, under its own name alone: the name evm_setIntervalMining keeps Hardhat's milliseconds. */
  method(
    "anvil_setIntervalMining",
    [required("interval in seconds", looseQuantity(31))],
    async ({ node }, seconds) => {
      await node.setIntervalMining(Number(seconds) * 1000);
      return null;
    },
  ),
  method("anvil_getIntervalMining", [], ({ node }) => {
    const { interval: milliseconds } = node.info().mining;
    const shortest = typeof milliseconds === "number" ? milliseconds : milliseconds[0];
    return shortest === 0 ? null : shortest / 1000;
  }),

  method("evm_setBlockGasLimit", [required("gas limit", looseQuantity())], async ({ node }, limit) => {
    await node.setBlockGasLimit(limit);
    return true;
  }),
  method("hardhat_setCoinbase", [required("address", address)], async ({ node }, coinbase) => {
    await node.setCoinbase(coinbase);
    return true;
  }),
  method("eth_coinbase", [], ({ node }) => node.info().coinbase),
  method(
    "hardhat_setNextBlockBaseFeePerGas",
    [required("base fee in wei", looseQuantity(256))],
    async ({ node }, fee) => {
      await node.setNextBlockBaseFeePerGas(fee);
      return true;
    },
  ),
  method("hardhat_setPrevRandao", [required("value", word)], async ({ node }, value) => {
    await node.setPrevRandao(value);
    return true;
  }),
  method("eth_getWork", [], () => {
    throw new UnsupportedError("there is no proof of work since the merge; use evm_mine");
  }),
  method(
    "eth_submitWork",
    [optional("nonce", quantity()), optional("hash", word), optional("digest", word)],
    () => false,
  ),
];
