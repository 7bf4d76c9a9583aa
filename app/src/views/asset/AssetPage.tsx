"use client";
// Answers: what is one unit of this asset worth, and who says so? NAV with its bounds, attestors, supply, documents.
import type { Address } from "viem";
import {
  type AssetView,
  type NavEvent,
  type TokenDocument,
  useAsset,
  useNavEvents,
  useTokenDocuments,
} from "../../lib/chain/asset.ts";
import { useChainTime } from "../../lib/chain/head.ts";
import { type Market, useMarket } from "../../lib/chain/markets.ts";
import { formatAmount, formatCount, formatDuration, formatPercent, formatPrice } from "../../lib/format.ts";
import { navStatusOf, usdValueOf } from "../../lib/market-figures.ts";
import { safeText } from "../../lib/safe-text.ts";
import { useMarketRecord } from "../../lib/settings.tsx";
import { Address as AddressText } from "../../parts/Address.tsx";
import { ButtonLink } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { documentTitle } from "../market/document-title.ts";
import { NavBoundsChart } from "./NavBoundsChart.tsx";
import { boundsAfter, usualInterval } from "./nav-bounds.ts";

export function AssetPage({ assetKey }: { assetKey: string }) {
  const record = useMarketRecord(assetKey);
  const { market, at, isError, error, isPending, refetch } = useMarket(assetKey);
  const asset = useAsset(record);
  const events = useNavEvents(record.oracle as Address);
  const documents = useTokenDocuments(record.collateral as Address);
  const { asset: a, market: m } = words;
  const failed =
    (market === undefined && (isError || !isPending)) || (asset.isError && asset.data === undefined);
  const nav = market?.view.nav;
  const status = nav && navStatusOf(nav);
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <header className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <h1 className="text-figure font-semibold tracking-tight">{record.title}</h1>
          {status !== undefined && (
            <Tag tone={status === "fresh" ? "reed" : status === "missing" ? "plain" : "risk"}>
              {m.status[status]}
            </Tag>
          )}
          {asset.data?.value.paused && <Tag tone="risk">{a.paused}</Tag>}
        </div>
        <p className="flex flex-wrap items-baseline gap-x-5 gap-y-1 text-muted">
          <AddressText
            value={record.collateral}
            {...(market && { name: `${market.collateral.name} (${market.collateral.symbol})` })}
          />
          <PageLink className="text-water underline underline-offset-4" href={`/markets/${record.key}`}>
            {a.toMarket}
          </PageLink>
        </p>
      </header>
      {failed ? (
        <ErrorBox
          {...((error ?? asset.error) && { detail: (error ?? asset.error)?.message ?? "" })}
          onRetry={() => void Promise.all([refetch(), asset.refetch()])}
        />
      ) : (
        <>
          <div className="flex flex-wrap gap-x-14 gap-y-6">
            <Figure
              size="hero"
              label={m.nav}
              value={nav && (status === "missing" ? null : formatPrice(nav.liquidationNav, nav.decimals))}
              {...(market && { unit: a.per(market.collateral.symbol) })}
              source={{ at, navDate: nav?.navDate, formula: m.formulas.nav }}
              {...(nav && nav.navDate > 0n && { note: <Dated at={nav.navDate} /> })}
            />
            <Figure
              size="hero"
              label={a.supply}
              value={
                market &&
                asset.data &&
                formatAmount(asset.data.value.supply, market.collateral.decimals, {
                  compact: "short",
                  digits: 0,
                })
              }
              {...(market && { unit: market.collateral.symbol })}
              source={{ at: asset.data?.at, formula: a.formulas.supply }}
              {...(market &&
                asset.data &&
                status !== "missing" && { note: worth(market, asset.data.value.supply) })}
            />
          </div>
          {market !== undefined && market.view.nav.pendingNav > 0n && <Pending market={market} />}
          {market === undefined || asset.data === undefined || events.data === undefined ? (
            events.isError && events.data === undefined ? (
              <ErrorBox detail={events.error.message} onRetry={() => void events.refetch()} />
            ) : (
              <Skeleton className="h-72 w-full" />
            )
          ) : (
            <>
              <NavBoundsChart
                events={events.data.value}
                settings={asset.data.value.settings}
                decimals={market.view.nav.decimals}
                symbol={market.collateral.symbol}
                until={events.data.at.timestamp}
              />
              <Reports market={market} asset={asset.data.value} events={events.data.value} />
            </>
          )}
          <Documents
            assetKey={record.key}
            documents={documents.data?.value}
            error={documents.error}
            onRetry={() => void documents.refetch()}
          />
        </>
      )}
    </div>
  );
}

function Dated({ at }: { at: bigint }) {
  const now = useChainTime();
  return (
    <>
      {words.asset.valued} <Time at={at} now={now} />
    </>
  );
}

function worth({ view, collateral }: Market, supply: bigint): string {
  const value = usdValueOf(supply, collateral.decimals, view.nav.liquidationNav, view.nav.decimals);
  return words.asset.worth(formatAmount(value, 18, { compact: "short", digits: 0 }));
}

