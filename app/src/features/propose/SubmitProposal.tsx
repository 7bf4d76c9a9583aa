"use client";
// Sends a proposal as it was simulated, once its warnings were read, and goes to its page.
import { polderGovernorAbi } from "@polder/contracts";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { useConnection } from "wagmi";
import { type Governance, useProposingRefusal } from "../../lib/chain/governance.ts";
import { keys } from "../../lib/chain/keys.ts";
import { sentence } from "../../lib/sentence.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import type { Outlook } from "./useDraft.ts";

type Props = {
  governance: Governance;
  title: string;
  /** Of what is written now; nothing before it was simulated. */
  outlook: Outlook | undefined;
  waiting: boolean;
  onIncomplete(): void;
  onBusy(busy: boolean): void;
};

export function SubmitProposal({ governance, title, outlook, waiting, onIncomplete, onBusy }: Props) {
  const { library, protocol } = governance;
  const { address, isConnected } = useConnection();
  const refusal = useProposingRefusal(governance, address).data?.value.refusal;
  const router = useRouter();
  const [read, setRead] = useState<Outlook>();
  const { state, busy, run } = useAction();
  const p = words.proposing;

  const warned = outlook !== undefined && outlook.simulation.warnings.length > 0;
  const issue =
    outlook === undefined
      ? waiting
        ? "simulating"
        : "incomplete"
      : warned && read !== outlook
        ? "unread"
        : undefined;
  const [pressed, setPressed] = useState(false);

  const submit = async () => {
    setPressed(true);
    if (issue === "incomplete") onIncomplete();
    if (issue !== undefined || outlook === undefined) return;
    onBusy(true);
    const [targets, values, calldatas] = library.proposalReference(outlook.calls, outlook.description);
    const done = await run({
      title: p.title(title.trim()),
      call: {
        address: protocol.governance.governor,
        abi: polderGovernorAbi,
        functionName: "propose",
        args: [targets, values, calldatas, outlook.description],
      },
      invalidates: [keys.governance],
    });
    onBusy(false);
    if (done.step === "confirmed") {
      router.push(`/governance/${library.proposalId(outlook.calls, outlook.description)}`);
    }
  };

  return (
    <section className="flex flex-col gap-4">
      {warned && (
        <label className="flex items-baseline gap-3">
          <input
            type="checkbox"
            className="size-4 shrink-0 translate-y-0.5"
            checked={read === outlook}
            onChange={(event) => setRead(event.target.checked ? outlook : undefined)}
          />
          {p.still}
        </label>
      )}
      {isConnected && refusal !== undefined && (
        <div className="border-l-4 border-line bg-wash px-4 py-3 [overflow-wrap:anywhere]">
          <p className="font-semibold">{words.newProposal.cannotPropose}</p>
          <p>{sentence(refusal)}</p>
        </div>
      )}
      {isConnected ? (
        <Button busy={busy} disabled={refusal !== undefined} onClick={() => void submit()}>
          {p.submit}
        </Button>
      ) : (
        <>
          <p className="text-small text-muted">{words.newProposal.connect}</p>
          <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
        </>
      )}
      {pressed && issue !== undefined && (
        <p role="status" className="text-small text-muted">
          {p.issues[issue]}
        </p>
      )}
      <ActionStatus state={state} />
    </section>
  );
}
