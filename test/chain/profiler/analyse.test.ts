// The dependency analysis on blocks small enough to work out by hand.

import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { analyseDependencies } from "../../../chain/src/profiler/analyse.ts";
import { buildReport } from "../../../chain/src/profiler/build.ts";

const locations = [0, 1, 2].map((n) => ({
  address: `0x${"aa".repeat(20)}` as const,
  kind: "storage" as const,
  slot: `0x${n.toString(16).padStart(64, "0")}` as const,
}));
const access = (index: number, gas: bigint, reads: number[], writes: number[]) => ({
  index,
  gasUsed: gas,
  reads: Uint32Array.from(reads),
  writes: Uint32Array.from(writes),
});

describe("dependencies", () => {
  it("finds none between disjoint transactions", () => {
    const result = analyseDependencies(locations, [access(0, 5n, [0], [0]), access(1, 7n, [1], [1])]);
    assert.deepEqual(result, { criticalGas: 7n, criticalPath: [1], contended: [] });
  });

  it("follows read after write to the heaviest path, not the longest", () => {
    const result = analyseDependencies(locations, [
      access(0, 1n, [], [0]),
      access(1, 1n, [0], [0]),
      access(2, 1n, [0], [0]),
      access(3, 10n, [], [1]),
      access(4, 10n, [1], []),
    ]);
    assert.equal(result.criticalGas, 20n);
    assert.deepEqual(result.criticalPath, [3, 4]);
    assert.deepEqual(
      result.contended.map(({ location, readers, writers }) => [location.slot!.at(-1), readers, writers]),
      [
        ["0", 2, 3],
        ["1", 1, 1],
      ],
    );
  });

  it("does not make a writer wait that never read", () => {
    const blind = [access(0, 3n, [], [0]), access(1, 3n, [], [0]), access(2, 3n, [0], [])];
    const result = analyseDependencies(locations, blind);
    assert.equal(result.criticalGas, 6n);
    assert.deepEqual(result.criticalPath, [1, 2]);
  });

  it("has nothing to say of an empty block", () => {
    assert.deepEqual(analyseDependencies([], []), { criticalGas: 0n, criticalPath: [], contended: [] });
  });
});

describe("report", () => {
  it("sums what was run in vain and tells how parallel the block could be", () => {
    const run = (index: number, attempts: number, wastedGas: bigint) => ({
      index,
      worker: index % 2,
      attempts,
      wastedGas,
      startedAt: 0,
      finishedAt: 1,
      conflicts: attempts > 1 ? [{ writer: 0, location: locations[0]!, pc: 7 }] : [],
    });
    const report = buildReport({
      blockNumber: 1n,
      blockHash: `0x${"00".repeat(32)}`,
      workers: 2,
      transactions: [10n, 20n, 30n].map((gasUsed, i) => ({ hash: `0x0${i}`, gasUsed })),
      telemetry: [run(0, 1, 0n), run(1, 2, 15n), run(2, 1, 0n)],
      accesses: {
        locations,
        transactions: [access(0, 10n, [], [0]), access(1, 20n, [0], [0]), access(2, 30n, [1], [1])],
      },
    });
    assert.equal(report.reExecutions, 1);
    assert.equal(report.wastedGas, 15n);
    assert.equal(report.totalGas, 60n);
    assert.deepEqual(report.criticalPath, { transactions: [0, 1], gas: 30n });
    assert.equal(report.parallelism, 2);
    assert.deepEqual(report.transactions[1]!.conflicts, [{ writerIndex: 0, location: locations[0], pc: 7 }]);
  });
});
