"use client";
// Answers: what does the document say, and are these the bytes that were published? They are hashed here, in the browser,
// and compared with what the token has on the chain.
import { useQuery } from "@tanstack/react-query";
import Markdown, { type Components } from "react-markdown";
import remarkGfm from "remark-gfm";
import type { Address } from "viem";
import { useTokenDocuments } from "../../lib/chain/asset.ts";
import { useMarketRecord } from "../../lib/settings.tsx";
import { Address as AddressText } from "../../parts/Address.tsx";
import { classes } from "../../parts/classes.ts";
import { ErrorBox } from "../../parts/ErrorBox.tsx";
import { SourceButton } from "../../parts/Figure.tsx";
import { PageLink } from "../../parts/PageLink.tsx";
import { Skeleton } from "../../parts/Skeleton.tsx";
import { Time } from "../../parts/Time.tsx";
import { words } from "../../words.ts";
import { documentTitle } from "../market/document-title.ts";
import { type Verdict, verdictOf } from "./verify.ts";

export function DocumentPage({ assetKey, name }: { assetKey: string; name: string }) {
  const record = useMarketRecord(assetKey);
  const documents = useTokenDocuments(record.collateral as Address);
  const path = `/documents/${assetKey}/${name}`;
  const file = useQuery({
    queryKey: ["document", path],
    staleTime: 0,
    queryFn: async () => {
      const response = await fetch(path, { cache: "no-store" });
      if (!response.ok) throw new Error((await response.text()).trim());
      return new Uint8Array(await response.arrayBuffer());
    },
  });
  const { document: d } = words;
  const published = documents.data?.value.find((each) => each.name === name);
  const checked = file.data && documents.data && verdictOf(file.data, published?.hash);
  const error = (file.data === undefined && file.error) || (documents.data === undefined && documents.error);
  return (
    <div className="page flex flex-col gap-10 pt-10 sm:pt-14">
      <header className="flex flex-col gap-4">
        <p className="text-muted">
          <PageLink className="text-water underline underline-offset-4" href={`/assets/${assetKey}`}>
            {record.title}
          </PageLink>
          {` · ${documentTitle(name)}`}
        </p>
        {error ? (
          <>
            <h1 className="text-figure font-semibold">{documentTitle(name)}</h1>
            <ErrorBox
              title={d.unread}
              detail={error.message}
              onRetry={() => void Promise.all([file.refetch(), documents.refetch()])}
            />
          </>
        ) : checked === undefined ? (
          <h1>
            <Skeleton className="h-12 w-full max-w-xl" />
          </h1>
        ) : (
          <>
            <h1
              className={classes(
                "max-w-4xl text-hero font-semibold tracking-tight",
                checked.verdict !== "same" && "text-risk",
              )}
            >
              {d.verdicts[checked.verdict]}
            </h1>
            <div role={checked.verdict === "same" ? undefined : "alert"} className="max-w-prose text-lead">
              <p>
                {`${d.explained[checked.verdict]} `}
                <SourceButton label={d.check} source={{ at: documents.data?.at, formula: d.formula }} />
              </p>
            </div>
            <dl className="flex flex-wrap gap-x-10 gap-y-3">
              <Fact term={d.ours}>
                <AddressText value={checked.hash} />
              </Fact>
              <Fact term={d.theirs}>
                {published === undefined ? words.figure.none : <AddressText value={published.hash} />}
              </Fact>
              {published !== undefined && (
                <Fact term={d.publishedAt}>
                  <Time at={published.modified} />
                </Fact>
              )}
              <Fact term={d.file}>
                <a href={path} download className="text-water underline underline-offset-4">
                  {d.download}
                </a>
              </Fact>
            </dl>
          </>
        )}
      </header>
      {checked !== undefined && file.data !== undefined && (
        <Body verdict={checked.verdict} bytes={file.data} />
      )}
    </div>
  );
}

/** What was not published is shown only to who asks for it. */
function Body({ verdict, bytes }: { verdict: Verdict; bytes: Uint8Array }) {
  const text = new TextDecoder().decode(bytes);
  const shown = (
    <article className="flex max-w-[70ch] flex-col gap-4">
      <Markdown
        remarkPlugins={[remarkGfm]}
        components={COMPONENTS}
        disallowedElements={["img"]}
        unwrapDisallowed
      >
        {text}
      </Markdown>
    </article>
  );
  if (verdict === "same") return <div className="border-t border-line pt-8">{shown}</div>;
  return (
    <details className="border-t border-line pt-6">
      <summary className="font-semibold">{words.document.showAnyway}</summary>
      <div className="pt-6">{shown}</div>
    </details>
  );
}

/** Markdown alone: HTML in it stays text, images are left out, a link says where it leads. The page has its own h1. */
const COMPONENTS: Components = {
  h1: ({ children }) => <h2 className="text-figure font-semibold">{children}</h2>,
  h2: ({ children }) => <h3 className="mt-4 text-title font-semibold">{children}</h3>,
  h3: ({ children }) => <h4 className="mt-2 text-lead font-semibold">{children}</h4>,
  ul: ({ children }) => <ul className="flex list-disc flex-col gap-1 pl-5">{children}</ul>,
  ol: ({ children }) => <ol className="flex list-decimal flex-col gap-1 pl-5">{children}</ol>,
  blockquote: ({ children }) => (
    <blockquote className="border-l-4 border-line pl-4 text-muted">{children}</blockquote>
  ),
  code: ({ children }) => <code className="font-mono text-small">{children}</code>,
  a: ({ href, children }) => (
    <a href={href} rel="noreferrer nofollow" title={href} className="text-water underline underline-offset-2">
      {children}
    </a>
  ),
  table: ({ children }) => (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a frame that scrolls is reached by the keyboard
    <figure aria-label={words.document.table} tabIndex={0} className="overflow-x-auto">
      <table className="w-full border-collapse text-left">{children}</table>
    </figure>
  ),
  // A table without heads has empty ones in Markdown: these are no heads.
  th: ({ children }) =>
    children ? (
      <th className="border-b border-line-strong py-2 pr-6 text-small font-medium text-muted">{children}</th>
    ) : (
      <td className="border-b border-line-strong" />
    ),
  td: ({ children }) => <td className="border-b border-line py-2 pr-6 align-top">{children}</td>,
};

function Fact({ term, children }: { term: string; children: React.ReactNode }) {
  return (
    <div>
      <dt className="text-small text-muted">{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
