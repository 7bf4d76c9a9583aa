"use client";
// Blocks, and how parallel they were as a Polder chain tells it. On other nodes there is no report, and blocks stay plain.
import { keepPreviousData, type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { type Address, type Hash, type Hex, numberToHex, type PublicClient } from "viem";
import type { Location } from "../contracts.ts";
import { useChainClient } from "./client.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type TransactionRun = {
  hash: Hash;
  index: number;
  worker: number;
  /** 1 and the number of times it was executed again. */
  attempts: number;
  gasUsed: bigint;
  /** Microseconds since the block began to execute. */
  startedAt: number;
  finishedAt: number;
  /** Attempts that were thrown away: who wrote what it had read. */
  conflicts: readonly { writerIndex: number; location: Location }[];
};

export type BlockRun = {
  workers: number;
  transactions: readonly TransactionRun[];
  reExecutions: number;
  wastedGas: bigint;
  totalGas: bigint;
  /** The heaviest chain of transactions of which each read what the one before wrote. */
  chain: { transactions: readonly number[]; gas: bigint };
  parallelism: number;
  contended: readonly { location: Location; readers: number; writers: number }[];
};

/** Which locations each transaction read and changed, by index into `locations`. */
export type AccessSets = {
  locations: readonly Location[];
  transactions: readonly { index: number; reads: readonly number[]; writes: readonly number[] }[];
};

export type BlockHead = {
  number: bigint;
  hash: Hash;
  parentHash: Hash;
  timestamp: bigint;
  gasUsed: bigint;
  gasLimit: bigint;
  baseFeePerGas: bigint | null;
  miner: Address;
  transactions: readonly Hash[];
};

type RawRun = Omit<BlockRun, "wastedGas" | "totalGas" | "chain" | "transactions"> & {
  wastedGas: Hex;
  totalGas: Hex;
  criticalPath: { transactions: number[]; gas: Hex };
  transactions: (Omit<TransactionRun, "gasUsed"> & { gasUsed: Hex })[];
};

/** The report on a block; null where the node keeps none. A block of a hash never changes, so it is read once. */
export function fetchRun(
  queries: QueryClient,
  client: PublicClient,
  { hash, number }: Pick<BlockHead, "hash" | "number">,
) {
  return queries.fetchQuery({
    queryKey: ["run", hash],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async (): Promise<BlockRun | null> => {
      const raw = await askNode<RawRun>(client, "parallel_getBlockReport", number);
      if (raw === null) return null;
      const { criticalPath, transactions, ...rest } = raw;
      return {
        ...rest,
        wastedGas: BigInt(raw.wastedGas),
        totalGas: BigInt(raw.totalGas),
        chain: { transactions: criticalPath.transactions, gas: BigInt(criticalPath.gas) },
        transactions: transactions.map((each) => ({ ...each, gasUsed: BigInt(each.gasUsed) })),
      };
    },
  });
}

/** Null where the method is unknown, or the block has no such data. */
async function askNode<T>(client: PublicClient, method: string, block: bigint): Promise<T | null> {
  try {
    const answer = await client.request({
      method: method as never,
      params: [numberToHex(block)] as never,
    });
    return (answer as T | undefined) ?? null;
  } catch (error) {
    if (METHOD_MISSING.test(String((error as { name?: string }).name))) return null;
    throw error;
  }
}

const METHOD_MISSING = /MethodNotFound|MethodNotSupported/;

export type ListedBlock = BlockHead & { run: BlockRun | null };

/** `count` blocks up to `before`, newest first; without it up to the chain's newest. */
export function useBlocks(count: number, before?: bigint) {
  const queries = useQueryClient();
  return useChainQuery({
    key: [...keys.blocks, before?.toString() ?? "newest", count],
    read: async (client, head): Promise<ListedBlock[]> => {
      const newest = before !== undefined && before < head ? before : head;
      const length = Number(newest + 1n < BigInt(count) ? newest + 1n : BigInt(count));
      return Promise.all(
        Array.from({ length }, async (_, i) => {
          const block = await readBlock(client, newest - BigInt(i));
          return {
            ...block,
            run: block.transactions.length === 0 ? null : await fetchRun(queries, client, block),
          };
        }),
      );
    },
  });
}

/** One block by number or hash; `value` is null where the chain has none. */
export function useBlock(id: bigint | Hash) {
  return useChainQuery({
    key: [...keys.blocks, "one", id.toString()],
    read: async (client): Promise<BlockHead | null> => {
      try {
        return await readBlock(client, id);
      } catch (error) {
        if ((error as { name?: string }).name === "BlockNotFoundError") return null;
        throw error;
      }
    },
  });
}

async function readBlock(client: PublicClient, id: bigint | Hash): Promise<BlockHead> {
  const block = await client.getBlock(typeof id === "bigint" ? { blockNumber: id } : { blockHash: id });
  const { number, hash, parentHash, timestamp, gasUsed, gasLimit, baseFeePerGas, miner, transactions } =
    block;
  return { number, hash, parentHash, timestamp, gasUsed, gasLimit, baseFeePerGas, miner, transactions };
}

/** How a block was executed, and what each transaction read and changed; null where the node does not tell. */
export function useRun(block: Pick<BlockHead, "hash" | "number"> | undefined | null) {
  const client = useChainClient();
  const queries = useQueryClient();
  return useQuery({
    queryKey: ["run-and-sets", block?.hash],
    enabled: block !== undefined && block !== null,
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const at = block as Pick<BlockHead, "hash" | "number">;
      const [run, sets] = await Promise.all([
        fetchRun(queries, client, at),
        askNode<AccessSets>(client, "parallel_getAccessSets", at.number),
      ]);
      return { run, sets };
    },
  });
}
