"use client";
// What the three pages about pUSD share: the way between them, and the tokens.
import type { ReactNode } from "react";
import { type Token, useTokens } from "../../lib/chain/markets.ts";
import { useRecord } from "../../lib/settings.tsx";
import { classes } from "../../parts/classes.ts";
import { PageLink } from "../../parts/PageLink.tsx";
import { words } from "../../words.ts";

const PAGES = [
  { href: "/stablecoin", label: words.stablecoin.pages.swap },
  { href: "/stablecoin/savings", label: words.stablecoin.pages.savings },
  { href: "/stablecoin/backstop", label: words.stablecoin.pages.backstop },
] as const;

type Props = { here: (typeof PAGES)[number]["href"]; title: string; children: ReactNode };

export function Head({ here, title, children }: Props) {
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <nav aria-label={words.stablecoin.pages.label} className="-mb-4 flex gap-6 border-b border-line">
        {PAGES.map(({ href, label }) => (
          <PageLink
            key={href}
            href={href}
            aria-current={href === here ? "page" : undefined}
            className={classes(
              "-mb-px border-b-3 py-2.5 font-medium whitespace-nowrap hover:text-ink",
              href === here ? "border-water text-ink" : "border-transparent text-muted",
            )}
          >
            {label}
          </PageLink>
        ))}
      </nav>
      <h1 className="sr-only">{title}</h1>
      {children}
    </div>
  );
}

/** The dollar token and pUSD. */
export function useTokenPair(): { dollar: Token; pusd: Token } | undefined {
  const { shared, dollar } = useRecord();
  const tokens = useTokens().data;
  const [d, p] = [tokens?.get(dollar.token.toLowerCase()), tokens?.get(shared.stablecoin.toLowerCase())];
  return d && p && { dollar: d, pusd: p };
}

/** Any token of the record. */
export function useToken(address: string): Token | undefined {
  return useTokens().data?.get(address.toLowerCase());
}
