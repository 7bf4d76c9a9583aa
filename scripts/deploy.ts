// Deploys the protocol and prints where everything is.
//   node scripts/deploy.ts [--rpc-url URL] [--dollar ADDRESS --dollar-feed ADDRESS] [--hand-over] [--dry-run] [--json]
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { getAddress, isAddress } from "ethers";
import type { DollarAddresses } from "../contracts/deployment/dollar.ts";
import { type Governance, governanceNames } from "../contracts/deployment/governance.ts";
import { type MarketSpec, marketNames, sourceNames } from "../contracts/deployment/market.ts";
import { sharedNames } from "../contracts/deployment/protocol.ts";
import type { DeploymentRecord } from "../contracts/deployment/record.ts";
import { standardProtocol } from "../contracts/deployment/standard.ts";
import { connect, DEFAULT_RPC_URL } from "./lib/connection.ts";
import { deployStandard } from "./lib/deployment.ts";
import { explain } from "./lib/errors.ts";
import { bold, dim, table } from "./lib/terminal.ts";

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

  --rpc-url URL          the node (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --dollar ADDRESS       the dollar token that the peg module takes; a development chain makes one
  --dollar-feed ADDRESS  its price, an AggregatorV3 feed; a development chain makes one
  --hand-over            to votes, a timelock, a guardian and whoever runs it day by day: the deployer keeps nothing
  --dry-run              prints what would be deployed, and sends nothing
  --json                 the record of the deployment as JSON
  --help                 this text

  The key comes from POLDER_MNEMONIC; its first account deploys and, unless handed over,
  administers; the second to eighth are guardian, registrar, agent, three voters and servicer.
  The first account must hold ${dollars(standardProtocol.seed)} of the dollar token: the first capital, which becomes
  the backstop's and, handed over, the timelock's. A development chain gives it that.
`;

type Row = { name: string; address: string | undefined; what: string };

try {
  const { values } = parseArgs({
    options: {
      "rpc-url": { type: "string" },
      dollar: { type: "string" },
      "dollar-feed": { type: "string" },
      "hand-over": { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  const dollar = dollarOf(values.dollar, values["dollar-feed"]);
  if (values.help) {
    process.stdout.write(HELP);
  } else if (values["dry-run"]) {
    console.log(`\n  Would be deployed, by the first account of POLDER_MNEMONIC\n`);
    print(rows(undefined, values["hand-over"]));
    console.log(`\n  ${dim(`first capital: ${dollars(standardProtocol.seed)} of the dollar token`)}\n`);
  } else {
    const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
    const options = { handOver: values["hand-over"], ...(dollar && { dollar }) };
    const { record, path } = await deployStandard(connection, options).finally(() =>
      connection.provider.destroy(),
    );
    if (values.json) {
      console.log(JSON.stringify(record));
    } else {
      console.log(`\n  Deployed on chain ${record.chainId} from block ${record.startBlock} on\n`);
      print(rows(record, record.governance !== undefined));
      console.log(`\n  ${dim(`recorded in ${relative(process.cwd(), path)}`)}\n`);
      if (!record.governance) {
        const advice = "administered by the deployer: for development; --hand-over gives every power away";
        console.log(`  ${dim(advice)}\n`);
      }
    }
  }
} catch (error) {
  console.error(`deploy: ${explain(error)}`);
  process.exitCode = 1;
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
