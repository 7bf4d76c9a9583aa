// Deploys the first market and prints where everything is.
//   node scripts/deploy.ts [--rpc-url URL] [--hand-over] [--json]
import { relative } from "node:path";
import { parseArgs } from "node:util";
import { type Governance, governanceNames } from "../contracts/deployment/governance.ts";
import type { Protocol } from "../contracts/deployment/protocol.ts";
import { contractNames } from "../contracts/deployment/record.ts";
import { connect, DEFAULT_RPC_URL } from "./lib/connection.ts";
import { deployMarket } from "./lib/deployment.ts";
import { explain } from "./lib/errors.ts";
import { bold, dim, table } from "./lib/terminal.ts";

const WHAT: Record<keyof Protocol, string> = {
  accessManager: "who may call what",
  stablecoin: "pUSD",
  registry: "who may hold, borrow, liquidate",
  termsRegistry: "disclosed terms of loans",
  oracle: "NAV of the collateral, 3 of 5 attestors",
  collateral: "pTBILL, shares in a Treasury bill fund",
  rateModel: "borrow rate by utilisation",
  facility: "mints what the market lends",
  market: "loans of pUSD against pTBILL, in 32 lanes",
  lens: "reads for keepers and apps",
};

const GOVERNS: Record<keyof Governance, string> = {
  token: "PLDR, votes",
  timelock: "treasury; does what was voted, two days later",
  governor: "proposals and votes",
};

const HELP = `Deploys a market for Treasury bill shares and prints where its contracts are.

  npm run deploy -- [options]

  --rpc-url URL   the node (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --hand-over     to votes, a timelock, a guardian, a registrar and an agent: the deployer keeps nothing
  --json          the record of the deployment as JSON
  --help          this text

  The key comes from POLDER_MNEMONIC; its first account deploys and, unless handed over,
  administers; the second to seventh are guardian, registrar, agent and three voters.
`;

try {
  const { values } = parseArgs({
    options: {
      "rpc-url": { type: "string" },
      "hand-over": { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit();
  }
  const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  const { record, path } = await deployMarket(connection, { handOver: values["hand-over"] });
  connection.provider.destroy();
  if (values.json) {
    console.log(JSON.stringify(record));
  } else {
    const rows = (Object.keys(contractNames) as (keyof Protocol)[]).map((key) => [
      bold(contractNames[key]),
      record.contracts[key],
      dim(WHAT[key]),
    ]);
    console.log(`\n  Deployed on chain ${record.chainId} from block ${record.startBlock} on\n`);
    for (const [key, name] of Object.entries(governanceNames) as [keyof Governance, string][]) {
      if (record.governance) rows.push([bold(name), record.governance[key], dim(GOVERNS[key])]);
    }
    console.log(
      table(
        [
          { head: "contract", align: "left" },
          { head: "address", align: "left" },
          { head: "what it is", align: "left" },
        ],
        rows,
      ),
    );
    console.log(`\n  ${dim(`recorded in ${relative(process.cwd(), path)}`)}\n`);
    if (!record.governance) {
      console.log(
        `  ${dim("administered by the deployer: for development; --hand-over gives every power away")}\n`,
      );
    }
  }
} catch (error) {
  console.error(`deploy: ${explain(error)}`);
  process.exitCode = 1;
}
