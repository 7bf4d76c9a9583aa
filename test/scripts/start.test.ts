// npm start: the chain stays up after the demo, with the market on it, and goes when it is told to.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";

const script = join(import.meta.dirname, "../../scripts/start.ts");

async function ask(url: string, method: string, ...params: unknown[]): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { result: string }).result;
}

test("start tells the story, leaves chain and market up and ends on SIGTERM", async () => {
  const folder = mkdtempSync(join(tmpdir(), "polder-start-"));
  const child = spawn(process.execPath, [script, "--port", "0", "--borrowers", "12", "--workers", "2"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, POLDER_DEPLOYMENTS: folder },
  });
  try {
    let printed = "";
    for await (const text of child.stdout.setEncoding("utf8")) {
      printed += text;
      if (printed.includes("Ctrl-C stops the chain")) break;
    }
    assert.match(printed, /12 people borrow in one block/);
    const url = /RPC\s+(http:\S+)/.exec(printed)?.[1];
    assert.ok(url !== undefined, printed);

    assert.match(await ask(url, "web3_clientVersion"), /^hardhat\/polder\//);
    const record = JSON.parse(readFileSync(join(folder, "31337.json"), "utf8"));
    assert.ok((await ask(url, "eth_getCode", record.markets[0].market, "latest")).length > 1_000);

    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
    await assert.rejects(fetch(url), "the chain outlived its start");
  } finally {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

test("start says what is wrong with an option and runs nothing", () => {
  const unknown = spawnSync(process.execPath, [script, "--prot", "1"], { encoding: "utf8" });
  assert.equal(unknown.status, 2);
  assert.match(unknown.stderr, /--prot.*--help/s);
  const bad = spawnSync(process.execPath, [script, "--workers", "none"], { encoding: "utf8" });
  assert.equal(bad.status, 2);
  assert.match(bad.stderr, /--workers should be/);
});
