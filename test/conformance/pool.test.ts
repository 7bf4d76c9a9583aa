// The pool of conformance workers: every test is reported once, whatever the workers do.

import assert from "node:assert/strict";
import { test } from "node:test";
import { runPool } from "./pool.ts";
import type { SourceFile } from "./source.ts";

async function* filesOf(contents: Record<string, string>): AsyncIterable<SourceFile> {
  for (const [path, text] of Object.entries(contents)) yield { path, bytes: new TextEncoder().encode(text) };
}

async function run(contents: Record<string, string>, workers: number, quota?: ReadonlyMap<string, number>) {
  const results: string[] = [];
  const unknown: string[] = [];
  await runPool(filesOf(contents), {
    workers,
    worker: new URL("./support/worker.ts", import.meta.url),
    settings: { forks: [], filter: undefined },
    timeout: 0.5,
    quota,
    onResult: ({ path, name, failure }) => results.push(`${path}:${name}:${failure ?? "ok"}`),
    onUnknown: (path) => unknown.push(path),
  });
  return { results: results.sort(), unknown };
}

test("runs every test of every file once", async () => {
  const { results, unknown } = await run({ one: "abf", two: "c", three: "" }, 2);
  assert.deepEqual(results, ["one:a:ok", "one:b:ok", "one:f:wrong", "two:c:ok"]);
  assert.deepEqual(unknown, ["three"]);
});

test("a worker that dies fails its test alone", async () => {
  const { results } = await run({ one: "adb", two: "c" }, 1);
  assert.deepEqual(results, ["one:a:ok", "one:b:ok", "one:d:the worker ended with code 3", "two:c:ok"]);
});

test("a worker that hangs fails its test alone", async () => {
  const { results } = await run({ one: "ahb", two: "c" }, 2);
  assert.deepEqual(results, ["one:a:ok", "one:b:ok", "one:h:not finished after 0.5 s", "two:c:ok"]);
});

test("a quota leaves files out and takes as many tests as it says", async () => {
  const { results } = await run({ one: "ab", two: "c", three: "xyz" }, 2, new Map([["three", 2]]));
  assert.deepEqual(results, ["three:x:ok", "three:y:ok"]);
});
