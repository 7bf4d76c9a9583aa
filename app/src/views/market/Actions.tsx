"use client";
// What can be done in a market. The chosen action stands in the address, so that other pages lead to it.
import { BorrowForm } from "../../features/borrow/BorrowForm.tsx";
import { CollateralForm } from "../../features/collateral/CollateralForm.tsx";
import { RepayForm } from "../../features/repay/RepayForm.tsx";
import { SupplyForm } from "../../features/supply/SupplyForm.tsx";
import { WithdrawForm } from "../../features/vault/WithdrawForm.tsx";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { Tabs } from "../../parts/Tabs.tsx";
import { words } from "../../words.ts";

export function Actions({ market }: { market: Market }) {
  const { actions: a } = words.market;
  const { view, loan } = market;
  return (
    <aside
      aria-label={a.title}
      className="min-w-0 border border-line p-5 pt-2 lg:order-2 lg:w-104 lg:self-start"
    >
      <Tabs
        small
        label={a.title}
        tabs={[
          { key: "borrow", label: a.borrow, content: <BorrowForm market={market} /> },
          { key: "repay", label: a.repay, content: <RepayForm market={market} /> },
          { key: "collateral", label: a.collateral, content: <CollateralForm market={market} /> },
          ...(view.pool.ok
            ? [
                { key: "lend", label: a.lend, content: <SupplyForm market={market} /> },
                {
                  key: "withdraw",
                  label: a.withdraw,
                  content: (
                    <WithdrawForm
                      vault={view.source}
                      asset={loan}
                      shareDecimals={loan.decimals}
                      texts={words.withdraw.pool}
                      invalidates={[keys.markets, keys.lanes(view.market)]}
                    />
                  ),
                },
              ]
            : []),
        ]}
      />
    </aside>
  );
}
