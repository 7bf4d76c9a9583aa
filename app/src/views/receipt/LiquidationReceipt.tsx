"use client";
// Answers: why was this sold, and what is left? Step by step, each number from the market's own events.
import type { Hash } from "viem";
import { useChainTime } from "../../lib/chain/head.ts";
import {
  type LiquidationReceipt as Receipt,
  useLiquidationReceipt,
} from "../../lib/chain/liquidation-receipt.ts";
import { type Market, useMarkets } from "../../lib/chain/markets.ts";
import { formatAmount, formatCount, formatDate, formatPercent, formatPrice } from "../../lib/format.ts";
import { bonusOf, healthOf, loanValueOf, pricePerToken } from "../../lib/liquidation.ts";
import { Address } from "../../parts/Address.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { HashLink } from "../../parts/HashLink.tsx";
import { HealthMeter } from "../../parts/HealthMeter.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";

const CAUSES = ["unhealthy", "overdue", "consent"] as const;
const PHASES = ["none", "window", "auction", "workout"] as const;

export function LiquidationReceipt({ hash, logIndex }: { hash: Hash; logIndex: number }) {
  const query = useLiquidationReceipt(hash, logIndex);
  const markets = useMarkets();
  const { receipt: r } = words;
  const found = query.data?.value;
  const market = found ? markets.data?.value.find(({ record }) => record.key === found.marketKey) : undefined;
  const error = (query.data === undefined && query.error) || (markets.data === undefined && markets.error);
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <p className="-mb-8 text-muted">
        <PageLink className="text-water underline underline-offset-4" href="/liquidations">
          {words.liquidations.title}
        </PageLink>
      </p>
      {error ? (
        <>
          <h1 className="text-figure font-semibold">{r.title}</h1>
          <ErrorBox
            detail={error.message}
            onRetry={() => void Promise.all([query.refetch(), markets.refetch()])}
          />
        </>
      ) : found === null ? (
        <>
          <h1 className="text-figure font-semibold">{r.missing}</h1>
          <p className="max-w-prose text-muted">{r.missingAdvice}</p>
        </>
      ) : found === undefined || market === undefined ? (
        <h1>
          <Skeleton className="h-24 w-full max-w-3xl" />
        </h1>
      ) : (
        <Explained receipt={found} market={market} />
      )}
    </div>
  );
}

