"use client";
// When an account can leave the backstop: of what it queued, from its own event; of what it would queue, by simulating
// that. The contract tells the times in its events alone.
import { iBackstopAbi } from "@polder/contracts";
import { type Address, encodeFunctionData, parseEventLogs } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

/** Seconds. */
export type ExitTimes = { from: bigint; until: bigint };

export type ExitView = {
  /** Of the last request; nothing where there never was one. */
  queued: ExitTimes | undefined;
  /** Of a request made now; nothing where nothing is held, or it would be refused. */
  ahead: ExitTimes | undefined;
  /** Whether caps need the capital, so that nobody can queue. */
  refused: boolean;
};

export function useExit(account: Address | undefined, shares: bigint) {
  const { shared, startBlock } = useRecord();
  const address = shared.backstop as Address;
  return useChainQuery({
    key: [...keys.exit(account ?? "0x"), shares > 0n],
    enabled: account !== undefined,
    read: async (client, blockNumber): Promise<ExitView> => {
      const owner = account as Address;
      const data = encodeFunctionData({ abi: iBackstopAbi, functionName: "requestExit", args: [1n] });
      const [requests, simulated] = await Promise.all([
        client.getContractEvents({
          address,
          abi: iBackstopAbi,
          eventName: "ExitRequested",
          args: { owner },
          fromBlock: BigInt(startBlock),
          toBlock: blockNumber,
          strict: true,
        }),
        shares === 0n
          ? undefined
          : client
              .simulateBlocks({ blockNumber, blocks: [{ calls: [{ account: owner, to: address, data }] }] })
              .catch(() => undefined), // a node without eth_simulateV1: the times are told once it is queued
      ]);
      const last = requests.at(-1)?.args;
      const result = simulated?.[0]?.calls[0];
      const [ahead] = parseEventLogs({
        abi: iBackstopAbi,
        eventName: "ExitRequested",
        logs: (result?.logs ?? []) as never,
      });
      return {
        queued: last && { from: last.claimableFrom, until: last.claimableUntil },
        ahead: ahead && { from: ahead.args.claimableFrom, until: ahead.args.claimableUntil },
        refused: result?.status === "failure",
      };
    },
  });
}
