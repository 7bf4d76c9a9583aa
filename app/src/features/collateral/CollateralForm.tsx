"use client";
// Adds collateral to a position or removes some: what that makes of its health, and how much can be removed at most.
import { iMarketAbi } from "@polder/contracts";
import { useId, useState } from "react";
import type { Address } from "viem";
import { argumentFormat } from "../../lib/argument-format.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { formatAmount, parseAmount } from "../../lib/format.ts";
import { mostRemovable } from "../../lib/position-math.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Choice.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { isEligibilityIssue } from "../borrow/logic.ts";
import { LoanPreview } from "../loan/LoanPreview.tsx";
import { Reason } from "../loan/Reason.tsx";
import { TermsChoice } from "../loan/TermsChoice.tsx";
import { useChosenTerms } from "../loan/useChosenTerms.ts";
import { useLoan } from "../loan/useLoan.ts";
import { type AddIssue, addIssue, type RemoveIssue, removeIssue } from "./logic.ts";

type Way = "add" | "remove";

/** Told before anything is typed. */
const STOPS: readonly (AddIssue | RemoveIssue)[] = [
  "notOnRecord",
  "frozen",
  "expired",
  "notBorrower",
  "collateralPaused",
  "noBalance",
  "noCollateral",
  "overdue",
  "navNotFresh",
];

export function CollateralForm({ market }: { market: Market }) {
  const { record, view, collateral } = market;
  const state = useLoan(market);
  const { state: action, busy, run } = useAction();
  const [way, setWay] = useState<Way>("add");
  const [text, setText] = useState("");
  const name = useId();
  const { collateral: c } = words;

  const has = (id: bigint) => {
    const position = state.positionUnder(id);
    return position !== undefined && (position.collateral > 0n || position.debt > 0n);
  };
  const offered = state.terms.filter(
    ({ id, kind, open }) => has(id) || (way === "add" && open && kind !== "own"),
  );
  const [termsId, choose] = useChosenTerms(
    [...offered].sort((a, b) => Number(has(b.id)) - Number(has(a.id))),
  );
  const terms = offered.find(({ id }) => id === termsId);
  const position = state.positionUnder(termsId);
  const before = { collateral: position?.collateral ?? 0n, debt: position?.debt ?? 0n };
  const removable = mostRemovable(before, {
    ...state.limitsUnder(terms),
    ratePerYear: terms?.ratePerYear ?? view.ratePerYear,
  });
  const amount = parseAmount(text, collateral.decimals);
  const common = {
    connected: state.connected,
    standing: state.standing,
    collateralPaused: view.collateralPaused,
    amount,
  };
  const issue =
    way === "add"
      ? addIssue({ ...common, balance: state.collateralBalance })
      : removeIssue({
          ...common,
          collateral: before.collateral,
          indebted: before.debt > 0n,
          overdue: position?.overdue ?? false,
          navStatus: state.navStatus,
          removable,
        });
  const moved = amount.ok ? amount.value : 0n;
  const after =
    moved === 0n || (way === "remove" && moved > before.collateral)
      ? undefined
      : { ...before, collateral: before.collateral + (way === "add" ? moved : -moved) };
  const amountText = (value: bigint) => `${formatAmount(value, collateral.decimals)} ${collateral.symbol}`;

  const submit = async () => {
    const { address } = state;
    if (!amount.ok || address === undefined || issue !== undefined) return;
    const market0 = record.market as Address;
    const shared = {
      invalidates: [keys.markets, keys.portfolio(address), keys.lanes(market0), keys.history(address)],
      format: argumentFormat(market),
    };
    const done = await run(
      way === "add"
        ? {
            ...shared,
            title: c.addTitle(amountText(moved)),
            call: {
              address: market0,
              abi: iMarketAbi,
              functionName: "addCollateral",
              args: [address, termsId, moved],
            },
            allowance: { token: collateral.address, spender: market0, amount: moved },
          }
        : {
            ...shared,
            title: c.removeTitle(amountText(moved)),
            call: {
              address: market0,
              abi: iMarketAbi,
              functionName: "removeCollateral",
              args: [address, termsId, moved, address],
            },
          },
    );
    if (done.step === "confirmed") setText("");
  };

  if (state.connected && (!state.ready || !state.termsRead)) return <Skeleton className="h-64 w-full" />;
  const said =
    issue === undefined || issue === "notConnected"
      ? undefined
      : c.issues[issue]({ most: amountText(removable), symbol: collateral.symbol });
  const stop = issue !== undefined && STOPS.includes(issue);
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <Choice
        name={name}
        label={c.way}
        options={[
          { key: "add", label: c.add },
          { key: "remove", label: c.remove },
        ]}
        chosen={way}
        onChoose={(next) => {
          setWay(next);
          setText("");
        }}
        disabled={busy}
      />
      {stop && said !== undefined && <Reason eligibility={isEligibilityIssue(issue)}>{said}</Reason>}
      {offered.length > 0 && (
        <TermsChoice
          marketKey={record.key}
          terms={offered}
          chosen={termsId}
          onChoose={choose}
          disabled={busy}
          note={({ id }) => c.holds(amountText(state.positionUnder(id)?.collateral ?? 0n))}
        />
      )}
      <AmountInput
        label={way === "add" ? c.addLabel : c.removeLabel}
        text={text}
        onChange={setText}
        token={collateral}
        {...(state.connected && {
          max: way === "add" ? state.collateralBalance : removable,
          maxLabel: way === "add" ? words.loan.held : c.removable,
        })}
        issue={text === "" || stop ? undefined : said}
        disabled={busy}
      />
      <LoanPreview market={market} at={state.at} before={before} after={after} />
      {way === "add" && <p className="text-small text-muted">{c.approvalAbout}</p>}
      {state.connected ? (
        <Button type="submit" busy={busy} disabled={issue !== undefined}>
          {way === "add" ? c.addSubmit : c.removeSubmit}
        </Button>
      ) : (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      )}
      <ActionStatus state={action} />
    </form>
  );
}
