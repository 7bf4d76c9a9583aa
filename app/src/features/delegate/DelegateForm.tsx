"use client";
// Lets an account say who votes with its PLDR: in a transaction of its own, or by a signature that somebody else sends.
import { pLDRAbi } from "@polder/contracts";
import { useId, useState } from "react";
import { type Address, getAddress } from "viem";
import { useConnection } from "wagmi";
import { type Governance, useBallot } from "../../lib/chain/governance.ts";
import { keys } from "../../lib/chain/keys.ts";
import { explain, type Failure } from "../../lib/errors.ts";
import { formatAmount, shortHex } from "../../lib/format.ts";
import { useAction } from "../../lib/transactions/useAction.ts";
import { Address as AddressText } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { ActionStatus } from "../../shell/ActionStatus.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";
import { type DelegateIssue, delegateIssue, toText } from "./logic.ts";
import { useSignature } from "./useSignature.ts";

const PLDR = 18; // decimals

export function DelegateForm({ governance }: { governance: Governance }) {
  const { protocol } = governance;
  const { token } = protocol.governance;
  const { address, isConnected } = useConnection();
  const ballot = useBallot(governance, address).data?.value;
  const [other, setOther] = useState(false);
  const [text, setText] = useState("");
  const [signed, setSigned] = useState<string>();
  const [failure, setFailure] = useState<Failure>();
  const { state, busy, run } = useAction();
  const { sign } = useSignature(token);
  const id = useId();
  const d = words.delegating;

  const to = other ? text.trim() : (address ?? "");
  const issue = delegateIssue({
    connected: isConnected,
    to,
    current: ballot?.delegate,
    balance: ballot?.balance ?? 0n,
  });

  const submit = async () => {
    if (issue !== undefined) return;
    setSigned(undefined);
    await run({
      title: d.title(other ? shortHex(to) : d.self),
      call: { address: token, abi: pLDRAbi, functionName: "delegate", args: [getAddress(to)] },
      invalidates: [keys.governance],
    });
  };

  const signOnly = async () => {
    if (issue !== undefined || address === undefined) return;
    setFailure(undefined);
    try {
      setSigned(toText(await sign(address, getAddress(to))));
    } catch (error) {
      setFailure(await explain(error));
    }
  };

  return (
    <section className="flex flex-col gap-4">
      <h2 className="text-title font-semibold">{d.heading}</h2>
      <p className="text-small text-muted">{d.about}</p>
      {!isConnected || address === undefined ? (
        <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
      ) : (
        <>
          <dl className="flex flex-col gap-1">
            <Line term={d.held}>{ballot && `${formatAmount(ballot.balance, PLDR)} PLDR`}</Line>
            <Line term={d.votes}>{ballot && formatAmount(ballot.votes, PLDR)}</Line>
            <Line term={d.delegate}>{ballot && <Delegate of={address} delegate={ballot.delegate} />}</Line>
          </dl>
          <form
            className="flex flex-col gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              void submit();
            }}
          >
            <fieldset className="flex flex-col gap-1" disabled={busy}>
              <legend className="mb-1 text-small font-medium">{d.to}</legend>
              {[false, true].map((choice) => (
                <label key={`${choice}`} className="flex min-h-10 items-center gap-3">
                  <input
                    type="radio"
                    name={id}
                    checked={other === choice}
                    onChange={() => setOther(choice)}
                    className="size-4"
                  />
                  {choice ? d.toOther : d.toSelf}
                </label>
              ))}
            </fieldset>
            {other && (
              <label className="flex flex-col gap-1.5 text-small font-medium">
                {d.address}
                <input
                  value={text}
                  disabled={busy}
                  onChange={(event) => setText(event.target.value)}
                  autoComplete="off"
                  spellCheck={false}
                  placeholder="0x…"
                  aria-invalid={text !== "" && issue === "notAnAddress"}
                  className="rounded-md border border-line-strong bg-paper px-3 py-2.5 font-mono text-small font-normal"
                />
              </label>
            )}
            {ballot !== undefined && issue !== undefined && !(other && text === "") && (
              <Issue issue={issue} />
            )}
            <Button type="submit" busy={busy} disabled={issue !== undefined}>
              {d.submit}
            </Button>
            <Button look="secondary" disabled={issue !== undefined || busy} onClick={() => void signOnly()}>
              {d.sign}
            </Button>
            <p className="text-small text-muted">{d.signAbout}</p>
          </form>
          <ActionStatus state={failure === undefined ? state : { step: "failed", failure }} />
          {signed !== undefined && <Signed text={signed} />}
        </>
      )}
    </section>
  );
}

function Issue({ issue }: { issue: DelegateIssue }) {
  return (
    <p role="status" className="text-small text-muted">
      {words.delegating.issues[issue]}
    </p>
  );
}

function Delegate({ of, delegate }: { of: Address; delegate: Address }) {
  const d = words.delegating;
  if (BigInt(delegate) === 0n) return d.nobody;
  return delegate.toLowerCase() === of.toLowerCase() ? d.self : <AddressText value={delegate} />;
}

function Signed({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const d = words.delegating;
  return (
    <div className="flex flex-col items-start gap-2">
      <label className="flex w-full flex-col gap-1.5 text-small font-medium">
        {d.signed}
        <textarea
          readOnly
          rows={5}
          value={text}
          className="rounded-md border border-line-strong bg-wash px-3 py-2 font-mono text-small font-normal break-all"
        />
      </label>
      <Button
        look="secondary"
        small
        onClick={() =>
          void navigator.clipboard.writeText(text).then(
            () => setCopied(true),
            () => {},
          )
        }
      >
        {copied ? d.copied : d.copy}
      </Button>
    </div>
  );
}

function Line({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div className="flex flex-wrap justify-between gap-x-4">
      <dt className="text-muted">{term}</dt>
      <dd className="font-medium">{children}</dd>
    </div>
  );
}
