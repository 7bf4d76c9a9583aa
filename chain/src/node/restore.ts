// Takes a chain up again from its log: begins as it began and repeats every step that still counts. Each block is executed
// again and held to its header, state root included. It must not know files.

import type { Log } from "../store/log.ts";
import { type ChainRecord, decodeRecord, type GenesisRecord, kindOf } from "../store/records.ts";
import type { ChainCore } from "./core.ts";
import { ChainError } from "./errors.ts";
import type { Impersonation } from "./impersonation.ts";

/** What of a log counts. Records are named by their place in it. */
export interface Survey {
  genesis: GenesisRecord;
  /** Where the newest genesis stands; nothing before it counts. */
  begin: number;
  /** What a revert undid, [from, to); disjoint, in order. */
  undone: readonly { from: number; to: number }[];
}

/** null where the log is empty. */
export async function survey(log: Log): Promise<Survey | null> {
  let place = 0;
  let found: { genesis: GenesisRecord; begin: number } | null = null;
  let snapshots: { id: bigint; place: number }[] = [];
  let undone: { from: number; to: number }[] = [];
  for await (const raw of log.records()) {
    const kind = kindOf(raw);
    if (kind === "genesis") {
      found = { genesis: decodeRecord(raw) as GenesisRecord, begin: place };
      snapshots = [];
      undone = [];
    } else if (found === null) {
      throw new ChainError("storage", `${log.path} does not begin with a chain's genesis`);
    } else if (kind === "snapshot") {
      const { id } = decodeRecord(raw) as Extract<ChainRecord, { kind: "snapshot" }>;
      snapshots.push({ id, place });
    } else if (kind === "reverted") {
      const { id } = decodeRecord(raw) as Extract<ChainRecord, { kind: "reverted" }>;
      const index = snapshots.findIndex((snapshot) => snapshot.id === id);
      if (index < 0)
        throw new ChainError("storage", `${log.path} goes back to snapshot ${id}, which it lacks`);
      const from = snapshots[index]!.place;
      snapshots.length = index;
      undone = undone.filter((range) => range.from < from);
      undone.push({ from, to: place });
    }
    place++;
  }
  return found && { ...found, undone };
}

/** Repeats all that follows the genesis on a core that has just begun from it. Throws kind "storage". */
export async function restore(
  core: ChainCore,
  impersonation: Impersonation,
  log: Log,
  { genesis, begin, undone }: Survey,
): Promise<void> {
  const { hash } = core.head;
  if (hash !== genesis.hash)
    throw differs(log, `the genesis block has hash ${hash} instead of ${genesis.hash}`);
  let place = -1;
  let next = 0;
  for await (const raw of log.records()) {
    place++;
    if (place <= begin) continue;
    while (next < undone.length && undone[next]!.to <= place) next++;
    const counts = next === undone.length || place < undone[next]!.from;
    // Who may send without a key is no part of what a snapshot holds.
    if (!counts && kindOf(raw) !== "impersonation") continue;
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
