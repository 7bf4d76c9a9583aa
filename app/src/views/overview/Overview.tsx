"use client";
import { type Market, useLanes, useMarkets } from "../../lib/chain/markets.ts";
import { useProtocol } from "../../lib/chain/protocol.ts";
import { formatAmount, formatPercent } from "../../lib/format.ts";
import { USD_DECIMALS } from "../../lib/market-figures.ts";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure, SourceButton } from "../../parts/Figure.tsx";
// Answers: how much is lent, against what, and is it safe?
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Strips } from "../../parts/Strips.tsx";
import { words } from "../../words.ts";
import { laneStrips } from "../market/lanes.ts";
import { MarketList } from "../markets/MarketList.tsx";
import { totalsOf } from "./totals.ts";

const dollars = (value: bigint) => `$${formatAmount(value, USD_DECIMALS, { compact: "words", digits: 0 })}`;

export function Overview() {
  const { data, error, isError, refetch } = useMarkets();
  const protocol = useProtocol();
  const { overview, figure } = words;
  const totals = data && totalsOf(data.value);
  const pusd = (value: bigint | undefined) =>
    value === undefined ? undefined : formatAmount(value, USD_DECIMALS, { compact: "short", digits: 0 });
  if (isError && data === undefined) {
    return (
      <div className="page py-16">
        <h1 className="sr-only">{overview.title}</h1>
        <ErrorBox detail={error?.message} onRetry={() => void refetch()} />
      </div>
    );
  }
  const { formulas, figures } = overview;
  const at = data?.at;
  return (
    <div className="page flex flex-col gap-14 pt-10 sm:pt-14">
      <section className="grid items-start gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,6fr)_minmax(0,5fr)]">
        <div className="flex flex-col gap-5">
          <h1 className="text-hero font-semibold tracking-tight">
            {totals === undefined ? (
              <Skeleton className="h-[2.2em] w-full max-w-lg" />
            ) : totals.lent === 0n ? (
              overview.nothing
            ) : (
              <>
                <span className="text-water">{dollars(totals.lent)}</span> {overview.lent} {overview.against}{" "}
                <span className="text-water">{dollars(totals.collateral)}</span>{" "}
                <span className="whitespace-nowrap">{overview.assets}</span>
                <span className="ml-2 inline-block align-middle">
                  <SourceButton
                    label={figures.lent}
                    source={{ at, formula: `${formulas.lent} ${formulas.collateral}` }}
                  />
                </span>
              </>
            )}
          </h1>
          <p className="max-w-prose text-lead text-muted">
            {totals?.lent === 0n ? overview.nothingAdvice : data && overview.lead(data.value.length)}
          </p>
          <div className="mt-5 grid grid-cols-2 gap-x-8 gap-y-7 sm:grid-cols-3">
            <Figure
              label={figures.ratio}
              value={totals && (totals.ratio === undefined ? null : formatPercent(totals.ratio, 1))}
              source={{ at, formula: formulas.ratio }}
            />
            <Figure
              label={figures.lendable}
              value={totals && formatAmount(totals.lendable, USD_DECIMALS, { compact: "short", digits: 0 })}
              unit="USD"
              source={{ at, formula: formulas.lendable }}
            />
            <Figure
              label={figures.supply}
              value={protocol.isError ? null : pusd(protocol.data?.value.supply)}
              unit="pUSD"
              source={{ at: protocol.data?.at, formula: formulas.supply }}
            />
            <Figure
              label={figures.backstop}
              value={protocol.isError ? figure.none : pusd(protocol.data?.value.backstop)}
              unit="pUSD"
              source={{ at: protocol.data?.at, formula: formulas.backstop }}
            />
            <Figure
              label={figures.surplus}
              value={protocol.isError ? figure.none : pusd(protocol.data?.value.surplus)}
              unit="pUSD"
              source={{ at: protocol.data?.at, formula: formulas.surplus }}
            />
          </div>
        </div>
        <Polder markets={data?.value} />
      </section>

      <section className="flex flex-col gap-4">
        <div className="flex items-baseline justify-between">
          <h2 className="text-title font-semibold">{overview.marketsTitle}</h2>
          <PageLink href="/markets" className="font-medium text-water underline underline-offset-4">
            {overview.all}
          </PageLink>
        </div>
        <MarketList markets={data?.value} at={at} />
      </section>
    </div>
  );
}

/** All markets' lanes at once: a row is a market, a strip a lane. */
function Polder({ markets }: { markets: readonly Market[] | undefined }) {
  const { polder, polderAbout } = words.overview;
  return (
    <figure className="flex flex-col gap-3">
      <div className="flex flex-col gap-1.5">
        {markets === undefined
          ? Array.from({ length: 5 }, (_, i) => <Skeleton key={i} className="h-12 w-full" />)
          : markets.map((market) => <Field key={market.record.key} market={market} />)}
      </div>
      <figcaption className="text-small text-muted">
        <span className="font-medium text-ink">{polder}.</span> {polderAbout}
      </figcaption>
    </figure>
  );
}

function Field({ market }: { market: Market }) {
  const { data } = useLanes(market.view.market);
  const { title } = market.record;
  return (
    <PageLink href={`/markets/${market.record.key}`} className="group block" aria-label={title}>
      {data === undefined ? (
        <Skeleton className="h-12 w-full" />
      ) : (
        <Strips className="h-12" {...laneStrips(data.value, title, words.overview.room)} />
      )}
      <span className="text-small text-muted group-hover:text-ink">{title}</span>
    </PageLink>
  );
}
