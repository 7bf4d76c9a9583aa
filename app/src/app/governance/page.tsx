import type { Metadata } from "next";
import { GovernancePage } from "../../views/governance/GovernancePage.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.governance.title };

export default function Page() {
  return <GovernancePage />;
}
