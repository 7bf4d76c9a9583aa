"use client";
// Answers: is anything stopped, and who can stop what?
import { useConnection } from "wagmi";
import { type Stop, stopsOf } from "../../features/guard/logic.ts";
import { StopButton } from "../../features/guard/StopButton.tsx";
import { useMarkets } from "../../lib/chain/markets.ts";
import { usePeg } from "../../lib/chain/peg.ts";
import { rolesOf, useRoleMembers } from "../../lib/chain/roles.ts";
import { useRecord } from "../../lib/settings.tsx";
import { Address } from "../../parts/Address.tsx";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";
import { Back, Waiting } from "../governance/Governed.tsx";

export function GuardianPage() {
  const { address } = useConnection();
  const { shared, governance } = useRecord();
  const markets = useMarkets();
  const peg = usePeg();
  const members = useRoleMembers();
  const g = words.guardian;
  const guardians = members.data?.value.guardian;
  const guards = rolesOf(members.data?.value, address, ["guardian"]).length > 0;
  const stops =
    markets.data &&
    peg.data &&
    stopsOf(markets.data.value, { address: shared.peg, inflowStatus: peg.data.value.status });
  const stopped = stops?.filter((stop) => stop.stopped).length;
  const failed = [markets, peg, members].find(({ data, error }) => data === undefined && error !== null);
  return (
    <div className="page flex flex-col gap-12 pt-10 sm:pt-14">
      <header className="flex flex-col gap-4">
        <Back />
        <div role="status">
          <h1 className="inline text-hero font-semibold tracking-tight">
            {stopped === undefined ? (
              failed === undefined ? (
                <Skeleton className="h-[1.1em] w-full max-w-xl" />
              ) : (
                g.title
              )
            ) : (
              g.headline(stopped)
            )}
          </h1>{" "}
          <SourceButton label={g.title} source={{ at: markets.data?.at, formula: g.formula }} />
        </div>
        <p className="max-w-prose text-lead text-muted">{g.lead}</p>
      </header>
      <section className="flex flex-col gap-3 border-l-4 border-line py-1 pl-5">
        <p className="text-lead font-medium">
          {guards ? g.you : address === undefined ? g.nobody : g.notYou}
        </p>
        <p className="flex flex-wrap items-center gap-x-3 text-small text-muted">
          {g.who}
          {guardians === undefined ? (
            failed === undefined ? (
              <Skeleton className="h-4 w-24" />
            ) : (
              words.figure.none
            )
          ) : (
            guardians.map((each) => (
              <Address key={each} value={each} {...(each === governance?.timelock && { name: g.timelock })} />
            ))
          )}
        </p>
      </section>
      <section className="flex flex-col gap-5">
        <h2 className="text-title font-semibold">{g.list}</h2>
        {failed !== undefined ? (
          <ErrorBox
            {...(failed.error && { detail: failed.error.message })}
            onRetry={() => void Promise.all([markets, peg, members].map((each) => each.refetch()))}
          />
        ) : stops === undefined ? (
          <Waiting rows={11} />
        ) : (
          <Stops stops={stops} guards={guards} />
        )}
        <p className="max-w-prose text-small text-muted">{g.more}</p>
      </section>
    </div>
  );
}

function Stops({ stops, guards }: { stops: readonly Stop[]; guards: boolean }) {
  const g = words.guardian;
  return (
    <Table
      caption={g.list}
      rows={stops}
      rowKey={({ kind, market }) => `${kind} ${market?.key}`}
      columns={[
        {
          key: "what",
          head: g.columns.what,
          cell: ({ kind, market }) => (
            <>
              <span className="block font-medium">
                {market === undefined ? (
                  <PageLink href="/stablecoin">{g.stops[kind].what}</PageLink>
                ) : (
                  <>
                    <PageLink href={`/markets/${market.key}`}>{market.title}</PageLink>: {g.stops[kind].what}
                  </>
                )}
              </span>
              <span className="block text-small text-muted">{g.stops[kind].means}</span>
            </>
          ),
        },
        {
          key: "state",
          head: g.columns.state,
          cell: ({ stopped }) => (
            <Tag tone={stopped ? "risk" : "reed"}>{stopped ? g.stopped : g.running}</Tag>
          ),
        },
        ...(guards
          ? [
              {
                key: "act",
                head: g.columns.act,
                cell: (stop: Stop) =>
                  stop.stopped ? (
                    <span className="text-small text-muted">{g.stops[stop.kind].lifts}</span>
                  ) : (
                    <StopButton stop={stop} />
                  ),
              },
            ]
          : []),
      ]}
    />
  );
}
