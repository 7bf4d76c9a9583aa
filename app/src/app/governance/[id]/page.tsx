import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { ProposalPage } from "../../../views/proposal/ProposalPage.tsx";
import { words } from "../../../words.ts";

export const metadata: Metadata = { title: words.governance.title };

/** A proposal's number: a hash, in decimal digits. */
const NUMBER = /^[1-9]\d{0,77}$/;

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  if (!NUMBER.test(id)) notFound();
  return <ProposalPage id={id} />;
}
