import type { Metadata } from "next";
import { Stablecoin } from "../../views/stablecoin/Stablecoin.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.stablecoin.title };

export default function Page() {
  return <Stablecoin />;
}
