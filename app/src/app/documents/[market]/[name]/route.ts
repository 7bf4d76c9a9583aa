// The bytes of a disclosed document, as published: only what the record names is served, under the name it gives.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSettings } from "../../../../server/settings.ts";

export async function GET(
  _request: Request,
  { params }: { params: Promise<{ market: string; name: string }> },
): Promise<Response> {
  const { market, name } = await params;
  const { record } = await readSettings();
  const document = record?.markets
    .find(({ key }) => key === market)
    ?.documents.find((each) => each.name === name);
  const folder = process.env.POLDER_DOCUMENTS;
  if (document === undefined || folder === undefined)
    return new Response("no such document\n", { status: 404 });
  // Of the record, which is ours, and still: nothing above the folder.
  if (!/^documents\/[a-z0-9-]+\/[a-z0-9-]+\.md$/.test(document.uri)) {
    return new Response("the record names this document oddly\n", { status: 404 });
  }
  try {
    return new Response(new Uint8Array(await readFile(join(folder, document.uri))), {
      headers: {
        "content-type": "text/markdown; charset=utf-8",
        "content-disposition": `inline; filename="${market}-${name}.md"`,
        "cache-control": "no-store",
      },
    });
  } catch {
    return new Response("the document's file is missing here\n", { status: 404 });
  }
}
