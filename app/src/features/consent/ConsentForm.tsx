"use client";
// Lets liquidators act before a position is unhealthy: from which loan-to-value on, and for which bonus. Given, changed
// and taken back.
import { iMarketAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { argumentFormat } from "../../lib/argument-format.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import type { PositionView } from "../../lib/chain/portfolio.ts";
import { formatPercent, formatPrice, parseAmount, toInput } from "../../lib/format.ts";
import { liquidationNavOf } from "../../lib/position-math.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { words } from "../../words.ts";
import { Pair } from "../loan/TermsChoice.tsx";
import { consentIssue } from "./logic.ts";

/** A percentage as typed is a wad: 16 digits behind the point. */
const PERCENT = { symbol: "%", decimals: 16 };

export function ConsentForm({ market, position }: { market: Market; position: PositionView }) {
  const { address, isConnected } = useConnection();
  const { state, busy, run } = useAction();
  const { consent } = position;
  const given = consent.lltv > 0n;
  const [ltvText, setLtv] = useState(given ? toInput(consent.lltv, PERCENT.decimals) : "");
  const [bonusText, setBonus] = useState(given ? toInput(consent.bonus, PERCENT.decimals) : "");
  const { consent: c } = words;
  const { view, collateral, loan } = market;
  const { lltv } = view.parameters.liquidation;
  const ltv = parseAmount(ltvText, PERCENT.decimals);
  const bonus = parseAmount(bonusText, PERCENT.decimals);
  const issue = consentIssue({ connected: isConnected, ltv, bonus, lltv });
  const decimals = { collateral: collateral.decimals, nav: view.nav.decimals, loan: loan.decimals };
  const from = ltv.ok && ltv.value > 0n ? liquidationNavOf(position, decimals, ltv.value) : undefined;

  const send = (title: string, args: readonly [bigint, bigint]) => {
    if (address === undefined) return;
    void run({
      title,
      call: {
        address: position.market,
        abi: iMarketAbi,
        functionName: "setConsent",
        args: [position.termsId, ...args],
      },
      invalidates: [keys.portfolio(address as Address)],
      format: argumentFormat(market),
    });
  };
  const said =
    issue === undefined || issue === "notConnected" ? undefined : c.issues[issue](formatPercent(lltv, 0));
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        if (issue === undefined && ltv.ok && bonus.ok)
          send(c.title(formatPercent(ltv.value)), [ltv.value, bonus.value]);
      }}
    >
      <p className="max-w-prose text-muted">{c.about}</p>
      <AmountInput
        label={c.ltv}
        text={ltvText}
        onChange={setLtv}
        token={PERCENT}
        issue={ltvText !== "" && issue !== "bonusTooHigh" && issue !== "empty" ? said : undefined}
        disabled={busy}
      />
      <AmountInput
        label={c.bonus}
        text={bonusText}
        onChange={setBonus}
        token={PERCENT}
        issue={issue === "bonusTooHigh" ? said : undefined}
        disabled={busy}
      />
      {from !== undefined && position.debt > 0n && (
        <dl>
          <Pair term={c.from}>{formatPrice(from, view.nav.decimals)}</Pair>
          <Pair term={words.market.nav}>{formatPrice(view.nav.liquidationNav, view.nav.decimals)}</Pair>
        </dl>
      )}
      <div className="flex flex-wrap gap-3">
        <Button type="submit" busy={busy} disabled={issue !== undefined}>
          {given ? c.change : c.submit}
        </Button>
        {given && (
          <Button look="secondary" disabled={busy} onClick={() => send(c.revokeTitle, [0n, 0n])}>
            {c.revoke}
          </Button>
        )}
      </div>
      <ActionStatus state={state} />
    </form>
  );
}
