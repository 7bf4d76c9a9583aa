// Plays ninety days on a development chain to which the protocol was deployed, up to the present: so that whoever opens the
// app first sees markets that live. The same seed tells the same story.
//   node scripts/seed/main.ts [--rpc-url URL] [--days N] [--seed N] [--log-format pretty|json]
import { parseArgs } from "node:util";
import { createLog } from "@polder/chain/cli/log.ts";
import { readRecord } from "../../contracts/deployment/record.ts";
import { connect, DEFAULT_RPC_URL } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import { Play } from "./play.ts";
import { World } from "./world.ts";

const HELP = `Plays ninety days of reports, loans, repayments, votes and a hailstorm on a development chain, up to now.

  node scripts/seed/main.ts [options]

  --rpc-url URL        the node (POLDER_RPC_URL, else ${DEFAULT_RPC_URL}); started with a --timestamp that many days ago,
                       the protocol deployed with --hand-over
  --days N             how many (90)
  --seed S             who they are and what they do; the same number, the same story (1)
  --log-format FORMAT  pretty or json
  --help               this text
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      "rpc-url": { type: "string" },
      days: { type: "string", default: "90" },
      seed: { type: "string", default: "1" },
      "log-format": { type: "string", default: "pretty" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return;
  }
  const days = whole("days", values.days, 75);
  const log = createLog({ format: values["log-format"] === "json" ? "json" : "pretty", silent: false });
  const connection = await connect(values["rpc-url"] ?? process.env.POLDER_RPC_URL ?? DEFAULT_RPC_URL);
  try {
    const world = new World(connection, readRecord(connection.chainId));
    const play = await Play.create(world, { seed: whole("seed", values.seed, 0), days });
    const began = performance.now();
    let shown = -1;
    await play.run(({ day, what }) => {
      const tenth = Math.floor(day / 10);
      if (tenth === shown) return;
      shown = tenth;
      log("info", "seeding", { day, days, event: what, transactions: world.transactions });
    });
    const seconds = Math.round((performance.now() - began) / 100) / 10;
    log("info", "seeded", {
      days,
      blocks: world.blocks,
      transactions: world.transactions,
      failed: world.failed,
      seconds,
    });
  } finally {
    connection.provider.destroy();
  }
}

function whole(name: string, text: string, least: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new Error(`--${name} takes a whole number from ${least} on, not "${text}"`);
}

try {
  await main();
} catch (error) {
  console.error(`seed: ${explain(error)}`);
  process.exitCode = 1;
}
