// Runs the index: finds the deployment of the chain, starts Ponder on it, and begins anew where history did. What is indexed
// and how is in ponder.config.ts and src/.
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { createLog, type Log } from "@polder/chain/cli/log.ts";
import { UsageError } from "@polder/chain/cli/usage.ts";
import { type DeploymentRecord, readRecord } from "@polder/contracts/deployment/record.ts";
import { Chain } from "./launcher/chain.ts";
import { Database } from "./launcher/database.ts";
import { HELP, type Options, readOptions } from "./launcher/options.ts";
import { type Ending, PonderRun } from "./launcher/ponder.ts";

// Milliseconds.
const LOOK = 1_000;
const LONGEST_PAUSE = 30_000;
/** Runs that may end in a row before they served, with one database. */
const ATTEMPTS = 3;

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === undefined) {
    console.log(HELP);
    return;
  }
  const log = createLog({ format: options.logFormat, silent: false });
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort());
  try {
    await supervise(options, log, stop.signal);
    log("info", "index stopped");
  } catch (error) {
    if (stop.signal.aborted) return;
    log("error", (error as Error).message);
    process.exitCode = 1;
  }
}

/** Keeps Ponder running until `signal`. Throws where it cannot run at all. */
async function supervise(options: Options, log: Log, signal: AbortSignal): Promise<void> {
  await requirePort(options);
  const chain = new Chain(options.rpcUrl);
  let record = await recordFor(chain, options, log, signal, "at once");
  let failures = 0;
  while (record !== undefined && !signal.aborted) {
    const database = new Database(options.dataDirectory, record);
    database.writeRecord(record);
    if (database.anchor && !(await chain.holds(database.anchor))) {
      log("warn", "the chain's history changed: indexing it anew", { block: database.anchor.number });
      database.renew();
    }
    await database.unlock();
    const run = new PonderRun(options, database, log);
    const killAtExit = () => run.kill();
    process.once("exit", killAtExit);
    const why = await Promise.race([
      run.ended,
      run.lost.then(() => "a reorganisation was deeper than it is followed"),
      watch(chain, record, database, signal),
    ]);
    await run.stop();
    process.off("exit", killAtExit);
    if (signal.aborted) return;

    if (typeof why === "string") {
      log("warn", `${why}: indexing anew`);
      database.renew();
      failures = 0;
    } else {
      // With 1 it says that another try would end the same.
      if (why.code === 1) throw new Error(`Ponder cannot go on: ${run.lastError ?? told(why)}`);
      failures = run.ready ? 0 : failures + 1;
      if (failures >= ATTEMPTS) {
        log("warn", `Ponder ended ${failures} times before it served: indexing anew`);
        database.renew();
        failures = 0;
      }
      log("warn", `Ponder ended with ${told(why)}: starting it again`);
    }
    await pause(Math.min(LOOK * 2 ** failures, LONGEST_PAUSE), undefined, { signal }).catch(() => {});
    record = await recordFor(chain, options, log, signal, "in time");
  }
}

function told({ code, signal }: Ending): string {
  return signal ?? `exit code ${code}`;
}

/**
 * The record of the chain that answers, as soon as one does; undefined where the index is stopped meanwhile. Throws where
 * it must be there `at once` and is not, or is not of this chain; `in time` waits, as for a chain that was reset and is
 * deployed to again.
 */
async function recordFor(
  chain: Chain,
  { rpcUrl, chainId: expected }: Options,
  log: Log,
  signal: AbortSignal,
  when: "at once" | "in time",
): Promise<DeploymentRecord | undefined> {
  let said = "";
  const say = (what: string) => {
    if (what !== said) log("info", what);
    said = what;
  };
  while (!signal.aborted) {
    const chainId = await chain.id().catch(() => undefined);
    if (chainId === undefined) {
      say(`waiting for a chain at ${rpcUrl}`);
    } else if (expected !== undefined && chainId !== expected) {
      throw new Error(`${rpcUrl} is of chain ${chainId}, not ${expected}: name another --rpc-url`);
    } else {
      const found = await findRecord(chain, chainId).catch((error: Error) => error);
      if (!(found instanceof Error)) return found;
      if (when === "at once") throw found;
      say(`waiting for a deployment: ${found.message}`);
    }
    await pause(LOOK, undefined, { signal }).catch(() => {});
  }
  return undefined;
}

/** Throws where nothing was deployed to the chain, or its record is of another. */
async function findRecord(chain: Chain, chainId: number): Promise<DeploymentRecord> {
  const record = readRecord(chainId);
  if (!record.shared?.stablecoin || !record.markets?.length) {
    throw new Error(`the record of chain ${chainId} names no contracts: run scripts/deploy.ts again`);
  }
  const contradiction = await chain.contradicts(record);
  if (contradiction !== undefined) {
    throw new Error(`${contradiction} (chain ${chainId}): run scripts/deploy.ts again`);
  }
  return record;
}

/** Resolves with the reason once what is indexed is history no longer; looks on while the chain does not answer. */
async function watch(
  chain: Chain,
  record: DeploymentRecord,
  database: Database,
  signal: AbortSignal,
): Promise<string> {
  while (!signal.aborted) {
    await pause(LOOK, undefined, { signal }).catch(() => {});
    try {
      const contradiction = await chain.contradicts(record);
      if (contradiction !== undefined) return contradiction;
      if (database.anchor && !(await chain.holds(database.anchor))) {
        return "a reorganisation was deeper than it is followed";
      }
      const anchor = await chain.anchor();
      if (anchor) database.rememberAnchor(anchor);
    } catch {
      // It is away: Ponder asks again by itself.
    }
  }
  return "stopped";
}

/** Throws where something listens on the port already: Ponder would take the next one without a word. */
async function requirePort({ port, host }: Options): Promise<void> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "EADDRINUSE"
          ? new Error(`port ${port} is taken: stop what listens there, or name another --port`)
          : new Error(`cannot listen on ${host}:${port}: ${error.message}`),
      ),
    );
    server.listen(port, host, () => server.close(() => resolve()));
  });
}

try {
  await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`index: ${error.message}`);
  process.exitCode = 2;
}
