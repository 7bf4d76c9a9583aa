// The frame of every page. Reads at run time which network is shown, and hands it to the browser.
import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import { connection } from "next/server";
import type { ReactNode } from "react";
import { readSettings } from "../server/settings.ts";
import { Providers } from "../shell/Providers.tsx";
import { Shell } from "../shell/Shell.tsx";
import { THEME_SCRIPT } from "../shell/theme.ts";
import { words } from "../words.ts";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: words.name, template: `%s · ${words.name}` },
  description: words.tagline,
};

export const viewport: Viewport = { width: "device-width", initialScale: 1 };

export default async function Layout({ children }: { children: ReactNode }) {
  await connection();
  const [settings, head] = await Promise.all([readSettings(), headers()]);
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* Before the first paint, so that no page flashes in the other theme. */}
        <script
          nonce={head.get("x-nonce") ?? undefined}
          suppressHydrationWarning
          dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }}
        />
      </head>
      <body>
        <Providers settings={settings}>
          <Shell>{children}</Shell>
        </Providers>
      </body>
    </html>
  );
}
