// Rows that are compared: numbers to the right, units in the head, wide tables scroll in their own frame.
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export type Column<Row> = {
  key: string;
  head: ReactNode;
  cell(row: Row): ReactNode;
  /** Numbers stand to the right. */
  number?: boolean;
};

type Props<Row> = {
  /** What the table is about, for who does not see it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
};

export function Table<Row>({ caption, columns, rows, rowKey }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls is reached by the keyboard
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table className="w-full border-collapse text-left">
        <caption className="sr-only">{caption}</caption>
        <thead>
          <tr className="border-b border-line-strong text-small text-muted">
            {columns.map(({ key, head, number }) => (
              <th
                key={key}
                scope="col"
                className={classes(
                  "py-2 pr-6 align-bottom font-medium whitespace-nowrap last:pr-0",
                  number && "text-right",
                )}
              >
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)} className="border-b border-line hover:bg-wash">
              {columns.map(({ key, cell, number }) => (
                <td
                  key={key}
                  className={classes(
                    "py-3 pr-6 align-top last:pr-0",
                    number && "text-right whitespace-nowrap",
                  )}
                >
                  {cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
