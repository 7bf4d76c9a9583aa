"use client";
import type { ReactNode } from "react";
import { useSettings } from "../lib/settings.tsx";
// The frame around every page: header, banners, the page or what stands in its place, footer.
import { PageLink } from "../parts/PageLink.tsx";
import { words } from "../words.ts";
import { Banners } from "./Banners.tsx";
import { ChainStatus } from "./ChainStatus.tsx";
import { Header } from "./Header.tsx";
import { MissingDeployment } from "./MissingDeployment.tsx";
import { FOOTER } from "./navigation.ts";
import { ThemeSwitch } from "./ThemeSwitch.tsx";
import { Toasts } from "./Toasts.tsx";

export function Shell({ children }: { children: ReactNode }) {
  const { record } = useSettings();
  return (
    <div className="flex min-h-dvh flex-col">
      <a
        href="#content"
        className="sr-only focus:not-sr-only focus:absolute focus:top-2 focus:left-2 focus:z-50 focus:rounded-md focus:bg-water focus:px-4 focus:py-2 focus:text-on-water"
      >
        {words.shell.skip}
      </a>
      <Header />
      <Banners />
      <main id="content" tabIndex={-1} className="flex-1 outline-none">
        {record === undefined ? <MissingDeployment /> : children}
      </main>
      <footer className="mt-20 border-t border-line">
        <div className="page flex flex-col gap-5 py-8 text-small text-muted">
          <div className="flex flex-wrap items-center justify-between gap-x-8 gap-y-4">
            <ChainStatus />
            <ThemeSwitch />
          </div>
          <div className="flex flex-wrap items-baseline justify-between gap-x-8 gap-y-3">
            <p className="max-w-prose">{words.shell.footer}</p>
            <nav aria-label={words.shell.more} className="flex flex-wrap gap-x-5">
              {FOOTER.map(({ href, label }) => (
                <PageLink
                  key={href}
                  href={href}
                  className="py-1 underline-offset-4 hover:text-ink hover:underline"
                >
                  {label}
                </PageLink>
              ))}
            </nav>
          </div>
        </div>
      </footer>
      <Toasts />
    </div>
  );
}
