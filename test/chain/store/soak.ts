// `npm run soak:store`: the store's random tests at length, with seeds that the run draws.
//   npm run soak:store -- [--kills 50] [--cuts 200] [--restarts 100] [--seed N]
// It must not know what the tests do; the last line is "N passed, N failed", the exit code 1 when anything failed.

import { parseArgs } from "node:util";
import type { Cleanup } from "./chain.ts";
import { cutRepeatedly } from "./cuts.ts";
import { killRepeatedly } from "./kill.ts";
import { restartRepeatedly } from "./restarts.ts";
import { randomFrom } from "./support.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "50" },
    cuts: { type: "string", default: "200" },
    restarts: { type: "string", default: "100" },
    seed: { type: "string", default: `${Date.now() % 2 ** 31}` },
  },
});
const count = (name: "kills" | "cuts" | "restarts" | "seed") => {
  const value = Number(values[name]);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`soak: --${name} should be a whole number, got ${values[name]}`);
  return process.exit(2);
};

/** Of one log, so that more cuts meet more logs. */
const CUTS_OF_A_LOG = 50;
const RESTARTS_OF_A_CHAIN = 10;

const seed = count("seed");
const results = { passed: 0, failed: 0 };

async function attempt(name: string, work: (context: Cleanup) => Promise<string>): Promise<void> {
  const ends: (() => void | Promise<void>)[] = [];
  const began = performance.now();
  const seconds = () => `${((performance.now() - began) / 1000).toFixed(1)} s`;
  try {
    const words = await work({ after: (end) => void ends.push(end) });
    results.passed++;
    console.log(`passed  ${name}, ${words}, ${seconds()}`);
  } catch (error) {
    results.failed++;
    console.log(`FAILED  ${name}, ${seconds()}`, error);
  } finally {
    for (const end of ends.reverse()) await end();
  }
}

console.log(`seed ${seed}`);
await attempt(`${count("kills")} kills`, async () => {
  const { transactions, slots, blocks, cut } = await killRepeatedly(
    count("kills"),
    randomFrom(seed),
    console.log,
  );
  return `${transactions} transactions, ${slots} writes and ${blocks} blocks acknowledged and there; ${cut} damaged ends`;
});
for (let cut = 0; cut < count("cuts"); cut += CUTS_OF_A_LOG) {
  await attempt(`cuts with seed ${seed + cut}`, async (context) => {
    await cutRepeatedly(context, seed + cut, CUTS_OF_A_LOG);
    return `${CUTS_OF_A_LOG} cuts`;
  });
}
for (let restart = 0; restart < count("restarts"); restart += RESTARTS_OF_A_CHAIN) {
  await attempt(`restarts with seed ${seed + restart}`, async (context) => {
    const { done } = await restartRepeatedly(context, seed + restart, RESTARTS_OF_A_CHAIN);
    return `${RESTARTS_OF_A_CHAIN} restarts, ${[...done.values()].reduce((sum, times) => sum + times, 0)} operations`;
  });
}
console.log(`${results.passed} passed, ${results.failed} failed`);
process.exitCode = results.failed === 0 ? 0 : 1;
