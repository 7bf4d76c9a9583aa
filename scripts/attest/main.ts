// The attestors' command line: signs and brings NAV reports, once or until it is told to stop, and moves a development chain's
// time on.
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { formatUnits, parseUnits, type Wallet } from "ethers";
import { signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import { marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import { connectProtocol, readRecord } from "../../contracts/deployment/record.ts";
import {
  type Connection,
  connectBy,
  DEFAULT_RPC_URL,
  DEVELOPMENT_CHAIN,
  nodeOptions,
} from "../lib/connection.ts";
import { giveGas } from "../lib/development.ts";
import { explain } from "../lib/errors.ts";
import { json, portOf, positive, wholeNumber } from "../lib/options.ts";
import { requireDeployedHere } from "../lib/record.ts";
import { serveStatus, serviceLog, serviceOptions, stopSignal } from "../lib/service.ts";
import { bold, dim, risk, table } from "../lib/terminal.ts";
import { Attestors, type OracleCall } from "./attestor.ts";
import { Loop } from "./loop.ts";
import { ModelSource } from "./model.ts";
import {
  chainTime,
  collect,
  dueAt,
  lastDateOf,
  type OracleState,
  type SignedMessage,
  stateOf,
} from "./oracle.ts";
import { DocumentSource, type NavSource } from "./source.ts";
import { travel } from "./travel.ts";

const HELP = `Signs NAV reports as the attestors of a protocol's oracles, m of n.

  npm run attest -- <command> [options]

  status              what each oracle holds, and when a report is due
  report              report what the source says, or --nav, for --market or every market that is due
  confirm             confirm what is pending, by the larger quorum: without a source's word, by yours
  ripcord             report that the NAV of --market must not be used; the next report releases it
  run                 report and confirm as the oracles need it, until interrupted
  travel              on a development chain: move time on by --days, with reports and checkpoints in between

  --source PLACE      valuations as JSON from a file or an http(s) address (POLDER_NAV_SOURCE):
                      { "treasury-bills": { "nav": "100.12", "date": "2026-11-26T16:00:00Z" } }
                      A development chain has a model of each market where left out
  --seed S            of that model: the same number, the same NAVs (1)
  --market KEY        this market alone
  --nav DOLLARS       of report: this value instead of the source's
  --date DATE         of report with --nav: when it was valued, seconds or a date (now)
  --sign-only         print a signature of each key at hand as JSON, one a line, and send nothing
  --signatures        the files named after the command hold such lines: bring them
  --days N            of travel
  --interval SECONDS  of run: how often to look at the chain's clock (1)
  --rpc-url URL       node to talk to (POLDER_RPC_URL, else ${DEFAULT_RPC_URL}); or --network NAME of hardhat.config.ts
  --dry-run           send nothing
  --json              one JSON object a line
  --log-format FORMAT of run: pretty or json (pretty)
  --metrics-port PORT of run: serve GET /ready and GET /metrics (on --metrics-host, 127.0.0.1)

  Keys come from POLDER_ATTESTOR_KEYS, separated by commas, or from POLDER_MNEMONIC, accounts 1000 to 1004; from the
  environment or from Hardhat's keystore. The first of them pays for gas. Where each attestor keeps a key of his own:
    npm run attest -- report --market office-building --nav 30.12 --date 2026-11-30 --sign-only > mine.json
    npm run attest -- report --market office-building --signatures mine.json hers.json his.json
`;

const COMMANDS = ["status", "report", "confirm", "ripcord", "run", "travel"];

type Values = ReturnType<typeof parse>["values"];
type Bench = { connection: Connection; protocol: Protocol; values: Values };

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      ...nodeOptions,
      ...serviceOptions,
      source: { type: "string" },
      seed: { type: "string", default: "1" },
      market: { type: "string" },
      nav: { type: "string" },
      date: { type: "string" },
      "sign-only": { type: "boolean", default: false },
      signatures: { type: "boolean", default: false },
      days: { type: "string" },
      interval: { type: "string", default: "1" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  const [command, ...files] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(HELP);
    return;
  }
  if (!COMMANDS.includes(command)) {
    throw new Error(`unknown command "${command}": one of ${COMMANDS.join(", ")}; --help explains`);
  }
  if (files.length > 0 !== values.signatures) {
    throw new Error("--signatures goes with the files that hold them, after the command");
  }
  const connection = await connectBy(values);
  try {
    const record = readRecord(connection.chainId);
    await requireDeployedHere(connection, record);
    const bench = { connection, protocol: connectProtocol(record, connection.provider), values };
    if (command === "status") await status(bench);
    else if (command === "run") await run(bench);
    else if (command === "travel") await journey(bench);
    else if (values.signatures) await bring(bench, files);
    else if (values["sign-only"]) await signOnly(bench, command);
    else await once(bench, command);
  } finally {
    connection.provider.destroy();
  }
}

/* COMMANDS */

async function status({ connection, protocol, values }: Bench): Promise<void> {
  const now = await chainTime(connection);
  const states = await Promise.all(marketsOf(protocol, values).map((market) => stateOf(protocol, market)));
  const source = sourceOf(connection, values, false);
  const told = states.map((state) => ({
    market: state.market,
    status: state.accepted === undefined ? "not reported" : state.status,
    nav: amount(state.accepted?.nav, state),
    date: state.accepted?.date ?? 0,
    staleAt: lastDateOf(state) + state.settings.staleAfter,
    pending: amount(state.pending?.nav, state),
    dueAt: dueAt(state, source?.cadenceOf(state.market) ?? 0),
    quorum: state.settings.quorum,
    confirmQuorum: state.settings.confirmQuorum,
    attestors: state.attestors.length,
  }));
  if (values.json) {
    for (const each of told) console.log(json({ type: "oracle", ...each }));
    return;
  }
  const rows = told.map((each) => [
    bold(each.market),
    each.status === "fresh" ? each.status : risk(each.status),
    each.nav ?? "–",
    each.date === 0 ? "–" : day(each.date),
    each.date === 0 ? "–" : away(each.staleAt, now),
    each.date === 0 ? "now" : away(each.dueAt, now),
    each.pending === undefined ? "" : risk(each.pending),
    `${each.quorum}/${each.confirmQuorum} of ${each.attestors}`,
  ]);
  const heads = ["market", "status", "NAV $", "valued", "stale", "due", "pending $", "signatures"];
  console.log(
    `\n${table(
      heads.map((head, i) => ({ head, ...(i < 2 && { align: "left" as const }) })),
      rows,
    )}\n`,
  );
}

async function run({ connection, protocol, values }: Bench): Promise<void> {
  const log = serviceLog(values.json ? "json" : values["log-format"]);
  const source = requireSource(connection, values);
  const wallets = await connection.signers("attestors");
  const sender = await payer(connection, wallets);
  const stop = stopSignal(log);
  const loop = new Loop(connection, protocol, new Attestors(protocol, wallets, source), log, {
    markets: marketsOf(protocol, values),
    interval: positive("interval", values.interval) * 1_000,
    sender,
  });
  const port = portOf("metrics-port", values["metrics-port"]);
  const status = { host: values["metrics-host"], ready: () => loop.unready, registry: loop.registry };
  const server = port === undefined ? undefined : await serveStatus({ ...status, port }, log);
  log("info", "attestor", {
    chain: connection.chainId,
    keys: wallets.length,
    source: values.source ?? "model",
  });
  try {
    await loop.run(stop);
  } finally {
    server?.closeAllConnections();
    server?.close();
  }
}

async function journey({ connection, protocol, values }: Bench): Promise<void> {
  if (values.days === undefined) throw new Error("--days says how far to travel");
  const seconds = Math.round(positive("days", values.days) * 86_400);
  const attestors = await connection.signers("attestors");
  const { reports } = await travel(connection, protocol, {
    seconds,
    source: requireSource(connection, values),
    attestors,
    sender: await payer(connection, attestors),
    onStep: ({ time, done, reports: said }) => {
      if (values.json) console.log(json({ type: "step", time, done, reports: said }));
      else if (process.stdout.isTTY) process.stdout.write(`\r  ${day(time)}  ${Math.round(done * 100)}%  `);
    },
  });
  const time = await chainTime(connection);
  if (values.json) console.log(json({ type: "arrived", time, reports }));
  else console.log(`\n  ${day(time)}, after ${reports} reports\n`);
}

/** Reports, confirms or pulls the ripcord once, with the keys at hand. */
async function once(bench: Bench, command: string): Promise<void> {
  const { connection, protocol, values } = bench;
  const wallets = await connection.signers("attestors");
  const source =
    command === "report" && values.nav === undefined ? requireSource(connection, values) : undefined;
  const attestors = new Attestors(protocol, wallets, source ?? new ModelSource(0));
  const now = await chainTime(connection);
  const calls: OracleCall[] = [];
  for (const market of marketsOf(protocol, values)) {
    const state = await stateOf(protocol, market);
    if (command === "confirm") {
      if (state.pending !== undefined) calls.push(await attestors.confirm(state));
    } else if (command === "ripcord") {
      requireMarket(values);
      const date = Math.max(now, lastDateOf(state) + 1);
      calls.push(await attestors.report(state, { nav: state.accepted?.nav ?? 1n, date }, true));
    } else if (source === undefined) {
      calls.push(await attestors.report(state, statedValue(state, values, now)));
    } else {
      calls.push(...(await attestors.step(market, now)).calls);
    }
  }
  const sender = values["dry-run"] ? undefined : await payer(connection, wallets);
  for (const call of calls) await send(bench, call, sender);
  if (calls.length === 0 && !values.json) console.log(dim("\n  nothing is due\n"));
}

/** Prints what each key at hand signs. */
async function signOnly({ connection, protocol, values }: Bench, command: string): Promise<void> {
  const market = requireMarket(values);
  const state = await stateOf(protocol, market);
  const signers = new Attestors(protocol, await connection.signers("attestors"), new ModelSource(0)).of(
    state,
  );
  if (signers.length === 0) throw new Error(`none of the keys at hand is an attestor's of "${market}"`);
  const now = await chainTime(connection);
  const { oracle, pending, nextRound } = state;
  const confirms = command === "confirm";
  if (confirms && pending === undefined)
    throw new Error(`nothing is pending for "${market}": there is nothing to confirm`);
  const { nav, date } = confirms
    ? { nav: pending?.nav ?? 0n, date: pending?.date ?? 0 }
    : command === "ripcord"
      ? { nav: state.accepted?.nav ?? 1n, date: dateOf(values.date) ?? now }
      : await valuationToSign(connection, state, values, now);
  const report = {
    round: confirms ? (pending?.round ?? 0) : nextRound,
    nav,
    navDate: date,
    ripcord: command === "ripcord",
  };
  for (const signer of signers) {
    const [signature] = confirms
      ? await signConfirmation(oracle, [signer])
      : await signReport(oracle, [signer], report);
    const message: SignedMessage = {
      chainId: connection.chainId,
      oracle: String(oracle.target),
      market,
      kind: confirms ? "confirmation" : "report",
      report: { ...report, nav: nav.toString() },
      signer: signer.address,
      signature: signature ?? "",
    };
    console.log(json(message));
  }
}

/** Brings signatures that others made. */
async function bring(bench: Bench, files: readonly string[]): Promise<void> {
  const { connection, protocol, values } = bench;
  const messages = files.flatMap((file) =>
    readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.trim() !== "")
      .map((line): SignedMessage => {
        try {
          return JSON.parse(line) as SignedMessage;
        } catch {
          throw new Error(`${file} holds no signature: it takes the lines that --sign-only prints`);
        }
      }),
  );
  const market = messages[0]?.market ?? requireMarket(values);
  const state = await stateOf(protocol, market);
  const { kind, report, signatures } = await collect(state, connection.chainId, messages);
  const { oracle } = state;
  const call: OracleCall = {
    market,
    what: kind === "report" ? "report" : "confirm",
    to: String(oracle.target),
    data:
      kind === "report"
        ? oracle.interface.encodeFunctionData("submit", [report, signatures])
        : oracle.interface.encodeFunctionData("confirm", [signatures]),
    nav: report.nav,
    date: report.navDate,
    withinBounds: true,
  };
  const sender = values["dry-run"]
    ? undefined
    : await payer(connection, await connection.signers("attestors"));
  await send(bench, call, sender);
}

