// Compiles the contracts with Hardhat and writes what other rooms import: those that are deployed, and with `--harness` those of
// tests as well. Warnings about our own sources are shown; those
// about libraries (solady's and OpenZeppelin's assembly) are not ours to act on and are left out.
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { emitAbis } from "./emit.ts";
import { npmContracts } from "./npm-contracts.ts";

const root = join(import.meta.dirname, "../..");
const hardhat = join(root, "node_modules/hardhat/dist/src/cli.js");

const { values } = parseArgs({ options: { harness: { type: "boolean", default: false } } });
// What tests alone need takes the compiler as long again; whoever starts the chain is not to wait for it.
const deployed = [
  ...globSync("contracts/{src,development}/**/*.sol", { cwd: root }),
  ...npmContracts.map((file) => `npm:${file}`),
];
const build = spawnSync(
  process.execPath,
  [hardhat, "build", "--no-tests", ...(values.harness ? [] : deployed)],
  { cwd: root, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
);
process.stdout.write(build.stdout.replace(/\n{2,}/g, "\n").trimStart());
// One message per paragraph pair: a headline, then the source excerpt, up to the next headline.
const messages = build.stderr.split(/\n(?=\S*(?:Warning|Error):)/);
const isForeignWarning = (message: string) =>
  /^\S*Warning:/.test(message) && /--> \S*node_modules\//.test(message);
// A world of many contracts in one, which tests make on a network without that limit.
const isLargeHarness = (message: string) =>
  message.includes("initcode size") && /--> \S*test\/contracts\/harness\//.test(message);
const ours = messages.filter(
  (message) => message.trim() !== "" && !isForeignWarning(message) && !isLargeHarness(message),
);
if (ours.length > 0) process.stderr.write(`${ours.join("\n")}\n`);
if (build.status !== 0) process.exit(build.status ?? 1);
emitAbis();
