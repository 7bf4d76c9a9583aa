"use client";
// Leaves the backstop: queues shares, takes them back out of the queue, claims them within their window.
import { iBackstopAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { useExit } from "../../lib/chain/exit.ts";
import { useChainTime } from "../../lib/chain/head.ts";
import { keys } from "../../lib/chain/keys.ts";
import type { Token } from "../../lib/chain/markets.ts";
import { usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatTime, parseAmount } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Time } from "../../parts/Time.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { Reason } from "../loan/Reason.tsx";
import { Pair } from "../loan/TermsChoice.tsx";
import { exitIssue } from "../vault/logic.ts";

export function ExitForm({ share, pusd }: { share: Token; pusd: Token }) {
  const { shared } = useRecord();
  const { address, isConnected } = useConnection();
  const portfolio = usePortfolio(address);
  const now = useChainTime();
  const { state, busy, run } = useAction();
  const [text, setText] = useState("");
  const view = portfolio.data?.value.vaults.find(
    (each) => each.ok && each.vault.toLowerCase() === shared.backstop.toLowerCase(),
  );
  const exit = useExit(address, view?.shares ?? 0n).data?.value;
  const { queue: q, ...b } = words.vaults.backstop;
  if (!isConnected) return <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>;
  if (view === undefined) return <Skeleton className="h-48 w-full" />;

  const amount = parseAmount(text, share.decimals);
  const issue = exitIssue({ connected: isConnected, shares: view.shares, amount });
  const contract = { address: shared.backstop as Address, abi: iBackstopAbi } as const;
  const asShares = (value: bigint) => formatAmount(value, share.decimals);
  const worthOf = (value: bigint) => (view.shares === 0n ? 0n : (view.assets * value) / view.shares);
  const send = async (title: string, functionName: string, args: readonly unknown[]) => {
    if (address === undefined) return;
    const done = await run({
      title,
      call: { ...contract, functionName, args },
      invalidates: [keys.backstop, keys.portfolio(address), keys.exit(address), keys.history(address)],
    });
    if (done.step === "confirmed") setText("");
  };
  const claimable = view.claimableShares > 0n;
  const waiting = view.queuedShares > 0n;
  const missed = waiting && !claimable && now !== undefined && now >= view.claimableFrom;
  return (
    <div className="flex flex-col gap-6">
      {waiting && (
        <div className="flex flex-col gap-3 border-l-4 border-water bg-wash py-3 pr-4 pl-4">
          <p className="font-medium">
            {b.queued(asShares(view.queuedShares), formatAmount(view.queuedAssets, pusd.decimals))}
          </p>
          <p className="text-small">
            {b.claimableFrom} <Time at={view.claimableFrom} now={now} />
            {exit?.queued !== undefined && exit.queued.from === view.claimableFrom && (
              <>
                {` ${b.claimableUntil} `}
                <Time at={exit.queued.until} />
              </>
            )}
          </p>
          {missed && <p className="text-small">{b.missed}</p>}
          <div className="flex flex-wrap gap-3">
            <Button
              disabled={!claimable || busy}
              onClick={() =>
                void send(b.claimTitle(asShares(view.claimableShares)), "redeem", [
                  view.claimableShares,
                  address,
                  address,
                ])
              }
            >
              {b.claim}
            </Button>
            <Button
              look="secondary"
              disabled={busy}
              onClick={() => void send(b.cancelTitle, "cancelExit", [])}
            >
              {b.cancel}
            </Button>
          </div>
        </div>
      )}
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (issue === undefined && amount.ok)
            void send(q.title(asShares(amount.value)), "requestExit", [amount.value]);
        }}
      >
        {issue === "nothingHeld" ? (
          <Reason>{q.issues.nothingHeld}</Reason>
        ) : exit?.refused ? (
          <Reason>{q.refused}</Reason>
        ) : null}
        <AmountInput
          label={q.label}
          text={text}
          onChange={setText}
          token={share}
          max={view.shares}
          issue={
            text === "" || issue === undefined || issue === "notConnected" || issue === "nothingHeld"
              ? undefined
              : q.issues[issue]
          }
          disabled={busy}
        />
        {amount.ok && issue === undefined && (
          <dl>
            <Pair
              term={q.worth}
            >{`${formatAmount(worthOf(amount.value), pusd.decimals)} ${pusd.symbol}`}</Pair>
          </dl>
        )}
        {exit?.ahead !== undefined && (
          <p className="text-small text-muted">
            {q.when(formatTime(exit.ahead.from), formatTime(exit.ahead.until))} {waiting && q.again}
          </p>
        )}
        <Button type="submit" busy={busy} disabled={issue !== undefined || exit?.refused === true}>
          {q.submit}
        </Button>
      </form>
      <ActionStatus state={state} />
    </div>
  );
}
