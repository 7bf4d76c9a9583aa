// Travels in time step by step, and waits in between for the attestors' reports where somebody runs them, so that nothing
// goes stale on the way.
import { iNavOracleAbi } from "@polder/contracts";
import type { Address, PublicClient } from "viem";
import { stepsOf } from "./logic.ts";
import { advance } from "./node.ts";

/** Milliseconds that a step waits for reports at most, and between two looks. */
const PATIENCE = 4_000;
const PAUSE = 200;
/** Steps without any report after which nobody is waited for any more. */
const GIVE_UP = 2;

export type Travelled = { steps: number; reports: number };

export async function travel(
  client: PublicClient,
  seconds: number,
  oracles: readonly Address[],
  progress: (done: number, of: number) => void,
): Promise<Travelled> {
  const steps = stepsOf(seconds);
  let rounds: readonly number[] = await roundsOf(client, oracles);
  const first = sum(rounds);
  let silent = 0;
  for (const [i, step] of steps.entries()) {
    progress(i, steps.length);
    await advance(client, step);
    if (silent >= GIVE_UP) continue;
    const later = await awaitReports(client, oracles, rounds);
    silent = sum(later) > sum(rounds) ? 0 : silent + 1;
    rounds = later;
  }
  progress(steps.length, steps.length);
  return { steps: steps.length, reports: sum(rounds) - first };
}

/** Until every oracle that had a report has one more, or patience ends. */
async function awaitReports(client: PublicClient, oracles: readonly Address[], before: readonly number[]) {
  const end = performance.now() + PATIENCE;
  let rounds = before;
  do {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    rounds = await roundsOf(client, oracles);
    if (rounds.every((round, i) => before[i] === FIRST || round > (before[i] ?? 0))) break;
  } while (performance.now() < end);
  return rounds;
}

/** The next round of an oracle that nobody has reported to. */
const FIRST = 1;

function roundsOf(client: PublicClient, oracles: readonly Address[]): Promise<number[]> {
  return Promise.all(
    oracles.map((address) => client.readContract({ address, abi: iNavOracleAbi, functionName: "nextRound" })),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
