import type { Metadata } from "next";
import { BlockPage } from "../../../views/block/BlockPage.tsx";
import { words } from "../../../words.ts";

type Props = { params: Promise<{ id: string }> };

export const metadata: Metadata = { title: words.block.page };

export default async function Page({ params }: Props) {
  const { id } = await params;
  return <BlockPage id={id} />;
}
