// Archives, folders and single files give the same fixtures under the same names.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import tar from "tar-stream";
import type { Source } from "./source.ts";
import { openSource, openSources } from "./source.ts";

const FILES: Record<string, string> = {
  "tests/.meta/index.json": "{}",
  "tests/a/one.json": '{"one":1}',
  "tests/b/two.json": '{"two":2}',
  "tests/b/readme.md": "text",
};
let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "polder-source-"));
  const pack = tar.pack();
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(join(folder, "tree", path, ".."), { recursive: true });
    await writeFile(join(folder, "tree", path), text);
    pack.entry({ name: `./${path}` }, text);
  }
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  await writeFile(join(folder, "all.tar.gz"), gzipSync(Buffer.concat(chunks)));
});
after(() => rm(folder, { recursive: true }));

async function contents(source: Source): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for await (const { path, bytes } of source.read()) texts[path] = new TextDecoder().decode(bytes);
  assert.deepEqual(Object.keys(texts).sort(), await source.list());
  return texts;
}

const EXPECTED = { "tests/a/one.json": '{"one":1}', "tests/b/two.json": '{"two":2}' };

test("an archive gives its JSON files", async () => {
  assert.deepEqual(await contents(await openSource(join(folder, "all.tar.gz"))), EXPECTED);
});

test("a folder gives its JSON files", async () => {
  assert.deepEqual(await contents(await openSource(join(folder, "tree"))), EXPECTED);
});

test("a single file gives itself", async () => {
  const source = await openSource(join(folder, "tree/tests/a/one.json"));
  assert.deepEqual(await contents(source), { "one.json": '{"one":1}' });
});

test("a folder of archives stands for the archives too", async () => {
  const sources = await openSources(folder);
  assert.deepEqual(await Promise.all(sources.map(async (source) => (await source.list()).length)), [2, 2]);
});

test("a damaged archive is an error, not an empty source", async () => {
  const path = join(folder, "broken.tar.gz");
  await writeFile(path, gzipSync(Buffer.from("nothing here")).subarray(0, 20));
  await assert.rejects(contents(await openSource(path)), /unexpected end|incorrect|invalid/i);
});

test("what is no source is told so", async () => {
  await assert.rejects(openSource(join(folder, "missing")), /no such file or folder/);
  await assert.rejects(openSource(join(folder, "tree/tests/b/readme.md")), /not a fixture source/);
});
