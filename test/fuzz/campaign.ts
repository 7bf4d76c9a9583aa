// A whole run of the fuzzer: chain after chain of random blocks, each executed by the oracle and by the legs asked for.
// It must not know the command line nor how things are printed.

import type { Engine } from "../../chain/src/engine/types.ts";
import { StateCapture } from "./capture.ts";
import { loadGenesis } from "./execute.ts";
import { ChainGenerator } from "./generator.ts";
import { hardhatLeg } from "./hardhat.ts";
import type { Fault, Leg, LegFactory } from "./legs.ts";
import { createOracle, executeFor, replayLeg, runScenario, threadsLeg } from "./legs.ts";
import type { LegName, Options } from "./options.ts";
import { Random } from "./random.ts";
import type { Scenario } from "./scenario.ts";
import { shrink } from "./shrink.ts";

/** Blocks between one genesis and the next: short enough to begin again, long enough for state to grow. */
const CHAIN_LENGTH = 40;
/** A worker thread ends at about one in so many meetings. */
const KILL_ONE_IN = 20_000;
/** Replay seeds tried on each smaller scenario: dropping a transaction shifts what the seed does. */
const SEEDS_PER_ATTEMPT = 8;
const SHRINK_MILLISECONDS = 60_000;

export interface Failure {
  leg: LegName;
  /** Chain and block of the campaign, from 0. */
  chain: number;
  block: number;
  difference: string;
  scenario: Scenario;
  /** What the scenario shows; null where only the original run did (threads). */
  minimal: { difference: string; replaySeed: bigint } | null;
}

export interface Tally {
  passed: number;
  failed: number;
  transactions: number;
  included: number;
  failedTransactions: number;
  reExecutions: number;
}

export type CampaignOptions = Pick<
  Options,
  "blocks" | "seed" | "workers" | "transactionsPerBlock" | "minutes" | "fault"
>;

/** Runs one leg until its blocks are done, time is up or a block differs. */
export async function runCampaign(
  name: LegName,
  options: CampaignOptions,
  onBlock: (tally: Tally) => void,
): Promise<{ tally: Tally; failure: Failure | null }> {
  const tally: Tally = {
    passed: 0,
    failed: 0,
    transactions: 0,
    included: 0,
    failedTransactions: 0,
    reExecutions: 0,
  };
  const deadline = performance.now() + (options.minutes ?? Number.POSITIVE_INFINITY) * 60_000;
  const oracle = await createOracle();
  try {
    for (let chain = 0; tally.passed < options.blocks && performance.now() < deadline; chain++) {
      const failure = await runChain(name, chain, oracle, options, tally, deadline, onBlock);
      if (failure !== null) return { tally, failure };
    }
  } finally {
    await oracle.close();
  }
  return { tally, failure: null };
}

async function runChain(
  name: LegName,
  chain: number,
  oracle: Engine,
  options: CampaignOptions,
  tally: Tally,
  deadline: number,
  onBlock: (tally: Tally) => void,
): Promise<Failure | null> {
  const generator = new ChainGenerator(new Random(`${options.seed}/${chain}`), {
    transactionsPerBlock: options.transactionsPerBlock,
  });
  const replaySeed = BigInt(new Random(`${options.seed}/${chain}/replay`).between(1, 2 ** 31));
  const factory = legOf(name, generator, replaySeed, options);
  oracle.reset();
  loadGenesis(oracle, generator.genesis);
  const capture = new StateCapture(generator.genesis);
  const leg: Leg = await factory(generator.genesis);
  try {
    for (let block = 0; block < CHAIN_LENGTH && tally.passed < options.blocks; block++) {
      if (performance.now() > deadline) break;
      const before = oracle.head;
      const { block: next, executed } = await executeFor(leg, oracle, generator.nextBlock(oracle));
      const difference = await leg.check(next, executed, oracle);
      capture.add(executed.written);
      tally.transactions += next.messages.length;
      tally.included += executed.outcome.included.length;
      tally.failedTransactions += executed.outcome.included.filter(({ success }) => !success).length;
      if (difference !== null) {
        tally.failed++;
        onBlock(tally);
        const scenario = { genesis: capture.genesis(oracle, before), blocks: [next] };
        const smaller = await minimise(scenario, factory, replaySeed, name, options.fault);
        return { leg: name, chain, block, difference, ...smaller };
      }
      tally.passed++;
      onBlock(tally);
    }
  } finally {
    tally.reExecutions += leg.reExecutions;
    await leg.close();
  }
  return null;
}

function legOf(name: LegName, generator: ChainGenerator, seed: bigint, options: CampaignOptions): LegFactory {
  switch (name) {
    case "replay":
      return replayLeg(seed, options.fault);
    case "threads":
      return threadsLeg(options.workers, seed, KILL_ONE_IN, options.fault);
    case "hardhat":
      return hardhatLeg(generator.hardfork);
  }
}

/** Hardhat and the replay mode are deterministic; what threads found is looked for in the replay mode. */
async function minimise(
  scenario: Scenario,
  factory: LegFactory,
  seed: bigint,
  name: LegName,
  fault: Fault | undefined,
): Promise<Pick<Failure, "scenario" | "minimal">> {
  let minimal: Failure["minimal"] = null;
  const fails = async (candidate: Scenario): Promise<boolean> => {
    const attempts = name === "hardhat" ? 1 : SEEDS_PER_ATTEMPT;
    for (let attempt = 0; attempt < attempts; attempt++) {
      const replaySeed = seed + BigInt(attempt);
      const found = await runScenario(candidate, name === "hardhat" ? factory : replayLeg(replaySeed, fault));
      if (found === null) continue;
      minimal = { difference: found.difference, replaySeed };
      return true;
    }
    return false;
  };
  if (!(await fails(scenario))) return { scenario, minimal: null };
  const smallest = await shrink(scenario, fails, performance.now() + SHRINK_MILLISECONDS);
  return { scenario: smallest, minimal };
}
