"use client";
// All that an account has in the protocol, in one call: positions, vaults, tokens, allowances, standing.
import { iLensAbi } from "@polder/contracts";
import type { Address, ContractFunctionReturnType } from "viem";
import { useRecord } from "../settings.tsx";
import { keys } from "./keys.ts";
import { useChainQuery } from "./useChainQuery.ts";

export type Portfolio = ContractFunctionReturnType<typeof iLensAbi, "view", "portfolioOf">;
export type PositionView = Portfolio["positions"][number];
export type VaultView = Portfolio["vaults"][number];
export type TokenView = Portfolio["tokens"][number];

export { STANDING } from "../standing.ts";

/** The portfolio of `account`; not asked without one. Allowances are those of the router, then of each market's source. */
export function usePortfolio(account: Address | undefined) {
  const record = useRecord();
  return useChainQuery({
    key: keys.portfolio(account ?? "0x"),
    enabled: account !== undefined,
    read: (client, blockNumber) => {
      const { shared, markets, dollar } = record;
      const pools = markets.filter(({ kind }) => kind === "pool").map(({ source }) => source);
      const vaults = [...pools, shared.savings, shared.backstop];
      const termsIds = [0, ...markets.flatMap(({ terms }) => terms.map(({ id }) => id))];
      const tokens = [
        shared.stablecoin,
        dollar.token,
        ...markets.map(({ collateral }) => collateral),
        ...vaults,
      ];
      return client.readContract({
        address: shared.lens as Address,
        abi: iLensAbi,
        functionName: "portfolioOf",
        args: [
          account as Address,
          {
            markets: markets.map(({ market }) => market as Address),
            termsIds: termsIds.map(BigInt),
            vaults: vaults as Address[],
            tokens: tokens as Address[],
            spenders: spendersOf(record),
            operator: shared.router as Address,
            registry: shared.registry as Address,
          },
        ],
        blockNumber,
      });
    },
  });
}

/** Whose allowances `usePortfolio` asks for, in the order of `TokenView.allowances`. */
export function spendersOf({ shared, markets }: ReturnType<typeof useRecord>): Address[] {
  return [
    shared.router,
    shared.peg,
    shared.savings,
    shared.backstop,
    ...markets.flatMap(({ market, source }) => [market, source]),
  ] as Address[];
}

/** What `portfolio` tells of a token; nothing where it was not asked about. */
export function tokenOf(portfolio: Portfolio, token: string): TokenView | undefined {
  return portfolio.tokens.find(({ ok, token: each }) => ok && each.toLowerCase() === token.toLowerCase());
}
