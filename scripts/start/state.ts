// The folder in which a stack lives: the chain's data, the index's, and what was deployed and seeded on it. Knows no
// process.
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type DeploymentRecord,
  readRecord,
  recordPath,
  writeRecord,
} from "../../contracts/deployment/record.ts";

/** Of the folder's layout: one of another is refused. */
const VERSION = 1;

type Saved = { version: number; record: DeploymentRecord };

export class StackFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  get chain(): string {
    return join(this.path, "chain");
  }

  get index(): string {
    return join(this.path, "index");
  }

  /** Whether there is a chain here at all. */
  get exists(): boolean {
    return existsSync(this.chain);
  }

  /**
   * What was deployed and seeded here; undefined where that never came to its end.
   * @throws where the folder is another version's
   */
  read(): DeploymentRecord | undefined {
    if (!existsSync(this.#file)) return undefined;
    const { version, record } = JSON.parse(readFileSync(this.#file, "utf8")) as Saved;
    if (version === VERSION) return record;
    throw new Error(
      `${this.path} is of version ${version}, this is ${VERSION}: start with --reset, or another --data-dir`,
    );
  }

  /** The record of `chainId` is what is deployed here: kept beside the chain, whole or not at all. */
  finish(chainId: number): DeploymentRecord {
    const record = readRecord(chainId);
    mkdirSync(this.path, { recursive: true });
    const saved: Saved = { version: VERSION, record };
    writeFileSync(`${this.#file}.new`, `${JSON.stringify(saved, null, 2)}\n`);
    renameSync(`${this.#file}.new`, this.#file);
    return record;
  }

  /** Puts the record where the other commands look for it, if something else was deployed under its chain id since. */
  restore(record: DeploymentRecord): void {
    const path = recordPath(record.chainId);
    const there = existsSync(path) ? (JSON.parse(readFileSync(path, "utf8")) as DeploymentRecord) : undefined;
    if (there?.genesisHash !== record.genesisHash) writeRecord(record);
  }

  /** Everything that the stack keeps is gone; nothing else in the folder is touched. */
  clear(): void {
    for (const part of [this.#file, this.chain, this.index]) rmSync(part, { recursive: true, force: true });
  }

  get #file(): string {
    return join(this.path, "stack.json");
  }
}
