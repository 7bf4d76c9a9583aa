"use client";
// Who is on record, with freeze and release.
import { iEligibilityRegistryAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address } from "viem";
import { keys } from "../../lib/chain/keys.ts";
import type { Person } from "../../lib/chain/registry.ts";
import { formatCount, formatDate } from "../../lib/format.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Address as AddressText } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { TextInput } from "../../parts/TextInput.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import { jurisdictionName } from "../eligibility/jurisdictions.ts";

type Props = { persons: readonly Person[]; now: bigint; barred: string | undefined };

const ROWS = 50;
/** Later than any date that a record is given: it does not expire. */
const FOREVER = 10n ** 12n;

export function Persons({ persons, now, barred }: Props) {
  const [search, setSearch] = useState("");
  const [open, setOpen] = useState<Person | undefined>();
  const { issuer: i, eligibility: e } = words;
  if (persons.length === 0) return <Empty title={i.noPersons} />;
  const found = persons.filter(({ person }) => person.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <div className="flex flex-col gap-5">
      <div className="max-w-md">
        <TextInput
          label={i.searchPersons}
          value={search}
          onChange={setSearch}
          mono
          hint={i.listed(formatCount(Math.min(ROWS, found.length)), formatCount(persons.length))}
        />
      </div>
      <Table
        list
        caption={i.tabs.persons}
        rows={found.slice(0, ROWS)}
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
            key: "expiry",
            head: i.columns.expiry,
            cell: ({ expiry }) => (expiry > FOREVER ? words.transaction.never : formatDate(expiry)),
          },
          {
            key: "state",
            head: i.columns.state,
            cell: ({ frozen, expiry }) =>
              frozen ? (
                <Tag tone="risk">{e.tags.frozen}</Tag>
              ) : expiry <= now ? (
                <Tag>{e.tags.expired}</Tag>
              ) : (
                <Tag tone="reed">{e.tags.approved}</Tag>
              ),
          },
          {
            key: "act",
            head: i.columns.decide,
            cell: (person) => (
              <Button small look="secondary" onClick={() => setOpen(person)}>
                {person.frozen ? i.release : i.freeze}
              </Button>
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
          title={open.frozen ? i.releaseHeading : i.freezeHeading}
          description={<span className="font-mono text-small">{open.person}</span>}
        >
          <Freeze person={open} barred={barred} onDone={() => setOpen(undefined)} />
        </Dialog>
      )}
    </div>
  );
}

function Freeze({
  person: { person, frozen },
  barred,
  onDone,
}: {
  person: Person;
  barred: string | undefined;
  onDone(): void;
}) {
  const { shared } = useRecord();
  const { issuer: i } = words;
  return (
    <ActForm
      label={frozen ? i.releaseHeading : i.freezeHeading}
      submit={frozen ? i.release : i.freeze}
      look={frozen ? "primary" : "risk"}
      issue={barred}
      onDone={onDone}
      request={() => ({
        title: frozen ? i.releaseHeading : i.freezeHeading,
        call: {
          address: shared.registry as Address,
          abi: iEligibilityRegistryAbi,
          functionName: "setFrozen",
          args: [person, !frozen],
        },
        invalidates: [keys.registry, keys.portfolio(person)],
      })}
    >
      <p>{frozen ? i.releaseAbout : i.freezeAbout}</p>
    </ActForm>
  );
}
