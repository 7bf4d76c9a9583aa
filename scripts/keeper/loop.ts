// When a keeper works: at each new block what must not wait, the rest on its schedule; not while the node is away; and until
// what is under way is done once it is told to stop. What the work is, the worker knows.
import type { Connection } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import { Backoff, type Log, pause } from "../lib/service.ts";
import type { KeeperMetrics } from "./metrics.ts";
import { headOf } from "./positions.ts";
import type { Job, NumberedHead, Worker } from "./worker.ts";

export type LoopOptions = {
  jobs: ReadonlySet<Job>;
  /** Milliseconds between two looks at the newest block. */
  interval: number;
  /** Milliseconds that the work may be behind the newest block before the keeper is no longer ready. */
  maxLag: number;
  /** Milliseconds that what is under way has when the keeper is told to stop. */
  drainFor: number;
  genesisHash: string;
};

/** Milliseconds between two rounds of what need not happen at each block. */
const EVERY: Record<Job, number> = {
  liquidate: 0,
  auction: 0,
  poke: 10_000,
  checkpoint: 10_000,
  impair: 30_000,
  rebalance: 60_000,
};
const BALANCES_EVERY = 15_000; // milliseconds
const NODE_PATIENCE = 5_000; // milliseconds
/** Without a new block the work is done again after this time: clocks run on. Milliseconds. */
const QUIET = 15_000;

export class Loop {
  readonly #connection: Connection;
  readonly #worker: Worker;
  readonly #metrics: KeeperMetrics;
  readonly #log: Log;
  readonly #options: LoopOptions;
  readonly #lastDone = new Map<Job | "balances", number>();
  #seen: NumberedHead | undefined;
  #workedOn: number | undefined;
  #lastRoundAt = 0;
  #caughtUpAt = Date.now();
  #nodeAway: string | undefined = "the node was not asked yet";
  #draining = false;

  constructor(
    connection: Connection,
    worker: Worker,
    metrics: KeeperMetrics,
    log: Log,
    options: LoopOptions,
  ) {
    this.#connection = connection;
    this.#worker = worker;
    this.#metrics = metrics;
    this.#log = log;
    this.#options = options;
  }

  /** Why it is not ready. */
  get unready(): string | undefined {
    if (this.#draining) return "stopping: it takes no more work";
    if (this.#nodeAway !== undefined) return this.#nodeAway;
    if (this.#workedOn === undefined) return "the first round is not done yet";
    const behind = Date.now() - this.#caughtUpAt;
    if (behind > this.#options.maxLag) {
      return `behind for ${Math.round(behind / 1_000)} s: worked on block ${this.#workedOn}, the newest is ${this.#seen?.number}`;
    }
    return undefined;
  }

  /** Works until `stop`, then waits for what is under way. False where some of that was left. */
  async run(stop: AbortSignal): Promise<boolean> {
    const watching = this.#watch(stop);
    await this.#work(stop);
    await watching;
    return this.#drain();
  }

  /** Follows the newest block, beside the work, so that a round which takes long is seen. */
  async #watch(stop: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#options.interval);
    while (!stop.aborted) {
      let wait = this.#options.interval;
      try {
        const head = await within(NODE_PATIENCE, headOf(this.#connection.provider));
        if (this.#nodeAway !== undefined) {
          await within(NODE_PATIENCE, this.#requireSameChain());
          if (this.#seen !== undefined) this.#log("info", "the node answers again", { head: head.number });
        }
        this.#nodeAway = undefined;
        backoff.succeeded();
        this.#see(head);
      } catch (error) {
        const reason = `the node does not answer: ${explain(error)}`;
        if (this.#nodeAway === undefined) this.#log("warn", reason);
        this.#nodeAway = reason;
        wait = backoff.failed();
      }
      this.#tellLag();
      await pause(wait, stop);
    }
  }

  #see(head: NumberedHead): void {
    const before = this.#seen;
    if (before !== undefined && head.number < before.number) {
      this.#log("warn", "blocks were undone", { from: before.number, to: head.number });
      if (this.#workedOn !== undefined) this.#workedOn = Math.min(this.#workedOn, head.number - 1);
    }
    this.#seen = head;
  }

  #tellLag(): void {
    const head = this.#seen?.number ?? 0;
    const lag = this.#workedOn === undefined ? 0 : Math.max(0, head - this.#workedOn);
    if (lag === 0 && this.#nodeAway === undefined) this.#caughtUpAt = Date.now();
    this.#metrics.head.set(head);
    this.#metrics.lag.set(lag);
    this.#metrics.behind.set((Date.now() - this.#caughtUpAt) / 1_000);
  }

  async #requireSameChain(): Promise<void> {
    const genesis = await this.#connection.provider.getBlock(0);
    if (genesis?.hash === this.#options.genesisHash) return;
    throw new Error("it keeps another chain than the one deployed to: deploy again, then restart the keeper");
  }

  async #work(stop: AbortSignal): Promise<void> {
    const backoff = new Backoff();
    let approved = false;
    while (!stop.aborted) {
      const head = this.#seen;
      const due = head !== undefined && this.#nodeAway === undefined && this.#isNews(head);
      if (head === undefined || !due) {
        await pause(Math.min(this.#options.interval, 100), stop);
        continue;
      }
      try {
        if (!approved) await this.#worker.approve(head);
        approved = true;
        await this.#worker.round(head, this.#dueNow());
        await this.#tellBalances();
        this.#workedOn = head.number;
        this.#lastRoundAt = Date.now();
        this.#tellLag();
        backoff.succeeded();
      } catch (error) {
        this.#metrics.failures.inc({ stage: "round" });
        this.#log("warn", "a round failed", { head: head.number, reason: explain(error) });
        await pause(backoff.failed(), stop);
      }
    }
  }

  #isNews({ number }: NumberedHead): boolean {
    return number !== this.#workedOn || Date.now() - this.#lastRoundAt > QUIET;
  }

  /** The jobs whose time has come. */
  #dueNow(): Set<Job> {
    const now = Date.now();
    const due = [...this.#options.jobs].filter((job) => now - (this.#lastDone.get(job) ?? 0) >= EVERY[job]);
    for (const job of due) this.#lastDone.set(job, now);
    return new Set(due);
  }

  async #tellBalances(): Promise<void> {
    if (Date.now() - (this.#lastDone.get("balances") ?? 0) < BALANCES_EVERY) return;
    this.#lastDone.set("balances", Date.now());
    await this.#worker.tellBalances();
  }

  async #drain(): Promise<boolean> {
    this.#draining = true;
    const until = Date.now() + this.#options.drainFor;
    if (this.#worker.pending > 0) {
      this.#log("info", "waiting for what is under way", { transactions: this.#worker.pending });
    }
    while (this.#worker.pending > 0 && Date.now() < until) {
      await headOf(this.#connection.provider)
        .then((head) => this.#worker.look(head))
        .catch(() => {}); // the node may be away: what is left is journalled
      if (this.#worker.pending > 0)
        await pause(this.#options.interval, AbortSignal.timeout(this.#options.drainFor));
    }
    const left = this.#worker.pending;
    if (left === 0) this.#log("info", "stopped");
    else this.#log("warn", "stopped with transactions under way: the next start takes them up", { left });
    return left === 0;
  }
}

function within<Result>(milliseconds: number, promise: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
