"use client";
import { useSyncExternalStore } from "react";
import { classes } from "../parts/classes.ts";
import { words } from "../words.ts";
import { readTheme, THEMES, type Theme, watchTheme, writeTheme } from "./theme.ts";

export function ThemeSwitch() {
  const theme = useSyncExternalStore<Theme>(watchTheme, readTheme, () => "system");
  return (
    <fieldset className="flex items-center gap-1">
      <legend className="sr-only">{words.shell.theme}</legend>
      {THEMES.map((each) => (
        <label
          key={each}
          className={classes(
            "cursor-pointer rounded-sm px-2.5 py-1 has-focus-visible:outline-2 has-focus-visible:outline-water",
            each === theme ? "bg-water-soft text-ink" : "hover:bg-wash",
          )}
        >
          <input
            type="radio"
            name="theme"
            checked={each === theme}
            onChange={() => writeTheme(each)}
            className="sr-only"
          />
          {words.shell.themes[each]}
        </label>
      ))}
    </fieldset>
  );
}
