import type { Metadata } from "next";
import { IssuerDesk } from "../../views/issuer/IssuerDesk.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.pages.issuer };

export default function Page() {
  return <IssuerDesk />;
}
