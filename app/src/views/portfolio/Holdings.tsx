"use client";
// What an account lends, saves and stands in for, and the tokens in its wallet.
import type { Market, Token } from "../../lib/chain/markets.ts";
import { type Portfolio, tokenOf } from "../../lib/chain/portfolio.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { formatAmount } from "../../lib/format.ts";
import { toUsd, USD_DECIMALS, usdValueOf } from "../../lib/market-figures.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";

type Props = {
  portfolio: Portfolio;
  markets: readonly Market[];
  tokens: ReadonlyMap<string, Token>;
  at: At | undefined;
};

type Row = {
  key: string;
  name: string;
  href: string | undefined;
  amount: string;
  worth: bigint;
  note?: string;
};

export function Holdings({ portfolio, markets, tokens, at }: Props) {
  const record = useRecord();
  const { portfolio: p } = words;
  const token = (address: string) => tokens.get(address.toLowerCase());

  const shares = portfolio.vaults.flatMap((vault): Row[] => {
    const [share, asset] = [token(vault.vault), token(vault.asset)];
    if (!vault.ok || share === undefined || asset === undefined) return [];
    if (vault.shares === 0n && vault.queuedShares === 0n) return [];
    const market = markets.find(({ view }) => view.source.toLowerCase() === vault.vault.toLowerCase());
    const saved = vault.vault.toLowerCase() === record.shared.savings.toLowerCase();
    return [
      {
        key: vault.vault,
        name: market ? p.lentIn(market.record.title) : saved ? p.savings : p.backstop,
        href: market
          ? `/markets/${market.record.key}#withdraw`
          : saved
            ? "/stablecoin/savings"
            : "/stablecoin/backstop",
        amount: `${formatAmount(vault.shares + vault.queuedShares, share.decimals)} ${share.symbol}`,
        worth: toUsd(vault.assets + vault.queuedAssets, asset.decimals),
        ...(vault.queuedShares > 0n && {
          note: p.queued(`${formatAmount(vault.queuedShares, share.decimals)} ${share.symbol}`),
        }),
      },
    ];
  });

  const wallet = [
    ...[record.shared.stablecoin, record.dollar.token].flatMap((address): Row[] => {
      const [held, about] = [tokenOf(portfolio, address), token(address)];
      if (held === undefined || about === undefined || held.balance === 0n) return [];
      return [
        {
          key: address,
          name: about.name,
          href: "/stablecoin",
          amount: `${formatAmount(held.balance, about.decimals)} ${about.symbol}`,
          worth: toUsd(held.balance, about.decimals),
        },
      ];
    }),
    ...markets.flatMap(({ record: { key }, collateral, view: { nav } }): Row[] => {
      const held = tokenOf(portfolio, collateral.address);
      if (held === undefined || held.balance === 0n) return [];
      const frozen = held.accountFrozen ? held.balance : held.frozen;
      return [
        {
          key: collateral.address,
          name: collateral.name,
          href: `/markets/${key}#borrow`,
          amount: `${formatAmount(held.balance, collateral.decimals)} ${collateral.symbol}`,
          worth: usdValueOf(held.balance, collateral.decimals, nav.liquidationNav, nav.decimals),
          ...(frozen > 0n && {
            note: p.frozen(`${formatAmount(frozen, collateral.decimals)} ${collateral.symbol}`),
          }),
        },
      ];
    }),
  ];

  return (
    <div className="grid gap-x-14 gap-y-14 lg:grid-cols-2">
      <Section title={p.shares} rows={shares} at={at} formula={p.formulas.vaults}>
        <Empty title={p.noShares}>{p.noSharesAdvice}</Empty>
      </Section>
      <Section title={p.wallet} rows={wallet} at={at} formula={p.formulas.wallet}>
        <Empty title={p.noTokens} />
      </Section>
    </div>
  );
}

function Section({
  title,
  rows,
  at,
  formula,
  children,
}: {
  title: string;
  rows: readonly Row[];
  at: At | undefined;
  formula: string;
  children: React.ReactNode;
}) {
  const { columns: c } = words.portfolio;
  const columns: Column<Row>[] = [
    {
      key: "name",
      head: c.what,
      cell: ({ name, href, amount, note }) => (
        <>
          {href === undefined ? (
            name
          ) : (
            <PageLink href={href} className="font-medium underline-offset-4 hover:text-water hover:underline">
              {name}
            </PageLink>
          )}
          <span className="block text-small text-muted">{amount}</span>
          {note !== undefined && <span className="block text-small text-muted">{note}</span>}
        </>
      ),
    },
    {
      key: "worth",
      head: (
        <span className="inline-flex items-center gap-1">
          {c.worth}
          <SourceButton label={`${title}, ${c.worth}`} source={{ at, formula }} />
        </span>
      ),
      number: true,
      cell: ({ worth }) => formatAmount(worth, USD_DECIMALS),
    },
  ];
  return (
    <section className="flex min-w-0 flex-col gap-4">
      <h2 className="text-title font-semibold">{title}</h2>
      {rows.length === 0 ? (
        children
      ) : (
        <Table caption={title} columns={columns} rows={rows} rowKey={({ key }) => key} />
      )}
    </section>
  );
}
