// A chain's directory on disk: its log, and the lock that keeps a second process out. It must not know what the log's
// records say.

import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { asStoreError, StoreError } from "./errors.ts";
import { Log, syncDirectory } from "./log.ts";

export class DataDirectory {
  readonly path: string;
  readonly log: Log;
  readonly #lock: Lock;

  private constructor(path: string, log: Log, lock: Lock) {
    this.path = path;
    this.log = log;
    this.#lock = lock;
  }

  /** Makes what is missing. Throws StoreError: no directory, no access, in use, another format, damaged. */
  static async open(directory: string): Promise<DataDirectory> {
    const path = resolve(directory);
    await make(path);
    const lock = await Lock.take(path);
    try {
      return new DataDirectory(path, await Log.open(join(path, "chain.log")), lock);
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.log.close();
    await this.#lock.release();
  }
}

async function make(path: string): Promise<void> {
  try {
    const first = await mkdir(path, { recursive: true });
    // Each directory above is what remembers the one that was made in it.
    for (let made = path; first !== undefined && made.length >= first.length; made = join(made, "..")) {
      await syncDirectory(join(made, ".."));
    }
  } catch (error) {
    throw asStoreError(error, path);
  }
}

/**
 * SQLite's lock on an empty database. The operating system holds it and lets it go when the process ends, however it ends;
 * it works between threads and between containers, where the number in a pid file means nothing.
 */
class Lock {
  readonly #database: DatabaseSync;
  readonly #owner: string;

  private constructor(database: DatabaseSync, owner: string) {
    this.#database = database;
    this.#owner = owner;
  }

  static async take(directory: string): Promise<Lock> {
    const owner = join(directory, "pid");
    let database: DatabaseSync | null = null;
    try {
      database = new DatabaseSync(join(directory, "lock"));
      database.exec("PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE");
    } catch (cause) {
      database?.close();
      const words = cause instanceof Error ? cause.message : String(cause);
      if (!/locked|busy/i.test(words)) {
        throw new StoreError(
          `${directory} can't be locked: ${words}; give this user access, or name another data directory`,
          { cause },
        );
      }
      const pid = await readFile(owner, "utf8").catch(() => "");
      throw new StoreError(
        `${directory} is in use by process ${pid.trim() || "(number unknown)"}; stop that one, or name another data directory`,
        { cause },
      );
    }
    try {
      await writeFile(owner, `${process.pid}\n`);
    } catch (error) {
      database.close();
      throw asStoreError(error, owner);
    }
    return new Lock(database, owner);
  }

  async release(): Promise<void> {
    await rm(this.#owner, { force: true });
    this.#database.close();
  }
}
