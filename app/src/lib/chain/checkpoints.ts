"use client";
// What a market's checkpoints wrote: rate, debt and use over time, from the chain's own events. Works on any node; a log
// that does not carry its block's time has it read.
import { iMarketAbi } from "@polder/contracts";
import type { Address, PublicClient } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type CheckpointPoint = {
  /** Seconds. */
  time: number;
  /** Per year and ratio, wad; debt in the loan token. */
  ratePerYear: bigint;
  utilisation: bigint;
  totalDebt: bigint;
};

/** Oldest first, at most `MOST` of them, evenly chosen; the newest always. */
export function useCheckpoints(market: Address) {
  const { startBlock } = useRecord();
  return useChainQuery({
    key: keys.checkpoints(market),
    read: async (client, toBlock): Promise<CheckpointPoint[]> => {
      const logs = await client.getContractEvents({
        address: market,
        abi: iMarketAbi,
        eventName: "Checkpoint",
        fromBlock: BigInt(startBlock),
        toBlock,
        strict: true,
      });
      const chosen = thinned(logs, MOST);
      const times = await timesOf(client, chosen);
      return chosen.map(({ args, blockNumber }) => ({
        time: Number(times.get(blockNumber) ?? 0n),
        ratePerYear: args.ratePerYear,
        utilisation: args.utilisation,
        totalDebt: args.totalDebt,
      }));
    },
  });
}

const MOST = 200;

function thinned<Each>(all: readonly Each[], most: number): readonly Each[] {
  if (all.length <= most) return all;
  const step = (all.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, i) => all[Math.round(i * step)]).filter(
    (each) => each !== undefined,
  );
}

type Placed = { blockNumber: bigint; blockTimestamp?: bigint | undefined };

/** Of each log's block, seconds. */
export async function timesOf(client: PublicClient, logs: readonly Placed[]): Promise<Map<bigint, bigint>> {
  const times = new Map<bigint, bigint>();
  for (const { blockNumber, blockTimestamp } of logs) {
    if (blockTimestamp !== undefined && blockTimestamp !== null)
      times.set(blockNumber, BigInt(blockTimestamp));
  }
  const missing = [...new Set(logs.map(({ blockNumber }) => blockNumber))].filter((each) => !times.has(each));
  await Promise.all(
    missing.map(async (blockNumber) => {
      times.set(blockNumber, (await client.getBlock({ blockNumber })).timestamp);
    }),
  );
  return times;
}
