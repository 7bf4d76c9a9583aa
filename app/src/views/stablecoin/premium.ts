// What the backstop's premium pays per year at the pace of what vests now. Pure; seconds, pUSD, wad.
import { WAD, YEAR } from "../../lib/format.ts";

/** Of the last premium, paid at `paidAt`; nothing where none vests. */
export function premiumRate(
  last: { vesting: bigint; end: bigint } | undefined,
  totalAssets: bigint,
  now: bigint,
  paidAt: bigint | undefined,
): bigint | undefined {
  if (
    last === undefined ||
    paidAt === undefined ||
    now >= last.end ||
    last.end <= paidAt ||
    totalAssets === 0n
  ) {
    return undefined;
  }
  return (last.vesting * YEAR * WAD) / ((last.end - paidAt) * totalAssets);
}
