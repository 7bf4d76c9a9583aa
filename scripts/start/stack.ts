// Brings the services up in their order, keeps them up, and takes them down. Knows processes and how to ask whether one is
// ready; what they are is told by services.ts.
import { setTimeout as pause } from "node:timers/promises";
import type { DeploymentRecord } from "../../contracts/deployment/record.ts";
import { type Child, type Line, run } from "./child.ts";
import type { Speaker, StackLog } from "./log.ts";
import type { Service } from "./options.ts";
import { chainArguments, type Definition, definitionOf, HISTORY, type Place } from "./services.ts";

const PATIENCE = 120_000;
const POLL = 250;
/** A service that ends so often within `WINDOW` is given up. */
const RESTARTS = 5;
const WINDOW = 120_000;

type Running = { service: Service; child: Child };

export class Stack {
  readonly #log: StackLog;
  readonly #place: Omit<Place, "rpcUrl">;
  readonly #running: Running[] = [];
  readonly #gone = Promise.withResolvers<Error>();
  #rpcUrl: string | undefined;
  #stopping = false;
  /** Its blocks are not worth a line each. */
  #seeding = false;

  constructor(place: Omit<Place, "rpcUrl">, log: StackLog) {
    this.#place = place;
    this.#log = log;
  }

  /** Resolves, to the reason, when a service ended that the stack cannot do without. */
  get gone(): Promise<Error> {
    return this.#gone.promise;
  }

  get rpcUrl(): string {
    if (this.#rpcUrl === undefined) throw new Error("the chain is not up yet");
    return this.#rpcUrl;
  }

  /** Starts the chain, or uses the one that answers at its port where it is not among the services. */
  async startChain(fresh: boolean): Promise<void> {
    const { options } = this.#place;
    if (!options.services.includes("chain")) {
      this.#rpcUrl = `http://127.0.0.1:${options.ports.chain}`;
      return;
    }
    const listening = Promise.withResolvers<string>();
    const child = run("chain/bin/polder.mjs", ["node", ...chainArguments(this.#place, fresh)], {
      environment: {},
      onLine: (line) => {
        if (typeof line.fields.url === "string") listening.resolve(line.fields.url);
        if (!this.#seeding || line.level !== "info") this.#log("chain", line);
      },
    });
    this.#running.push({ service: "chain", child });
    void child.ended.then(({ code, said }) => {
      const reason = new Error(`the chain ended with exit code ${code}:\n${said}`);
      listening.reject(reason);
      if (!this.#stopping) this.#gone.resolve(reason);
    });
    this.#rpcUrl = await within(listening.promise, PATIENCE, "the chain does not say where it listens");
  }

  /** Deploys the protocol, handed over to votes, and plays the history. The chain's own lines are left out meanwhile. */
  async deploy(): Promise<void> {
    const { options } = this.#place;
    this.#seeding = true;
    const rpc = `--rpc-url=${this.rpcUrl}`;
    await this.#once("deploy", "scripts/deploy.ts", [rpc, "--hand-over", "--json"], () => undefined);
    this.#log("deploy", { level: "info", message: "the protocol is deployed", fields: {} });
    if (options.seed !== undefined) {
      const args = [rpc, `--days=${HISTORY}`, `--seed=${options.seed}`, "--log-format=json"];
      await this.#once("seed", "scripts/seed/main.ts", args, (line) => this.#log("seed", line));
    }
    this.#seeding = false;
  }

  /** Starts `service` and keeps it up. Resolves once it is ready. */
  async start(service: Exclude<Service, "chain">): Promise<void> {
    const definition = definitionOf(service, { ...this.#place, rpcUrl: this.rpcUrl });
    const failed = Promise.withResolvers<never>();
    failed.promise.catch(() => {});
    this.#keepUp(service, definition, failed.reject);
    await Promise.race([this.#untilReady(service, definition), failed.promise]);
  }

  /** The other way round; each is asked, then waited for. */
  async stop(): Promise<void> {
    this.#stopping = true;
    // The app and those who read go together; then the chain that they read.
    const others = this.#running.filter(({ service }) => service !== "chain");
    await Promise.all(others.map(({ child }) => child.stop()));
    for (const { service, child } of this.#running) if (service === "chain") await child.stop();
  }

  /** Asks whether the contracts of `record` are on the chain that runs. */
  async has(record: DeploymentRecord): Promise<boolean> {
    const genesis = (await this.#ask("eth_getBlockByNumber", ["0x0", false])) as { hash?: string } | null;
    if (genesis?.hash !== record.genesisHash) return false;
    return (await this.#ask("eth_getCode", [record.markets[0]?.market, "latest"])) !== "0x";
  }

  async #ask(method: string, params: unknown[]): Promise<unknown> {
    const response = await fetch(this.rpcUrl, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    });
    return ((await response.json()) as { result?: unknown }).result;
  }

  async #once(speaker: Speaker, script: string, args: string[], onLine: (line: Line) => void): Promise<void> {
    const { deployments } = this.#place;
    const child = run(script, args, { environment: { POLDER_DEPLOYMENTS: deployments }, onLine });
    // Listed as long as it runs, so that Ctrl-C stops it too.
    const entry: Running = { service: "app", child };
    this.#running.push(entry);
    const { code, said } = await child.ended;
    this.#running.splice(this.#running.indexOf(entry), 1);
    if (code !== 0 && !this.#stopping) throw new Error(`${speaker} failed:\n${said}`);
  }

  #keepUp(service: Service, definition: Definition, giveUp: (error: Error) => void): void {
    const ends: number[] = [];
    const launch = (): void => {
      const child = run(definition.script, definition.args, {
        environment: definition.environment,
        onLine: (line) => this.#log(service, line),
      });
      const entry: Running = { service, child };
      this.#running.push(entry);
      void child.ended.then(async ({ code, said }) => {
        this.#running.splice(this.#running.indexOf(entry), 1);
        if (this.#stopping) return;
        const now = Date.now();
        ends.push(now);
        const often = ends.filter((end) => now - end < WINDOW).length;
        if (often >= RESTARTS || code === 2) {
          // 2: it was called wrongly, and would be again.
          const error = new Error(
            `${service} ended with exit code ${code}, ${often} times within two minutes:\n${said}`,
          );
          giveUp(error);
          this.#log(service, {
            level: "error",
            message: `${error.message}\nThe others go on without it.`,
            fields: {},
          });
          return;
        }
        this.#log(service, { level: "warn", message: "ended, is started again", fields: { code } });
        await pause(500 * 2 ** often);
        if (!this.#stopping) launch();
      });
    };
    launch();
  }

  async #untilReady(service: Service, { readyUrl, patience }: Definition): Promise<void> {
    const began = Date.now();
    let told = began;
    while (!this.#stopping) {
      const ok = await fetch(readyUrl, { signal: AbortSignal.timeout(5_000) }).then(
        (response) => response.ok,
        () => false,
      );
      if (ok) return;
      const now = Date.now();
      if (now - began > patience)
        throw new Error(`${service} is not ready after ${patience / 1_000} s: ${readyUrl}`);
      if (now - told > 10_000) {
        told = now;
        const seconds = Math.round((now - began) / 1_000);
        this.#log("start", {
          level: "info",
          message: `${service} is getting ready, ${seconds} s`,
          fields: {},
        });
      }
      await pause(POLL);
    }
  }
}

function within<T>(promise: Promise<T>, milliseconds: number, otherwise: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error(otherwise)), milliseconds);
  return Promise.race([promise, late.promise]).finally(() => clearTimeout(timer));
}
