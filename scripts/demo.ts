// Tells the story of the borrowers on a development chain and prints it as tables. Without a chain that is named or runs
// already, it starts one for as long as the story lasts.
//   node scripts/demo.ts [--rpc-url URL] [--borrowers N] [--seed S]
import { parseArgs } from "node:util";
import { answers, connect, DEFAULT_RPC_URL, DEVELOPMENT_CHAIN } from "./lib/connection.ts";
import { explain } from "./lib/errors.ts";
import { startOwnChain } from "./lib/own-chain.ts";
import { dim } from "./lib/terminal.ts";
import { Scenario } from "./scenario.ts";
import { tellStory } from "./story.ts";

const NAV_FALL = 800n; // basis points

const HELP = `Tells the story of the borrowers on a development chain and prints it as tables.

  npm run demo -- [options]

  --borrowers N   how many borrow, at most 240 (200)
  --seed S        who they are and what they borrow; the same number, the same story (1)
  --rpc-url URL   the chain (POLDER_RPC_URL, else the one at ${DEFAULT_RPC_URL}, else one of its own)
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
  const own = named === undefined && !(await answers(DEFAULT_RPC_URL)) ? await startOwnChain() : undefined;
  if (own !== undefined)
    console.log(dim(`\n  No chain runs at ${DEFAULT_RPC_URL}: this one lasts as long as the story.`));
  const connection = await connect(named ?? own?.url ?? DEFAULT_RPC_URL);
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
