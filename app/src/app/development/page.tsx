import type { Metadata } from "next";
import { Development } from "../../views/development/Development.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.pages.development };

export default function Page() {
  return <Development />;
}
