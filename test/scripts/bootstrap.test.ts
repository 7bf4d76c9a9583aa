// The bootstrap on a small repository of its own, without network: it installs what the lock file names, once; builds
// what is stale; and becomes the command it was given.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, describe, it } from "node:test";
import { fileURLToPath } from "node:url";

const SCRIPT = fileURLToPath(new URL("../../scripts/bootstrap.mjs", import.meta.url));
const root = mkdtempSync(join(tmpdir(), "polder-bootstrap-"));
const bootstrap = join(root, "scripts", "bootstrap.mjs");

function write(path: string, content: unknown): void {
  const file = join(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
}

/** A lock file whose one package lies in the repository itself, so that npm needs no registry. */
function writePackages(name: string, version: string): void {
  write("package.json", { name: "small", private: true, dependencies: { [name]: `file:${name}` } });
  write(`${name}/package.json`, { name, version, bin: { hello: "hello.js" } });
  write(`${name}/hello.js`, "#!/usr/bin/env node\nconsole.log('hello', ...process.argv.slice(2));\n");
  write("package-lock.json", {
    name: "small",
    lockfileVersion: 3,
    requires: true,
    packages: {
      "": { name: "small", dependencies: { [name]: `file:${name}` } },
      [name]: { version, bin: { hello: "hello.js" } },
      [`node_modules/${name}`]: { resolved: name, link: true },
    },
  });
}

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [bootstrap, ...args], {
    cwd: tmpdir(),
    encoding: "utf8",
    timeout: 60_000,
  });
  return { status, stdout, stderr };
}

before(() => {
  mkdirSync(join(root, "scripts"));
  cpSync(SCRIPT, bootstrap);
  writePackages("greeter", "1.0.0");
  write("show.mjs", "console.log(JSON.stringify([process.cwd(), process.argv.slice(2)]));");
});
after(() => rmSync(root, { recursive: true, force: true }));

describe("bootstrap", () => {
  it("installs first, says so, and runs the script in the repository", () => {
    const { status, stdout, stderr } = run("show.mjs", "a", "--b");
    assert.equal(status, 0, stderr);
    assert.match(stderr, /installing the packages .*done/s);
    const [folder, args] = JSON.parse(stdout) as [string, string[]];
    assert.equal(folder.endsWith(root.split("/").at(-1)!), true);
    assert.deepEqual(args, ["a", "--b"]);
  });

  it("does nothing the second time", () => {
    const { stdout, stderr } = run("show.mjs");
    assert.equal(stderr, "");
    assert.match(stdout, /bootstrap/);
  });

  it("takes packages that somebody else installed", () => {
    rmSync(join(root, ".polder"), { recursive: true });
    assert.equal(run("show.mjs").stderr, "");
  });

  it("installs again when the lock file names other packages", () => {
    writePackages("stranger", "2.0.0");
    assert.match(run("show.mjs").stderr, /installing the packages/);
    assert.equal(run("show.mjs").stderr, "");
  });

  it("installs once when two begin together, and gets past the lock of a dead process", async () => {
    rmSync(join(root, "node_modules"), { recursive: true });
    write(".polder/lock", "999999999");
    const both = await Promise.all(
      [0, 1].map(async () => {
        const child = spawn(process.execPath, [bootstrap, "show.mjs"], {
          stdio: ["ignore", "ignore", "pipe"],
        });
        let words = "";
        child.stderr.on("data", (text) => {
          words += text;
        });
        return [await new Promise((resolve) => child.once("close", resolve)), words] as const;
      }),
    );
    assert.deepEqual(
      both.map(([code]) => code),
      [0, 0],
    );
    assert.equal(both.filter(([, words]) => words.includes("installing the packages")).length, 1);
    assert.throws(() => readFileSync(join(root, ".polder/lock")), "the lock was left");
  });

  it("runs commands of node_modules/.bin and passes arguments to Node", () => {
    assert.equal(run("hello", "dijk").stdout, "hello dijk\n");
    assert.equal(run("-e", "process.exit(7)").status, 7);
  });

  it("builds the engine when a source is newer, and not otherwise", () => {
    write("chain/engine/source.ts", "");
    write(
      "chain/engine/build.mjs",
      "import { mkdirSync, writeFileSync } from 'node:fs';\n" +
        "const folder = new URL('build/', import.meta.url);\n" +
        "mkdirSync(folder, { recursive: true });\nwriteFileSync(new URL('engine.wasm', folder), '');\n",
    );
    assert.match(run("show.mjs").stderr, /building the engine: done/);
    assert.equal(run("show.mjs").stderr, "");
    const later = new Date(Date.now() + 10_000);
    utimesSync(join(root, "chain/engine/source.ts"), later, later);
    assert.match(run("show.mjs").stderr, /building the engine/);
  });

  it("names what is wrong in one line and fails", () => {
    rmSync(join(root, "chain"), { recursive: true });
    for (const [args, words] of [
      [[], /usage: node scripts\/bootstrap\.mjs/],
      [["nothing"], /no command nothing in node_modules\/\.bin/],
      [["missing.ts"], /missing\.ts does not exist/],
    ] as const) {
      const { status, stderr } = run(...args);
      assert.equal(status, 1);
      assert.match(stderr, words);
      assert.equal(stderr.trim().split("\n").length, 1);
    }
    write("chain/engine/build.mjs", "process.exit(3);");
    const { status, stderr } = run("show.mjs");
    assert.equal(status, 1);
    assert.match(stderr, /building the engine failed \(exit code 3\)/);
    rmSync(join(root, "chain"), { recursive: true });
  });

  it("passes SIGTERM on and ends as the script did", async () => {
    write(
      "wait.mjs",
      "process.on('SIGTERM', () => process.exit(5)); setInterval(() => {}, 1000); console.log('up');",
    );
    const child = spawn(process.execPath, [bootstrap, "wait.mjs"], { stdio: ["ignore", "pipe", "inherit"] });
    await new Promise((resolve) => child.stdout.once("data", resolve));
    child.kill("SIGTERM");
    assert.equal(await new Promise((resolve) => child.once("exit", resolve)), 5);
  });
});
