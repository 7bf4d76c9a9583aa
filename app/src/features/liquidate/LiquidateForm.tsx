"use client";
// Marks a position in default, or repays its debt for its collateral: with the quote of this block before anything is signed.
import { iMarketAbi } from "@polder/contracts";
import { useState } from "react";
import { useConnection } from "wagmi";
import { useChainTime } from "../../lib/chain/head.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { Threatened } from "../../lib/chain/liquidations.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { tokenOf, usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatPercent, formatPrice, parseAmount, toInput, WAD } from "../../lib/format.ts";
import { bonusOf, pricePerToken, seizedFor } from "../../lib/liquidation.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import { leastSeized, liquidateIssue, markIssue, mostRepaid } from "./logic.ts";

type Props = { position: Threatened; market: Market; onDone(): void };

export function LiquidateForm({ position, market, onDone }: Props) {
  const { address } = useConnection();
  const portfolio = usePortfolio(address);
  const now = useChainTime();
  const { collateral, loan, view } = market;
  const { liquidations: l } = words;
  const standing = portfolio.data?.value.standing.standing ?? 0n;
  const balance = (portfolio.data && tokenOf(portfolio.data.value, loan.address)?.balance) ?? 0n;
  const { quote, seizable, liquidatable, owner, termsId, debt, phase, phaseUntil } = position;
  const [text, setText] = useState(toInput(quote.repay, loan.decimals));
  const amount = parseAmount(text, loan.decimals);
  const { saleWindow, auctionDuration, liquidation } = view.parameters;
  const who = { account: address, owner, standing };
  const marking = markIssue({
    ...who,
    hasAuctions: saleWindow + auctionDuration > 0,
    phase,
    inDefault: position.overdue || position.health < WAD,
  });
  const buying = liquidateIssue({
    ...who,
    liquidatable,
    quote,
    debt,
    minDebt: liquidation.minDebt,
    amount,
    balance,
  });
  const repay = amount.ok && amount.value < quote.repay ? amount.value : quote.repay;
  const seized = seizedFor(repay, { repay: quote.repay, seizable });
  const bonus = bonusOf(quote.markup);
  const invalidates = [
    keys.liquidations,
    keys.markets,
    keys.portfolio(owner),
    ...(address ? [keys.portfolio(address)] : []),
  ];
  const amountWrong = buying !== undefined && AMOUNT_ISSUES.has(buying);
  return (
    <div className="flex flex-col gap-8">
      {liquidatable && (
        <ActForm
          label={l.liquidate}
          submit={phase === 2 ? l.bid : l.liquidate}
          issue={buying && l.issues[buying]}
          quiet={amountWrong}
          onDone={onDone}
          request={() => ({
            title: l.liquidateTitle(`${formatAmount(repay, loan.decimals)} ${loan.symbol}`),
            call: {
              address: view.market,
              abi: iMarketAbi,
              functionName: "liquidate",
              args: [owner, termsId, mostRepaid(repay), leastSeized(seized), address, "0x"],
            },
            ...(repay > 0n && {
              allowance: { token: loan.address, spender: view.source, amount: mostRepaid(repay) },
            }),
            invalidates,
          })}
        >
          <AmountInput
            label={l.toRepay}
            text={text}
            onChange={setText}
            token={loan}
            max={quote.repay}
            maxLabel={l.most}
            issue={amountWrong && buying ? l.issues[buying] : undefined}
          />
          <dl className="flex flex-col gap-1">
            <Line term={l.youGet}>{`${formatAmount(seized, collateral.decimals)} ${collateral.symbol}`}</Line>
            <Line term={bonus < 0n ? l.premium : l.bonus}>{formatPercent(bonus < 0n ? -bonus : bonus)}</Line>
            <Line term={l.pricePer(collateral.symbol)}>
              {formatPrice(pricePerToken(view.nav.liquidationNav, quote.markup), view.nav.decimals)}
              <span className="text-muted">
                {" "}
                {l.atNav(formatPrice(view.nav.liquidationNav, view.nav.decimals))}
              </span>
            </Line>
            <Line
              term={l.lossLeft}
            >{`${formatAmount(quote.loss, loan.decimals, { rounding: "ceil" })} ${loan.symbol}`}</Line>
            <Line term={l.yourBalance}>{`${formatAmount(balance, loan.decimals)} ${loan.symbol}`}</Line>
          </dl>
          {phase === 1 && <p className="text-small text-muted">{l.preferredOnly}</p>}
        </ActForm>
      )}
      {!liquidatable && <p className="text-muted">{l.issues.notLiquidatable}</p>}
      {phase !== 0 && phase !== 3 && (
        <p className="text-muted">
          {phase === 1 ? l.windowUntil : l.auctionUntil} <Time at={phaseUntil} now={now} />
        </p>
      )}
      {marking !== "noAuctions" && marking !== "marked" && (
        <ActForm
          label={l.mark}
          submit={l.mark}
          look="secondary"
          issue={marking && l.issues[marking]}
          onDone={onDone}
          request={() => ({
            title: l.markTitle,
            call: { address: view.market, abi: iMarketAbi, functionName: "mark", args: [owner, termsId] },
            invalidates,
          })}
        >
          <p className="text-small text-muted">{l.markAbout}</p>
        </ActForm>
      )}
    </div>
  );
}

const AMOUNT_ISSUES: ReadonlySet<string> = new Set([
  "empty",
  "notANumber",
  "tooManyDecimals",
  "zero",
  "exceedsBalance",
  "exceedsQuote",
  "closeInFull",
  "leavesDust",
]);

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt className="text-muted">{term}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
