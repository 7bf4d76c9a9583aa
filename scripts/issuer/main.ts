// The issuer's desk: admits persons, freezes and recovers, publishes documents, mints, pays redemptions. Each act with the key
// of whoever the protocol gave it to.
import { basename } from "node:path";
import { parseArgs } from "node:util";
import { formatUnits, getAddress, isAddress, type Wallet } from "ethers";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord, readRecord } from "../../contracts/deployment/record.ts";
import { type Connection, connectBy, DEFAULT_RPC_URL, nodeOptions } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import { json, positive, wholeNumber } from "../lib/options.ts";
import { requireDeployedHere } from "../lib/record.ts";
import type { Role } from "../lib/roles.ts";
import { bold, dim, risk, short, table } from "../lib/terminal.ts";
import {
  type Act,
  admit,
  approve,
  deny,
  freezeAccount,
  freezePart,
  freezePerson,
  mint,
  pay,
  pendingRedemptions,
  personOf,
  publish,
  recover,
  requestOf,
  TIERS,
  type Tier,
  workOut,
} from "./acts.ts";

const HELP = `Does what an issuer and its registrar do.

  npm run issuer -- <command> [options]

  list                          who asks to be admitted, who is on record, which redemptions wait
  approve ADDRESS...            what they asked for; with --tier, put them on record as that
  deny ADDRESS --reason CODE    a request
  freeze ADDRESS                the person everywhere; with --market in one asset, with --amount a part of it
  unfreeze ADDRESS              the same back
  recover LOST NEW              move all that a lost wallet holds to another one of the same person, on record already
  document FILE                 publish a file of --market by its hash: --name, and --uri where it can be read
  mint ADDRESS --amount TOKENS  of the asset of --market, to a holder on record
  redeem ID --price DOLLARS     pay so much a token for a redemption that waits at the desk of --market
  workout OWNER                 ask the issuer to redeem a position in default whose auction has ended: --market, --terms

  --market KEY        whose asset
  --tier TIER         holder, borrower or liquidator: each includes the ones before it
  --jurisdiction N    ISO 3166-1 numeric, such as 528; 0 where unknown (0)
  --days N            for how long an admission holds (365)
  --terms ID          of workout: the position's terms (0)
  --rpc-url URL       node to talk to (POLDER_RPC_URL, else ${DEFAULT_RPC_URL}); or --network NAME of hardhat.config.ts
  --dry-run           try each act against the chain's state, and send nothing
  --json              one JSON object a line

  A person asks on chain, with \`makeRequest\` of the EligibilityRegistry; approving takes exactly what was asked.
  Keys: persons by POLDER_REGISTRAR_KEY, assets by POLDER_AGENT_KEY, workouts by POLDER_SERVICER_KEY, or POLDER_MNEMONIC,
  accounts 2, 3 and 7; from the environment or from Hardhat's keystore.
`;

const COMMANDS = [
  "list",
  "approve",
  "deny",
  "freeze",
  "unfreeze",
  "recover",
  "document",
  "mint",
  "redeem",
  "workout",
];
const DAY = 86_400;

type Values = ReturnType<typeof parse>["values"];

