// The keeper's command line: looks after positions and markets, once or until it is told to stop.
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Contract, isAddress, parseUnits } from "ethers";
import { readRecord } from "../../contracts/deployment/record.ts";
import {
  type Connection,
  connectBy,
  DEFAULT_RPC_URL,
  DEVELOPMENT_CHAIN,
  nodeOptions,
} from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import { portOf, positive, wholeNumber } from "../lib/options.ts";
import { requireDeployedHere } from "../lib/record.ts";
import { type Log, serveStatus, serviceLog, serviceOptions, stopSignal } from "../lib/service.ts";
import { IndexCandidates, PreferIndex } from "./candidates.ts";
import { Keeper } from "./keeper.ts";
import { Loop } from "./loop.ts";
import { KeeperMetrics } from "./metrics.ts";
import { Outbox } from "./outbox.ts";
import { headOf } from "./positions.ts";
import { sayJson, sayTables } from "./say.ts";
import { parseShard, partOf } from "./shard.ts";
import { type Job, type NumberedHead, Worker } from "./worker.ts";

const HELP = `Looks after a protocol's positions and markets, as anybody may.

  npm run keeper -- <command> [options]

  scan         list positions, the least healthy first
  simulate     try the liquidations and purchases that are due, without sending
  liquidate    liquidate what is due at a discount, once
  auction      buy what is for sale in an auction where it pays, once
  impair       have markets assess what threatens to be lost
  checkpoint   checkpoint markets that are due
  rebalance    level the lanes of markets and pools that are out of level
  poke         whatever else waits for anybody: pending NAVs that have matured, losses to cover, surplus to pay out,
               redemptions to settle, empty positions to write off, marks to take off
  run          all of it, until interrupted

  --rpc-url URL          node to talk to (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --network NAME         a network of hardhat.config.ts instead
  --signers N            how many accounts send, so that nonces don't serialise them (8)
  --shard i/n            only the i-th of n parts of the positions, with the i-th part of the signers (1/1)
  --min-profit USD       leave alone what earns less, after gas (0)
  --native-price PRICE   dollars of a native token, or the address of an AggregatorV3 feed that tells; on a development
                         chain gas is free unless this says otherwise
  --max-fee GWEI         the most to offer per gas (500)
  --stuck-after BLOCKS   when to send a transaction again at a higher fee (3)
  --mark                 put up for auction what does not pay at a discount: it then waits for days
  --without LIST         of run: jobs to leave to others, such as impair,rebalance
  --interval SECONDS     of run: how often to look for a new block (0.25)
  --max-lag SECONDS      of run: not ready once the work is this far behind (10)
  --drain SECONDS        how long to wait for what is under way when stopped (60)
  --state-dir DIR        where to keep what was sent (.polder/keeper)
  --limit N              how many positions scan lists (20)
  --dry-run              send nothing
  --json                 one JSON object a line
  --log-format FORMAT    of run: pretty or json (pretty)
  --metrics-port PORT    of run: serve GET /ready and GET /metrics (on --metrics-host, 127.0.0.1)

  POLDER_INDEX_URL names the index to take candidates from; without it, or while it does not answer, the markets'
  events tell. Every candidate is confirmed on the chain.
  Keys come from POLDER_KEEPER_KEYS, separated by commas, or from POLDER_MNEMONIC, accounts 10, 11, ...; from the
  environment or from Hardhat's keystore. Each signer must be on record as a liquidator, and needs the native token for
  gas and the money that it lends of: pUSD and dollars. There is no way without: the Liquidator contract sells collateral
  within the call, and no venue of this protocol buys it.
`;

const JOBS = ["liquidate", "auction", "impair", "checkpoint", "rebalance", "poke"] as const satisfies Job[];
const COMMANDS = ["scan", "simulate", "run", ...JOBS];

