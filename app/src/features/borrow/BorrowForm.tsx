"use client";
// Borrows, with collateral added before where the position needs some: one form, one press. What is accepted, what it
// makes of the position and why it cannot be are told before anything is signed.
import { iMarketAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address } from "viem";
import { argumentFormat } from "../../lib/argument-format.ts";
import { useChainTime } from "../../lib/chain/head.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import type { LoanTerms } from "../../lib/chain/terms.ts";
import { formatAmount, formatDate, formatPercent, parseAmount, toInput } from "../../lib/format.ts";
import { owedAtMaturity } from "../../lib/position-math.ts";
import { type ActionRequest, useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { LoanPreview } from "../loan/LoanPreview.tsx";
import { RateOutlook } from "../loan/RateOutlook.tsx";
import { Reason } from "../loan/Reason.tsx";
import { owed, TermsChoice } from "../loan/TermsChoice.tsx";
import { useChosenTerms } from "../loan/useChosenTerms.ts";
import { useLoan } from "../loan/useLoan.ts";
import {
  type BorrowIssue,
  borrowIssue,
  isEligibilityIssue,
  isStop,
  mostBorrowable,
  suggestedCollateral,
} from "./logic.ts";

const ADDED_ISSUES: readonly BorrowIssue[] = [
  "addedNotANumber",
  "addedTooManyDecimals",
  "addedExceedsBalance",
  "collateralPaused",
];

export function BorrowForm({ market }: { market: Market }) {
  const { view, record, collateral, loan } = market;
  const state = useLoan(market);
  const { state: action, busy, run } = useAction();
  const now = useChainTime();
  const [text, setText] = useState("");
  const [addedText, setAddedText] = useState<string>();
  const { borrow: b } = words;

  const offered = state.terms.filter((each) => offers(each, state.terms, state.positionUnder(each.id)?.debt));
  const [termsId, choose] = useChosenTerms(offered);
  const terms = offered.find(({ id }) => id === termsId);
  const view0 = state.positionUnder(termsId);
  const position = { collateral: view0?.collateral ?? 0n, debt: view0?.debt ?? 0n };
  const limits = state.limitsUnder(terms);

  const amount = parseAmount(text, loan.decimals);
  const wanted = amount.ok ? amount.value : 0n;
  const suggestion = suggestedCollateral(
    position,
    wanted,
    state.collateralBalance,
    limits,
    view.parameters.liquidation.lltv,
  );
  // Follows what is typed until it is touched.
  const shownAdded = addedText ?? (suggestion > 0n ? toInput(suggestion, collateral.decimals) : "");
  const added = parseAmount(shownAdded, collateral.decimals);
  const more = added.ok ? added.value : 0n;
  const issue = borrowIssue({
    connected: state.connected,
    standing: state.standing,
    newDebtPaused: view.newDebtPaused,
    lossNotCovered: view.lossNotCovered,
    collateralPaused: view.collateralPaused,
    navStatus: state.navStatus,
    navPending: state.navPending,
    terms,
    position,
    balance: state.collateralBalance,
    amount,
    added,
    limits,
  });
  const rate = terms?.ratePerYear ?? view.ratePerYear;
  const most = mostBorrowable({ ...position, collateral: position.collateral + more }, limits, rate);
  // Before collateral is chosen, Max is of all that there is.
  const possible = mostBorrowable(
    {
      ...position,
      collateral: position.collateral + (addedText === undefined ? state.collateralBalance : more),
    },
    limits,
    rate,
  );
  const after =
    amount.ok && (wanted > 0n || more > 0n)
      ? { collateral: position.collateral + more, debt: position.debt + wanted }
      : undefined;

  const said = (code: BorrowIssue) =>
    b.issues[code]({
      most: owedFloor(addedText === undefined ? possible : most, loan),
      minimum: owedFloor(limits.minDebt, loan),
      free: owedFloor(limits.freeCap, loan),
      cash: owedFloor(limits.cash ?? 0n, loan),
      collateral: collateral.symbol,
      rate: formatPercent(rate),
      variable: formatPercent(view.ratePerYear),
    });

  const submit = async () => {
    const { address } = state;
    if (!amount.ok || address === undefined || issue !== undefined) return;
    const marketAddress = record.market as Address;
    const invalidates = [
      keys.markets,
      keys.portfolio(address),
      keys.lanes(marketAddress),
      keys.terms(marketAddress),
      keys.history(address),
    ];
    const format = argumentFormat(market);
    const requests: ActionRequest[] = [];
    if (more > 0n) {
      requests.push({
        title: words.collateral.addTitle(`${formatAmount(more, collateral.decimals)} ${collateral.symbol}`),
        call: {
          address: marketAddress,
          abi: iMarketAbi,
          functionName: "addCollateral",
          args: [address, termsId, more],
        },
        allowance: { token: collateral.address, spender: marketAddress, amount: more },
        invalidates,
        format,
      });
    }
    requests.push({
      title: b.title(`${formatAmount(wanted, loan.decimals)} ${loan.symbol}`),
      call: {
        address: marketAddress,
        abi: iMarketAbi,
        functionName: "borrow",
        args: [address, termsId, wanted, address],
      },
      invalidates,
      format,
    });
    const done = await run(...requests);
    if (done.step === "confirmed") {
      setText("");
      setAddedText(undefined);
    }
  };

  const fixed = state.terms.filter(({ kind }) => kind === "fixed");
  const closedOn = fixed.some(({ open }) => open)
    ? undefined
    : fixed.map(({ openUntil }) => openUntil).sort((a, b) => Number(b - a))[0];
  const stop = isStop(issue) && issue !== undefined ? said(issue) : undefined;
  const typedIssue =
    issue === undefined || stop !== undefined || issue === "notConnected" || text === ""
      ? undefined
      : said(issue);
  const ofAdded = issue !== undefined && ADDED_ISSUES.includes(issue);
  if (state.connected && (!state.ready || !state.termsRead)) return <Skeleton className="h-80 w-full" />;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {stop !== undefined && <Reason eligibility={isEligibilityIssue(issue)}>{stop}</Reason>}
      <AmountInput
        label={b.label}
        text={text}
        onChange={setText}
        token={loan}
        {...(state.connected && { max: possible, maxLabel: b.most })}
        issue={ofAdded ? undefined : typedIssue}
        disabled={busy}
      />
      {state.connected && (
        <AmountInput
          label={b.addLabel}
          text={shownAdded}
          onChange={setAddedText}
          token={collateral}
          max={state.collateralBalance}
          maxLabel={words.loan.held}
          issue={ofAdded ? typedIssue : undefined}
          disabled={busy}
        />
      )}
      {addedText === undefined && suggestion > 0n && (
        <p className="-mt-3 text-small text-muted">{b.suggested}</p>
      )}
      <TermsChoice
        marketKey={record.key}
        terms={offered}
        chosen={termsId}
        onChoose={choose}
        accepts
        disabled={busy}
        atMaturity={
          terms?.kind === "fixed" && wanted > 0n && now !== undefined
            ? owed(owedAtMaturity(wanted, terms, now), loan)
            : undefined
        }
      />
      {terms !== undefined && terms.kind !== "fixed" && <RateOutlook market={market} borrowed={wanted} />}
      {terms?.kind === "fixed" && terms.openUntil > 0n && (
        <p className="text-small text-muted">{words.loan.openUntil(formatDate(terms.openUntil))}</p>
      )}
      {closedOn !== undefined && (
        <p className="text-small text-muted">{words.loan.fixedClosed(formatDate(closedOn))}</p>
      )}
      {state.navPending && <p className="text-small text-muted">{b.pendingNav}</p>}
      <LoanPreview market={market} at={state.at} before={position} after={after} />
      {more > 0n && <p className="text-small text-muted">{b.steps}</p>}
      {state.connected ? (
        <Button type="submit" busy={busy} disabled={issue !== undefined}>
          {more > 0n ? b.submitBoth : b.submit}
        </Button>
      ) : (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      )}
      <ActionStatus state={action} />
    </form>
  );
}

/** Disclosed terms that are open, and whatever the account owes under already; the market's own rate where nothing is disclosed. */
function offers(terms: LoanTerms, all: readonly LoanTerms[], debt: bigint | undefined): boolean {
  if (debt !== undefined && debt > 0n) return true;
  if (terms.kind === "own") return !all.some(({ kind, open }) => kind === "variable" && open);
  return terms.open;
}

function owedFloor(value: bigint, token: { decimals: number; symbol: string }): string {
  return `${formatAmount(value, token.decimals)} ${token.symbol}`;
}
