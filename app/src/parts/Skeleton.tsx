// Holds the place of what is being read, as large as that will be, so that nothing jumps.
import { classes } from "./classes.ts";

export function Skeleton({ className }: { className?: string }) {
  return (
    <span
      aria-hidden
      className={classes("breathing inline-block rounded-sm bg-sunk", className ?? "h-5 w-24")}
    />
  );
}
