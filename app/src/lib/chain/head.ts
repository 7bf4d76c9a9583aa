"use client";
// The chain's newest block, the one clock of the app, and whether the chain is the one that was deployed to.
import { type QueryClient, useQuery } from "@tanstack/react-query";
import type { Hash, PublicClient } from "viem";
import { useSettings } from "../settings.tsx";
import { useChainClient } from "./client.tsx";
import { keys } from "./keys.ts";

export type Head = {
  number: bigint;
  hash: Hash;
  timestamp: bigint;
  /** The hash of block 0, asked along, so that no head is taken for another chain's; nothing where the node has none. */
  genesis: Hash | undefined;
};

async function readHead(client: PublicClient): Promise<Head> {
  const [{ number, hash, timestamp }, genesis] = await Promise.all([
    client.getBlock({ blockTag: "latest" }),
    readGenesis(client),
  ]);
  return { number, hash, timestamp, genesis };
}

/** Of block 0; nothing where the node has none. */
export async function readGenesis(client: PublicClient): Promise<Hash | undefined> {
  try {
    return (await client.getBlock({ blockNumber: 0n })).hash;
  } catch (error) {
    if ((error as { name?: string }).name === "BlockNotFoundError") return undefined;
    throw error;
  }
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

/** Whether the chain began anew since the deployment: same id, another block 0. */
export function useRestarted(): boolean {
  const { record } = useSettings();
  const genesis = useHead().data?.genesis;
  return isAnother(genesis, record?.genesisHash);
}

/** Whether two hashes of block 0 tell two chains apart. */
export function isAnother(genesis: string | undefined, recorded: string | undefined): boolean {
  return genesis !== undefined && recorded !== undefined && genesis !== recorded;
}
