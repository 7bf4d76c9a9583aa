"use client";
// A form of one act that the node does without a wallet, with how it goes below.
import type { ReactNode } from "react";
import { Button } from "../../parts/Button.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { words } from "../../words.ts";
import { type NodeAct, useNodeAction } from "./useNodeAction.ts";

type Props = {
  heading: string;
  about?: string;
  submit: string;
  /** Why it cannot be done now, in words. */
  issue?: string | undefined;
  act: NodeAct;
  children?: ReactNode;
};

export function NodeForm({ heading, about, submit, issue, act, children }: Props) {
  const { state, busy, run } = useNodeAction();
  return (
    <form
      aria-label={heading}
      className="flex min-w-0 flex-col gap-3 border-t border-line pt-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (issue === undefined && !busy) void run(act);
      }}
    >
      <h3 className="text-lead font-semibold">{heading}</h3>
      {about !== undefined && <p className="text-small text-muted">{about}</p>}
      {children}
      <Button type="submit" busy={busy} disabled={issue !== undefined} className="self-start">
        {submit}
      </Button>
      {issue !== undefined && <p className="text-small text-muted">{issue}</p>}
      <div role="status" className="min-h-6 text-small">
        {state.step === "busy" && <p className="text-muted">{state.progress ?? words.development.busy}</p>}
        {state.step === "done" && (
          <p>
            {state.text}{" "}
            {state.hash !== undefined && (
              <PageLink href={`/tx/${state.hash}`} className="text-water underline underline-offset-2">
                {words.transactions.open}
              </PageLink>
            )}
          </p>
        )}
        {state.step === "failed" && (
          <div className="border-l-4 border-line-strong bg-wash py-2 pr-3 pl-4">
            <p className="font-medium">{state.failure.words}</p>
            {state.failure.detail !== undefined && (
              <p className="font-mono break-words text-muted">{state.failure.detail}</p>
            )}
          </div>
        )}
      </div>
    </form>
  );
}
