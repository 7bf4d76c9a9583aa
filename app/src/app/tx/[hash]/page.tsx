import type { Metadata } from "next";
import { TransactionPage } from "../../../views/transaction/TransactionPage.tsx";
import { words } from "../../../words.ts";

type Props = { params: Promise<{ hash: string }> };

export const metadata: Metadata = { title: words.transaction.page };

export default async function Page({ params }: Props) {
  const { hash } = await params;
  return <TransactionPage hash={hash} />;
}
