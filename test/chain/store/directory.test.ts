// A data directory: made where it is missing, held by one process, refused in words.

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { DataDirectory } from "../../../chain/src/store/directory.ts";
import { collect, temporaryDirectory } from "./support.ts";

const MODULE = new URL("../../../chain/src/store/directory.ts", import.meta.url).href;

describe("data directory", () => {
  it("is made with all above it, and opens again", async (context) => {
    const path = join(temporaryDirectory(context), "a", "b");
    const data = await DataDirectory.open(path);
    data.log.append({ kind: 1, body: Uint8Array.of(5) });
    await data.close();
    const again = await DataDirectory.open(path);
    assert.equal((await collect(again.log.records())).length, 1);
    await again.close();
  });

  it("is held by one at a time, also within a process", async (context) => {
    const path = temporaryDirectory(context);
    const first = await DataDirectory.open(path);
    const refusal = new RegExp(`${path} is in use by process ${process.pid}; stop that one, or name another`);
    await assert.rejects(DataDirectory.open(path), refusal);
    await assert.rejects(DataDirectory.open(path), refusal);
    await first.close();
    await (await DataDirectory.open(path)).close();
    assert.equal(existsSync(join(path, "pid")), false);
  });

  it("is let go by a process that is killed", async (context) => {
    const path = temporaryDirectory(context);
    const code = `const { DataDirectory } = await import(${JSON.stringify(MODULE)});
      await DataDirectory.open(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", code], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    context.after(() => child.kill("SIGKILL"));
    await once(child.stdout, "data");
    await assert.rejects(DataDirectory.open(path), new RegExp(`in use by process ${child.pid};`));
    child.kill("SIGKILL");
    await once(child, "exit");
    await (await DataDirectory.open(path)).close();
  });

  it("says what is wrong with a path", async (context) => {
    const path = temporaryDirectory(context);
    writeFileSync(join(path, "file"), "");
    await assert.rejects(DataDirectory.open(join(path, "file")), /file is not a directory; name one/);
    await assert.rejects(DataDirectory.open(join(path, "file", "below")), /is not a directory; name one/);
    mkdirSync(join(path, "taken", "chain.log"), { recursive: true });
    await assert.rejects(
      DataDirectory.open(join(path, "taken")),
      /chain\.log is a directory where a file should be/,
    );
    // The lock was let go.
    await assert.rejects(DataDirectory.open(join(path, "taken")), /chain\.log is a directory/);
  });

  it("says so where it may not write", {
    skip: process.getuid?.() === 0 && "root may write everywhere",
  }, async (context) => {
    const path = temporaryDirectory(context);
    mkdirSync(join(path, "closed"));
    chmodSync(join(path, "closed"), 0o555);
    await assert.rejects(
      DataDirectory.open(join(path, "closed")),
      /closed can't be locked: .*give this user access/,
    );
    await assert.rejects(DataDirectory.open(join(path, "closed", "in")), /can't be written \(EACCES\)/);
  });
});
