// Votes over time, of each delegate. Pure.
import type { Delegate } from "../../lib/chain/governance.ts";

/** Of all delegates together, in PLDR's smallest unit. */
export function totalVotes(delegates: readonly Pick<Delegate, "votes">[]): bigint {
  return delegates.reduce((sum, { votes }) => sum + votes, 0n);
}

/** The part of all votes, in wad. */
export function shareOf({ votes }: Pick<Delegate, "votes">, total: bigint): bigint {
  return total === 0n ? 0n : (votes * 10n ** 18n) / total;
}

/** One point for each second in which votes changed, the last of several; of blocks whose time is known. */
export function pointsOf(
  { history }: Pick<Delegate, "history">,
  times: ReadonlyMap<bigint, bigint>,
): { time: bigint; votes: bigint }[] {
  const points = new Map<bigint, bigint>();
  for (const { block, votes } of history) {
    const time = times.get(block);
    if (time !== undefined) points.set(time, votes);
  }
  return [...points].map(([time, votes]) => ({ time, votes }));
}
