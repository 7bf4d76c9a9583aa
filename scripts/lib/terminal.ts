// What scripts print: headings, tables, small charts of characters, within 100 columns. Colours go away where the output
// is no terminal or NO_COLOR is set. Knows nothing of what is printed.
import { stripVTControlCharacters, styleText } from "node:util";

export const WIDTH = 100;

type Style = Parameters<typeof styleText>[0];

/** `text` in `style`, where the terminal shows styles. */
export function styled(style: Style, text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

export const dim = (text: string): string => styled("dim", text);
export const bold = (text: string): string => styled("bold", text);
/** The one warning colour: for risk alone. */
export const risk = (text: string): string => styled("yellow", text);

export type Column = {
  head: string;
  align?: "left" | "right";
};

/** A table, two spaces indented: heads over a thin rule, numbers to the right. Rows may hold styled cells. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((column, i) =>
    Math.max(length(column.head), ...rows.map((row) => length(row[i] ?? ""))),
  );
  const line = (cells: readonly string[], style: (text: string) => string = (text) => text) =>
    `  ${columns
      .map((column, i) => style(pad(cells[i] ?? "", widths[i] ?? 0, column.align ?? "right")))
      .join("  ")
      .trimEnd()}`;
  return [
    line(
      columns.map(({ head }) => head),
      dim,
    ),
    dim(`  ${widths.map((width) => "─".repeat(width)).join("  ")}`.trimEnd()),
    ...rows.map((row) => line(row)),
  ].join("\n");
}

/** A heading with its number, over the full width. */
export function heading(number: number, title: string): string {
  const text = ` ${number}  ${title} `;
  return `\n${bold(text)}${dim("─".repeat(Math.max(0, WIDTH - length(text))))}\n`;
}

/** Name and value pairs, one a line. */
export function facts(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([name]) => length(name)));
  return pairs.map(([name, value]) => `  ${dim(pad(name, width, "left"))}  ${value}`).join("\n");
}

/** Text broken into lines of at most the full width, indented like everything else. */
export function paragraph(text: string): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    if (line !== "" && length(line) + 1 + length(word) > WIDTH - 4) {
      lines.push(line);
      line = word;
    } else {
      line = line === "" ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => `  ${each}`).join("\n");
}

const LEVELS = "▁▂▃▄▅▆▇█";

/** One character per value, its height in proportion to the largest; a dot for none. */
export function strip(values: readonly number[]): string {
  const largest = Math.max(...values);
  return values
    .map((value) => {
      if (value <= 0) return "·";
      return LEVELS[Math.min(LEVELS.length - 1, Math.floor((value / largest) * LEVELS.length))] ?? "█";
    })
    .join("");
}

/** A bar of `value` against `largest`, at most `width` characters. */
export function bar(value: number, largest: number, width: number): string {
  const eighths = largest === 0 ? 0 : Math.round((value / largest) * width * 8);
  const rest = eighths % 8;
  return "█".repeat(Math.floor(eighths / 8)) + (rest === 0 ? "" : (" ▏▎▍▌▋▊▉"[rest] ?? ""));
}

/** `amount` with 18 decimals, in thousands groups, with `digits` after the point. */
export function money(amount: bigint, digits = 0): string {
  const unit = 10n ** BigInt(18 - digits);
  const negative = amount < 0n;
  const rounded = ((negative ? -amount : amount) + unit / 2n) / unit;
  const text = rounded.toString().padStart(digits + 1, "0");
  const whole = text.slice(0, text.length - digits).replace(/\B(?=(\d{3})+$)/g, ",");
  return `${negative ? "-" : ""}${whole}${digits === 0 ? "" : `.${text.slice(-digits)}`}`;
}

/** An integer in thousands groups. */
export function count(value: number | bigint): string {
  return value.toString().replace(/\B(?=(\d{3})+$)/g, ",");
}

/** The beginning and end of an address. */
export function short(address: string): string {
  return `${address.slice(0, 6)}…${address.slice(-4)}`;
}

function length(text: string): number {
  return stripVTControlCharacters(text).length;
}

function pad(text: string, width: number, align: "left" | "right"): string {
  const space = " ".repeat(Math.max(0, width - length(text)));
  return align === "left" ? text + space : space + text;
}
