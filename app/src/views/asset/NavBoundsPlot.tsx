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
import { GRID, PLOT, TIME_AXIS, TOOLTIP, VALUE_AXIS } from "../../parts/plot-style.ts";
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
      <ComposedChart data={[...points]} {...PLOT}>
        <CartesianGrid {...GRID} />
        <XAxis {...TIME_AXIS} />
        <YAxis {...VALUE_AXIS} tickFormatter={dollars} />
        <Tooltip
          {...TOOLTIP}
          formatter={(value, name) => [
            Array.isArray(value)
              ? value.map((each) => dollars(Number(each))).join(" – ")
              : dollars(Number(value)),
            a.series[name as keyof typeof a.series] ?? String(name),
          ]}
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
