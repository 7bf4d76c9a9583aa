"use client";
// Answers: what waits for my decision? Applications, persons, tokens and redemptions, each act by who may do it.
import { useState } from "react";
import { useConnection } from "wagmi";
import { Applications } from "../../features/issuer/Applications.tsx";
import { Persons } from "../../features/issuer/Persons.tsx";
import { Redemptions } from "../../features/issuer/Redemptions.tsx";
import { DocumentForm, MintForm, RecoverForm } from "../../features/issuer/TokenForms.tsx";
import { useChainTime } from "../../lib/chain/head.ts";
import { useMarkets } from "../../lib/chain/markets.ts";
import { useRedemptions } from "../../lib/chain/redemptions.ts";
import { useRegistry } from "../../lib/chain/registry.ts";
import { type RoleMembers, rolesOf, useRoleMembers } from "../../lib/chain/roles.ts";
import { formatCount } from "../../lib/format.ts";
import { Address } from "../../parts/Address.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Select } from "../../parts/Select.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Tabs } from "../../parts/Tabs.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";

const ROLES = ["registrar", "agent", "servicer"] as const;
type DeskRole = (typeof ROLES)[number];

export function IssuerDesk() {
  const { address } = useConnection();
  const registry = useRegistry();
  const redemptions = useRedemptions();
  const members = useRoleMembers();
  const markets = useMarkets();
  const now = useChainTime();
  const { issuer: i } = words;
  const all = [registry, redemptions, members, markets];
  const failed = all.find(({ data, isError }) => data === undefined && isError);
  const own = rolesOf(members.data?.value, address, ROLES);
  const barred = (role: DeskRole) => (own.includes(role) ? undefined : i.barred[role]);
  const open = redemptions.data?.value.filter(({ fulfilled }) => !fulfilled).length;
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <header className="flex flex-col gap-2">
        <h1 className="text-figure font-semibold tracking-tight">{i.title}</h1>
        <p className="max-w-prose text-muted">{i.lead}</p>
      </header>
      {failed !== undefined ? (
        <ErrorBox
          {...(failed.error && { detail: failed.error.message })}
          onRetry={() => void Promise.all(all.map((each) => each.refetch()))}
        />
      ) : (
        <>
          <div className="flex flex-wrap gap-x-14 gap-y-6">
            <Figure
              size="hero"
              label={i.openApplications}
              value={registry.data && formatCount(registry.data.value.applications.length)}
              source={{ at: registry.data?.at, formula: i.formulas.applications }}
            />
            <Figure
              size="hero"
              label={i.openRedemptions}
              value={open === undefined ? undefined : formatCount(open)}
              source={{ at: redemptions.data?.at, formula: i.formulas.redemptions }}
            />
          </div>
          <Who members={members.data?.value} own={own} connected={address !== undefined} />
          {registry.data === undefined || markets.data === undefined || now === undefined ? (
            <Skeleton className="h-60 w-full" />
          ) : (
            <Tabs
              label={i.title}
              tabs={[
                {
                  key: "applications",
                  label: i.tabs.applications,
                  content: (
                    <Applications
                      applications={registry.data.value.applications}
                      now={now}
                      barred={barred("registrar")}
                    />
                  ),
                },
                {
                  key: "persons",
                  label: i.tabs.persons,
                  content: (
                    <Persons persons={registry.data.value.persons} now={now} barred={barred("registrar")} />
                  ),
                },
                { key: "tokens", label: i.tabs.tokens, content: <Tokens barred={barred("agent")} /> },
                {
                  key: "redemptions",
                  label: i.tabs.redemptions,
                  content: redemptions.data && (
                    <Redemptions
                      redemptions={redemptions.data.value}
                      markets={markets.data.value}
                      agentBarred={barred("agent")}
                      servicerBarred={barred("servicer")}
                    />
                  ),
                },
              ]}
            />
          )}
        </>
      )}
    </div>
  );
}

type WhoProps = { members: RoleMembers | undefined; own: readonly DeskRole[]; connected: boolean };

/** What the connected account may do here, and which account may do the rest. */
function Who({ members, own, connected }: WhoProps) {
  const { issuer: i } = words;
  return (
    <section className="flex flex-col gap-3 border-l-4 border-line py-1 pl-5">
      <p className="text-lead font-medium">
        {!connected
          ? i.nobody
          : own.length === 0
            ? i.neither
            : i.youAre(own.map((role) => i.roles[role]).join(", "))}
      </p>
      <dl className="grid gap-x-8 gap-y-2 text-small sm:grid-cols-3">
        {ROLES.map((role) => (
          <div key={role}>
            <dt className="font-medium">
              {i.roles[role]} {own.includes(role) && <Tag tone="reed">{i.you}</Tag>}
            </dt>
            <dd className="text-muted">{i.mayDo[role]}</dd>
            <dd className="flex flex-wrap gap-x-3">
              {members === undefined ? (
                <Skeleton className="h-4 w-24" />
              ) : (
                members[role].map((each) => <Address key={each} value={each} />)
              )}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Tokens({ barred }: { barred: string | undefined }) {
  const markets = useMarkets().data?.value ?? [];
  const [key, setKey] = useState(markets[0]?.record.key ?? "");
  const market = markets.find(({ record }) => record.key === key);
  const { issuer: i } = words;
  return (
    <div className="flex flex-col gap-8">
      <div className="max-w-md">
        <Select
          label={i.asset}
          value={key}
          onChange={setKey}
          options={markets.map(({ record, collateral }) => ({
            value: record.key,
            label: `${record.title} (${collateral.symbol})`,
          }))}
        />
      </div>
      {market !== undefined && (
        <div key={key} className="grid gap-x-12 gap-y-10 lg:grid-cols-3">
          <MintForm market={market} barred={barred} />
          <DocumentForm market={market} barred={barred} />
          <RecoverForm market={market} barred={barred} />
        </div>
      )}
    </div>
  );
}
