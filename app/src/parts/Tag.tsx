// A word about the state of something. Warm only where there is risk.
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

type Tone = "plain" | "water" | "reed" | "risk";

const TONES: Record<Tone, string> = {
  plain: "border-line text-muted",
  water: "border-water text-water",
  reed: "border-reed text-reed",
  risk: "border-risk text-risk bg-risk-soft",
};

export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return (
    <span
      className={classes(
        "inline-flex items-center rounded-sm border px-2 text-small font-medium whitespace-nowrap",
        TONES[tone],
      )}
    >
      {children}
    </span>
  );
}