function Pending({ market: { view } }: { market: Market }) {
  const { pendingNav, pendingUntil, liquidationNav, decimals } = view.nav;
  const now = useChainTime();
  const falls = pendingNav < liquidationNav;
  const { asset: a } = words;
  return (
    <div
      className={
        falls
          ? "border-l-4 border-risk bg-risk-soft px-5 py-3"
          : "border-l-4 border-line-strong bg-wash px-5 py-3"
      }
    >
      <p className="font-semibold">{a.pending(formatPrice(pendingNav, decimals))}</p>
      <p>
        {falls ? a.pendingFall : a.pendingRise} {falls && <Time at={pendingUntil} now={now} />}
      </p>
    </div>
  );
}

type ReportsProps = { market: Market; asset: AssetView; events: readonly NavEvent[] };

/** When the next report is expected, within which bounds, by whom. */
function Reports({ market: { view, collateral }, asset, events }: ReportsProps) {
  const { asset: a } = words;
  const { nav } = view;
  const now = useChainTime();
  const { settings, attestors, acceptedAt } = asset;
  const bounds = boundsAfter(nav.liquidationNav, settings);
  const usual = usualInterval(events);
  const price = (value: bigint) => formatPrice(value, nav.decimals);
  const bps = (value: number) => formatPercent(BigInt(value) * 10n ** 14n);
  const known = nav.navDate > 0n;
  return (
    <section className="grid gap-x-14 gap-y-8 lg:grid-cols-2">
      <div className="flex flex-col gap-4">
        <h2 className="text-title font-semibold">{a.nextTitle}</h2>
        <dl className="flex flex-col gap-3">
          {known && usual !== undefined && (
            <Fact term={a.expected}>
              <Time at={nav.navDate + usual} now={now} />
              <span className="block text-small text-muted">{a.usual(formatDuration(usual))}</span>
            </Fact>
          )}
          {known && (
            <Fact term={a.earliest}>
              <Time at={acceptedAt + BigInt(settings.minInterval)} />
            </Fact>
          )}
          {known && (
            <Fact term={a.stale}>
              <Time at={nav.staleAt} now={now} />
            </Fact>
          )}
          {known && (
            <Fact term={a.expires}>
              <Time at={nav.expiresAt} />
            </Fact>
          )}
          {known && (
            <Fact term={a.bounds}>
              {`${price(bounds.least)} – ${price(bounds.most)}`}
              <span className="block text-small text-muted">
                {a.boundsAbout(bps(settings.maxDownBps), bps(settings.maxUpBps), collateral.symbol)}
              </span>
            </Fact>
          )}
        </dl>
      </div>
      <div className="flex flex-col gap-4">
        <h2 className="text-title font-semibold">{a.attestorsTitle}</h2>
        <p className="text-lead">
          {a.quorum(formatCount(settings.quorum), formatCount(attestors.length))}{" "}
          <span className="text-muted">{a.confirmQuorum(formatCount(settings.confirmQuorum))}</span>
        </p>
        <ul className="flex flex-col gap-1">
          {attestors.map((each, i) => (
            <li key={each}>
              <AddressText value={each} name={a.attestor(formatCount(i + 1))} />
            </li>
          ))}
        </ul>
        <p className="text-small text-muted">{a.attestorsAbout(formatDuration(settings.pendingDelay))}</p>
      </div>
    </section>
  );
}

type DocumentsProps = {
  assetKey: string;
  documents: readonly TokenDocument[] | undefined;
  error: Error | null;
  onRetry(): void;
};

function Documents({ assetKey, documents, error, onRetry }: DocumentsProps) {
  const { asset: a } = words;
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{a.documents}</h2>
      {documents === undefined ? (
        error !== null ? (
          <ErrorBox detail={error.message} onRetry={onRetry} />
        ) : (
          <Skeleton className="h-40 w-full" />
        )
      ) : documents.length === 0 ? (
        <Empty title={a.noDocuments} />
      ) : (
        <Table
          list
          caption={a.documents}
          rows={documents}
          rowKey={({ key }) => key}
          columns={[
            { key: "name", head: a.columns.document, cell: ({ name }) => safeText(documentTitle(name), 60) },
            { key: "modified", head: a.columns.published, cell: ({ modified }) => <Time at={modified} /> },
            { key: "hash", head: a.columns.hash, cell: ({ hash }) => <AddressText value={hash} /> },
            {
              key: "open",
              head: <span className="sr-only">{words.market.documents.open}</span>,
              number: true,
              cell: ({ name }) =>
                DOCUMENT_NAME.test(name) && (
                  <ButtonLink small href={`/assets/${assetKey}/documents/${name}`}>
                    {words.market.documents.open}
                    <span className="sr-only">: {documentTitle(name)}</span>
                  </ButtonLink>
                ),
            },
          ]}
        />
      )}
    </section>
  );
}

/** Only such names lead to a page: the others are whatever somebody wrote on the chain. */
const DOCUMENT_NAME = /^[a-z0-9-]+$/;

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-small text-muted">{term}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
