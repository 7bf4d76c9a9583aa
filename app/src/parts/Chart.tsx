"use client";
// A line over time with its axes and units, and the same as a table for who does not see it. Draws what it is given; the
// points are floats, for the eye alone.
import { lazy, Suspense } from "react";
import { formatTime } from "../lib/format.ts";
import { words } from "../words.ts";
import { Empty } from "./Empty.tsx";
import type { Point } from "./Plot.tsx";
import { Skeleton } from "./Skeleton.tsx";

/** What draws is large and comes after the figures. Where it does not come, the table says the same. */
const Plot = lazy(() => import("./Plot.tsx").catch(() => ({ default: () => null })));

type Props = {
  /** What the chart shows. */
  label: string;
  /** Of the vertical axis, with the unit. */
  axis: string;
  points: readonly Point[];
  format(value: number): string;
  /** Holds until the next point, as a NAV does. */
  steps?: boolean;
  /** Up to when the last point holds, seconds. */
  until?: number | undefined;
  empty?: string;
  risk?: boolean;
};

/** How many points the table tells, the newest. */
const ROWS = 12;

export function Chart({ label, axis, points, format, steps = false, until, empty, risk = false }: Props) {
  if (points.length === 0) return <Empty title={empty ?? words.chart.empty} />;
  const last = points.at(-1);
  const drawn =
    steps && last !== undefined && until !== undefined && until > last.time
      ? [...points, { time: until, value: last.value }]
      : [...points];
  const colour = risk ? "var(--risk)" : "var(--water)";
  return (
    <figure className="flex flex-col gap-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="font-semibold">{label}</span>
        <span className="text-small text-muted">{axis}</span>
      </figcaption>
      <div className="h-64 w-full" aria-hidden>
        <Suspense fallback={<Skeleton className="size-full" />}>
          <Plot points={drawn} axis={axis} format={format} steps={steps} colour={colour} />
        </Suspense>
      </div>
      <details className="text-small">
        <summary className="text-muted">{words.chart.table}</summary>
        <table className="mt-2">
          <thead>
            <tr className="text-left text-muted">
              <th className="pr-6 font-medium">{words.chart.time}</th>
              <th className="text-right font-medium">{axis}</th>
            </tr>
          </thead>
          <tbody>
            {points
              .slice(-ROWS)
              .reverse()
              .map(({ time, value }) => (
                <tr key={time}>
                  <td className="pr-6">{formatTime(time)}</td>
                  <td className="text-right">{format(value)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
