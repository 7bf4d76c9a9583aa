"use client";
import { usePathname } from "next/navigation";
import { useEffect, useState } from "react";
import { classes } from "../parts/classes.ts";
// Name, pages and wallet. On a phone the pages stand in a menu.
import { PageLink } from "../parts/PageLink.tsx";
import { words } from "../words.ts";
import { HEADER, isHere, type Place } from "./navigation.ts";
import { WalletButton } from "./WalletButton.tsx";

export function Header() {
  const path = usePathname();
  const [open, setOpen] = useState(false);
  useEffect(() => setOpen(false), [path]);
  return (
    <header className="border-b border-line bg-paper">
      <div className="page flex min-h-16 items-center gap-6">
        <PageLink href="/" className="flex items-center gap-2.5 text-lead font-bold tracking-tight">
          <Mark />
          {words.name}
        </PageLink>
        <nav aria-label={words.shell.navigation} className="hidden flex-1 lg:block">
          <ul className="flex gap-5">
            {HEADER.map((place) => (
              <li key={place.href}>
                <HeaderLink {...place} here={isHere(place.href, path)} />
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex items-center gap-2">
          <WalletButton />
          <button
            type="button"
            aria-expanded={open}
            aria-controls="menu"
            onClick={() => setOpen(!open)}
            className="min-h-10 rounded-md border border-line-strong px-3 text-small font-semibold hover:bg-wash lg:hidden"
          >
            {words.shell.menu}
          </button>
        </div>
      </div>
      {open && (
        <nav id="menu" aria-label={words.shell.navigation} className="border-t border-line lg:hidden">
          <ul className="page flex flex-col py-2">
            {HEADER.map((place) => (
              <li key={place.href} className="py-1">
                <HeaderLink {...place} here={isHere(place.href, path)} />
              </li>
            ))}
          </ul>
        </nav>
      )}
    </header>
  );
}

function HeaderLink({ href, label, here }: Place & { here: boolean }) {
  return (
    <PageLink
      href={href}
      aria-current={here ? "page" : undefined}
      className={classes(
        "inline-block border-b-2 py-1.5 font-medium whitespace-nowrap",
        here ? "border-water text-ink" : "border-transparent text-muted hover:text-ink",
      )}
    >
      {label}
    </PageLink>
  );
}

/** Four strips between canals. */
function Mark() {
  return (
    <svg aria-hidden viewBox="0 0 20 20" className="size-5 text-water" fill="currentColor">
      <rect x="0" y="6" width="4" height="14" />
      <rect x="5.33" y="0" width="4" height="20" />
      <rect x="10.66" y="3" width="4" height="17" />
      <rect x="16" y="9" width="4" height="11" />
    </svg>
  );
}
