"use client";
// Redemptions that wait: the agent pays for them, anybody settles what a workout was paid, the servicer gives up on it.
import { iRedemptionDeskAbi, iWorkoutAbi } from "@polder/contracts";
import { useState } from "react";
import type { Address } from "viem";
import { keys } from "../../lib/chain/keys.ts";
import type { Market } from "../../lib/chain/markets.ts";
import type { Redemption } from "../../lib/chain/redemptions.ts";
import { formatAmount, formatCount, parseAmount, toInput } from "../../lib/format.ts";
import { usdValueOf } from "../../lib/market-figures.ts";
import { Address as AddressText } from "../../parts/Address.tsx";
import { AmountInput } from "../../parts/AmountInput.tsx";
import { Button } from "../../parts/Button.tsx";
import { Dialog } from "../../parts/Dialog.tsx";
import { Empty } from "../../parts/Empty.tsx";
import { Table } from "../../parts/Table.tsx";
import { Tag } from "../../parts/Tag.tsx";
import { words } from "../../words.ts";
import { ActForm } from "../ActForm.tsx";
import { amountIssue } from "./logic.ts";

type Props = {
  redemptions: readonly Redemption[];
  markets: readonly Market[];
  agentBarred: string | undefined;
  servicerBarred: string | undefined;
};

type Row = Redemption & { market: Market };
type Act = "pay" | "settle" | "abandon";

export function Redemptions({ redemptions, markets, agentBarred, servicerBarred }: Props) {
  const [open, setOpen] = useState<{ row: Row; act: Act } | undefined>();
  const { issuer: i } = words;
  const rows = redemptions.flatMap((each): Row[] => {
    const market = markets.find(({ record }) => record.key === each.marketKey);
    return market === undefined ? [] : [{ ...each, market }];
  });
  if (rows.length === 0) return <Empty title={i.noRedemptions}>{i.noRedemptionsAdvice}</Empty>;
  const close = () => setOpen(undefined);
  return (
    <>
      <Table
        list
        caption={i.tabs.redemptions}
        rows={rows}
        rowKey={({ marketKey, requestId }) => `${marketKey}-${requestId}`}
        columns={[
          { key: "asset", head: i.columns.asset, cell: ({ market }) => market.record.title },
          {
            key: "id",
            head: i.columns.request,
            number: true,
            cell: ({ requestId }) => formatCount(requestId),
          },
          {
            key: "for",
            head: i.columns.person,
            cell: ({ controller, workout }) => (
              <AddressText value={workout?.owner ?? controller} {...(workout && { name: i.fromWorkout })} />
            ),
          },
          {
            key: "shares",
            head: i.columns.shares,
            number: true,
            cell: ({ shares, market: { collateral } }) =>
              `${formatAmount(shares, collateral.decimals)} ${collateral.symbol}`,
          },
          {
            key: "state",
            head: i.columns.state,
            cell: ({ fulfilled, workout }) => (
              <Tag tone={fulfilled ? "reed" : "water"}>
                {workout?.abandoned ? i.abandoned : fulfilled ? i.paid : i.waitsForMoney}
              </Tag>
            ),
          },
          {
            key: "act",
            head: i.columns.decide,
            cell: (row) => (
              <span className="flex gap-2">
                {!row.fulfilled && (
                  <Button small onClick={() => setOpen({ row, act: "pay" })}>
                    {i.pay}
                  </Button>
                )}
                {row.fulfilled && row.workout !== undefined && (
                  <Button small onClick={() => setOpen({ row, act: "settle" })}>
                    {i.settle}
                  </Button>
                )}
                {!row.fulfilled && row.workout !== undefined && !row.workout.abandoned && (
                  <Button small look="secondary" onClick={() => setOpen({ row, act: "abandon" })}>
                    {i.abandon}
                  </Button>
                )}
              </span>
            ),
          },
        ]}
      />
      {open !== undefined && (
        <Dialog
          open
          onOpenChange={(shown) => {
            if (!shown) close();
          }}
          title={{ pay: i.payHeading, settle: i.settleHeading, abandon: i.abandonHeading }[open.act]}
        >
          {open.act === "pay" ? (
            <Pay row={open.row} barred={agentBarred} onDone={close} />
          ) : (
            <ActForm
              label={open.act === "settle" ? i.settleHeading : i.abandonHeading}
              submit={open.act === "settle" ? i.settle : i.abandon}
              look={open.act === "settle" ? "primary" : "risk"}
              issue={open.act === "settle" ? undefined : servicerBarred}
              onDone={close}
              request={() => ({
                title: open.act === "settle" ? i.settleHeading : i.abandonHeading,
                call: {
                  address: open.row.market.record.workout as Address,
                  abi: iWorkoutAbi,
                  functionName: open.act === "settle" ? "settle" : "abandon",
                  args: [open.row.controller],
                },
                invalidates: [keys.redemptions, keys.markets],
              })}
            >
              <p>{open.act === "settle" ? i.settleAbout : i.abandonAbout}</p>
            </ActForm>
          )}
        </Dialog>
      )}
    </>
  );
}

function Pay({ row, barred, onDone }: { row: Row; barred: string | undefined; onDone(): void }) {
  const { market, requestId, shares } = row;
  const { collateral, loan, view, record } = market;
  const { issuer: i } = words;
  const worth = usdValueOf(shares, collateral.decimals, view.nav.liquidationNav, view.nav.decimals);
  const suggested = worth / 10n ** BigInt(18 - loan.decimals);
  const [text, setText] = useState(toInput(suggested, loan.decimals));
  const amount = parseAmount(text, loan.decimals);
  const wrong = amountIssue(amount);
  return (
    <ActForm
      label={i.payHeading}
      submit={i.pay}
      issue={barred ?? (wrong && i.issues[wrong])}
      onDone={onDone}
      request={() =>
        amount.ok
          ? {
              title: i.payTitle(`${formatAmount(amount.value, loan.decimals)} ${loan.symbol}`),
              call: {
                address: record.desk as Address,
                abi: iRedemptionDeskAbi,
                functionName: "fulfil",
                args: [requestId, amount.value],
              },
              allowance: { token: loan.address, spender: record.desk as Address, amount: amount.value },
              invalidates: [keys.redemptions],
            }
          : undefined
      }
    >
      <p>{i.payAbout(`${formatAmount(shares, collateral.decimals)} ${collateral.symbol}`)}</p>
      <AmountInput
        label={i.price}
        text={text}
        onChange={setText}
        token={loan}
        issue={wrong && i.issues[wrong]}
      />
    </ActForm>
  );
}
