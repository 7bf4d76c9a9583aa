// What the chain's log is told while the chain goes on. It must not know how the log is read again: restore.ts does that.

import { isDeepStrictEqual } from "node:util";
import type { Log } from "../store/log.ts";
import { type ChainRecord, type Circumstances, encodeRecord } from "../store/records.ts";

/** Bytes. Many blocks may be made without a pause in which the log could be written. */
const MAX_BACKLOG = 2 ** 22;

export class Journal {
  readonly #log: Log;
  /** As the log has them. */
  #circumstances: Circumstances | null;

  /** `circumstances`: what the log ends with; null where it is empty. */
  constructor(log: Log, circumstances: Circumstances | null) {
    this.#log = log;
    this.#circumstances = circumstances;
  }

  write(record: ChainRecord): void {
    if ("circumstances" in record) this.#circumstances = record.circumstances;
    this.#log.append(encodeRecord(record));
  }

  /** Resolves when no more waits to be written than memory should hold. */
  async room(): Promise<void> {
    if (this.#log.backlog > MAX_BACKLOG) await this.#log.synced();
  }

  /** Writes the circumstances where no record has told them yet. */
  note(circumstances: Circumstances): void {
    if (!isDeepStrictEqual(circumstances, this.#circumstances))
      this.write({ kind: "circumstances", circumstances });
  }
}
