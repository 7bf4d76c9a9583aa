// Who voted how, with how much, and why they say they did.
import type { ProposalDetail } from "../../lib/chain/governance.ts";
import { Address } from "../../parts/Address.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";
import { pldr } from "../governance/Ballots.tsx";

type Vote = ProposalDetail["voters"][number];

type Props = {
  voters: readonly Vote[] /** Writes what is not seen as its code point. */;
  visible(text: string): string;
};

export function Voters({ voters, visible }: Props) {
  const p = words.proposal;
  if (voters.length === 0) return <Empty title={p.noVoters} />;
  const columns: Column<Vote>[] = [
    { key: "voter", head: p.voter, cell: ({ voter }) => <Address value={voter} /> },
    { key: "support", head: p.support, cell: ({ support }) => words.vote.support[support] },
    { key: "weight", head: p.weight, number: true, cell: ({ weight }) => pldr(weight) },
    {
      key: "reason",
      head: p.reason,
      cell: ({ reason }) =>
        reason === "" ? (
          <span className="text-muted">{p.noReason}</span>
        ) : (
          <span className="block min-w-40 max-w-prose [overflow-wrap:anywhere]">{visible(reason)}</span>
        ),
    },
  ];
  return <Table caption={p.voters} columns={columns} rows={voters} rowKey={({ voter }) => voter} />;
}
