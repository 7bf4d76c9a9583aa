// What the history of a NAV says about the next report: bounds after each, how often one comes. Pure.
import type { NavEvent } from "../../lib/chain/asset.ts";

const BPS = 10_000n;

/** Within which the report after `nav` is accepted by the smaller quorum, in units of the NAV. */
export function boundsAfter(
  nav: bigint,
  settings: { maxUpBps: number; maxDownBps: number },
): { least: bigint; most: bigint } {
  return {
    least: (nav * (BPS - BigInt(settings.maxDownBps))) / BPS,
    most: (nav * (BPS + BigInt(settings.maxUpBps))) / BPS,
  };
}

/** The median time between accepted valuations, in seconds, of the last `count`; nothing for fewer than three. */
export function usualInterval(events: readonly NavEvent[], count = 12): bigint | undefined {
  const dates = events
    .filter(({ kind }) => kind === "accepted")
    .slice(-count)
    .map(({ navDate }) => navDate);
  if (dates.length < 3) return undefined;
  const gaps = dates.slice(1).map((date, i) => date - (dates[i] ?? date));
  gaps.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return gaps[Math.floor(gaps.length / 2)];
}

/** Pending reports that were never accepted as they stood, and those that were, by round. */
export function pendingOf(events: readonly NavEvent[]): (NavEvent & { confirmed: boolean })[] {
  return events
    .filter(({ kind }) => kind === "pending")
    .map((each) => ({
      ...each,
      confirmed: events.some(
        ({ kind, round, nav }) => kind === "accepted" && round === each.round && nav === each.nav,
      ),
    }));
}
