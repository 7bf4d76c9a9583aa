"use client";
// Lends to a market's pool: what will be held, and at which rate.
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { formatPercent } from "../../lib/format.ts";
import { words } from "../../words.ts";
import { DepositForm } from "../vault/DepositForm.tsx";
import { sharesFor } from "./logic.ts";

export function SupplyForm({ market: { view, loan } }: { market: Market }) {
  const { supply: s } = words;
  const { depositable, issuePrice, supplyRatePerYear } = view.pool;
  return (
    <DepositForm
      vault={view.source}
      asset={loan}
      shareDecimals={loan.decimals}
      depositable={depositable}
      sharesFor={(assets) => sharesFor(assets, issuePrice)}
      rate={{ term: s.rate, text: `${formatPercent(supplyRatePerYear)} ${words.market.perYear}` }}
      texts={{
        label: s.label,
        submit: s.submit,
        title: s.title,
        shares: s.shares,
        poolFull: s.issues.poolFull,
        exceedsCap: s.issues.exceedsCap,
      }}
      invalidates={[keys.markets, keys.lanes(view.market)]}
      portfolioKeys={(account) => [keys.portfolio(account), keys.history(account)]}
    />
  );
}
