import type { Metadata } from "next";
import { GuardianPage } from "../../../views/guardian/GuardianPage.tsx";
import { words } from "../../../words.ts";

export const metadata: Metadata = { title: words.guardian.title };

export default function Page() {
  return <GuardianPage />;
}
