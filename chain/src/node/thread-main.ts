// The chain thread itself: owns the engine and the node, and answers the messages of thread.ts. It must not know who
// asks.

import { parentPort, workerData } from "node:worker_threads";
import { createEngine } from "../engine/index.ts";
import { createDispatcher } from "../rpc/dispatch.ts";
import { ChainError } from "./errors.ts";
import { createNode } from "./node.ts";
import { resolveOptions } from "./options.ts";
import type { ThreadCommand, ThreadReport } from "./thread.ts";
import type { ChainOptions } from "./types.ts";

const port = parentPort;
if (!port)
  throw new Error("thread-main.ts runs as a worker thread only: use startChainThread() of thread.ts");

const report = (message: ThreadReport) => port.postMessage(message);

try {
  await start(workerData as ChainOptions);
} catch (error) {
  const kind = error instanceof ChainError ? error.kind : "internal";
  report({ failed: { kind, message: error instanceof Error ? error.message : String(error) } });
}

async function start(options: ChainOptions): Promise<void> {
  const { workers } = resolveOptions(options);
  const engine = await createEngine({ workers });
  // What no request waits for must not vanish; the chain stands where it stood and goes on.
  const node = createNode(engine, options, (error) =>
    console.error("a block on the clock, or a listener, failed:", error),
  );
  const dispatcher = createDispatcher(node);
  dispatcher.onNotification((notification) => report({ notification }));
  node.subscribe((event) => {
    if (event.type !== "block") return;
    void node.summarise({ blockHash: event.block.hash! }).then((block) => block && report({ block }));
  });
  port!.on("message", async (command: ThreadCommand) => {
    if ("close" in command) {
      dispatcher.close();
      await node.close();
      port!.close();
      return;
    }
    report({ id: command.id, outcomes: await dispatcher.requestAll(command.requests) });
  });
  report({ ready: node.describe() });
}
