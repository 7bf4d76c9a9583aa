"use client";
// Open applications, each with approval until a date, or denial for a reason. What is approved is exactly what is shown.
import { iEligibilityRegistryAbi } from "@polder/contracts";
import { useState } from "react";
import { type Address, stringToHex } from "viem";
import { keys } from "../../lib/chain/keys.ts";
import type { Application } from "../../lib/chain/registry.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Address as AddressText } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Table } from "../../parts/Table.tsx";
import { TextInput } from "../../parts/TextInput.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import { jurisdictionName } from "../eligibility/jurisdictions.ts";
import { bytes32Issue, dateIssue, dateOf, endOfDay } from "./logic.ts";

const YEAR = 31_536_000n;

type Props = {
  applications: readonly Application[];
  now: bigint;
  /** Why the connected account cannot decide, in words. */
  barred: string | undefined;
};

export function Applications({ applications, now, barred }: Props) {
  const [open, setOpen] = useState<{ application: Application; deny: boolean } | undefined>();
  const { issuer: i, eligibility: e } = words;
  if (applications.length === 0) return <Empty title={i.noApplications}>{i.noApplicationsAdvice}</Empty>;
  return (
    <>
      <Table
        list
        caption={i.tabs.applications}
        rows={applications}
        rowKey={({ person }) => person}
        columns={[
          { key: "person", head: i.columns.person, cell: ({ person }) => <AddressText value={person} /> },
          { key: "tier", head: i.columns.tier, cell: ({ tier }) => e.tiers[tier as 0 | 1 | 2 | 3] },
          {
            key: "residence",
            head: i.columns.residence,
            cell: ({ jurisdiction }) => (jurisdiction === 0 ? e.unknown : jurisdictionName(jurisdiction)),
          },
          {
            key: "evidence",
            head: i.columns.evidence,
            cell: ({ evidenceHash }) => <AddressText value={evidenceHash} />,
          },
          {
            key: "decide",
            head: i.columns.decide,
            cell: (application) => (
              <span className="flex gap-2">
                <Button small onClick={() => setOpen({ application, deny: false })}>
                  {i.approve}
                </Button>
                <Button small look="secondary" onClick={() => setOpen({ application, deny: true })}>
                  {i.deny}
                </Button>
              </span>
            ),
          },
        ]}
      />
      {open !== undefined && (
        <Dialog
          open
          onOpenChange={(shown) => {
            if (!shown) setOpen(undefined);
          }}
          title={open.deny ? i.denyHeading : i.approveHeading}
          description={<span className="font-mono text-small">{open.application.person}</span>}
        >
          {open.deny ? (
            <Deny application={open.application} barred={barred} onDone={() => setOpen(undefined)} />
          ) : (
            <Approve
              application={open.application}
              now={now}
              barred={barred}
              onDone={() => setOpen(undefined)}
            />
          )}
        </Dialog>
      )}
    </>
  );
}

type FormProps = { application: Application; barred: string | undefined; onDone(): void };

function Approve({ application, now, barred, onDone }: FormProps & { now: bigint }) {
  const { shared } = useRecord();
  const [date, setDate] = useState(dateOf(now + YEAR));
  const { issuer: i } = words;
  const wrong = dateIssue(date, now);
  const { person, tier, jurisdiction, issuer, evidenceHash } = application;
  return (
    <ActForm
      label={i.approveHeading}
      submit={i.approve}
      issue={barred ?? (wrong && i.issues[wrong])}
      onDone={onDone}
      request={() => ({
        title: i.approveTitle(words.eligibility.tiers[tier as 1 | 2 | 3]),
        call: {
          address: shared.registry as Address,
          abi: iEligibilityRegistryAbi,
          functionName: "approveRequest",
          args: [person, { tier, jurisdiction, issuer, evidenceHash }, endOfDay(date) ?? 0n],
        },
        invalidates: [keys.registry, keys.portfolio(person)],
      })}
    >
      <p>{i.approveAbout(words.eligibility.may[tier as 1 | 2 | 3])}</p>
      <TextInput
        type="date"
        label={i.expiry}
        value={date}
        onChange={setDate}
        issue={wrong && i.issues[wrong]}
      />
    </ActForm>
  );
}

function Deny({ application: { person }, barred, onDone }: FormProps) {
  const { shared } = useRecord();
  const [reason, setReason] = useState("");
  const { issuer: i } = words;
  const wrong = bytes32Issue(reason);
  return (
    <ActForm
      label={i.denyHeading}
      submit={i.deny}
      issue={barred ?? (wrong && i.issues[wrong])}
      quiet={barred === undefined && reason === ""}
      onDone={onDone}
      request={() => ({
        title: i.denyTitle,
        call: {
          address: shared.registry as Address,
          abi: iEligibilityRegistryAbi,
          functionName: "denyRequest",
          args: [person, stringToHex(reason.trim(), { size: 32 })],
        },
        invalidates: [keys.registry, keys.portfolio(person)],
      })}
    >
      <TextInput
        label={i.reason}
        value={reason}
        onChange={setReason}
        hint={i.reasonHint}
        issue={wrong === "textTooLong" ? i.issues[wrong] : undefined}
      />
    </ActForm>
  );
}
