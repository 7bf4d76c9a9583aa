// What a market was made with: thresholds, bonus, times.
import type { Market } from "../../lib/chain/markets.ts";
import { formatAmount, formatDuration, formatHealth, formatPercent } from "../../lib/format.ts";
import { Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";

export function RiskTable({ market: { view, loan } }: { market: Market }) {
  const { risk: r, maxLtv, lltv, ofValue, tabs } = words.market;
  const { liquidation, ...parameters } = view.parameters;
  const rows: { name: string; value: string }[] = [
    { name: maxLtv, value: `${formatPercent(parameters.maxLtv, 0)} ${ofValue}` },
    { name: lltv, value: `${formatPercent(liquidation.lltv, 0)} ${ofValue}` },
    { name: r.targetHealth, value: formatHealth(liquidation.targetHealth) ?? "" },
    {
      name: r.bonus,
      value: `${formatPercent(liquidation.minBonus, 0)} – ${formatPercent(liquidation.maxBonus, 0)}`,
    },
    {
      name: r.minDebt,
      value: `${formatAmount(liquidation.minDebt, loan.decimals, { digits: 0 })} ${loan.symbol}`,
    },
    { name: r.coolOff, value: formatDuration(parameters.coolOff) },
    {
      name: r.saleWindow,
      value: parameters.saleWindow === 0 ? r.noAuction : formatDuration(parameters.saleWindow),
    },
    {
      name: r.auction,
      value:
        parameters.auctionDuration === 0
          ? r.noAuction
          : `${formatDuration(parameters.auctionDuration)}, ${formatPercent(parameters.auctionStart, 0)} → ${formatPercent(parameters.auctionEnd, 0)}`,
    },
  ];
  return (
    <Table
      caption={tabs.risk}
      rows={rows}
      rowKey={({ name }) => name}
      columns={[
        { key: "name", head: r.parameter, cell: ({ name }) => name },
        { key: "value", head: r.value, number: true, cell: ({ value }) => value },
      ]}
    />
  );
}
