"use client";
// The NAV over time with the bounds that each report opened for the next, and the reports that were pending. The points are
// floats, for the eye alone; the table beside tells the numbers.
import { lazy, Suspense } from "react";
import type { NavEvent, OracleSettings } from "../../lib/chain/asset.ts";
import { formatCount, formatPrice, formatTime, toNumber } from "../../lib/format.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";
import { boundsAfter, pendingOf } from "./nav-bounds.ts";

/** What draws is large and comes after the figures. Where it does not come, the table says the same. */
const NavBoundsPlot = lazy(() => import("./NavBoundsPlot.tsx").catch(() => ({ default: () => null })));

type Props = {
  events: readonly NavEvent[];
  settings: OracleSettings;
  decimals: number;
  symbol: string;
  /** Up to when the last NAV holds, seconds. */
  until: bigint;
};

const ROWS = 12;

export function NavBoundsChart({ events, settings, decimals, symbol, until }: Props) {
  const { asset: a } = words;
  const accepted = events.filter(({ kind }) => kind === "accepted");
  const last = accepted.at(-1);
  if (last === undefined) return <Empty title={words.market.navEmpty} />;
  const at = (time: bigint, nav: bigint) => {
    const { least, most } = boundsAfter(nav, settings);
    return {
      time: Number(time),
      nav: toNumber(nav, decimals),
      bounds: [toNumber(least, decimals), toNumber(most, decimals)],
    };
  };
  const points = accepted.map(({ navDate, nav }) => at(navDate, nav));
  if (until > last.navDate) points.push(at(until, last.nav));
  const pending = pendingOf(events);
  const waiting = pending.map(({ navDate, nav }) => ({
    time: Number(navDate),
    pending: toNumber(nav, decimals),
  }));
  const newest = [...events].reverse().slice(0, ROWS);
  return (
    <figure className="flex flex-col gap-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold">{a.chartTitle}</span>
        <span className="text-small text-muted">{words.market.navAxis(symbol)}</span>
      </figcaption>
      <div className="h-72 w-full" aria-hidden>
        <Suspense fallback={<Skeleton className="size-full" />}>
          <NavBoundsPlot points={points} pending={waiting} />
        </Suspense>
      </div>
      <ul aria-hidden className="flex flex-wrap gap-x-5 gap-y-1 text-small text-muted">
        <li className="flex items-center gap-2">
          <span className="inline-block h-0.5 w-4 bg-water" />
          {a.series.nav}
        </li>
        <li className="flex items-center gap-2">
          <span className="inline-block size-3 bg-water opacity-20" />
          {a.series.bounds}
        </li>
        {waiting.length > 0 && (
          <li className="flex items-center gap-2">
            <span className="inline-block size-2 rotate-45 bg-risk" />
            {a.series.pending}
          </li>
        )}
      </ul>
      <details className="text-small">
        <summary className="text-muted">{words.chart.table}</summary>
        <div className="mt-2">
          <Table
            caption={a.chartTitle}
            rows={newest}
            rowKey={({ kind, round }) => `${kind}${round}`}
            columns={[
              { key: "round", head: a.columns.round, number: true, cell: ({ round }) => formatCount(round) },
              { key: "date", head: a.columns.date, cell: ({ navDate }) => formatTime(navDate) },
              {
                key: "nav",
                head: a.columns.nav,
                number: true,
                cell: ({ nav }) => formatPrice(nav, decimals),
              },
              {
                key: "kind",
                head: a.columns.state,
                cell: (event) => (
                  <Tag tone={event.kind === "accepted" ? "plain" : "risk"}>{a.kinds[event.kind]}</Tag>
                ),
              },
            ]}
          />
        </div>
      </details>
    </figure>
  );
}
