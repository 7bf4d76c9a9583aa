"use client";
import { useHead, useSilent } from "../lib/chain/head.ts";
import { formatCount } from "../lib/format.ts";
import { useIndexHealth } from "../lib/index/useIndex.ts";
// The chain's newest block and clock, and how far the index is behind.
import { PageLink } from "../parts/PageLink.tsx";
import { Time } from "../parts/Time.tsx";
import { words } from "../words.ts";

export function ChainStatus() {
  const head = useHead().data;
  const silent = useSilent();
  const index = useIndexHealth();
  const { status } = words;
  return (
    <div className="flex flex-wrap gap-x-5 gap-y-1">
      {silent ? (
        <span>{status.silent}</span>
      ) : head === undefined ? (
        <span>{status.connecting}</span>
      ) : (
        <>
          <PageLink
            href={`/blocks/${head.number}`}
            className="underline-offset-4 hover:text-ink hover:underline"
          >
            {status.block(formatCount(head.number))}
          </PageLink>
          <Time at={head.timestamp} />
        </>
      )}
      <span>
        {index.state === "down"
          ? status.indexDown
          : index.state === "checking"
            ? status.indexChecking
            : index.lag === undefined || index.lag <= 1n
              ? status.indexAtHead
              : status.indexLag(formatCount(index.lag))}
      </span>
    </div>
  );
}