/* PARTS */

async function send({ connection, protocol, values }: Bench, call: OracleCall, sender: Wallet | undefined) {
  const { to, data, market, what } = call;
  const [signer] = sender === undefined ? await connection.signers("attestors") : [sender];
  await connection.provider.call({ from: signer?.address ?? to, to, data, blockTag: "pending" });
  const receipt = sender === undefined ? null : await (await sender.sendTransaction({ to, data })).wait();
  const state = await stateOf(protocol, market);
  const told = {
    market,
    what,
    nav: amount(call.nav, state),
    date: call.date,
    hash: receipt?.hash,
    status: state.status,
    pending: amount(state.pending?.nav, state),
  };
  if (values.json) console.log(json({ type: sender === undefined ? "would" : "done", ...told }));
  else {
    const verb = sender === undefined ? `would ${what}` : what === "report" ? "reported" : "confirmed";
    const pending = told.pending === undefined ? "" : risk(`  pending: $${told.pending}`);
    console.log(`  ${bold(market)}  ${verb} $${told.nav} as of ${day(call.date)}, ${state.status}${pending}`);
  }
}

/** The first key, with gas where the chain is for development. */
async function payer(connection: Connection, wallets: readonly Wallet[]): Promise<Wallet> {
  const [first] = wallets;
  if (first === undefined) throw new Error("no attestor's key is at hand");
  const balance = await connection.provider.getBalance(first.address);
  if (balance === 0n && connection.chainId === DEVELOPMENT_CHAIN) await giveGas(connection, [first.address]);
  else if (balance === 0n)
    throw new Error(`${first.address} pays for the reports and holds no native token: send it some`);
  return first;
}

