// A fixed choice of tests that spreads over the folders of a source: the same on every machine and every run. It must
// not know what a test is.

import { createHash } from "node:crypto";

/**
 * How many tests to take from which file: folders take turns, and within a folder the files, in an order that depends
 * only on their names. Files not in the map are left out.
 */
export function chooseFiles(paths: readonly string[], count: number): Map<string, number> {
  const folders = new Map<string, string[]>();
  for (const path of inFixedOrder(paths)) {
    const folder = path.slice(0, path.lastIndexOf("/") + 1);
    const files = folders.get(folder);
    if (files === undefined) folders.set(folder, [path]);
    else files.push(path);
  }
  const queues = [...folders.values()];
  const quota = new Map<string, number>();
  for (let turn = 0, chosen = 0; chosen < count && queues.length > 0; turn++) {
    for (const files of queues) {
      if (chosen === count) break;
      const path = files[turn % files.length]!;
      quota.set(path, (quota.get(path) ?? 0) + 1);
      chosen++;
    }
  }
  return quota;
}

/** By SHA-256 of the name. */
export function inFixedOrder(names: readonly string[]): string[] {
  const keyed = names.map((name) => ({ name, key: createHash("sha256").update(name).digest("hex") }));
  return keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ name }) => name);
}
