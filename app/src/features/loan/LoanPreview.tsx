"use client";
// What an action makes of a position, before anything is signed: health, the NAV at which it can be liquidated and how
// far that is, and what a fall of the NAV would do.
import { useState } from "react";
import type { Market } from "../../lib/chain/markets.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { formatHealth, formatPercent, formatPrice, MAX_UINT, WAD } from "../../lib/format.ts";
import { distanceTo, type Holding, healthAt, liquidationNavOf, ltvOf } from "../../lib/position-math.ts";
import { SourceButton } from "../../parts/Figure.tsx";
import { HealthMeter } from "../../parts/HealthMeter.tsx";
import { StressSlider } from "../../parts/StressSlider.tsx";
import { words } from "../../words.ts";
import { owed, Pair } from "./TermsChoice.tsx";

type Props = {
  market: Market;
  at: At | undefined;
  before: Holding;
  /** Nothing while the form is not filled in. */
  after: Holding | undefined;
};

export function LoanPreview({ market, at, before, after }: Props) {
  const [fall, setFall] = useState(0);
  const { loan: l } = words;
  const { view, collateral, loan } = market;
  const { nav, parameters } = view;
  const { lltv } = parameters.liquidation;
  const decimals = { collateral: collateral.decimals, nav: nav.decimals, loan: loan.decimals };
  const now = after ?? before;
  if (nav.liquidationNav === 0n || (before.debt === 0n && now.debt === 0n)) return null;

  const healthBefore = healthAt(before, nav.liquidationNav, decimals, lltv);
  const healthAfter = healthAt(now, nav.liquidationNav, decimals, lltv);
  const floor = liquidationNavOf(now, decimals, lltv);
  const ltv = ltvOf(now, nav.liquidationNav, decimals);
  const stressedNav = (nav.liquidationNav * BigInt(100 - fall)) / 100n;
  const stressed = healthAt(now, stressedNav, decimals, lltv);
  const atRisk = stressed < WAD;
  return (
    <div className="flex flex-col gap-4 border-t border-line pt-4">
      <HealthMeter health={healthBefore} {...(after !== undefined && { after: healthAfter })} />
      <dl className="flex flex-col gap-1">
        <Pair term={l.debt}>
          {after !== undefined && before.debt !== now.debt
            ? `${owed(before.debt, loan)} → ${owed(now.debt, loan)}`
            : owed(now.debt, loan)}
        </Pair>
        {now.debt > 0n && (
          <>
            <Pair term={l.liquidationNav}>
              {floor === undefined ? words.figure.none : formatPrice(floor, nav.decimals)}{" "}
              <SourceButton
                label={l.liquidationNav}
                source={{ at, navDate: nav.navDate, formula: l.formulas.liquidationNav }}
              />
              {floor !== undefined && (
                <Note>
                  {floor > nav.liquidationNav
                    ? l.reached
                    : l.below(formatPercent(distanceTo(floor, nav.liquidationNav), 1))}
                </Note>
              )}
            </Pair>
            {ltv !== undefined && (
              <Pair term={l.ltv}>
                {formatPercent(ltv, 1)}
                <Note>{l.ltvLimits(formatPercent(parameters.maxLtv, 0), formatPercent(lltv, 0))}</Note>
              </Pair>
            )}
          </>
        )}
      </dl>
      {now.debt > 0n && (
        <div className="flex flex-col gap-1">
          <StressSlider percent={fall} onChange={setFall} />
          {fall > 0 && (
            <p role="status" className={atRisk ? "text-small text-risk" : "text-small text-muted"}>
              {l.stressed(
                formatPrice(stressedNav, nav.decimals),
                stressed === MAX_UINT ? words.health.none : (formatHealth(stressed) ?? ""),
                atRisk,
              )}
            </p>
          )}
        </div>
      )}
    </div>
  );
}

function Note({ children }: { children: string }) {
  return <span className="block text-small font-normal text-muted">{children}</span>;
}
