"use client";
// What the Lens tells of markets, joined with the record and the tokens' own names and decimals.
import { iLensAbi, iMarketAbi, iNavOracleAbi, laneERC20Abi } from "@polder/contracts";
import type { MarketRecord } from "@polder/contracts/deployment/record.ts";
import { useQuery } from "@tanstack/react-query";
import type { Address, ContractFunctionReturnType } from "viem";
import { useRecord } from "../settings.tsx";
import { useChainClient } from "./client.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type MarketView = ContractFunctionReturnType<typeof iLensAbi, "view", "marketOf">;

export type Token = { address: Address; symbol: string; name: string; decimals: number };

/** A market as pages show it: as recorded, as the chain has it, and its tokens. */
export type Market = {
  record: MarketRecord;
  view: MarketView;
  collateral: Token;
  loan: Token;
};

/** Name, symbol and decimals of all tokens in the record, by address in lower case. They never change. */
export function useTokens() {
  const record = useRecord();
  const client = useChainClient();
  return useQuery({
    queryKey: [...keys.tokens, record.genesisHash, record.shared.lens],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      const { stablecoin, savings, backstop } = record.shared;
      const pools = record.markets.filter(({ kind }) => kind === "pool").map(({ source }) => source);
      const collaterals = record.markets.map(({ collateral }) => collateral);
      const all = [stablecoin, record.dollar.token, savings, backstop, ...collaterals, ...pools];
      const votes = record.governance?.token;
      if (votes !== undefined) all.push(votes);
      const tokens = await Promise.all(
        all.map(async (each): Promise<Token> => {
          const address = each as Address;
          const contract = { address, abi: laneERC20Abi } as const;
          const [symbol, name, decimals] = await Promise.all([
            client.readContract({ ...contract, functionName: "symbol" }),
            client.readContract({ ...contract, functionName: "name" }),
            client.readContract({ ...contract, functionName: "decimals" }),
          ]);
          return { address, symbol, name, decimals };
        }),
      );
      return new Map(tokens.map((token) => [token.address.toLowerCase(), token]));
    },
  });
}

/** All markets of the record, in its order. Those that do not answer are left out of `value` and named in `silent`. */
export function useMarkets() {
  const record = useRecord();
  const tokens = useTokens();
  const query = useChainQuery({
    key: keys.markets,
    enabled: tokens.data !== undefined,
    read: async (client, blockNumber) => {
      const views = await client.readContract({
        address: record.shared.lens as Address,
        abi: iLensAbi,
        functionName: "marketsOf",
        args: [record.markets.map(({ market }) => market as Address)],
        blockNumber,
      });
      return record.markets.flatMap((each, i): Market[] => {
        const view = views[i];
        const collateral = tokens.data?.get(each.collateral.toLowerCase());
        const loan = view && tokens.data?.get(view.loanToken.toLowerCase());
        if (!view?.ok || collateral === undefined || loan === undefined) return [];
        return [{ record: each, view, collateral, loan }];
      });
    },
  });
  const silent = query.data
    ? record.markets.filter(({ key }) => !query.data.value.some((market) => market.record.key === key))
    : [];
  return { ...query, error: query.error ?? tokens.error, isError: query.isError || tokens.isError, silent };
}

/** One market, from the same read as all. */
export function useMarket(key: string) {
  const markets = useMarkets();
  const market = markets.data?.value.find(({ record }) => record.key === key);
  return { ...markets, market, at: markets.data?.at };
}

export type Lane = { debt: bigint; free: bigint; collateral: bigint };

/** Debt as it was lent, variable and fixed, the room for more, and the collateral of each of the 32 lanes. */
export function useLanes(market: Address) {
  return useChainQuery({
    key: keys.lanes(market),
    read: (client, blockNumber) =>
      Promise.all(
        Array.from({ length: LANES }, async (_, lane): Promise<Lane> => {
          const of = { address: market, abi: iMarketAbi, args: [BigInt(lane)], blockNumber } as const;
          const [[debt, free, collateral], [fixedDebt, fixedFree]] = await Promise.all([
            client.readContract({ ...of, functionName: "laneOf" }),
            client.readContract({ ...of, functionName: "fixedLaneOf" }),
          ]);
          return { debt: debt + fixedDebt, free: free + fixedFree, collateral };
        }),
      ),
  });
}

export const LANES = 32;

export type NavReport = { nav: bigint; navDate: bigint; round: bigint; block: bigint };

/** Every NAV that was accepted, oldest first, from the chain's own logs. */
export function useNavHistory(oracle: Address) {
  const { startBlock } = useRecord();
  return useChainQuery({
    key: keys.navHistory(oracle),
    read: async (client, toBlock): Promise<NavReport[]> => {
      const logs = await client.getContractEvents({
        address: oracle,
        abi: iNavOracleAbi,
        eventName: "NavAccepted",
        fromBlock: BigInt(startBlock),
        toBlock,
        strict: true,
      });
      return logs.map(({ args, blockNumber }) => ({
        nav: args.nav,
        navDate: args.navDate,
        round: args.round,
        block: blockNumber,
      }));
    },
  });
}