type Values = ReturnType<typeof parse>["values"];

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      ...nodeOptions,
      ...serviceOptions,
      signers: { type: "string", default: "8" },
      shard: { type: "string", default: "1/1" },
      "min-profit": { type: "string", default: "0" },
      "native-price": { type: "string" },
      "max-fee": { type: "string", default: "500" },
      "stuck-after": { type: "string", default: "3" },
      mark: { type: "boolean", default: false },
      without: { type: "string", default: "" },
      interval: { type: "string", default: "0.25" },
      "max-lag": { type: "string", default: "10" },
      drain: { type: "string", default: "60" },
      "state-dir": { type: "string", default: join(import.meta.dirname, "../../.polder/keeper") },
      limit: { type: "string", default: "20" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
}

async function main(): Promise<number> {
  const { values, positionals } = parse();
  const [command] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(HELP);
    return 0;
  }
  if (!COMMANDS.includes(command) || positionals.length > 1) {
    throw new Error(
      `unknown command "${positionals.join(" ")}": one of ${COMMANDS.join(", ")}; --help explains`,
    );
  }
  const limit = wholeNumber("limit", values.limit, 1, 1_000_000);
  const numbers = numbersOf(values);
  const connection = await connectBy(values);
  try {
    const record = readRecord(connection.chainId);
    await requireDeployedHere(connection, record);
    const say = values.json ? sayJson : sayTables;
    const log = serviceLog(values.json ? "json" : values["log-format"]);
    const shard = parseShard(values.shard);
    const looks = command === "scan";
    const sends = !looks && command !== "simulate" && !values["dry-run"];
    const signers = looks ? [] : partOf(shard, await signersOf(connection, numbers.signers));
    if (!looks && signers.length === 0) {
      throw new Error(
        `--shard ${values.shard} of ${numbers.signers} signers leaves none: give more --signers`,
      );
    }
    const indexUrl = process.env.POLDER_INDEX_URL;
    const keeper = new Keeper(connection, record, signers, {
      shard,
      ...(indexUrl && {
        candidates: (protocol, events) =>
          new PreferIndex(new IndexCandidates(indexUrl, protocol), events, warner(log, indexUrl)),
      }),
    });
    if (looks) {
      say.positions((await keeper.scan()).slice(0, limit));
      return 0;
    }
    const metrics = new KeeperMetrics();
    const outbox = sends
      ? await Outbox.open(connection.provider, signers, {
          folder: values["state-dir"],
          chain: `${connection.chainId}-${record.genesisHash.slice(2, 10)}`,
          chainId: connection.chainId,
          stuckAfter: numbers.stuckAfter,
          maxFee: numbers.maxFee,
          onReplaced: (entry) => {
            metrics.replacements.inc();
            const { job, fields, signer, nonce, cancelled } = entry;
            log("warn", cancelled ? "withdrawn: it would fail" : "sent again at a higher fee", {
              job,
              ...fields,
              signer,
              nonce,
            });
          },
        })
      : undefined;
    const worker = new Worker(connection, keeper, outbox, metrics, command === "run" ? log : quiet, {
      minProfit: numbers.minProfit,
      nativePrice: await nativePriceOf(connection, values["native-price"]),
      mark: values.mark,
    });
    try {
      if (command === "run") {
        return await run(connection, worker, metrics, log, record.genesisHash, values);
      }
      const jobs = new Set<Job>(command === "simulate" ? ["liquidate", "auction"] : [command as Job]);
      const head = await headOf(connection.provider);
      if (sends && (jobs.has("liquidate") || jobs.has("auction"))) {
        await worker.approve(head);
        await settle(connection, worker, numbers.drain);
      }
      const { plans, rejected } = await worker.round(await headOf(connection.provider), jobs);
      if (jobs.has("liquidate") || jobs.has("auction")) say.plans(plans, rejected);
      await settle(connection, worker, numbers.drain);
      const { liquidations, mined, failed, fees } = worker;
      if (sends) say.done({ liquidations, sent: mined, failed, fees });
      return failed.length === 0 ? 0 : 1;
    } finally {
      worker.close();
    }
  } finally {
    connection.provider.destroy();
  }
}

