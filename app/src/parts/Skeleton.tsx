// Holds the place of what is being read, as large as that will be, so that nothing jumps. Says so to
// who does not see it: a heading or a figure is never empty.
import { words } from "../words.ts";
import { classes } from "./classes.ts";

export function Skeleton({ className }: { className?: string }) {
  return (
    <span className={classes("breathing relative inline-block rounded-sm bg-sunk", className ?? "h-5 w-24")}>
      <span className="sr-only">{words.reading}</span>
    </span>
  );
}
