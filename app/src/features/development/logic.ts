// Travel in time in steps, and what the faucet gives. Pure.

/** At most so long at once, so that rates move on the way. Seconds. */
export const LONGEST_STEP = 3 * 86_400;
/** Shorter steps are not worth a block: reports are awaited instead. Seconds. */
const SHORTEST_STEP = 43_200;
/** How long before a NAV would be stale a step ends, seconds. */
const MARGIN = 3_600;

/**
 * How far to travel next, seconds: as far as no NAV goes stale.
 * @param now time of the chain, and `end` of the journey, seconds.
 * @param staleAt when each NAV will be stale, seconds.
 */
export function nextStep(now: number, end: number, staleAt: readonly number[]): number | "reports first" {
  const rest = Math.max(0, end - now);
  const room = Math.min(LONGEST_STEP, ...staleAt.map((at) => at - MARGIN - now));
  if (rest <= room) return rest;
  return room < SHORTEST_STEP ? "reports first" : room;
}

/** Whether a report on a NAV that will be stale at `staleAt` is to come before a step. */
export function isDue(now: number, staleAt: number): boolean {
  return staleAt - MARGIN - now < SHORTEST_STEP;
}

/** Days that are travelled at most at once: each step waits for reports. */
export const MOST_DAYS = 400;

export type DaysIssue = "daysMissing" | "daysTooMany";

/** Days as typed, in seconds. */
export function parseDays(text: string): { ok: true; seconds: number } | { ok: false; issue: DaysIssue } {
  const days = /^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : 0;
  const seconds = Math.round(days * 86_400);
  if (seconds < 1) return { ok: false, issue: "daysMissing" };
  return days > MOST_DAYS ? { ok: false, issue: "daysTooMany" } : { ok: true, seconds };
}
