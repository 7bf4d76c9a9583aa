"use client";
// Answers: what do I earn on pUSD?
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { DepositForm } from "../../features/vault/DepositForm.tsx";
import { vestingRate } from "../../features/vault/logic.ts";
import { WithdrawForm } from "../../features/vault/WithdrawForm.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import { keys } from "../../lib/chain/keys.ts";
import { useSavings } from "../../lib/chain/peg.ts";
import { usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatPercent, WAD } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Tabs } from "../../parts/Tabs.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { Head, useToken, useTokenPair } from "./Head.tsx";

const RAY = 10n ** 27n;

export function Savings() {
  const { savings: s } = words;
  const { shared } = useRecord();
  const { address } = useConnection();
  const portfolio = usePortfolio(address);
  const savings = useSavings();
  const tokens = useTokenPair();
  const share = useToken(shared.savings);
  const now = useChainTime();
  const view = savings.data?.value;
  const at = savings.data?.at;
  if (savings.error && view === undefined) {
    return (
      <Head here="/stablecoin/savings" title={s.title}>
        <ErrorBox detail={savings.error.message} onRetry={() => void savings.refetch()} />
      </Head>
    );
  }
  const own = portfolio.data?.value.vaults.find(
    (each) => each.ok && each.vault.toLowerCase() === shared.savings.toLowerCase(),
  );
  const rate =
    view && now !== undefined ? vestingRate({ ...view.vesting, index: view.vesting.index }, now) : undefined;
  const vests = view !== undefined && now !== undefined && now < view.vesting.end;
  const pusd = tokens?.pusd;
  return (
    <Head here="/stablecoin/savings" title={s.title}>
      <div className="flex flex-wrap gap-x-14 gap-y-6">
        <Figure
          size="hero"
          label={s.rate}
          value={rate === undefined ? undefined : formatPercent(rate)}
          unit={words.market.perYear}
          note={view && (vests ? s.vests : s.nothingVests)}
          source={{ at, formula: s.formulas.rate }}
        />
        {address !== undefined && (
          <Figure
            size="hero"
            label={s.own}
            value={portfolio.data && formatAmount(own?.assets ?? 0n, 18)}
            unit="pUSD"
            source={{ at: portfolio.data?.at, formula: s.formulas.own }}
          />
        )}
      </div>
      <div className="grid gap-12 lg:grid-cols-[minmax(0,1fr)_26rem]">
        <aside
          aria-label={s.actions}
          className="min-w-0 border border-line p-5 pt-2 lg:order-2 lg:self-start"
        >
          {pusd === undefined || share === undefined || view === undefined ? (
            <Skeleton className="h-72 w-full" />
          ) : (
            <Tabs
              small
              label={s.actions}
              tabs={[
                {
                  key: "save",
                  label: s.save,
                  content: (
                    <DepositForm
                      vault={shared.savings as Address}
                      asset={pusd}
                      shareDecimals={share.decimals}
                      depositable={view.depositable}
                      sharesFor={(assets) => (view.index === 0n ? 0n : (assets * RAY) / view.index)}
                      {...(rate !== undefined && {
                        rate: { term: s.rate, text: `${formatPercent(rate)} ${words.market.perYear}` },
                      })}
                      texts={words.vaults.savings.deposit}
                      invalidates={[keys.savings, keys.protocol]}
                      portfolioKeys={(account) => [keys.portfolio(account), keys.history(account)]}
                    />
                  ),
                },
                {
                  key: "redeem",
                  label: s.redeem,
                  content: (
                    <WithdrawForm
                      vault={shared.savings as Address}
                      asset={pusd}
                      shareDecimals={share.decimals}
                      texts={words.vaults.savings.withdraw}
                      invalidates={[keys.savings, keys.protocol]}
                    />
                  ),
                },
              ]}
            />
          )}
        </aside>
        <div className="flex min-w-0 flex-col gap-8">
          <div className="grid grid-cols-2 gap-x-10 gap-y-8">
            <Figure
              label={s.total}
              value={view && formatAmount(view.totalAssets, 18, { compact: "short", digits: 0 })}
              unit="pUSD"
              source={{ at, formula: s.formulas.total }}
            />
            <Figure
              label={s.price}
              value={view && formatAmount(view.index, 27, { digits: 6 })}
              unit="pUSD"
              source={{ at, formula: s.formulas.price }}
            />
            <Figure
              label={s.room}
              value={view && formatAmount(view.depositable, 18, { compact: "short", digits: 0 })}
              unit="pUSD"
              source={{ at, formula: s.formulas.room }}
            />
            <Figure
              label={s.payout}
              value={view && formatPercent((view.savingsBps * WAD) / 10_000n, 0)}
              note={s.payoutNote}
              source={{ at, formula: s.formulas.payout }}
            />
          </div>
          {view !== undefined && (
            <p className="text-muted">
              {vests ? s.vestsUntil : s.vestedAt} <Time at={view.vesting.end} now={now} />
            </p>
          )}
          <p className="max-w-prose text-muted">{s.about}</p>
        </div>
      </div>
    </Head>
  );
}
