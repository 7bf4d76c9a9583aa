// What is pressed. One primary button in a place; `busy` says that it was pressed and keeps it from being pressed again.

import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes.ts";
import { PageLink } from "./PageLink.tsx";

type Look = "primary" | "secondary" | "quiet" | "risk";

const LOOKS: Record<Look, string> = {
  primary: "bg-water text-on-water border-water hover:bg-ink hover:border-ink hover:text-paper",
  secondary: "bg-paper text-ink border-line-strong hover:border-ink hover:bg-wash",
  quiet: "bg-transparent text-water border-transparent hover:bg-wash",
  risk: "bg-paper text-risk border-risk hover:bg-risk-soft",
};

function look(kind: Look, small: boolean): string {
  return classes(
    "inline-flex items-center justify-center gap-2 rounded-md border font-semibold transition-colors",
    small ? "min-h-8 px-3 text-small" : "min-h-11 px-5 text-base",
    LOOKS[kind],
  );
}

type ButtonProps = ComponentProps<"button"> & { look?: Look; small?: boolean; busy?: boolean };

export function Button({
  look: kind = "primary",
  small = false,
  busy = false,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      aria-busy={busy || undefined}
      disabled={disabled || busy}
      className={classes(
        look(kind, small),
        busy
          ? "breathing cursor-progress"
          : "disabled:border-line disabled:bg-sunk disabled:text-muted disabled:cursor-not-allowed",
        rest.className,
      )}
    />
  );
}

type ButtonLinkProps = { href: string; look?: Look; small?: boolean; children: ReactNode };

export function ButtonLink({ href, look: kind = "secondary", small = false, children }: ButtonLinkProps) {
  return (
    <PageLink href={href} className={look(kind, small)}>
      {children}
    </PageLink>
  );
}
