"use client";
// Answers: how parallel is the chain? By the newest block that had something to do, then block by block.
import { useRouter } from "next/navigation";
import { useState } from "react";
import { type ListedBlock, useBlocks } from "../../lib/chain/blocks.ts";
import { useChainTime } from "../../lib/chain/head.ts";
import { formatCount, formatPercent } from "../../lib/format.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { parseBlockId } from "../block/parallel.ts";
import { Workers } from "../block/Workers.tsx";

const COUNT = 25;

export function Blocks({ before }: { before: string | undefined }) {
  const parsed = before === undefined ? undefined : parseBlockId(before);
  const upTo = typeof parsed === "bigint" ? parsed : undefined;
  const { data, error, isError, refetch } = useBlocks(COUNT, upTo);
  const now = useChainTime();
  const { blocks: b, block } = words;
  const list = data?.value;
  const busy = list?.find(({ transactions }) => transactions.length > 0);
  const oldest = list?.at(-1)?.number;
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <header className="flex flex-wrap items-end justify-between gap-x-10 gap-y-5">
        <div>
          <h1 className="text-figure font-semibold tracking-tight">{b.title}</h1>
          <p className="mt-1 max-w-prose text-muted">{b.lead}</p>
        </div>
        <Search />
      </header>
      {isError && list === undefined ? (
        <ErrorBox detail={error.message} onRetry={() => void refetch()} />
      ) : (
        <>
          {list !== undefined && busy === undefined ? (
            <Empty title={b.idle(formatCount(list.length))} />
          ) : busy !== undefined && busy.run === null ? (
            <p className="max-w-prose text-muted">{block.noReport}</p>
          ) : (
            <Headline block={busy} />
          )}
          {list === undefined ? (
            <Skeleton className="h-96 w-full" />
          ) : (
            <Table caption={b.title} rows={list} rowKey={({ hash }) => hash} columns={columnsOf(now)} />
          )}
          <nav aria-label={b.pages} className="flex gap-3">
            {upTo !== undefined && <ButtonLink href="/blocks">{b.newest}</ButtonLink>}
            {oldest !== undefined && oldest > 0n && (
              <ButtonLink href={`/blocks?before=${oldest - 1n}`}>{b.older}</ButtonLink>
            )}
          </nav>
        </>
      )}
    </div>
  );
}

function Headline({ block: found }: { block: ListedBlock | undefined }) {
  const { blocks: b, block } = words;
  const run = found?.run ?? undefined;
  const at = found && { number: found.number, timestamp: found.timestamp };
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap gap-x-14 gap-y-6">
        <Figure
          size="hero"
          label={b.newestParallelism}
          value={run && `${run.parallelism.toFixed(2)}×`}
          source={{ at, formula: block.formulas.parallelism }}
          {...(found && {
            note: (
              <PageLink className="text-water underline underline-offset-2" href={`/blocks/${found.number}`}>
                {block.title(formatCount(found.number))}
              </PageLink>
            ),
          })}
        />
        <Figure
          size="hero"
          label={block.chain}
          value={run && formatCount(run.chain.transactions.length)}
          {...(run && { unit: block.ofTransactions(formatCount(run.transactions.length)) })}
          source={{ at, formula: block.formulas.chain }}
        />
      </div>
      {run === undefined ? <Skeleton className="h-24 w-full" /> : <Workers run={run} />}
    </div>
  );
}

function columnsOf(now: bigint | undefined): Column<ListedBlock>[] {
  const { columns } = words.blocks;
  return [
    {
      key: "number",
      head: columns.number,
      cell: ({ number }) => (
        <PageLink
          className="font-semibold text-water underline underline-offset-2"
          href={`/blocks/${number}`}
        >
          {formatCount(number)}
        </PageLink>
      ),
    },
    {
      key: "transactions",
      head: columns.transactions,
      number: true,
      cell: ({ transactions }) => formatCount(transactions.length),
    },
    {
      key: "parallelism",
      head: columns.parallelism,
      number: true,
      cell: ({ run }) => (run === null ? words.figure.none : `${run.parallelism.toFixed(2)}×`),
    },
    {
      key: "chain",
      head: columns.chain,
      number: true,
      cell: ({ run }) => (run === null ? words.figure.none : formatCount(run.chain.transactions.length)),
    },
    {
      key: "again",
      head: columns.again,
      number: true,
      cell: ({ run }) => (run === null ? words.figure.none : formatCount(run.reExecutions)),
    },
    {
      key: "gas",
      head: columns.gas,
      number: true,
      cell: ({ gasUsed, gasLimit }) =>
        `${formatCount(gasUsed)} (${formatPercent(gasLimit === 0n ? 0n : (gasUsed * 10n ** 18n) / gasLimit, 1)})`,
    },
    { key: "time", head: columns.time, cell: ({ timestamp }) => <Time at={timestamp} now={now} /> },
  ];
}

/** Leads to a block by number or hash, or to a transaction by its hash; a hash may be either, so both are offered. */
function Search() {
  const router = useRouter();
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const { blocks: b } = words;
  const id = parseBlockId(text.trim());
  return (
    <form
      className="flex w-full max-w-md flex-col gap-1.5"
      onSubmit={(event) => {
        event.preventDefault();
        setWrong(id === undefined);
        if (id !== undefined) router.push(typeof id === "bigint" ? `/blocks/${id}` : `/tx/${id}`);
      }}
    >
      <label htmlFor="block-search" className="text-small font-medium">
        {b.search}
      </label>
      <div className="flex gap-2">
        <input
          id="block-search"
          value={text}
          spellCheck={false}
          autoComplete="off"
          aria-invalid={wrong}
          aria-describedby="block-search-about"
          onChange={(event) => {
            setText(event.target.value);
            setWrong(false);
          }}
          className="min-h-11 w-0 min-w-0 flex-1 rounded-md border border-line-strong bg-paper px-3 font-mono"
        />
        <Button type="submit" look="secondary">
          {b.go}
        </Button>
      </div>
      <p id="block-search-about" className="min-h-5 text-small text-muted">
        {wrong ? b.searchWrong : ""}
      </p>
    </form>
  );
}
