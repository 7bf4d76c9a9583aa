"use client";
// Deposits into a vault - a lenders' pool, savings, the backstop - through the router: one signature for the permit and
// one transaction. What is received, and at which rate, is told before.
import { iRouterAbi } from "@polder/contracts";
import type { QueryKey } from "@tanstack/react-query";
import { useState } from "react";
import { type Address, encodeFunctionData } from "viem";
import { useConnection } from "wagmi";
import type { Token } from "../../lib/chain/markets.ts";
import { tokenOf, usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, parseAmount } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { PermitChoice } from "../loan/PermitChoice.tsx";
import { Pair } from "../loan/TermsChoice.tsx";
import { leastShares, mostSuppliable, supplyIssue } from "../supply/logic.ts";

type Props = {
  vault: Address;
  /** What is deposited. */
  asset: Token;
  /** Of the shares. */
  shareDecimals: number;
  /** What may be deposited more; the largest number where there is no cap. */
  depositable: bigint;
  /** Shares for an amount, rounded down. */
  sharesFor(assets: bigint): bigint;
  /** Per year, with its unit, and what it is called. */
  rate?: { term: string; text: string } | undefined;
  /** Of the form. */
  texts: {
    label: string;
    submit: string;
    title(amount: string): string;
    shares: string;
    poolFull: string;
    exceedsCap: string;
  };
  /** Beside the portfolio and its history. */
  invalidates: readonly QueryKey[];
  portfolioKeys(account: Address): readonly QueryKey[];
};

export function DepositForm({
  vault,
  asset,
  shareDecimals,
  depositable,
  sharesFor,
  rate,
  texts,
  invalidates,
  portfolioKeys,
}: Props) {
  const { shared } = useRecord();
  const { address, isConnected } = useConnection();
  const portfolio = usePortfolio(address);
  const [text, setText] = useState("");
  const [approve, setApprove] = useState(false);
  const { state, busy, run } = useAction();
  const { supply: s } = words;

  const balance = (portfolio.data && tokenOf(portfolio.data.value, asset.address)?.balance) ?? 0n;
  const amount = parseAmount(text, asset.decimals);
  const issue = supplyIssue({ connected: isConnected, amount, balance, depositable });
  const shares = amount.ok ? sharesFor(amount.value) : 0n;
  const said =
    issue === undefined
      ? undefined
      : issue === "poolFull" || issue === "exceedsCap"
        ? texts[issue]
        : s.issues[issue];

  const submit = async () => {
    if (!amount.ok || address === undefined || issue !== undefined) return;
    const router = shared.router as Address;
    const deposit = [vault, amount.value, leastShares(shares)] as const;
    const done = await run({
      title: texts.title(`${formatAmount(amount.value, asset.decimals)} ${asset.symbol}`),
      call: { address: router, abi: iRouterAbi, functionName: "deposit", args: deposit },
      allowance: {
        token: asset.address,
        spender: router,
        amount: amount.value,
        ...(!approve && {
          withPermit: ({ token, value, deadline, v, r, s: signature }) => ({
            address: router,
            abi: iRouterAbi,
            functionName: "multicall",
            args: [
              [
                encodeFunctionData({
                  abi: iRouterAbi,
                  functionName: "permit",
                  args: [token, value, deadline, v, r, signature],
                }),
                encodeFunctionData({ abi: iRouterAbi, functionName: "deposit", args: deposit }),
              ],
            ],
          }),
        }),
      },
      invalidates: [...invalidates, ...portfolioKeys(address)],
    });
    if (done.step === "confirmed") setText("");
  };

  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <AmountInput
        label={texts.label}
        text={text}
        onChange={setText}
        token={asset}
        {...(isConnected && { max: mostSuppliable({ balance, depositable }) })}
        issue={issue === "notConnected" || (text === "" && issue !== "poolFull") ? undefined : said}
        disabled={busy}
      />
      <dl className="flex flex-col gap-1">
        {rate !== undefined && <Pair term={rate.term}>{rate.text}</Pair>}
        <Pair term={s.receive}>{`${formatAmount(shares, shareDecimals)} ${texts.shares}`}</Pair>
      </dl>
      <PermitChoice approve={approve} onChange={setApprove} />
      {isConnected ? (
        <Button type="submit" busy={busy} disabled={issue !== undefined}>
          {texts.submit}
        </Button>
      ) : (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      )}
      <ActionStatus state={state} />
    </form>
  );
}
