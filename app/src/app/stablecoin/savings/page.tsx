import type { Metadata } from "next";
import { Savings } from "../../../views/stablecoin/Savings.tsx";
import { words } from "../../../words.ts";

export const metadata: Metadata = { title: words.savings.title };

export default function Page() {
  return <Savings />;
}
