"use client";
// Gives a page what it reads votes with, or says why there are none: the library is on its way, the chain is silent, nothing was
// handed over.
import type { ReactNode } from "react";
import { type Governance, useGovernance } from "../../lib/chain/governance.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { words } from "../../words.ts";

type Props = { title: string; children(governance: Governance): ReactNode };

export function Governed({ title, children }: Props) {
  const { governance } = useRecord();
  const { data, error, refetch } = useGovernance();
  const { ungoverned, ungovernedAdvice, ungovernedCommand } = words.governance;
  if (data !== undefined) return children(data);
  return (
    <div className="page flex flex-col gap-8 pt-10 sm:pt-14">
      <h1 className="text-figure font-semibold tracking-tight">{title}</h1>
      {governance === undefined ? (
        <Empty title={ungoverned}>
          <p>{ungovernedAdvice}</p>
          <p className="font-mono text-small">{ungovernedCommand}</p>
        </Empty>
      ) : error !== null ? (
        <ErrorBox detail={error.message} onRetry={() => void refetch()} />
      ) : (
        <Waiting />
      )}
    </div>
  );
}

/** To the list of proposals, above what each page of governance says. */
export function Back() {
  return (
    <PageLink href="/governance" className="self-start text-small text-water underline underline-offset-2">
      {words.proposal.back}
    </PageLink>
  );
}

/** Rows of what is being read. */
export function Waiting({ rows = 5 }: { rows?: number }) {
  return (
    <div className="flex flex-col gap-2">
      {Array.from({ length: rows }, (_, i) => (
        <Skeleton key={i} className="h-14 w-full" />
      ))}
    </div>
  );
}
