// Deploys the first market and prints where everything is.
//   node scripts/deploy.ts [--rpc-url URL] [--json]
import { relative } from "node:path";
import { parseArgs } from "node:util";
import type { Protocol } from "../contracts/deployment/protocol.ts";
import { contractNames } from "../contracts/deployment/record.ts";
import { connect, DEFAULT_RPC_URL } from "./lib/connection.ts";
import { deployMarket } from "./lib/deployment.ts";
import { explain } from "./lib/errors.ts";
import { bold, dim, table } from "./lib/terminal.ts";

const WHAT: Record<keyof Protocol, string> = {
  accessManager: "who may call what; administered by the deployer",
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

const HELP = `Deploys a market for Treasury bill shares and prints where its contracts are.

  npm run deploy -- [options]

  --rpc-url URL   the node (POLDER_RPC_URL, else ${DEFAULT_RPC_URL})
  --json          the record of the deployment as JSON
  --help          this text

  The key comes from POLDER_MNEMONIC; its first account deploys and administers.
`;

try {
  const { values } = parseArgs({
    options: {
      "rpc-url": { type: "string" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit();
  }
  const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  const { record, path } = await deployMarket(connection);
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
  }
} catch (error) {
  console.error(`deploy: ${explain(error)}`);
  process.exitCode = 1;
}
