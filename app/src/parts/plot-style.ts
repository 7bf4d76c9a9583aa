// How every plot over time looks, as properties of recharts' parts: grid, time below, values to the left, what a point says.
import { formatDate, formatTime } from "../lib/format.ts";

const TICK = { fill: "var(--muted)", fontSize: 12 };

export const PLOT = { margin: { top: 8, right: 8, bottom: 0, left: 0 }, accessibilityLayer: false };

export const GRID = { vertical: false, stroke: "var(--line)" };

/** Of points with a `time`, seconds. */
export const TIME_AXIS = {
  dataKey: "time",
  type: "number",
  domain: ["dataMin", "dataMax"],
  tickFormatter: (time: number) => formatDate(time),
  tick: TICK,
  stroke: "var(--line-strong)",
  minTickGap: 48,
} as const;

export const VALUE_AXIS = {
  width: 72,
  domain: ["auto", "auto"],
  tick: TICK,
  axisLine: false,
  tickLine: false,
} as const;

export const TOOLTIP = {
  isAnimationActive: false,
  labelFormatter: (time: unknown) => formatTime(Number(time)),
  contentStyle: {
    background: "var(--paper)",
    border: "1px solid var(--line-strong)",
    borderRadius: 4,
  },
  labelStyle: { color: "var(--muted)" },
  itemStyle: { color: "var(--ink)" },
};
