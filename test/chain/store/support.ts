// What the tests of the store share: directories that go with the test, and numbers that look random but repeat.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function temporaryDirectory(context: { after(end: () => void): void }): string {
  const path = mkdtempSync(join(tmpdir(), "polder-store-"));
  context.after(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** mulberry32: whole numbers from 0 to `below` - 1. */
export function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let bits = Math.imul(state ^ (state >>> 15), state | 1);
    bits ^= bits + Math.imul(bits ^ (bits >>> 7), bits | 61);
    return ((bits ^ (bits >>> 14)) >>> 0) % below;
  };
}

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
