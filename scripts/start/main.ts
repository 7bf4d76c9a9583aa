// `npm start`: chain, protocol with its history, index, attestor, keeper and app, from one command. Starts the others and
// shows what they say; it must not know how they do their work.
import { join } from "node:path";
import { type DeploymentRecord, readRecord } from "../../contracts/deployment/record.ts";
import { ensureCompiled } from "../../contracts/tools/ensure-compiled.ts";
import { createStackLog } from "./log.ts";
import { HELP, type Options, parseOptions, SERVICES, type Service } from "./options.ts";
import { occupant } from "./port.ts";
import { Stack } from "./stack.ts";
import { StackFolder } from "./state.ts";
import { summary } from "./summary.ts";

const CHAIN_ID = 31_337;
const DEFAULT_DEPLOYMENTS = join(import.meta.dirname, "../../.polder/deployments");

/** An option or a port that is wrong: nothing was started. */
class UsageError extends Error {}

async function main(): Promise<number> {
  const options = usable(() => parseOptions(process.argv.slice(2)));
  if (options.help) {
    process.stdout.write(HELP);
    return 0;
  }
  await requirePorts(options);
  const began = performance.now();
  const log = createStackLog(options);
  const say = (message: string) => log("start", { level: "info", message, fields: {} });
  const deployments = process.env.POLDER_DEPLOYMENTS ?? DEFAULT_DEPLOYMENTS;
  process.env.POLDER_DEPLOYMENTS = deployments;

  const folder = options.inMemory ? undefined : new StackFolder(options.dataDir);
  if (options.reset && options.services.includes("chain")) folder?.clear();
  const stack = new Stack({ options, folder, deployments }, log);
  const told = untilTold();
  const work = bringUp(stack, options, folder, say).then(() => {
    const seconds = Math.round((performance.now() - began) / 1_000);
    if (options.json)
      log("start", { level: "info", message: "everything is up", fields: { seconds, url: stack.rpcUrl } });
    else process.stdout.write(summary(options, stack.rpcUrl, seconds));
  });
  const ending = await Promise.race([
    told,
    stack.gone,
    work.then(
      () => Promise.race([told, stack.gone]),
      (error) => error as Error,
    ),
  ]);
  if (typeof ending === "string") say(`${ending}: stopping`);
  await stack.stop();
  if (typeof ending === "string") {
    say("stopped");
    return 0;
  }
  log("start", { level: "error", message: ending.message, fields: {} });
  return 1;
}

async function bringUp(
  stack: Stack,
  options: Options,
  folder: StackFolder | undefined,
  say: (message: string) => void,
): Promise<void> {
  // In the background of nothing: whoever starts first would compile, and the others wait for it.
  ensureCompiled();
  const saved = folder?.read();
  const unfinished = folder?.exists === true && saved === undefined && options.services.includes("chain");
  if (unfinished) {
    say("the last start was interrupted before its history was played: beginning anew");
    folder.clear();
  }
  const fresh = saved === undefined;
  await stack.startChain(fresh);
  const runs = (service: Service) => options.services.includes(service);
  // Building the app takes as long as playing the history does, and needs nothing of it.
  const app = runs("app") ? stack.start("app") : undefined;
  const deployed = runs("chain") ? provide(stack, folder, saved, say) : requireDeployed(stack);
  const readers = deployed.then(() =>
    Promise.all(
      (["index", "attestor", "keeper"] as const).filter(runs).map((service) => stack.start(service)),
    ),
  );
  await Promise.all([app, readers]);
}

/** Deploys and seeds, or goes on with what is there. */
async function provide(
  stack: Stack,
  folder: StackFolder | undefined,
  saved: DeploymentRecord | undefined,
  say: (message: string) => void,
): Promise<void> {
  if (saved === undefined) {
    await stack.deploy();
    folder?.finish(CHAIN_ID);
    return;
  }
  if (!(await stack.has(saved))) {
    throw new Error(
      `the chain in ${folder?.chain} is not the one that the protocol was deployed to: start with --reset, which forgets both`,
    );
  }
  folder?.restore(saved);
  say("going on with the chain that was kept");
}

async function requireDeployed(stack: Stack): Promise<void> {
  if (await stack.has(readRecord(CHAIN_ID))) return;
  throw new Error(`nothing of ours is deployed at ${stack.rpcUrl}: run npm run deploy -- --hand-over first`);
}

/** @throws UsageError where a port that is needed is taken, or the chain that is to be used does not answer */
async function requirePorts({ services, ports }: Options): Promise<void> {
  for (const service of SERVICES) {
    const found = await occupant(ports[service]);
    const option = service === "chain" ? "--port" : `--${service}-port`;
    if (services.includes(service)) {
      if (found === undefined) continue;
      throw new UsageError(`${found}. Stop it, or choose another port for the ${service}: ${option}`);
    }
    if (service === "chain" && found === undefined) {
      throw new UsageError(`no chain answers at ${ports.chain}: add it to --only, or say where with --port`);
    }
  }
}

/** The first signal's name; a second one ends at once, unless it is the same Ctrl-C, handed on by npm. */
function untilTold(): Promise<string> {
  return new Promise((resolve) => {
    let asked: number | undefined;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => {
        if (asked !== undefined && performance.now() - asked > 1_000) process.exit(130);
        asked ??= performance.now();
        resolve(signal === "SIGINT" ? "Ctrl-C" : signal);
      });
    }
  });
}

function usable<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new UsageError(`${(error as Error).message}; npm start -- --help explains the options`);
  }
}

// Whoever read our output may leave; the stack stays.
process.stdout.on("error", () => {});
try {
  process.exitCode = await main();
} catch (error) {
  console.error(`start: ${(error as Error).message}`);
  process.exitCode = error instanceof UsageError ? 2 : 1;
}
