// An append-only file of checksummed records. What is appended together is written and synced together (group commit),
// as one frame that is on disk whole or not at all. It must not know what the records say.

import { constants, type FileHandle, open, rename } from "node:fs/promises";
import { dirname } from "node:path";
import { asStoreError, StoreError } from "./errors.ts";
import {
  encodeFrame,
  FORMAT,
  FRAME_HEADER_SIZE,
  FRAME_MARK,
  formatOf,
  frameLength,
  isWhole,
  LOG_HEADER,
  type RawRecord,
  recordSize,
  recordsOf,
} from "./frames.ts";

/** Bytes of records in one frame, unless a single record has more. */
const MAX_FRAME = 64 * 2 ** 20;
const WINDOW = 2 ** 20;

/** Records that wait, and the promise of those who wait for them. */
interface Batch {
  records: RawRecord[];
  /** Bytes of the records. */
  size: number;
  done: PromiseWithResolvers<void> | null;
}

export class Log {
  readonly path: string;
  /** Bytes at the end that were of no whole frame and have been cut off. */
  readonly cutBytes: number;
  #file: FileHandle;
  #size: number;
  #waiting: Batch = emptyBatch();
  #written: Batch | null = null;
  #running: Promise<void> | null = null;
  #failure: unknown = null;

  private constructor(path: string, file: FileHandle, size: number, cutBytes: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
    this.cutBytes = cutBytes;
  }

  /**
   * Opens the file, or makes it, and verifies every frame. A damaged end, as a crash in the middle of a write leaves it, is
   * cut off; damage with whole frames behind it is something else, and refused. Throws StoreError. The caller sees to it
   * that nobody else has the file open.
   */
  static async open(path: string): Promise<Log> {
    let file: FileHandle | null = null;
    try {
      file = await open(path, constants.O_RDWR | constants.O_CREAT, 0o644);
      const { size } = await file.stat();
      const end = (await hasHeader(file, size, path)) ? await endOfWhole(file, size, path) : 0;
      if (end < size) await file.truncate(end);
      if (end === 0) await writeAll(file, LOG_HEADER, 0);
      if (end < size || end === 0) await file.datasync();
      if (end === 0) await syncDirectory(dirname(path));
      return new Log(path, file, Math.max(end, LOG_HEADER.length), size - end);
    } catch (error) {
      await file?.close();
      throw asStoreError(error, path);
    }
  }

  /** Bytes written so far. */
  get size(): number {
    return this.#size;
  }

