"use client";
// Casts a vote with a reason, or says in words why it would not be taken.
import { polderGovernorAbi } from "@polder/contracts";
import { useId, useState } from "react";
import { useConnection } from "wagmi";
import type { Governance, ProposalView, Support } from "../../lib/chain/governance.ts";
import { keys } from "../../lib/chain/keys.ts";
import { formatCount } from "../../lib/format.ts";
import { sentence } from "../../lib/sentence.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { LONGEST_REASON, voteIssue } from "./logic.ts";

type Props = {
  governance: Governance;
  proposal: ProposalView /** Of the governor, for who is connected. */;
  refusal: string | undefined;
};

const CHOICES: readonly Support[] = ["for", "against", "abstain"];

export function VoteForm({ governance: { library, protocol }, proposal, refusal }: Props) {
  const { isConnected } = useConnection();
  const [support, setSupport] = useState<Support>();
  const [reason, setReason] = useState("");
  const { state, busy, run } = useAction();
  const id = useId();
  const v = words.vote;
  const open = proposal.state === "Active";
  const issue = voteIssue({ connected: isConnected, support, reason });

  const submit = async () => {
    if (support === undefined || issue !== undefined) return;
    const done = await run({
      title: v.title(v.support[support].toLowerCase(), proposal.text.title),
      call: {
        address: protocol.governance.governor,
        abi: polderGovernorAbi,
        functionName: "castVoteWithReason",
        args: [proposal.id, library.supports[support], reason.trim()],
      },
      invalidates: [keys.governance],
    });
    if (done.step === "confirmed") setReason("");
  };

  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{v.heading}</h2>
      {!isConnected ? (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      ) : refusal !== undefined ? (
        <p className="border-l-4 border-line bg-wash px-4 py-3 [overflow-wrap:anywhere]">
          {sentence(refusal)}
        </p>
      ) : open ? (
        <form
          className="flex flex-col gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            void submit();
          }}
        >
          <fieldset className="flex flex-col gap-1" disabled={busy}>
            <legend className="mb-1 text-small font-medium">{v.legend}</legend>
            {CHOICES.map((each) => (
              <label key={each} className="flex min-h-10 items-center gap-3">
                <input
                  type="radio"
                  name={id}
                  checked={support === each}
                  onChange={() => setSupport(each)}
                  className="size-4"
                />
                {v.support[each]}
              </label>
            ))}
          </fieldset>
          <label className="flex flex-col gap-1.5 text-small font-medium">
            {v.reason}
            <textarea
              rows={3}
              value={reason}
              disabled={busy}
              onChange={(event) => setReason(event.target.value)}
              aria-invalid={issue === "tooLong"}
              className="rounded-md border border-line-strong bg-paper px-3 py-2 text-base font-normal"
            />
          </label>
          {issue === "tooLong" && (
            <p className="text-small text-risk">{v.issues.tooLong(formatCount(LONGEST_REASON))}</p>
          )}
          <Button type="submit" busy={busy} disabled={issue !== undefined}>
            {v.submit}
          </Button>
          <p className="text-small text-muted">{v.final}</p>
        </form>
      ) : null}
      <ActionStatus state={state} />
    </section>
  );
}
