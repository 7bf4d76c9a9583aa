// Lines for people, or objects for machines: a message and key=value pairs. It knows nothing of what is logged.

export type Level = "info" | "warn" | "error";
export type Fields = Record<string, string | number | bigint | boolean>;
export type Log = (level: Level, message: string, fields?: Fields) => void;

export interface LogOptions {
  format: "pretty" | "json";
  /** Errors alone. */
  silent: boolean;
  /** Where lines go; standard output. */
  write?: (line: string) => void;
}

export function createLog({ format, silent, write = (line) => process.stdout.write(line) }: LogOptions): Log {
  return (level, message, fields = {}) => {
    if (silent && level !== "error") return;
    const time = new Date().toISOString();
    if (format === "json") {
      const plain = Object.entries(fields).map(([key, value]) => [
        key,
        typeof value === "bigint" ? `${value}` : value,
      ]);
      write(`${JSON.stringify({ time, level, message, ...Object.fromEntries(plain) })}\n`);
    } else {
      const pairs = Object.entries(fields).map(([key, value]) => `${key}=${value}`);
      const mark = level === "info" ? "" : `${level}: `;
      write(`${time.slice(11, 23)}  ${mark}${[message, ...pairs].join("  ")}\n`);
    }
  };
}
