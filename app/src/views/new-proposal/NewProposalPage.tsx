"use client";
// Answers: what would my proposal change?
import { useState } from "react";
import { DraftForm } from "../../features/propose/DraftForm.tsx";
import { SubmitProposal } from "../../features/propose/SubmitProposal.tsx";
import { useDraft } from "../../features/propose/useDraft.ts";
import type { Governance } from "../../lib/chain/governance.ts";
import { Empty } from "../../parts/Empty.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { words } from "../../words.ts";
import { Back, Governed, Waiting } from "../governance/Governed.tsx";
import { Actions } from "../proposal/Actions.tsx";
import { Changes, effectOf, Gas, Warnings } from "../proposal/Effect.tsx";

export function NewProposalPage() {
  return (
    <Governed title={words.newProposal.title}>{(governance) => <Writing governance={governance} />}</Governed>
  );
}

function Writing({ governance }: { governance: Governance }) {
  const { draft, setDraft, complaints, outlook, waiting, failed, retry } = useDraft(governance);
  const [all, setAll] = useState(false);
  const [busy, setBusy] = useState(false);
  const w = words.newProposal;
  const p = words.proposal;
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <header className="flex flex-col gap-3">
        <Back />
        <h1 className="text-figure font-semibold tracking-tight">{w.title}</h1>
        <p className="max-w-prose text-lead text-muted">{w.lead}</p>
      </header>
      <div className="grid gap-x-14 gap-y-12 lg:grid-cols-2">
        <DraftForm
          governance={governance}
          draft={draft}
          onChange={setDraft}
          complaints={complaints}
          all={all}
          disabled={busy}
        />
        <div className="flex min-w-0 flex-col gap-8">
          <section aria-label={w.effect} aria-busy={waiting} className="flex flex-col gap-6">
            <div role="status">
              <h2 className="inline text-hero font-semibold tracking-tight">
                {outlook === undefined ? (waiting ? p.simulating : w.effect) : effectOf(outlook.simulation)}
              </h2>{" "}
              {outlook !== undefined && (
                <SourceButton label={w.effect} source={{ at: outlook.at, formula: p.simulated }} />
              )}
            </div>
            {failed !== null ? (
              <ErrorBox title={p.simulationFailed} detail={failed.message} onRetry={retry} />
            ) : outlook !== undefined ? (
              <>
                <Changes changes={outlook.simulation.changes} />
                <Warnings warnings={outlook.simulation.warnings} />
                <Gas gas={outlook.simulation.gas} />
                <h3 className="text-title font-semibold">{p.actions}</h3>
                <Actions calls={outlook.simulation.calls} />
              </>
            ) : waiting ? (
              <Waiting rows={3} />
            ) : (
              <Empty title={w.nothingYet} />
            )}
          </section>
          <SubmitProposal
            governance={governance}
            title={draft.title}
            outlook={outlook}
            waiting={waiting}
            onIncomplete={() => setAll(true)}
            onBusy={setBusy}
          />
        </div>
      </div>
    </div>
  );
}
