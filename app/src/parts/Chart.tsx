"use client";
// A line over time with its axes and units, and the same as a table for who does not see it. Draws what it is given; the
// points are floats, for the eye alone.
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatDate, formatTime } from "../lib/format.ts";
import { words } from "../words.ts";
import { Empty } from "./Empty.tsx";

export type Point = { /** Seconds. */ time: number; value: number };

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
        <ResponsiveContainer width="100%" height="100%">
          <AreaChart
            data={drawn}
            margin={{ top: 8, right: 8, bottom: 0, left: 0 }}
            accessibilityLayer={false}
          >
            <CartesianGrid vertical={false} stroke="var(--line)" />
            <XAxis
              dataKey="time"
              type="number"
              domain={["dataMin", "dataMax"]}
              tickFormatter={(time: number) => formatDate(time)}
              tick={{ fill: "var(--muted)", fontSize: 12 }}
              stroke="var(--line-strong)"
              minTickGap={48}
            />
            <YAxis
              width={72}
              domain={["auto", "auto"]}
              tickFormatter={format}
              tick={{ fill: "var(--muted)", fontSize: 12 }}
              stroke="var(--line-strong)"
              axisLine={false}
              tickLine={false}
            />
            <Tooltip
              isAnimationActive={false}
              labelFormatter={(time) => formatTime(Number(time))}
              formatter={(value) => [format(Number(value)), axis]}
              contentStyle={{
                background: "var(--paper)",
                border: "1px solid var(--line-strong)",
                borderRadius: 4,
              }}
              labelStyle={{ color: "var(--muted)" }}
              itemStyle={{ color: "var(--ink)" }}
            />
            <Area
              dataKey="value"
              type={steps ? "stepAfter" : "linear"}
              stroke={colour}
              strokeWidth={2}
              fill={colour}
              fillOpacity={0.1}
              dot={points.length < 30 ? { r: 2.5, fill: colour, strokeWidth: 0 } : false}
              isAnimationActive={false}
            />
          </AreaChart>
        </ResponsiveContainer>
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
