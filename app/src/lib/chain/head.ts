"use client";
// The chain's newest block, the one clock of the app, and whether the chain is the one that was deployed to.
import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { Hash, PublicClient } from "viem";
import { useSettings } from "../settings.tsx";
import { useChainClient } from "./client.tsx";
import { keys } from "./keys.ts";

export type Head = { number: bigint; hash: Hash; timestamp: bigint };

async function readHead(client: PublicClient): Promise<Head> {
  const { number, hash, timestamp } = await client.getBlock({ blockTag: "latest" });
  return { number, hash, timestamp };
}

export function useHead() {
  const client = useChainClient();
  return useQuery({
    queryKey: keys.head,
    queryFn: () => readHead(client),
    refetchInterval: client.pollingInterval,
    retry: false,
    staleTime: 0,
  });
}

/** Whether the last answer was none. Asking again does not make a chain that never answered less silent meanwhile. */
export function useSilent(): boolean {
  const { errorUpdatedAt, dataUpdatedAt } = useHead();
  return errorUpdatedAt > dataUpdatedAt;
}

/** The newest block, asked for unless that was done this very moment. */
export function fetchHead(queries: QueryClient, client: PublicClient): Promise<Head> {
  return queries.fetchQuery({ queryKey: keys.head, queryFn: () => readHead(client), staleTime: 200 });
}

/** Seconds by the chain's newest block; nothing before it is known. */
export function useChainTime(): bigint | undefined {
  return useHead().data?.timestamp;
}

/**
 * Whether the chain began anew since the deployment: same id, another block 0. Asked again whenever the chain becomes
 * reachable, since a restart looks like that.
 */
export function useRestarted(): boolean {
  const client = useChainClient();
  const { record } = useSettings();
  const head = useHead().data;
  const silent = useSilent();
  const { data: genesis } = useQuery({
    queryKey: [...keys.genesis, silent, head === undefined],
    queryFn: async () => (await client.getBlock({ blockNumber: 0n })).hash,
    enabled: !silent && head !== undefined && record !== undefined,
    refetchInterval: 15_000,
  });
  return genesis !== undefined && record !== undefined && genesis !== record.genesisHash;
}
