import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { isHash } from "viem";
import { LiquidationReceipt } from "../../../../views/receipt/LiquidationReceipt.tsx";
import { words } from "../../../../words.ts";

type Props = { params: Promise<{ tx: string; log: string }> };

export const metadata: Metadata = { title: words.receipt.title };

export default async function Page({ params }: Props) {
  const { tx, log } = await params;
  if (!isHash(tx) || !/^\d{1,6}$/.test(log)) notFound();
  return <LiquidationReceipt hash={tx} logIndex={Number(log)} />;
}
