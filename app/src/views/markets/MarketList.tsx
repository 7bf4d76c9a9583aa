// Markets to be compared: a table where there is room, cards on a phone.

import type { Market } from "../../lib/chain/markets.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { formatAmount, formatPercent, formatPrice } from "../../lib/format.ts";
import { borrowableNow, navStatusOf, usdValueOf } from "../../lib/market-figures.ts";
import { Empty } from "../../parts/Empty.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";

type Props = { markets: readonly Market[] | undefined; at: At | undefined };

export function MarketList({ markets, at }: Props) {
  const { columns: heads, title, perYear, empty, emptyAdvice } = words.markets;
  if (markets === undefined) {
    return (
      <div className="flex flex-col gap-2">
        {Array.from({ length: 5 }, (_, i) => (
          <Skeleton key={i} className="h-14 w-full" />
        ))}
      </div>
    );
  }
  if (markets.length === 0) return <Empty title={empty}>{emptyAdvice}</Empty>;
  const { formulas } = words.market;
  const head = (label: string, formula: string, unit?: string) => (
    <span className="inline-flex items-center gap-1">
      {label}
      {unit !== undefined && `, ${unit}`}
      <SourceButton label={label} source={{ at, formula }} />
    </span>
  );
  const columns: Column<Market>[] = [
    { key: "market", head: heads.market, cell: (market) => <Name market={market} /> },
    {
      key: "borrow",
      head: head(heads.borrow, formulas.borrowRate, perYear),
      number: true,
      cell: ({ view }) => <strong className="text-lead">{formatPercent(view.ratePerYear)}</strong>,
    },
    { key: "supply", head: head(heads.supply, formulas.supplyRate, perYear), number: true, cell: supplyRate },
    { key: "available", head: head(heads.available, formulas.available), number: true, cell: available },
    { key: "lent", head: head(heads.lent, formulas.lent), number: true, cell: lent },
    {
      key: "collateral",
      head: head(heads.collateral, formulas.collateral, "USD"),
      number: true,
      cell: collateral,
    },
    {
      key: "maxLtv",
      head: heads.maxLtv,
      number: true,
      cell: ({ view }) => formatPercent(view.parameters.maxLtv, 0),
    },
  ];
  return (
    <>
      <div className="hidden lg:block">
        <Table caption={title} columns={columns} rows={markets} rowKey={({ record }) => record.key} />
      </div>
      <ul className="flex flex-col lg:hidden">
        {markets.map((market) => (
          <li key={market.record.key} className="border-t border-line py-4">
            <Name market={market} />
            <dl className="mt-3 grid grid-cols-2 gap-x-6 gap-y-3">
              <Pair term={`${heads.borrow}, ${perYear}`}>
                <strong className="text-title">{formatPercent(market.view.ratePerYear)}</strong>
              </Pair>
              <Pair term={`${heads.supply}, ${perYear}`}>{supplyRate(market)}</Pair>
              <Pair term={heads.available}>{available(market)}</Pair>
              <Pair term={heads.maxLtv}>
                {formatPercent(market.view.parameters.maxLtv, 0)} {words.market.ofValue}
              </Pair>
            </dl>
          </li>
        ))}
      </ul>
    </>
  );
}

function Name({ market: { record, view, collateral: token } }: { market: Market }) {
  const status = navStatusOf(view.nav);
  return (
    <div className="flex flex-col items-start gap-1">
      <PageLink
        href={`/markets/${record.key}`}
        className="text-lead font-semibold underline-offset-4 hover:text-water hover:underline"
      >
        {record.title}
      </PageLink>
      <span className="flex flex-wrap items-center gap-2 text-small text-muted">
        {token.symbol}
        {status !== "missing" &&
          ` ${words.markets.columns.nav} ${formatPrice(view.nav.liquidationNav, view.nav.decimals)}`}
        {view.newDebtPaused && <Tag tone="risk">{words.market.pausedShort}</Tag>}
        {status !== "fresh" && (
          <Tag tone={status === "missing" ? "plain" : "risk"}>{words.market.status[status]}</Tag>
        )}
      </span>
    </div>
  );
}

function supplyRate({ view }: Market) {
  return view.pool.ok ? (
    formatPercent(view.pool.supplyRatePerYear)
  ) : (
    <span className="text-small text-muted" title={words.markets.noSupply}>
      {words.markets.minted}
    </span>
  );
}

function available({ view, loan }: Market) {
  return <Amount value={borrowableNow(view)} decimals={loan.decimals} unit={loan.symbol} />;
}

function lent({ view, loan }: Market) {
  return <Amount value={view.totalDebt} decimals={loan.decimals} unit={loan.symbol} />;
}

function collateral({ view, collateral: token }: Market) {
  const { nav, totalCollateral } = view;
  const value = usdValueOf(totalCollateral, token.decimals, nav.liquidationNav, nav.decimals);
  return formatAmount(value, 18, { compact: "short", digits: 0 });
}

function Amount({ value, decimals, unit }: { value: bigint; decimals: number; unit: string }) {
  return (
    <>
      {formatAmount(value, decimals, { compact: "short", digits: 0 })}{" "}
      <span className="text-small text-muted">{unit}</span>
    </>
  );
}

function Pair({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-small text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
