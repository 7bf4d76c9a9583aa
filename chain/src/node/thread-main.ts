// The chain thread itself: owns the engine and the node, and answers the messages of thread.ts. It must not know who
// asks.

import { parentPort, workerData } from "node:worker_threads";
import { createEngine } from "../engine/index.ts";
import { createDispatcher } from "../rpc/dispatch.ts";
import type { DataDirectory } from "../store/directory.ts";
import { StoreError } from "../store/errors.ts";
import { ChainError } from "./errors.ts";
import { createNode, type DevchainNode } from "./node.ts";
import { openNode } from "./open.ts";
import { resolveOptions } from "./options.ts";
import type { ThreadCommand, ThreadReport } from "./thread.ts";
import type { ChainOptions, RestoreProgress } from "./types.ts";

/** So often is it told how far a kept chain is taken up; milliseconds. */
const PROGRESS_INTERVAL = 1_000;

const port = parentPort;
if (!port)
  throw new Error("thread-main.ts runs as a worker thread only: use startChainThread() of thread.ts");

const report = (message: ThreadReport) => port.postMessage(message);

try {
  await start(workerData as ChainOptions);
} catch (error) {
  const kind =
    error instanceof ChainError ? error.kind : error instanceof StoreError ? "storage" : "internal";
  report({ failed: { kind, message: error instanceof Error ? error.message : String(error) } });
}

async function start(options: ChainOptions): Promise<void> {
  const { workers } = resolveOptions(options);
  const data = options.dataDir === undefined ? null : await openDirectory(options.dataDir);
  let node: DevchainNode;
  try {
    const engine = await createEngine({ workers });
    node = data
      ? await openNode(engine, data, options, reportFailure, progressReport())
      : createNode(engine, options, reportFailure);
    await data?.log.synced();
  } catch (error) {
    await data?.close();
    throw error;
  }
  /** What is told outside rests on the log: it leaves this thread when the log is on disk. */
  const tell = (message: ThreadReport) => {
    if (data) data.log.synced().then(() => report(message), stop);
    else report(message);
  };
  const dispatcher = createDispatcher(node);
  dispatcher.onNotification((notification) => tell({ notification }));
  node.subscribe((event) => {
    if (event.type !== "block") return;
    void node.summarise({ blockHash: event.block.hash! }).then((block) => block && tell({ block }));
  });
  port!.on("message", async (command: ThreadCommand) => {
    if ("close" in command) {
      dispatcher.close();
      await node.close();
      await data?.close();
      port!.close();
      return;
    }
    tell({ id: command.id, outcomes: await dispatcher.requestAll(command.requests) });
  });
  report({ ready: node.describe() });
}

/** Loaded only where it is needed: Node 22 warns of SQLite, which is the directory's lock. */
async function openDirectory(path: string): Promise<DataDirectory> {
  const { DataDirectory } = await import("../store/directory.ts");
  return DataDirectory.open(path);
}

/** What no request waits for must not vanish; the chain stands where it stood and goes on. */
function reportFailure(error: unknown): void {
  console.error("a block on the clock, or a listener, failed:", error);
}

function progressReport(): (progress: RestoreProgress) => void {
  let last = performance.now();
  return (restoring) => {
    const now = performance.now();
    if (now - last < PROGRESS_INTERVAL) return;
    last = now;
    report({ restoring });
  };
}

/** The state is ahead of the disk and can't go back: the thread ends, and with it every request that waits. */
function stop(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
