"use client";
// Answers: what can I move here? The chain's clock first, then what a development chain gives for nothing.
import { useState } from "react";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { Faucet } from "../../features/development/Faucet.tsx";
import { parseDays } from "../../features/development/logic.ts";
import { NodeForm } from "../../features/development/NodeForm.tsx";
import { mine } from "../../features/development/node.ts";
import { travel } from "../../features/development/travel.ts";
import { useHead, useSilent } from "../../lib/chain/head.ts";
import { useMarkets } from "../../lib/chain/markets.ts";
import { formatCount, formatTime } from "../../lib/format.ts";
import { navStatusOf } from "../../lib/market-figures.ts";
import { DEVELOPMENT_CHAIN, useRecord, useSettings } from "../../lib/settings.tsx";
import { Address as AddressText } from "../../parts/Address.tsx";
import { Button } from "../../parts/Button.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Figure } from "../../parts/Figure.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { TextInput } from "../../parts/TextInput.tsx";
import { openConnectDialog } from "../../shell/WalletButton.tsx";
import { words } from "../../words.ts";

export function Development() {
  const { chainId } = useSettings();
  const { development: d } = words;
  if (chainId !== DEVELOPMENT_CHAIN) {
    return (
      <div className="page flex flex-col gap-6 pt-10 sm:pt-14">
        <h1 className="text-figure font-semibold">{d.title}</h1>
        <Empty title={d.elsewhere}>{d.elsewhereAdvice(String(chainId))}</Empty>
      </div>
    );
  }
  return <Moves />;
}

function Moves() {
  const head = useHead().data;
  const silent = useSilent();
  const { address } = useConnection();
  const { markets, shared } = useRecord();
  const [days, setDays] = useState("30");
  const { development: d } = words;
  const parsed = parseDays(days);
  const issue = parsed.ok ? undefined : d.issues[parsed.issue];
  return (
    <div className="page flex flex-col gap-14 pt-10 sm:pt-14">
      <header className="flex flex-col gap-6">
        <h1 className="text-figure font-semibold tracking-tight">{d.title}</h1>
        <Figure
          size="hero"
          label={d.clock}
          value={head ? formatTime(head.timestamp) : silent ? null : undefined}
          source={{
            ...(head && { at: { number: head.number, timestamp: head.timestamp } }),
            formula: d.clockFormula,
          }}
        />
        <Navs />
      </header>
      <section className="grid gap-x-12 gap-y-8 md:grid-cols-2">
        <h2 className="sr-only">{d.clock}</h2>
        <NodeForm
          heading={d.travel}
          about={d.travelAbout}
          submit={d.go}
          issue={issue}
          act={async (client, progress) => {
            if (!parsed.ok) return { text: "" };
            const places = {
              oracles: markets.map(({ oracle }) => oracle as Address),
              markets: markets.map(({ market }) => market as Address),
              surplus: shared.surplus as Address,
              upkeep: shared.upkeep as Address,
            };
            const reports = await travel(client, parsed.seconds, places, (done) =>
              progress(d.progress(formatDays(done), formatDays(parsed.seconds))),
            );
            return { text: reports > 0 ? d.travelled(formatCount(reports)) : d.travelledAlone };
          }}
        >
          <TextInput label={d.days} value={days} onChange={setDays} />
        </NodeForm>
        <NodeForm
          heading={d.mine}
          about={d.mineAbout}
          submit={d.mineOne}
          act={async (client) => {
            await mine(client);
            return { text: d.mined };
          }}
        />
      </section>
      <section className="flex flex-col gap-6">
        <h2 className="text-title font-semibold">{d.faucet}</h2>
        {address === undefined ? (
          <div className="flex flex-col items-start gap-3">
            <p className="text-muted">{d.connectFirst}</p>
            <Button onClick={openConnectDialog}>{words.wallet.connect}</Button>
          </div>
        ) : (
          <>
            <p className="text-muted">
              {d.faucetFor} <AddressText value={address} />
            </p>
            <Faucet key={address} account={address} />
          </>
        )}
      </section>
    </div>
  );
}

/** Whole days of `seconds`. */
function formatDays(seconds: number): string {
  return formatCount(Math.floor(Math.max(0, seconds) / 86_400));
}

/** Whether travelling has left a NAV behind. */
function Navs() {
  const list = useMarkets().data?.value;
  if (list === undefined) return null;
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-2 text-small">
      {list.map(({ record, view }) => {
        const status = navStatusOf(view.nav);
        return (
          <li key={record.key} className="flex items-center gap-2">
            {record.title}
            <Tag tone={status === "fresh" ? "reed" : status === "missing" ? "plain" : "risk"}>
              {words.market.status[status]}
            </Tag>
          </li>
        );
      })}
    </ul>
  );
}
