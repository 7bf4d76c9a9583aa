"use client";
// What every action on a loan looks at: the account's position under the chosen terms, balances, standing, the market's
// limits. Reads; decides nothing.
import { useConnection } from "wagmi";
import type { Market } from "../../lib/chain/markets.ts";
import { type PositionView, tokenOf, usePortfolio } from "../../lib/chain/portfolio.ts";
import type { LoanTerms } from "../../lib/chain/terms.ts";
import { useTerms } from "../../lib/chain/terms.ts";
import { WAD } from "../../lib/format.ts";
import { navStatusOf } from "../../lib/market-figures.ts";
import type { BorrowLimits } from "../borrow/logic.ts";
import { smallest } from "../swap/logic.ts";

export function useLoan(market: Market) {
  const { address, isConnected } = useConnection();
  const portfolio = usePortfolio(address);
  const { view, record, collateral, loan } = market;
  const terms = useTerms(record, view);
  const data = portfolio.data?.value;
  const positions =
    data?.positions.filter((each) => each.ok && each.market.toLowerCase() === record.market.toLowerCase()) ??
    [];
  const held = data && tokenOf(data, collateral.address);
  const { nav, pool } = view;
  const decimals = { collateral: collateral.decimals, nav: nav.decimals, loan: loan.decimals };
  return {
    address,
    connected: isConnected,
    /** Whether all that is asked about is there. */
    ready: !isConnected || data !== undefined,
    error: portfolio.error ?? terms.error,
    at: portfolio.data?.at,
    standing: data?.standing.standing ?? 0n,
    positions,
    positionUnder: (termsId: bigint): PositionView | undefined =>
      positions.find((each) => each.termsId === termsId),
    terms: terms.data?.value ?? [],
    termsRead: terms.data !== undefined,
    /** What of the collateral token can be handed over. */
    collateralBalance: held === undefined || held.accountFrozen ? 0n : positive(held.balance - held.frozen),
    loanBalance: (data && tokenOf(data, loan.address)?.balance) ?? 0n,
    decimals,
    navStatus: navStatusOf(nav),
    navPending: nav.pendingNav > 0n && nav.newDebtNav < nav.liquidationNav,
    limitsUnder: (chosen: LoanTerms | undefined): BorrowLimits => ({
      newDebtNav: nav.newDebtNav,
      decimals,
      maxLtv: view.parameters.maxLtv,
      minDebt: view.parameters.liquidation.minDebt,
      borrowIndex: view.borrowIndex,
      variableRate: view.ratePerYear,
      freeCap: freeCapUnder(market, chosen),
      cash: pool.ok ? pool.cash : undefined,
    }),
  };
}

export type Loan = ReturnType<typeof useLoan>;

/** What the market's cap and the terms' own leave free, in the loan token. */
function freeCapUnder({ view }: Market, terms: LoanTerms | undefined): bigint {
  const inAssets = (scaled: bigint) => (scaled * view.borrowIndex) / WAD;
  if (terms?.kind === "fixed") {
    // Their index is one or more: at least so much.
    return smallest(view.freeFixedDebtCap, terms.free ?? view.freeFixedDebtCap);
  }
  const market = inAssets(view.freeDebtCap);
  return terms?.free === undefined ? market : smallest(market, inAssets(terms.free));
}

function positive(value: bigint): bigint {
  return value < 0n ? 0n : value;
}
