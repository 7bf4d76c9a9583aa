// Asks the index: GraphQL over fetch, nothing else. Knows no page. Queries are written as text beside their types.
export class IndexError extends Error {
  override name = "IndexError";
}

/** Milliseconds. */
const PATIENCE = 8_000;

/** Answers `document` at the index whose URL is `indexUrl`. Throws IndexError where it does not. */
export async function askIndex<Data>(
  indexUrl: string,
  document: string,
  variables: Record<string, unknown> = {},
  signal?: AbortSignal,
): Promise<Data> {
  const patience = AbortSignal.timeout(PATIENCE);
  let response: Response;
  try {
    response = await fetch(`${indexUrl.replace(/\/$/, "")}/graphql`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ query: document, variables }),
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new IndexError(`nothing answers at ${indexUrl}`, { cause });
  }
  if (!response.ok) throw new IndexError(`the index answered with status ${response.status}`);
  const { data, errors } = (await response.json()) as { data?: Data; errors?: { message: string }[] };
  if (errors?.length) throw new IndexError(errors.map(({ message }) => message).join("; "));
  if (data === undefined) throw new IndexError("the index answered without data");
  return data;
}
