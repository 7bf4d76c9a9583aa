"use client";
// Who can be liquidated now, and what was before. Who ever borrowed is known by events; how he stands, by the Lens.
import { iLensAbi, iMarketAbi } from "@polder/contracts";
import { type Address, type Hash, isAddressEqual, type PublicClient } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import type { PositionView } from "./portfolio.ts";
import { useChainQuery } from "./useChainQuery.ts";

/** Owners that the Lens is asked about in one call. */
const BATCH = 50;

const WAD = 10n ** 18n;

export type Threatened = PositionView & { marketKey: string };

/** Positions below a health of 1, overdue, marked, or that can be liquidated for another reason; least healthy first. */
export function useThreatened() {
  const { markets, shared, startBlock } = useRecord();
  return useChainQuery({
    key: [...keys.liquidations, "now"],
    read: async (client, blockNumber): Promise<Threatened[]> => {
      const all = await Promise.all(
        markets.map(async ({ key, market }) => {
          const borrowed = await client.getContractEvents({
            address: market as Address,
            abi: iMarketAbi,
            eventName: "Borrowed",
            fromBlock: BigInt(startBlock),
            toBlock: blockNumber,
            strict: true,
          });
          const owners = new Map<bigint, Set<Address>>();
          for (const { args } of borrowed) {
            owners.set(args.termsId, (owners.get(args.termsId) ?? new Set()).add(args.owner));
          }
          const views = await Promise.all(
            [...owners].flatMap(([termsId, set]) =>
              batches([...set], BATCH).map((part) =>
                client.readContract({
                  address: shared.lens as Address,
                  abi: iLensAbi,
                  functionName: "positions",
                  args: [market as Address, termsId, part],
                  blockNumber,
                }),
              ),
            ),
          );
          return views.flat().map((view) => ({ ...view, marketKey: key }));
        }),
      );
      return all
        .flat()
        .filter(isThreatened)
        .sort((a, b) => (a.health < b.health ? -1 : a.health > b.health ? 1 : 0));
    },
  });
}

function isThreatened({ ok, debt, priced, health, overdue, liquidatable, phase }: PositionView): boolean {
  return ok && debt > 0n && ((priced && health < WAD) || overdue || liquidatable || phase !== 0);
}

function batches<T>(all: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(all.length / size) }, (_, i) => all.slice(i * size, (i + 1) * size));
}

export type Liquidation = {
  marketKey: string;
  hash: Hash;
  logIndex: number;
  block: bigint;
  /** Seconds. */
  timestamp: bigint;
  owner: Address;
  termsId: bigint;
  liquidator: Address;
  receiver: Address;
  /** In the loan token. */
  repaid: bigint;
  loss: bigint;
  /** In the collateral token. */
  seized: bigint;
  /** As priced: as in `IMarket.Cause` and `IMarket.Phase`, NAV in the oracle's decimals, debt before, wad per unit repaid. */
  cause: number;
  phase: number;
  nav: bigint;
  debt: bigint;
  markup: bigint;
};

/** All liquidations, newest first. */
export function useLiquidations() {
  const { markets, startBlock } = useRecord();
  return useChainQuery({
    key: [...keys.liquidations, "past"],
    read: async (client, toBlock): Promise<Liquidation[]> => {
      const all = await Promise.all(
        markets.map(({ key, market }) =>
          readLiquidations(client, key, market as Address, BigInt(startBlock), toBlock),
        ),
      );
      return all.flat().sort((a, b) => Number(b.block - a.block) || b.logIndex - a.logIndex);
    },
  });
}

/** Those of one market within a range of blocks. */
export async function readLiquidations(
  client: PublicClient,
  marketKey: string,
  market: Address,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Liquidation[]> {
  const range = { address: market, abi: iMarketAbi, fromBlock, toBlock, strict: true } as const;
  const [priced, sold] = await Promise.all([
    client.getContractEvents({ ...range, eventName: "LiquidationPriced" }),
    client.getContractEvents({ ...range, eventName: "Liquidated" }),
  ]);
  const blocks = [...new Set(sold.map(({ blockNumber }) => blockNumber))];
  const times = new Map(
    await Promise.all(
      blocks.map(
        async (blockNumber) => [blockNumber, (await client.getBlock({ blockNumber })).timestamp] as const,
      ),
    ),
  );
  return sold.flatMap((log): Liquidation[] => {
    const { owner, termsId, liquidator, receiver, repaid, seized, loss } = log.args;
    // The market emits the price right before the sale, of the same position.
    const price = priced
      .filter(
        ({ transactionHash, logIndex, args }) =>
          transactionHash === log.transactionHash &&
          logIndex < log.logIndex &&
          args.termsId === termsId &&
          isAddressEqual(args.owner, owner),
      )
      .at(-1)?.args;
    if (price === undefined) return [];
    const { cause, phase, nav, debt, markup } = price;
    return [
      {
        ...{ marketKey, hash: log.transactionHash, logIndex: log.logIndex, block: log.blockNumber },
        timestamp: times.get(log.blockNumber) ?? 0n,
        ...{ owner, termsId, liquidator, receiver, repaid, seized, loss, cause, phase, nav, debt, markup },
      },
    ];
  });
}
