"use client";
// Redemptions that wait with the issuers' desks, and those that workouts asked for, from events and the desks' own books.
import { iRedemptionDeskAbi, iWorkoutAbi } from "@polder/contracts";
import { type Address, isAddressEqual } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type Redemption = {
  marketKey: string;
  requestId: bigint;
  controller: Address;
  fulfilled: boolean;
  /** Not claimed yet, in the collateral token. */
  shares: bigint;
  /** Paid and not claimed yet, in what the desk pays. */
  assets: bigint;
  /** Where a workout asked: whose position it is for. */
  workout: { owner: Address; termsId: bigint; abandoned: boolean } | undefined;
};

/** All that are not claimed in full, newest first. */
export function useRedemptions() {
  const { markets, startBlock } = useRecord();
  return useChainQuery({
    key: keys.redemptions,
    read: async (client, blockNumber): Promise<Redemption[]> => {
      const range = { fromBlock: BigInt(startBlock), toBlock: blockNumber, strict: true } as const;
      const all = await Promise.all(
        markets.map(async ({ key, desk, workout }) => {
          const [asked, worked] = await Promise.all([
            client.getContractEvents({
              address: desk as Address,
              abi: iRedemptionDeskAbi,
              eventName: "RedeemRequest",
              ...range,
            }),
            client.getContractEvents({ address: workout as Address, abi: iWorkoutAbi, ...range }),
          ]);
          return Promise.all(
            asked.map(async ({ args }): Promise<Redemption> => {
              const request = await client.readContract({
                address: desk as Address,
                abi: iRedemptionDeskAbi,
                functionName: "requestOf",
                args: [args.requestId],
                blockNumber,
              });
              const { controller, fulfilled, shares, assets } = request;
              const own = worked.filter((log) => isAddressEqual(log.args.controller, controller));
              const start = own.find((log) => log.eventName === "RedemptionRequested");
              return {
                ...{ marketKey: key, requestId: args.requestId, controller, fulfilled, shares, assets },
                workout: start && {
                  owner: start.args.owner,
                  termsId: start.args.termsId,
                  abandoned: own.some((log) => log.eventName === "RedemptionAbandoned"),
                },
              };
            }),
          );
        }),
      );
      return all
        .flat()
        .filter(({ shares }) => shares > 0n)
        .reverse();
    },
  });
}
