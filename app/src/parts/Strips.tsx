// The motif of the house, and always data: parallel strips between straight canals, seen from above. A strip is filled
// from its foot by the share it stands for.
import { classes } from "./classes.ts";

export type Strip = {
  /** 0 to 1. */
  share: number;
  /** What it is and says, for the tip. */
  title: string;
  risk?: boolean;
};

type Props = {
  /** Says in a sentence what all strips together show. */
  label: string;
  strips: readonly Strip[];
  className?: string;
};

export function Strips({ label, strips, className }: Props) {
  return (
    <div
      role="img"
      aria-label={label}
      className={classes("flex w-full items-stretch gap-[2px] sm:gap-[3px]", className ?? "h-16")}
    >
      {strips.map(({ share, title, risk }) => (
        <div key={title} title={title} className="flex min-w-0 flex-1 flex-col justify-end bg-sunk">
          <div
            className={classes("w-full transition-[height] duration-500", risk ? "bg-risk" : "bg-water")}
            style={{ height: `${Math.min(100, Math.max(share > 0 ? 2 : 0, share * 100))}%` }}
          />
        </div>
      ))}
    </div>
  );
}
