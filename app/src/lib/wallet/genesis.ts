"use client";
// The hash of block 0 as the connected wallet sees it: two development chains of one id differ in nothing else.
import { useQuery } from "@tanstack/react-query";
import { useConnection } from "wagmi";
import { isAnother } from "../chain/head.ts";
import { useSettings } from "../settings.tsx";

export type Eip1193 = { request(call: { method: string; params: unknown[] }): Promise<unknown> };

/** Milliseconds until a wallet on another chain is asked again: it does not say when its RPC URL was changed. */
const AGAIN = 3_000;

/** Whether the connected wallet asks another chain of the page's id. */
export function useWalletElsewhere(): boolean {
  const { record } = useSettings();
  const { connector, chainId, isConnected, address } = useConnection();
  const { data } = useQuery({
    queryKey: ["wallet-genesis", connector?.uid, chainId, address],
    enabled: isConnected && connector !== undefined && "getProvider" in connector,
    retry: false,
    refetchInterval: ({ state }) => (isAnother(state.data ?? undefined, record?.genesisHash) ? AGAIN : false),
    queryFn: async () => (await genesisOf((await connector?.getProvider()) as Eip1193)) ?? null,
  });
  return isAnother(data ?? undefined, record?.genesisHash);
}

/** Nothing where the wallet does not tell. */
export async function genesisOf(provider: Eip1193): Promise<string | undefined> {
  const block = (await provider.request({ method: "eth_getBlockByNumber", params: ["0x0", false] })) as {
    hash?: string;
  } | null;
  return block?.hash;
}
