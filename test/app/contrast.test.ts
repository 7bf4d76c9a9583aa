// The colours of both themes keep WCAG's AA: what is text 4.5, what only marks a control 3.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const css = readFileSync(join(import.meta.dirname, "../../app/src/app/globals.css"), "utf8");

const TEXT = [
  ["ink", ["paper", "wash", "sunk", "water-soft", "risk-soft"]],
  ["muted", ["paper", "wash", "sunk"]],
  ["water", ["paper", "wash", "sunk", "water-soft"]],
  ["reed", ["paper", "wash"]],
  ["risk", ["paper", "wash", "sunk", "risk-soft"]],
  ["on-water", ["water"]],
] as const;
const MARKS = [["line-strong", ["paper", "wash"]]] as const;

for (const [theme, selector] of [
  ["light", ":root"],
  ["dark", '[data-theme="dark"]'],
] as const) {
  test(`contrasts, ${theme}`, () => {
    const tokens = tokensOf(selector);
    for (const [least, pairs] of [
      [4.5, TEXT],
      [3, MARKS],
    ] as const) {
      for (const [front, backs] of pairs) {
        for (const back of backs) {
          const ratio = contrast(colour(tokens, front), colour(tokens, back));
          assert.ok(ratio >= least, `${front} on ${back}: ${ratio.toFixed(2)}, needs ${least}`);
        }
      }
    }
  });
}

function tokensOf(selector: string): Map<string, string> {
  const from = css.indexOf(`\n${selector} {`);
  const block = css.slice(from, css.indexOf("}", from));
  return new Map([...block.matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)].map(([, name, hex]) => [name!, hex!]));
}

function colour(tokens: Map<string, string>, name: string): string {
  const hex = tokens.get(name);
  assert.ok(hex, `--${name} is missing`);
  return hex;
}

/** WCAG 2.2, "contrast ratio". */
function contrast(a: string, b: string): number {
  const [low = 0, high = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
