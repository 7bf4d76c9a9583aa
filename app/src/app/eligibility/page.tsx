import type { Metadata } from "next";
import { Eligibility } from "../../views/eligibility/Eligibility.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.eligibility.title };

export default function Page() {
  return <Eligibility />;
}
