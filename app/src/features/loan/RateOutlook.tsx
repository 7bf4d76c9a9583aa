"use client";
// The variable rate now, the range it can move in, and where the next checkpoint takes it if use stays as an action
// leaves it.
import type { Address } from "viem";
import { useChainTime } from "../../lib/chain/head.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { useRateModel } from "../../lib/chain/terms.ts";
import { formatPercent } from "../../lib/format.ts";
import { RateLine } from "../../parts/RateLine.tsx";
import { words } from "../../words.ts";
import { rateAhead, rateRange, utilisationAfter } from "./rate.ts";

/** `borrowed` is negative where it is repaid. */
export function RateOutlook({ market, borrowed }: { market: Market; borrowed: bigint }) {
  const { view } = market;
  const model = useRateModel(view.market as Address).data?.value;
  const now = useChainTime();
  if (model === undefined || now === undefined) return null;
  const use = utilisationAfter(
    {
      totalDebt: view.totalDebt,
      cash: view.pool.ok ? view.pool.cash : undefined,
      debtCap: view.debtCap,
      borrowIndex: view.borrowIndex,
    },
    borrowed,
  );
  const next = rateAhead(model, use, now - view.checkpointAt);
  return (
    <div className="flex flex-col gap-1">
      <RateLine label={words.loan.rate} rate={view.ratePerYear} {...rateRange(model.curve)} />
      <p className="text-small text-muted">
        {words.loan.rateAhead(formatPercent(next), formatPercent(use, 1))}
      </p>
    </div>
  );
}
