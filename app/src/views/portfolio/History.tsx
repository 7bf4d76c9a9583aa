"use client";
// What the account did, newest first, and all of it as a file.
import { useState } from "react";
import type { Address } from "viem";
import { type HistoryEntry, useHistory } from "../../lib/chain/history.ts";
import type { Market, Token } from "../../lib/chain/markets.ts";
import { formatAmount, toDecimal } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Table } from "../../parts/Table.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { toCsv } from "./csv.ts";

type Props = { account: Address; markets: readonly Market[]; tokens: ReadonlyMap<string, Token> };

type Row = HistoryEntry & { where: string; token: Token | undefined; otherToken: Token | undefined };

/** Shown before more is asked for. */
const SHOWN = 12;

export function History({ account, markets, tokens }: Props) {
  const { data, error, refetch } = useHistory(account);
  const record = useRecord();
  const [all, setAll] = useState(false);
  const { history: h } = words.portfolio;
  const rows = data?.value.map((entry) => rowOf(entry, markets, tokens, record)) ?? [];

  const download = () => {
    const file = new Blob([csvOf(rows)], { type: "text/csv;charset=utf-8" });
    const url = URL.createObjectURL(file);
    const link = document.createElement("a");
    link.href = url;
    link.download = `polder-${account.slice(2, 8).toLowerCase()}.csv`;
    link.click();
    URL.revokeObjectURL(url);
  };

  return (
    <section className="flex flex-col gap-4">
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-2">
        <h2 className="text-title font-semibold">{h.title}</h2>
        {rows.length > 0 && (
          <Button small look="secondary" onClick={download}>
            {h.csv}
          </Button>
        )}
      </div>
      {error && data === undefined ? (
        <ErrorBox detail={error.message} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : rows.length === 0 ? (
        <Empty title={h.none}>{h.noneAdvice}</Empty>
      ) : (
        <>
          <Table
            list
            caption={h.title}
            rows={all ? rows : rows.slice(0, SHOWN)}
            rowKey={({ hash, index }) => `${hash}-${index}`}
            columns={[
              {
                key: "what",
                head: h.what,
                cell: ({ kind, hash, index }) =>
                  kind === "liquidated" ? (
                    // Explained there: from what NAV, at which bonus, what is left.
                    <PageLink
                      href={`/liquidations/${hash}/${index}`}
                      className="text-water underline underline-offset-2"
                    >
                      {h.kinds[kind]}
                    </PageLink>
                  ) : (
                    h.kinds[kind]
                  ),
              },
              { key: "where", head: h.where, cell: ({ where }) => where },
              { key: "amount", head: h.amount, number: true, cell: (row) => amountOf(row.amount, row.token) },
              {
                key: "other",
                head: h.other,
                number: true,
                cell: (row) => (row.other === undefined ? "" : amountOf(row.other, row.otherToken)),
              },
              {
                key: "time",
                head: h.when,
                number: true,
                cell: ({ hash, time }) => (
                  <PageLink href={`/tx/${hash}`} className="text-water underline underline-offset-2">
                    <Time at={time} />
                  </PageLink>
                ),
              },
            ]}
          />
          {rows.length > SHOWN && (
            <div>
              <Button small look="quiet" onClick={() => setAll(!all)}>
                {all ? h.fewer : h.more(String(rows.length))}
              </Button>
            </div>
          )}
          <p className="text-small text-muted">{h.source}</p>
        </>
      )}
    </section>
  );
}

function amountOf(value: bigint, token: Token | undefined): string {
  return token === undefined ? String(value) : `${formatAmount(value, token.decimals)} ${token.symbol}`;
}

function rowOf(
  entry: HistoryEntry,
  markets: readonly Market[],
  tokens: ReadonlyMap<string, Token>,
  { shared, dollar }: ReturnType<typeof useRecord>,
): Row {
  const { portfolio: p } = words;
  const is = (address: string) => address.toLowerCase() === entry.contract.toLowerCase();
  const token = (address: string) => tokens.get(address.toLowerCase());
  const market = markets.find(({ record, view }) => is(record.market) || is(view.source));
  if (market !== undefined) {
    const shares = token(market.view.source);
    const { loan, collateral } = market;
    const ofCollateral = ["collateralAdded", "collateralRemoved", "seized"].includes(entry.kind);
    return {
      ...entry,
      where: market.record.title,
      token: ofCollateral ? collateral : loan,
      otherToken: entry.kind === "liquidated" ? collateral : shares,
    };
  }
  const [pusd, dollars] = [token(shared.stablecoin), token(dollar.token)];
  if (is(shared.peg)) {
    const inward = entry.kind === "swappedIn";
    return { ...entry, where: p.peg, token: inward ? dollars : pusd, otherToken: inward ? pusd : dollars };
  }
  const saved = is(shared.savings);
  const shares = token(saved ? shared.savings : shared.backstop);
  const ofShares = entry.kind === "exitRequested" || entry.kind === "exitCancelled";
  return {
    ...entry,
    where: saved ? p.savings : p.backstop,
    token: ofShares ? shares : pusd,
    otherToken: shares,
  };
}

function csvOf(rows: readonly Row[]): string {
  const { csvHeads, kinds } = words.portfolio.history;
  const plain = (value: bigint | undefined, token: Token | undefined) =>
    value === undefined ? "" : toDecimal(value, token?.decimals ?? 0);
  return toCsv([
    csvHeads,
    ...rows.map(({ time, kind, where, termsId, amount, token, other, otherToken, block, hash }) => [
      new Date(Number(time) * 1000).toISOString(),
      kinds[kind],
      where,
      termsId === undefined ? "" : String(termsId),
      plain(amount, token),
      token?.symbol ?? "",
      plain(other, otherToken),
      other === undefined ? "" : (otherToken?.symbol ?? ""),
      String(block),
      hash,
    ]),
  ]);
}
