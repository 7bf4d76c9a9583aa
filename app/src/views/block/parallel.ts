// What follows from how a block was executed: bars of workers over time, and who read what whom wrote. Pure.
import type { AccessSets, BlockRun } from "../../lib/chain/blocks.ts";
import type { Location } from "../../lib/contracts.ts";

export type Bar = {
  index: number;
  hash: string;
  /** Percent of the block's time. */
  left: number;
  width: number;
  inChain: boolean;
  again: boolean;
};

/** A row for each worker that did something, by its number; times in microseconds since the first start. */
export function workersOf(run: BlockRun): { rows: { worker: number; bars: Bar[] }[]; span: number } {
  const start = Math.min(...run.transactions.map(({ startedAt }) => startedAt));
  const end = Math.max(...run.transactions.map(({ finishedAt }) => finishedAt));
  const span = run.transactions.length === 0 ? 0 : end - start;
  const chain = new Set(run.chain.transactions);
  const rows = new Map<number, Bar[]>();
  for (const { worker, index, hash, startedAt, finishedAt, attempts } of run.transactions) {
    const bars = rows.get(worker) ?? [];
    bars.push({
      index,
      hash,
      left: span === 0 ? 0 : ((startedAt - start) / span) * 100,
      width: span === 0 ? 100 : ((finishedAt - startedAt) / span) * 100,
      inChain: chain.has(index),
      again: attempts > 1,
    });
    rows.set(worker, bars);
  }
  return {
    rows: [...rows].sort(([a], [b]) => a - b).map(([worker, bars]) => ({ worker, bars })),
    span,
  };
}

export type Collision = { index: number; locations: Location[] };

/**
 * Whose writes transaction `index` read: the last one before it that changed each location it read. Nonces and code aside,
 * these are what it had to wait for.
 */
export function readFrom(sets: AccessSets, index: number): Collision[] {
  const reads = new Set(sets.transactions.find((each) => each.index === index)?.reads);
  const found = new Map<number, Location[]>();
  const before = sets.transactions.filter((each) => each.index < index).sort((a, b) => b.index - a.index);
  for (const { index: writer, writes } of before) {
    for (const write of writes) {
      if (!reads.delete(write)) continue;
      const location = sets.locations[write];
      if (location !== undefined) found.set(writer, [...(found.get(writer) ?? []), location]);
    }
  }
  return collisions(found);
}

/** Who read what transaction `index` wrote, before anybody else changed it again. */
export function readBy(sets: AccessSets, index: number): Collision[] {
  const own = new Set(sets.transactions.find((each) => each.index === index)?.writes);
  const found = new Map<number, Location[]>();
  const after = sets.transactions.filter((each) => each.index > index).sort((a, b) => a.index - b.index);
  for (const { index: reader, reads, writes } of after) {
    for (const read of reads) {
      const location = own.has(read) ? sets.locations[read] : undefined;
      if (location !== undefined) found.set(reader, [...(found.get(reader) ?? []), location]);
    }
    for (const write of writes) own.delete(write);
  }
  return collisions(found);
}

function collisions(found: ReadonlyMap<number, Location[]>): Collision[] {
  return [...found].sort(([a], [b]) => a - b).map(([index, locations]) => ({ index, locations }));
}

/** Longer than any block number has digits, so that nothing absurd is asked of the chain. */
const DIGITS = 15;

/** A block's number or hash as it stands in an address; nothing where it is neither. */
export function parseBlockId(text: string): bigint | `0x${string}` | undefined {
  if (/^0x[0-9a-f]{64}$/i.test(text)) return text.toLowerCase() as `0x${string}`;
  return /^\d+$/.test(text) && text.length <= DIGITS ? BigInt(text) : undefined;
}
