"use client";
// The names that addresses, tokens and events go by on this chain, for pages that decode what strangers sent.
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { loadAllAbis } from "./all-abis.ts";
import { useMarkets, useTokens } from "./chain/markets.ts";
import { contractsOf } from "./contracts.ts";
import type { Names } from "./describe.ts";
import { useRecord } from "./settings.tsx";

/** Names of contracts alone, at once. */
export function useContracts() {
  const record = useRecord();
  return useMemo(() => contractsOf(record), [record]);
}

/** Nothing while ABIs and tokens are loaded. */
export function useNames(): { names: Names | undefined; error: Error | null } {
  const contracts = useContracts();
  const tokens = useTokens();
  const markets = useMarkets();
  const abis = useQuery({
    queryKey: ["abis"],
    queryFn: loadAllAbis,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const list = markets.data?.value;
  const names = useMemo((): Names | undefined => {
    if (tokens.data === undefined || abis.data === undefined || list === undefined) return undefined;
    return {
      contracts,
      abis: abis.data.abis,
      tokens: tokens.data,
      units: new Map(
        list.map(({ record, collateral, loan, view }) => [
          record.key,
          { collateral, loan, navDecimals: view.nav.decimals },
        ]),
      ),
    };
  }, [contracts, tokens.data, abis.data, list]);
  return { names, error: abis.error ?? tokens.error ?? (markets.data === undefined ? markets.error : null) };
}
