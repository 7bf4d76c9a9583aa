import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readSettings } from "../../../server/settings.ts";
import { AssetPage } from "../../../views/asset/AssetPage.tsx";
import { words } from "../../../words.ts";

type Props = { params: Promise<{ key: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await find(params))?.title ?? words.notFound.title };
}

export default async function Page({ params }: Props) {
  const { record } = await readSettings();
  const { key } = await params;
  if (record !== undefined && (await find(params)) === undefined) notFound();
  return <AssetPage assetKey={key} />;
}

async function find(params: Props["params"]) {
  const { record } = await readSettings();
  const { key } = await params;
  return record?.markets.find((market) => market.key === key);
}
