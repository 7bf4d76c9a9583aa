import type { Metadata } from "next";
import { DelegatesPage } from "../../../views/delegates/DelegatesPage.tsx";
import { words } from "../../../words.ts";

export const metadata: Metadata = { title: words.delegates.title };

export default function Page() {
  return <DelegatesPage />;
}
