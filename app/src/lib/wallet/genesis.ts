"use client";
// The hash of block 0 as the connected wallet sees it: two development chains of one id differ in nothing else.
import { useQuery } from "@tanstack/react-query";
import { useConnection } from "wagmi";

type Eip1193 = { request(call: { method: string; params: unknown[] }): Promise<unknown> };

/** Nothing while unknown, and where the wallet does not tell. */
export function useWalletGenesis(): string | undefined {
  const { connector, chainId, isConnected, address } = useConnection();
  const { data } = useQuery({
    queryKey: ["wallet-genesis", connector?.uid, chainId, address],
    enabled: isConnected && connector !== undefined && "getProvider" in connector,
    retry: false,
    queryFn: async () => {
      const provider = (await connector?.getProvider()) as Eip1193;
      const block = (await provider.request({ method: "eth_getBlockByNumber", params: ["0x0", false] })) as {
        hash?: string;
      } | null;
      return block?.hash ?? null;
    },
  });
  return data ?? undefined;
}
