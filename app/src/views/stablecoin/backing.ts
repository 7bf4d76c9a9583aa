// What stands behind the pUSD in circulation: the peg module's reserve and what the borrowers of minted loans owe. Pure.
import { WAD } from "../../lib/format.ts";
import { toUsd } from "../../lib/market-figures.ts";

/** Values in dollars of 18 decimals; a part without a title is the reserve. */
export type Backing = {
  parts: readonly { title: string | undefined; value: bigint }[];
  total: bigint;
  /** Of what is in circulation, wad; nothing where none is. */
  ratio: bigint | undefined;
};

export function backingOf({
  supply,
  reserve,
  dollarDecimals,
  facilities,
}: {
  supply: bigint;
  reserve: bigint;
  dollarDecimals: number;
  facilities: readonly { title: string; debt: bigint; decimals: number }[];
}): Backing {
  const parts = [
    { title: undefined, value: toUsd(reserve, dollarDecimals) },
    ...facilities.map(({ title, debt, decimals }) => ({ title, value: toUsd(debt, decimals) })),
  ];
  const total = parts.reduce((sum, { value }) => sum + value, 0n);
  return { parts, total, ratio: supply === 0n ? undefined : (total * WAD) / supply };
}
