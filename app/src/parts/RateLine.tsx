// One rate beside the range that it moves in, so that "5%" says whether that is much here.
import { formatPercent } from "../lib/format.ts";

type Props = { label: string; rate: bigint; least: bigint; most: bigint; note?: string };

/** All in wad per year. */
export function RateLine({ label, rate, least, most, note }: Props) {
  const span = most - least;
  const at = span === 0n ? 0 : Number(((rate - least) * 1_000n) / span) / 10;
  const left = Math.min(100, Math.max(0, at));
  return (
    <div className="flex flex-col gap-1.5">
      <div className="flex items-baseline justify-between">
        <span className="text-small text-muted">{label}</span>
        <span className="font-semibold">{formatPercent(rate)}</span>
      </div>
      <div className="relative h-px bg-line-strong" aria-hidden>
        <div className="absolute -top-1.5 h-3 w-1 -translate-x-1/2 bg-water" style={{ left: `${left}%` }} />
      </div>
      <div className="flex justify-between text-small text-muted">
        <span>{formatPercent(least)}</span>
        {note !== undefined && <span>{note}</span>}
        <span>{formatPercent(most)}</span>
      </div>
    </div>
  );
}
