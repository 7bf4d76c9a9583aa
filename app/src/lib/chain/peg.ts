"use client";
// The peg module as it is now - fees, feed, caps, reserve - and what else backs pUSD: minted loans and the surplus.
import {
  aggregatorV3InterfaceAbi,
  iBackstopAbi,
  iCapitalPolicyAbi,
  iPegModuleAbi,
  iSavingsVaultAbi,
  iSurplusAbi,
} from "@polder/contracts";
import type { Address } from "viem";
import { useRecord } from "../settings.tsx";
import { timesOf } from "./checkpoints.ts";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export function usePeg() {
  const { shared } = useRecord();
  return useChainQuery({
    key: keys.peg,
    read: async (client, blockNumber) => {
      const peg = { address: shared.peg as Address, abi: iPegModuleAbi, blockNumber } as const;
      const [fees, feed, status, reserve, room, ceiling, inflowCap] = await Promise.all([
        client.readContract({ ...peg, functionName: "fees" }),
        client.readContract({ ...peg, functionName: "feed" }),
        client.readContract({ ...peg, functionName: "inflowStatus" }),
        client.readContract({ ...peg, functionName: "reserve" }),
        client.readContract({ ...peg, functionName: "room" }),
        client.readContract({ ...peg, functionName: "ceiling" }),
        client.readContract({ ...peg, functionName: "inflowCap" }),
      ]);
      const source = { address: feed.feed, abi: aggregatorV3InterfaceAbi, blockNumber } as const;
      const [answer, priceDecimals] = await Promise.all([
        client.readContract({ ...source, functionName: "latestRoundData" }),
        client.readContract({ ...source, functionName: "decimals" }),
      ]);
      return {
        inBps: BigInt(fees.inBps),
        outBps: BigInt(fees.outBps),
        maxDeviationBps: BigInt(feed.maxDeviationBps),
        staleAfter: BigInt(feed.staleAfter),
        status,
        /** US dollars per token, of `priceDecimals`, and when it was said, seconds. */
        price: answer[1] > 0n ? answer[1] : 0n,
        priceDecimals,
        saidAt: answer[3],
        /** In the dollar token. */
        reserve,
        untilCeiling: room[0],
        inWindow: room[1],
        ceiling: ceiling[0],
        inflowCap: inflowCap[0],
        /** Seconds. */
        window: inflowCap[1],
      };
    },
  });
}

export function useSavings() {
  const { shared } = useRecord();
  return useChainQuery({
    key: keys.savings,
    read: async (client, blockNumber) => {
      const vault = { address: shared.savings as Address, abi: iSavingsVaultAbi, blockNumber } as const;
      const [vesting, index, totalAssets, depositable, shares] = await Promise.all([
        client.readContract({ ...vault, functionName: "vesting" }),
        client.readContract({ ...vault, functionName: "index" }),
        client.readContract({ ...vault, functionName: "totalAssets" }),
        client.readContract({
          ...vault,
          functionName: "maxDeposit",
          args: [ANYBODY],
        }),
        client.readContract({
          address: shared.surplus as Address,
          abi: iSurplusAbi,
          functionName: "shares",
          blockNumber,
        }),
      ]);
      return {
        /** Assets per share, ray. */
        index,
        vesting: { ...vesting, start: BigInt(vesting.start), end: BigInt(vesting.end) },
        totalAssets,
        depositable,
        savingsBps: shares[0],
      };
    },
  });
}

export function useBackstop() {
  const { shared, startBlock } = useRecord();
  return useChainQuery({
    key: keys.backstop,
    read: async (client, blockNumber) => {
      const vault = { address: shared.backstop as Address, abi: iBackstopAbi, blockNumber } as const;
      const policy = { address: shared.policy as Address, abi: iCapitalPolicyAbi, blockNumber } as const;
      const events = {
        address: shared.backstop as Address,
        abi: iBackstopAbi,
        fromBlock: BigInt(startBlock),
        toBlock: blockNumber,
        strict: true,
      } as const;
      const [totalAssets, totalSupply, queuedShares, required, covered, premiums, losses, depositable] =
        await Promise.all([
          client.readContract({ ...vault, functionName: "totalAssets" }),
          client.readContract({ ...vault, functionName: "totalSupply" }),
          client.readContract({ ...vault, functionName: "queuedShares" }),
          client.readContract({ ...policy, functionName: "requiredCapital" }),
          client.readContract({ ...policy, functionName: "capital" }),
          client.getContractEvents({ ...events, eventName: "PremiumPaid" }),
          client.getContractEvents({ ...events, eventName: "LossDrawn" }),
          client.readContract({ ...vault, functionName: "maxDeposit", args: [ANYBODY] }),
        ]);
      const last = premiums.at(-1);
      return {
        totalAssets,
        totalSupply,
        queuedShares,
        /** What the caps need, and what there is: surplus and backstop. */
        required,
        covered,
        /** The last premium and when it was paid, seconds. */
        premium: last?.args,
        premiumAt: last && (await timesOf(client, [last])).get(last.blockNumber),
        /** All that was ever drawn. */
        lost: losses.reduce((sum, { args }) => sum + args.loss, 0n),
        depositable,
      };
    },
  });
}

/** What may be deposited does not depend on who does. */
const ANYBODY = "0x0000000000000000000000000000000000000001";
