// Text from strangers: the description of a proposal, strings in calldata. Shows what would else be invisible, and says
// where a text may mislead who reads it. Knows no chain.
import { type Hex, keccak256, stringToHex } from "viem";

export type Suspicion =
  | "control characters"
  | "direction overrides"
  | "invisible characters"
  | "letters of several scripts in one word";

export type ProposalText = {
  /** The first heading, or the first line, with whatever is invisible made visible. */
  title: string;
  /** Markdown, as it was given; to be shown by a renderer that lets no HTML through. */
  body: string;
  /** keccak256 of the whole description: what the governor's number of the proposal is made from. */
  hash: Hex;
  suspicions: readonly Suspicion[];
};

const LONGEST_TITLE = 200;
/** But for tab and line feed, which a body may hold. */
const CONTROL = /(?![\t\n])\p{Cc}/u;
/** Embeddings, overrides and isolates of direction, and the marks beside them. */
const DIRECTION = /\p{Bidi_Control}/u;
/** What takes no room, such as soft hyphens, zero widths, joiners and tags; other separators of lines. */
const INVISIBLE = /(?!\p{Bidi_Control})[\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\ufff9-\ufffb]/u;
const SCRIPTS = ["Latin", "Cyrillic", "Greek", "Armenian", "Cherokee", "Coptic", "Lisu"].map(
  (script) => new RegExp(`\\p{Script=${script}}`, "u"),
);
const UNSEEN = new RegExp(`${CONTROL.source}|${DIRECTION.source}|${INVISIBLE.source}|[\\t\\n]`, "gu");

/** `text` in one line, each character that is not seen, or moves others, written as its code point. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (each) => `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`);
}

/** Why a text may read as something that it is not. */
export function suspicionsOf(text: string): Suspicion[] {
  const found: Suspicion[] = [];
  if (CONTROL.test(text)) found.push("control characters");
  if (DIRECTION.test(text)) found.push("direction overrides");
  if (INVISIBLE.test(text)) found.push("invisible characters");
  const words = text.match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  if (words.some((word) => SCRIPTS.filter((script) => script.test(word)).length > 1)) {
    found.push("letters of several scripts in one word");
  }
  return found;
}

/** What a proposal says of itself. */
export function proposalText(description: string): ProposalText {
  const at = description.search(/\S/);
  const rest = at < 0 ? "" : description.slice(at);
  const end = rest.indexOf("\n");
  const first = end < 0 ? rest : rest.slice(0, end);
  const title = visible(first.replace(/^#+\s*/, "").trim()).slice(0, LONGEST_TITLE);
  return {
    title: title === "" ? "Without a title" : title,
    body: end < 0 ? "" : rest.slice(end + 1).trim(),
    hash: descriptionHash(description),
    suspicions: suspicionsOf(description),
  };
}

/** As the governor hashes it: of the bytes in UTF-8. */
export function descriptionHash(description: string): Hex {
  return keccak256(stringToHex(description));
}

/** The description of a proposal with this title. */
export function describe(title: string, body: string): string {
  return body.trim() === "" ? `# ${title.trim()}` : `# ${title.trim()}\n\n${body.trim()}`;
}
