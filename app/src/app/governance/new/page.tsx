import type { Metadata } from "next";
import { NewProposalPage } from "../../../views/new-proposal/NewProposalPage.tsx";
import { words } from "../../../words.ts";

export const metadata: Metadata = { title: words.newProposal.title };

export default function Page() {
  return <NewProposalPage />;
}