async function run(
  connection: Connection,
  worker: Worker,
  metrics: KeeperMetrics,
  log: Log,
  genesisHash: string,
  values: Values,
): Promise<number> {
  const without = values.without.split(",").filter((each) => each !== "");
  const unknown = without.find((each) => !(JOBS as readonly string[]).includes(each));
  if (unknown !== undefined) throw new Error(`--without ${unknown}: one of ${JOBS.join(", ")}`);
  const jobs = new Set<Job>(JOBS.filter((job) => !without.includes(job)));
  const milliseconds = (name: "interval" | "max-lag" | "drain") => positive(name, values[name]) * 1_000;
  const stop = stopSignal(log);
  const loop = new Loop(connection, worker, metrics, log, {
    jobs,
    interval: milliseconds("interval"),
    maxLag: milliseconds("max-lag"),
    drainFor: milliseconds("drain"),
    genesisHash,
  });
  const port = portOf("metrics-port", values["metrics-port"]);
  const { registry } = metrics;
  const host = values["metrics-host"];
  const server =
    port === undefined
      ? undefined
      : await serveStatus({ host, port, ready: () => loop.unready, registry }, log);
  const { signers, shard } = worker.keeper;
  log("info", "keeper", {
    chain: connection.chainId,
    signers: signers.length,
    shard: `${shard.index}/${shard.count}`,
    jobs: [...jobs].join(","),
    pending: worker.pending,
  });
  try {
    return (await loop.run(stop)) ? 0 : 1;
  } finally {
    server?.closeAllConnections();
    server?.close();
  }
}

/** Waits until what was sent is mined, at most `seconds`. */
async function settle(connection: Connection, worker: Worker, seconds: number): Promise<void> {
  const until = Date.now() + seconds * 1_000;
  while (worker.pending > 0) {
    const head: NumberedHead = await headOf(connection.provider);
    await worker.look(head);
    if (worker.pending === 0) return;
    if (Date.now() > until) {
      throw new Error(
        `${worker.pending} transactions are not mined after ${seconds} s: the next start takes them up`,
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function signersOf(connection: Connection, count: number) {
  const all = await connection.signers("keepers");
  if (all.length >= count) return all.slice(0, count);
  throw new Error(
    `--signers ${count}, but there are keys for ${all.length}: see POLDER_KEEPER_KEYS in --help`,
  );
}

function numbersOf(values: Values) {
  return {
    signers: wholeNumber("signers", values.signers, 1, 64),
    stuckAfter: wholeNumber("stuck-after", values["stuck-after"], 1, 1_000),
    maxFee: parseUnits(String(positive("max-fee", values["max-fee"])), "gwei"),
    minProfit: parseUnits(values["min-profit"], 18),
    drain: positive("drain", values.drain),
  };
}

/** Wad of a dollar. */
async function nativePriceOf(connection: Connection, given: string | undefined): Promise<bigint> {
  if (given === undefined) {
    if (connection.chainId === DEVELOPMENT_CHAIN) return 0n;
    throw new Error(
      "--native-price is needed to judge profit after gas: a number of dollars, or a feed's address",
    );
  }
  if (!isAddress(given)) return parseUnits(String(positive("native-price", given)), 18);
  const abi = [
    "function latestRoundData() view returns (uint80, int256, uint256, uint256, uint80)",
    "function decimals() view returns (uint8)",
  ];
  const feed = new Contract(given, abi, connection.provider);
  const [[, answer], decimals] = await Promise.all([
    feed.getFunction("latestRoundData").staticCall(),
    feed.getFunction("decimals").staticCall(),
  ]);
  if (answer <= 0n) throw new Error(`the feed ${given} answers ${answer}: name another --native-price`);
  return (answer as bigint) * 10n ** (18n - BigInt(decimals));
}

function warner(log: Log, url: string): (reason: string | undefined) => void {
  return (reason) =>
    reason === undefined
      ? log("info", "candidates come from the index again", { url })
      : log("warn", "candidates come from events: the index is of no use", { url, reason });
}

/** Single commands answer with tables or objects of their own. */
const quiet: Log = () => {};

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`keeper: ${explain(error)}`);
  process.exitCode = 1;
}
