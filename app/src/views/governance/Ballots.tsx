// Votes drawn as lengths: for, against and abstentions of all that voted, and the part of the quorum that is there.
import type { ProposalView } from "../../lib/chain/governance.ts";
import { formatAmount } from "../../lib/format.ts";
import { words } from "../../words.ts";
import { countedOf, quorumShare, sharesOf } from "./standing.ts";

const PLDR = 18; // decimals

export function pldr(value: bigint): string {
  return formatAmount(value, PLDR, { compact: "short", digits: 0 });
}

export function VoteBar({ proposal }: { proposal: Pick<ProposalView, "votes"> }) {
  const { votes } = proposal;
  const shares = sharesOf(proposal);
  const g = words.governance;
  const label =
    shares === undefined ? g.noVotes : g.shares(pldr(votes.for), pldr(votes.against), pldr(votes.abstain));
  return (
    <div className="flex min-w-32 flex-col gap-1">
      <div aria-hidden className="flex h-2 w-full gap-[2px] bg-sunk">
        {shares !== undefined && (
          <>
            <Part share={shares.for} colour="bg-water" />
            <Part share={shares.against} colour="bg-ink" />
            <Part share={shares.abstain} colour="bg-line-strong" />
          </>
        )}
      </div>
      <span className="text-small text-muted">{label}</span>
    </div>
  );
}

function Part({ share, colour }: { share: number; colour: string }) {
  return share === 0 ? null : <div className={colour} style={{ width: `${share * 100}%` }} />;
}

export function QuorumBar({ proposal }: { proposal: Pick<ProposalView, "votes" | "quorum"> }) {
  const share = quorumShare(proposal);
  const g = words.governance;
  return (
    <div className="flex min-w-32 flex-col gap-1">
      <div aria-hidden className="h-2 w-full bg-sunk">
        <div
          className={share === 1 ? "h-full bg-reed" : "h-full bg-water"}
          style={{ width: `${share * 100}%` }}
        />
      </div>
      <span className="text-small whitespace-nowrap text-muted">
        {g.quorumOf(pldr(countedOf(proposal)), pldr(proposal.quorum))}
        {share === 1 && <span className="text-reed">{` ${g.quorumReached}`}</span>}
      </span>
    </div>
  );
}
