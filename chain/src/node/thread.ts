// The chain in a thread of its own, from the outside: requests and answers as messages, so that nothing the chain does
// holds up the caller's thread. It must not know methods or state; thread-main.ts is the other side.

import { Worker } from "node:worker_threads";
import { RpcError } from "../rpc/errors.ts";
import type { Json, RpcNotification, RpcOutcome, RpcRequest } from "../rpc/types.ts";
import { ChainError, type ChainErrorKind } from "./errors.ts";
import type { BlockSummary, ChainDescription, ChainOptions, ChainThread, RestoreProgress } from "./types.ts";

/** To the chain thread. */
export type ThreadCommand = { id: number; requests: readonly RpcRequest[] } | { close: true };

/** From the chain thread. `ready` or `failed` come first, but for `restoring`. */
export type ThreadReport =
  | { restoring: RestoreProgress }
  | { ready: ChainDescription }
  | { failed: { kind: ChainErrorKind; message: string } }
  | { id: number; outcomes: RpcOutcome[] }
  | { notification: RpcNotification }
  | { block: BlockSummary };

interface Waiting {
  resolve: (outcomes: RpcOutcome[]) => void;
  reject: (error: Error) => void;
}

/** How long close() waits for the thread to end by itself; milliseconds. */
const CLOSE_TIMEOUT = 5_000;

/**
 * Resolves when the genesis block stands, or a kept chain's newest; rejects with ChainError where an option makes no sense or
 * the kept chain can't be taken up. `onRestoring` hears about once a second how far that is.
 */
export function startChainThread(
  options: ChainOptions = {},
  onRestoring: (progress: RestoreProgress) => void = () => {},
): Promise<ChainThread> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./thread-main.ts", import.meta.url), {
      workerData: options,
      name: "chain",
    });
    const failed = (error: Error) => reject(error);
    worker.once("error", failed);
    const receive = (report: ThreadReport) => {
      if ("restoring" in report) {
        onRestoring(report.restoring);
        return;
      }
      worker.off("message", receive);
      worker.off("error", failed);
      if ("ready" in report) {
        resolve(new WorkerChainThread(worker, report.ready));
        return;
      }
      void worker.terminate();
      const { kind, message } =
        "failed" in report ? report.failed : { kind: "internal" as const, message: "no start" };
      reject(new ChainError(kind, message));
    };
    worker.on("message", receive);
  });
}

class WorkerChainThread implements ChainThread {
  readonly description: ChainDescription;
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  readonly #notificationListeners = new Set<(notification: RpcNotification) => void>();
  readonly #blockListeners = new Set<(summary: BlockSummary) => void>();
  readonly #exitListeners = new Set<(error: Error) => void>();
  #nextId = 0;
  #closing = false;
  #ended: Error | null = null;
  readonly #exited: Promise<void>;

  constructor(worker: Worker, description: ChainDescription) {
    this.#worker = worker;
    this.description = description;
    worker.on("message", (report: ThreadReport) => this.#receive(report));
    worker.on("error", (error) => this.#end(error instanceof Error ? error : new Error(String(error))));
    this.#exited = new Promise((resolve) => {
      worker.once("exit", (code) => {
        this.#end(
          new Error(this.#closing ? "the chain was closed" : `the chain thread ended with code ${code}`),
        );
        resolve();
      });
    });
    // Whoever uses the chain keeps the process alive, not the chain itself.
    worker.unref();
  }

  async request(request: RpcRequest): Promise<Json> {
    const [outcome] = await this.requestAll([request]);
    if (outcome && "result" in outcome) return outcome.result;
    const { code, message, data } = outcome!.error;
    throw new RpcError(code, message, { data });
  }

  requestAll(requests: readonly RpcRequest[]): Promise<RpcOutcome[]> {
    return new Promise((resolve, reject) => {
      if (this.#ended || this.#closing) {
        reject(this.#ended ?? new Error("the chain was closed"));
        return;
      }
      const id = this.#nextId++;
      this.#waiting.set(id, { resolve, reject });
      if (this.#waiting.size === 1) this.#worker.ref();
      this.#send({ id, requests });
    });
  }

  onNotification(listener: (notification: RpcNotification) => void): () => void {
    this.#notificationListeners.add(listener);
    return () => this.#notificationListeners.delete(listener);
  }

  onBlock(listener: (summary: BlockSummary) => void): () => void {
    this.#blockListeners.add(listener);
    return () => this.#blockListeners.delete(listener);
  }

  onExit(listener: (error: Error) => void): () => void {
    this.#exitListeners.add(listener);
    return () => this.#exitListeners.delete(listener);
  }

  async close(): Promise<void> {
    if (!this.#closing && !this.#ended) {
      this.#closing = true;
      this.#worker.ref();
      this.#send({ close: true });
    }
    const timer = setTimeout(() => void this.#worker.terminate(), CLOSE_TIMEOUT);
    await this.#exited;
    clearTimeout(timer);
  }

  #send(command: ThreadCommand): void {
    this.#worker.postMessage(command);
  }

  #receive(report: ThreadReport): void {
    if ("outcomes" in report) {
      const waiting = this.#waiting.get(report.id);
      this.#waiting.delete(report.id);
      if (this.#waiting.size === 0 && !this.#closing) this.#worker.unref();
      waiting?.resolve(report.outcomes);
    } else if ("notification" in report) {
      for (const listener of this.#notificationListeners) listener(report.notification);
    } else if ("block" in report) {
      for (const listener of this.#blockListeners) listener(report.block);
    }
  }

  #end(error: Error): void {
    if (this.#ended) return;
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
    if (!this.#closing) for (const listener of this.#exitListeners) listener(error);
  }
}
