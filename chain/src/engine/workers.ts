// The owner's side of the worker threads: starts them, opens jobs to them, waits until all have left, buries the dead and
// replaces them. It knows jobs only by number.

import { setImmediate as nextTurn } from "node:timers/promises";
import { Worker } from "node:worker_threads";
import * as control from "../../engine/control.ts";
import type { EngineExports, EngineMemory, Seat } from "./instance.ts";
import type { WorkerSeat } from "./worker.ts";

interface Member {
  thread: Worker;
  /** Its modules are loaded, or it has ended. */
  settled: Promise<void>;
  region: number;
  alive: boolean;
}

export class WorkerCrew {
  readonly #members: Member[] = [];
  readonly #exports: EngineExports;
  readonly #memory: EngineMemory;
  readonly #seat: Seat;
  readonly #killOneIn: number;
  #closing = false;

  constructor(count: number, exports: EngineExports, memory: EngineMemory, seat: Seat, killOneIn: number) {
    this.#exports = exports;
    this.#memory = memory;
    this.#seat = seat;
    this.#killOneIn = killOneIn;
    for (let i = 0; i < count; i++) {
      const region = exports.reserveInstance();
      this.#members.push({ region, alive: true, ...this.#start(i + 1, region) });
    }
  }

  get size(): number {
    return this.#members.length;
  }

  #start(worker: number, region: number): Pick<Member, "thread" | "settled"> {
    const data: WorkerSeat = {
      module: this.#seat.module,
      memory: this.#seat.memory,
      clockOrigin: this.#seat.clockOrigin,
      worker,
      region,
      killOneIn: this.#killOneIn,
    };
    const thread = new Worker(new URL("./worker.ts", import.meta.url), { workerData: data });
    // A trap surfaces as an error before the exit; the exit is what counts.
    thread.on("error", () => {});
    thread.on("exit", () => {
      if (this.#closing) return;
      this.#members[worker - 1]!.alive = false;
    });
    const settled = new Promise<void>((resolve) => {
      thread.once("message", () => resolve());
      thread.once("exit", () => resolve());
    });
    thread.unref();
    return { thread, settled };
  }

  /**
   * Opens the job that the control block describes, runs the owner's part, and returns when no worker is inside any more:
   * true unless one died inside. `own` returns false to be called again after the event loop has turned, so that deaths
   * are noticed.
   */
  async run(kind: number, own: () => boolean): Promise<boolean> {
    let survived = true;
    this.#memory.setU32(control.JOB_KIND, kind);
    this.#exports.openJob(this.#members.length);
    while (!own()) {
      await nextTurn();
      if (this.#buryDead()) survived = false;
    }
    this.#exports.closeJob();
    while (!this.#isIdle()) {
      await nextTurn();
      if (this.#buryDead()) survived = false;
    }
    this.#replaceDead();
    return survived;
  }

  #isIdle(): boolean {
    const { words } = this.#memory;
    for (let i = 1; i <= this.#members.length; i++) {
      // A few looks: who finishes a last commit leaves within microseconds.
      let active = 1;
      for (let look = 0; look < 2000 && active; look++) {
        active = Atomics.load(words, (control.WORKER_ACTIVE + 64 * i) >> 2);
      }
      if (active) return false;
    }
    return true;
  }

  /** Whether somebody died inside the job. */
  #buryDead(): boolean {
    let found = false;
    for (const [i, { alive }] of this.#members.entries()) {
      const active = (control.WORKER_ACTIVE + 64 * (i + 1)) >> 2;
      if (alive || Atomics.load(this.#memory.words, active) === 0) continue;
      this.#exports.bury(i + 1, 0);
      Atomics.store(this.#memory.words, active, 0);
      found = true;
    }
    return found;
  }

  /** Between jobs: what a dead worker left in its region is committed by now, so a successor may have it. */
  #replaceDead(): void {
    this.#members.forEach((member, i) => {
      if (member.alive) return;
      member.alive = true;
      Object.assign(member, this.#start(i + 1, member.region));
    });
  }

  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      this.#members.map(async ({ thread, settled }) => {
        // Ended while it loads libsecp256k1's binding, a thread would take the whole process down (Napi::Error).
        thread.ref();
        await settled;
        await thread.terminate();
      }),
    );
  }
}
