"use client";
// Answers: who decides for whom?
import { useState } from "react";
import { useConnection } from "wagmi";
import { DelegateForm } from "../../features/delegate/DelegateForm.tsx";
import { SendSignature } from "../../features/delegate/SendSignature.tsx";
import { type Delegate, type Governance, useDelegates } from "../../lib/chain/governance.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { formatAmount, formatPercent, shortHex, toNumber } from "../../lib/format.ts";
import { Address } from "../../parts/Address.tsx";
import { Chart } from "../../parts/Chart.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Strips } from "../../parts/Strips.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";
import { Back, Governed, Waiting } from "../governance/Governed.tsx";
import { pointsOf, shareOf, totalVotes } from "./power.ts";

const PLDR = 18; // decimals

export function DelegatesPage() {
  return (
    <Governed title={words.delegates.title}>{(governance) => <Delegates governance={governance} />}</Governed>
  );
}

function Delegates({ governance }: { governance: Governance }) {
  const { data, error, refetch } = useDelegates(governance);
  const w = words.delegates;
  const delegates = data?.value.delegates;
  const total = totalVotes(delegates ?? []);
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <header className="flex flex-col gap-4">
        <Back />
        <h1 className="max-w-4xl text-hero font-semibold tracking-tight">
          {delegates === undefined ? (
            error === null ? (
              <Skeleton className="h-[1.1em] w-full max-w-2xl" />
            ) : (
              w.title
            )
          ) : delegates.length === 0 ? (
            w.none
          ) : (
            w.headline(delegates.length, formatAmount(total, PLDR, { compact: "words" }))
          )}
        </h1>
        <p className="max-w-prose text-lead text-muted">{w.lead}</p>
      </header>
      <div className="grid gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-12">
          {error !== null && data === undefined ? (
            <ErrorBox detail={error.message} onRetry={() => void refetch()} />
          ) : data === undefined ? (
            <Waiting />
          ) : data.value.delegates.length === 0 ? (
            <Empty title={w.none}>{w.noneAdvice}</Empty>
          ) : (
            <>
              <List delegates={data.value.delegates} total={total} at={data.at} />
              <Power delegates={data.value.delegates} times={data.value.times} at={data.at} />
            </>
          )}
        </div>
        <aside className="flex min-w-0 flex-col gap-12">
          <DelegateForm governance={governance} />
          <SendSignature governance={governance} />
        </aside>
      </div>
    </div>
  );
}

type ListProps = { delegates: readonly Delegate[]; total: bigint; at: At };

/** How many of those who delegate are named. */
const NAMED = 3;

function List({ delegates, total, at }: ListProps) {
  const { address } = useConnection();
  const w = words.delegates;
  const head = (label: string, formula: string) => (
    <span className="inline-flex items-center gap-1">
      {label}
      <SourceButton label={label} source={{ at, formula }} />
    </span>
  );
  const amount = (value: bigint) => formatAmount(value, PLDR, { digits: 0 });
  const columns: Column<Delegate>[] = [
    {
      key: "delegate",
      head: w.columns.delegate,
      cell: ({ account }) => (
        <span className="inline-flex items-center gap-2">
          <Address value={account} />
          {account.toLowerCase() === address?.toLowerCase() && <Tag tone="water">{w.you}</Tag>}
        </span>
      ),
    },
    {
      key: "votes",
      label: w.columns.votes,
      head: head(w.columns.votes, w.formulas.votes),
      number: true,
      cell: ({ votes }) => <strong className="font-semibold">{amount(votes)}</strong>,
    },
    {
      key: "share",
      label: w.columns.share,
      head: head(w.columns.share, w.formulas.share),
      number: true,
      cell: (delegate) => formatPercent(shareOf(delegate, total)),
    },
    {
      key: "from",
      head: w.columns.from,
      cell: ({ account, delegators }) => (
        <span className="flex flex-wrap gap-x-3">
          {delegators
            .slice(0, NAMED)
            .map((each) =>
              each.toLowerCase() === account.toLowerCase() ? (
                <span key={each}>{w.itself}</span>
              ) : (
                <Address key={each} value={each} />
              ),
            )}
          {delegators.length > NAMED && (
            <span className="text-small text-muted" title={delegators.slice(NAMED).join(", ")}>
              {w.others(delegators.length - NAMED)}
            </span>
          )}
        </span>
      ),
    },
    {
      key: "balance",
      label: w.columns.balance,
      head: head(w.columns.balance, w.formulas.balance),
      number: true,
      cell: ({ balance }) => amount(balance),
    },
  ];
  const most = delegates[0]?.votes ?? 0n;
  return (
    <section className="flex flex-col gap-5">
      <h2 className="text-title font-semibold">{w.list}</h2>
      <Strips
        label={w.headline(delegates.length, formatAmount(total, PLDR, { compact: "words" }))}
        strips={delegates.map(({ account, votes }) => ({
          share: most === 0n ? 0 : Number((votes * 1_000n) / most) / 1_000,
          title: `${account}: ${amount(votes)} PLDR`,
        }))}
      />
      <Table list caption={w.list} columns={columns} rows={delegates} rowKey={({ account }) => account} />
    </section>
  );
}

type PowerProps = { delegates: readonly Delegate[]; times: ReadonlyMap<bigint, bigint>; at: At };

function Power({ delegates, times, at }: PowerProps) {
  const [chosen, setChosen] = useState<string>();
  const w = words.delegates;
  const delegate = delegates.find(({ account }) => account === chosen) ?? delegates[0];
  if (delegate === undefined) return null;
  return (
    <section className="flex flex-col gap-5">
      <h2 className="text-title font-semibold">{w.power}</h2>
      <label className="flex max-w-sm flex-col gap-1.5 text-small font-medium">
        {w.whose}
        <select
          value={delegate.account}
          onChange={(event) => setChosen(event.target.value)}
          className="min-h-10 rounded-md border border-line-strong bg-paper px-3 font-mono text-small font-normal"
        >
          {delegates.map(({ account }) => (
            <option key={account} value={account}>
              {shortHex(account)}
            </option>
          ))}
        </select>
      </label>
      <Chart
        label={shortHex(delegate.account)}
        axis={w.axis}
        points={pointsOf(delegate, times).map(({ time, votes }) => ({
          time: Number(time),
          value: toNumber(votes, PLDR) / 1e6,
        }))}
        format={(value) => value.toFixed(2)}
        steps
        until={Number(at.timestamp)}
      />
    </section>
  );
}
