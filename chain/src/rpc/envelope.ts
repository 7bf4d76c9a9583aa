// JSON-RPC 2.0 envelopes: from the text of a request, or of a batch, to the text of the response. It knows nothing of
// sockets, and of methods only that somebody runs them. https://www.jsonrpc.org/specification

import { errorObject, InvalidRequestError, ParseError, RpcError } from "./errors.ts";
import type { RpcOutcome, RpcRequest } from "./types.ts";

/** Requests in one batch; geth stops at 1,000, benchmarks and seeders want more. */
export const MAX_BATCH = 10_000;

type Id = string | number | null;

/** Answers requests in order; never rejects. */
export type Run = (requests: readonly RpcRequest[]) => Promise<RpcOutcome[]>;

/** One item of a body: what to run, or what was wrong with it; `id` undefined where no response is due. */
interface Item {
  id: Id | undefined;
  request: RpcRequest | RpcError;
}

/** The text to send back, or null where nothing is due (notifications only). Never rejects. */
export async function answer(text: string, run: Run): Promise<string | null> {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch (error) {
    return failure(null, new ParseError(error instanceof Error ? error.message : String(error)));
  }
  if (!Array.isArray(body)) {
    const [response] = await answerAll([itemOf(body)], run);
    return response ?? null;
  }
  if (body.length === 0) return failure(null, new InvalidRequestError("an empty batch"));
  if (body.length > MAX_BATCH) {
    return failure(
      null,
      new InvalidRequestError(
        `batch too large: ${body.length} requests, at most ${MAX_BATCH} at once; split it`,
      ),
    );
  }
  const responses = await answerAll(body.map(itemOf), run);
  return responses.length === 0 ? null : `[${responses.join(",")}]`;
}

/** The responses due, in order. */
async function answerAll(items: readonly Item[], run: Run): Promise<string[]> {
  const requests = items.flatMap(({ request }) => (request instanceof RpcError ? [] : [request]));
  const outcomes = requests.length === 0 ? [] : await run(requests);
  const responses: string[] = [];
  let next = 0;
  for (const { id, request } of items) {
    const outcome = request instanceof RpcError ? { error: errorObject(request) } : outcomes[next++]!;
    if (id !== undefined) responses.push(JSON.stringify({ jsonrpc: "2.0", id, ...outcome }));
  }
  return responses;
}

function itemOf(value: unknown): Item {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    const example = '{"jsonrpc":"2.0","id":1,"method":"eth_chainId"}';
    return { id: null, request: new InvalidRequestError(`a request is an object such as ${example}`) };
  }
  const { jsonrpc, id, method, params } = value as Record<string, unknown>;
  // What is not even a notification gets its error, with the id where there is one.
  const malformed = (words: string): Item => ({
    id: isId(id) ? id : null,
    request: new InvalidRequestError(words),
  });
  if (id !== undefined && !isId(id)) return malformed("id should be a string, a number or null");
  if (jsonrpc !== "2.0") return malformed('jsonrpc should be "2.0"');
  if (typeof method !== "string") return malformed("method should be a string");
  if (params !== undefined && params !== null && typeof params !== "object") {
    return malformed("params should be an array");
  }
  return { id, request: { method, params: params ?? [] } };
}

function isId(id: unknown): id is Id {
  return id === null || typeof id === "string" || typeof id === "number";
}

/** The text of an error response. */
export function failure(id: Id, error: unknown): string {
  return JSON.stringify({ jsonrpc: "2.0", id, error: errorObject(error) });
}
