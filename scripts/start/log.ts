// One log of all services: a line per event, with who says it. What is worth a line to somebody who only wants to know
// that all is well is said here, and nowhere else.
import { styleText } from "node:util";
import type { Fields } from "@polder/chain/cli/log.ts";
import type { Line } from "./child.ts";

/** A service, or what is done once. */
export type Speaker = string;

export type StackLog = (speaker: Speaker, line: Line) => void;

export type LogOptions = {
  json: boolean;
  verbose: boolean;
  /** Where lines go; standard output. */
  write?: (line: string) => void;
};

const WIDTH = 9;

/** Of these only warnings and errors are shown, unless verbose: they have much to say of themselves. */
const QUIET = new Set<Speaker>(["index", "app"]);
/** What happens all the time and tells nobody anything: keepers and apps try by a call whether something would pass. */
const NOISE: readonly RegExp[] = [/^eth_(call|estimateGas): /];

export function createStackLog({
  json,
  verbose,
  write = (line) => process.stdout.write(line),
}: LogOptions): StackLog {
  return (speaker, { level, message, fields }) => {
    const quiet = (QUIET.has(speaker) && level === "info") || NOISE.some((noise) => noise.test(message));
    const time = new Date().toISOString();
    if (json) {
      // A machine reads all of it.
      write(`${JSON.stringify({ time, service: speaker, level, message, ...plain(fields) })}\n`);
    } else if (verbose || !quiet) {
      const pairs = Object.entries(fields).map(([key, value]) =>
        paint("dim", `${key}=${verbose ? value : shortened(value)}`),
      );
      const mark = level === "info" ? message : paint(level === "warn" ? "yellow" : "red", message);
      write(`${paint("dim", time.slice(11, 19))}  ${speaker.padEnd(WIDTH)} ${[mark, ...pairs].join("  ")}\n`);
    }
  };
}

function paint(style: Parameters<typeof styleText>[0], text: string): string {
  return styleText(style, text, { stream: process.stdout });
}

/** Addresses and hashes by their beginning and end; the rest as it is. */
function shortened(value: Fields[string]): Fields[string] {
  return typeof value === "string"
    ? value.replace(/^(0x[0-9a-fA-F]{4})[0-9a-fA-F]{32,}([0-9a-fA-F]{4})$/, "$1…$2")
    : value;
}

function plain(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, typeof value === "bigint" ? `${value}` : value]),
  );
}