function parse() {
  return parseArgs({
    allowPositionals: true,
    options: {
      ...nodeOptions,
      market: { type: "string" },
      tier: { type: "string" },
      jurisdiction: { type: "string", default: "0" },
      days: { type: "string", default: "365" },
      reason: { type: "string" },
      amount: { type: "string" },
      name: { type: "string" },
      uri: { type: "string" },
      price: { type: "string" },
      terms: { type: "string", default: "0" },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
}

async function main(): Promise<void> {
  const { values, positionals } = parse();
  const [command, ...rest] = positionals;
  if (values.help || command === undefined) {
    process.stdout.write(HELP);
    return;
  }
  if (!COMMANDS.includes(command)) {
    throw new Error(`unknown command "${command}": one of ${COMMANDS.join(", ")}; --help explains`);
  }
  const connection = await connectBy(values);
  try {
    const record = readRecord(connection.chainId);
    await requireDeployedHere(connection, record);
    const protocol = connectProtocol(record, connection.provider);
    if (command === "list") return await list(protocol, record, values);
    const acts = await actsOf(connection, protocol, command, rest, values);
    for (const act of acts) await perform(connection, act, values);
  } finally {
    connection.provider.destroy();
  }
}

async function actsOf(
  connection: Connection,
  protocol: Protocol,
  command: string,
  rest: readonly string[],
  values: Values,
): Promise<Act[]> {
  switch (command) {
    case "approve":
      return approvals(connection, protocol, rest, values);
    case "deny":
      return [deny(protocol, only(rest), needed(values, "reason"))];
    case "freeze":
    case "unfreeze":
      return [await freezing(protocol, only(rest), command === "freeze", values)];
    case "recover": {
      const [lost, wallet] = rest;
      if (rest.length !== 2) throw new Error("recover takes two addresses: the lost one and the new one");
      return [recover(protocol, needed(values, "market"), address(lost), address(wallet))];
    }
    case "document": {
      const [file] = rest;
      if (file === undefined || rest.length > 1) throw new Error("document takes one file");
      const name = values.name ?? basename(file).replace(/\.[^.]+$/, "");
      return [publish(protocol, needed(values, "market"), { name, file, uri: needed(values, "uri") })];
    }
    case "mint":
      return [await mint(protocol, needed(values, "market"), only(rest), needed(values, "amount"))];
    case "redeem": {
      const [id] = rest;
      if (!/^\d+$/.test(id ?? "") || rest.length > 1)
        throw new Error("redeem takes the number of one redemption");
      return pay(protocol, needed(values, "market"), BigInt(id ?? 0), needed(values, "price"));
    }
    default:
      return [
        await workOut(protocol, needed(values, "market"), {
          owner: only(rest),
          termsId: wholeNumber("terms", values.terms, 0, 2 ** 31),
          ...(values.amount && { amount: values.amount }),
        }),
      ];
  }
}

async function approvals(
  { provider }: Connection,
  protocol: Protocol,
  rest: readonly string[],
  values: Values,
): Promise<Act[]> {
  const persons = rest.map(address);
  if (persons.length === 0) throw new Error("approve takes at least one address");
  const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
  const expiry = now + Math.round(positive("days", values.days) * DAY);
  if (values.tier !== undefined) {
    const tier = values.tier as Tier;
    if (tier === "none" || !TIERS.includes(tier)) {
      throw new Error(`--tier must be one of ${TIERS.slice(1).join(", ")}, not "${values.tier}"`);
    }
    const jurisdiction = wholeNumber("jurisdiction", values.jurisdiction, 0, 999);
    return [admit(protocol, persons, { tier, jurisdiction, expiry })];
  }
  return Promise.all(
    persons.map(async (person) => {
      const request = await requestOf(protocol, person);
      if (request === undefined) {
        throw new Error(`${person} has not asked for anything: name what it becomes with --tier`);
      }
      return approve(protocol, person, request, expiry);
    }),
  );
}

async function freezing(protocol: Protocol, account: string, frozen: boolean, values: Values): Promise<Act> {
  const { market, amount } = values;
  if (market === undefined) {
    if (amount !== undefined) throw new Error("--amount needs --market: of which asset?");
    return freezePerson(protocol, account, frozen);
  }
  return amount === undefined
    ? freezeAccount(protocol, market, account, frozen)
    : freezePart(protocol, market, account, amount, frozen);
}

/** Tries it first, so that what would fail is not sent, and says why. */
async function perform(
  connection: Connection,
  act: Act,
  { "dry-run": dry, json: asJson }: Values,
): Promise<void> {
  const signer = await signerOf(connection, act.role);
  const { method, args } = act;
  const contract = act.to.connect(signer) as AnyContract;
  const gas = (await contract.getFunction(method).estimateGas(...args)) as bigint;
  const told = { act: method, what: act.what, by: signer.address, to: String(act.to.target) };
  if (dry) {
    if (asJson) console.log(json({ type: "would", ...told, gas }));
    else console.log(`  would ${act.what}  ${dim(`as ${act.role} ${short(signer.address)}, ${gas} gas`)}`);
    return;
  }
  const receipt = await (await contract.getFunction(method)(...args)).wait();
  if (asJson) {
    console.log(
      json({ type: "done", ...told, hash: receipt.hash, block: receipt.blockNumber, gas: receipt.gasUsed }),
    );
  } else console.log(`  ${act.what}  ${dim(`block ${receipt.blockNumber}`)}`);
}

async function signerOf(connection: Connection, role: Role): Promise<Wallet> {
  const [signer] = await connection.signers(role);
  if (signer === undefined) throw new Error(`no key for ${role}`);
  return signer;
}

/* LIST */

async function list(protocol: Protocol, record: DeploymentRecord, values: Values): Promise<void> {
  const { registry } = protocol;
  const [made, set] = await Promise.all(
    ["RequestMade", "PersonSet"].map((name) => registry.queryFilter(name, record.startBlock, "latest")),
  );
  const personsOf = (events: typeof made) => [
    ...new Set((events ?? []).flatMap((event) => ("args" in event ? [String(event.args.person)] : []))),
  ];
  const asked = await Promise.all(
    personsOf(made).map(async (person) => ({ person, request: await requestOf(protocol, person) })),
  );
  const requests = asked.flatMap(({ person, request }) =>
    request === undefined ? [] : [{ person, ...request }],
  );
  const persons = (
    await Promise.all(
      personsOf(set).map(async (person) => ({ person, ...(await personOf(protocol, person)) })),
    )
  ).filter(({ tier }) => tier !== "none");
  const keys = values.market === undefined ? protocol.markets.map(({ key }) => key) : [values.market];
  const waiting = await Promise.all(
    keys.map(async (key) => {
      const decimals = await marketOf(protocol, key).collateral.decimals();
      const found = await pendingRedemptions(protocol, key, record.startBlock);
      return found.map(({ shares, ...rest }) => ({ ...rest, tokens: formatUnits(shares, decimals) }));
    }),
  );
  const redemptions = waiting.flat();
  if (values.json) {
    for (const each of requests) console.log(json({ type: "request", ...each }));
    for (const each of persons) console.log(json({ type: "person", ...each }));
    for (const each of redemptions) console.log(json({ type: "redemption", ...each }));
    return;
  }
  const left = (head: string) => ({ head, align: "left" as const });
  say(
    "Requests",
    ["person", "asks for", "jurisdiction", "evidence"].map(left),
    requests.map((each) => [each.person, each.tier, String(each.jurisdiction), short(each.evidenceHash)]),
  );
  say(
    "On record",
    [left("person"), left("tier"), { head: "jurisdiction" }, left("until"), left("")],
    persons.map((each) => [
      each.person,
      each.tier,
      String(each.jurisdiction),
      each.expiry > 4_000_000_000 ? "–" : new Date(each.expiry * 1_000).toISOString().slice(0, 10),
      each.frozen ? risk("frozen") : "",
    ]),
  );
  say(
    "Redemptions that wait",
    [left("market"), { head: "number" }, left("controller"), { head: "tokens" }],
    redemptions.map((each) => [each.market, String(each.id), each.controller, each.tokens]),
  );
  console.log();
}

function say(title: string, columns: Parameters<typeof table>[0], rows: string[][]): void {
  console.log(`\n  ${bold(title)}\n`);
  console.log(rows.length === 0 ? dim("  none") : table(columns, rows));
}

/* ARGUMENTS */

function only(rest: readonly string[]): string {
  if (rest.length === 1) return address(rest[0]);
  throw new Error("this takes one address");
}

function address(text: string | undefined): string {
  if (isAddress(text)) return getAddress(text);
  throw new Error(`"${text ?? ""}" is no address`);
}

function needed(values: Values, name: "market" | "reason" | "amount" | "uri" | "price"): string {
  const value = values[name];
  if (value === undefined) throw new Error(`--${name} is needed; --help explains`);
  return value;
}

try {
  await main();
} catch (error) {
  console.error(`issuer: ${explain(error)}`);
  process.exitCode = 1;
}
