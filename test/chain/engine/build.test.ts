// The engine's build: the tracing switch, and the refusal of what a module that shares its memory must not contain.

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { after, before, describe, it } from "node:test";
import { compile } from "../../../chain/engine/build.mjs";
import { STATIC_BASE, STATIC_END, STATIC_TRACE_BASE } from "../../../chain/engine/layout.ts";
import { instantiate } from "./support/instantiate.ts";

const config = join(import.meta.dirname, "../../../chain/engine/config");
const reserving = (bytes: number) =>
  `const TABLE = memory.data(${bytes}); export function run(): usize { return TABLE; }`;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), "polder-build-"));
});
after(() => rmSync(folder, { recursive: true }));

/** Compiles `source` as an entry and returns the module's path. */
async function build(name: string, source: string, trace = false): Promise<string> {
  const entry = join(folder, `${name}.ts`);
  const output = join(folder, `${name}${trace ? ".trace" : ""}.wasm`);
  writeFileSync(entry, source);
  await compile({ entry, output, trace });
  return output;
}

describe("the engine's build", () => {
  it("compiles tracing away from the one copy and into the other", async () => {
    const source = `import { TRACING } from "${relative(folder, config)}";
      @external("env", "traced") declare function traced(): void;
      export function run(): void { if (TRACING) traced(); }`;
    const plain = readFileSync(await build("switch", source), "latin1");
    const tracing = readFileSync(await build("switch", source, true), "latin1");
    assert.equal(plain.includes("traced"), false);
    assert.equal(tracing.includes("traced"), true);
  });

  it("refuses an allocator, a throw, too much static data and what does not compile", async () => {
    const allocates = "export function run(n: i32): usize { return changetype<usize>(new Uint8Array(n)); }";
    await assert.rejects(build("allocates", allocates), /links the allocator/);
    const concatenates = "export function run(n: i32): i32 { return n.toString().length; }";
    await assert.rejects(build("strings", concatenates), /links the allocator/);
    const throws = 'export function run(n: i32): void { if (n > 0) throw new Error("no"); }';
    await assert.rejects(build("throws", throws), /imports abort/);
    await assert.rejects(build("reserves", reserving(140_000)), /static data reaches 1\d{5}, beyond 131072/);
    await assert.rejects(
      build("broken", "export function run(): void { missing(); }"),
      /Cannot find name 'missing'/,
    );
  });

  it("keeps the static data of the two copies apart", async () => {
    for (const [trace, start] of [
      [false, STATIC_BASE],
      [true, STATIC_TRACE_BASE],
    ] as const) {
      const { functions } = await instantiate(await build("apart", reserving(64), trace), STATIC_END / 65536);
      assert.equal(functions.run!(), start);
    }
  });

  it("compiles again when a source is as new as the module, and only then", async () => {
    mkdirSync(join(folder, "fresh"));
    const entry = join(folder, "fresh/entry.ts");
    const output = join(folder, "fresh/module.wasm");
    writeFileSync(entry, "export function run(): void {}");
    const past = new Date(Date.now() - 5000);
    utimesSync(entry, past, past);
    assert.equal(await compile({ entry, output }), true);
    const built = statSync(output).mtimeMs;
    assert.equal(await compile({ entry, output }), false);
    assert.equal(statSync(output).mtimeMs, built);
    writeFileSync(entry, "export function run(): void {}");
    assert.equal(await compile({ entry, output }), true);
  });
});
