// A transaction by its hash, short, leading to its page.
import { shortHex } from "../lib/format.ts";
import { PageLink } from "../parts/PageLink.tsx";
import { words } from "../words.ts";

export function HashLink({ hash }: { hash: string }) {
  return (
    <PageLink
      href={`/tx/${hash}`}
      title={hash}
      className="relative font-mono text-small whitespace-nowrap text-water underline underline-offset-2"
    >
      <span className="sr-only">{`${words.transactions.open} ${hash}`}</span>
      <span aria-hidden>{shortHex(hash)}</span>
    </PageLink>
  );
}
