"use client";
// What the author says, in markdown: no HTML, no pictures, links to the web alone, each with the host that it leads to.
import { Component, type ReactNode } from "react";
import Markdown, { type Components } from "react-markdown";
import gfm from "remark-gfm";
import type { Governance, ProposalView } from "../../lib/chain/governance.ts";
import { words } from "../../words.ts";
import { canBeSet, visibleLines, webLink } from "./markdown.ts";

type Props = { governance: Governance; text: ProposalView["text"] };

export function Description({ governance: { library }, text: { body, suspicions } }: Props) {
  const p = words.proposal;
  const shown = visibleLines(body, library.visible);
  const plain = (
    <>
      <p className="text-small text-muted">{p.tooDeep}</p>
      <pre className="max-h-[36rem] overflow-auto bg-wash p-4 font-mono text-small break-words whitespace-pre-wrap">
        {shown}
      </pre>
    </>
  );
  return (
    <div className="flex flex-col gap-4">
      {suspicions.length > 0 && (
        <p className="border-l-4 border-risk bg-risk-soft px-5 py-3">{p.suspicious(suspicions.join(", "))}</p>
      )}
      {body === "" ? (
        <p className="text-muted">{p.noDescription}</p>
      ) : canBeSet(shown) ? (
        <Otherwise show={plain}>
          <div className="flex max-w-prose min-w-0 flex-col gap-4 break-words">
            <Markdown
              remarkPlugins={[gfm]}
              urlTransform={(url) => webLink(url)?.href ?? ""}
              components={PARTS}
            >
              {shown}
            </Markdown>
          </div>
        </Otherwise>
      ) : (
        plain
      )}
    </div>
  );
}

/** Headings stand below the page's own. */
const PARTS: Components = {
  a: ({ href, children }) => {
    const link = webLink(href);
    if (link === undefined) return <span>{children}</span>;
    return (
      <>
        <a
          href={link.href}
          target="_blank"
          rel="noopener noreferrer nofollow ugc"
          className="text-water underline underline-offset-2"
        >
          {children}
        </a>
        <span className="text-small text-muted">{` (${link.host})`}</span>
      </>
    );
  },
  img: ({ alt }) => <span className="text-muted">{`[${words.proposal.image(alt ?? "")}]`}</span>,
  h1: ({ children }) => <h3 className="mt-2 text-lead font-semibold">{children}</h3>,
  h2: ({ children }) => <h3 className="mt-2 text-lead font-semibold">{children}</h3>,
  h3: ({ children }) => <h4 className="mt-2 font-semibold">{children}</h4>,
  h4: ({ children }) => <h4 className="mt-2 font-semibold">{children}</h4>,
  h5: ({ children }) => <h5 className="font-semibold">{children}</h5>,
  h6: ({ children }) => <h6 className="font-semibold">{children}</h6>,
  ul: ({ children }) => <ul className="list-disc pl-6">{children}</ul>,
  ol: ({ children }) => <ol className="list-decimal pl-6">{children}</ol>,
  blockquote: ({ children }) => (
    <blockquote className="flex flex-col gap-2 border-l-4 border-line pl-4 text-muted">{children}</blockquote>
  ),
  code: ({ children }) => <code className="bg-wash px-1 font-mono text-small">{children}</code>,
  pre: ({ children }) => <pre className="overflow-x-auto bg-wash p-4">{children}</pre>,
  hr: () => <hr className="border-line" />,
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls is reached by the keyboard
    <section aria-label={words.proposal.description} tabIndex={0} className="overflow-x-auto">
      <table className="border-collapse text-left [&_td]:border-b [&_td]:border-line [&_td]:py-2 [&_td]:pr-6 [&_th]:border-b [&_th]:border-line-strong [&_th]:py-2 [&_th]:pr-6 [&_th]:font-medium">
        {children}
      </table>
    </section>
  ),
};

/** Shows something else where its children cannot be drawn. */
class Otherwise extends Component<{ show: ReactNode; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };
  static getDerivedStateFromError() {
    return { failed: true };
  }
  override render() {
    return this.state.failed ? this.props.show : this.props.children;
  }
}
