// Rows that are compared: numbers to the right, units in the head, wide tables scroll in their own frame.
import type { ReactNode } from "react";
import { classes } from "./classes.ts";

export type Column<Row> = {
  key: string;
  head: ReactNode;
  cell(row: Row): ReactNode;
  /** Numbers stand to the right. */
  number?: boolean;
  /** Beside the cell where a table stands as a list; else the head, where that is text. */
  label?: string;
};

type Props<Row> = {
  /** What the table is about, for who does not see it. */
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey(row: Row): string;
  /** On a phone each row stands as a list of its cells, where columns would not fit beside each other. */
  list?: boolean;
};

export function Table<Row>({ caption, columns, rows, rowKey, list = false }: Props<Row>) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls is reached by the keyboard
    <section aria-label={caption} tabIndex={0} className="relative overflow-x-auto">
      <table
        {...role("table")}
        className={classes("w-full border-collapse text-left", list && "max-sm:block")}
      >
        <caption className="sr-only">{caption}</caption>
        <thead {...role("rowgroup")} className={classes(list && "max-sm:sr-only")}>
          <tr {...role("row")} className="border-b border-line-strong text-small text-muted">
            {columns.map(({ key, head, number }) => (
              <th
                key={key}
                scope="col"
                {...role("columnheader")}
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
        <tbody
          {...role("rowgroup")}
          className={classes(list && "max-sm:block max-sm:border-t max-sm:border-line-strong")}
        >
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              {...role("row")}
              className={classes(
                "border-b border-line hover:bg-wash",
                list && "max-sm:flex max-sm:flex-col max-sm:gap-1 max-sm:py-3",
              )}
            >
              {columns.map(({ key, head, cell, number, label }, i) => (
                <td
                  key={key}
                  {...role("cell")}
                  data-label={label ?? (typeof head === "string" ? head : "")}
                  className={classes(
                    "py-3 pr-6 align-top last:pr-0",
                    number && "text-right whitespace-nowrap",
                    list && (i === 0 ? AS_HEADING : AS_LINE),
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

/** Said again: a table that is laid out as something else is none to some browsers. */
function role(name: string): { role: string } {
  return { role: name };
}

/** The first cell names the row. */
const AS_HEADING = "max-sm:p-0 max-sm:text-left max-sm:font-semibold";
/** What the column is called, and across from it the cell; nothing where it is empty. */
const AS_LINE =
  "max-sm:flex max-sm:items-baseline max-sm:justify-between max-sm:gap-4 max-sm:p-0 max-sm:text-right max-sm:empty:hidden max-sm:before:text-left max-sm:before:text-small max-sm:before:text-muted max-sm:before:content-[attr(data-label)]";
