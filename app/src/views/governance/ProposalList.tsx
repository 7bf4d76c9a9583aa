// Proposals to be compared: a table where there is room, cards on a phone.
import type { ProposalView } from "../../lib/chain/governance.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { Address } from "../../parts/Address.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";
import { QuorumBar, VoteBar } from "./Ballots.tsx";
import { Remaining, StateTag } from "./State.tsx";
import { shortId } from "./standing.ts";

type Props = { proposals: readonly ProposalView[]; at: At };

export function ProposalList({ proposals, at }: Props) {
  const { columns: heads, formulas, all } = words.governance;
  const head = (label: string, formula: string) => (
    <span className="inline-flex items-center gap-1">
      {label}
      <SourceButton label={label} source={{ at, formula }} />
    </span>
  );
  const columns: Column<ProposalView>[] = [
    { key: "proposal", head: heads.proposal, cell: (proposal) => <Name proposal={proposal} /> },
    { key: "state", head: heads.state, cell: ({ state }) => <StateTag state={state} /> },
    {
      key: "votes",
      head: head(heads.votes, formulas.votes),
      cell: (proposal) => <VoteBar proposal={proposal} />,
    },
    {
      key: "quorum",
      head: head(heads.quorum, formulas.quorum),
      cell: (proposal) => <QuorumBar proposal={proposal} />,
    },
    {
      key: "time",
      head: head(heads.time, formulas.remaining),
      cell: (proposal) => <Remaining proposal={proposal} />,
    },
  ];
  return (
    <>
      <div className="hidden lg:block">
        <Table caption={all} columns={columns} rows={proposals} rowKey={({ id }) => id.toString()} />
      </div>
      <ul className="flex flex-col lg:hidden">
        {proposals.map((proposal) => (
          <li key={proposal.id.toString()} className="flex flex-col gap-3 border-t border-line py-4">
            <Name proposal={proposal} />
            <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
              <StateTag state={proposal.state} />
              <Remaining proposal={proposal} />
            </p>
            <VoteBar proposal={proposal} />
            <QuorumBar proposal={proposal} />
          </li>
        ))}
      </ul>
    </>
  );
}

function Name({ proposal: { id, text, proposer } }: { proposal: ProposalView }) {
  const g = words.governance;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <PageLink
        href={`/governance/${id}`}
        className="text-lead font-semibold break-words underline-offset-4 hover:text-water hover:underline"
      >
        {text.title}
      </PageLink>
      <span className="flex flex-wrap gap-x-3 text-small text-muted">
        {g.number(shortId(id))}
        <Address value={proposer} name={g.by} />
      </span>
    </div>
  );
}
