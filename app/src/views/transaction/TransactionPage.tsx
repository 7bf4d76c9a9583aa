"use client";
// Answers: what did this transaction do, or why did it fail, and did it have to wait for others?
import { formatEther, type Hash, isHash } from "viem";
import { argumentFormat } from "../../lib/argument-format.ts";
import { useRun } from "../../lib/chain/blocks.ts";
import { useChainTime } from "../../lib/chain/head.ts";
import { type FoundTransaction, useFailure, useTransaction } from "../../lib/chain/transaction.ts";
import { type Described, describeCall, describeLog, type Names, summaryOf } from "../../lib/describe.ts";
import { formatAmount, formatCount } from "../../lib/format.ts";
import { useContracts, useNames } from "../../lib/names.ts";
import { Address } from "../../parts/Address.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { Execution } from "./Execution.tsx";

export function TransactionPage({ hash }: { hash: string }) {
  const valid = isHash(hash) ? (hash.toLowerCase() as Hash) : undefined;
  const query = useTransaction(valid);
  const { transaction: t } = words;
  if (valid === undefined || query.data?.value === null) {
    return (
      <div className="page flex flex-col gap-4 pt-10 sm:pt-14">
        <h1 className="text-figure font-semibold tracking-tight">{t.missing}</h1>
        <p className="max-w-prose text-muted">{t.missingAdvice}</p>
        {valid !== undefined && (
          <p>
            <PageLink className="text-water underline underline-offset-4" href={`/blocks/${valid}`}>
              {t.tryBlock}
            </PageLink>
          </p>
        )}
      </div>
    );
  }
  const found = query.data?.value;
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      {query.isError && found === undefined ? (
        <>
          <h1 className="text-figure font-semibold">{t.page}</h1>
          <ErrorBox detail={query.error.message} onRetry={() => void query.refetch()} />
        </>
      ) : (
        <>
          <Head hash={valid} found={found} />
          {found !== undefined && <Parallel found={found} />}
          {found !== undefined && <Details found={found} />}
        </>
      )}
    </div>
  );
}

function useDescribed(found: FoundTransaction | undefined) {
  const { names, error } = useNames();
  if (found === undefined || names === undefined) return { error };
  return {
    error,
    call: describeCall(names, found.transaction),
    logs: (found.receipt?.logs ?? []).map((log) => describeLog(names, log)),
  };
}

function Head({ hash, found }: { hash: Hash; found: FoundTransaction | undefined }) {
  const { transaction: t, transactions } = words;
  const now = useChainTime();
  const { names } = useNames();
  const { call, logs, error } = useDescribed(found);
  const failure = useFailure(found?.receipt, {
    format: names && formatFor(names, found?.transaction.to),
    known: names !== undefined || error !== null,
  });
  const status = found && (found.receipt === undefined ? "pending" : found.receipt.status);
  const said =
    status === "reverted"
      ? failure.data && t.failed(failure.data.words)
      : ((logs && (summaryOf(logs) ?? call?.words ?? (call && calledText(call)))) ??
        (error === null ? undefined : t.undecoded));
  const receipt = found?.receipt;
  return (
    <header className="flex flex-col gap-6">
      <div className="flex flex-col gap-3">
        <p className="flex flex-wrap items-center gap-3 text-small text-muted">
          {status === "success" && <Tag tone="reed">{transactions.status.confirmed}</Tag>}
          {status === "reverted" && <Tag tone="risk">{transactions.status.failed}</Tag>}
          {status === "pending" && <Tag tone="water">{transactions.status.pending}</Tag>}
          <span>
            {t.page} <Address value={hash} />
          </span>
        </p>
        <h1 className="max-w-4xl text-figure font-semibold tracking-tight">
          {said ?? <Skeleton className="h-9 w-full max-w-xl" />}
        </h1>
        {failure.data?.detail !== undefined && (
          <p className="font-mono text-small break-words text-muted">{failure.data.detail}</p>
        )}
        {found?.block !== undefined && (
          <p className="flex flex-wrap gap-x-4 text-muted">
            <PageLink
              className="text-water underline underline-offset-4"
              href={`/blocks/${found.block.number}`}
            >
              {words.block.title(formatCount(found.block.number))}
            </PageLink>
            <Time at={found.block.timestamp} now={now} />
          </p>
        )}
      </div>
      <div className="flex flex-wrap gap-x-14 gap-y-5">
        <Figure
          size="small"
          label={t.fee}
          value={
            found === undefined
              ? undefined
              : receipt === undefined
                ? null
                : formatAmount(receipt.gasUsed * receipt.effectiveGasPrice, 18)
          }
          unit="ETH"
          source={{ at: found?.block, formula: t.formulas.fee }}
        />
        <Figure
          size="small"
          label={t.gas}
          value={
            found === undefined ? undefined : receipt === undefined ? null : formatCount(receipt.gasUsed)
          }
          {...(found && { unit: t.ofLimit(formatCount(found.transaction.gas)) })}
          source={{ at: found?.block, formula: t.formulas.gas }}
        />
      </div>
    </header>
  );
}

