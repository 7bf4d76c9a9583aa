// Tells the story of the borrowers on a development chain and prints it as tables: on one of its own, since it moves time
// and mines at will, unless a chain is named.
//   node scripts/demo.ts [--rpc-url URL] [--borrowers N] [--seed S]
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { connect, DEVELOPMENT_CHAIN } from "./lib/connection.ts";
import { explain } from "./lib/errors.ts";
import { startOwnChain } from "./lib/own-chain.ts";
import { Scenario } from "./scenario.ts";
import { tellStory } from "./story.ts";

const NAV_FALL = 800n; // basis points

const HELP = `Tells the story of the borrowers on a development chain and prints it as tables.

  npm run demo -- [options]

  --borrowers N   how many borrow, at most 240 (200)
  --seed S        who they are and what they borrow; the same number, the same story (1)
  --rpc-url URL   the chain (POLDER_RPC_URL, else one of its own, gone with the story)
  --help          this text
`;

try {
  const { values } = parseArgs({
    options: {
      "rpc-url": { type: "string" },
      borrowers: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    process.exit();
  }
  const borrowers = wholeNumber("borrowers", values.borrowers, 1, 240);
  const seed = wholeNumber("seed", values.seed, 0, 2 ** 32 - 1);
  const named = values["rpc-url"] ?? process.env.POLDER_RPC_URL;
  const own = named === undefined ? await startOwnChain() : undefined;
  // Where the contracts of a chain that goes are is no record to keep.
  if (own !== undefined) process.env.POLDER_DEPLOYMENTS = mkdtempSync(join(tmpdir(), "polder-demo-"));
  const connection = await connect(named ?? own?.url ?? "");
  try {
    if (connection.chainId !== DEVELOPMENT_CHAIN) {
      throw new Error(
        `the demo moves time and mines at will: it needs a development chain, not chain ${connection.chainId}`,
      );
    }
    await tellStory(() => Scenario.create(connection, { borrowers, seed, navFall: NAV_FALL }));
  } finally {
    connection.provider.destroy();
    own?.stop();
  }
} catch (error) {
  console.error(`demo: ${explain(error)}`);
  process.exitCode = 1;
}

function wholeNumber(name: string, text: string, least: number, most: number): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least || value > most) {
    throw new Error(`--${name} must be a whole number from ${least} to ${most}, not "${text}"`);
  }
  return value;
}
