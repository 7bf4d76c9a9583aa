// A moment of chain time, and how far it is from the chain's now where that is given. Seconds.
import { formatDuration, formatTime } from "../lib/format.ts";

export function Time({ at, now }: { at: bigint; now?: bigint | undefined }) {
  return (
    <time dateTime={new Date(Number(at) * 1000).toISOString()} className="whitespace-nowrap">
      {formatTime(at)}
      {now !== undefined && (
        <span className="text-muted">
          {" "}
          ({at > now ? `in ${formatDuration(at - now)}` : `${formatDuration(now - at)} ago`})
        </span>
      )}
    </time>
  );
}
