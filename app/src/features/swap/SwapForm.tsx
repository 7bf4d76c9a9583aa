"use client";
// Swaps dollars and pUSD at the peg module: what comes out, the fee, what there is room for.
import { iPegModuleAbi } from "@polder/contracts";
import { useId, useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { keys } from "../../lib/chain/keys.ts";
import type { Token } from "../../lib/chain/markets.ts";
import { usePeg } from "../../lib/chain/peg.ts";
import { tokenOf, usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatPercent, formatPrice, parseAmount, WAD } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { useAction } from "../../lib/transactions/useAction.ts";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Choice } from "../../parts/Choice.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { Reason } from "../loan/Reason.tsx";
import { Pair } from "../loan/TermsChoice.tsx";
import {
  inflowStatuses,
  type SwapInIssue,
  type SwapOutIssue,
  smallest,
  swapInIssue,
  swapInValue,
  swapOutAssets,
  swapOutIssue,
} from "./logic.ts";

type Way = "in" | "out";

/** Told before anything is typed. */
const STOPS: readonly (SwapInIssue | SwapOutIssue)[] = [
  "stopped",
  "feedStale",
  "feedOutOfBounds",
  "ceilingReached",
  "windowUsed",
  "noBalance",
];

export function SwapForm({ dollar, pusd }: { dollar: Token; pusd: Token }) {
  const { shared } = useRecord();
  const { address, isConnected } = useConnection();
  const portfolio = usePortfolio(address);
  const peg = usePeg().data?.value;
  const { state, busy, run } = useAction();
  const [way, setWay] = useState<Way>("in");
  const [text, setText] = useState("");
  const name = useId();
  const { swap: s } = words;
  if (peg === undefined || (isConnected && portfolio.data === undefined))
    return <Skeleton className="h-72 w-full" />;

  const [from, to] = way === "in" ? [dollar, pusd] : [pusd, dollar];
  const balance = (portfolio.data && tokenOf(portfolio.data.value, from.address)?.balance) ?? 0n;
  const amount = parseAmount(text, from.decimals);
  const given = amount.ok ? amount.value : 0n;
  const feeBps = way === "in" ? peg.inBps : peg.outBps;
  const price = {
    dollarDecimals: dollar.decimals,
    price: peg.price,
    priceDecimals: peg.priceDecimals,
    feeBps,
  };
  const out = way === "in" ? swapInValue(given, price) : swapOutAssets(given, dollar.decimals, feeBps);
  const common = { connected: isConnected, balance, amount };
  const issue =
    way === "in"
      ? swapInIssue({
          ...common,
          status: inflowStatuses[peg.status] ?? "stopped",
          untilCeiling: peg.untilCeiling,
          inWindow: peg.inWindow,
        })
      : swapOutIssue({ ...common, reserve: peg.reserve, out });
  const most =
    way === "in"
      ? smallest(balance, peg.untilCeiling, peg.inWindow)
      : smallest(balance, peg.reserve * 10n ** BigInt(pusd.decimals - dollar.decimals));
  const dollars = (value: bigint) => `${formatAmount(value, dollar.decimals)} ${dollar.symbol}`;
  const figure =
    issue === "exceedsCeiling"
      ? dollars(peg.untilCeiling)
      : issue === "exceedsWindow"
        ? dollars(peg.inWindow)
        : issue === "exceedsReserve"
          ? dollars(peg.reserve)
          : from.symbol;
  const said = issue === undefined || issue === "notConnected" ? undefined : s.issues[issue](figure);
  const stop = issue !== undefined && STOPS.includes(issue);

  const submit = async () => {
    if (!amount.ok || address === undefined || issue !== undefined) return;
    const contract = shared.peg as Address;
    const done = await run({
      title: (way === "in" ? s.inTitle : s.outTitle)(`${formatAmount(given, from.decimals)} ${from.symbol}`),
      call: {
        address: contract,
        abi: iPegModuleAbi,
        functionName: way === "in" ? "swapIn" : "swapOut",
        args: [given, out, address],
      },
      allowance: { token: from.address, spender: contract, amount: given },
      invalidates: [keys.peg, keys.protocol, keys.portfolio(address), keys.history(address)],
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
      <Choice
        name={name}
        label={s.way}
        options={[
          { key: "in", label: s.in(dollar.symbol) },
          { key: "out", label: s.out(dollar.symbol) },
        ]}
        chosen={way}
        onChoose={(next) => {
          setWay(next);
          setText("");
        }}
        disabled={busy}
      />
      {stop && said !== undefined && <Reason>{said}</Reason>}
      <AmountInput
        label={s.label}
        text={text}
        onChange={setText}
        token={from}
        {...(isConnected && { max: most })}
        issue={text === "" || stop ? undefined : said}
        disabled={busy}
      />
      <dl className="flex flex-col gap-1">
        <Pair term={s.receive}>{`${formatAmount(out, to.decimals)} ${to.symbol}`}</Pair>
        <Pair term={s.fee}>{formatPercent((feeBps * WAD) / 10_000n)}</Pair>
        <Pair term={s.price}>{formatPrice(peg.price, peg.priceDecimals)}</Pair>
      </dl>
      <p className="text-small text-muted">{s.approvalAbout}</p>
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
