"use client";
// Queues, executes and cancels a proposal, or says in words why that cannot be.
import { polderGovernorAbi } from "@polder/contracts";
import { useConnection } from "wagmi";
import type { Governance, ProposalAct, ProposalView } from "../../lib/chain/governance.ts";
import { CHAIN, keys } from "../../lib/chain/keys.ts";
import { sentence } from "../../lib/sentence.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { words } from "../../words.ts";

type Step = Exclude<ProposalAct, "vote">;

const STEPS: readonly Step[] = ["queue", "execute", "cancel"];

type Props = {
  governance: Governance;
  proposal: ProposalView;
  refusals: Record<ProposalAct, string | undefined> | undefined;
};

export function ProposalSteps({ governance: { library, protocol }, proposal, refusals }: Props) {
  const { isConnected } = useConnection();
  const { state, busy, run } = useAction();
  const s = words.proposalSteps;

  const take = (step: Step) =>
    run({
      title: s.titles[step](proposal.text.title),
      call: {
        address: protocol.governance.governor,
        abi: polderGovernorAbi,
        functionName: step,
        args: library.proposalReference(proposal.calls, proposal.description),
      },
      // What is executed may change anything.
      invalidates: [step === "execute" ? [CHAIN] : keys.governance],
    });

  const possible = refusals === undefined ? [] : STEPS.filter((step) => refusals[step] === undefined);
  const refused = refusals === undefined ? [] : STEPS.filter((step) => refusals[step] !== undefined);
  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{s.heading}</h2>
      {!isConnected && <p className="text-muted">{s.anybody}</p>}
      {possible.map((step) => (
        <div key={step} className="flex flex-col gap-1.5">
          <Button
            look={step === "cancel" ? "secondary" : "primary"}
            busy={busy}
            onClick={() => void take(step)}
          >
            {s.labels[step]}
          </Button>
          <p className="text-small text-muted">{s.about[step]}</p>
        </div>
      ))}
      {refused.length > 0 && (
        <ul className="flex flex-col gap-2 text-small text-muted">
          {refused.map((step) => (
            <li key={step} className="[overflow-wrap:anywhere]">
              <span className="font-medium text-ink">{s.cannot[step]}: </span>
              {sentence(refusals?.[step] ?? "")}
            </li>
          ))}
        </ul>
      )}
      <ActionStatus state={state} />
    </section>
  );
}
