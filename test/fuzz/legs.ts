// What the oracle's results are held against: the engine in its seeded replay mode, and the engine with real threads,
// random delays and killed workers. It must not know how blocks are made.

import { createEngine } from "../../chain/src/engine/index.ts";
import type { Address, Engine, EngineOptions, Message } from "../../chain/src/engine/types.ts";
import type { Executed } from "./execute.ts";
import { executeBlock, firstDifference, loadGenesis } from "./execute.ts";
import type { FuzzBlock, Genesis, Scenario } from "./scenario.ts";

/** One run of one chain. */
export interface Leg {
  /** The messages that this leg can be given, of a block that the oracle executed; absent where it takes all. */
  takes?(block: FuzzBlock, executed: Executed, before: StateBefore): Message[];
  /** Executes the block and says where it differs from what the oracle made of it; null where it does not. */
  check(block: FuzzBlock, expected: Executed, oracle: Engine): Promise<string | null>;
  /** Runs of transactions so far that were thrown away and repeated: without any, a leg shows little. */
  readonly reExecutions: number;
  close(): Promise<void>;
}

/** The state at the height before a block. */
export interface StateBefore {
  getBalance(address: Address): bigint;
  getNonce(address: Address): bigint;
}

export type LegFactory = (genesis: Genesis) => Promise<Leg>;

export type Fault = "skip-validation" | "drop-read";

/** Drops every n-th read from the log. */
const DROPPED_READ = 5;

function faultsOf(fault: Fault | undefined): EngineOptions["faults"] {
  if (fault === "skip-validation") return { skipValidation: true };
  if (fault === "drop-read") return { dropRead: DROPPED_READ };
  return undefined;
}

/** Hands older cells of the same block to first reads, drawn from `seed`: any interleaving, on one thread. */
export function replayLeg(seed: bigint, fault?: Fault): LegFactory {
  return engineLeg({ workers: 1, replaySeed: seed, faults: faultsOf(fault) });
}

/** Real threads with random pauses; workers end at about one in `killOneIn` meetings. */
export function threadsLeg(workers: number, seed: bigint, killOneIn: number, fault?: Fault): LegFactory {
  return engineLeg({ workers, delaySeed: seed, killOneIn, faults: faultsOf(fault) });
}

function engineLeg(options: EngineOptions): LegFactory {
  return async (genesis) => {
    const engine = await createEngine(options);
    loadGenesis(engine, genesis);
    let reExecutions = 0;
    return {
      get reExecutions() {
        return reExecutions;
      },
      async check(block, expected) {
        try {
          const { outcome, attempts } = await executeBlock(engine, block);
          reExecutions += attempts - outcome.included.length;
          return firstDifference(expected.outcome, outcome);
        } catch (error) {
          return `threw ${error instanceof Error ? error.message : error}`;
        }
      },
      close: () => engine.close(),
    };
  };
}

/** One worker and no speculation: the reference for every other leg. */
export function createOracle(): Promise<Engine> {
  return createEngine({ workers: 1 });
}

/** Executes on the oracle what the leg takes of a block. */
export async function executeFor(
  leg: Leg,
  oracle: Engine,
  block: FuzzBlock,
): Promise<{ block: FuzzBlock; executed: Executed }> {
  const version = oracle.head;
  const before: StateBefore = {
    getBalance: (address) => oracle.getBalance(address, version),
    getNonce: (address) => oracle.getNonce(address, version),
  };
  for (let taken = block; ; ) {
    const executed = await executeBlock(oracle, taken);
    const messages = leg.takes?.(taken, executed, before) ?? taken.messages;
    if (messages.length === taken.messages.length) return { block: taken, executed };
    oracle.revertTo(version);
    taken = { ...taken, messages };
  }
}

/** Runs a whole scenario; gives the first difference and the block's index, or null. */
export async function runScenario(
  { genesis, blocks }: Scenario,
  factory: LegFactory,
): Promise<{ block: number; difference: string } | null> {
  const oracle = await createOracle();
  let leg: Leg | null = null;
  try {
    loadGenesis(oracle, genesis);
    leg = await factory(genesis);
    for (const [index, block] of blocks.entries()) {
      const taken = await executeFor(leg, oracle, block);
      const difference = await leg.check(taken.block, taken.executed, oracle);
      if (difference !== null) return { block: index, difference };
    }
    return null;
  } finally {
    await leg?.close();
    await oracle.close();
  }
}
