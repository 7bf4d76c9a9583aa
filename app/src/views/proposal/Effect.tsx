// What a proposal changes: each value before and after, and what to look at twice. Of a simulation or of what was executed.
import type { Change, Simulation, Warning } from "../../lib/chain/governance.ts";
import { formatCount } from "../../lib/format.ts";
import { SourceButton } from "../../parts/Figure.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";

export function Changes({ changes }: { changes: readonly Change[] }) {
  const p = words.proposal;
  if (changes.length === 0) return null;
  return (
    <dl className="flex flex-col border-t border-line">
      {changes.map(({ key, title, text, direction }) => (
        <div
          key={key}
          className="grid gap-x-8 gap-y-1 border-b border-line py-3 sm:grid-cols-[minmax(0,1fr)_minmax(0,1.4fr)]"
        >
          <dt className="flex flex-wrap items-center gap-x-3 gap-y-1">
            {title}
            {direction !== undefined && (
              <Tag tone={direction === "looser" ? "risk" : "reed"}>{p[direction]}</Tag>
            )}
          </dt>
          <dd className="min-w-0 text-lead [overflow-wrap:anywhere]">
            <span className="sr-only">{p.before} </span>
            <span className="text-muted" title={text.before}>
              {short(text).before}
            </span>
            <span aria-hidden className="text-muted">
              {" → "}
            </span>
            <span className="sr-only"> {p.after} </span>
            <strong className="font-semibold" title={text.after}>
              {short(text).after}
            </strong>
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** Two digits behind the point do, where they tell the difference; the tip has all. */
function short({ before, after }: Change["text"]): Change["text"] {
  const cut = (text: string) => text.replaceAll(/(\d\.\d\d)\d+/g, "$1");
  return cut(before) === cut(after) ? { before, after } : { before: cut(before), after: cut(after) };
}

/** Cool where nothing is at stake. */
const CALM: readonly Warning["kind"][] = ["changes nothing"];

export function Warnings({ warnings }: { warnings: readonly Warning[] }) {
  const p = words.proposal;
  if (warnings.length === 0) return null;
  const calm = warnings.every(({ kind }) => CALM.includes(kind));
  return (
    <section
      aria-label={p.warnings}
      className={
        calm
          ? "flex flex-col gap-3 border-l-4 border-line bg-wash px-5 py-4"
          : "flex flex-col gap-3 border-l-4 border-risk bg-risk-soft px-5 py-4"
      }
    >
      <h3 className="font-semibold">{p.warnings}</h3>
      <ul className="flex flex-col gap-2">
        {warnings.map(({ kind, text }, i) => (
          <li key={i} className="min-w-0 [overflow-wrap:anywhere]">
            <strong className="font-semibold">{p.warningKinds[kind]}.</strong> {text}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In a sentence what a simulation found. */
export function effectOf({ outcome, changes }: Simulation): string {
  const p = words.proposal;
  if (!outcome.succeeds) return p.wouldFail;
  return changes.length === 0 ? p.wouldNothing : p.would(changes.length);
}

export function Gas({ gas }: { gas: bigint }) {
  const p = words.proposal;
  return (
    <p className="inline-flex items-center gap-1 text-small text-muted">
      {`${p.gas}: ${formatCount(gas)}`}
      <SourceButton label={p.gas} source={{ formula: p.gasFormula }} />
    </p>
  );
}