  /** What is on disk, in order. To be read before anything is appended. */
  async *records(): AsyncGenerator<RawRecord> {
    const window = new Window(this.#file);
    for (let offset = LOG_HEADER.length; offset < this.#size; ) {
      const payload = await readFrame(window, offset, this.#size);
      if (payload === null) throw new StoreError(`${this.path} changed while it was read, at byte ${offset}`);
      yield* recordsOf(payload);
      offset += FRAME_HEADER_SIZE + payload.length;
    }
  }

  /**
   * Replaces the file by one with the records that `map` gives, or none for null; whole or not at all. To be done before
   * anything is appended.
   */
  async rewrite(map: (record: RawRecord, place: number) => RawRecord | null): Promise<void> {
    const fresh = `${this.path}.new`;
    let file: FileHandle | null = null;
    try {
      file = await open(fresh, constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC, 0o644);
      await writeAll(file, LOG_HEADER, 0);
      let size = LOG_HEADER.length;
      let records: RawRecord[] = [];
      let waiting = 0;
      const flush = async (to: FileHandle) => {
        const frame = encodeFrame(records, size);
        await writeAll(to, frame, size);
        size += frame.length;
        records = [];
        waiting = 0;
      };
      let place = 0;
      for await (const record of this.records()) {
        const mapped = map(record, place++);
        if (mapped === null) continue;
        records.push(mapped);
        waiting += recordSize(mapped);
        if (waiting > WINDOW) await flush(file);
      }
      if (records.length > 0) await flush(file);
      await file.datasync();
      await rename(fresh, this.path);
      const old = this.#file;
      this.#file = file;
      this.#size = size;
      await old.close();
      await syncDirectory(dirname(this.path));
    } catch (error) {
      if (this.#file !== file) await file?.close();
      throw asStoreError(error, fresh);
    }
  }

  /** Takes a record; it is written soon, and on disk when synced() resolves. */
  append(record: RawRecord): void {
    this.#waiting.records.push(record);
    this.#waiting.size += recordSize(record);
    // Later than whatever the caller still appends in this turn, so that one step is one frame.
    this.#running ??= new Promise<void>((resolve) => setImmediate(resolve)).then(() => this.#write());
  }

  /** Bytes that wait to be written: whoever appends without end should let them. */
  get backlog(): number {
    return this.#waiting.size;
  }

  /** Resolves when all that was appended so far is on disk. Rejects, then and ever after, where writing failed. */
  synced(): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const batch = this.#waiting.records.length > 0 ? this.#waiting : this.#written;
    if (batch === null) return Promise.resolve();
    batch.done ??= Promise.withResolvers<void>();
    return batch.done.promise;
  }

  /** Writes what waits and closes the file. */
  async close(): Promise<void> {
    await this.#running;
    await this.#file.close();
  }

  async #write(): Promise<void> {
    while (this.#waiting.records.length > 0) {
      const batch = this.#takeBatch();
      this.#written = batch;
      try {
        if (this.#failure !== null) throw this.#failure;
        const frame = encodeFrame(batch.records, this.#size);
        await writeAll(this.#file, frame, this.#size);
        await this.#file.datasync();
        this.#size += frame.length;
        batch.done?.resolve();
      } catch (error) {
        // What the disk holds now is unknown (a failed sync is not repeated): nothing is written any more.
        this.#failure = asStoreError(error, this.path);
        batch.done?.reject(this.#failure);
      }
    }
    this.#written = null;
    this.#running = null;
  }

  #takeBatch(): Batch {
    const batch = this.#waiting;
    let size = 0;
    const most = batch.records.findIndex((record, i) => {
      const more = recordSize(record);
      if (i > 0 && size + more > MAX_FRAME) return true;
      size += more;
      return false;
    });
    if (most < 0) {
      this.#waiting = emptyBatch();
      return batch;
    }
    // Those who wait, wait for all of it.
    this.#waiting = { records: batch.records.slice(most), size: batch.size - size, done: batch.done };
    return { records: batch.records.slice(0, most), size, done: null };
  }
}

function emptyBatch(): Batch {
  return { records: [], size: 0, done: null };
}

/** False where the file is empty, or ends within the header: nothing was ever kept in it. */
async function hasHeader(file: FileHandle, size: number, path: string): Promise<boolean> {
  const header = await new Window(file).read(0, Math.min(size, LOG_HEADER.length));
  if (size < LOG_HEADER.length && LOG_HEADER.subarray(0, size).equals(header)) return false;
  const format = formatOf(header);
  if (format === null) {
    throw new StoreError(
      `${path} is no log of a Polder chain, or its beginning is damaged; name another data directory`,
    );
  }
  if (format === FORMAT) return true;
  throw new StoreError(
    `${path} has format ${format}, and this version of Polder reads format ${FORMAT}; ` +
      "use the version that wrote it, or name another data directory",
  );
}

/** Where the last whole frame ends. */
async function endOfWhole(file: FileHandle, size: number, path: string): Promise<number> {
  const window = new Window(file);
  let offset = LOG_HEADER.length;
  while (offset < size) {
    const payload = await readFrame(window, offset, size);
    if (payload === null) break;
    offset += FRAME_HEADER_SIZE + payload.length;
  }
  const next = offset < size ? await findFrame(window, offset + 1, size) : null;
  if (next === null) return offset;
  // A frame is written only when the one before it is on disk, so no crash looks like this.
  throw new StoreError(
    `${path} is damaged from byte ${offset} on, and whole records follow at byte ${next}: no crash does that, a failing ` +
      `disk or another program may. Restore the file from a copy, or give up what follows: truncate -s ${offset} ${path}`,
  );
}

/** The records of the frame at `offset`; null where no whole frame is there. */
async function readFrame(window: Window, offset: number, size: number): Promise<Buffer | null> {
  if (offset + FRAME_HEADER_SIZE > size) return null;
  const header = await window.read(offset, FRAME_HEADER_SIZE);
  const length = frameLength(header);
  if (length === null || offset + FRAME_HEADER_SIZE + length > size) return null;
  const payload = await window.read(offset + FRAME_HEADER_SIZE, length);
  return isWhole(header, payload, offset) ? payload : null;
}

/** Where the first whole frame at or behind `from` begins; null where there is none. */
async function findFrame(window: Window, from: number, size: number): Promise<number | null> {
  const step = WINDOW - FRAME_MARK.length + 1;
  for (let at = from; at < size; at += step) {
    const bytes = await window.read(at, Math.min(WINDOW, size - at));
    for (let i = bytes.indexOf(FRAME_MARK); i >= 0; i = bytes.indexOf(FRAME_MARK, i + 1)) {
      if ((await readFrame(window, at + i, size)) !== null) return at + i;
    }
  }
  return null;
}

/** Reads of a file in growing order, in large pieces. What it gives stays valid. */
class Window {
  readonly #file: FileHandle;
  #begin = 0;
  #bytes = Buffer.alloc(0);

  constructor(file: FileHandle) {
    this.#file = file;
  }

  /** Exactly `length` bytes; the caller knows that they are there. */
  async read(offset: number, length: number): Promise<Buffer> {
    const within = offset - this.#begin;
    if (within >= 0 && within + length <= this.#bytes.length) {
      return this.#bytes.subarray(within, within + length);
    }
    const bytes = Buffer.allocUnsafe(Math.max(length, WINDOW));
    let filled = 0;
    while (filled < bytes.length) {
      const { bytesRead } = await this.#file.read(bytes, filled, bytes.length - filled, offset + filled);
      if (bytesRead === 0) break;
      filled += bytesRead;
    }
    if (filled < length) throw new StoreError(`the file ends at byte ${offset + filled} while it is read`);
    this.#begin = offset;
    this.#bytes = bytes.subarray(0, filled);
    return this.#bytes.subarray(0, length);
  }
}

async function writeAll(file: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}

/** So that the directory itself remembers a file made in it. Windows knows no such thing. */
export async function syncDirectory(path: string): Promise<void> {
  if (process.platform === "win32") return;
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
