"use client";
// Repays a loan, in part or in full: Max leaves nothing, whatever interest ran meanwhile.
import { iRouterAbi } from "@polder/contracts";
import { useState } from "react";
import { type Address, encodeFunctionData } from "viem";
import { argumentFormat } from "../../lib/argument-format.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { formatAmount, MAX_UINT, parseAmount } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { LoanPreview } from "../loan/LoanPreview.tsx";
import { PermitChoice } from "../loan/PermitChoice.tsx";
import { Reason } from "../loan/Reason.tsx";
import { owed, TermsChoice } from "../loan/TermsChoice.tsx";
import { useChosenTerms } from "../loan/useChosenTerms.ts";
import { useLoan } from "../loan/useLoan.ts";
import { allowanceForAll, leavesDust, mostRepayable, repayIssue } from "./logic.ts";

export function RepayForm({ market }: { market: Market }) {
  const { record, view, loan } = market;
  const { shared } = useRecord();
  const state = useLoan(market);
  const { state: action, busy, run } = useAction();
  const [text, setText] = useState("");
  const [max, setMax] = useState(false);
  const [approve, setApprove] = useState(false);
  const { repay: r } = words;

  const owing = state.terms.filter(({ id }) => (state.positionUnder(id)?.debt ?? 0n) > 0n);
  const [termsId, choose] = useChosenTerms(owing);
  const terms = owing.find(({ id }) => id === termsId);
  const position = state.positionUnder(termsId);
  const debt = position?.debt ?? 0n;
  const rate = (terms?.ratePerYear ?? 0n) + (position?.overdue ? (terms?.penaltyPerYear ?? 0n) : 0n);
  const most = mostRepayable(debt, state.loanBalance, rate);
  const all = max && most.all;
  const amount = parseAmount(text, loan.decimals);
  const issue = repayIssue({ connected: state.connected, debt, balance: state.loanBalance, amount, all });
  const paid = all ? debt : amount.ok ? (amount.value > debt ? debt : amount.value) : 0n;

  const submit = async () => {
    const { address } = state;
    if (!amount.ok || address === undefined || issue !== undefined) return;
    const router = shared.router as Address;
    const args = [record.market as Address, address, termsId, all ? MAX_UINT : amount.value] as const;
    const done = await run({
      title: all
        ? r.titleAll(loan.symbol)
        : r.title(`${formatAmount(amount.value, loan.decimals)} ${loan.symbol}`),
      call: { address: router, abi: iRouterAbi, functionName: "repay", args },
      allowance: {
        token: loan.address,
        spender: router,
        amount: all ? allowanceForAll(debt, rate) : amount.value,
        ...(!approve && {
          withPermit: ({ token, value, deadline, v, r: sigR, s }) => ({
            address: router,
            abi: iRouterAbi,
            functionName: "multicall",
            args: [
              [
                encodeFunctionData({
                  abi: iRouterAbi,
                  functionName: "permit",
                  args: [token, value, deadline, v, sigR, s],
                }),
                encodeFunctionData({ abi: iRouterAbi, functionName: "repay", args }),
              ],
            ],
          }),
        }),
      },
      invalidates: [
        keys.markets,
        keys.portfolio(address),
        keys.lanes(record.market as Address),
        keys.history(address),
      ],
      format: argumentFormat(market),
    });
    if (done.step === "confirmed") {
      setText("");
      setMax(false);
    }
  };

  if (state.connected && (!state.ready || !state.termsRead)) return <Skeleton className="h-64 w-full" />;
  const said = issue === undefined || issue === "notConnected" ? undefined : r.issues[issue](loan.symbol);
  if (state.connected && issue === "noDebt") return <Reason>{r.issues.noDebt()}</Reason>;
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {issue === "noBalance" && said !== undefined && <Reason>{said}</Reason>}
      {owing.length > 0 && (
        <TermsChoice
          marketKey={record.key}
          terms={owing}
          chosen={termsId}
          onChoose={choose}
          disabled={busy}
          note={({ id }) => r.owes(owed(state.positionUnder(id)?.debt ?? 0n, loan))}
        />
      )}
      <AmountInput
        label={r.label}
        text={text}
        onChange={(next, fromMax) => {
          setText(next);
          setMax(fromMax);
        }}
        token={loan}
        {...(state.connected && { max: most.amount, maxLabel: most.all ? r.all : r.most, owed: most.all })}
        issue={text === "" ? undefined : said}
        disabled={busy}
      />
      {all && <p className="-mt-3 text-small text-muted">{r.allAbout}</p>}
      {amount.ok &&
        !all &&
        issue === undefined &&
        leavesDust(debt, paid, view.parameters.liquidation.minDebt) && (
          <p className="-mt-3 text-small text-muted">
            {r.leavesDust(owed(view.parameters.liquidation.minDebt, loan))}
          </p>
        )}
      <LoanPreview
        market={market}
        at={state.at}
        before={{ collateral: position?.collateral ?? 0n, debt }}
        after={paid > 0n ? { collateral: position?.collateral ?? 0n, debt: debt - paid } : undefined}
      />
      <PermitChoice approve={approve} onChange={setApprove} />
      {state.connected ? (
        <Button type="submit" busy={busy} disabled={issue !== undefined}>
          {all ? r.submitAll : r.submit}
        </Button>
      ) : (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      )}
      <ActionStatus state={action} />
    </form>
  );
}
