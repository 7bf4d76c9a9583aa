// Runs one test of the blockchain test format on the node: imports its blocks, refuses the invalid ones, and compares
// the last block and the state. It must not know files, workers or reports.
// Format: https://ethereum.github.io/execution-spec-tests (consuming tests, blockchain tests).

import type { Hardfork } from "../../chain/src/engine/types.ts";
import type { ForkActivation } from "../../chain/src/node/types.ts";
import type { BlockchainFixture } from "./fixture.ts";
import { blobScheduleOf, hardforkOf } from "./fixture.ts";

export interface Scope {
  /** The rules at the end of the test. */
  hardfork: Hardfork;
  timetable: ForkActivation[];
}

/** `CancunToPragueAtTime15k`: the second fork begins at that timestamp. */
const TRANSITION = /^(.+)To(.+)AtTime(\d+)k$/;

/** The timetable of the test's network, or null where a fork of it is out of scope. */
export function scopeOf({ network, config }: BlockchainFixture): Scope | null {
  const [, before, after, thousands] = TRANSITION.exec(network) ?? [];
  const steps =
    before === undefined
      ? [{ name: network, timestamp: 0n }]
      : [
          { name: before, timestamp: 0n },
          { name: after!, timestamp: BigInt(thousands!) * 1000n },
        ];
  const timetable: ForkActivation[] = [];
  for (const { name, timestamp } of steps) {
    // A blob-parameter-only fork (EIP-7892) keeps Osaka's rules.
    const hardfork = /^BPO\d+$/.test(name) ? "osaka" : hardforkOf(name);
    if (hardfork === undefined) return null;
    timetable.push({ timestamp, hardfork, blobSchedule: blobScheduleOf(config, name, hardfork) });
  }
  return { hardfork: timetable.at(-1)!.hardfork, timetable };
}

/** Why the test failed, or null where it passed. */
export async function runBlockchainTest(_fixture: BlockchainFixture, _scope: Scope): Promise<string | null> {
  return "the runner of blockchain tests is not there yet";
}
