"use client";
// Takes out of a vault what its shares bring: Max redeems all shares, so that nothing is left over.
import { backstopAbi } from "@polder/contracts";
import type { QueryKey } from "@tanstack/react-query";
import { useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { keys } from "../../lib/chain/keys.ts";
import type { Token } from "../../lib/chain/markets.ts";
import { usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, parseAmount } from "../../lib/format.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { Reason } from "../loan/Reason.tsx";
import { Pair } from "../loan/TermsChoice.tsx";
import { withdrawIssue } from "./logic.ts";

type Props = {
  vault: Address;
  asset: Token;
  shareDecimals: number;
  texts: { label: string; submit: string; title(amount: string): string };
  invalidates: readonly QueryKey[];
};

/** What ERC-4626 says of taking out, which all vaults share. */
const abi = backstopAbi;

export function WithdrawForm({ vault, asset, shareDecimals, texts, invalidates }: Props) {
  const { address, isConnected } = useConnection();
  const portfolio = usePortfolio(address);
  const [text, setText] = useState("");
  const [max, setMax] = useState(false);
  const { state, busy, run } = useAction();
  const { withdraw: w } = words;

  const view = portfolio.data?.value.vaults.find(
    (each) => each.ok && each.vault.toLowerCase() === vault.toLowerCase(),
  );
  const [assets, withdrawable] = [view?.assets ?? 0n, view?.withdrawable ?? 0n];
  const amount = parseAmount(text, asset.decimals);
  const issue = withdrawIssue({ connected: isConnected, assets, withdrawable, amount });
  const all = max && withdrawable >= assets;
  const withUnit = (value: bigint) => `${formatAmount(value, asset.decimals)} ${asset.symbol}`;

  const submit = async () => {
    if (!amount.ok || address === undefined || view === undefined || issue !== undefined) return;
    const done = await run({
      title: texts.title(withUnit(amount.value)),
      call: all
        ? { address: vault, abi, functionName: "redeem", args: [view.shares, address, address] }
        : { address: vault, abi, functionName: "withdraw", args: [amount.value, address, address] },
      invalidates: [...invalidates, keys.portfolio(address), keys.history(address)],
    });
    if (done.step === "confirmed") {
      setText("");
      setMax(false);
    }
  };

  if (isConnected && portfolio.data === undefined) return <Skeleton className="h-48 w-full" />;
  const said =
    issue === undefined || issue === "notConnected" ? undefined : w.issues[issue](withUnit(withdrawable));
  const stop = issue === "nothingHeld" || issue === "noLiquidity";
  return (
    <form
      className="flex flex-col gap-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {stop && said !== undefined && <Reason>{said}</Reason>}
      <AmountInput
        label={texts.label}
        text={text}
        onChange={(next, fromMax) => {
          setText(next);
          setMax(fromMax);
        }}
        token={asset}
        {...(isConnected && { max: withdrawable, maxLabel: w.most })}
        issue={text === "" || stop ? undefined : said}
        disabled={busy}
      />
      {view !== undefined && view.shares > 0n && (
        <dl>
          <Pair term={w.shares}>{formatAmount(view.shares, shareDecimals)}</Pair>
          <Pair term={w.worth}>{withUnit(assets)}</Pair>
        </dl>
      )}
      {all && <p className="text-small text-muted">{w.allAbout}</p>}
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
