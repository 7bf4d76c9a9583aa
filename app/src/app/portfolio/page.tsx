import type { Metadata } from "next";
import { Portfolio } from "../../views/portfolio/Portfolio.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.portfolio.title };

export default function Page() {
  return <Portfolio />;
}
