// A transaction by its hash, short, leading to its page.
import { shortHex } from "../lib/format.ts";
import { PageLink } from "../parts/PageLink.tsx";
import { words } from "../words.ts";

export function HashLink({ hash }: { hash: string }) {
  return (
    <PageLink
      href={`/tx/${hash}`}
      title={hash}
      aria-label={`${words.transactions.open} ${hash}`}
      className="font-mono text-small whitespace-nowrap text-water underline underline-offset-2"
    >
      {shortHex(hash)}
    </PageLink>
  );
}
