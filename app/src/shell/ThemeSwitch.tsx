"use client";
import { useEffect, useState } from "react";
import { classes } from "../parts/classes.ts";
import { words } from "../words.ts";
import { readTheme, THEMES, type Theme, writeTheme } from "./theme.ts";

export function ThemeSwitch() {
  const [theme, setTheme] = useState<Theme>("system");
  useEffect(() => {
    const read = () => setTheme(readTheme());
    read();
    addEventListener("polder:theme", read);
    return () => removeEventListener("polder:theme", read);
  }, []);
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
