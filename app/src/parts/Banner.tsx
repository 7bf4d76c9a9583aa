// Says across the page what its reader must know now. `risk` where money is at stake, `notice` otherwise.
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

type Props = { tone?: "notice" | "risk"; action?: ReactNode; children: ReactNode };

export function Banner({ tone = "notice", action, children }: Props) {
  return (
    <div
      role={tone === "risk" ? "alert" : "status"}
      className={classes(
        "border-b",
        tone === "risk" ? "border-risk bg-risk-soft" : "border-line bg-water-soft",
      )}
    >
      <div className="page flex flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2.5">
        <div className="min-w-0 flex-1 basis-56">{children}</div>
        {action}
      </div>
    </div>
  );
}
