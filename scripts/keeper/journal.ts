// What a signer has sent, on disk before it goes out, so that whoever starts after a crash knows it: one file per signer and
// chain, one JSON object a line. Holds a signer for one process at a time. Knows nothing of what the transactions do.
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";

/** A transaction in one of its versions: a replacement has the same nonce. */
export type Version = { hash: string; raw: string; maxFeePerGas: string; maxPriorityFeePerGas: string };

/** What was sent for which purpose. `fields` are for logs. */
export type Entry = {
  signer: string;
  nonce: number;
  key: string;
  job: string;
  to: string;
  data: string;
  gasLimit: string;
  spends?: { token: string; amount: string };
  fields: Record<string, string | number | boolean>;
  /** Oldest first. */
  versions: Version[];
  /** Block that was the newest when the last version went out. */
  sentAt: number;
  /** Whether the last version does nothing but take the nonce. */
  cancelled?: boolean;
};

type Line = { entry: Entry } | { done: number };

export class Journal {
  readonly #path: string;
  readonly #lock: string;

  /** Opens the journal of `signer`. Throws where another process that lives has it open. */
  constructor(folder: string, chain: string, signer: string) {
    const place = join(folder, chain);
    mkdirSync(place, { recursive: true });
    this.#path = join(place, `${signer.toLowerCase()}.jsonl`);
    this.#lock = join(place, `${signer.toLowerCase()}.lock`);
    this.#hold(signer);
  }

  /** What was sent and is not known to be done, by nonce. A line that a crash cut off is left out. */
  read(): Entry[] {
    const open = new Map<number, Entry>();
    const text = existsSync(this.#path) ? readFileSync(this.#path, "utf8") : "";
    for (const line of text.split("\n")) {
      if (line === "") continue;
      let parsed: Line;
      try {
        parsed = JSON.parse(line) as Line;
      } catch {
        continue;
      }
      if ("entry" in parsed) open.set(parsed.entry.nonce, parsed.entry);
      else open.delete(parsed.done);
    }
    const entries = [...open.values()].sort((a, b) => a.nonce - b.nonce);
    // Written beside and renamed, so that there is always a whole one.
    const fresh = `${this.#path}.new`;
    writeFileSync(fresh, entries.map((entry) => `${JSON.stringify({ entry })}\n`).join(""));
    renameSync(fresh, this.#path);
    return entries;
  }

  sent(entry: Entry): void {
    appendFileSync(this.#path, `${JSON.stringify({ entry })}\n`);
  }

  done(nonce: number): void {
    appendFileSync(this.#path, `${JSON.stringify({ done: nonce })}\n`);
  }

  close(): void {
    rmSync(this.#lock, { force: true });
  }

  #hold(signer: string): void {
    for (;;) {
      try {
        writeFileSync(this.#lock, String(process.pid), { flag: "wx" });
        return;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const holder = Number(readFileSync(this.#lock, "utf8"));
      if (holder !== process.pid && isAlive(holder)) {
        throw new Error(
          `process ${holder} sends as ${signer} already: two senders would take each other's nonces. Give each keeper ` +
            "signers of its own, or --shard i/n, which divides them",
        );
      }
      rmSync(this.#lock, { force: true }); // of one that was killed
    }
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
