// Where a proposal stands, as a word and as the time that is left.
import type { ProposalState, ProposalView } from "../../lib/chain/governance.ts";
import { formatDuration } from "../../lib/format.ts";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";

const TONES: Partial<Record<ProposalState, "water" | "reed">> = {
  Pending: "water",
  Active: "water",
  Succeeded: "water",
  Queued: "water",
  Executed: "reed",
};

export function StateTag({ state }: { state: ProposalState }) {
  return <Tag tone={TONES[state] ?? "plain"}>{words.governance.states[state]}</Tag>;
}

/** In words; when its vote ended where time moves it no more. */
export function Remaining({
  proposal,
}: {
  proposal: Pick<ProposalView, "state" | "remaining" | "deadline">;
}) {
  const { state, remaining, deadline } = proposal;
  const r = words.governance.remaining;
  if (state === "Succeeded") return <>{r.queueable}</>;
  if (state === "Queued" && remaining === 0n) return <>{r.executable}</>;
  if (remaining !== undefined && (state === "Pending" || state === "Active" || state === "Queued")) {
    return <>{r[state](formatDuration(remaining))}</>;
  }
  return (
    <span className="text-muted">
      {words.governance.ended} <Time at={deadline} />
    </span>
  );
}