function sourceOf({ chainId }: Connection, values: Values, needed: boolean): NavSource | undefined {
  const place = values.source ?? process.env.POLDER_NAV_SOURCE;
  if (place !== undefined && place !== "") return new DocumentSource(place);
  if (chainId === DEVELOPMENT_CHAIN) return new ModelSource(wholeNumber("seed", values.seed, 0, 2 ** 32 - 1));
  if (!needed) return undefined;
  throw new Error(
    `chain ${chainId} needs a source of valuations: --source, or POLDER_NAV_SOURCE, or report with --nav`,
  );
}

function requireSource(connection: Connection, values: Values): NavSource {
  const source = sourceOf(connection, values, true);
  if (source === undefined) throw new Error("a source is needed");
  return source;
}

function marketsOf(protocol: Protocol, { market }: Values): string[] {
  if (market !== undefined) return [marketOf(protocol, market).key];
  return protocol.markets.map(({ key }) => key);
}

function requireMarket({ market }: Values): string {
  if (market === undefined) throw new Error("--market says whose NAV it is");
  return market;
}

async function valuationToSign(connection: Connection, state: OracleState, values: Values, now: number) {
  if (values.nav !== undefined) return statedValue(state, values, now);
  const source = requireSource(connection, values);
  const found = await source.valuationOf(state.market, now, state.accepted, state.decimals);
  if (found === undefined) throw new Error(`the source has no valuation of "${state.market}"`);
  return found;
}

