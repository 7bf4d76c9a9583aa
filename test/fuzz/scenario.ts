// What a fuzzed chain is: a genesis state and blocks of messages, as data that can be written down and run again. It
// must not know how it came about nor what runs it.

import type { Address, BlockEnvironment, Hash, Hex, Message } from "../../chain/src/engine/types.ts";

export interface GenesisAccount {
  balance: bigint;
  nonce: bigint;
  code: Hex;
  storage: Record<Hash, Hash>;
}

export type Genesis = Record<Address, GenesisAccount>;

export interface FuzzBlock {
  environment: BlockEnvironment;
  messages: Message[];
}

export interface Scenario {
  genesis: Genesis;
  blocks: FuzzBlock[];
}

/** JSON with bigints written as "123n". */
export function toJson(value: unknown, indent?: number): string {
  return JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item), indent);
}

export function fromJson<T>(text: string): T {
  return JSON.parse(text, (_, item) =>
    typeof item === "string" && /^-?\d+n$/.test(item) ? BigInt(item.slice(0, -1)) : item,
  ) as T;
}
