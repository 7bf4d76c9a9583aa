import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readSettings } from "../../../server/settings.ts";
import { MarketPage } from "../../../views/market/MarketPage.tsx";
import { words } from "../../../words.ts";

type Props = { params: Promise<{ key: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await find(params))?.title ?? words.notFound.title };
}

export default async function Page({ params }: Props) {
  const { record } = await readSettings();
  const { key } = await params;
  // Without a record the shell says what to do; with one, a market is in it or not.
  if (record !== undefined && (await find(params)) === undefined) notFound();
  return <MarketPage marketKey={key} />;
}

async function find(params: Props["params"]) {
  const { record } = await readSettings();
  const { key } = await params;
  return record?.markets.find((market) => market.key === key);
}
