// What the node's tests share: a node on a real engine, small contracts as bytecode, and raw transactions.

import type { TestContext } from "node:test";
import { createEngine } from "../../../chain/src/engine/index.ts";
import type { Address, Hash, Hex } from "../../../chain/src/engine/types.ts";
import { createNode, type DevchainNode } from "../../../chain/src/node/node.ts";
import type { ChainEvent, ChainOptions } from "../../../chain/src/node/types.ts";

export const GWEI = 10n ** 9n;
export const ETHER = 10n ** 18n;
export const GENESIS_TIME = 1_900_000_000n;

/** A fresh chain with a fixed genesis, closed when the test ends. */
export async function startNode(context: TestContext, options: ChainOptions = {}): Promise<DevchainNode> {
  const workers = options.workers ?? 1;
  const engine = await createEngine({ workers });
  const node = createNode(engine, { accounts: 4, timestamp: GENESIS_TIME, workers, ...options }, (error) => {
    throw error;
  });
  context.after(() => node.close());
  return node;
}

export function eventsOf(node: DevchainNode): ChainEvent[] {
  const events: ChainEvent[] = [];
  node.subscribe((event) => events.push(event));
  return events;
}

/** Far from the precompiles. */
export function address(n: number): Address {
  return `0xaa${n.toString(16).padStart(38, "0")}`;
}

export function word(value: bigint | number): Hash {
  return `0x${value.toString(16).padStart(64, "0")}`;
}

/* CONTRACTS, runtime bytecode */

/** slot 0 += 1; LOG1(topic 1, the new value); stop. */
export const COUNTER: Hex = "0x60015f5401805f555f52600160205fa100";
/** Reverts with its call data. */
export const REVERTER: Hex = "0x365f5f37365ffd";
/** Returns slot 0. */
export const READER: Hex = "0x5f545f5260205ff3";
/** 0xfe. */
export const INVALID: Hex = "0xfe";
/** Fills five fresh slots, and so needs some 110,000 gas. */
export const FILLER: Hex = "0x6001600155600160025560016003556001600455600160055500";
/** slot CALLER += 1: every sender has its own. */
export const OWN_COUNTER: Hex = "0x3354600101335500";
/** Calls `target` with all gas and reverts unless it succeeds. */
export function forwarder(target: Address): Hex {
  return `0x5f5f5f5f5f73${target.slice(2)}5af16022575f5ffd5b00`;
}

/** What a creation transaction carries to deploy `runtime`, of less than 256 bytes. */
export function initcode(runtime: Hex): Hex {
  const length = (runtime.length - 2) / 2;
  return `0x60${length.toString(16).padStart(2, "0")}8060095f395ff3${runtime.slice(2)}`;
}
