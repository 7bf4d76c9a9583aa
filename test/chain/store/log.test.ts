// The log: what was synced is there again, a damaged end is cut off, damage elsewhere is refused.

import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { describe, it, type TestContext } from "node:test";
import { encodeFrame, FRAME_MARK, LOG_HEADER, type RawRecord } from "../../../chain/src/store/frames.ts";
import { Log } from "../../../chain/src/store/log.ts";
import { collect, randomFrom, temporaryDirectory } from "./support.ts";

const record = (n: number, length = 20 + n): RawRecord => ({ kind: n, body: new Uint8Array(length).fill(n) });
const text = (items: readonly RawRecord[]) =>
  items.map(({ kind, body }) => `${kind}:${Buffer.from(body).toString("hex")}`);

async function contents(log: Log): Promise<string[]> {
  return text(await collect(log.records()));
}

/** A log of `count` frames of one record each. */
async function filled(context: TestContext, count: number): Promise<{ path: string; ends: number[] }> {
  const path = join(temporaryDirectory(context), "log");
  const log = await Log.open(path);
  const ends = [log.size];
  for (let n = 1; n <= count; n++) {
    log.append(record(n));
    await log.synced();
    ends.push(log.size);
  }
  await log.close();
  return { path, ends };
}

function flip(path: string, offset: number): void {
  const bytes = readFileSync(path);
  bytes[offset]! ^= 0x10;
  writeFileSync(path, bytes);
}

