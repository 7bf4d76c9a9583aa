// The transport against a handler that echoes: envelopes (JSON-RPC 2.0), the guard, limits, WebSocket subscriptions.
// It opens real sockets and knows nothing of the chain.

import assert from "node:assert/strict";
import { request as httpRequest } from "node:http";
import { after, before, describe, it } from "node:test";
import { WebSocket } from "ws";
import { MAX_BATCH } from "../../../chain/src/rpc/envelope.ts";
import { errorObject, InvalidParamsError, RevertError } from "../../../chain/src/rpc/errors.ts";
import { createGuard } from "../../../chain/src/rpc/guard.ts";
import { MAX_BODY, type RpcServer, startServer } from "../../../chain/src/rpc/server.ts";
import type { Json, RequestHandler, RpcNotification, RpcRequest } from "../../../chain/src/rpc/types.ts";

/** Answers `echo` with its params, fails as asked, and pushes a notice at once on eth_subscribe. */
function createEcho(): RequestHandler & { seen: string[] } {
  const listeners = new Set<(notification: RpcNotification) => void>();
  const seen: string[] = [];
  const request = async ({ method, params }: RpcRequest): Promise<Json> => {
    seen.push(method);
    switch (method) {
      case "echo":
        return params as Json;
      case "nothing":
        return null;
      case "revert":
        throw new RevertError("execution reverted: no", "0x08c379a0");
      case "params":
        throw new InvalidParamsError("invalid argument 0 (address): should be an address");
      case "boom":
        throw new TypeError("undefined is not a function");
      case "eth_subscribe":
        for (const listener of listeners) listener({ subscription: "0xabc", result: "early" });
        setTimeout(() => {
          for (const listener of listeners) listener({ subscription: "0xabc", result: "later" });
        }, 10);
        return "0xabc";
      case "eth_unsubscribe":
        return true;
      default:
        return `${method}!`;
    }
  };
  return {
    seen,
    request,
    requestAll: (requests) =>
      Promise.all(
        requests.map((item) =>
          request(item).then(
            (result) => ({ result }),
            (error: unknown) => ({ error: errorObject(error) }),
          ),
        ),
      ),
    onNotification(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

let server: RpcServer;
let echo: ReturnType<typeof createEcho>;

/** fetch() forbids setting Host and Origin, so plain http. */
function send(
  body: string | Buffer,
  options: { method?: string; headers?: Record<string, string | undefined> } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json", ...options.headers };
    const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
    const call = httpRequest(
      server.url,
      { method: options.method ?? "POST", headers: given as Record<string, string> },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () =>
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}

async function rpc(body: unknown): Promise<unknown> {
  const { status, text } = await send(typeof body === "string" ? body : JSON.stringify(body));
  assert.equal(status, 200, text);
  return JSON.parse(text);
}

function errorOf(response: unknown): { code: number; message: string; data?: unknown } {
  return (response as { error: { code: number; message: string } }).error;
}

before(async () => {
  echo = createEcho();
  server = await startServer({
    handler: echo,
    host: "127.0.0.1",
    port: 0,
    allowedOrigins: ["http://localhost:3000"],
    allowedHosts: ["devchain"],
  });
});
after(() => server.close());

describe("envelopes", () => {
  it("answers with the id as it was: number, string, null", async () => {
    for (const id of [7, "seven", null, 0]) {
      assert.deepEqual(await rpc({ jsonrpc: "2.0", id, method: "echo", params: [1, "a"] }), {
        jsonrpc: "2.0",
        id,
        result: [1, "a"],
      });
    }
  });

  it("takes absent and null params as none, and gives a result that is null", async () => {
    assert.deepEqual(await rpc({ jsonrpc: "2.0", id: 1, method: "echo" }), {
      jsonrpc: "2.0",
      id: 1,
      result: [],
    });
    assert.deepEqual(await rpc({ jsonrpc: "2.0", id: 1, method: "echo", params: null }), {
      jsonrpc: "2.0",
      id: 1,
      result: [],
    });
    assert.deepEqual(await rpc({ jsonrpc: "2.0", id: 1, method: "nothing" }), {
      jsonrpc: "2.0",
      id: 1,
      result: null,
    });
  });

  it("refuses what is no JSON with -32700 and id null", async () => {
    for (const text of ["{", "", "not json", '{"jsonrpc":"2.0",}']) {
      const response = await rpc(text);
      assert.equal(errorOf(response).code, -32700, text);
      assert.equal((response as { id: unknown }).id, null);
    }
  });

  it("refuses what is no request with -32600 and words", async () => {
    for (const [body, words] of [
      [1, /object/],
      ["text", /object/],
      [null, /object/],
      [[], /empty batch/],
      [{ id: 1, method: "echo" }, /jsonrpc should be "2.0"/],
      [{ jsonrpc: "1.0", id: 1, method: "echo" }, /jsonrpc should be "2.0"/],
      [{ jsonrpc: "2.0", id: 1 }, /method should be a string/],
      [{ jsonrpc: "2.0", id: 1, method: 5 }, /method should be a string/],
      [{ jsonrpc: "2.0", id: {}, method: "echo" }, /id should be/],
      [{ jsonrpc: "2.0", id: 1, method: "echo", params: "x" }, /params should be an array/],
      [{ method: "echo" }, /jsonrpc should be/],
    ] as const) {
      const error = errorOf(await rpc(JSON.stringify(body)));
      assert.equal(error.code, -32600, JSON.stringify(body));
      assert.match(error.message, words);
    }
  });

  it("answers a batch in order, each request by itself", async () => {
    const response = await rpc([
      { jsonrpc: "2.0", id: 1, method: "echo", params: [1] },
      { jsonrpc: "2.0", method: "echo", params: ["a notification"] },
      { jsonrpc: "2.0", id: 2, method: "revert" },
      17,
      { jsonrpc: "2.0", id: "x", method: "echo", params: [3] },
    ]);
    assert.ok(Array.isArray(response));
    assert.deepEqual(
      response.map((item: { id: unknown }) => item.id),
      [1, 2, null, "x"],
    );
    assert.deepEqual(response[1].error, { code: 3, message: "execution reverted: no", data: "0x08c379a0" });
    assert.equal(response[2].error.code, -32600);
    assert.deepEqual(response[3].result, [3]);
  });

  it("runs notifications and answers them with nothing", async () => {
    const before = echo.seen.length;
    const one = await send(JSON.stringify({ jsonrpc: "2.0", method: "echo" }));
    assert.deepEqual([one.status, one.text], [204, ""]);
    const batch = await send(JSON.stringify([{ jsonrpc: "2.0", method: "echo" }]));
    assert.deepEqual([batch.status, batch.text], [204, ""]);
    assert.equal(echo.seen.length, before + 2);
  });

  it("limits batches", async () => {
    const item = { jsonrpc: "2.0", id: 1, method: "echo" };
    const error = errorOf(await rpc(Array.from({ length: MAX_BATCH + 1 }, () => item)));
    assert.equal(error.code, -32600);
    assert.match(error.message, /batch too large/);
    const most = await rpc(Array.from({ length: MAX_BATCH }, () => item));
    assert.equal((most as unknown[]).length, MAX_BATCH);
  });

  it("keeps codes and data, and calls anything unforeseen an internal error", async () => {
    assert.equal(errorOf(await rpc({ jsonrpc: "2.0", id: 1, method: "params" })).code, -32602);
    const error = errorOf(await rpc({ jsonrpc: "2.0", id: 1, method: "boom" }));
    assert.equal(error.code, -32603);
    assert.match(error.message, /internal error: undefined is not a function/);
  });

  it("refuses subscriptions over HTTP, also inside a batch", async () => {
    const error = errorOf(
      await rpc({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }),
    );
    assert.equal(error.code, -32601);
    assert.match(error.message, /notifications not supported/);
    const batch = (await rpc([
      { jsonrpc: "2.0", id: 1, method: "echo" },
      { jsonrpc: "2.0", id: 2, method: "eth_subscribe", params: ["newHeads"] },
      { jsonrpc: "2.0", id: 3, method: "echo" },
    ])) as { id: number; error?: unknown }[];
    assert.deepEqual(
      batch.map(({ id, error: failed }) => [id, failed !== undefined]),
      [
        [1, false],
        [2, true],
        [3, false],
      ],
    );
  });
});

describe("who may talk to us", () => {
  const call = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "echo" });

  it("serves our own names and refuses others (DNS rebinding)", async () => {
    for (const host of [
      "localhost",
      "localhost:8545",
      "127.0.0.1",
      "[::1]:8545",
      "DEVCHAIN:1",
      "192.168.1.7:8545",
    ]) {
      assert.equal((await send(call, { headers: { host } })).status, 200, host);
    }
    for (const host of [
      "evil.example",
      "evil.example:8545",
      "localhost.evil.example",
      "127.0.0.1.evil.example",
      "a b",
    ]) {
      const { status, text } = await send(call, { headers: { host } });
      assert.equal(status, 403, host);
      assert.equal(errorOf(JSON.parse(text)).code, -32600);
    }
  });

  it("serves programs and origins let in by name, and refuses other pages", async () => {
    const allowed = await send(call, { headers: { origin: "http://localhost:3000" } });
    assert.equal(allowed.status, 200);
    assert.equal(allowed.headers["access-control-allow-origin"], "http://localhost:3000");
    assert.equal((await send(call, { headers: { origin: "chrome-extension://abcdef" } })).status, 200);
    for (const origin of ["http://evil.example", "http://localhost:3001", "https://localhost:3000", "null"]) {
      const before = echo.seen.length;
      const { status, headers, text } = await send(call, { headers: { origin } });
      assert.equal(status, 403, origin);
      assert.equal(headers["access-control-allow-origin"], undefined);
      assert.match(errorOf(JSON.parse(text)).message, /--allow-origin/);
      assert.equal(echo.seen.length, before, "the request ran all the same");
    }
  });

  it("answers preflights of those origins alone", async () => {
    const headers = { origin: "http://localhost:3000", "access-control-request-method": "POST" };
    const fine = await send("", { method: "OPTIONS", headers });
    assert.equal(fine.status, 204);
    assert.match(String(fine.headers["access-control-allow-headers"]), /content-type/);
    const refused = await send("", {
      method: "OPTIONS",
      headers: { ...headers, origin: "http://evil.example" },
    });
    assert.equal(refused.status, 403);
  });

  it("asks for application/json, which no form can send", async () => {
    assert.equal(
      (await send(call, { headers: { "content-type": "application/json; charset=utf-8" } })).status,
      200,
    );
    for (const type of ["text/plain", "application/x-www-form-urlencoded", undefined]) {
      assert.equal((await send(call, { headers: { "content-type": type } })).status, 415, type);
    }
  });

  it("lets everyone in with *", () => {
    const guard = createGuard({ host: "0.0.0.0", allowedOrigins: ["*"] });
    assert.equal(guard.refuseOrigin("http://evil.example"), null);
    assert.equal(guard.refuseOrigin("null"), null);
  });

  it("refuses other HTTP methods, and shows people a page", async () => {
    assert.equal((await send("", { method: "DELETE" })).status, 405);
    const page = await send("", { method: "GET" });
    assert.equal(page.status, 200);
    assert.match(page.text, /web3_clientVersion!/);
  });
});

describe("limits", () => {
  it("refuses a body over the limit with 413, announced or not, and lives on", async () => {
    const large = Buffer.alloc(MAX_BODY + 1, " ");
    const announced = await send(large);
    assert.equal(announced.status, 413);
    assert.equal(errorOf(JSON.parse(announced.text)).code, -32005);
    const streamed = await send(large, { headers: { "transfer-encoding": "chunked" } });
    assert.equal(streamed.status, 413);
    assert.deepEqual(await rpc({ jsonrpc: "2.0", id: 1, method: "nothing" }), {
      jsonrpc: "2.0",
      id: 1,
      result: null,
    });
  });

  it("takes one just below", async () => {
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "nothing" }).padEnd(MAX_BODY, " ");
    assert.equal((await send(body)).status, 200);
  });

  it("says who has the port", async () => {
    await assert.rejects(
      startServer({ handler: echo, host: "127.0.0.1", port: server.port }),
      /port \d+ is taken: another node answers \(web3_clientVersion!\).*--port/,
    );
  });

  it("says so when the host is not ours", async () => {
    await assert.rejects(
      startServer({ handler: echo, host: "192.0.2.1", port: 0 }),
      /not an address of this machine/,
    );
  });
});

