// What a mined block shows of contention, from its committed access sets and what happened to execute it. It must not know
// what the transactions were for.

import type { Address, Hash, Location } from "../../../chain/src/engine/types.ts";
import { analyseDependencies } from "../../../chain/src/profiler/analyse.ts";
import type { Accesses, Report } from "./chain.ts";

export interface Verdict {
  transactions: number;
  /** The longest chain of transactions of which each reads what the one before wrote, and the heaviest by gas. */
  criticalPath: number;
  criticalPathByGas: number;
  /** All gas by that of the heaviest chain. */
  parallelism: number;
  /** Runs thrown away; the only figure that differs from run to run. */
  reExecutions: number;
  workers: number;
  /** Transactions that changed the lanes of neighbours too. */
  beyondTheLane: number;
  /** Through which variables, lanes left out, the longest chain goes, and how often. */
  through: Map<string, number>;
}

/** A variable that is kept in lanes, as `slotNames` spells it. */
const LANED = /^(.*\.lanes)\[\d+\]$/;

export function judge(report: Report, accesses: Accesses, nameOf: (key: string) => string): Verdict {
  const locations: Location[] = accesses.locations.map(({ address, kind, slot }) => ({
    address: address as Address,
    kind: kind as Location["kind"],
    ...(slot === undefined ? {} : { slot: slot as Hash }),
  }));
  const sets = accesses.transactions.map(({ index, reads, writes }) => ({
    index,
    gasUsed: 1n,
    reads: Uint32Array.from(reads),
    writes: Uint32Array.from(writes),
  }));
  const { criticalPath } = analyseDependencies(locations, sets);
  const names = locations.map(({ address, kind, slot }) => nameOf(`${address}:${slot ?? kind}`));

  const through = new Map<string, number>();
  for (const [i, index] of criticalPath.slice(1).entries()) {
    const written = new Set(sets[criticalPath[i]!]!.writes);
    const shared = [...sets[index]!.reads].filter((id) => written.has(id));
    for (const name of new Set(shared.map((id) => names[id]!.replace(/\[[^\]]*\d+\]/, "[lane]")))) {
      through.set(name, (through.get(name) ?? 0) + 1);
    }
  }
  const takes = ({ writes }: { writes: Uint32Array }) => {
    const books = [...writes].flatMap((id) => LANED.exec(names[id]!)?.[1] ?? []);
    return new Set(books).size < books.length;
  };
  return {
    transactions: sets.length,
    criticalPath: criticalPath.length,
    criticalPathByGas: report.criticalPath.transactions.length,
    parallelism: report.parallelism,
    reExecutions: report.reExecutions,
    workers: report.workers,
    beyondTheLane: sets.filter(takes).length,
    through: new Map([...through].sort(([, a], [, b]) => b - a)),
  };
}
