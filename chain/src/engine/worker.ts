// A worker thread: it waits for jobs in shared memory, takes part and waits again. Only the owner's words in the control
// block steer it; it never sees a JavaScript message, and sends one alone, when it is loaded. A trap ends the thread: the
// owner buries it and goes on.

import { parentPort, workerData } from "node:worker_threads";
import * as control from "../../engine/control.ts";
import { instantiate, type Seat } from "./instance.ts";
import { recoverRange } from "./recovery.ts";

export interface WorkerSeat extends Omit<Seat, "mortalMoment"> {
  worker: number;
  region: number;
  /** Ends the thread at one in n meetings; the fuzzer's. */
  killOneIn?: number;
}

const { worker, region, killOneIn, ...seat } = workerData as WorkerSeat;

let meetings = 0;
const mortalMoment = () => {
  // A cheap spread that needs no state shared with others.
  if (killOneIn && (Math.imul(++meetings, 0x9e3779b1) >>> 0) % killOneIn === 0) process.exit(0);
};

const { exports, memory } = instantiate({ ...seat, mortalMoment });
exports.useInstance(worker, region);
parentPort?.postMessage("loaded");

let epoch = 0;
for (;;) {
  epoch = exports.awaitJob(epoch);
  if (!exports.enterJob(worker, epoch)) continue;
  const kind = memory.u32(control.JOB_KIND);
  if (kind === control.JOB_EXIT) break;
  if (kind === control.JOB_BLOCK) {
    exports.enterBlock();
    while (!exports.participate());
  } else if (kind === control.JOB_TRIE) {
    exports.workOnTries();
  } else if (kind === control.JOB_BODY) {
    exports.workOnBody();
  } else if (kind === control.JOB_RECOVER) {
    recoverRange(memory);
  }
  exports.leaveJob(worker);
}
exports.leaveJob(worker);
