// What evm_revert can go back to, and which of it still stands. It must not know how going back is done.

import type { Version } from "../engine/types.ts";
import type { ClockState } from "./clock.ts";
import type { Settings } from "./next-block.ts";
import type { PoolEntry } from "./pool.ts";

export interface Snapshot {
  height: number;
  version: Version;
  pool: readonly PoolEntry[];
  clock: ClockState;
  settings: Settings;
}

export class Snapshots {
  #kept: (Snapshot & { id: bigint })[] = [];
  /** The newest number given out; none is given out twice. */
  last = 0n;

  add(snapshot: Snapshot): bigint {
    this.#kept.push({ ...snapshot, id: ++this.last });
    return this.last;
  }

  /** Takes it out, with all later ones; null where it does not stand. */
  take(id: bigint): Snapshot | null {
    const index = this.#kept.findIndex((snapshot) => snapshot.id === id);
    return index < 0 ? null : this.#kept.splice(index)[0]!;
  }

  /** Those of what is above `height`, or newer than `version`, are void. */
  truncate(height: number, version: Version): void {
    this.#kept = this.#kept.filter((snapshot) => snapshot.height <= height && snapshot.version <= version);
  }

  clear(): void {
    this.#kept = [];
  }
}
