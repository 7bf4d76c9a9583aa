import type { Metadata } from "next";
import { Assets } from "../../views/assets/Assets.tsx";
import { words } from "../../words.ts";

export const metadata: Metadata = { title: words.pages.assets };

export default function Page() {
  return <Assets />;
}
