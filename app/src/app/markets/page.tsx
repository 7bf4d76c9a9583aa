import type { Metadata } from "next";
import { Markets } from "../../views/markets/Markets.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.markets.title };

export default function Page() {
  return <Markets />;
}
