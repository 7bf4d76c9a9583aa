import type { Metadata } from "next";
import { Backstop } from "../../../views/stablecoin/Backstop.tsx";
import { words } from "../../../words.ts";

export const metadata: Metadata = { title: words.backstop.title };

export default function Page() {
  return <Backstop />;
}
