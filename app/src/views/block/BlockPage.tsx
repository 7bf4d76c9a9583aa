"use client";
// Answers: who waited for whom in this block? The workers over time, what was waited for, and each transaction.
import { type BlockHead, type BlockRun, useBlock, useRun } from "../../lib/chain/blocks.ts";
import { useHead } from "../../lib/chain/head.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { useVariables } from "../../lib/chain/variables.ts";
import { formatAmount, formatCount } from "../../lib/format.ts";
import { Address } from "../../parts/Address.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { HashLink } from "../../parts/HashLink.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { LocationText } from "./LocationText.tsx";
import { parseBlockId, readFrom } from "./parallel.ts";
import { Workers } from "./Workers.tsx";

/** Rows that are listed at most: a block may have thousands. */
const ROWS = 200;

/** Below it a fee is told in wei: of a gwei it would be nothing but zeros. */
const WEI_ALONE = 100_000n;

export function BlockPage({ id }: { id: string }) {
  const parsed = parseBlockId(id);
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      {parsed === undefined ? <Missing /> : <Found id={parsed} />}
    </div>
  );
}

function Missing() {
  return (
    <>
      <h1 className="text-figure font-semibold tracking-tight">{words.block.missing}</h1>
      <p className="text-muted">{words.block.missingAdvice}</p>
    </>
  );
}

function Found({ id }: { id: bigint | `0x${string}` }) {
  const block = useBlock(id);
  const head = useHead().data;
  const value = block.data?.value;
  const run = useRun(value);
  if (value === null) return <Missing />;
  if (block.isError && value === undefined) {
    return (
      <>
        <h1 className="text-figure font-semibold">{words.block.title(id.toString())}</h1>
        <ErrorBox detail={block.error.message} onRetry={() => void block.refetch()} />
      </>
    );
  }
  const number = value?.number;
  return (
    <>
      <header className="flex flex-col gap-2">
        <h1 className="text-figure font-semibold tracking-tight">
          {number === undefined ? <Skeleton className="h-8 w-40" /> : words.block.title(formatCount(number))}
        </h1>
        <p className="flex flex-wrap items-baseline gap-x-5 gap-y-1 text-muted">
          {value && <Time at={value.timestamp} now={head?.timestamp} />}
          {value && (
            <nav aria-label={words.block.neighbours} className="flex gap-4">
              {value.number > 0n && (
                <PageLink
                  className="text-water underline underline-offset-4"
                  href={`/blocks/${value.number - 1n}`}
                >
                  {words.block.previous}
                </PageLink>
              )}
              {head !== undefined && value.number < head.number && (
                <PageLink
                  className="text-water underline underline-offset-4"
                  href={`/blocks/${value.number + 1n}`}
                >
                  {words.block.next}
                </PageLink>
              )}
            </nav>
          )}
        </p>
      </header>
      {value !== undefined && value.transactions.length === 0 && <Empty title={words.block.empty} />}
      {run.isError && run.data === undefined ? (
        <ErrorBox detail={run.error.message} onRetry={() => void run.refetch()} />
      ) : (
        (value === undefined || value.transactions.length > 0) && (
          <Parallel block={value} run={run.data?.run} />
        )
      )}
      {value !== undefined && run.data?.run && value.transactions.length > 0 && (
        <Transactions run={run.data.run} sets={run.data.sets} />
      )}
      {value !== undefined && run.data !== undefined && run.data.run === null && <Plain block={value} />}
      {value !== undefined && <Facts block={value} />}
    </>
  );
}

function Parallel({ block, run }: { block: BlockHead | undefined; run: BlockRun | null | undefined }) {
  const { block: b } = words;
  if (run === null) return <p className="max-w-prose text-muted">{b.noReport}</p>;
  const at: At | undefined = block && { number: block.number, timestamp: block.timestamp };
  return (
    <>
      <div className="flex flex-wrap gap-x-14 gap-y-6">
        <Figure
          size="hero"
          label={b.parallelism}
          value={run && `${run.parallelism.toFixed(2)}×`}
          source={{ at, formula: b.formulas.parallelism }}
        />
        <Figure
          size="hero"
          label={b.chain}
          value={run && formatCount(run.chain.transactions.length)}
          {...(run && { unit: b.ofTransactions(formatCount(run.transactions.length)) })}
          source={{ at, formula: b.formulas.chain }}
        />
      </div>
      {run === undefined ? <Skeleton className="h-24 w-full" /> : <Workers run={run} />}
      <div className="grid grid-cols-2 gap-x-10 gap-y-6 md:grid-cols-4">
        <Figure
          size="small"
          label={b.workers}
          value={run && formatCount(run.workers)}
          source={{ at, formula: b.formulas.workers }}
        />
        <Figure
          size="small"
          label={b.again}
          value={run && formatCount(run.reExecutions)}
          source={{ at, formula: b.formulas.again }}
        />
        <Figure
          size="small"
          label={b.wasted}
          value={run && formatCount(run.wastedGas)}
          source={{ at, formula: b.formulas.wasted }}
        />
        <Figure
          size="small"
          label={b.gas}
          value={run && formatCount(run.totalGas)}
          source={{ at, formula: b.formulas.gas }}
        />
      </div>
      {run !== undefined && <Contended run={run} block={block} />}
    </>
  );
}

