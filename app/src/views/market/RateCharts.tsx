"use client";
// Rate and debt over time, as each checkpoint wrote them, up to now.
import type { Address } from "viem";
import { useCheckpoints } from "../../lib/chain/checkpoints.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { formatPercent, toNumber } from "../../lib/format.ts";
import { Chart } from "../../parts/Chart.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { words } from "../../words.ts";

export function RateCharts({ market: { view, loan } }: { market: Market }) {
  const { data, error, refetch } = useCheckpoints(view.market as Address);
  const { charts: c } = words.market;
  if (error && data === undefined) return <ErrorBox detail={error.message} onRetry={() => void refetch()} />;
  if (data === undefined) return <Skeleton className="h-72 w-full" />;
  const points = data.value;
  const percent = (value: number) => `${value.toFixed(2)}%`;
  return (
    <>
      <Chart
        label={c.rate}
        axis={c.rateAxis}
        points={points.map(({ time, ratePerYear }) => ({ time, value: toNumber(ratePerYear, 16) }))}
        format={percent}
        empty={c.empty(formatPercent(view.ratePerYear))}
        steps
        until={Number(data.at.timestamp)}
      />
      {points.length > 0 && (
        <Chart
          label={c.debt}
          axis={loan.symbol}
          points={[
            ...points.map(({ time, totalDebt }) => ({ time, value: toNumber(totalDebt, loan.decimals) })),
            { time: Number(data.at.timestamp), value: toNumber(view.totalDebt, loan.decimals) },
          ]}
          format={compact}
        />
      )}
    </>
  );
}

/** `1.2M`, for the axis. */
function compact(value: number): string {
  return new Intl.NumberFormat("en-US", { notation: "compact", maximumSignificantDigits: 4 }).format(value);
}