describe("log", () => {
  it("gives back what was appended, in order, also over its windows' edges", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    const sizes = [0, 1, 3_000_000, 7, 2 ** 20 - 17, 2 ** 20, 5];
    const items = sizes.map((size, n) => record(n + 1, size));
    const log = await Log.open(path);
    assert.deepEqual(await contents(log), []);
    for (const item of items.slice(0, 3)) log.append(item);
    await log.synced();
    for (const item of items.slice(3)) {
      log.append(item);
      await log.synced();
    }
    await log.close();
    const again = await Log.open(path);
    assert.equal(again.cutBytes, 0);
    assert.equal(again.size, statSync(path).size);
    assert.deepEqual(await contents(again), text(items));
    again.append(record(99));
    await again.close();
    const third = await Log.open(path);
    assert.deepEqual(await contents(third), text([...items, record(99)]));
    await third.close();
  });

  it("is on disk when synced() resolves, and not asked to be before", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    const log = await Log.open(path);
    await log.synced();
    log.append(record(1));
    const size = () => statSync(path).size;
    assert.equal(size(), LOG_HEADER.length);
    await log.synced();
    assert.equal(size(), log.size);
    assert.ok(size() > LOG_HEADER.length + 20);
    await log.close();
  });

  it("tells the disk to keep a frame before it says so, and before it writes the next", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    const log = await Log.open(path);
    const handle = await open(path);
    const prototype = Object.getPrototypeOf(handle) as FileHandle;
    await handle.close();
    const calls: string[] = [];
    for (const name of ["write", "datasync"] as const) {
      const original = prototype[name] as (...args: unknown[]) => Promise<unknown>;
      context.mock.method(prototype, name, async function (this: FileHandle, ...args: unknown[]) {
        calls.push(name);
        const result = await original.apply(this, args);
        calls.push(`${name} done`);
        return result;
      } as never);
    }
    const all = [];
    for (let n = 0; n < 3; n++) {
      log.append(record(n));
      all.push(log.synced().then(() => calls.push(`answer ${n}`)));
      // The next arrives while this one is on its way.
      while (calls.filter((call) => call === "write").length === n) await new Promise(setImmediate);
    }
    await Promise.all(all);
    const once = (n: number) => ["write", "write done", "datasync", "datasync done", `answer ${n}`];
    assert.deepEqual(
      calls.filter((call) => !call.startsWith("answer")),
      [0, 1, 2].flatMap((n) => once(n).slice(0, 4)),
    );
    for (const n of [0, 1, 2]) {
      const synced = calls.flatMap((call, at) => (call === "datasync done" ? [at] : []))[n]!;
      assert.ok(calls.indexOf(`answer ${n}`) > synced, calls.join(", "));
    }
    await log.close();
  });

  it("writes what waits together as one frame", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    const log = await Log.open(path);
    const items = Array.from({ length: 50 }, (_, n) => record(n));
    const waits = items.map((item) => {
      log.append(item);
      return log.synced();
    });
    await Promise.all(waits);
    assert.equal(log.size, LOG_HEADER.length + encodeFrame(items, LOG_HEADER.length).length);
    await log.close();
  });

  it("cuts a file that ends anywhere back to the last whole frame", async (context) => {
    const { path, ends } = await filled(context, 4);
    const whole = readFileSync(path);
    for (let length = 0; length <= whole.length; length++) {
      writeFileSync(path, whole.subarray(0, length));
      const log = await Log.open(path);
      const kept = ends.filter((end) => end <= length).length - 1;
      assert.equal((await contents(log)).length, Math.max(kept, 0), `${length} bytes`);
      assert.equal(log.cutBytes, kept < 0 ? length : length - ends[kept]!, `${length} bytes`);
      assert.equal(statSync(path).size, Math.max(ends[0]!, ends[kept] ?? 0));
      log.append(record(77));
      await log.close();
      const again = await Log.open(path);
      assert.deepEqual((await contents(again)).at(-1), text([record(77)])[0]);
      assert.equal(again.cutBytes, 0);
      await again.close();
    }
  });

  it("notices every flipped bit of the last frame and cuts it off", async (context) => {
    const { path, ends } = await filled(context, 3);
    const whole = readFileSync(path);
    for (let offset = ends[2]!; offset < whole.length; offset++) {
      writeFileSync(path, whole);
      flip(path, offset);
      const log = await Log.open(path);
      assert.deepEqual(await contents(log), text([record(1), record(2)]), `byte ${offset}`);
      assert.equal(log.cutBytes, whole.length - ends[2]!);
      await log.close();
    }
  });

  it("cuts off an end of zeros, as file systems leave it", async (context) => {
    const { path, ends } = await filled(context, 2);
    truncateSync(path, ends[2]! + 3 * 2 ** 20);
    const log = await Log.open(path);
    assert.equal((await contents(log)).length, 2);
    assert.equal(log.cutBytes, 3 * 2 ** 20);
    await log.close();
  });

  it("refuses damage with whole frames behind it, names the place, and leaves the file alone", async (context) => {
    const { path, ends } = await filled(context, 40);
    const whole = readFileSync(path);
    const random = randomFrom(7);
    for (let round = 0; round < 60; round++) {
      writeFileSync(path, whole);
      const offset = ends[0]! + random(ends[39]! - ends[0]!);
      flip(path, offset);
      const begin = ends.findLast((end) => end <= offset)!;
      const next = ends.find((end) => end > offset)!;
      await assert.rejects(Log.open(path), (error: Error) => {
        assert.equal(error.name, "StoreError");
        assert.match(
          error.message,
          new RegExp(`from byte ${begin} on, and whole records follow at byte ${next}`),
        );
        assert.match(error.message, new RegExp(`truncate -s ${begin} `));
        return true;
      });
      assert.equal(statSync(path).size, whole.length);
    }
    // What the message says helps.
    truncateSync(path, ends[5]!);
    await (await Log.open(path)).close();
  });

  it("finds whole frames far behind a damage, over its windows' edges", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    for (const gap of [2 ** 20 - 2, 2 ** 20 - 1, 2 ** 20, 2 ** 21 + 5]) {
      // Nearly a mark at every byte, and a real one at the end.
      const junk = Buffer.concat([Buffer.alloc(gap - 4, FRAME_MARK[0]), FRAME_MARK]);
      const frame = encodeFrame([record(1)], LOG_HEADER.length + gap);
      writeFileSync(path, Buffer.concat([LOG_HEADER, junk, frame]));
      await assert.rejects(Log.open(path), new RegExp(`follow at byte ${LOG_HEADER.length + gap}:`));
      // The same frame one byte further is not in its place.
      writeFileSync(path, Buffer.concat([LOG_HEADER, junk, Buffer.alloc(1), frame]));
      const log = await Log.open(path);
      assert.equal(log.cutBytes, gap + 1 + frame.length);
      await log.close();
    }
  });

  it("refuses what is no log, and formats it does not know", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    writeFileSync(path, "a letter to my grandmother, who never had a chain");
    await assert.rejects(Log.open(path), /is no log of a Polder chain/);
    writeFileSync(path, "letter");
    await assert.rejects(Log.open(path), /is no log of a Polder chain/);
    const { path: log } = await filled(context, 1);
    const bytes = readFileSync(log);
    bytes[19] = 2;
    writeFileSync(log, bytes);
    await assert.rejects(Log.open(log), /is no log of a Polder chain, or its beginning is damaged/);
    const { crc32 } = await import("node:zlib");
    bytes.writeUInt32BE(crc32(bytes.subarray(0, 20)), 20);
    writeFileSync(log, bytes);
    await assert.rejects(
      Log.open(log),
      /has format 2, and this version of Polder reads format 1; use the version/,
    );
  });

  it("is rewritten whole, or not at all", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    const log = await Log.open(path);
    const items = Array.from({ length: 40 }, (_, n) => record(n, 100_000));
    for (const item of items) log.append(item);
    await log.synced();
    await log.close();
    const before = readFileSync(path);

    const again = await Log.open(path);
    await assert.rejects(
      again.rewrite((_, place) => {
        if (place === 30) throw new Error("in the middle");
        return record(1);
      }),
      /in the middle/,
    );
    assert.deepEqual(readFileSync(path), before);
    await again.rewrite((raw, place) => (place % 2 === 0 ? null : place === 3 ? record(200) : raw));
    const kept = items.flatMap((item, place) => (place % 2 === 0 ? [] : [place === 3 ? record(200) : item]));
    assert.deepEqual(await contents(again), text(kept));
    assert.equal(statSync(path).size, again.size);
    assert.ok(again.size < before.length * 0.6);
    again.append(record(201));
    await again.close();
    const third = await Log.open(path);
    assert.deepEqual(await contents(third), text([...kept, record(201)]));
    await third.close();
    assert.deepEqual(readdirSync(join(path, "..")), ["log"]);
  });

  it("takes large batches in frames of bounded size", async (context) => {
    const path = join(temporaryDirectory(context), "log");
    const log = await Log.open(path);
    const items = Array.from({ length: 3 }, (_, n) => record(n, 40 * 2 ** 20));
    for (const item of items) log.append(item);
    assert.equal(log.backlog, 3 * (40 * 2 ** 20 + 5));
    await log.synced();
    assert.equal(log.backlog, 0);
    await log.close();
    const again = await Log.open(path);
    const sizes: number[] = [];
    for await (const { kind, body } of again.records()) sizes.push(kind, body.length);
    assert.deepEqual(sizes, [0, 40 * 2 ** 20, 1, 40 * 2 ** 20, 2, 40 * 2 ** 20]);
    assert.equal(again.size - LOG_HEADER.length - 3 * (40 * 2 ** 20 + 5), 3 * 12);
    await again.close();
  });
});
