// Divides positions, other work and signers among keepers that run beside each other. By an account's address alone, so that
// none needs to know the others.
import { keccak256 } from "ethers";

/** One of `count` parts, from 1. */
export type Shard = { index: number; count: number };

export const WHOLE: Shard = { index: 1, count: 1 };

/** Reads "i/n". */
export function parseShard(text: string): Shard {
  const [, index, count] = /^(\d{1,4})\/(\d{1,4})$/.exec(text) ?? [];
  const shard = { index: Number(index), count: Number(count) };
  if (index === undefined || shard.index < 1 || shard.index > shard.count) {
    throw new Error(`--shard must be i/n with i from 1 to n, such as 1/2, not "${text}"`);
  }
  return shard;
}

/** Whether the work on `address` is the shard's: by its hash, so that lanes, which are its last bits, spread evenly. */
export function isOf({ index, count }: Shard, address: string): boolean {
  return count === 1 || BigInt(keccak256(address)) % BigInt(count) === BigInt(index - 1);
}

/** The shard's part of a list: every `count`-th. No two shards share one. */
export function partOf<Item>({ index, count }: Shard, items: readonly Item[]): Item[] {
  return items.filter((_, i) => i % count === index - 1);
}
