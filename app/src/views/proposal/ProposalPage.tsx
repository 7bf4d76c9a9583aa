"use client";
// Answers: what would this change? How it stands and what one can do stand beside it.
import { useConnection } from "wagmi";
import { ProposalSteps } from "../../features/proposal-steps/ProposalSteps.tsx";
import { VoteForm } from "../../features/vote/VoteForm.tsx";
import {
  type Governance,
  type ProposalDetail,
  useProposal,
  useRefusals,
  useSimulation,
} from "../../lib/chain/governance.ts";
import type { At } from "../../lib/chain/useChainQuery.ts";
import { Address } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { words } from "../../words.ts";
import { QuorumBar, VoteBar } from "../governance/Ballots.tsx";
import { Back, Governed, Waiting } from "../governance/Governed.tsx";
import { Remaining, StateTag } from "../governance/State.tsx";
import { shortId } from "../governance/standing.ts";
import { Actions } from "./Actions.tsx";
import { Description } from "./Description.tsx";
import { Changes, effectOf, Gas, Warnings } from "./Effect.tsx";
import { Timeline } from "./Timeline.tsx";
import { Voters } from "./Voters.tsx";

export function ProposalPage({ id }: { id: string }) {
  return (
    <Governed title={words.governance.number(shortId(BigInt(id)))}>
      {(governance) => <Loaded governance={governance} id={BigInt(id)} />}
    </Governed>
  );
}

function Loaded({ governance, id }: { governance: Governance; id: bigint }) {
  const { data, error, refetch } = useProposal(governance, id);
  if (data !== undefined) return <Proposal governance={governance} proposal={data.value} at={data.at} />;
  return (
    <div className="page flex flex-col gap-8 pt-10 sm:pt-14">
      <Back />
      <h1 className="text-figure font-semibold tracking-tight">{words.governance.number(shortId(id))}</h1>
      {error === null ? (
        <Waiting />
      ) : (
        <ErrorBox
          {...(/knows no proposal/.test(error.message) && { title: words.proposal.unknown })}
          detail={error.message}
          onRetry={() => void refetch()}
        />
      )}
    </div>
  );
}

type Props = { governance: Governance; proposal: ProposalDetail; at: At };

function Proposal({ governance, proposal, at }: Props) {
  const p = words.proposal;
  const { library, protocol } = governance;
  const ended = proposal.state === "Executed" || library.progressOf(proposal) === undefined;
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <header className="flex flex-col gap-3">
        <Back />
        <h1 className="max-w-4xl text-figure font-semibold tracking-tight break-words">
          {proposal.text.title}
        </h1>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
          <StateTag state={proposal.state} />
          <span className="font-semibold">
            <Remaining proposal={proposal} />
          </span>
          <span className="text-muted">
            <Address value={proposal.proposer} name={p.proposedBy} />
          </span>
        </div>
      </header>
      <div className="grid gap-x-14 gap-y-12 lg:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="flex min-w-0 flex-col gap-14">
          {ended ? (
            <Result proposal={proposal} at={at} />
          ) : (
            <Effect governance={governance} proposal={proposal} />
          )}
          <section className="flex flex-col gap-5">
            <h2 className="text-title font-semibold">{p.description}</h2>
            <Description governance={governance} text={proposal.text} />
          </section>
          <section className="flex flex-col gap-5">
            <h2 className="text-title font-semibold">{ended ? p.actionsDone : p.actions}</h2>
            <Actions calls={proposal.calls.map((call) => library.decodeCall(protocol, call))} />
          </section>
          <section className="flex flex-col gap-5">
            <h2 className="text-title font-semibold">{p.voters}</h2>
            <Voters voters={proposal.voters} visible={library.visible} />
          </section>
        </div>
        <aside className="flex min-w-0 flex-col gap-10">
          <Standing governance={governance} proposal={proposal} at={at} ended={ended} />
          <section className="flex flex-col gap-4">
            <h2 className="text-title font-semibold">{p.timeline}</h2>
            <Timeline proposal={proposal} />
          </section>
        </aside>
      </div>
    </div>
  );
}

/** What it would do from now on. */
function Effect({ governance, proposal }: Omit<Props, "at">) {
  const p = words.proposal;
  const { data, error, isFetching, refetch } = useSimulation(governance, proposal);
  if (error !== null && data === undefined) {
    return (
      <ErrorBox title={p.simulationFailed} detail={error.message} onRetry={() => void refetch()}>
        {p.simulationFailedAdvice}
      </ErrorBox>
    );
  }
  return (
    <section className="flex flex-col gap-6" aria-busy={data === undefined}>
      <div role="status">
        <h2 className="inline text-hero font-semibold tracking-tight">
          {data === undefined ? (
            <>
              <span className="sr-only">{p.simulating}</span>
              <Skeleton className="h-[1.1em] w-full max-w-lg" />
            </>
          ) : (
            effectOf(data.value)
          )}
        </h2>{" "}
        {data !== undefined && (
          <SourceButton label={words.newProposal.effect} source={{ at: data.at, formula: p.simulated }} />
        )}
      </div>
      {data === undefined ? (
        <Waiting rows={3} />
      ) : (
        <>
          <Changes changes={data.value.changes} />
          <Warnings warnings={data.value.warnings} />
          <div className="flex flex-wrap items-center gap-x-6 gap-y-2">
            <Gas gas={data.value.gas} />
            <Button look="secondary" small busy={isFetching} onClick={() => void refetch()}>
              {p.again}
            </Button>
          </div>
        </>
      )}
    </section>
  );
}

/** What it did, or that it did nothing. */
function Result({ proposal, at }: Omit<Props, "governance">) {
  const p = words.proposal;
  const { state, changed } = proposal;
  const never = (p.never as Readonly<Record<string, string>>)[state];
  return (
    <section className="flex flex-col gap-6">
      <div>
        <h2 className="inline text-hero font-semibold tracking-tight">
          {never ?? (changed?.length ? p.did(changed.length) : p.didNothing)}
        </h2>{" "}
        {changed !== undefined && <SourceButton label={p.didWhat} source={{ at, formula: p.measured }} />}
      </div>
      {changed !== undefined && <Changes changes={changed} />}
    </section>
  );
}

function Standing({ governance, proposal, at, ended }: Props & { ended: boolean }) {
  const g = words.governance;
  const { address } = useConnection();
  const refusals = useRefusals(governance, proposal, address).data?.value;
  return (
    <>
      <section className="flex flex-col gap-4">
        <h2 className="flex items-center gap-1 text-title font-semibold">
          {words.proposal.votes}
          <SourceButton label={words.proposal.votes} source={{ at, formula: g.formulas.votes }} />
        </h2>
        <VoteBar proposal={proposal} />
        <p className="flex items-center gap-1 text-small text-muted">
          {g.columns.quorum}
          <SourceButton label={g.columns.quorum} source={{ at, formula: g.formulas.quorum }} />
        </p>
        <QuorumBar proposal={proposal} />
      </section>
      {(proposal.state === "Pending" || proposal.state === "Active" || refusals !== undefined) && (
        <VoteForm governance={governance} proposal={proposal} refusal={refusals?.vote} />
      )}
      {!ended && <ProposalSteps governance={governance} proposal={proposal} refusals={refusals} />}
    </>
  );
}
