// Makes a stranger's markdown fit to be set: nothing invisible in it, nothing that takes a browser minutes, links to the web alone.
// Pure.

/** Writes what is not seen as its code point, as the library of proposals does. */
type Visible = (text: string) => string;

/** Line by line, so that lines stay. */
export function visibleLines(body: string, visible: Visible): string {
  return body
    .split("\n")
    .map((line) => visible(line.replaceAll("\t", "    ")))
    .join("\n");
}

const LONGEST = 20_000; // characters
/** Marks of quotes and lists at the head of a line, each of which nests one deeper. */
const NESTED = /^[ \t]*(?:(?:[>*+-]|\d{1,9}[.)])[ \t]*){12}/m;
/** Brackets and stars without end are read again from each of them. */
const OPENERS = /[[*_~`]{200}|(?:\[[^\]]?){200}/;

/** Whether it may be set at all; else it is shown as it was written. */
export function canBeSet(body: string): boolean {
  return body.length <= LONGEST && !NESTED.test(body) && !OPENERS.test(body);
}

/** The address of a link that may be followed, and the host that it leads to; nothing for all that is not the web. */
export function webLink(href: string | undefined): { href: string; host: string } | undefined {
  if (href === undefined || !URL.canParse(href)) return undefined;
  const url = new URL(href);
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  // In front of the host it reads as one.
  if (url.username !== "" || url.password !== "") return undefined;
  return { href: url.href, host: url.host };
}
