// What every long-running service has in common: a log, an end on a signal, readiness and metrics over HTTP, patience with
// a node that is away. It must not know what the service does.
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { createLog, type Log } from "@polder/chain/cli/log.ts";
import type { Registry } from "prom-client";

export type { Fields, Log } from "@polder/chain/cli/log.ts";

/** Options of every service. */
export const serviceOptions = {
  "metrics-port": { type: "string" },
  "metrics-host": { type: "string", default: "127.0.0.1" },
  "log-format": { type: "string", default: "pretty" },
} as const;

export function serviceLog(format: string): Log {
  if (format !== "pretty" && format !== "json") {
    throw new Error(`--log-format must be pretty or json, not "${format}"`);
  }
  return createLog({ format, silent: false });
}

/** Aborts at the first SIGINT or SIGTERM; a second one ends the process at once. */
export function stopSignal(log: Log): AbortSignal {
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (stop.signal.aborted) process.exit(1);
      log("info", "stopping", { signal });
      stop.abort();
    });
  }
  return stop.signal;
}

/** Why a service is not ready; undefined where it is. */
export type Readiness = () => string | undefined;

/**
 * Serves `GET /ready`, 200 or 503 with a reason, and `GET /metrics` in Prometheus' text format, until closed.
 * @param port 0 takes a free one
 */
export async function serveStatus(
  { host, port, ready, registry }: { host: string; port: number; ready: Readiness; registry: Registry },
  log: Log,
): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = request.url?.split("?", 1)[0];
    if (request.method !== "GET") {
      response.writeHead(405, { allow: "GET" }).end();
    } else if (path === "/ready") {
      const reason = ready();
      response.writeHead(reason === undefined ? 200 : 503, { "content-type": "application/json" });
      response.end(JSON.stringify({ ready: reason === undefined, ...(reason && { reason }) }));
    } else if (path === "/metrics") {
      response.writeHead(200, { "content-type": registry.contentType }).end(await registry.metrics());
    } else {
      response.writeHead(404).end();
    }
  });
  server.listen(port, host);
  await Promise.race([
    once(server, "listening"),
    once(server, "error").then(([error]) => {
      throw new Error(
        `port ${port} of ${host} cannot be used for metrics (${(error as Error).message}): name another --metrics-port`,
      );
    }),
  ]);
  log("info", "metrics", { url: `http://${host}:${(server.address() as AddressInfo).port}` });
  return server;
}

/** Resolves after `milliseconds`, or at once when aborted. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => {});
}

const LONGEST_WAIT = 15_000; // milliseconds

/** Waits longer after each failure in a row: from `first` milliseconds, twice as long each time, up to 15 seconds. */
export class Backoff {
  #failures = 0;
  readonly #first: number;

  constructor(first = 250) {
    this.#first = first;
  }

  succeeded(): void {
    this.#failures = 0;
  }

  /** Milliseconds to wait after one more failure. */
  failed(): number {
    const wait = Math.min(LONGEST_WAIT, this.#first * 2 ** this.#failures);
    this.#failures += 1;
    return wait;
  }
}
