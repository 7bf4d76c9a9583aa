"use client";
// Draws the NAV, its bounds and what was pending. Loaded by NavBoundsChart once there is something to draw.
import type { ReactNode } from "react";
import {
  Area,
  CartesianGrid,
  ComposedChart,
  Line,
  ResponsiveContainer,
  Scatter,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import { formatDate, formatTime } from "../../lib/format.ts";
import { words } from "../../words.ts";

type Props = {
  points: readonly { time: number; nav: number; bounds: number[] }[];
  pending: readonly { time: number; pending: number }[];
};

const dollars = (value: number) => `$${value.toFixed(2)}`;

export default function NavBoundsPlot({ points, pending }: Props): ReactNode {
  const { asset: a } = words;
  return (
    <ResponsiveContainer width="100%" height="100%">
      <ComposedChart
        data={[...points]}
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
          tickFormatter={dollars}
          tick={{ fill: "var(--muted)", fontSize: 12 }}
          axisLine={false}
          tickLine={false}
        />
        <Tooltip
          isAnimationActive={false}
          labelFormatter={(time) => formatTime(Number(time))}
          formatter={(value, name) => [
            Array.isArray(value)
              ? value.map((each) => dollars(Number(each))).join(" – ")
              : dollars(Number(value)),
            a.series[name as keyof typeof a.series] ?? String(name),
          ]}
          contentStyle={{
            background: "var(--paper)",
            border: "1px solid var(--line-strong)",
            borderRadius: 4,
          }}
          labelStyle={{ color: "var(--muted)" }}
          itemStyle={{ color: "var(--ink)" }}
        />
        <Area
          dataKey="bounds"
          type="stepAfter"
          stroke="none"
          fill="var(--water)"
          fillOpacity={0.12}
          isAnimationActive={false}
        />
        <Line
          dataKey="nav"
          type="stepAfter"
          stroke="var(--water)"
          strokeWidth={2}
          dot={false}
          isAnimationActive={false}
        />
        {pending.length > 0 && (
          <Scatter
            data={[...pending]}
            dataKey="pending"
            fill="var(--risk)"
            shape="diamond"
            isAnimationActive={false}
          />
        )}
      </ComposedChart>
    </ResponsiveContainer>
  );
}
