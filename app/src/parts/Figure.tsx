"use client";
// A number with its label and unit. Every figure can open its source: the block it was read at, the NAV's date, how it is
// computed.
import { Popover } from "radix-ui";
import type { ReactNode } from "react";
import type { At } from "../lib/chain/useChainQuery.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import { words } from "../words.ts";
import { classes } from "./classes.ts";
import { PageLink } from "./PageLink.tsx";
import { Skeleton } from "./Skeleton.tsx";

export type Source = {
  at?: At | undefined;
  /** Seconds. */
  navDate?: bigint | undefined;
  formula?: string;
};

type Size = "hero" | "figure" | "small";

const SIZES: Record<Size, string> = {
  hero: "text-hero font-semibold tracking-tight",
  figure: "text-figure font-semibold tracking-tight",
  small: "text-lead font-semibold",
};

type Props = {
  label: string;
  /** Without its unit; nothing while it is being read, null where there is none. */
  value: string | null | undefined;
  unit?: string;
  source?: Source;
  size?: Size;
  risk?: boolean;
  note?: ReactNode;
};

export function Figure({ label, value, unit, source, size = "figure", risk = false, note }: Props) {
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <div className="text-small text-muted">
        {source === undefined ? label : <Sourced label={label} source={source} />}
      </div>
      <div className={classes(SIZES[size], risk && "text-risk")}>
        {value === undefined ? (
          <Skeleton className={size === "small" ? "h-6 w-24" : "h-8 w-36"} />
        ) : (
          <>
            {value ?? words.figure.none}
            {unit !== undefined && value !== null && (
              // The space is outside of what stays together, so that a unit on a line of its own begins at its edge.
              <span className="text-[max(0.5em,0.8125rem)] font-medium tracking-normal text-muted [word-spacing:0.12em]">
                {" "}
                <span className="inline-block whitespace-nowrap [word-spacing:normal]">{unit}</span>
              </span>
            )}
          </>
        )}
      </div>
      {note !== undefined && <div className="text-small text-muted">{note}</div>}
    </div>
  );
}

/** A label whose last word keeps the mark beside it. */
function Sourced({ label, source }: { label: string; source: Source }) {
  const last = label.lastIndexOf(" ") + 1;
  return (
    <>
      {label.slice(0, last)}
      <span className="whitespace-nowrap">
        {`${label.slice(last)} `}
        <SourceButton label={label} source={source} />
      </span>
    </>
  );
}

/** The small mark beside a number that opens where it comes from. */
export function SourceButton({ label, source }: { label: string; source: Source }) {
  const { at, navDate, formula } = source;
  return (
    <Popover.Root>
      <Popover.Trigger
        aria-label={words.figure.open(label)}
        className="-my-1 -mr-1.5 -ml-1 inline-flex size-6 items-center align-middle justify-center rounded-sm text-muted hover:text-water data-[state=open]:text-water"
      >
        <svg aria-hidden viewBox="0 0 12 12" className="size-3" fill="currentColor">
          <rect x="1" y="6" width="2" height="5" />
          <rect x="5" y="1" width="2" height="10" />
          <rect x="9" y="4" width="2" height="7" />
        </svg>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          sideOffset={6}
          collisionPadding={12}
          aria-label={words.figure.open(label)}
          className="z-40 max-w-80 rounded-md border border-line-strong bg-paper p-4 text-small text-ink"
        >
          <p className="mb-2 font-semibold">{label}</p>
          <dl className="flex flex-col gap-2">
            {formula !== undefined && <Entry term={words.figure.formula}>{formula}</Entry>}
            {navDate !== undefined && navDate > 0n && (
              <Entry term={words.figure.navDate}>{formatTime(navDate)}</Entry>
            )}
            {at !== undefined && (
              <Entry term={words.figure.block}>
                <PageLink href={`/blocks/${at.number}`} className="text-water underline underline-offset-2">
                  {formatCount(at.number)}
                </PageLink>
                {` ${words.figure.time} ${formatTime(at.timestamp)}`}
              </Entry>
            )}
          </dl>
          <Popover.Arrow className="fill-line-strong" />
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function Entry({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div>
      <dt className="text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
