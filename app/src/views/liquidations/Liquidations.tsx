"use client";
// Answers: is anything being liquidated, and what was lost? What can be bought now, auctions that run, and what was.
import { useState } from "react";
import { LiquidateForm } from "../../features/liquidate/LiquidateForm.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import {
  type Liquidation,
  type Threatened,
  useLiquidations,
  useThreatened,
} from "../../lib/chain/liquidations.ts";
import { type Market, useMarkets } from "../../lib/chain/markets.ts";
import {
  formatAmount,
  formatCount,
  formatHealth,
  formatPercent,
  formatPrice,
  WAD,
} from "../../lib/format.ts";
import { bonusOf, pricePerToken } from "../../lib/liquidation.ts";
import { toUsd, USD_DECIMALS } from "../../lib/market-figures.ts";
import { Address } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";

/** As in `IMarket.Phase`. */
const WINDOW = 1;
const AUCTION = 2;
const ROWS = 50;

type InMarket<T> = T & { where: Market };

export function Liquidations() {
  const threatened = useThreatened();
  const past = useLiquidations();
  const markets = useMarkets();
  const { liquidations: l } = words;
  const all = [threatened, past, markets];
  const failed = all.find(({ data, isError }) => data === undefined && isError);
  const list = markets.data?.value;
  const now = threatened.data && list && inMarkets(threatened.data.value, list);
  const before = past.data && list && inMarkets(past.data.value, list);
  const below = now?.filter(({ health, priced }) => priced && health < WAD).length;
  const overdue = now?.filter((each) => each.overdue).length;
  const loss = list?.reduce((sum, { view, loan }) => sum + toUsd(view.totalLoss, loan.decimals), 0n);
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <header className="flex flex-col gap-2">
        <h1 className="text-figure font-semibold tracking-tight">{l.title}</h1>
        <p className="max-w-prose text-muted">{l.lead}</p>
      </header>
      {failed !== undefined ? (
        <ErrorBox
          {...(failed.error && { detail: failed.error.message })}
          onRetry={() => void Promise.all(all.map((each) => each.refetch()))}
        />
      ) : (
        <>
          <div className="flex flex-wrap gap-x-14 gap-y-6">
            <Figure
              size="hero"
              label={l.below}
              value={below === undefined ? undefined : formatCount(below)}
              risk={below !== undefined && below > 0}
              {...(overdue !== undefined && { note: l.overdue(formatCount(overdue)) })}
              source={{ at: threatened.data?.at, formula: l.formulas.below }}
            />
            <Figure
              size="hero"
              label={l.lost}
              value={
                loss === undefined
                  ? undefined
                  : `$${formatAmount(loss, USD_DECIMALS, { compact: "short", rounding: "ceil" })}`
              }
              source={{ at: markets.data?.at, formula: l.formulas.lost }}
              {...(before && { note: l.soFar(formatCount(before.length)) })}
            />
          </div>
          <section className="flex flex-col gap-4">
            <h2 className="text-title font-semibold">{l.nowTitle}</h2>
            {now === undefined ? <Skeleton className="h-32 w-full" /> : <Now positions={now} />}
          </section>
          <section className="flex flex-col gap-4">
            <h2 className="text-title font-semibold">{l.pastTitle}</h2>
            {before === undefined ? <Skeleton className="h-48 w-full" /> : <Past liquidations={before} />}
          </section>
        </>
      )}
    </div>
  );
}

function inMarkets<T extends { marketKey: string }>(
  all: readonly T[],
  markets: readonly Market[],
): InMarket<T>[] {
  return all.flatMap((each) => {
    const market = markets.find(({ record }) => record.key === each.marketKey);
    return market === undefined ? [] : [{ ...each, where: market }];
  });
}

const keyOf = ({ marketKey, owner, termsId }: Threatened) => `${marketKey}-${owner}-${termsId}`;

