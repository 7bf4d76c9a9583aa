// axe-core over a page as it stands, and what the page's console said. Knows no page by name.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";

export const WIDE = { width: 1280, height: 900 };
export const PHONE = { width: 390, height: 844 };
export const THEMES = ["light", "dark"] as const;
export type Theme = (typeof THEMES)[number];

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** All rules about colours that are among those. */
const COLOURS = `axe.getRules(["cat.color"]).filter((rule) => rule.tags.some((tag) => ${JSON.stringify(
  TAGS,
)}.includes(tag))).map((rule) => rule.ruleId)`;

/** By the app's own switch: as a reader would, without a reload. */
export async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((chosen) => {
    localStorage.setItem("polder.theme", chosen);
    dispatchEvent(new Event("polder:theme"));
    // Until the new colours are there.
    return new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
  }, theme);
}

/** What violates a rule, a line each: rule, element, what is asked for. `colours` looks at those alone. */
export async function violations(page: Page, colours = false): Promise<string[]> {
  await page.evaluate(`if (!window.axe) { ${AXE} }`);
  const found = (await page.evaluate(
    `axe.run(document, { runOnly: ${colours ? COLOURS : JSON.stringify(TAGS)}, resultTypes: ["violations"] })`,
  )) as AxeResults;
  return found.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => {
      const asked = (failureSummary ?? "").split("\n").slice(1).join(" ").trim();
      return `${id}: ${target.join(" ")}: ${asked}`;
    }),
  );
}

/** What goes wrong in `page` from now on, but what `expected` matches. */
export function listen(page: Page, expected: RegExp): string[] {
  const errors: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error" && !expected.test(message.text()))
      errors.push(`console: ${message.text()}`);
  });
  page.on("pageerror", ({ message }) => errors.push(`error: ${message}`));
  page.on("request", (request) => {
    // Without a WalletConnect project id nothing leaves the machine.
    if (!/^(http:\/\/127\.0\.0\.1:|data:|blob:)/.test(request.url())) errors.push(`asked: ${request.url()}`);
  });
  return errors;
}
