"use client";
// Answers: what does a loan here cost, and how much is there? Actions stand beside the figures.
import { type Market, useMarket } from "../../lib/chain/markets.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { formatAmount, formatPercent, formatPrice, WAD } from "../../lib/format.ts";
import { borrowableNow, navStatusOf, usdValueOf } from "../../lib/market-figures.ts";
import { useMarketRecord } from "../../lib/settings.tsx";
import { Address } from "../../parts/Address.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Tabs } from "../../parts/Tabs.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";
import { Actions } from "./Actions.tsx";
import { Documents } from "./Documents.tsx";
import { Lanes } from "./Lanes.tsx";
import { NavChart } from "./NavChart.tsx";
import { RateCharts } from "./RateCharts.tsx";
import { RiskTable } from "./RiskTable.tsx";
import { Terms } from "./Terms.tsx";

export function MarketPage({ marketKey }: { marketKey: string }) {
  const record = useMarketRecord(marketKey);
  const { market, at, isError, error, isPending, refetch } = useMarket(marketKey);
  const failed = market === undefined && (isError || !isPending);
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <header className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-figure font-semibold tracking-tight">{record.title}</h1>
          {market !== undefined && <Status market={market} />}
        </div>
        {market !== undefined && (
          <p className="flex flex-wrap items-baseline gap-x-4 gap-y-1 text-muted">
            <Address
              value={record.collateral}
              name={`${market.collateral.name} (${market.collateral.symbol})`}
            />
            <span>{market.view.pool.ok ? words.market.pool(market.loan.symbol) : words.market.facility}</span>
          </p>
        )}
      </header>
      {failed ? (
        <ErrorBox detail={error?.message} onRetry={() => void refetch()} />
      ) : (
        <>
          <Headline market={market} at={at} />
          {market !== undefined && <Stops market={market} />}
          <div className="grid gap-12 lg:grid-cols-[minmax(0,1fr)_auto]">
            {market !== undefined && <Actions market={market} />}
            <Tabs
              label={record.title}
              tabs={[
                {
                  key: "state",
                  label: words.market.tabs.overview,
                  content: <State market={market} at={at} />,
                },
                { key: "terms", label: words.market.tabs.terms, content: <Terms record={record} /> },
                {
                  key: "documents",
                  label: words.market.tabs.documents,
                  content: <Documents record={record} />,
                },
                {
                  key: "risk",
                  label: words.market.tabs.risk,
                  content: market && <RiskTable market={market} />,
                },
                { key: "lanes", label: words.market.tabs.lanes, content: <Lanes record={record} /> },
              ]}
            />
          </div>
        </>
      )}
    </div>
  );
}

type Part = { market: Market | undefined; at: At | undefined };

function Headline({ market, at }: Part) {
  const { market: m } = words;
  const view = market?.view;
  return (
    <div className="flex flex-wrap gap-x-14 gap-y-6">
      <Figure
        size="hero"
        label={m.borrowRate}
        value={view && formatPercent(view.ratePerYear)}
        unit={m.perYear}
        source={{ at, formula: m.formulas.borrowRate }}
      />
      <Figure
        size="hero"
        label={m.available}
        value={
          market &&
          formatAmount(borrowableNow(market.view), market.loan.decimals, { compact: "short", digits: 0 })
        }
        unit={market?.loan.symbol}
        source={{ at, navDate: view?.nav.navDate, formula: m.formulas.available }}
      />
      {(view === undefined || view.pool.ok) && (
        <Figure
          size="hero"
          label={m.supplyRate}
          value={view && formatPercent(view.pool.supplyRatePerYear)}
          unit={m.perYear}
          source={{ at, formula: m.formulas.supplyRate }}
        />
      )}
    </div>
  );
}

function Status({ market }: { market: Market }) {
  const status = navStatusOf(market.view.nav);
  const tone = status === "fresh" ? "reed" : status === "missing" ? "plain" : "risk";
  return <Tag tone={tone}>{words.market.status[status]}</Tag>;
}

/** What stops something in this market now. */
function Stops({ market: { view } }: { market: Market }) {
  const { nav } = view;
  const all = [
    nav.pendingNav > 0n &&
      nav.pendingNav < nav.liquidationNav &&
      words.market.pendingNav(formatPrice(nav.pendingNav, nav.decimals)),
    view.newDebtPaused && words.market.paused,
    view.lossNotCovered && words.market.lossNotCovered,
    view.collateralPaused && words.market.collateralPaused,
  ].filter((each) => each !== false);
  if (all.length === 0) return null;
  return (
    <ul className="flex flex-col gap-1 border-l-4 border-risk bg-risk-soft px-5 py-3">
      {all.map((text) => (
        <li key={text}>{text}</li>
      ))}
    </ul>
  );
}

function State({ market, at }: Part) {
  const { market: m } = words;
  const view = market?.view;
  const amount = (value: bigint) =>
    market && formatAmount(value, market.loan.decimals, { compact: "short", digits: 0 });
  return (
    <div className="flex flex-col gap-12">
      <div className="grid grid-cols-2 gap-x-10 gap-y-8 md:grid-cols-3">
        <Figure
          label={m.lent}
          value={view && amount(view.totalDebt)}
          unit={market?.loan.symbol}
          source={{ at, formula: m.formulas.lent }}
        />
        <Figure
          label={m.collateral}
          value={
            market &&
            formatAmount(
              usdValueOf(
                market.view.totalCollateral,
                market.collateral.decimals,
                market.view.nav.liquidationNav,
                market.view.nav.decimals,
              ),
              18,
              { compact: "short", digits: 0 },
            )
          }
          unit="USD"
          source={{ at, navDate: view?.nav.navDate, formula: m.formulas.collateral }}
          note={
            market &&
            `${formatAmount(market.view.totalCollateral, market.collateral.decimals, { compact: "short", digits: 0 })} ${market.collateral.symbol}`
          }
        />
        <Figure
          label={m.utilisation}
          value={view && formatPercent(view.utilisation, 1)}
          source={{ at, formula: m.formulas.utilisation }}
        />
        <Figure
          label={m.nav}
          value={
            view &&
            (navStatusOf(view.nav) !== "missing"
              ? formatPrice(view.nav.liquidationNav, view.nav.decimals)
              : null)
          }
          unit={market && `per ${market.collateral.symbol}`}
          source={{ at, navDate: view?.nav.navDate, formula: m.formulas.nav }}
        />
        <Figure
          label={m.maxLtv}
          value={view && formatPercent(view.parameters.maxLtv, 0)}
          note={view && `${m.lltv} ${formatPercent(view.parameters.liquidation.lltv, 0)}`}
        />
        <Figure
          label={m.cap}
          value={view && amount((view.debtCap * view.borrowIndex) / WAD)}
          unit={market?.loan.symbol}
          source={{ at, formula: m.formulas.cap }}
        />
      </div>
      {market !== undefined && <NavChart market={market} />}
      {market !== undefined && <RateCharts market={market} />}
    </div>
  );
}
