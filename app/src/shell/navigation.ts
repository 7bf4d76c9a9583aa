// Which pages the header leads to, and which the footer.
import { words } from "../words.ts";

export type Place = { href: string; label: string };

export const HEADER: readonly Place[] = [
  { href: "/", label: words.pages.overview },
  { href: "/markets", label: words.pages.markets },
  { href: "/portfolio", label: words.pages.portfolio },
  { href: "/stablecoin", label: words.pages.stablecoin },
  { href: "/assets", label: words.pages.assets },
  { href: "/liquidations", label: words.pages.liquidations },
  { href: "/governance", label: words.pages.governance },
  { href: "/blocks", label: words.pages.blocks },
];

export const FOOTER: readonly Place[] = [
  { href: "/issuer", label: words.pages.issuer },
  { href: "/development", label: words.pages.development },
  { href: "/gallery", label: words.pages.gallery },
];

export function isHere(href: string, path: string): boolean {
  return href === "/" ? path === "/" : path === href || path.startsWith(`${href}/`);
}
