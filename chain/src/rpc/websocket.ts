// JSON-RPC over WebSocket, with subscriptions: which socket a notification belongs to, and that it never overtakes the
// response that names it. It knows methods only by eth_subscribe and eth_unsubscribe.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import { answer, failure, type Run } from "./envelope.ts";
import { InvalidRequestError } from "./errors.ts";
import type { RequestHandler, RpcNotification } from "./types.ts";

/** A client that lets this many bytes pile up is cut off. */
const MAX_BACKLOG = 64 * 1024 * 1024;
/** Milliseconds between pings; a client silent for two is gone. */
const PING_INTERVAL = 30_000;

export interface WebSocketRoom {
  /** Takes over a connection that asked for the upgrade and passed the guard. */
  accept(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  close(): void;
}

interface Client {
  socket: WebSocket;
  alive: boolean;
  subscriptions: Set<string>;
}

/** @param maxPayload bytes of one message */
export function createWebSocketRoom(handler: RequestHandler, run: Run, maxPayload: number): WebSocketRoom {
  const server = new WebSocketServer({ noServer: true, maxPayload, perMessageDeflate: false });
  const clients = new Set<Client>();
  const owners = new Map<string, Client>();
  /** Notices that came while some eth_subscribe was under way, before anybody knew whose they are. */
  const early = new Map<string, RpcNotification[]>();
  let opening = 0;

  const push = (client: Client, notice: RpcNotification) => {
    if (client.socket.bufferedAmount > MAX_BACKLOG) client.socket.terminate();
    else client.socket.send(JSON.stringify({ jsonrpc: "2.0", method: "eth_subscription", params: notice }));
  };
  const stopListening = handler.onNotification((notice) => {
    const client = owners.get(notice.subscription);
    if (client === undefined) {
      if (opening > 0) early.set(notice.subscription, [...(early.get(notice.subscription) ?? []), notice]);
      return;
    }
    push(client, notice);
  });

  const forget = (client: Client) => {
    clients.delete(client);
    for (const id of client.subscriptions) {
      owners.delete(id);
      // The chain may be closing, too; there is nobody left to tell.
      handler.request({ method: "eth_unsubscribe", params: [id] }).catch(() => {});
    }
    client.subscriptions.clear();
  };

  const receive = async (client: Client, data: RawData, isBinary: boolean) => {
    if (isBinary) {
      client.socket.send(failure(null, new InvalidRequestError("send JSON as text, not as binary messages")));
      return;
    }
    const held: RpcNotification[] = [];
    const response = await answer(data.toString(), async (requests) => {
      const opens = requests.some(({ method }) => method === "eth_subscribe");
      if (opens) opening++;
      const outcomes = await run(requests);
      for (const [index, outcome] of outcomes.entries()) {
        const { method, params } = requests[index]!;
        if (!("result" in outcome)) continue;
        if (method === "eth_subscribe" && typeof outcome.result === "string") {
          client.subscriptions.add(outcome.result);
          owners.set(outcome.result, client);
          held.push(...(early.get(outcome.result) ?? []));
        } else if (method === "eth_unsubscribe" && outcome.result === true && Array.isArray(params)) {
          const id = String(params[0]);
          owners.get(id)?.subscriptions.delete(id);
          owners.delete(id);
        }
      }
      if (opens && --opening === 0) early.clear();
      return outcomes;
    });
    if (client.socket.readyState !== WebSocket.OPEN) return forget(client);
    if (response !== null) client.socket.send(response);
    // Between the chain thread's answer and here nothing else was read from it, so that no notice can have overtaken.
    for (const notice of held) push(client, notice);
  };

  server.on("connection", (socket) => {
    const client: Client = { socket, alive: true, subscriptions: new Set() };
    clients.add(client);
    socket.on("pong", () => {
      client.alive = true;
    });
    socket.on("message", (data, isBinary) => {
      client.alive = true;
      void receive(client, data, isBinary);
    });
    // A message too large or a broken frame: ws closes the connection with the right code by itself.
    socket.on("error", () => {});
    socket.on("close", () => forget(client));
  });

  const heartbeat = setInterval(() => {
    for (const client of clients) {
      if (!client.alive) client.socket.terminate();
      else client.socket.ping();
      client.alive = false;
    }
  }, PING_INTERVAL);
  heartbeat.unref();

  return {
    accept: (request, socket, head) =>
      server.handleUpgrade(request, socket, head, (webSocket) =>
        server.emit("connection", webSocket, request),
      ),
    close() {
      clearInterval(heartbeat);
      stopListening();
      for (const client of clients) client.socket.close(1001, "the node stops");
      const rest = setTimeout(() => {
        for (const client of clients) client.socket.terminate();
      }, 500);
      rest.unref();
      server.close();
    },
  };
}