function Explained({ receipt, market }: { receipt: Receipt; market: Market }) {
  const { receipt: r } = words;
  const now = useChainTime();
  const { collateral, loan, view, record } = market;
  const { before, after, report } = receipt;
  const units = { collateral, loan, navDecimals: view.nav.decimals };
  const inLoan = (value: bigint, owed = false) =>
    `${formatAmount(value, loan.decimals, owed ? { rounding: "ceil" } : {})} ${loan.symbol}`;
  const inCollateral = (value: bigint) => `${formatAmount(value, collateral.decimals)} ${collateral.symbol}`;
  const price = (value: bigint) => formatPrice(value, view.nav.decimals);
  const bonus = bonusOf(receipt.markup);
  const percent = formatPercent(bonus < 0n ? -bonus : bonus);
  const cause = CAUSES[receipt.cause] ?? "unhealthy";
  const fell = receipt.navBefore !== undefined && receipt.navBefore > receipt.nav;
  const since =
    cause === "unhealthy"
      ? fell
        ? r.since.fell(price(receipt.nav))
        : r.since.grew(price(receipt.nav))
      : r.since[cause];
  const healthBefore = healthOf(
    loanValueOf(before.collateral, receipt.nav, units),
    before.debt,
    receipt.lltv,
  );
  const at = { number: receipt.block, timestamp: receipt.timestamp };
  return (
    <>
      <header className="flex flex-col gap-4">
        <h1 className="max-w-4xl text-hero font-semibold tracking-tight">
          {r.headline(
            inCollateral(receipt.seized),
            bonus < 0n ? r.premium(percent) : r.bonus(percent),
            since,
          )}
        </h1>
        <p className="flex flex-wrap items-baseline gap-x-5 gap-y-1 text-muted">
          <PageLink className="text-water underline underline-offset-4" href={`/markets/${record.key}`}>
            {record.title}
          </PageLink>
          <Time at={receipt.timestamp} now={now} />
          <HashLink hash={receipt.hash} />
        </p>
      </header>
      <div className="grid grid-cols-2 gap-x-10 gap-y-8 md:grid-cols-4">
        <Figure
          label={r.repaid}
          value={formatAmount(receipt.repaid, loan.decimals)}
          unit={loan.symbol}
          source={{ at, formula: r.formulas.repaid }}
        />
        <Figure
          label={r.sold}
          value={formatAmount(receipt.seized, collateral.decimals)}
          unit={collateral.symbol}
          source={{ at, navDate: report?.navDate, formula: r.formulas.sold }}
          note={r.soldAt(price(pricePerToken(receipt.nav, receipt.markup)))}
        />
        <Figure
          label={bonus < 0n ? r.premiumLabel : r.bonusLabel}
          value={percent}
          source={{ at, formula: r.formulas.bonus }}
        />
        <Figure
          label={r.loss}
          value={formatAmount(receipt.loss, loan.decimals, { rounding: "ceil" })}
          unit={loan.symbol}
          risk={receipt.loss > 0n}
          source={{ at, formula: r.formulas.loss }}
        />
      </div>
      <div className="grid gap-x-14 gap-y-10 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <section className="flex flex-col gap-4">
          <h2 className="text-title font-semibold">{r.stepsTitle}</h2>
          <ol className="flex list-decimal flex-col gap-4 pl-5 marker:text-muted">
            <Step title={r.steps.nav}>
              {report === undefined
                ? r.navUnknown(price(receipt.nav))
                : r.nav(price(receipt.nav), formatCount(report.round), formatDate(report.navDate))}{" "}
              {receipt.navBefore !== undefined && r.navBefore(price(receipt.navBefore))}
            </Step>
            <Step title={r.steps.cause}>
              {r.owed(
                inLoan(before.debt, true),
                inCollateral(before.collateral),
                inLoan(loanValueOf(before.collateral, receipt.nav, units)),
                formatPercent(receipt.lltv, 1),
              )}{" "}
              {r.because(r.causes[cause])}
            </Step>
            <Step title={r.steps.sale}>
              {r.sale(
                r.phases[PHASES[receipt.phase] ?? "none"],
                inLoan(receipt.repaid),
                inCollateral(receipt.seized),
              )}
              <span className="mt-1 block">
                {r.by} <Address value={receipt.liquidator} />
                {receipt.receiver !== receipt.liquidator && (
                  <>
                    {" "}
                    {r.to} <Address value={receipt.receiver} />
                  </>
                )}
              </span>
            </Step>
            <Step title={r.steps.left}>
              {after.debt === 0n && after.collateral === 0n
                ? r.nothingLeft
                : r.left(inLoan(after.debt, true), inCollateral(after.collateral))}{" "}
              {receipt.loss > 0n ? r.lost(inLoan(receipt.loss, true)) : r.noLoss}
            </Step>
          </ol>
        </section>
        <section className="flex flex-col gap-6">
          <h2 className="text-title font-semibold">{r.positionTitle}</h2>
          <HealthMeter health={healthBefore} {...(after.health !== undefined && { after: after.health })} />
          <table className="w-full text-left">
            <caption className="sr-only">{r.positionTitle}</caption>
            <thead>
              <tr className="border-b border-line-strong text-small text-muted">
                <td />
                <th scope="col" className="py-2 text-right font-medium">
                  {r.before}
                </th>
                <th scope="col" className="py-2 pl-4 text-right font-medium">
                  {r.after}
                </th>
              </tr>
            </thead>
            <tbody>
              <Row term={r.debt} before={inLoan(before.debt, true)} after={inLoan(after.debt, true)} />
              <Row
                term={r.collateral}
                before={inCollateral(before.collateral)}
                after={inCollateral(after.collateral)}
              />
            </tbody>
          </table>
          <p className="text-small text-muted">
            {r.owner} <Address value={receipt.owner} />
          </p>
        </section>
      </div>
    </>
  );
}

function Step({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <li>
      <p className="font-semibold">{title}</p>
      <div className="max-w-prose">{children}</div>
    </li>
  );
}

function Row({ term, before, after }: { term: string; before: string; after: string }) {
  return (
    <tr className="border-b border-line">
      <th scope="row" className="py-2 pr-4 font-normal text-muted">
        {term}
      </th>
      <td className="py-2 text-right">{before}</td>
      <td className="py-2 pl-4 text-right font-medium">{after}</td>
    </tr>
  );
}
