// Deploys the protocol and prints where everything is.
//   node scripts/deploy.ts [--network NAME | --rpc-url URL] [--hand-over] [--dry-run] [--json]
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { formatEther, formatUnits, getAddress, isAddress } from "ethers";
import { attach, type DollarAddresses } from "../contracts/deployment/dollar.ts";
import { type Governance, governanceNames } from "../contracts/deployment/governance.ts";
import { type MarketSpec, marketNames, sourceNames } from "../contracts/deployment/market.ts";
import { sharedNames } from "../contracts/deployment/protocol.ts";
import type { DeploymentRecord } from "../contracts/deployment/record.ts";
import { standardProtocol } from "../contracts/deployment/standard.ts";
import { type Connection, connectBy, DEFAULT_RPC_URL, nodeOptions } from "./lib/connection.ts";
import { type DeployOptions, deployStandard, readAppointments } from "./lib/deployment.ts";
import { explain } from "./lib/errors.ts";
import { json } from "./lib/options.ts";
import { rehearse } from "./lib/rehearsal.ts";
import { bold, count, dim, facts, risk, table } from "./lib/terminal.ts";

const SHARED: Record<keyof typeof sharedNames, string> = {
  accessManager: "who may call what",
  stablecoin: "pUSD",
  registry: "who may hold, borrow, liquidate",
  termsRegistry: "disclosed terms of loans",
  surplus: "the protocol's own pUSD: interest and fees",
  savings: "sPUSD, yield on pUSD from the surplus",
  backstop: "first-loss capital",
  policy: "caps rise only as far as capital covers them",
  peg: "swaps the dollar token and pUSD one to one",
  lens: "reads for keepers and apps",
  router: "several steps in one transaction",
  upkeep: "what keepers should call now",
};

const GOVERNS: Record<keyof Governance, string> = {
  token: "PLDR, votes",
  timelock: "treasury; does what was voted, two days later",
  governor: "proposals and votes",
};

const HELP = `Deploys the protocol with its markets and prints where its contracts are.

  npm run deploy -- [options]

  --network NAME         a network of hardhat.config.ts, with its node
  --rpc-url URL          the node instead (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --dollar ADDRESS       the dollar token that the peg module takes; a development chain makes one
  --dollar-feed ADDRESS  its price, an AggregatorV3 feed; a development chain makes one
  --hand-over            to votes, a timelock, a guardian and whoever runs it day by day: the deployer keeps nothing
  --roles FILE           who these are, and who attests, as JSON: { "guardian": ADDRESS, "registrar": ADDRESS,
                         "agent": ADDRESS, "servicer": ADDRESS, "voters": [...], "attestors": [...] }
  --dry-run              carries it out on a devchain of its own and says what would be sent, from where, at what cost
  --restart              begins anew where a deployment to this chain did not finish
  --json                 the record of the deployment, or what the dry run found, as JSON
  --help                 this text

  A deployment that dies in the middle goes on where it was when it is started again with the same options: what was sent
  is journalled beside the record (<chain id>.unfinished.jsonl).

  The deployer's key comes from POLDER_DEPLOYER_KEY, or is the first account of POLDER_MNEMONIC; from the environment or
  from Hardhat's keystore. Without --roles the phrase's second to eighth accounts are guardian, registrar, agent, three
  voters and servicer, 1000 to 1004 attest; unless handed over, the deployer administers.
  The deployer must hold ${dollars(standardProtocol.seed)} of the dollar token: the first capital, which becomes
  the backstop's and, handed over, the timelock's. A development chain gives it that.
`;

type Row = { name: string; address: string | undefined; what: string };

type Values = ReturnType<typeof parse>;

