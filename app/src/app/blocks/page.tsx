import type { Metadata } from "next";
import { Blocks } from "../../views/blocks/Blocks.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.pages.blocks };

export default async function Page({
  searchParams,
}: {
  searchParams: Promise<{ before?: string | string[] }>;
}) {
  const { before } = await searchParams;
  return <Blocks before={typeof before === "string" ? before : undefined} />;
}