function Contended({ run, block }: { run: BlockRun; block: BlockHead | undefined }) {
  const { block: b } = words;
  const variable = useVariables(block, run.transactions.length);
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{b.contended}</h2>
      {run.contended.length === 0 ? (
        <p className="text-muted">{b.nothingContended}</p>
      ) : (
        <Table
          caption={b.contended}
          rows={run.contended.slice(0, 20)}
          rowKey={({ location }) => `${location.address}${location.kind}${location.slot ?? ""}`}
          columns={[
            {
              key: "where",
              head: b.columns.where,
              cell: ({ location }) => <LocationText location={location} variable={variable(location)} />,
            },
            {
              key: "readers",
              head: b.columns.readers,
              number: true,
              cell: ({ readers }) => formatCount(readers),
            },
            {
              key: "writers",
              head: b.columns.writers,
              number: true,
              cell: ({ writers }) => formatCount(writers),
            },
          ]}
        />
      )}
    </section>
  );
}

function Transactions({
  run,
  sets,
}: {
  run: BlockRun;
  sets: NonNullable<ReturnType<typeof useRun>["data"]>["sets"];
}) {
  const { block: b } = words;
  const chain = new Set(run.chain.transactions);
  const rows = run.transactions.slice(0, ROWS);
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{b.transactions}</h2>
      {run.transactions.length > ROWS && (
        <p className="text-muted">{b.listed(formatCount(ROWS), formatCount(run.transactions.length))}</p>
      )}
      <Table
        caption={b.transactions}
        rows={rows}
        rowKey={({ hash }) => hash}
        columns={[
          { key: "index", head: b.columns.order, number: true, cell: ({ index }) => formatCount(index) },
          {
            key: "hash",
            head: b.columns.transaction,
            cell: ({ hash, index }) => (
              <span className="inline-flex flex-wrap gap-2">
                <HashLink hash={hash} />
                {chain.has(index) && <Tag tone="water">{b.inChain}</Tag>}
              </span>
            ),
          },
          { key: "worker", head: b.columns.worker, number: true, cell: ({ worker }) => formatCount(worker) },
          {
            key: "time",
            head: b.columns.time,
            number: true,
            cell: ({ startedAt, finishedAt }) =>
              `${formatCount(Math.round(startedAt))} – ${formatCount(Math.round(finishedAt))}`,
          },
          {
            key: "attempts",
            head: b.columns.attempts,
            number: true,
            cell: ({ attempts }) => formatCount(attempts),
          },
          {
            key: "waited",
            head: b.columns.readFrom,
            cell: ({ index }) =>
              sets === null
                ? ""
                : readFrom(sets, index)
                    .map((each) => formatCount(each.index))
                    .join(", ") || words.figure.none,
          },
          { key: "gas", head: b.columns.gas, number: true, cell: ({ gasUsed }) => formatCount(gasUsed) },
        ]}
      />
    </section>
  );
}

function Plain({ block }: { block: BlockHead }) {
  const { block: b } = words;
  if (block.transactions.length === 0) return null;
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{b.transactions}</h2>
      <ol className="flex list-decimal flex-col gap-1 pl-6">
        {block.transactions.slice(0, ROWS).map((hash) => (
          <li key={hash}>
            <HashLink hash={hash} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function Facts({ block }: { block: BlockHead }) {
  const { facts } = words.block;
  return (
    <section className="flex flex-col gap-3">
      <h2 className="text-title font-semibold">{words.block.factsTitle}</h2>
      <dl className="grid gap-x-10 gap-y-3 sm:grid-cols-2">
        <Fact term={facts.hash}>
          <Address value={block.hash} />
        </Fact>
        <Fact term={facts.parent}>
          <Address value={block.parentHash} />
        </Fact>
        <Fact term={facts.gas}>{`${formatCount(block.gasUsed)} / ${formatCount(block.gasLimit)}`}</Fact>
        {block.baseFeePerGas !== null && (
          <Fact term={facts.baseFee}>
            {block.baseFeePerGas < WEI_ALONE
              ? `${formatCount(block.baseFeePerGas)} wei`
              : `${formatAmount(block.baseFeePerGas, 9)} gwei`}
          </Fact>
        )}
        <Fact term={facts.miner}>
          <Address value={block.miner} />
        </Fact>
      </dl>
    </section>
  );
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-small text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
