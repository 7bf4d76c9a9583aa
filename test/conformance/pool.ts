// Spreads files over worker threads and survives the loss of one: a worker that dies or hangs fails the test it was on,
// and another takes over the rest of the file. It must not know what the tests are.

import { Worker } from "node:worker_threads";
import type { FileJob, TestResult, WorkerMessage, WorkerSettings } from "./messages.ts";
import type { SourceFile } from "./source.ts";

export interface PoolOptions {
  workers: number;
  /** The module that the threads run. */
  worker: URL;
  settings: WorkerSettings;
  /** Seconds after which a test counts as hung. */
  timeout: number;
  /** How many tests of a file to take; undefined takes all of every file. */
  quota?: ReadonlyMap<string, number>;
  onResult(result: TestResult): void;
  /** A file that holds neither state nor blockchain tests. */
  onUnknown(path: string): void;
}

/** Runs the tests in all files. Rejects where the files cannot be read or a worker cannot start. */
export async function runPool(files: AsyncIterable<SourceFile>, options: PoolOptions): Promise<void> {
  const iterator = files[Symbol.asyncIterator]();
  // One reader for all workers: the next file is asked for when the one before it has been handed out.
  let turn: Promise<unknown> = Promise.resolve();
  const next = (): Promise<SourceFile | null> => {
    const result = turn.then(() => nextWanted(iterator, options.quota));
    turn = result.catch(() => {});
    return result;
  };
  const lanes = Array.from({ length: options.workers }, () => runLane(next, options));
  await Promise.all(lanes);
}

async function nextWanted(
  iterator: AsyncIterator<SourceFile>,
  quota: ReadonlyMap<string, number> | undefined,
): Promise<SourceFile | null> {
  for (;;) {
    const { done, value } = await iterator.next();
    if (done) return null;
    if (quota === undefined || quota.has(value.path)) return value;
  }
}

/** One worker after the other, for as long as there are files. */
async function runLane(next: () => Promise<SourceFile | null>, options: PoolOptions): Promise<void> {
  let worker: Worker | null = null;
  try {
    for (let file = await next(); file !== null; file = await next()) {
      let skip = 0;
      for (let finished = false; !finished; ) {
        worker ??= new Worker(options.worker, { workerData: options.settings });
        const job: FileJob = { ...file, quota: options.quota?.get(file.path), skip };
        const outcome = await runJob(worker, job, options);
        if (outcome.lost) {
          await worker.terminate();
          worker = null;
          skip += outcome.finished + 1;
        }
        finished = !outcome.lost;
      }
    }
  } finally {
    await worker?.terminate();
  }
}

/** `lost`: the worker died or hangs; `finished` tests of the job had been reported before the one it was on. */
function runJob(
  worker: Worker,
  job: FileJob,
  options: PoolOptions,
): Promise<{ lost: boolean; finished: number }> {
  return new Promise((resolve, reject) => {
    let current: string | null = null;
    let finished = 0;
    let timer: NodeJS.Timeout | undefined;
    const detach = () => {
      clearTimeout(timer);
      worker.off("message", onMessage).off("error", onError).off("exit", onExit);
    };
    const lose = (failure: string) => {
      detach();
      if (current === null) {
        reject(new Error(`a worker ended before it ran a test of ${job.path}: ${failure}`));
        return;
      }
      options.onResult({ path: job.path, name: current, failure, milliseconds: 0 });
      resolve({ lost: true, finished });
    };
    const onMessage = (message: WorkerMessage) => {
      clearTimeout(timer);
      if (message.kind === "started") {
        current = message.name;
        timer = setTimeout(() => lose(`not finished after ${options.timeout} s`), options.timeout * 1000);
      } else if (message.kind === "finished") {
        current = null;
        finished++;
        options.onResult(message.result);
      } else {
        detach();
        if (message.unknown) options.onUnknown(job.path);
        resolve({ lost: false, finished });
      }
    };
    const onError = (error: Error) => lose(`the worker died: ${error.message}`);
    const onExit = (code: number) => lose(`the worker ended with code ${code}`);
    worker.on("message", onMessage).on("error", onError).on("exit", onExit);
    // Copied, not transferred: a lost worker's file is handed to the next one.
    worker.postMessage(job);
  });
}
