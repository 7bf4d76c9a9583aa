// Workers over time: a row for each, every transaction a bar. The longest chain of those that waited for one another stands
// out.
import type { BlockRun } from "../../lib/chain/blocks.ts";
import { formatCount } from "../../lib/format.ts";
import { classes } from "../../parts/classes.ts";
import { PageLink } from "../../parts/PageLink.tsx";
import { words } from "../../words.ts";
import { workersOf } from "./parallel.ts";

/** `chosen`: the index of the transaction that the page is about. */
export function Workers({ run, chosen }: { run: BlockRun; chosen?: number }) {
  const { rows, span } = workersOf(run);
  const { block: b } = words;
  const time = b.microseconds(formatCount(Math.round(span)));
  return (
    <figure className="flex flex-col gap-3">
      <figcaption className="flex flex-wrap items-baseline justify-between gap-x-6">
        <span className="font-semibold">{b.workersTitle}</span>
        <span className="text-small text-muted">{b.workersAxis(time)}</span>
      </figcaption>
      <p className="sr-only">
        {b.workersLabel(
          formatCount(run.transactions.length),
          formatCount(rows.length),
          time,
          formatCount(run.chain.transactions.length),
        )}
      </p>
      {/* For the eye and the mouse: the list of transactions has the same links for all. */}
      <div aria-hidden className="flex flex-col gap-[3px]">
        {rows.map(({ worker, bars }) => (
          <div key={worker} className="relative h-12 bg-sunk">
            {bars.map((bar) => (
              <PageLink
                key={bar.index}
                href={`/tx/${bar.hash}`}
                tabIndex={-1}
                title={b.barTitle(formatCount(bar.index), formatCount(worker), bar.inChain, bar.again)}
                className={classes(
                  "absolute inset-y-0 min-w-[2px]",
                  bar.index === chosen ? "bg-reed" : bar.inChain ? "bg-ink" : "bg-water",
                  bar.again && "outline-2 -outline-offset-2 outline-muted",
                )}
                style={{ left: `${bar.left}%`, width: `max(2px, calc(${bar.width}% - 1px))` }}
              />
            ))}
          </div>
        ))}
      </div>
      <ul aria-hidden className="flex flex-wrap gap-x-5 gap-y-1 text-small text-muted">
        <Key colour="bg-ink">{b.legend.chain}</Key>
        <Key colour="bg-water">{b.legend.other}</Key>
        {chosen !== undefined && <Key colour="bg-reed">{b.legend.chosen}</Key>}
        {run.reExecutions > 0 && (
          <Key colour="bg-water outline-2 -outline-offset-2 outline-muted">{b.legend.again}</Key>
        )}
      </ul>
    </figure>
  );
}

function Key({ colour, children }: { colour: string; children: string }) {
  return (
    <li className="flex items-center gap-2">
      <span className={classes("inline-block size-3", colour)} />
      {children}
    </li>
  );
}
