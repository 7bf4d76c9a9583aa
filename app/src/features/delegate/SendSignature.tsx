"use client";
// Sends a delegation that somebody else signed, after saying whose votes go where.
import { pLDRAbi } from "@polder/contracts";
import { useEffect, useState } from "react";
import { parseSignature } from "viem";
import { useConnection } from "wagmi";
import type { Governance } from "../../lib/chain/governance.ts";
import { keys } from "../../lib/chain/keys.ts";
import { shortHex } from "../../lib/format.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { fromText } from "./logic.ts";
import { type SignatureIssue, useSignature } from "./useSignature.ts";

type Checked = { text: string; issue: SignatureIssue | undefined };

export function SendSignature({ governance: { protocol } }: { governance: Governance }) {
  const { token } = protocol.governance;
  const { isConnected } = useConnection();
  const [text, setText] = useState("");
  const [checked, setChecked] = useState<Checked>();
  const { state, busy, run } = useAction();
  const { check } = useSignature(token);
  const d = words.delegating;
  const signed = fromText(text);

  useEffect(() => {
    let current = true;
    setChecked(undefined);
    if (signed === undefined) return;
    void check(signed).then(
      (issue) => current && setChecked({ text, issue }),
      () => {},
    );
    return () => {
      current = false;
    };
  }, [text]);

  const issue = text === "" ? undefined : signed === undefined ? "unreadable" : checked?.issue;
  const good = signed !== undefined && checked?.text === text && checked.issue === undefined;

  const send = async () => {
    if (signed === undefined || !good) return;
    const { delegator, delegatee, nonce, expiry, signature } = signed;
    const { r, s, yParity } = parseSignature(signature);
    const done = await run({
      title: d.sendTitle(shortHex(delegator), shortHex(delegatee)),
      call: {
        address: token,
        abi: pLDRAbi,
        functionName: "delegateBySig",
        args: [delegatee, nonce, expiry, 27 + yParity, r, s],
      },
      invalidates: [keys.governance],
    });
    if (done.step === "confirmed") setText("");
  };

  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{d.bySignature}</h2>
      <p className="text-small text-muted">{d.bySignatureAbout}</p>
      <label className="flex flex-col gap-1.5 text-small font-medium">
        {d.paste}
        <textarea
          rows={4}
          value={text}
          disabled={busy}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
          aria-invalid={issue !== undefined}
          className="rounded-md border border-line-strong bg-paper px-3 py-2 font-mono text-small font-normal break-all"
        />
      </label>
      <p role="status" className="min-h-5 text-small text-muted [overflow-wrap:anywhere]">
        {issue !== undefined ? d.issues[issue] : good && d.sends(signed.delegator, signed.delegatee)}
      </p>
      {isConnected ? (
        <Button look="secondary" busy={busy} disabled={!good} onClick={() => void send()}>
          {d.send}
        </Button>
      ) : (
        <Button look="secondary" onClick={openConnectDialog}>
          {words.wallet.connect}
        </Button>
      )}
      <ActionStatus state={state} />
    </section>
  );
}
