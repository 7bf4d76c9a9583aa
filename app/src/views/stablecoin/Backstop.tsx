"use client";
// Answers: what do I earn for bearing the first loss, and when can I leave?
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { ExitForm } from "../../features/backstop/ExitForm.tsx";
import { DepositForm } from "../../features/vault/DepositForm.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import { keys } from "../../lib/chain/keys.ts";
import { useBackstop } from "../../lib/chain/peg.ts";
import { usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatPercent } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Tabs } from "../../parts/Tabs.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { Head, useToken, useTokenPair } from "./Head.tsx";
import { premiumRate } from "./premium.ts";

/** What OpenZeppelin's ERC-4626 adds to both sides, so that the first share has a price. */
const VIRTUAL = 1n;

export function Backstop() {
  const { backstop: b } = words;
  const { shared } = useRecord();
  const { address } = useConnection();
  const portfolio = usePortfolio(address);
  const backstop = useBackstop();
  const tokens = useTokenPair();
  const share = useToken(shared.backstop);
  const now = useChainTime();
  const view = backstop.data?.value;
  const at = backstop.data?.at;
  if (backstop.error && view === undefined) {
    return (
      <Head here="/stablecoin/backstop" title={b.title}>
        <ErrorBox detail={backstop.error.message} onRetry={() => void backstop.refetch()} />
      </Head>
    );
  }
  const own = portfolio.data?.value.vaults.find(
    (each) => each.ok && each.vault.toLowerCase() === shared.backstop.toLowerCase(),
  );
  const premium = view && at && premiumRate(view.premium, view.totalAssets, at.timestamp, view.premiumAt);
  const lost = view?.lost;
  const pusd = tokens?.pusd;
  const dollars = (value: bigint | undefined) =>
    value === undefined ? undefined : formatAmount(value, 18, { compact: "short", digits: 0 });
  return (
    <Head here="/stablecoin/backstop" title={b.title}>
      <div className="flex flex-wrap gap-x-14 gap-y-6">
        <Figure
          size="hero"
          label={b.size}
          value={dollars(view?.totalAssets)}
          unit="pUSD"
          source={{ at, formula: b.formulas.size }}
        />
        <Figure
          size="hero"
          label={b.rate}
          value={view && (premium === undefined ? null : formatPercent(premium))}
          unit={words.market.perYear}
          note={view && premium === undefined ? b.nothingVests : undefined}
          source={{ at, formula: b.formulas.rate }}
        />
        {address !== undefined && (
          <Figure
            size="hero"
            label={b.own}
            value={portfolio.data && formatAmount((own?.assets ?? 0n) + (own?.queuedAssets ?? 0n), 18)}
            unit="pUSD"
            note={
              own !== undefined && own.queuedShares > 0n ? (
                <>
                  {words.vaults.backstop.claimableFrom} <Time at={own.claimableFrom} now={now} />
                </>
              ) : undefined
            }
            source={{ at: portfolio.data?.at, formula: b.formulas.own }}
          />
        )}
      </div>
      <div className="grid gap-12 lg:grid-cols-[minmax(0,1fr)_26rem]">
        <aside
          aria-label={b.actions}
          className="min-w-0 border border-line p-5 pt-2 lg:order-2 lg:self-start"
        >
          {pusd === undefined || share === undefined || view === undefined ? (
            <Skeleton className="h-72 w-full" />
          ) : (
            <Tabs
              small
              label={b.actions}
              tabs={[
                {
                  key: "deposit",
                  label: b.deposit,
                  content: (
                    <DepositForm
                      vault={shared.backstop as Address}
                      asset={pusd}
                      shareDecimals={share.decimals}
                      depositable={view.depositable}
                      sharesFor={(assets) =>
                        (assets * (view.totalSupply + VIRTUAL)) / (view.totalAssets + VIRTUAL)
                      }
                      texts={words.vaults.backstop.deposit}
                      invalidates={[keys.backstop, keys.protocol]}
                      portfolioKeys={(account) => [
                        keys.portfolio(account),
                        keys.exit(account),
                        keys.history(account),
                      ]}
                    />
                  ),
                },
                { key: "leave", label: b.leave, content: <ExitForm share={share} pusd={pusd} /> },
              ]}
            />
          )}
        </aside>
        <div className="flex min-w-0 flex-col gap-8">
          <div className="grid grid-cols-2 gap-x-10 gap-y-8">
            <Figure
              label={b.covered}
              value={dollars(view?.covered)}
              unit="pUSD"
              note={view && b.needed(dollars(view.required) ?? "")}
              source={{ at, formula: b.formulas.covered }}
            />
            <Figure
              label={b.queued}
              value={
                view &&
                dollars(
                  view.totalSupply === 0n ? 0n : (view.totalAssets * view.queuedShares) / view.totalSupply,
                )
              }
              unit="pUSD"
              source={{ at, formula: b.formulas.queued }}
            />
            <Figure
              label={b.lost}
              value={dollars(lost)}
              unit="pUSD"
              risk={lost !== undefined && lost > 0n}
              source={{ at, formula: b.formulas.lost }}
            />
          </div>
          <p className="max-w-prose text-muted">{b.about}</p>
        </div>
      </div>
    </Head>
  );
}
