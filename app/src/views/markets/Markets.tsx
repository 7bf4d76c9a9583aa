"use client";
// Answers: where can I borrow or lend, and at what rate?
import { useMarkets } from "../../lib/chain/markets.ts";
import { formatPercent } from "../../lib/format.ts";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { words } from "../../words.ts";
import { bestRates } from "./best-rates.ts";
import { MarketList } from "./MarketList.tsx";

export function Markets() {
  const { data, error, isError, refetch, silent } = useMarkets();
  const { headline, lead, silent: silentWords } = words.markets;
  const best = data && bestRates(data.value);
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <div className="flex flex-col gap-4">
        <h1 className="text-hero font-semibold tracking-tight">
          {best?.borrow !== undefined ? (
            headline(
              formatPercent(best.borrow, 1),
              best.supply === undefined ? undefined : formatPercent(best.supply, 1),
            )
          ) : data === undefined && !isError ? (
            <Skeleton className="h-[1.1em] w-full max-w-2xl" />
          ) : (
            words.markets.title
          )}
        </h1>
        <p className="max-w-prose text-lead text-muted">{lead}</p>
      </div>
      {isError && data === undefined ? (
        <ErrorBox detail={error?.message} onRetry={() => void refetch()} />
      ) : (
        <MarketList markets={data?.value} at={data?.at} />
      )}
      {silent.length > 0 && <ErrorBox title={silentWords(silent.map(({ title }) => title).join(", "))} />}
    </div>
  );
}
