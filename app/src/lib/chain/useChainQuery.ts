"use client";
// A read of the chain at one block, which the answer names: every figure can say where it comes from.
import { type QueryKey, type UseQueryResult, useQuery, useQueryClient } from "@tanstack/react-query";
import type { PublicClient } from "viem";
import { useChainClient } from "./client.tsx";
import { fetchHead } from "./head.ts";

/** The block that something was read at. */
export type At = { number: bigint; timestamp: bigint };

export type Read<T> = { value: T; at: At };

export type ChainQueryOptions<T> = {
  key: QueryKey;
  /** All reads at `blockNumber`, so that they belong together. */
  read(client: PublicClient, blockNumber: bigint, at: At): Promise<T>;
  enabled?: boolean;
};

export function useChainQuery<T>({
  key,
  read,
  enabled = true,
}: ChainQueryOptions<T>): UseQueryResult<Read<T>> {
  const client = useChainClient();
  const queries = useQueryClient();
  return useQuery({
    queryKey: key,
    enabled,
    queryFn: async (): Promise<Read<T>> => {
      const head = await fetchHead(queries, client);
      const at = { number: head.number, timestamp: head.timestamp };
      return { value: await read(client, head.number, at), at };
    },
  });
}
