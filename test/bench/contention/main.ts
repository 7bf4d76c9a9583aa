// `npm run contention`: how long users of one market wait for one another, as the table of docs/protocol.md. It must not
// know how a block is made or judged.

import { parseArgs } from "node:util";
import { ensureCompiled } from "../../../contracts/tools/ensure-compiled.ts";
import { contentionOf, type Outcome, type Plan } from "./measure.ts";

const HELP = `Mines one block of a thousand operations of a thousand users in one pool-backed market and shows its longest
chain of operations of which each reads what the one before changed, in several states of the market.

  npm run contention -- [options]

  --users N      users, each with one operation                                          (1000)
  --size P       the median operation, in per cent of the median position                (30)
  --drift N      blocks of drift where a row has them                                    (100)
  --seed N       draws other users and operations                                        (1)
  --workers N    threads of the chain                                                    (2)
  --json         the results as JSON on standard output
  --help         this text

All figures but the re-executions follow from what was committed and are the same on every run.
`;

class UsageError extends Error {}

interface Row {
  what: string;
  change: Partial<Plan>;
}

function rows(size: number, drift: number): Row[] {
  return [
    { what: "70% lent, lanes level", change: {} },
    { what: "90% lent, lanes level", change: { utilisation: 90 } },
    { what: `70%, after ${drift} blocks`, change: { drift } },
    { what: `90%, after ${drift} blocks`, change: { utilisation: 90, drift } },
    { what: "70%, operations of whole positions", change: { size: 100 } },
    { what: "the same, caps twice what is used", change: { size: 100, room: 100 } },
    { what: "70%, 3% room under the caps", change: { room: 3 } },
    { what: "70%, everybody in one lane", change: { oneLane: true } },
  ].map(({ what, change }) => ({ what, change: { size, ...change } }));
}

function parse(argv: string[]): { plan: Plan; drift: number; json: boolean } | null {
  const text = { type: "string" } as const;
  const flag = { type: "boolean", default: false } as const;
  const options = {
    users: text,
    size: text,
    drift: text,
    seed: text,
    workers: text,
    json: flag,
    help: flag,
  };
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    values = parseArgs({ args: argv, options }).values;
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
  if (values.help) return null;
  const number = (name: "users" | "size" | "drift" | "seed" | "workers", fallback: number, least: number) => {
    const value = values[name] === undefined ? fallback : Number(values[name]);
    if (Number.isInteger(value) && value >= least) return value;
    throw new UsageError(`--${name} ${values[name]}: give a whole number of at least ${least}`);
  };
  return {
    plan: {
      users: number("users", 1_000, 320),
      size: number("size", 30, 1),
      seed: number("seed", 1, 0),
      workers: number("workers", 2, 1),
      utilisation: 70,
      room: 25,
      drift: 0,
    },
    drift: number("drift", 100, 1),
    json: values.json === true,
  };
}

const percent = (share: number): string => `${Math.round(share * 100)}%`;
const COLUMNS: [string, (outcome: Outcome) => string][] = [
  ["utilisation", ({ utilisation }) => percent(utilisation)],
  ["moved", ({ moved }) => percent(moved)],
  ["poorest cash, room", ({ poorest }) => `${percent(poorest.cash)}, ${percent(poorest.room)}`],
  ["beyond their lane", ({ beyondTheLane }) => String(beyondTheLane)],
  ["refused", ({ refused }) => String(refused)],
  ["longest chain", ({ criticalPath }) => String(criticalPath)],
  ["parallelism", ({ parallelism }) => parallelism.toFixed(1)],
  ["re-executed", ({ reExecutions }) => String(reExecutions)],
  ["mostly through", ({ through }) => [...through.keys()].slice(0, 2).join(", ")],
];

async function main(): Promise<number> {
  const parsed = parse(process.argv.slice(2));
  if (parsed === null) {
    process.stdout.write(HELP);
    return 0;
  }
  ensureCompiled({ harness: true });
  const { plan, drift, json } = parsed;
  const results: { what: string; outcome: Outcome }[] = [];
  const line = (cells: readonly string[]) => {
    if (!json) console.log(`| ${cells.join(" | ")} |`);
  };
  const show = (what: string, outcome: Outcome) => {
    results.push({ what, outcome });
    line([what, ...COLUMNS.map(([, cell]) => cell(outcome))]);
  };
  line(["", ...COLUMNS.map(([head]) => head)]);
  line(["---", ...COLUMNS.map(() => "---:")]);
  for (const { what, change } of rows(plan.size, drift)) {
    const { outcome, rebalanced } = await contentionOf({ ...plan, ...change });
    show(what, outcome);
    if (rebalanced !== undefined) show(`${what} and a rebalance`, rebalanced);
  }
  const [first] = results;
  const mix = Object.entries(first?.outcome.mix ?? {}).map(([kind, count]) => `${count} ${kind}`);
  if (json) console.log(JSON.stringify(results, (_, value) => (value instanceof Map ? [...value] : value)));
  else console.log(`\nOperations of the first row: ${mix.join(", ")}. Threads: ${plan.workers}.`);
  return 0;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  console.error(`contention: ${error.message}. See --help.`);
  process.exitCode = 2;
}
