"use client";
// The terms that a market's loans are opened under: as the market adopted them, as the registry says that they are open,
// and what of their cap is free. And what a market's rate is computed from.
import { adaptiveRateModelAbi, iMarketAbi, iTermsRegistryAbi } from "@polder/contracts";
import type { MarketRecord } from "@polder/contracts/deployment/record.ts";
import type { Address } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { LANES, type MarketView } from "./markets.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type TermsDocument = MarketRecord["terms"][number]["document"];

export type LoanTerms = {
  id: bigint;
  /** `own`: the market's own variable rate, under no disclosed terms. */
  kind: "own" | "variable" | "fixed";
  /** In which they are disclosed. */
  document: TermsDocument | undefined;
  /** Per year, wad: of fixed terms theirs, else the market's now. */
  ratePerYear: bigint;
  penaltyPerYear: bigint;
  marginPerYear: bigint;
  /** Seconds; 0 where there is none. */
  start: bigint;
  maturity: bigint;
  grace: bigint;
  /** Whether new debt may be taken on, and until when, seconds; 0: without end. */
  open: boolean;
  openUntil: bigint;
  /** The free part of their own cap, in the loan token; nothing where they have none. */
  free: bigint | undefined;
};

/** All terms of a market, its own rate last. */
export function useTerms(record: MarketRecord, view: MarketView) {
  const { shared } = useRecord();
  const market = record.market as Address;
  return useChainQuery({
    key: keys.terms(market),
    read: async (client, blockNumber): Promise<LoanTerms[]> => {
      const disclosed = await Promise.all(
        record.terms.map(async ({ id, kind, document }): Promise<LoanTerms> => {
          const registry = {
            address: shared.termsRegistry as Address,
            abi: iTermsRegistryAbi,
            blockNumber,
          } as const;
          const contract = { address: market, abi: iMarketAbi, blockNumber } as const;
          const termsId = BigInt(id);
          const [published, open, adopted, lanes] = await Promise.all([
            client.readContract({ ...registry, functionName: "termsOf", args: [termsId] }),
            client.readContract({ ...registry, functionName: "isOpen", args: [termsId, market] }),
            client.readContract({ ...contract, functionName: "termsOf", args: [termsId] }),
            Promise.all(
              Array.from({ length: LANES }, (_, lane) =>
                client.readContract({
                  ...contract,
                  functionName: "termsLaneOf",
                  args: [termsId, BigInt(lane)],
                }),
              ),
            ),
          ]);
          const free = lanes.reduce((sum, [, part]) => sum + part, 0n);
          return {
            id: termsId,
            kind,
            document,
            ratePerYear: adopted.fixedRate ? adopted.ratePerYear : view.ratePerYear,
            penaltyPerYear: adopted.penaltyPerYear,
            marginPerYear: adopted.marginPerYear,
            start: BigInt(adopted.start),
            maturity: BigInt(adopted.maturity),
            grace: BigInt(adopted.gracePeriod),
            open,
            openUntil: BigInt(published.openUntil),
            free,
          };
        }),
      );
      return [...disclosed, ownRate(view)];
    },
  });
}

function ownRate({ ratePerYear }: MarketView): LoanTerms {
  const none = { penaltyPerYear: 0n, marginPerYear: 0n, start: 0n, maturity: 0n, grace: 0n, openUntil: 0n };
  return { id: 0n, kind: "own", document: undefined, ratePerYear, ...none, open: true, free: undefined };
}

/** The curve of a market's rate and the adaptive part of it. */
export function useRateModel(market: Address) {
  return useChainQuery({
    key: keys.rateModel(market),
    read: async (client, blockNumber) => {
      const contract = { address: market, abi: iMarketAbi, blockNumber } as const;
      const [model, { rateAtTarget }] = await Promise.all([
        client.readContract({ ...contract, functionName: "rateModel" }),
        client.readContract({ ...contract, functionName: "rateState" }),
      ]);
      const curve = await client.readContract({
        address: model,
        abi: adaptiveRateModelAbi,
        functionName: "curve",
        blockNumber,
      });
      return { curve, rateAtTarget };
    },
  });
}
