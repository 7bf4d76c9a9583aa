"use client";
// One liquidation with all that explains it: the report of its NAV, the one before, and the position before and after.
import { iMarketAbi, iNavOracleAbi } from "@polder/contracts";
import type { Address, Hash } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { type Liquidation, readLiquidations } from "./liquidations.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type LiquidationReceipt = Liquidation & {
  /** The report that the NAV came with; nothing where no event has it. */
  report: { round: bigint; navDate: bigint } | undefined;
  /** The NAV accepted before that one, in the oracle's decimals. */
  navBefore: bigint | undefined;
  before: { collateral: bigint; debt: bigint };
  after: {
    collateral: bigint;
    debt: bigint /** Wad; nothing while there is no usable NAV. */;
    health: bigint | undefined;
  };
  /** Wad, as it was then. */
  lltv: bigint;
};

/** `value` is null where there is no such liquidation. */
export function useLiquidationReceipt(hash: Hash, logIndex: number) {
  const { markets, startBlock } = useRecord();
  return useChainQuery({
    key: [...keys.liquidations, "receipt", hash, logIndex],
    read: async (client): Promise<LiquidationReceipt | null> => {
      const receipt = await client.getTransactionReceipt({ hash }).catch((error: { name?: string }) => {
        if (error.name === "TransactionReceiptNotFoundError") return null;
        throw error;
      });
      const emitter = receipt?.logs.find((log) => log.logIndex === logIndex)?.address.toLowerCase();
      const record = markets.find(({ market }) => market.toLowerCase() === emitter);
      if (receipt === null || record === undefined) return null;
      const block = receipt.blockNumber;
      const market = { address: record.market as Address, abi: iMarketAbi } as const;
      const all = await readLiquidations(client, record.key, market.address, block, block);
      const found = all.find((each) => each.hash === hash && each.logIndex === logIndex);
      if (found === undefined) return null;
      const position = [found.owner, found.termsId] as const;
      const [after, debt, health, parameters, reports] = await Promise.all([
        client.readContract({ ...market, functionName: "positionOf", args: position, blockNumber: block }),
        client.readContract({ ...market, functionName: "debtOf", args: position, blockNumber: block }),
        client
          .readContract({ ...market, functionName: "healthOf", args: position, blockNumber: block })
          .catch(() => undefined),
        client.readContract({ ...market, functionName: "parameters", blockNumber: block }),
        client.getContractEvents({
          address: record.oracle as Address,
          abi: iNavOracleAbi,
          fromBlock: BigInt(startBlock),
          toBlock: block,
          strict: true,
        }),
      ]);
      const navs = reports.flatMap((log) =>
        log.eventName === "NavAccepted" || log.eventName === "NavPending"
          ? [{ name: log.eventName, ...log.args }]
          : [],
      );
      // A fall that matured is in force before it is accepted by writing: then the pending report has the number.
      const report = navs.findLast(({ nav }) => nav === found.nav);
      const before = navs.findLast(
        ({ name, round, nav }) =>
          name === "NavAccepted" && round < (report?.round ?? 0n) && nav !== found.nav,
      );
      return {
        ...found,
        report: report && { round: report.round, navDate: report.navDate },
        navBefore: before?.nav,
        before: { collateral: after.collateral + found.seized, debt: found.debt },
        after: { collateral: after.collateral, debt, health },
        lltv: parameters.liquidation.lltv,
      };
    },
  });
}
