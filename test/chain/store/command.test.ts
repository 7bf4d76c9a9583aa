// polder node --data-dir as a process: what it says of the chain it takes up, what it refuses, and its end when the disk is
// full.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { appendFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { describe, it } from "node:test";
import { fileURLToPath } from "node:url";
import { startNode } from "../rpc/harness.ts";
import { SENDERS } from "./operations.ts";
import { temporaryDirectory } from "./support.ts";

const BIN = fileURLToPath(new URL("../../../chain/bin/polder.mjs", import.meta.url));
const run = (...args: string[]) =>
  spawnSync(process.execPath, [BIN, "node", "--port", "0", ...args], { encoding: "utf8", timeout: 20_000 });
const transfer = { from: SENDERS[0], to: SENDERS[1], value: "0x1", gas: "0x5208" };

function entry(lines: readonly string[], message: RegExp): Record<string, unknown> | undefined {
  return lines
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .find((line) => message.test(String(line.message)));
}

describe("polder node --data-dir", () => {
  it("takes the chain up again, and says where it stands and what was cut off", async (context) => {
    const directory = join(temporaryDirectory(context), "made", "for this");
    const first = await startNode("--data-dir", directory, "--chain-id", "4242");
    const hash = await first.rpc("eth_sendTransaction", transfer);
    assert.equal(entry(first.lines, /^listening/)?.restoredBlocks, "0");
    assert.equal(entry(first.lines, /^listening/)?.dataDir, directory);
    const taken = run("--data-dir", directory);
    assert.equal(taken.status, 1);
    assert.match(
      taken.stderr,
      new RegExp(`^polder: .* is in use by process ${first.process.pid}; stop that one`),
    );
    assert.equal(await first.stop(), 0);

    appendFileSync(join(directory, "chain.log"), "half a frame");
    const second = await startNode("--data-dir", directory);
    try {
      assert.equal(await second.rpc("eth_chainId"), "0x1092");
      assert.equal((await second.rpc("eth_getTransactionReceipt", hash)).status, "0x1");
      assert.equal(entry(second.lines, /^listening/)?.restoredBlocks, "1");
      const warning = entry(second.lines, /damaged and has been cut off/);
      assert.deepEqual([warning?.level, warning?.bytes], ["warn", 12]);
    } finally {
      await second.stop();
    }
  });

  it("shows it in the banner", async (context) => {
    const directory = temporaryDirectory(context);
    const child = spawn(process.execPath, [
      BIN,
      "node",
      "--port",
      "0",
      "--workers",
      "1",
      "--data-dir",
      directory,
    ]);
    context.after(() => child.kill("SIGKILL"));
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line);
      if (line.startsWith("Listening")) child.kill("SIGTERM");
    }
    assert.ok(lines.includes(`  Chain kept in     ${directory} (at its genesis)`), lines.join("\n"));
  });

  it("names what is wrong with what it is given", (context) => {
    const directory = temporaryDirectory(context);
    writeFileSync(join(directory, "file"), "");
    const cases: [string[], number, RegExp][] = [
      [["--data-dir", ""], 2, /--data-dir should be a path such as/],
      [["--data-dir", join(directory, "file")], 1, /file is not a directory; name one/],
      [["--data-dir", join(directory, "file", "x")], 1, /is not a directory; name one/],
    ];
    for (const [args, status, words] of cases) {
      const ended = run(...args);
      assert.equal(ended.status, status, ended.stderr);
      assert.match(ended.stderr, words);
    }
    writeFileSync(join(directory, "chain.log"), "my diary, a text of some length");
    assert.match(run("--data-dir", directory).stderr, /chain\.log is no log of a Polder chain/);
  });

  it("ends in words when the disk is full, and has kept all that it answered", async (context) => {
    const directory = temporaryDirectory(context);
    // A limit on the size of files stands for a full disk; bash counts in KiB, and leaves the signal that comes with it.
    const command = `trap '' XFSZ; ulimit -f 20; exec "$0" "$@"`;
    const args = [BIN, "node", "--port", "0", "--log-format", "json", "--data-dir", directory];
    const child = spawn("bash", ["-c", command, process.execPath, ...args], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    context.after(() => child.kill("SIGKILL"));
    const lines: string[] = [];
    const errors: string[] = [];
    createInterface({ input: child.stderr }).on("line", (line) => errors.push(line));
    const url = await new Promise<string>((resolve) => {
      createInterface({ input: child.stdout }).on("line", (line) => {
        lines.push(line);
        const { message, url } = JSON.parse(line) as { message: string; url: string };
        if (message === "listening") resolve(url);
      });
    });
    const ended = once(child, "exit");
    const answered: string[] = [];
    const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "eth_sendTransaction", params: [transfer] });
    for (;;) {
      const headers = { "content-type": "application/json" };
      const response = await fetch(url, { method: "POST", headers, body }).catch(() => null);
      const answer = response && ((await response.json().catch(() => null)) as { result?: string } | null);
      if (!answer?.result) break;
      answered.push(answer.result);
      assert.ok(answered.length < 1_000, "the limit has no effect");
    }
    assert.deepEqual(await ended, [1, null]);
    const last = entry(lines, /the chain thread ended by itself/);
    assert.match(
      String(last?.message),
      /chain\.log can't grow \(EFBIG\): .*make room and start again/,
      errors.join("\n"),
    );
    assert.ok(answered.length > 5, `${answered.length} answers`);

    const again = await startNode("--data-dir", directory);
    try {
      for (const hash of answered)
        assert.equal((await again.rpc("eth_getTransactionReceipt", hash))?.status, "0x1");
      await again.rpc("eth_sendTransaction", transfer);
    } finally {
      await again.stop();
    }
  });
});
