import type { Metadata } from "next";
import { Liquidations } from "../../views/liquidations/Liquidations.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.pages.liquidations };

export default function Page() {
  return <Liquidations />;
}
