"use client";
// One asset beyond what its market tells: who attests its NAV by which rules, its supply, and its documents as the token has
// them.
import { iNavOracleAbi, rwaTokenAbi } from "@polder/contracts";
import type { Address, ContractFunctionReturnType, Hash, Hex } from "viem";
import { bytes32Text } from "../safe-text.ts";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type OracleSettings = ContractFunctionReturnType<typeof iNavOracleAbi, "view", "settings">;

export type AssetView = {
  supply: bigint;
  paused: boolean;
  settings: OracleSettings;
  attestors: readonly Address[];
  nextRound: number;
  /** When the accepted NAV came, seconds; its round. */
  acceptedAt: bigint;
  round: bigint;
};

export function useAsset({ collateral, oracle }: { collateral: string; oracle: string }) {
  return useChainQuery({
    key: keys.asset(collateral as Address),
    read: async (client, blockNumber): Promise<AssetView> => {
      const token = { address: collateral as Address, abi: rwaTokenAbi, blockNumber } as const;
      const feed = { address: oracle as Address, abi: iNavOracleAbi, blockNumber } as const;
      const [supply, paused, settings, attestors, nextRound, accepted] = await Promise.all([
        client.readContract({ ...token, functionName: "totalSupply" }),
        client.readContract({ ...token, functionName: "paused" }),
        client.readContract({ ...feed, functionName: "settings" }),
        client.readContract({ ...feed, functionName: "attestors" }),
        client.readContract({ ...feed, functionName: "nextRound" }),
        client.readContract({ ...feed, functionName: "accepted" }),
      ]);
      const { since, round } = accepted;
      return {
        supply,
        paused,
        settings,
        attestors,
        nextRound,
        acceptedAt: BigInt(since),
        round: BigInt(round),
      };
    },
  });
}

export type NavEvent = {
  kind: "accepted" | "pending";
  nav: bigint;
  navDate: bigint;
  round: bigint;
  block: bigint;
};

/** Every NAV that was accepted or pending, oldest first. */
export function useNavEvents(oracle: Address) {
  const { startBlock } = useRecord();
  return useChainQuery({
    key: [...keys.navHistory(oracle), "all"],
    read: async (client, toBlock): Promise<NavEvent[]> => {
      const logs = await client.getContractEvents({
        address: oracle,
        abi: iNavOracleAbi,
        fromBlock: BigInt(startBlock),
        toBlock,
        strict: true,
      });
      return logs.flatMap((log): NavEvent[] => {
        if (log.eventName !== "NavAccepted" && log.eventName !== "NavPending") return [];
        const { nav, navDate, round } = log.args;
        const kind = log.eventName === "NavAccepted" ? "accepted" : "pending";
        return [{ kind, nav, navDate, round, block: log.blockNumber }];
      });
    },
  });
}

export type TokenDocument = {
  key: Hex;
  /** Made fit to be shown. */
  name: string;
  uri: string;
  hash: Hash;
  /** Seconds. */
  modified: bigint;
};

/** The documents that the token publishes. */
export function useTokenDocuments(token: Address) {
  return useChainQuery({
    key: keys.documents(token),
    read: async (client, blockNumber): Promise<TokenDocument[]> => {
      const contract = { address: token, abi: rwaTokenAbi, blockNumber } as const;
      const names = await client.readContract({ ...contract, functionName: "getAllDocuments" });
      return Promise.all(
        names.map(async (key) => {
          const [uri, hash, modified] = await client.readContract({
            ...contract,
            functionName: "getDocument",
            args: [key],
          });
          return { key, name: bytes32Text(key), uri, hash, modified };
        }),
      );
    },
  });
}
