// Values of command lines, checked. Says which option is wrong and what it takes.

/** A number above 0. */
export function positive(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value) || value <= 0) {
    throw new Error(`--${name} must be a number above 0, not "${text}"`);
  }
  return value;
}

/** A whole number from `least` to `most`. */
export function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (text.trim() === "" || !Number.isInteger(value) || value < least || value > most) {
    throw new Error(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}

/** The TCP port in `text`, 0 for a free one; undefined where none is named. */
export function portOf(name: string, text: string | undefined): number | undefined {
  return text === undefined ? undefined : wholeNumber(name, text, 0, 65_535);
}

/** JSON on one line, with amounts as decimal strings. */
export function json(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? each.toString() : each));
}
