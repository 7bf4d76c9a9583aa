"use client";
// The NAV over time, from the oracle's own events on the chain.
import { type Market, useNavHistory } from "../../lib/chain/markets.ts";
import { toNumber } from "../../lib/format.ts";
import { Chart } from "../../parts/Chart.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { words } from "../../words.ts";

export function NavChart({ market: { view, collateral } }: { market: Market }) {
  const { data, error, refetch } = useNavHistory(view.oracle);
  const { navTitle, navAxis, navEmpty } = words.market;
  if (error && data === undefined) return <ErrorBox detail={error.message} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-72 w-full" />;
  return (
    <Chart
      label={navTitle}
      axis={navAxis(collateral.symbol)}
      points={data.value.map(({ nav, navDate }) => ({
        time: Number(navDate),
        value: toNumber(nav, view.nav.decimals),
      }))}
      format={(value) => `$${value.toFixed(2)}`}
      empty={navEmpty}
      steps
      until={Number(data.at.timestamp)}
    />
  );
}
