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
  const said = (reason: string) =>
    reason === "" ? (
      <span className="text-muted">{p.noReason}</span>
    ) : (
      <span className="block max-w-prose [overflow-wrap:anywhere]">{visible(reason)}</span>
    );
  const columns: Column<Vote>[] = [
    { key: "voter", head: p.voter, cell: ({ voter }) => <Address value={voter} /> },
    { key: "support", head: p.support, cell: ({ support }) => words.vote.support[support] },
    { key: "weight", head: p.weight, number: true, cell: ({ weight }) => pldr(weight) },
    { key: "reason", head: p.reason, cell: ({ reason }) => said(reason) },
  ];
  return (
    <>
      <div className="hidden sm:block">
        <Table caption={p.voters} columns={columns} rows={voters} rowKey={({ voter }) => voter} />
      </div>
      <ul className="flex flex-col sm:hidden">
        {voters.map(({ voter, support, weight, reason }) => (
          <li key={voter} className="flex flex-col gap-1 border-t border-line py-3">
            <p className="flex flex-wrap justify-between gap-x-4">
              <Address value={voter} />
              <span>{`${words.vote.support[support]}, ${pldr(weight)} ${p.weight}`}</span>
            </p>
            <div>{said(reason)}</div>
          </li>
        ))}
      </ul>
    </>
  );
}
