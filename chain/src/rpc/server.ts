// The door of the node: HTTP and WebSocket on one port. It guards, reads bodies and hands requests to the chain thread,
// so that nothing here waits for execution. It must not know methods or state.

import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { answer, failure, type Run } from "./envelope.ts";
import { errorObject, InvalidRequestError, LimitExceededError, type RpcError } from "./errors.ts";
import { createGuard } from "./guard.ts";
import { renderPage } from "./page.ts";
import type { RequestHandler, RpcErrorObject, RpcOutcome, RpcRequest } from "./types.ts";
import { createWebSocketRoom } from "./websocket.ts";

/** Bytes of one request body or WebSocket message. */
export const MAX_BODY = 16 * 1024 * 1024;
/** Milliseconds that a client may take to finish sending a body which was refused. */
const DRAIN_TIME = 2_000;
/** A subscription needs a connection that lasts (geth's words and code). */
const NEEDS_CONNECTION = new Set(["eth_subscribe", "eth_unsubscribe"]);
const NO_NOTIFICATIONS: RpcErrorObject = {
  code: -32601,
  message: "notifications not supported over HTTP; connect by WebSocket",
};

export interface ServerOptions {
  handler: RequestHandler;
  host: string;
  /** 0 takes a free one. */
  port: number;
  allowedHosts?: readonly string[];
  allowedOrigins?: readonly string[];
  /** Called after each request with the milliseconds that it, or its batch, took, and the error where it failed. */
  onRequest?: (method: string, milliseconds: number, error: RpcErrorObject | undefined) => void;
}

export interface RpcServer {
  readonly host: string;
  readonly port: number;
  /** http://host:port; the WebSocket is at the same place under ws://. */
  readonly url: string;
  /** Stops listening, lets requests in progress finish for two seconds, and drops what is left. */
  close(): Promise<void>;
}

/** Starts to listen. Rejects with words that say what to do when the address cannot be had. */
export async function startServer(options: ServerOptions): Promise<RpcServer> {
  const { handler, host } = options;
  const guard = createGuard(options);
  const run: Run = async (requests) => {
    const began = performance.now();
    const outcomes = await runOn(handler, requests);
    if (options.onRequest !== undefined) {
      const milliseconds = performance.now() - began;
      for (const [index, { method }] of requests.entries()) {
        const outcome = outcomes[index]!;
        options.onRequest(method, milliseconds, "error" in outcome ? outcome.error : undefined);
      }
    }
    return outcomes;
  };
  const runOverHttp: Run = async (requests) => {
    const allowed = requests.filter(({ method }) => !NEEDS_CONNECTION.has(method));
    if (allowed.length === requests.length) return run(requests);
    const outcomes = await run(allowed);
    let next = 0;
    return requests.map(({ method }) =>
      NEEDS_CONNECTION.has(method) ? { error: NO_NOTIFICATIONS } : outcomes[next++]!,
    );
  };
  const room = createWebSocketRoom(handler, run, MAX_BODY);

  const server = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (request, response) => {
    serve(request, response).catch((error: unknown) => {
      if (response.headersSent) response.destroy();
      else send(response, 500, failure(null, error));
    });
  });

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { origin, host: hostHeader } = request.headers;
    const refusal = guard.refuseHost(hostHeader) ?? guard.refuseOrigin(origin);
    if (refusal !== null) return refuse(request, response, 403, new InvalidRequestError(refusal));
    if (origin !== undefined) {
      response.setHeader("access-control-allow-origin", origin);
      response.setHeader("vary", "origin");
    }
    switch (request.method) {
      case "POST":
        return post(request, response);
      case "GET":
      case "HEAD": {
        const page = await renderPage(runOverHttp, `http://${hostHeader}`);
        return send(response, 200, request.method === "HEAD" ? "" : page, "text/html; charset=utf-8");
      }
      case "OPTIONS":
        response.setHeader("access-control-allow-methods", "POST, GET, OPTIONS");
        response.setHeader("access-control-allow-headers", "content-type");
        response.setHeader("access-control-max-age", "86400");
        response.setHeader("access-control-allow-private-network", "true");
        response.writeHead(204).end();
        return;
      default:
        response.setHeader("allow", "POST, GET, OPTIONS");
        return refuse(
          request,
          response,
          405,
          new InvalidRequestError(`${request.method} is not supported; use POST`),
        );
    }
  }

  async function post(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = guard.refuseContentType(request.headers["content-type"]);
    if (refusal !== null) return refuse(request, response, 415, new InvalidRequestError(refusal));
    const body = await readBody(request, MAX_BODY);
    if (body === null) {
      const error = new LimitExceededError(`request too large: at most ${MAX_BODY} bytes; split the batch`);
      return refuse(request, response, 413, error);
    }
    const text = await answer(body, runOverHttp);
    if (text === null) response.writeHead(204).end();
    else send(response, 200, text);
  }

  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const refusal = guard.refuseHost(request.headers.host) ?? guard.refuseOrigin(request.headers.origin);
    if (refusal === null) return room.accept(request, socket, head);
    socket.on("error", () => {}); // the client may be gone already
    socket.end(
      `HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-type: text/plain\r\ncontent-length: ${Buffer.byteLength(refusal)}\r\n\r\n${refusal}`,
    );
  });

  await new Promise<void>((listening, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      explainListenError(error, host, options.port).then(failed);
    });
    server.listen(options.port, host, listening);
  });
  const { port } = server.address() as AddressInfo;

  return {
    host,
    port,
    url: `http://${host.includes(":") ? `[${host}]` : host}:${port}`,
    close() {
      room.close();
      return new Promise((closed) => {
        const impatience = setTimeout(() => server.closeAllConnections(), 2_000);
        server.close(() => {
          clearTimeout(impatience);
          closed();
        });
        server.closeIdleConnections();
      });
    },
  };
}