/** What --nav and --date say. */
function statedValue({ decimals }: OracleState, values: Values, now: number) {
  requireMarket(values);
  if (!/^\d+(\.\d+)?$/.test(values.nav ?? ""))
    throw new Error(`--nav must be dollars, such as 100.12, not "${values.nav}"`);
  return { nav: parseUnits(values.nav ?? "", decimals), date: dateOf(values.date) ?? now };
}

function dateOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const seconds = /^\d+$/.test(text) ? Number(text) : Math.floor(Date.parse(text) / 1_000);
  if (Number.isSafeInteger(seconds)) return seconds;
  throw new Error(`--date must be seconds, or a date such as 2026-11-26T16:00:00Z, not "${text}"`);
}

function amount(nav: bigint | undefined, { decimals }: OracleState): string | undefined {
  return nav === undefined ? undefined : formatUnits(nav, decimals);
}

function day(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(0, 16).replace("T", " ");
}

function away(time: number, now: number): string {
  const hours = (time - now) / 3_600;
  if (hours <= 0) return "now";
  return hours < 48 ? `in ${hours.toFixed(1)} h` : `in ${(hours / 24).toFixed(1)} d`;
}

try {
  await main();
} catch (error) {
  console.error(`attest: ${explain(error)}`);
  process.exitCode = 1;
}
