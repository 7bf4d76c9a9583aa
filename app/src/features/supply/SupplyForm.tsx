"use client";
// Lends to a market's pool: what will be held, at which rate, with one signature for the permit and one transaction.
import { iRouterAbi } from "@polder/contracts";
import { useState } from "react";
import { type Address, encodeFunctionData } from "viem";
import { useConnection } from "wagmi";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import { tokenOf, usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatPercent, parseAmount } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { leastShares, mostSuppliable, sharesFor, supplyIssue } from "./logic.ts";

export function SupplyForm({ market: { view, loan } }: { market: Market }) {
  const { shared } = useRecord();
  const { address, isConnected } = useConnection();
  const portfolio = usePortfolio(address);
  const [text, setText] = useState("");
  const [approve, setApprove] = useState(false);
  const { state, busy, run } = useAction();
  const { supply: s } = words;

  const balance = (portfolio.data && tokenOf(portfolio.data.value, loan.address)?.balance) ?? 0n;
  const { depositable, issuePrice, supplyRatePerYear } = view.pool;
  const amount = parseAmount(text, loan.decimals);
  const issue = supplyIssue({ connected: isConnected, amount, balance, depositable });
  const shares = amount.ok ? sharesFor(amount.value, issuePrice) : 0n;

  const submit = async () => {
    if (!amount.ok || address === undefined || issue !== undefined) return;
    const router = shared.router as Address;
    const deposit = [view.source, amount.value, leastShares(shares)] as const;
    const done = await run({
      title: s.title(`${formatAmount(amount.value, loan.decimals)} ${loan.symbol}`),
      call: { address: router, abi: iRouterAbi, functionName: "deposit", args: deposit },
      allowance: {
        token: loan.address,
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
      invalidates: [keys.markets, keys.portfolio(address), keys.lanes(view.market)],
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
        label={s.label}
        text={text}
        onChange={setText}
        token={loan}
        {...(isConnected && { max: mostSuppliable({ balance, depositable }) })}
        issue={text === "" || issue === undefined || issue === "notConnected" ? undefined : s.issues[issue]}
        disabled={busy}
      />
      <dl className="flex flex-col gap-1">
        <Line term={s.rate}>
          {formatPercent(supplyRatePerYear)} {words.market.perYear}
        </Line>
        <Line term={s.receive}>{`${formatAmount(shares, loan.decimals)} ${s.shares}`}</Line>
      </dl>
      <label className="flex items-baseline gap-2 text-small text-muted">
        <input type="checkbox" checked={approve} onChange={(event) => setApprove(event.target.checked)} />
        {words.transactions.approveInstead}
      </label>
      {isConnected ? (
        <Button type="submit" busy={busy} disabled={issue !== undefined}>
          {s.submit}
        </Button>
      ) : (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      )}
      <ActionStatus state={state} />
    </form>
  );
}

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-muted">{term}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
