// Turns a market's lanes into strips: each as full as its part of the debt cap is used. Pure.
import type { Lane } from "../../lib/chain/markets.ts";
import { formatPercent, WAD } from "../../lib/format.ts";
import type { Strip } from "../../parts/Strips.tsx";
import { words } from "../../words.ts";

/** `what` ends a sentence that begins with a share in percent. */
export function laneStrips(
  lanes: readonly Lane[],
  title: string,
  what: string,
): { label: string; strips: Strip[] } {
  const used = lanes.reduce((sum, { debt }) => sum + debt, 0n);
  const all = used + lanes.reduce((sum, { free }) => sum + free, 0n);
  return {
    label: `${title}: ${formatPercent(share(used, all), 1)} ${what}`,
    strips: lanes.map(({ debt, free }, lane) => {
      const part = share(debt, debt + free);
      return {
        share: Number(part / 10n ** 12n) / 1e6,
        title: `${words.strips.lane(lane)}: ${formatPercent(part, 1)} ${what}`,
      };
    }),
  };
}

function share(part: bigint, whole: bigint): bigint {
  return whole === 0n ? 0n : (part * WAD) / whole;
}
