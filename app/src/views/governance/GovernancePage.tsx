"use client";
// Answers: what is being decided?
import { type Governance, type ProposalView, useProposals } from "../../lib/chain/governance.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { Address } from "../../parts/Address.tsx";
import { ButtonLink } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { words } from "../../words.ts";
import { QuorumBar, VoteBar } from "./Ballots.tsx";
import { Governed, Waiting } from "./Governed.tsx";
import { ProposalList } from "./ProposalList.tsx";
import { Remaining, StateTag } from "./State.tsx";
import { mostUrgent } from "./standing.ts";

export function GovernancePage() {
  return (
    <Governed title={words.governance.title}>
      {(governance) => <Proposals governance={governance} />}
    </Governed>
  );
}

function Proposals({ governance }: { governance: Governance }) {
  const { data, error, refetch } = useProposals(governance);
  const g = words.governance;
  const urgent = data && mostUrgent(data.value);
  return (
    <div className="page flex flex-col gap-14 pt-10 sm:pt-14">
      <header className="flex flex-col gap-6">
        {urgent !== undefined && data !== undefined ? (
          <Urgent proposal={urgent} at={data.at} />
        ) : (
          <>
            <h1 className="text-hero font-semibold tracking-tight">
              {data === undefined ? g.title : g.nothing}
            </h1>
            <p className="max-w-prose text-lead text-muted">{g.nothingAdvice}</p>
          </>
        )}
        <div className="flex flex-wrap gap-3">
          {urgent !== undefined && (
            <ButtonLink look="primary" href={`/governance/${urgent.id}`}>
              {g.read}
            </ButtonLink>
          )}
          <ButtonLink href="/governance/new">{g.propose}</ButtonLink>
          <ButtonLink href="/governance/delegates">{g.delegates}</ButtonLink>
          <ButtonLink href="/governance/guardian">{g.guardian}</ButtonLink>
        </div>
      </header>
      <section className="flex flex-col gap-5">
        <h2 className="text-title font-semibold">{g.all}</h2>
        <p className="max-w-prose text-muted">{g.lead}</p>
        {error !== null && data === undefined ? (
          <ErrorBox detail={error.message} onRetry={() => void refetch()} />
        ) : data === undefined ? (
          <Waiting />
        ) : data.value.length === 0 ? (
          <Empty title={g.none}>{g.noneAdvice}</Empty>
        ) : (
          <ProposalList proposals={data.value} at={data.at} />
        )}
      </section>
    </div>
  );
}

function Urgent({ proposal, at }: { proposal: ProposalView; at: At }) {
  const g = words.governance;
  return (
    <>
      <div className="flex flex-col gap-3">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <StateTag state={proposal.state} />
          <span className="inline-flex items-center gap-1 text-lead font-semibold">
            <Remaining proposal={proposal} />
            <SourceButton label={g.columns.time} source={{ at, formula: g.formulas.remaining }} />
          </span>
        </div>
        <h1 className="max-w-4xl text-hero font-semibold tracking-tight break-words">
          {proposal.text.title}
        </h1>
        <p className="text-muted">
          <Address value={proposal.proposer} name={words.proposal.proposedBy} />
        </p>
      </div>
      <div className="grid max-w-2xl gap-x-10 gap-y-4 sm:grid-cols-2">
        <div>
          <p className="inline-flex items-center gap-1 text-small text-muted">
            {g.columns.votes}
            <SourceButton label={g.columns.votes} source={{ at, formula: g.formulas.votes }} />
          </p>
          <VoteBar proposal={proposal} />
        </div>
        <div>
          <p className="inline-flex items-center gap-1 text-small text-muted">
            {g.columns.quorum}
            <SourceButton label={g.columns.quorum} source={{ at, formula: g.formulas.quorum }} />
          </p>
          <QuorumBar proposal={proposal} />
        </div>
      </div>
    </>
  );
}
