"use client";
// Answers: what do I have, and is any of it at risk?
import { useConnection } from "wagmi";
import type { Market } from "../../lib/chain/markets.ts";
import { useMarkets, useTokens } from "../../lib/chain/markets.ts";
import { type Portfolio as PortfolioData, tokenOf, usePortfolio } from "../../lib/chain/portfolio.ts";
import { formatAmount, formatHealth, WAD } from "../../lib/format.ts";
import { USD_DECIMALS } from "../../lib/market-figures.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Button, ButtonLink } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { History } from "./History.tsx";
import { Holdings } from "./Holdings.tsx";
import { type PositionRow, Positions } from "./Positions.tsx";
import { type MarketUnits, worthOf } from "./worth.ts";

export function Portfolio() {
  const { address, isConnected } = useConnection();
  const { portfolio: p } = words;
  const record = useRecord();
  const markets = useMarkets();
  const tokens = useTokens();
  const portfolio = usePortfolio(address);
  if (!isConnected || address === undefined) {
    return (
      <div className="page flex flex-col gap-8 pt-10 sm:pt-14">
        <h1 className="text-hero font-semibold tracking-tight">{p.title}</h1>
        <Empty
          title={p.connectTitle}
          action={<Button onClick={openConnectDialog}>{words.wallet.connect}</Button>}
        >
          {p.connectAdvice}
        </Empty>
      </div>
    );
  }
  const error = portfolio.error ?? markets.error;
  const data = portfolio.data;
  const listed = markets.data?.value;
  if (error && (data === undefined || listed === undefined)) {
    const retry = () => {
      void portfolio.refetch();
      void markets.refetch();
    };
    return (
      <div className="page flex flex-col gap-8 pt-10 sm:pt-14">
        <h1 className="text-hero font-semibold tracking-tight">{p.title}</h1>
        <ErrorBox detail={error.message} onRetry={retry} />
      </div>
    );
  }
  const ready = data !== undefined && listed !== undefined && tokens.data !== undefined;
  const worth = ready ? worthOf(valuedOf(data.value, listed, tokens.data, record)) : undefined;
  const at = data?.at;
  const positions = ready ? openPositions(data.value, listed) : undefined;
  const dollars = (value: bigint | undefined, digits = 0) =>
    value === undefined ? undefined : `$${formatAmount(value, USD_DECIMALS, { compact: "short", digits })}`;
  const lowest = worth?.lowestHealth;
  return (
    <div className="page flex flex-col gap-14 pt-10 sm:pt-14">
      <header className="flex flex-col gap-8">
        <h1 className="sr-only">{p.title}</h1>
        <div className="flex flex-wrap gap-x-14 gap-y-6">
          <Figure
            size="hero"
            label={p.net}
            value={dollars(worth?.net, 2)}
            source={{ at, formula: p.formulas.net }}
          />
          <Figure
            size="hero"
            label={p.lowestHealth}
            value={worth && (lowest === undefined ? words.health.none : (formatHealth(lowest) ?? null))}
            risk={lowest !== undefined && lowest < (11n * WAD) / 10n}
            note={lowest !== undefined ? healthNote(lowest) : undefined}
            source={{ at, formula: p.formulas.health }}
          />
        </div>
        <div className="grid grid-cols-2 gap-x-10 gap-y-6 md:grid-cols-4">
          <Figure
            label={p.collateral}
            value={dollars(worth?.collateral)}
            source={{ at, formula: p.formulas.collateral }}
          />
          <Figure
            label={p.debt}
            value={
              worth &&
              `$${formatAmount(worth.debt, USD_DECIMALS, { compact: "short", digits: 0, rounding: "ceil" })}`
            }
            source={{ at, formula: p.formulas.debt }}
          />
          <Figure
            label={p.vaults}
            value={dollars(worth?.vaults)}
            source={{ at, formula: p.formulas.vaults }}
          />
          <Figure
            label={p.wallet}
            value={dollars(worth?.wallet)}
            source={{ at, formula: p.formulas.wallet }}
          />
        </div>
      </header>
      <section className="flex flex-col gap-5">
        <h2 className="text-title font-semibold">{p.positions}</h2>
        {positions === undefined ? (
          <Skeleton className="h-40 w-full" />
        ) : positions.length === 0 ? (
          <Empty
            title={p.noPositions}
            action={
              <ButtonLink href="/markets" small>
                {p.toMarkets}
              </ButtonLink>
            }
          >
            {p.noPositionsAdvice}
          </Empty>
        ) : (
          <Positions rows={positions} at={at} />
        )}
      </section>
      {ready ? (
        <Holdings portfolio={data.value} markets={listed} tokens={tokens.data} at={at} />
      ) : (
        <Skeleton className="h-40 w-full" />
      )}
      {listed !== undefined && tokens.data !== undefined && (
        <History account={address} markets={listed} tokens={tokens.data} />
      )}
    </div>
  );
}

function healthNote(health: bigint): string {
  return health < WAD
    ? words.health.liquidatable
    : health < (11n * WAD) / 10n
      ? words.health.near
      : words.health.safe;
}

/** Those with something in them, the least healthy first. */
function openPositions(portfolio: PortfolioData, markets: readonly Market[]): PositionRow[] {
  return portfolio.positions
    .flatMap((position) => {
      const market = marketAt(markets, position.market);
      const open = position.ok && (position.collateral > 0n || position.debt > 0n || position.inWorkout > 0n);
      return market !== undefined && open ? [{ market, position }] : [];
    })
    .sort((a, b) =>
      a.position.health < b.position.health ? -1 : a.position.health > b.position.health ? 1 : 0,
    );
}

function marketAt(markets: readonly Market[], address: string): Market | undefined {
  return markets.find(({ record }) => record.market.toLowerCase() === address.toLowerCase());
}

function unitsOf({ view, collateral, loan }: Market): MarketUnits {
  return {
    nav: view.nav.liquidationNav,
    navDecimals: view.nav.decimals,
    collateralDecimals: collateral.decimals,
    loanDecimals: loan.decimals,
  };
}

function valuedOf(
  portfolio: PortfolioData,
  markets: readonly Market[],
  tokens: NonNullable<ReturnType<typeof useTokens>["data"]>,
  { shared, dollar }: ReturnType<typeof useRecord>,
): Parameters<typeof worthOf>[0] {
  const decimalsOf = (address: string) => tokens.get(address.toLowerCase())?.decimals ?? 18;
  return {
    positions: openPositions(portfolio, markets).map(({ market, position }) => ({
      ...position,
      market: unitsOf(market),
    })),
    vaults: portfolio.vaults
      .filter(({ ok }) => ok)
      .map(({ assets, queuedAssets, asset }) => ({ assets, queuedAssets, decimals: decimalsOf(asset) })),
    dollars: [shared.stablecoin, dollar.token].map((token) => ({
      balance: tokenOf(portfolio, token)?.balance ?? 0n,
      decimals: decimalsOf(token),
    })),
    assets: markets.map((market) => ({
      balance: tokenOf(portfolio, market.collateral.address)?.balance ?? 0n,
      market: unitsOf(market),
    })),
  };
}
