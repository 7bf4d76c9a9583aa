// Tells the story of the borrowers on a running development chain and prints it as tables.
//   node scripts/demo.ts [--rpc-url URL] [--borrowers N] [--seed S] [--json]
import { parseArgs } from "node:util";
import { connect, DEFAULT_RPC_URL, DEVELOPMENT_CHAIN } from "./lib/connection.ts";
import { explain } from "./lib/errors.ts";
import { Scenario } from "./scenario.ts";
import { tellStory } from "./story.ts";

const NAV_FALL = 800n; // basis points

try {
  const { values } = parseArgs({
    options: {
      "rpc-url": { type: "string" },
      borrowers: { type: "string", default: "200" },
      seed: { type: "string", default: "1" },
    },
  });
  const borrowers = wholeNumber("borrowers", values.borrowers, 1, 240);
  const seed = wholeNumber("seed", values.seed, 0, 2 ** 32 - 1);
  const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  try {
    if (connection.chainId !== DEVELOPMENT_CHAIN) {
      throw new Error(
        `the demo moves time and mines at will: it needs a development chain, not chain ${connection.chainId}`,
      );
    }
    await tellStory(() => Scenario.create(connection, { borrowers, seed, navFall: NAV_FALL }));
  } finally {
    connection.provider.destroy();
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
