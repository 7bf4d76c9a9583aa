// How a transaction went among the others of its block: on which worker, when, in how many attempts, and what it shared
// with whom.
import type { AccessSets, BlockHead, BlockRun } from "../../lib/chain/blocks.ts";
import { useVariables } from "../../lib/chain/variables.ts";
import type { Location } from "../../lib/contracts.ts";
import { formatCount } from "../../lib/format.ts";
import { Figure } from "../../parts/Figure.tsx";
import { HashLink } from "../../parts/HashLink.tsx";
import { Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";
import { LocationText } from "../block/LocationText.tsx";
import { type Collision, readBy, readFrom } from "../block/parallel.ts";
import { Workers } from "../block/Workers.tsx";

type Props = {
  run: BlockRun;
  sets: AccessSets | null;
  index: number;
  block: Pick<BlockHead, "hash" | "number">;
};

/** Locations that are named for one other transaction at most. */
const NAMED = 6;

export function Execution({ run, sets, index, block }: Props) {
  const { execution: e } = words.transaction;
  const variable = useVariables(block, run.transactions.length);
  const own = run.transactions.find((each) => each.index === index);
  if (own === undefined) return <p className="text-muted">{words.block.noReport}</p>;
  const inChain = run.chain.transactions.includes(index);
  const waited = sets === null ? [] : readFrom(sets, index);
  return (
    <>
      <p className="max-w-prose text-lead">
        {waited.length === 0 ? e.free : e.waited(formatCount(waited.length))}{" "}
        {inChain && run.transactions.length > 1 && e.inChain}
      </p>
      <div className="grid grid-cols-2 gap-x-10 gap-y-5 md:grid-cols-4">
        <Figure
          size="small"
          label={e.worker}
          value={formatCount(own.worker)}
          unit={e.ofWorkers(formatCount(run.workers))}
        />
        <Figure
          size="small"
          label={e.time}
          value={`${formatCount(Math.round(own.startedAt))} – ${formatCount(Math.round(own.finishedAt))}`}
          unit="µs"
          source={{ formula: e.formulas.time }}
        />
        <Figure
          size="small"
          label={e.order}
          value={formatCount(index)}
          unit={e.ofTransactions(formatCount(run.transactions.length))}
          source={{ formula: e.formulas.order }}
        />
        <Figure
          size="small"
          label={e.attempts}
          value={formatCount(own.attempts)}
          source={{ formula: e.formulas.attempts }}
        />
      </div>
      {run.transactions.length > 1 && <Workers run={run} chosen={index} />}
      {own.conflicts.length > 0 && (
        <Shared
          title={e.conflicts}
          about={e.conflictsAbout}
          run={run}
          variable={variable}
          collisions={own.conflicts.map(({ writerIndex, location }) => ({
            index: writerIndex,
            locations: [location],
          }))}
        />
      )}
      {waited.length > 0 && (
        <Shared
          title={e.readFrom}
          about={e.readFromAbout}
          run={run}
          variable={variable}
          collisions={waited}
        />
      )}
      {sets !== null && readBy(sets, index).length > 0 && (
        <Shared
          title={e.readBy}
          about={e.readByAbout}
          run={run}
          variable={variable}
          collisions={readBy(sets, index)}
        />
      )}
      {sets === null && <p className="text-muted">{e.noSets(formatCount(block.number))}</p>}
    </>
  );
}

type SharedProps = {
  title: string;
  about: string;
  run: BlockRun;
  variable: ReturnType<typeof useVariables>;
  collisions: readonly Collision[];
};

function Shared({ title, about, run, variable, collisions }: SharedProps) {
  const { execution: e } = words.transaction;
  return (
    <section className="flex flex-col gap-3">
      <h3 className="font-semibold">{title}</h3>
      <p className="max-w-prose text-small text-muted">{about}</p>
      <Table
        caption={title}
        rows={collisions.map((each, i) => ({ ...each, key: `${each.index}-${i}` }))}
        rowKey={({ key }) => key}
        columns={[
          {
            key: "order",
            head: words.block.columns.order,
            number: true,
            cell: (each) => formatCount(each.index),
          },
          {
            key: "hash",
            head: words.block.columns.transaction,
            cell: (each) => {
              const hash = run.transactions.find(({ index }) => index === each.index)?.hash;
              return hash === undefined ? "" : <HashLink hash={hash} />;
            },
          },
          {
            key: "through",
            head: e.through,
            cell: ({ locations }) => (
              <ul className="flex flex-col gap-1">
                {locations.slice(0, NAMED).map((location) => (
                  <li key={keyOf(location)}>
                    <LocationText location={location} variable={variable(location)} />
                  </li>
                ))}
                {locations.length > NAMED && (
                  <li className="text-muted">{e.more(formatCount(locations.length - NAMED))}</li>
                )}
              </ul>
            ),
          },
        ]}
      />
    </section>
  );
}

function keyOf({ address, kind, slot }: Location): string {
  return `${address}${kind}${slot ?? ""}`;
}
