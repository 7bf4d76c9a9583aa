// A JSON-RPC client for measuring: single calls and batches over HTTP, with request bodies that can be made before the
// clock starts. It must not know what is measured.

export interface RpcCall {
  method: string;
  params: unknown[];
}

interface RpcResponse {
  id: number;
  result?: unknown;
  error?: { code: number; message: string };
}

export class Rpc {
  readonly url: string;

  constructor(url: string) {
    this.url = url;
  }

  /** Rejects with the node's message. */
  async call<T>(method: string, ...params: unknown[]): Promise<T> {
    const [result] = await this.post(bodyOf([{ method, params }]));
    return result as T;
  }

  /** Many calls in batches; results in their order. */
  async all<T>(calls: readonly RpcCall[]): Promise<T[]> {
    const results: unknown[] = [];
    for (const body of bodiesOf(calls)) results.push(...(await this.post(body)));
    return results as T[];
  }

  /** Sends bodies that are ready, `concurrency` at a time. */
  async send(bodies: readonly string[], concurrency: number): Promise<void> {
    let next = 0;
    const lane = async () => {
      while (next < bodies.length) await this.post(bodies[next++]!);
    };
    await Promise.all(Array.from({ length: concurrency }, lane));
  }

  async post(body: string): Promise<unknown[]> {
    const headers = { "content-type": "application/json" };
    const response = await fetch(this.url, { method: "POST", headers, body });
    const parsed = (await response.json()) as RpcResponse | RpcResponse[];
    const responses = (Array.isArray(parsed) ? parsed : [parsed]).sort((a, b) => a.id - b.id);
    return responses.map(({ result, error }) => {
      if (error !== undefined) throw new Error(`${this.url}: ${error.message} (${error.code})`);
      return result;
    });
  }
}

/** Calls of one batch. */
const BATCH = 100;

export function bodiesOf(calls: readonly RpcCall[]): string[] {
  const bodies: string[] = [];
  for (let start = 0; start < calls.length; start += BATCH)
    bodies.push(bodyOf(calls.slice(start, start + BATCH)));
  return bodies;
}

function bodyOf(calls: readonly RpcCall[]): string {
  const requests = calls.map(({ method, params }, id) => ({ jsonrpc: "2.0", id, method, params }));
  return JSON.stringify(requests.length === 1 ? requests[0] : requests);
}

export function quantity(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}
