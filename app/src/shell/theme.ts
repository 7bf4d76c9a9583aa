// Light, dark or as the system has it; kept in local storage and set before the first paint.
export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const KEY = "polder.theme";

/** Runs before the page is painted, so it can import nothing. */
export const THEME_SCRIPT = `(() => {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const set = () => {
    let theme = "system";
    try { theme = localStorage.getItem("${KEY}") ?? "system"; } catch {}
    const resolved = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
    document.documentElement.dataset.theme = resolved === "dark" ? "dark" : "light";
  };
  set();
  dark.addEventListener("change", set);
  addEventListener("polder:theme", set);
  addEventListener("storage", set);
})()`;

export function readTheme(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((theme) => theme === kept) ?? "system";
  } catch {
    return "system";
  }
}

/** Tells of a choice, here and in other windows; gives what ends it. */
export function watchTheme(told: () => void): () => void {
  const events = ["polder:theme", "storage"];
  for (const event of events) addEventListener(event, told);
  return () => {
    for (const event of events) removeEventListener(event, told);
  };
}

export function writeTheme(theme: Theme): void {
  try {
    localStorage.setItem(KEY, theme);
  } catch {
    // Without storage the choice holds for nothing but this page.
  }
  dispatchEvent(new Event("polder:theme"));
}
