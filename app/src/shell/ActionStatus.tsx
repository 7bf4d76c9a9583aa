// How the action that a form began is going, below its button: which signature is awaited, or how it ended.
import { formatCount } from "../lib/format.ts";
import type { ActionState } from "../lib/transactions/useAction.ts";
import { PageLink } from "../parts/PageLink.tsx";
import { words } from "../words.ts";

export function ActionStatus({ state }: { state: ActionState }) {
  const { steps, toast, open } = words.transactions;
  return (
    <div role="status" className="min-h-6 text-small">
      {state.part !== undefined && state.step !== "confirmed" && (
        <p className="font-medium">{words.transactions.part(state.part)}</p>
      )}
      {state.step === "failed" ? (
        <div className="flex flex-col gap-1 border-l-4 border-line-strong bg-wash py-2 pr-3 pl-4">
          <p className="font-medium">{state.failure.words}</p>
          {state.failure.detail !== undefined && (
            <p className="font-mono break-words text-muted">{state.failure.detail}</p>
          )}
        </div>
      ) : state.step === "confirmed" ? (
        <p>
          {toast.confirmed(formatCount(BigInt(state.block)))}.{" "}
          <PageLink href={`/tx/${state.hash}`} className="text-water underline underline-offset-2">
            {open}
          </PageLink>
        </p>
      ) : state.step === "idle" ? null : (
        <p className="text-muted">
          {state.step === "pending" && state.approval ? steps.pendingApproval : steps[state.step]}
        </p>
      )}
    </div>
  );
}
