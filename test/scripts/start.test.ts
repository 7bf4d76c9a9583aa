// npm start: what is wrong is said before anything runs; what runs is kept, taken up again, and goes when it is told to.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "node:test";

const script = join(import.meta.dirname, "../../scripts/start/main.ts");
const folder = mkdtempSync(join(tmpdir(), "polder-start-"));
const environment = { ...process.env, POLDER_DEPLOYMENTS: join(folder, "deployments") };
const CHAIN = [
  "--only",
  "chain",
  "--data-dir",
  join(folder, "stack"),
  "--no-seed",
  "--port",
  "0",
  "--workers",
  "2",
];

type Entry = { service: string; level: string; message: string; url?: string };

async function ask(url: string, method: string, ...params: unknown[]): Promise<string> {
  const response = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
  });
  return ((await response.json()) as { result: string }).result;
}

/** Starts and waits for the line that says that all is up. */
async function start(...args: string[]): Promise<{ child: ChildProcess; url: string; said: Entry[] }> {
  const child = spawn(process.execPath, [script, ...args, "--log-format", "json"], {
    stdio: ["ignore", "pipe", "inherit"],
    env: environment,
  });
  let text = "";
  const lines = (): Entry[] =>
    text
      .split("\n")
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  for await (const more of child.stdout.setEncoding("utf8")) {
    text += more;
    if (text.includes("everything is up")) break;
  }
  const said = lines();
  const up = said.find(({ message }) => message === "everything is up");
  assert.ok(up?.url, `it did not come up:\n${text}`);
  return { child, url: up.url, said };
}

async function stop(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  child.kill(signal);
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
}

describe("npm start", () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("deploys once, keeps the chain, and goes on with it", async () => {
    const first = await start(...CHAIN);
    const record = JSON.parse(readFileSync(join(folder, "deployments/31337.json"), "utf8"));
    assert.ok((await ask(first.url, "eth_getCode", record.markets[0].market, "latest")).length > 1_000);
    assert.ok(record.governance, "the protocol is not governed by votes");
    const head = await ask(first.url, "eth_blockNumber");
    await stop(first.child, "SIGTERM");
    await assert.rejects(fetch(first.url), "the chain outlived its start");

    // Somebody deploys to another chain of the same id meanwhile.
    writeFileSync(join(folder, "deployments/31337.json"), JSON.stringify({ ...record, genesisHash: "0x00" }));
    const second = await start(...CHAIN);
    assert.equal(await ask(second.url, "eth_blockNumber"), head);
    assert.ok(!second.said.some(({ service }) => service === "deploy"), "it was deployed twice");
    const restored = JSON.parse(readFileSync(join(folder, "deployments/31337.json"), "utf8"));
    assert.deepEqual(restored, record);
    await stop(second.child, "SIGINT");
  });

  it("begins anew where the last start was interrupted, and where it is told to", async () => {
    rmSync(join(folder, "stack/stack.json"));
    const again = await start(...CHAIN);
    assert.ok(again.said.some(({ message }) => message.includes("interrupted")));
    await stop(again.child, "SIGTERM");
    const reset = await start(...CHAIN, "--reset");
    assert.ok(reset.said.some(({ service }) => service === "deploy"));
    await stop(reset.child, "SIGTERM");
  });

  it("says in words who has a port already", async () => {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    const { port } = listener.address() as { port: number };
    const refused = spawnSync(process.execPath, [script, "--port", String(port)], { encoding: "utf8" });
    listener.close();
    assert.equal(refused.status, 2);
    assert.match(refused.stderr, new RegExp(`at ${port}.*--port`));
  });

  it("says what is wrong with an option and runs nothing", () => {
    for (const [args, words] of [
      [["--prot", "1"], /--prot.*--help/s],
      [["--only", "chain,indx"], /indx.*choose from chain, index/s],
      [["--port", "lots"], /--port takes a whole number/],
      [["--in-memory", "--reset"], /--in-memory keeps nothing/],
      [["--only", "index", "--port", "1"], /no chain answers at 1/],
    ] as const) {
      const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8" });
      assert.equal(status, 2, stderr);
      assert.match(stderr, words);
    }
  });

  it("fails with the chain's own words where that does not start", () => {
    const args = [script, "--only", "chain", "--in-memory", "--port", "0", "--workers", "none"];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8", env: environment });
    assert.equal(status, 1);
    assert.match(stdout, /--workers should be/);
  });
});
