// A stand-in for the runner's worker thread: "tests" are the letters of a file, and some of them misbehave.

import { parentPort } from "node:worker_threads";
import type { FileJob, WorkerMessage } from "../messages.ts";

const port = parentPort!;
const send = (message: WorkerMessage) => port.postMessage(message);

port.on("message", ({ path, bytes, quota, skip }: FileJob) => {
  const names = [...new TextDecoder().decode(bytes)].slice(0, quota).slice(skip);
  for (const name of names) {
    send({ kind: "started", name });
    if (name === "d") setImmediate(() => process.exit(3)); // dies
    if (name === "d" || name === "h") return; // hangs
    send({
      kind: "finished",
      result: { path, name, failure: name === "f" ? "wrong" : null, milliseconds: 1 },
    });
  }
  send({ kind: "done", unknown: names.length === 0 });
});
