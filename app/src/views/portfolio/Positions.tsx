"use client";
// Each loan with what it stands on: collateral, debt, health, the NAV at which it can be liquidated, and what is going on
// with it. Leads to the market's actions.
import { useState } from "react";
import { ConsentForm } from "../../features/consent/ConsentForm.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import type { Market } from "../../lib/chain/markets.ts";
import type { PositionView } from "../../lib/chain/portfolio.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { formatAmount, formatPercent, formatPrice } from "../../lib/format.ts";
import { distanceTo } from "../../lib/position-math.ts";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { HealthMeter } from "../../parts/HealthMeter.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { phases } from "./phases.ts";

export type PositionRow = { market: Market; position: PositionView };

export function Positions({ rows, at }: { rows: readonly PositionRow[]; at: At | undefined }) {
  return (
    <ul className="flex flex-col">
      {rows.map((row) => (
        <li
          key={`${row.market.record.key}-${row.position.termsId}`}
          className="grid gap-x-10 gap-y-5 border-t border-line py-6 lg:grid-cols-[minmax(0,3fr)_minmax(0,4fr)]"
        >
          <Name row={row} />
          <Numbers row={row} at={at} />
        </li>
      ))}
    </ul>
  );
}

function Name({ row: { market, position } }: { row: PositionRow }) {
  const { portfolio: p } = words;
  const now = useChainTime();
  const [consenting, setConsenting] = useState(false);
  const { record } = market;
  const { terms, termsId, phase, coolOffUntil } = position;
  const at = (hash: string) => `/markets/${record.key}?terms=${termsId}#${hash}`;
  const phaseName = phases[phase];
  return (
    <div className="flex flex-col items-start gap-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <PageLink
          href={`/markets/${record.key}`}
          className="text-lead font-semibold underline-offset-4 hover:text-water hover:underline"
        >
          {record.title}
        </PageLink>
        {position.liquidatable && <Tag tone="risk">{words.health.liquidatable}</Tag>}
        {position.overdue && <Tag tone="risk">{p.overdue}</Tag>}
        {phaseName !== undefined && phaseName !== "none" && <Tag tone="risk">{p.phases[phaseName]}</Tag>}
        {position.consent.lltv > 0n && <Tag>{p.consented(formatPercent(position.consent.lltv, 0))}</Tag>}
      </div>
      <p className="text-small text-muted">
        {termsId === 0n
          ? words.loan.own
          : terms.fixedRate
            ? p.fixed(formatPercent(terms.ratePerYear))
            : words.loan.variable}
        {terms.fixedRate && (
          <>
            {`, ${p.due} `}
            <Time at={BigInt(terms.maturity)} now={now} />
          </>
        )}
      </p>
      {phaseName !== undefined && phaseName !== "none" && position.phaseUntil < 2n ** 40n && (
        <p className="text-small text-muted">
          {p.phaseUntil} <Time at={position.phaseUntil} now={now} />
        </p>
      )}
      {position.debt > 0n && now !== undefined && coolOffUntil > now && (
        <p className="text-small text-muted">
          {p.coolOff} <Time at={coolOffUntil} now={now} />
        </p>
      )}
      {position.inWorkout > 0n && (
        <p className="text-small text-muted">
          {p.inWorkout(
            `${formatAmount(position.inWorkout, market.collateral.decimals)} ${market.collateral.symbol}`,
          )}
        </p>
      )}
      <div className="flex flex-wrap gap-2">
        {!(terms.fixedRate && now !== undefined && now >= BigInt(terms.maturity)) && (
          <ButtonLink small href={at("borrow")}>
            {words.market.actions.borrow}
          </ButtonLink>
        )}
        {position.debt > 0n && (
          <ButtonLink small href={at("repay")}>
            {words.market.actions.repay}
          </ButtonLink>
        )}
        <ButtonLink small href={at("collateral")}>
          {words.market.actions.collateral}
        </ButtonLink>
        <Button small look="quiet" onClick={() => setConsenting(true)}>
          {p.consent}
        </Button>
      </div>
      <Dialog open={consenting} onOpenChange={setConsenting} title={words.consent.heading}>
        <ConsentForm market={market} position={position} />
      </Dialog>
    </div>
  );
}

function Numbers({ row: { market, position }, at }: { row: PositionRow; at: At | undefined }) {
  const { portfolio: p } = words;
  const { view, collateral, loan } = market;
  const { nav } = view;
  const floor = position.liquidationNav;
  const value = `${formatAmount(position.collateralValue, loan.decimals)} ${loan.symbol}`;
  return (
    <div className="flex min-w-0 flex-col gap-5">
      <div className="grid grid-cols-2 gap-x-8 gap-y-4 sm:grid-cols-3">
        <Figure
          size="small"
          label={p.collateral}
          value={formatAmount(position.collateral, collateral.decimals)}
          unit={collateral.symbol}
          note={position.priced ? value : undefined}
          source={{ at, navDate: nav.navDate, formula: p.formulas.collateral }}
        />
        <Figure
          size="small"
          label={p.debt}
          value={formatAmount(position.debt, loan.decimals, { rounding: "ceil" })}
          unit={loan.symbol}
          source={{ at, formula: p.formulas.debt }}
        />
        {position.debt > 0n && position.collateral > 0n && position.priced && (
          <Figure
            size="small"
            label={p.liquidationNav}
            value={formatPrice(floor, nav.decimals)}
            risk={floor > nav.liquidationNav}
            note={
              floor > nav.liquidationNav
                ? words.loan.reached
                : words.loan.below(formatPercent(distanceTo(floor, nav.liquidationNav), 1))
            }
            source={{ at, navDate: nav.navDate, formula: words.loan.formulas.liquidationNav }}
          />
        )}
      </div>
      {position.debt > 0n && position.priced && <HealthMeter health={position.health} />}
    </div>
  );
}
