// `npm run fuzz`: runs the legs one after the other and reports. It must not know how blocks are made or compared.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Hardfork } from "../../chain/src/engine/types.ts";
import type { Failure, Tally } from "./campaign.ts";
import { runCampaign } from "./campaign.ts";
import { hardhatLeg } from "./hardhat.ts";
import { replayLeg, runScenario } from "./legs.ts";
import type { LegName, Options } from "./options.ts";
import { HELP, parseOptions, UsageError } from "./options.ts";
import type { Scenario } from "./scenario.ts";
import { fromJson, toJson } from "./scenario.ts";

/** What a failure leaves behind. */
interface Reproduction {
  leg: LegName;
  hardfork: Hardfork;
  replaySeed: bigint;
  fault?: Options["fault"];
  scenario: Scenario;
}

const FOLDER = fileURLToPath(new URL("../../.polder/fuzz/", import.meta.url));

async function run(options: Options): Promise<number> {
  console.log(`seed ${options.seed}${options.fault === undefined ? "" : `, fault ${options.fault}`}`);
  let passed = 0;
  let failed = 0;
  for (const leg of options.legs) {
    const start = performance.now();
    const { tally, failure } = await runCampaign(leg, options, (now) => showProgress(leg, now));
    if (process.stderr.isTTY) process.stderr.write("\r\x1b[K");
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    console.log(
      `${leg}: ${tally.passed} blocks the same, ${tally.failed} different; ${tally.transactions} transactions, ` +
        `${tally.included} included, ${tally.failedTransactions} of them failed, ${tally.reExecutions} runs repeated; ` +
        `${seconds} s`,
    );
    passed += tally.passed;
    failed += tally.failed;
    if (failure !== null) await tell(failure, options);
  }
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0 ? 0 : 1;
}

function showProgress(leg: LegName, { passed }: Tally): void {
  if (process.stderr.isTTY) process.stderr.write(`\r${leg}: ${passed} blocks `);
}

async function tell(failure: Failure, options: Options): Promise<void> {
  const { leg, chain, block, scenario, minimal } = failure;
  console.log(`\n${leg}: chain ${chain}, block ${block} of seed ${options.seed} differs`);
  console.log(`  ${failure.difference}`);
  if (minimal === null) {
    console.log("  not found again in the replay mode; run the seed again:");
    console.log(`  npm run fuzz -- --seed ${options.seed} --legs ${leg} --blocks ${options.blocks}\n`);
    return;
  }
  const reproduction: Reproduction = {
    leg: leg === "threads" ? "replay" : leg,
    hardfork: scenario.blocks[0]!.environment.hardfork,
    replaySeed: minimal.replaySeed,
    fault: options.fault,
    scenario,
  };
  await mkdir(FOLDER, { recursive: true });
  const file = join(FOLDER, `${options.seed.replaceAll(/[^\w.-]/g, "_")}-${leg}-${chain}-${block}.json`);
  await writeFile(file, `${toJson(reproduction, 2)}\n`);
  const { messages } = scenario.blocks[0]!;
  console.log(
    `  smallest found: ${messages.length} transactions on ${Object.keys(scenario.genesis).length} accounts`,
  );
  for (const message of messages) console.log(`    ${toJson(message)}`);
  console.log(`  ${minimal.difference}`);
  console.log(`  run it again: npm run fuzz -- --replay ${file}\n`);
}

async function replay(file: string): Promise<number> {
  const { leg, hardfork, replaySeed, fault, scenario } = fromJson<Reproduction>(await readFile(file, "utf8"));
  const factory = leg === "hardhat" ? hardhatLeg(hardfork) : replayLeg(replaySeed, fault);
  const found = await runScenario(scenario, factory);
  if (found !== null) console.log(`block ${found.block}: ${found.difference}`);
  const failed = found === null ? 0 : 1;
  console.log(`${found === null ? scenario.blocks.length : found.block} passed, ${failed} failed`);
  return failed;
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === null) process.stdout.write(HELP);
  else process.exitCode = await (options.replay === undefined ? run(options) : replay(options.replay));
} catch (error) {
  const usage = error instanceof UsageError;
  process.stderr.write(`fuzz: ${!process.env.DEBUG ? (error as Error).message : (error as Error).stack}\n`);
  process.exitCode = usage ? 2 : 1;
}
