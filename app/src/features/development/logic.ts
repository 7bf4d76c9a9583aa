// Travel in time in steps, and what the faucet gives. Pure.

/** At most so long between two NAV reports: less than the shortest time after which a NAV is stale. Seconds. */
export const LONGEST_STEP = 72_000;

/** The steps that make up `seconds`: equal ones, none longer than allowed, together exactly it. */
export function stepsOf(seconds: number): number[] {
  if (seconds <= 0) return [];
  const count = Math.ceil(seconds / LONGEST_STEP);
  const least = Math.floor(seconds / count);
  const rest = seconds - least * count;
  return Array.from({ length: count }, (_, i) => least + (i < rest ? 1 : 0));
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