describe("WebSocket", () => {
  const connect = (headers: Record<string, string> = {}) =>
    new Promise<WebSocket>((resolve, reject) => {
      const socket = new WebSocket(server.url.replace("http", "ws"), { headers });
      socket.once("open", () => resolve(socket));
      socket.once("error", reject);
    });
  const collect = (socket: WebSocket, count: number) =>
    new Promise<unknown[]>((resolve) => {
      const messages: unknown[] = [];
      socket.on("message", (data) => {
        messages.push(JSON.parse(data.toString()));
        if (messages.length === count) resolve(messages);
      });
    });

  it("answers requests and batches", async () => {
    const socket = await connect();
    const messages = collect(socket, 2);
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "echo", params: [1] }));
    socket.send(JSON.stringify([{ jsonrpc: "2.0", id: 2, method: "echo", params: [2] }]));
    assert.deepEqual(await messages, [
      { jsonrpc: "2.0", id: 1, result: [1] },
      [{ jsonrpc: "2.0", id: 2, result: [2] }],
    ]);
    socket.close();
  });

  it("pushes notices, never before the response that names them", async () => {
    const socket = await connect();
    const messages = collect(socket, 3);
    socket.send(JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_subscribe", params: ["newHeads"] }));
    assert.deepEqual(await messages, [
      { jsonrpc: "2.0", id: 1, result: "0xabc" },
      { jsonrpc: "2.0", method: "eth_subscription", params: { subscription: "0xabc", result: "early" } },
      { jsonrpc: "2.0", method: "eth_subscription", params: { subscription: "0xabc", result: "later" } },
    ]);
    const before = echo.seen.length;
    socket.close();
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.deepEqual(
      echo.seen.slice(before),
      ["eth_unsubscribe"],
      "a lost connection ends its subscriptions",
    );
  });

  it("refuses pages that were not let in", async () => {
    await assert.rejects(connect({ origin: "http://evil.example" }), /403/);
    await assert.rejects(connect({ host: "evil.example" }), /403/);
    (await connect({ origin: "http://localhost:3000" })).close();
  });

  it("answers malformed JSON and closes on a message over the limit", async () => {
    const socket = await connect();
    const messages = collect(socket, 1);
    socket.send("{");
    assert.equal(errorOf((await messages)[0]).code, -32700);
    const closed = new Promise<number>((resolve) => socket.on("close", resolve));
    socket.send(Buffer.alloc(MAX_BODY + 1, " ").toString());
    assert.equal(await closed, 1009);
  });
});