function parse() {
  return parseArgs({
    options: {
      ...nodeOptions,
      dollar: { type: "string" },
      "dollar-feed": { type: "string" },
      "hand-over": { type: "boolean", default: false },
      roles: { type: "string" },
      "dry-run": { type: "boolean", default: false },
      restart: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  }).values;
}

async function main(): Promise<void> {
  const values = parse();
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const dollar = dollarOf(values.dollar, values["dollar-feed"]);
  const appointments = values.roles === undefined ? undefined : readAppointments(values.roles);
  const connection = await connectBy(values);
  try {
    const [deployer] = await connection.signers("deployer");
    const options: DeployOptions = {
      handOver: values["hand-over"],
      ...(dollar && { dollar }),
      ...(appointments && { appointments }),
      ...(deployer && { deployer }),
    };
    if (values["dry-run"]) await dryRun(connection, options, values);
    else await deploy(connection, options, values);
  } finally {
    connection.provider.destroy();
  }
}

async function deploy(connection: Connection, options: DeployOptions, values: Values): Promise<void> {
  const { record, path } = await deployStandard(connection, {
    ...options,
    resumable: {
      restart: values.restart,
      onResume: (sent) =>
        console.error(`deploy: goes on with a deployment that did not finish, after ${sent} transactions`),
    },
  });
  if (values.json) {
    console.log(JSON.stringify(record));
    return;
  }
  console.log(`\n  Deployed on chain ${record.chainId} from block ${record.startBlock} on\n`);
  print(rows(record, record.governance !== undefined));
  console.log(`\n  ${dim(`recorded in ${relative(process.cwd(), path)}`)}\n`);
  if (!record.governance) {
    const advice = "administered by the deployer: for development; --hand-over gives every power away";
    console.log(`  ${dim(advice)}\n`);
  }
}

/** What would be sent, from whom, at which cost, and whether he can pay it. */
async function dryRun(connection: Connection, options: DeployOptions, values: Values): Promise<void> {
  const { provider, chainId, url } = connection;
  const from = (options.deployer ?? connection.wallet(0)).address;
  const [{ transactions, creations, gas, mostGas }, { gasPrice }, balance, dollarsHeld] = await Promise.all([
    rehearse(connection, options),
    provider.getFeeData(),
    provider.getBalance(from),
    options.dollar === undefined
      ? undefined
      : (attach(options.dollar, provider).dollar.balanceOf(from) as Promise<bigint>),
  ]);
  const price = gasPrice ?? 0n;
  const cost = gas * price;
  const lacks = [
    ...(balance < cost ? ["the native token for gas"] : []),
    ...(dollarsHeld !== undefined && dollarsHeld < standardProtocol.seed
      ? ["the dollars of the first capital"]
      : []),
  ];
  if (values.json) {
    const network = values.network ?? url;
    console.log(
      json({
        network,
        chainId,
        from,
        transactions,
        creations,
        gas,
        mostGas,
        gasPrice: price,
        cost,
        balance,
        lacks,
      }),
    );
    return;
  }
  console.log(`\n  Would be deployed on chain ${chainId}\n`);
  print(rows(undefined, values["hand-over"]));
  console.log(
    `\n${facts([
      ["network", values.network === undefined ? url : `${values.network}, ${url}`],
      ["from", from],
      ["transactions", `${count(transactions)}, of which ${creations} create contracts`],
      ["gas", `${count(gas)}, at most ${count(mostGas)} in one transaction`],
      [
        "cost",
        `${formatEther(cost)} at ${formatUnits(price, "gwei")} gwei per gas; the account holds ${formatEther(balance)}`,
      ],
      ["first capital", `${dollars(standardProtocol.seed)} of the dollar token`],
    ])}\n`,
  );
  for (const lack of lacks) console.log(`  ${risk(`the account lacks ${lack}`)}\n`);
}

/** Every contract, with its address where there is a record. */
function rows(record: DeploymentRecord | undefined, governed: boolean): Row[] {
  const all: Row[] = [];
  for (const [key, name] of Object.entries(sharedNames) as [keyof typeof sharedNames, string][]) {
    all.push({ name, address: record?.shared[key], what: SHARED[key] });
  }
  for (const [i, spec] of standardProtocol.markets.entries()) {
    const names = { ...marketNames, source: sourceNames[spec.source.kind] };
    for (const [key, name] of Object.entries(names) as [keyof typeof names, string][]) {
      all.push({ name, address: record?.markets[i]?.[key], what: describe(key, spec) });
    }
  }
  for (const [library, address] of Object.entries(record?.libraries ?? {})) {
    all.push({ name: library.slice(library.indexOf(":") + 1), address, what: "library" });
  }
  if (governed) {
    for (const [key, name] of Object.entries(governanceNames) as [keyof Governance, string][]) {
      all.push({ name, address: record?.governance?.[key], what: GOVERNS[key] });
    }
  }
  return all;
}

function describe(key: keyof typeof marketNames | "source", spec: MarketSpec): string {
  const { collateral, oracle, source, title } = spec;
  switch (key) {
    case "collateral":
      return `${collateral.symbol}, ${collateral.name}`;
    case "oracle":
      return `NAV of ${collateral.symbol}, at least ${oracle.settings.quorum} attestors`;
    case "rateModel":
      return `${title}: borrow rate by utilisation`;
    case "workout":
      return `${title}: redeems collateral in default`;
    case "desk":
      return `${title}: where its issuer redeems`;
    case "source":
      return source.kind === "pool" ? `${source.symbol}, lenders' money` : `${title}: mints what is lent`;
    case "market":
      return `${title}: loans against ${collateral.symbol}, in 32 lanes`;
  }
}

function print(all: readonly Row[]): void {
  const cells = all.map(({ name, address, what }) => [bold(name), ...(address ? [address] : []), dim(what)]);
  const heads = ["contract", ...(all.some(({ address }) => address) ? ["address"] : []), "what it is"];
  console.log(
    table(
      heads.map((head) => ({ head, align: "left" })),
      cells,
    ),
  );
}

function dollarOf(token: string | undefined, feed: string | undefined): DollarAddresses | undefined {
  if (token === undefined && feed === undefined) return undefined;
  if (!isAddress(token) || !isAddress(feed)) {
    throw new Error("--dollar and --dollar-feed each need an address, and go together");
  }
  return { token: getAddress(token), feed: getAddress(feed) };
}

/** Of the smallest unit of a dollar token with 6 decimals. */
function dollars(amount: bigint): string {
  return `$${(amount / 10n ** 6n).toLocaleString("en")}`;
}

try {
  await main();
} catch (error) {
  console.error(`deploy: ${explain(error)}`);
  process.exitCode = 1;
}