/** One request alone, or a batch in one message to the chain thread. Never rejects. */
async function runOn(handler: RequestHandler, requests: readonly RpcRequest[]): Promise<RpcOutcome[]> {
  try {
    const [first] = requests;
    if (first === undefined) return [];
    return requests.length === 1
      ? [{ result: await handler.request(first) }]
      : await handler.requestAll(requests);
  } catch (error) {
    const failed = { error: errorObject(error) };
    return requests.map(() => failed);
  }
}

/** The body as text, or null as soon as it exceeds `limit` bytes. Rejects when the client goes away. */
function readBody(request: IncomingMessage, limit: number): Promise<string | null> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((done, failed) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size > limit) {
        request.removeAllListeners("data");
        done(null);
      } else {
        chunks.push(chunk);
      }
    });
    request.on("end", () => done(Buffer.concat(chunks).toString("utf8")));
    request.on("error", failed);
  });
}

function send(response: ServerResponse, status: number, text: string, type = "application/json"): void {
  response.writeHead(status, { "content-type": type, "content-length": Buffer.byteLength(text) }).end(text);
}

/**
 * Answers with an error and gives up the connection. What the client still sends is read and dropped for a while: a
 * connection reset under its hands would hide the answer.
 */
function refuse(request: IncomingMessage, response: ServerResponse, status: number, error: RpcError): void {
  response.setHeader("connection", "close");
  send(response, status, failure(null, error));
  if (request.complete) return;
  request.resume();
  const patience = setTimeout(() => request.destroy(), DRAIN_TIME);
  request.on("close", () => clearTimeout(patience));
}

async function explainListenError(error: NodeJS.ErrnoException, host: string, port: number): Promise<Error> {
  switch (error.code) {
    case "EADDRINUSE": {
      const other = await askClientVersion(host, port);
      const who = other === null ? "another program listens" : `another node answers (${other})`;
      return new Error(
        `port ${port} is taken: ${who} at ${host}:${port}; stop it or choose another with --port`,
      );
    }
    case "EACCES":
      return new Error(
        `port ${port} needs more rights than this process has; choose one above 1023 with --port`,
      );
    case "EADDRNOTAVAIL":
    case "ENOTFOUND":
      return new Error(
        `${host} is not an address of this machine; --host takes 127.0.0.1, ::1 or 0.0.0.0, for example`,
      );
    default:
      return error;
  }
}

/** What answers web3_clientVersion there, or null. */
async function askClientVersion(host: string, port: number): Promise<string | null> {
  const place =
    host === "0.0.0.0" ? "127.0.0.1" : host === "::" ? "[::1]" : host.includes(":") ? `[${host}]` : host;
  try {
    const response = await fetch(`http://${place}:${port}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"jsonrpc":"2.0","id":1,"method":"web3_clientVersion","params":[]}',
      signal: AbortSignal.timeout(1_000),
    });
    const { result } = (await response.json()) as { result?: unknown };
    return typeof result === "string" ? result : null;
  } catch {
    return null; // not HTTP, not JSON, or silent: no node
  }
}