/** Units for what a market's contract refused with. */
function formatFor({ contracts, units }: Names, to: string | null | undefined) {
  const key = contracts.get(to?.toLowerCase() ?? "")?.market?.key;
  const unit = key === undefined ? undefined : units.get(key);
  return unit && argumentFormat(unit);
}

function calledText({ name, contract }: Described): string {
  const { transaction: t } = words;
  if (contract === "") return t.created;
  return name === undefined ? t.calledUnknown(contract) : t.called(name, contract);
}

function Parallel({ found: { receipt } }: { found: FoundTransaction }) {
  const block = receipt && { hash: receipt.blockHash, number: receipt.blockNumber };
  const run = useRun(block);
  if (receipt === undefined || block === undefined) return null;
  const { execution } = words.transaction;
  return (
    <section className="flex flex-col gap-5">
      <h2 className="text-title font-semibold">{execution.title}</h2>
      {run.isError && run.data === undefined ? (
        <ErrorBox detail={run.error.message} onRetry={() => void run.refetch()} />
      ) : run.data === undefined ? (
        <Skeleton className="h-32 w-full" />
      ) : run.data.run === null ? (
        <p className="max-w-prose text-muted">{words.block.noReport}</p>
      ) : (
        <Execution run={run.data.run} sets={run.data.sets} index={receipt.transactionIndex} block={block} />
      )}
    </section>
  );
}

function Details({ found }: { found: FoundTransaction }) {
  const { transaction: t } = words;
  const { transaction } = found;
  const contracts = useContracts();
  const { call, logs } = useDescribed(found);
  const nameOf = (address: string) => {
    const name = contracts.get(address.toLowerCase())?.name;
    return name === undefined ? {} : { name };
  };
  return (
    <>
      <section className="flex flex-col gap-4">
        <h2 className="text-title font-semibold">{t.callTitle}</h2>
        <dl className="grid gap-x-10 gap-y-3 sm:grid-cols-2">
          <Fact term={t.from}>
            <Address value={transaction.from} {...nameOf(transaction.from)} />
          </Fact>
          <Fact term={t.to}>
            {transaction.to === null ? (
              t.created
            ) : (
              <Address value={transaction.to} {...nameOf(transaction.to)} />
            )}
          </Fact>
          {transaction.value > 0n && <Fact term={t.value}>{`${formatEther(transaction.value)} ETH`}</Fact>}
          <Fact term={t.nonce}>{formatCount(transaction.nonce)}</Fact>
          {call?.name !== undefined && <Fact term={t.function}>{call.name}</Fact>}
        </dl>
        {call !== undefined && call.args.length > 0 && <Arguments args={call.args} />}
        {transaction.input !== "0x" && (
          <details className="text-small text-muted">
            <summary>{t.calldata}</summary>
            <p className="mt-1 max-h-60 overflow-y-auto font-mono break-all">{transaction.input}</p>
          </details>
        )}
      </section>
      {logs !== undefined && found.receipt !== undefined && (
        <section className="flex flex-col gap-4">
          <h2 className="text-title font-semibold">{t.events}</h2>
          {logs.length === 0 && <p className="text-muted">{t.noEvents}</p>}
          <ol className="flex flex-col">
            {logs.map((log, i) => (
              <li
                key={found.receipt?.logs[i]?.logIndex ?? i}
                className="flex flex-col gap-2 border-t border-line py-3"
              >
                <p className="flex flex-wrap items-baseline justify-between gap-x-6">
                  <span className="font-medium">{log.words ?? log.name ?? t.unknownEvent}</span>
                  <span className="text-small text-muted">
                    {log.contract}
                    {log.name !== undefined && `, ${log.name}`}
                  </span>
                </p>
                {log.name === "Liquidated" && (
                  <PageLink
                    className="self-start text-water underline underline-offset-4"
                    href={`/liquidations/${transaction.hash}/${found.receipt?.logs[i]?.logIndex}`}
                  >
                    {t.receipt}
                  </PageLink>
                )}
                {log.args.length > 0 && (
                  <details className="text-small text-muted">
                    <summary>{t.arguments}</summary>
                    <div className="mt-2">
                      <Arguments args={log.args} />
                    </div>
                  </details>
                )}
              </li>
            ))}
          </ol>
        </section>
      )}
    </>
  );
}

function Arguments({ args }: { args: Described["args"] }) {
  return (
    <dl className="grid max-w-3xl grid-cols-[minmax(7rem,auto)_minmax(0,1fr)] gap-x-6 gap-y-1 text-small">
      {args.map(({ name, text }, i) => (
        <div key={name || i} className="contents">
          <dt className="text-muted">{name || formatCount(i)}</dt>
          <dd className="break-words">{text}</dd>
        </div>
      ))}
    </dl>
  );
}

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-small text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
