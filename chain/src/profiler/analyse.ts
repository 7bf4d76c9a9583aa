// From the committed read and write sets of a block: who had to wait for whom, how long the longest wait is, and for
// which locations. A pure function, the same on every run; it must not know workers or time.

import type { AccessSet, Location } from "../engine/types.ts";

export interface Dependencies {
  /** Gas along the heaviest chain of transactions of which each read what the one before wrote. */
  criticalGas: bigint;
  /** That chain, by index in the block. */
  criticalPath: number[];
  /** Locations that a transaction read after an earlier one had written them, most such readers first. */
  contended: { location: Location; readers: number; writers: number }[];
}

/** `transactions` in block order. Linear in the number of accesses. */
export function analyseDependencies(
  locations: readonly Location[],
  transactions: readonly Pick<AccessSet, "index" | "gasUsed" | "reads" | "writes">[],
): Dependencies {
  const lastWriter = new Int32Array(locations.length).fill(-1);
  const readers = new Uint32Array(locations.length);
  const writers = new Uint32Array(locations.length);
  const weights: bigint[] = [];
  const predecessors: number[] = [];
  let heaviest = -1;

  transactions.forEach((transaction, position) => {
    let longest = 0n;
    let predecessor = -1;
    for (const id of transaction.reads) {
      const writer = lastWriter[id]!;
      if (writer < 0) continue;
      readers[id]!++;
      if (weights[writer]! > longest) {
        longest = weights[writer]!;
        predecessor = writer;
      }
    }
    for (const id of transaction.writes) {
      lastWriter[id] = position;
      writers[id]!++;
    }
    weights.push(longest + transaction.gasUsed);
    predecessors.push(predecessor);
    if (heaviest < 0 || weights[position]! > weights[heaviest]!) heaviest = position;
  });

  const criticalPath: number[] = [];
  for (let at = heaviest; at >= 0; at = predecessors[at]!) criticalPath.push(transactions[at]!.index);
  criticalPath.reverse();

  const contended: Dependencies["contended"] = [];
  locations.forEach((location, id) => {
    if (readers[id]! > 0) contended.push({ location, readers: readers[id]!, writers: writers[id]! });
  });
  contended.sort((a, b) => b.readers - a.readers || b.writers - a.writers);
  return { criticalGas: heaviest < 0 ? 0n : weights[heaviest]!, criticalPath, contended };
}
