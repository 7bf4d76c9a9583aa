"use client";
// Draws a line over time with its axes. Loaded by Chart once there is something to draw.
import type { ReactNode } from "react";
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { formatDate, formatTime } from "../lib/format.ts";

export type Point = { /** Seconds. */ time: number; value: number };

type Props = {
  points: readonly Point[];
  axis: string;
  format(value: number): string;
  steps: boolean;
  colour: string;
};

export default function Plot({ points, axis, format, steps, colour }: Props): ReactNode {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <AreaChart
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
  );
}
