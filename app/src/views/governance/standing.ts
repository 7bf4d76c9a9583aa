// Where proposals stand, as sums and choices over what the chain says. Pure.
import type { ProposalState, ProposalView } from "../../lib/chain/governance.ts";

type Timed = Pick<ProposalView, "state" | "remaining">;

/**
 * The proposal whose time ends first; where time moves none, one that waits for somebody to queue or execute it. Nothing where
 * nothing is open.
 */
export function mostUrgent<P extends Timed>(proposals: readonly P[]): P | undefined {
  const running = proposals.filter(({ remaining }) => remaining !== undefined && remaining > 0n);
  const [first] = running.sort((a, b) => ((a.remaining ?? 0n) < (b.remaining ?? 0n) ? -1 : 1));
  return first ?? proposals.find(({ state }) => OPEN.includes(state));
}

const OPEN: readonly ProposalState[] = ["Pending", "Active", "Succeeded", "Queued"];

type Counted = Pick<ProposalView, "votes" | "quorum">;

/** Votes that count towards the quorum, in PLDR's smallest unit. */
export function countedOf({ votes }: Pick<Counted, "votes">): bigint {
  return votes.for + votes.abstain;
}

/** Parts of all votes, 0 to 1, for the eye alone; nothing where nobody voted. */
export function sharesOf({ votes }: Pick<Counted, "votes">) {
  const all = votes.for + votes.against + votes.abstain;
  if (all === 0n) return undefined;
  const share = (part: bigint) => Number((part * 10_000n) / all) / 10_000;
  return { for: share(votes.for), against: share(votes.against), abstain: share(votes.abstain) };
}

/** How much of the quorum there is, 0 to 1; 1 where none is needed. */
export function quorumShare(proposal: Counted): number {
  const { quorum } = proposal;
  if (quorum === 0n) return 1;
  const parts = (countedOf(proposal) * 10_000n) / quorum;
  return parts > 10_000n ? 1 : Number(parts) / 10_000;
}

/** The first digits of a proposal's number, which has 77. */
export function shortId(id: bigint): string {
  return `${id.toString().slice(0, 6)}…`;
}
