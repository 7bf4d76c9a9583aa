// When attestors work: at the times that their oracles need, by the chain's clock; again after a while where something failed;
// and until they are told to stop.
import { isError, type Wallet } from "ethers";
import { Counter, Gauge, Registry } from "prom-client";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import { type Connection, DEVELOPMENT_CHAIN } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import { Backoff, type Log, pause } from "../lib/service.ts";
import type { Attestors, OracleCall } from "./attestor.ts";
import { chainTime, type OracleState } from "./oracle.ts";

export type LoopOptions = {
  /** Keys of the markets to report on. */
  markets: readonly string[];
  /** Milliseconds between two looks at the clock. */
  interval: number;
  /** Who sends, and pays for gas. */
  sender: Wallet;
};

/** A dollar feed beats once a day; the peg stops taking dollars an hour later. */
const FEED_BEATS = 20 * 3_600; // seconds
const PATIENCE = 60_000; // milliseconds, for a receipt

const PREFIX = "polder_attestor_";

class Metrics {
  readonly registry = new Registry();
  readonly calls: Counter<"market" | "call" | "outcome">;
  readonly failures: Counter;
  readonly nav: Gauge<"market">;
  readonly age: Gauge<"market">;
  readonly staleIn: Gauge<"market">;

  constructor() {
    const registers = [this.registry];
    const name = (text: string) => PREFIX + text;
    this.calls = new Counter({
      name: name("calls_total"),
      help: "Reports and confirmations by what became of them.",
      labelNames: ["market", "call", "outcome"],
      registers,
    });
    this.failures = new Counter({ name: name("failures_total"), help: "Rounds that failed.", registers });
    const gauge = (text: string, help: string) =>
      new Gauge({ name: name(text), help, labelNames: ["market"], registers });
    this.nav = gauge("nav", "The accepted NAV of a whole token, in dollars.");
    this.age = gauge("nav_age_seconds", "Age of the last valuation, by the chain's clock.");
    this.staleIn = gauge("stale_in_seconds", "Until the NAV is stale, by the chain's clock.");
  }
}

export class Loop {
  readonly #connection: Connection;
  readonly #protocol: Protocol;
  readonly #attestors: Attestors;
  readonly #log: Log;
  readonly #options: LoopOptions;
  readonly #metrics = new Metrics();
  readonly #notFresh = new Map<string, string>();
  readonly #said = new Map<string, string>();
  #trouble: string | undefined = "the first round is not done yet";

  constructor(
    connection: Connection,
    protocol: Protocol,
    attestors: Attestors,
    log: Log,
    options: LoopOptions,
  ) {
    this.#connection = connection;
    this.#protocol = protocol;
    this.#attestors = attestors;
    this.#log = log;
    this.#options = options;
  }

  get registry(): Registry {
    return this.#metrics.registry;
  }

  /** Why it is not ready: the node is away, or a NAV is not fresh. */
  get unready(): string | undefined {
    if (this.#trouble !== undefined) return this.#trouble;
    const [first] = this.#notFresh;
    return first === undefined ? undefined : `the NAV of ${first[0]} is ${first[1]}`;
  }

  async run(stop: AbortSignal): Promise<void> {
    const backoff = new Backoff(this.#options.interval);
    while (!stop.aborted) {
      let wait = this.#options.interval;
      try {
        await this.#round();
        if (this.#trouble !== undefined) this.#log("info", "reporting");
        this.#trouble = undefined;
        backoff.succeeded();
      } catch (error) {
        const reason = explain(error);
        if (this.#trouble !== reason) this.#log("warn", "a round failed", { reason });
        this.#metrics.failures.inc();
        this.#trouble = reason;
        wait = backoff.failed();
      }
      await pause(wait, stop);
    }
    this.#log("info", "stopped");
  }

  async #round(): Promise<void> {
    const now = await chainTime(this.#connection);
    // One after the other: they are sent from one account.
    for (const market of this.#options.markets) await this.#attend(market, now);
    if (this.#connection.chainId === DEVELOPMENT_CHAIN) await this.#beat(now);
  }

  async #attend(market: string, now: number): Promise<void> {
    const { state, calls, held } = await this.#attestors.step(market, now);
    for (const { reason } of held) this.#say(market, reason);
    if (held.length === 0) this.#said.delete(market);
    for (const call of calls) await this.#send(call);
    this.#tell(state, now);
    if (calls.length === 0) return;
    // A report that became pending is confirmed at once where that is possible.
    const after = await this.#attestors.step(market, now);
    for (const call of after.calls) if (call.what === "confirm") await this.#send(call);
    this.#tell((await this.#attestors.step(market, now)).state, now);
  }

  async #send({ market, what, to, data, nav, date, withinBounds }: OracleCall): Promise<void> {
    const dollars = Number(nav) / 10 ** Number(await marketOf(this.#protocol, market).oracle.decimals());
    const fields = { market, nav: dollars, date: new Date(date * 1_000).toISOString() };
    try {
      const sent = await this.#options.sender.sendTransaction({ to, data });
      const receipt = await sent.wait(1, PATIENCE);
      if (receipt?.status !== 1) throw new Error("it was not mined in time");
      this.#metrics.calls.inc({ market, call: what, outcome: "mined" });
      const words =
        what === "confirm" ? "confirmed" : withinBounds ? "reported" : "reported beyond the bounds: pending";
      this.#log("info", words, { ...fields, hash: sent.hash, block: receipt.blockNumber });
    } catch (error) {
      // Another process may have reported the same, or the oracle asks for more time: the next round sees.
      if (!isError(error, "CALL_EXCEPTION")) throw error;
      this.#metrics.calls.inc({ market, call: what, outcome: "refused" });
      this.#say(market, `${what} refused: ${explain(error)}`);
    }
  }

  /** A development chain has nobody else who answers for the dollar. */
  async #beat(now: number): Promise<void> {
    const { dollarFeed } = this.#protocol;
    const [, answer, , updatedAt] = await dollarFeed.latestRoundData();
    if (now - Number(updatedAt) < FEED_BEATS) return;
    const feed = dollarFeed.connect(this.#options.sender) as AnyContract;
    await (await feed.say(answer, now)).wait();
    this.#log("info", "the dollar feed beats", { answer: Number(answer) / 1e8 });
  }

  #say(market: string, reason: string): void {
    if (this.#said.get(market) === reason) return;
    this.#said.set(market, reason);
    this.#log("warn", "held", { market, reason });
  }

  #tell({ market, status, accepted, decimals, settings }: OracleState, now: number): void {
    if (status === "fresh") this.#notFresh.delete(market);
    else this.#notFresh.set(market, accepted === undefined ? "not reported yet" : status);
    if (accepted === undefined) return;
    this.#metrics.nav.set({ market }, Number(accepted.nav) / 10 ** decimals);
    this.#metrics.age.set({ market }, now - accepted.date);
    this.#metrics.staleIn.set({ market }, accepted.date + settings.staleAfter - now);
  }
}
