"use client";
// A form of one action: its fields, a button that says what it does, why it cannot be done, and how it goes.
import type { ReactNode } from "react";
import { useConnection } from "wagmi";
import { type ActionRequest, useAction } from "../lib/transactions/useAction.ts";
import { Button } from "../parts/Button.tsx";
import { ActionStatus } from "../shell/ActionStatus.tsx";
import { openConnectDialog } from "../shell/WalletButton.tsx";
import { words } from "../words.ts";

type Props = {
  /** Of the form, for who does not see it. */
  label: string;
  submit: string;
  look?: "primary" | "secondary" | "risk";
  small?: boolean;
  /** Why it cannot be done now, in words; the button stays shut. */
  issue?: string | undefined;
  /** Whether the issue is shown: not while nothing was typed yet. */
  quiet?: boolean;
  /** Asked when the button is pressed; nothing: it is not done. */
  request(): ActionRequest | undefined;
  onDone?(): void;
  children?: ReactNode;
};

export function ActForm({
  label,
  submit,
  look = "primary",
  small = false,
  issue,
  quiet = false,
  request,
  onDone,
  children,
}: Props) {
  const { isConnected } = useConnection();
  const { state, busy, run } = useAction();
  const act = async () => {
    const wanted = request();
    if (wanted === undefined || issue !== undefined || busy) return;
    if ((await run(wanted)).step === "confirmed") onDone?.();
  };
  return (
    <form
      aria-label={label}
      className="flex min-w-0 flex-col gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        void act();
      }}
    >
      {children}
      {isConnected ? (
        <Button
          type="submit"
          look={look}
          small={small}
          busy={busy}
          disabled={issue !== undefined}
          className="self-start"
        >
          {submit}
        </Button>
      ) : (
        <Button small={small} onClick={openConnectDialog} className="self-start">
          {words.wallet.connect}
        </Button>
      )}
      {isConnected && issue !== undefined && !quiet && <p className="text-small text-muted">{issue}</p>}
      <ActionStatus state={state} />
    </form>
  );
}