function Now({ positions }: { positions: readonly InMarket<Threatened>[] }) {
  const [open, setOpen] = useState<string | undefined>();
  const now = useChainTime();
  const { liquidations: l } = words;
  const chosen = positions.find((each) => keyOf(each) === open);
  if (positions.length === 0) return <Empty title={l.nothingNow}>{l.nothingNowAdvice}</Empty>;
  return (
    <>
      <Table
        list
        caption={l.nowTitle}
        rows={positions.slice(0, ROWS)}
        rowKey={(each) => keyOf(each)}
        columns={[
          { key: "market", head: l.columns.market, cell: ({ where }) => where.record.title },
          { key: "owner", head: l.columns.owner, cell: ({ owner }) => <Address value={owner} /> },
          {
            key: "health",
            head: words.health.label,
            number: true,
            cell: ({ health, priced }) => (
              <span className={priced && health < WAD ? "font-semibold text-risk" : undefined}>
                {priced ? (formatHealth(health) ?? words.health.none) : words.figure.none}
              </span>
            ),
          },
          {
            key: "debt",
            head: l.columns.debt,
            number: true,
            cell: ({ debt, where: { loan } }) =>
              `${formatAmount(debt, loan.decimals, { rounding: "ceil" })} ${loan.symbol}`,
          },
          {
            key: "collateral",
            head: l.columns.collateral,
            number: true,
            cell: ({ collateral, where }) =>
              `${formatAmount(collateral, where.collateral.decimals)} ${where.collateral.symbol}`,
          },
          {
            key: "state",
            head: l.columns.state,
            cell: (position) => <State position={position} now={now} />,
          },
          {
            key: "price",
            head: l.columns.price,
            number: true,
            cell: ({ liquidatable, quote, where: { view } }) =>
              liquidatable
                ? formatPrice(pricePerToken(view.nav.liquidationNav, quote.markup), view.nav.decimals)
                : words.figure.none,
          },
          {
            key: "act",
            head: <span className="sr-only">{l.columns.act}</span>,
            cell: (position) => (
              <Button small onClick={() => setOpen(keyOf(position))}>
                {position.phase === AUCTION ? l.bid : l.see}
              </Button>
            ),
          },
        ]}
      />
      {chosen !== undefined && (
        <Dialog
          open
          onOpenChange={(shown) => {
            if (!shown) setOpen(undefined);
          }}
          title={l.positionIn(chosen.where.record.title)}
          description={l.positionOf(chosen.owner)}
        >
          <LiquidateForm
            key={keyOf(chosen)}
            position={chosen}
            market={chosen.where}
            onDone={() => setOpen(undefined)}
          />
        </Dialog>
      )}
    </>
  );
}

function State({ position, now }: { position: Threatened; now: bigint | undefined }) {
  const { liquidations: l } = words;
  const { phase, phaseUntil, overdue, coolOffUntil } = position;
  return (
    <span className="flex flex-col items-start gap-1">
      <span className="flex flex-wrap gap-1">
        {overdue && <Tag tone="risk">{l.states.overdue}</Tag>}
        {phase === WINDOW && <Tag tone="water">{l.states.window}</Tag>}
        {phase === AUCTION && <Tag tone="water">{l.states.auction}</Tag>}
        {phase === 3 && <Tag tone="water">{l.states.workout}</Tag>}
        {phase === 0 && !overdue && <Tag tone="risk">{l.states.unhealthy}</Tag>}
      </span>
      {(phase === WINDOW || phase === AUCTION) && (
        <span className="text-small text-muted">
          {l.until} <Time at={phaseUntil} now={now} />
        </span>
      )}
      {now !== undefined && coolOffUntil > now && (
        <span className="text-small text-muted">
          {l.coolOff} <Time at={coolOffUntil} />
        </span>
      )}
    </span>
  );
}

function Past({ liquidations }: { liquidations: readonly InMarket<Liquidation>[] }) {
  const { liquidations: l } = words;
  if (liquidations.length === 0) return <Empty title={l.nothingPast}>{l.nothingPastAdvice}</Empty>;
  return (
    <>
      {liquidations.length > ROWS && (
        <p className="text-muted">
          {words.block.listed(formatCount(ROWS), formatCount(liquidations.length))}
        </p>
      )}
      <Table
        list
        caption={l.pastTitle}
        rows={liquidations.slice(0, ROWS)}
        rowKey={({ hash, logIndex }) => `${hash}${logIndex}`}
        columns={[
          { key: "time", head: l.columns.time, cell: ({ timestamp }) => <Time at={timestamp} /> },
          { key: "market", head: l.columns.market, cell: ({ where }) => where.record.title },
          { key: "owner", head: l.columns.owner, cell: ({ owner }) => <Address value={owner} /> },
          {
            key: "sold",
            head: l.columns.sold,
            number: true,
            cell: ({ seized, where: { collateral } }) =>
              `${formatAmount(seized, collateral.decimals)} ${collateral.symbol}`,
          },
          {
            key: "repaid",
            head: l.columns.repaid,
            number: true,
            cell: ({ repaid, where: { loan } }) => `${formatAmount(repaid, loan.decimals)} ${loan.symbol}`,
          },
          {
            key: "bonus",
            head: l.columns.bonus,
            number: true,
            cell: ({ markup }) => formatPercent(bonusOf(markup)),
          },
          {
            key: "loss",
            head: l.columns.loss,
            number: true,
            cell: ({ loss, where: { loan } }) =>
              loss === 0n ? (
                words.figure.none
              ) : (
                <span className="text-risk">{`${formatAmount(loss, loan.decimals, { rounding: "ceil" })} ${loan.symbol}`}</span>
              ),
          },
          {
            key: "receipt",
            head: <span className="sr-only">{l.receipt}</span>,
            number: true,
            cell: ({ hash, logIndex, owner }) => (
              <PageLink
                href={`/liquidations/${hash}/${logIndex}`}
                className="font-medium text-water underline underline-offset-4"
              >
                {l.receipt}
                <span className="sr-only"> {owner}</span>
              </PageLink>
            ),
          },
        ]}
      />
    </>
  );
}
