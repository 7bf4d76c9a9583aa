// Takes a chain up again from its log: begins as it began and repeats every step that still counts. Each block is executed
// again and held to its header, state root included. It must not know files.

import type { Log } from "../store/log.ts";
import {
  type ChainRecord,
  decodeRecord,
  encodeRecord,
  type GenesisRecord,
  kindOf,
} from "../store/records.ts";
import type { ChainCore } from "./core.ts";
import { ChainError } from "./errors.ts";
import type { Impersonation } from "./impersonation.ts";
import type { RestoreProgress } from "./types.ts";

/** What of a log counts. Records are named by their place in it. */
export interface Survey {
  genesis: GenesisRecord;
  /** Where the newest genesis stands; nothing before it counts. */
  begin: number;
  /** What a revert undid, [from, to); disjoint, in order. */
  undone: readonly { from: number; to: number }[];
  records: number;
  /** Bytes of records that don't count. */
  idle: number;
}

/** A log is written anew when more bytes of it, and more than half, count no more. */
const MOST_IDLE = 8 * 2 ** 20;

/** null where the log is empty. Throws kind "storage". */
export async function survey(log: Log): Promise<Survey | null> {
  let place = 0;
  let bytes = 0;
  let found: { genesis: GenesisRecord; begin: number; bytes: number } | null = null;
  let snapshots: { id: bigint; from: number; bytes: number }[] = [];
  let undone: { from: number; to: number; bytes: number }[] = [];
  for await (const raw of log.records()) {
    const kind = kindOf(raw);
    if (kind === "genesis") {
      found = { genesis: decodeRecord(raw) as GenesisRecord, begin: place, bytes };
      snapshots = [];
      undone = [];
    } else if (found === null) {
      throw new ChainError("storage", `${log.path} does not begin with a chain's genesis`);
    } else if (kind === "snapshot") {
      const { id } = decodeRecord(raw) as Extract<ChainRecord, { kind: "snapshot" }>;
      snapshots.push({ id, from: place, bytes });
    } else if (kind === "reverted") {
      const { id } = decodeRecord(raw) as Extract<ChainRecord, { kind: "reverted" }>;
      const index = snapshots.findIndex((snapshot) => snapshot.id === id);
      if (index < 0)
        throw new ChainError("storage", `${log.path} goes back to snapshot ${id}, which it lacks`);
      const { from, bytes: before } = snapshots[index]!;
      snapshots.length = index;
      undone = undone.filter((range) => range.from < from);
      undone.push({ from, to: place, bytes: bytes - before });
    }
    place++;
    bytes += raw.body.length;
  }
  if (found === null) return null;
  const idle = undone.reduce((sum, range) => sum + range.bytes, found.bytes);
  return { genesis: found.genesis, begin: found.begin, undone, records: place, idle };
}

export function isMostlyIdle(log: Log, { idle }: Survey): boolean {
  return idle > MOST_IDLE && idle > log.size / 2;
}

/** Writes the log anew with what counts. */
export async function tidy(log: Log, found: Survey): Promise<void> {
  const counts = sieve(found);
  await log.rewrite((raw, place) => {
    if (!counts(place, kindOf(raw))) return null;
    if (kindOf(raw) !== "reverted") return raw;
    // The snapshot is gone, and what it went back over.
    const { circumstances } = decodeRecord(raw) as Extract<ChainRecord, { kind: "reverted" }>;
    return encodeRecord({ kind: "circumstances", circumstances });
  });
}

/** Does the record at this place count? To be asked in order. */
function sieve({ begin, undone }: Survey): (place: number, kind: ChainRecord["kind"]) => boolean {
  let next = 0;
  return (place, kind) => {
    if (place < begin) return false;
    while (next < undone.length && undone[next]!.to <= place) next++;
    // Who may send without a key is no part of what a snapshot holds.
    return next === undone.length || place < undone[next]!.from || kind === "impersonation";
  };
}

/**
 * Repeats all that follows the genesis on a core that has just begun from it. `onProgress` hears after each block. Throws kind "storage".
 */
export async function restore(
  core: ChainCore,
  impersonation: Impersonation,
  log: Log,
  found: Survey,
  onProgress: (progress: RestoreProgress) => void,
): Promise<void> {
  const { genesis, begin, records } = found;
  const { hash } = core.head;
  if (hash !== genesis.hash)
    throw differs(log, `the genesis block has hash ${hash} instead of ${genesis.hash}`);
  const counts = sieve(found);
  let place = -1;
  for await (const raw of log.records()) {
    place++;
    if (place === begin || !counts(place, kindOf(raw))) continue;
    const record = decodeRecord(raw);
    try {
      await repeat(core, impersonation, record);
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error);
      const what =
        record.kind === "block"
          ? `block ${record.header.number} does not come out as it was written`
          : `record ${place} (${record.kind}) can't be repeated`;
      throw differs(log, `${what}: ${words}`, error);
    }
    if (record.kind === "block") onProgress({ block: record.header.number, share: (place + 1) / records });
  }
}

async function repeat(core: ChainCore, impersonation: Impersonation, record: ChainRecord): Promise<void> {
  switch (record.kind) {
    case "block":
      return core.repeat(record);
    case "pooled":
      core.take(record.transaction, record.impersonated);
      return;
    case "dropped":
      core.drop(record.hash, record.reason);
      return;
    case "balance":
    case "nonce":
    case "code":
    case "storage":
      return core.write(record);
    case "snapshot": {
      const { next, interval } = core.clock.setting;
      const id = core.snapshot({ now: record.now, next, interval });
      if (id !== record.id) throw new ChainError("storage", `snapshot ${record.id} comes out as ${id}`);
      return;
    }
    case "rollback":
      core.rollback(record.depth);
      core.circumstances = record.circumstances;
      return;
    // What came between is left out.
    case "reverted":
    case "circumstances":
      core.circumstances = record.circumstances;
      return;
    case "impersonation":
      impersonation.set(record.address, record.enabled);
      return;
    case "genesis":
      throw new ChainError("internal", "a second beginning");
  }
}

function differs(log: Log, what: string, cause?: unknown): ChainError {
  return new ChainError(
    "storage",
    `${log.path} can't be taken up: ${what}. Another version of Polder may have written it: use that one, or name another ` +
      "data directory",
    { cause },
  );
}
