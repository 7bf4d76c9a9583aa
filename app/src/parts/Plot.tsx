"use client";
// Draws a line over time with its axes. Loaded by Chart once there is something to draw.
import type { ReactNode } from "react";
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from "recharts";
import { GRID, PLOT, TIME_AXIS, TOOLTIP, VALUE_AXIS } from "./plot-style.ts";

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
      <AreaChart data={[...points]} {...PLOT}>
        <CartesianGrid {...GRID} />
        <XAxis {...TIME_AXIS} />
        <YAxis {...VALUE_AXIS} tickFormatter={format} />
        <Tooltip {...TOOLTIP} formatter={(value) => [format(Number(value)), axis]} />
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
