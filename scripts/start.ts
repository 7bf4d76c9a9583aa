// `npm start`: runs the devchain, deploys the protocol and plays the demo on it, then leaves the chain up. It starts
// the other commands and shows what they print; it must not know how they do their work.
import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join, relative } from "node:path";
import type { Readable } from "node:stream";
import { parseArgs } from "node:util";
import { recordPath } from "../contracts/deployment/record.ts";
import { bold, dim, facts, heading } from "./lib/terminal.ts";

const ROOT = join(import.meta.dirname, "..");

const HELP = `Runs the devchain, deploys the protocol and plays the demo on it, then leaves the chain up until Ctrl-C.

  npm start -- [options]

  --borrowers N   how many borrow in the demo (200)
  --seed S        who they are and what they borrow; the same number, the same story (1)
  --port PORT, --host ADDRESS, --allow-host NAME, --allow-origin ORIGIN, --workers N, --hardfork NAME
                  the chain's; npm run chain -- --help explains them
  --help          this text
`;

const text = { type: "string" } as const;
const list = { type: "string", multiple: true } as const;
const DEMO = { borrowers: text, seed: text };
const CHAIN = {
  port: text,
  host: text,
  "allow-host": list,
  "allow-origin": list,
  workers: text,
  hardfork: text,
};

type Chain = ChildProcessByStdio<null, Readable, null>;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { ...DEMO, ...CHAIN, help: { type: "boolean", default: false } },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const given = Object.entries(values).filter(([name]) => name !== "help") as [string, string | string[]][];
  const argumentsOf = (options: object) =>
    given
      .filter(([name]) => name in options)
      .flatMap(([name, value]) => [value].flat().map((each) => `--${name}=${each}`));

  const chain = spawn(process.execPath, [join(ROOT, "chain/bin/polder.mjs"), "node", ...argumentsOf(CHAIN)], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = once(chain, "exit").then(([code]) => (code as number | null) ?? 1);
  // A terminal sends Ctrl-C to the chain as well; we outlive it to pass its exit code on.
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => chain.kill(signal));
  process.once("exit", () => chain.kill());

  const url = await Promise.race([listening(chain), ended]);
  if (typeof url === "number") return url; // the chain has said why

  const demo = spawn(
    process.execPath,
    [join(ROOT, "scripts/demo.ts"), `--rpc-url=${url}`, ...argumentsOf(DEMO)],
    {
      cwd: ROOT,
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  process.once("exit", () => demo.kill());
  const told = await Promise.race([once(demo, "exit").then(([code]) => code === 0), ended.then(() => false)]);
  if (!told) {
    chain.kill();
    await ended;
    return 1;
  }
  say(url);
  // Whoever read our output may leave; the chain stays.
  process.stdout.on("error", () => chain.stdout.resume());
  chain.stdout.pipe(process.stdout);
  return ended;
}

/** Resolves to the chain's URL. Its banner, and a line for each of the demo's blocks, are not shown. */
function listening({ stdout }: Chain): Promise<string> {
  return new Promise((resolve) => {
    let printed = "";
    stdout.setEncoding("utf8");
    const read = (more: string): void => {
      if (printed === "done") return;
      printed += more;
      const url = /^Listening at (http:\S+)/m.exec(printed)?.[1];
      if (url === undefined) return;
      printed = "done";
      resolve(url);
    };
    stdout.on("data", read);
  });
}

function say(url: string): void {
  console.log(heading(7, "The chain stays up"));
  console.log(
    facts([
      ["RPC", `${bold(url)}  (WebSocket ${url.replace(/^http/, "ws")})`],
      ["chain id", "31337"],
      ["accounts", "test test test test test test test test test test test junk"],
      ["addresses", relative(process.cwd(), recordPath(31_337))],
      ["positions", "npm run keeper -- scan"],
      ["again", "npm run demo"],
    ]),
  );
  console.log(`\n  ${dim("Ctrl-C stops the chain. Blocks with transactions from here on:")}\n`);
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(`start: ${(error as Error).message}; npm start -- --help explains the options`);
  process.exitCode = 2;
}
