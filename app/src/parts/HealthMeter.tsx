// How far a position is from liquidation: from 0.8 to 2 of the health factor, with the line at 1. Warm only below 1.1.
import { formatHealth, MAX_UINT, WAD } from "../lib/format.ts";
import { words } from "../words.ts";
import { classes } from "./classes.ts";

const FROM = 0.8;
const TO = 2;
const NEAR = (11n * WAD) / 10n;

/** `health` in wad; `after` what an action would make of it. */
export function HealthMeter({ health, after }: { health: bigint; after?: bigint }) {
  const now = after ?? health;
  const state = now === MAX_UINT ? "none" : now < WAD ? "liquidatable" : now < NEAR ? "near" : "safe";
  const risky = state === "liquidatable" || state === "near";
  const text = formatHealth(health) ?? words.health.none;
  const textAfter = after === undefined ? undefined : (formatHealth(after) ?? words.health.none);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4">
        <span className="text-small text-muted">{words.health.label}</span>
        <span className={classes("text-title font-semibold", risky && "text-risk")}>
          {textAfter === undefined || textAfter === text ? text : `${text} → ${textAfter}`}
        </span>
      </div>
      <div className="relative h-3 bg-sunk" aria-hidden>
        <div
          className={classes("h-full", risky ? "bg-risk" : "bg-water")}
          style={{ width: `${share(now)}%` }}
        />
        {after !== undefined && health !== after && (
          <div className="absolute inset-y-0 w-0.5 bg-muted" style={{ left: `${share(health)}%` }} />
        )}
        <div className="absolute -inset-y-1 w-0.5 bg-ink" style={{ left: `${share(WAD)}%` }} />
      </div>
      <div className="flex flex-wrap justify-between gap-x-4 text-small text-muted">
        <span className={risky ? "text-risk" : undefined}>{words.health[state]}</span>
        <span>{words.health.scale}</span>
      </div>
    </div>
  );
}

function share(health: bigint): number {
  if (health === MAX_UINT) return 100;
  const value = Number(health / 10n ** 12n) / 1e6;
  return Math.min(100, Math.max(0, ((value - FROM) / (TO - FROM)) * 100));
}
