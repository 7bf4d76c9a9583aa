import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { readSettings } from "../../../../../server/settings.ts";
import { DocumentPage } from "../../../../../views/document/DocumentPage.tsx";
import { documentTitle } from "../../../../../views/market/document-title.ts";
import { words } from "../../../../../words.ts";

type Props = { params: Promise<{ key: string; name: string }> };

/** Names are the record's, or of documents published later; others are not shown in a title either. */
const NAME = /^[a-z0-9-]{1,31}$/;

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { name } = await params;
  return { title: NAME.test(name) ? documentTitle(name) : words.notFound.title };
}

export default async function Page({ params }: Props) {
  const { record } = await readSettings();
  const { key, name } = await params;
  const known = record === undefined || record.markets.some((market) => market.key === key);
  if (!known || !NAME.test(name)) notFound();
  return <DocumentPage assetKey={key} name={name} />;
}
