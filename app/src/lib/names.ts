"use client";
import type { DeploymentRecord } from "@polder/contracts/deployment/record.ts";
// The names that addresses, tokens and events go by on this chain, for pages that decode what strangers sent.
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { loadAllAbis } from "./all-abis.ts";
import { keys } from "./chain/keys.ts";
import { type Market, type Token, useMarkets, useTokens } from "./chain/markets.ts";
import type { Read } from "./chain/useChainQuery.ts";
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
      units: unitsByMarket(list),
    };
  }, [contracts, tokens.data, abis.data, list]);
  return { names, error: abis.error ?? tokens.error ?? (markets.data === undefined ? markets.error : null) };
}

function unitsByMarket(markets: readonly Market[]): Names["units"] {
  return new Map(
    markets.map(({ record, collateral, loan, view }) => [
      record.key,
      { collateral, loan, navDecimals: view.nav.decimals },
    ]),
  );
}

/** Names and units by what was read until now, without reading more. */
export function namesRead(
  queries: QueryClient,
  record: DeploymentRecord,
): Pick<Names, "contracts" | "tokens" | "units"> {
  const tokens = queries.getQueriesData<Map<string, Token>>({ queryKey: keys.tokens });
  const markets = queries.getQueryData<Read<Market[]>>(keys.markets);
  return {
    contracts: contractsOf(record),
    tokens: tokens.find(([, data]) => data !== undefined)?.[1] ?? new Map(),
    units: unitsByMarket(markets?.value ?? []),
  };
}
