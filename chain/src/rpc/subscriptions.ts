// Subscriptions: what eth_subscribe pushes. Ids are random, so that one client can't guess another's. It knows nothing
// of sockets: notices go to whoever listens.

import { randomBytes } from "node:crypto";
import type { ChainEvent, ChainNode, Hex, LogFilter } from "../node/types.ts";
import { encodeHeader } from "./encode.ts";
import { LimitExceededError } from "./errors.ts";
import { announce, matching } from "./filters.ts";
import type { Json, RpcNotification } from "./types.ts";

const MAX_SUBSCRIPTIONS = 10_000;

export type Topic =
  | { kind: "newHeads" }
  | { kind: "logs"; filter: LogFilter }
  | { kind: "newPendingTransactions"; full: boolean }
  /** A devchain is never behind: valid, and silent. */
  | { kind: "syncing" };

export interface Subscriptions {
  open(topic: Topic): Hex;
  /** True when it was there. */
  close(id: string): boolean;
  /** Gives the function that stops it. */
  onNotice(listener: (notice: RpcNotification) => void): () => void;
  stop(): void;
}

export function createSubscriptions(node: ChainNode): Subscriptions {
  const topics = new Map<string, Topic>();
  const listeners = new Set<(notice: RpcNotification) => void>();

  const stopListening = node.subscribe((event) => {
    if (listeners.size === 0) return;
    for (const [subscription, topic] of topics) {
      for (const result of noticesOf(topic, event)) {
        for (const listener of listeners) listener({ subscription: subscription as Hex, result });
      }
    }
  });

  return {
    open(topic) {
      if (topics.size >= MAX_SUBSCRIPTIONS) {
        throw new LimitExceededError(
          `${MAX_SUBSCRIPTIONS} subscriptions are open; close some with eth_unsubscribe`,
        );
      }
      const id: Hex = `0x${randomBytes(16).toString("hex")}`;
      topics.set(id, topic);
      return id;
    },
    close: (id) => topics.delete(id),
    onNotice(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop() {
      stopListening();
      topics.clear();
      listeners.clear();
    },
  };
}

function noticesOf(topic: Topic, event: ChainEvent): Json[] {
  switch (topic.kind) {
    case "newHeads":
      return event.type === "block" ? [encodeHeader(event.block.header, event.block.hash)] : [];
    case "logs":
      return event.type === "pendingTransaction" ? [] : matching(event.logs, topic.filter);
    case "newPendingTransactions":
      return event.type === "pendingTransaction" ? [announce(event.transaction, topic.full)] : [];
    case "syncing":
      return [];
  }
}
