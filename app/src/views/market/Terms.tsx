// The terms that loans of this market are opened under, as recorded at their publication.
import type { MarketRecord } from "@polder/contracts/deployment/record.ts";
import { Table } from "../../parts/Table.tsx";
import { words } from "../../words.ts";
import { documentTitle } from "./document-title.ts";

export function Terms({ record }: { record: MarketRecord }) {
  const { terms: t, tabs } = words.market;
  return (
    <Table
      caption={tabs.terms}
      rows={record.terms}
      rowKey={({ id }) => String(id)}
      columns={[
        { key: "id", head: t.id, cell: ({ id }) => id },
        { key: "kind", head: t.kind, cell: ({ kind }) => t[kind] },
        {
          key: "document",
          head: t.document,
          cell: ({ document }) => (
            <a
              href={`/documents/${record.key}/${document.name}`}
              className="font-medium text-water underline underline-offset-4"
            >
              {documentTitle(document.name)}
            </a>
          ),
        },
      ]}
    />
  );
}
