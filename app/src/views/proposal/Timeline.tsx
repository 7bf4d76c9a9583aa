// What happened when, by block times, and what time brings yet.
import type { ProposalDetail } from "../../lib/chain/governance.ts";
import { useChainTime } from "../../lib/chain/head.ts";
import { formatCount } from "../../lib/format.ts";
import { PageLink } from "../../parts/PageLink.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";

type Moment = { key: string; label: string; at: bigint; block?: bigint; transaction?: string };

export function Timeline({ proposal }: { proposal: ProposalDetail }) {
  const now = useChainTime();
  const p = words.proposal;
  const label = (key: "snapshot" | "deadline" | "eta", at: bigint) =>
    now !== undefined && at <= now ? p.past[key] : p.ahead[key];
  const steps = proposal.timeline.map(
    ({ kind, timestamp, block, transaction }): Moment => ({
      key: `${kind} ${transaction}`,
      label: p.steps[kind],
      at: timestamp,
      block,
      transaction,
    }),
  );
  const cancelledAt = proposal.timeline.find(({ kind }) => kind === "cancelled")?.timestamp;
  const bounds = (["snapshot", "deadline", "eta"] as const)
    .map((key): Moment => ({ key, label: label(key, proposal[key]), at: proposal[key] }))
    .filter(({ at }) => at > 0n && (cancelledAt === undefined || at <= cancelledAt));
  const all = [...steps, ...bounds].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return (
    <ol className="flex flex-col gap-3">
      {all.map((moment) => (
        <li
          key={moment.key}
          className={
            now !== undefined && moment.at > now
              ? "border-l-4 border-line pl-4 text-muted"
              : "border-l-4 border-water pl-4"
          }
        >
          <p className="font-medium">{moment.label}</p>
          <p className="text-small">
            <Time at={moment.at} now={now} />
            {moment.block !== undefined && (
              <>
                {", "}
                <PageLink
                  href={`/tx/${moment.transaction}`}
                  className="text-water underline underline-offset-2"
                >
                  {p.block(formatCount(moment.block))}
                </PageLink>
              </>
            )}
          </p>
        </li>
      ))}
    </ol>
  );
}
