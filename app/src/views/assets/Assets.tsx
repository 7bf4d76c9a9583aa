"use client";
// Answers: what stands behind the loans, and what is it worth today? The pledged value of all, then asset by asset.
import { useChainTime } from "../../lib/chain/head.ts";
import { type Market, useMarkets } from "../../lib/chain/markets.ts";
import { formatAmount, formatPrice } from "../../lib/format.ts";
import { navStatusOf, USD_DECIMALS, usdValueOf } from "../../lib/market-figures.ts";
import { ButtonLink } from "../../parts/Button.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";

export function Assets() {
  const { data, error, isError, refetch, silent } = useMarkets();
  const { assets: a, overview } = words;
  const total = data?.value.reduce((sum, market) => sum + pledged(market), 0n);
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <header className="flex flex-col gap-4">
        <p className="text-small text-muted">
          {a.title}{" "}
          <SourceButton label={a.title} source={{ at: data?.at, formula: overview.formulas.collateral }} />
        </p>
        <h1 className="max-w-4xl text-hero font-semibold tracking-tight">
          {total === undefined ? (
            isError ? (
              a.title
            ) : (
              <Skeleton className="h-12 w-full max-w-xl" />
            )
          ) : (
            a.headline(`$${formatAmount(total, USD_DECIMALS, { compact: "words", digits: 0 })}`)
          )}
        </h1>
        <p className="max-w-prose text-lead text-muted">{a.lead}</p>
        <div className="flex flex-wrap gap-3">
          <ButtonLink href="/eligibility">{words.eligibility.question}</ButtonLink>
        </div>
      </header>
      {isError && data === undefined ? (
        <ErrorBox detail={error?.message} onRetry={() => void refetch()} />
      ) : data === undefined ? (
        <Skeleton className="h-80 w-full" />
      ) : (
        <ul className="flex flex-col">
          {data.value.map((market) => (
            <Asset key={market.record.key} market={market} />
          ))}
        </ul>
      )}
      {silent.length > 0 && (
        <p className="text-muted">{words.markets.silent(silent.map(({ title }) => title).join(", "))}</p>
      )}
    </div>
  );
}

function pledged({ view, collateral }: Market): bigint {
  return usdValueOf(view.totalCollateral, collateral.decimals, view.nav.liquidationNav, view.nav.decimals);
}

function Asset({ market }: { market: Market }) {
  const { record, view, collateral } = market;
  const { assets: a } = words;
  const now = useChainTime();
  const status = navStatusOf(view.nav);
  return (
    <li className="grid gap-x-8 gap-y-3 border-t border-line py-5 sm:grid-cols-2 lg:grid-cols-[minmax(0,3fr)_3fr_2fr_2fr]">
      <div className="flex flex-col items-start gap-1">
        <PageLink
          href={`/assets/${record.key}`}
          className="text-lead font-semibold underline-offset-4 hover:text-water hover:underline"
        >
          {record.title}
        </PageLink>
        <span className="flex flex-wrap items-center gap-2 text-small text-muted">
          {collateral.name}
          {status !== "fresh" && (
            <Tag tone={status === "missing" ? "plain" : "risk"}>{words.market.status[status]}</Tag>
          )}
        </span>
      </div>
      <dl className="contents">
        <Pair term={words.market.nav} note={status !== "missing" && <Time at={view.nav.navDate} now={now} />}>
          {status === "missing" ? words.figure.none : formatPrice(view.nav.liquidationNav, view.nav.decimals)}
        </Pair>
        <Pair term={a.pledged}>
          {formatAmount(view.totalCollateral, collateral.decimals, { compact: "short", digits: 0 })}{" "}
          {collateral.symbol}
        </Pair>
        <Pair term={a.value}>
          ${formatAmount(pledged(market), USD_DECIMALS, { compact: "short", digits: 0 })}
        </Pair>
      </dl>
    </li>
  );
}

function Pair({ term, note, children }: { term: string; note?: React.ReactNode; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-small text-muted">{term}</dt>
      <dd className="text-lead font-semibold">{children}</dd>
      {note && <dd className="text-small text-muted [&_time]:whitespace-normal">{note}</dd>}
    </div>
  );
}
