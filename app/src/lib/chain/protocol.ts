"use client";
// What stands behind all markets: pUSD in circulation, the first-loss capital, the surplus.
import { iBackstopAbi, stablecoinAbi } from "@polder/contracts";
import type { Address } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

/** All in pUSD, 18 decimals. */
export type ProtocolView = { supply: bigint; backstop: bigint; surplus: bigint };

export function useProtocol() {
  const { shared } = useRecord();
  return useChainQuery({
    key: keys.protocol,
    read: async (client, blockNumber): Promise<ProtocolView> => {
      const stablecoin = { address: shared.stablecoin as Address, abi: stablecoinAbi, blockNumber } as const;
      const [supply, backstop, surplus] = await Promise.all([
        client.readContract({ ...stablecoin, functionName: "totalSupply" }),
        client.readContract({
          address: shared.backstop as Address,
          abi: iBackstopAbi,
          functionName: "totalAssets",
          blockNumber,
        }),
        client.readContract({ ...stablecoin, functionName: "balanceOf", args: [shared.surplus as Address] }),
      ]);
      return { supply, backstop, surplus };
    },
  });
}
