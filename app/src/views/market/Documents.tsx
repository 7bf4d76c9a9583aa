// The market's documents with the hashes that were published.
import type { MarketRecord } from "@polder/contracts/deployment/record.ts";
import { shortHex } from "../../lib/format.ts";
import { Empty } from "../../parts/Empty.tsx";
import { Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";
import { documentTitle } from "./document-title.ts";

export function Documents({ record }: { record: MarketRecord }) {
  const { name, hash, open, none } = words.market.documents;
  if (record.documents.length === 0) return <Empty title={none} />;
  return (
    <Table
      list
      caption={words.market.tabs.documents}
      rows={record.documents}
      rowKey={(document) => document.name}
      columns={[
        { key: "name", head: name, cell: (document) => documentTitle(document.name) },
        {
          key: "hash",
          head: hash,
          cell: (document) => (
            <span className="font-mono text-small text-muted" title={document.hash}>
              {shortHex(document.hash)}
            </span>
          ),
        },
        {
          key: "open",
          head: <span className="sr-only">{open}</span>,
          number: true,
          cell: (document) => (
            <a
              href={`/documents/${record.key}/${document.name}`}
              aria-label={`${open}: ${documentTitle(document.name)}`}
              className="font-medium text-water underline underline-offset-4"
            >
              {open}
            </a>
          ),
        },
      ]}
    />
  );
}
