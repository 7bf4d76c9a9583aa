"use client";
// The market's 32 lanes as strips.
import type { MarketRecord } from "@polder/contracts/deployment/record.ts";
import type { Address } from "viem";
import { useLanes } from "../../lib/chain/markets.ts";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Strips } from "../../parts/Strips.tsx";
import { words } from "../../words.ts";
import { laneStrips } from "./lanes.ts";

export function Lanes({ record }: { record: MarketRecord }) {
  const { data, error, refetch } = useLanes(record.market as Address);
  if (error && data === undefined) return <ErrorBox detail={error.message} onRetry={() => void refetch()} />;
  return (
    <div className="flex flex-col gap-4">
      {data === undefined ? (
        <Skeleton className="h-40 w-full" />
      ) : (
        <Strips className="h-40" {...laneStrips(data.value, record.title, words.market.laneDebt)} />
      )}
      <p className="max-w-prose text-muted">{words.market.lanesAbout}</p>
    </div>
  );
}
