// Filters that clients poll: eth_newFilter and its kin. Each gathers what happened since the last poll and is forgotten
// when nobody polls for five minutes. It must not know how requests arrive.

import type { ChainEvent, ChainNode, LogEntry, LogFilter, Transaction } from "../node/types.ts";
import { encodeLog, encodeWaiting, quantity } from "./encode.ts";
import { LimitExceededError, ServerError } from "./errors.ts";
import { matchesArrival } from "./matching.ts";
import type { Json } from "./types.ts";

/** Milliseconds without a poll, as in geth. */
const LIFETIME = 5 * 60 * 1000;
/** Entries that wait in one filter; then the oldest are dropped with the filter. */
const MAX_WAITING = 1_000_000;
const MAX_FILTERS = 10_000;

type Filter = { polledAt: number; waiting: Json[] } & (
  | { kind: "blocks" }
  | { kind: "transactions"; full: boolean }
  | { kind: "logs"; filter: LogFilter }
);

export interface Filters {
  newBlockFilter(): string;
  newTransactionFilter(full: boolean): string;
  newLogFilter(filter: LogFilter): string;
  /** What came since the last call. Throws where there is no such filter. */
  changes(id: bigint): Json[];
  /** The filter of eth_getFilterLogs. Throws where there is none, or one of another kind. */
  logFilter(id: bigint): LogFilter;
  /** True when it was there. */
  uninstall(id: bigint): boolean;
  close(): void;
}

export function createFilters(node: ChainNode): Filters {
  const filters = new Map<bigint, Filter>();
  let lastId = 0n;

  const open = (filter: Filter): string => {
    if (filters.size >= MAX_FILTERS) {
      throw new LimitExceededError(`${MAX_FILTERS} filters are open; remove some with eth_uninstallFilter`);
    }
    lastId += 1n;
    filters.set(lastId, filter);
    return quantity(lastId);
  };
  const find = (id: bigint): Filter => {
    const filter = filters.get(id);
    if (filter === undefined) {
      throw new ServerError(`filter not found: ${quantity(id)} (not polled for 5 minutes, or never opened)`);
    }
    return filter;
  };

  const stopListening = node.subscribe((event: ChainEvent) => {
    if (filters.size === 0) return;
    for (const [id, filter] of filters) {
      gather(filter, event);
      if (filter.waiting.length > MAX_WAITING) filters.delete(id);
    }
  });
  const sweep = setInterval(() => {
    const oldest = Date.now() - LIFETIME;
    for (const [id, filter] of filters) if (filter.polledAt < oldest) filters.delete(id);
  }, LIFETIME / 5);
  sweep.unref();

  return {
    newBlockFilter: () => open({ kind: "blocks", polledAt: Date.now(), waiting: [] }),
    newTransactionFilter: (full) => open({ kind: "transactions", full, polledAt: Date.now(), waiting: [] }),
    newLogFilter: (filter) => open({ kind: "logs", filter, polledAt: Date.now(), waiting: [] }),
    changes(id) {
      const filter = find(id);
      filter.polledAt = Date.now();
      return filter.waiting.splice(0);
    },
    logFilter(id) {
      const filter = find(id);
      filter.polledAt = Date.now();
      if (filter.kind !== "logs") throw new ServerError(`filter ${quantity(id)} is not a log filter`);
      return filter.filter;
    },
    uninstall: (id) => filters.delete(id),
    close() {
      clearInterval(sweep);
      stopListening();
      filters.clear();
    },
  };
}

function gather(filter: Filter, event: ChainEvent): void {
  switch (filter.kind) {
    case "blocks":
      if (event.type === "block" && event.block.hash !== null) filter.waiting.push(event.block.hash);
      return;
    case "transactions":
      if (event.type === "pendingTransaction") filter.waiting.push(announce(event.transaction, filter.full));
      return;
    case "logs":
      if (event.type !== "pendingTransaction") {
        for (const log of matching(event.logs, filter.filter)) filter.waiting.push(log);
      }
  }
}

/** A pending transaction as filters and subscriptions show it. */
export function announce(transaction: Transaction, full: boolean): Json {
  return full ? encodeWaiting(transaction) : transaction.hash;
}

/** The logs of an event that a filter wants, encoded. */
export function matching(logs: readonly LogEntry[], filter: LogFilter): Json[] {
  return logs.filter((log) => matchesArrival(filter, log)).map(encodeLog);
}
