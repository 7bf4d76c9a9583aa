// `npm run gas`: what a warm operation costs on Hardhat's network, as the table of docs/protocol.md. It must not know how
// an operation is made warm.
import { ensureCompiled } from "../../contracts/tools/ensure-compiled.ts";

const HELP = `Shows what each operation of a pool-backed market costs in gas on Hardhat's network, on its own lane and where
neighbours give, beside the figures of Morpho Blue, Aave and Comet. The same on every run.

  npm run gas
`;

if (process.argv.length > 2) {
  const asked = process.argv[2] === "--help";
  (asked ? process.stdout : process.stderr).write(asked ? HELP : `gas: it takes no options. See --help.\n`);
  process.exit(asked ? 0 : 2);
}

ensureCompiled({ harness: true });
const { gasOf, gasOfCheckpoint, gasOfTaking, NEIGHBOURS, OPERATIONS, PEERS, TAKING } = await import(
  "../contracts/support/gas.ts"
);

const number = (gas: number | undefined) => (gas === undefined ? "" : gas.toLocaleString("en"));
const line = (cells: readonly string[]) => console.log(`| ${cells.join(" | ")} |`);

line(["", "own lane", "from 1", "from 8", "from all", "Morpho Blue", "Aave v3.7", "Comet"]);
console.log(`|---|${"---:|".repeat(7)}`);
for (const operation of OPERATIONS) {
  const cells = [await gasOf(operation)];
  const taking = TAKING.find((name) => name === operation);
  for (const neighbours of taking === undefined ? [] : NEIGHBOURS) {
    cells.push(await gasOfTaking(operation as (typeof TAKING)[number], neighbours));
  }
  const own = [0, 1, 2, 3].map((column) => number(cells[column]));
  const peers = [PEERS.morpho, PEERS.aave, PEERS.comet].map((peer) => number(peer[operation]));
  line([operation, ...own, ...peers]);
}
line(["checkpoint", number(await gasOfCheckpoint()), "", "", "", "", "", ""]);
// Hardhat's network holds the process open.
process.exit(0);
