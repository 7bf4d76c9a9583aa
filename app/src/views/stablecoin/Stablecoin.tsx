"use client";
import { inflowStatuses } from "../../features/swap/logic.ts";
// Answers: is a pUSD worth a dollar, and what backs it?
import { SwapForm } from "../../features/swap/SwapForm.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import { useMarkets } from "../../lib/chain/markets.ts";
import { usePeg } from "../../lib/chain/peg.ts";
import { useProtocol } from "../../lib/chain/protocol.ts";
import { formatAmount, formatDuration, formatPercent, formatPrice, WAD } from "../../lib/format.ts";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { type Column, Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";
import { type Backing, backingOf } from "./backing.ts";
import { Head, useTokenPair } from "./Head.tsx";

export function Stablecoin() {
  const { stablecoin: s } = words;
  const peg = usePeg();
  const protocol = useProtocol();
  const markets = useMarkets();
  const tokens = useTokenPair();
  const now = useChainTime();
  const error = peg.error ?? protocol.error ?? markets.error;
  const view = peg.data?.value;
  const at = peg.data?.at;
  if (error && (view === undefined || protocol.data === undefined)) {
    const retry = () => {
      void peg.refetch();
      void protocol.refetch();
    };
    return (
      <Head here="/stablecoin" title={s.title}>
        <ErrorBox detail={error.message} onRetry={retry} />
      </Head>
    );
  }
  const status = view && (inflowStatuses[view.status] ?? "stopped");
  const dollar = tokens?.dollar;
  const inDollars = (value: bigint | undefined) =>
    value === undefined || dollar === undefined
      ? undefined
      : formatAmount(value, dollar.decimals, { compact: "short", digits: 0 });
  const backing =
    view && protocol.data && markets.data && dollar
      ? backingOf({
          supply: protocol.data.value.supply,
          reserve: view.reserve,
          dollarDecimals: dollar.decimals,
          facilities: markets.data.value
            .filter(({ view: { pool } }) => !pool.ok)
            .map(({ record, view: { totalDebt }, loan }) => ({
              title: record.title,
              debt: totalDebt,
              decimals: loan.decimals,
            })),
        })
      : undefined;
  return (
    <Head here="/stablecoin" title={s.title}>
      <div className="flex flex-col gap-4">
        <p className="text-hero font-semibold tracking-tight">
          {view === undefined ? (
            <Skeleton className="h-[1.1em] w-80" />
          ) : (
            s.answer(
              formatPrice(
                view.price < 10n ** BigInt(view.priceDecimals)
                  ? view.price
                  : 10n ** BigInt(view.priceDecimals),
                view.priceDecimals,
              ),
            )
          )}
        </p>
        <p className="flex max-w-prose flex-wrap items-center gap-x-3 gap-y-2 text-lead text-muted">
          {s.lead}
          {status !== undefined && <Tag tone={status === "open" ? "reed" : "risk"}>{s.status[status]}</Tag>}
        </p>
      </div>
      <div className="grid gap-12 lg:grid-cols-[minmax(0,1fr)_26rem]">
        <aside
          aria-label={s.swap}
          className="flex min-w-0 flex-col gap-4 border border-line p-5 lg:order-2 lg:self-start"
        >
          <h2 className="text-title font-semibold">{s.swap}</h2>
          {tokens === undefined ? <Skeleton className="h-72 w-full" /> : <SwapForm {...tokens} />}
        </aside>
        <div className="flex min-w-0 flex-col gap-12">
          <div className="grid grid-cols-2 gap-x-10 gap-y-8 md:grid-cols-3">
            <Figure
              label={s.figures.supply}
              value={
                protocol.data && formatAmount(protocol.data.value.supply, 18, { compact: "short", digits: 0 })
              }
              unit="pUSD"
              source={{ at: protocol.data?.at, formula: words.overview.formulas.supply }}
            />
            <Figure
              label={s.figures.reserve}
              value={inDollars(view?.reserve)}
              unit={dollar?.symbol ?? ""}
              source={{ at, formula: s.formulas.reserve }}
            />
            <Figure
              label={s.figures.surplus}
              value={
                protocol.data &&
                formatAmount(protocol.data.value.surplus, 18, { compact: "short", digits: 0 })
              }
              unit="pUSD"
              source={{ at: protocol.data?.at, formula: words.overview.formulas.surplus }}
            />
            <Figure
              label={s.figures.price}
              value={view && formatPrice(view.price, view.priceDecimals)}
              note={
                view &&
                now !== undefined &&
                s.said(formatDuration(now > view.saidAt ? now - view.saidAt : 0n))
              }
              source={{ at, formula: s.formulas.price }}
            />
            <Figure
              label={s.figures.untilCeiling}
              value={inDollars(view?.untilCeiling)}
              unit={dollar?.symbol ?? ""}
              note={view && s.ofCeiling(inDollars(view.ceiling) ?? "")}
              source={{ at, formula: s.formulas.untilCeiling }}
            />
            <Figure
              label={s.figures.inWindow}
              value={inDollars(view?.inWindow)}
              unit={dollar?.symbol ?? ""}
              note={view && s.ofWindow(inDollars(view.inflowCap) ?? "", formatDuration(view.window))}
              source={{ at, formula: s.formulas.inWindow }}
            />
          </div>
          <section className="flex flex-col gap-4">
            <h2 className="text-title font-semibold">{s.backing}</h2>
            {backing === undefined ? (
              <Skeleton className="h-40 w-full" />
            ) : (
              <BackingTable backing={backing} />
            )}
            <p className="max-w-prose text-small text-muted">{s.backingAbout}</p>
          </section>
          {view !== undefined && (
            <p className="max-w-prose text-small text-muted">
              {s.bounds(
                formatPercent((view.maxDeviationBps * WAD) / 10_000n),
                formatDuration(view.staleAfter),
              )}
            </p>
          )}
        </div>
      </div>
    </Head>
  );
}

function BackingTable({ backing }: { backing: Backing }) {
  const { stablecoin: s } = words;
  type Row = { name: string; value: bigint; share: bigint | undefined };
  const rows: Row[] = backing.parts.map(({ title, value }) => ({
    name: title ?? s.reserveRow,
    value,
    share: backing.total === 0n ? undefined : (value * WAD) / backing.total,
  }));
  const columns: Column<Row>[] = [
    { key: "name", head: s.columns.what, cell: ({ name }) => name },
    {
      key: "value",
      head: s.columns.value,
      number: true,
      cell: ({ value }) => formatAmount(value, 18, { digits: 0 }),
    },
    {
      key: "share",
      head: s.columns.share,
      number: true,
      cell: ({ share }) => (share === undefined ? "" : formatPercent(share, 1)),
    },
  ];
  return (
    <>
      <Table caption={s.backing} columns={columns} rows={rows} rowKey={({ name }) => name} />
      <p>
        {backing.ratio === undefined
          ? s.noSupply
          : s.covered(formatAmount(backing.total, 18, { digits: 0 }), formatPercent(backing.ratio, 1))}
      </p>
    </>
  );
}
