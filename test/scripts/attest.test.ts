// The attestors as a process and as a command line: reports in time, confirmations, signatures that are passed on, a restart,
// and a year's journey on which nothing goes stale.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { ModelSource } from "../../scripts/attest/model.ts";
import { stateOf } from "../../scripts/attest/oracle.ts";
import { travel } from "../../scripts/attest/travel.ts";
import { Service } from "./support/service.ts";
import { DAY, Stage } from "./support/stage.ts";

const ATTEST = "scripts/attest/main.ts";
const run = promisify(execFile);
const root = join(import.meta.dirname, "../..");

describe("attestors", () => {
  let stage: Stage;
  let snapshot: string;
  let running: Service[] = [];

  before(async () => {
    stage = await Stage.start();
    snapshot = await stage.connection.provider.send("evm_snapshot", []);
  });

  afterEach(async () => {
    await Promise.all(running.map((service) => service.end("SIGKILL")));
    running = [];
    const { provider } = stage.connection;
    await provider.send("evm_revert", [snapshot]);
    snapshot = await provider.send("evm_snapshot", []);
  });

  after(async () => {
    await stage?.stop();
  });

  function attest(...args: string[]): Service {
    const all = ["run", "--metrics-port", "0", "--interval", "0.1", ...args];
    const service = new Service(ATTEST, all, stage.env);
    running.push(service);
    return service;
  }

  async function command(args: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
    const all = [join(root, ATTEST), ...args];
    return (await run(process.execPath, all, { env: { ...stage.env, ...env } })).stdout;
  }

  const keys = () => stage.protocol.markets.map(({ key }) => key);
  const states = () => Promise.all(keys().map((key) => stateOf(stage.protocol, key)));

  it("report all at first, then each as often as its oracle needs, and after a restart what was missed", async () => {
    const first = attest();
    await first.ready();
    const before = await states();
    assert.deepEqual(
      before.map(({ status, nextRound, accepted }) => [status, nextRound, (accepted?.nav ?? 0n) > 0n]),
      before.map(() => ["fresh", 2, true]),
    );
    await stage.travel(25 * 3_600);
    await first.line(({ message }) => message === "reported" && first.of("reported").length > keys().length);
    assert.deepEqual(
      first
        .of("reported")
        .slice(keys().length)
        .map(({ market }) => market),
      ["treasury-bills"],
    );
    const metrics = await (await fetch(`${await first.statusUrl()}/metrics`)).text();
    assert.match(
      metrics,
      /polder_attestor_calls_total\{market="treasury-bills",call="report",outcome="mined"\} 2/,
    );
    assert.equal(await first.end(), 0);

    await stage.travel(9 * DAY);
    assert.equal((await stateOf(stage.protocol, "treasury-bills")).status, "expired");
    const second = attest();
    await second.ready();
    const reported = new Set(second.of("reported").map(({ market }) => market));
    const pending = new Set(second.of("reported beyond the bounds: pending").map(({ market }) => market));
    assert.deepEqual([...reported, ...pending].sort(), ["harvest", "trade-invoices", "treasury-bills"]);
    for (const { status, pending: waits } of await states()) {
      assert.deepEqual([status, waits], ["fresh", undefined]);
    }
    assert.equal(await second.end("SIGINT"), 0);
  });

  it("confirm beyond the bounds what their source says, and nothing else", async () => {
    const market = "treasury-bills";
    const file = join(stage.folder, "navs.json");
    const say = async (nav: string) =>
      writeFileSync(file, JSON.stringify({ [market]: { nav, date: await stage.now() } }));
    await say("100");
    const service = attest("--market", market, "--source", file);
    await service.ready();
    await stage.travel(DAY);
    await say("95.5");
    await service.line(({ message }) => message === "confirmed");
    assert.deepEqual((await stateOf(stage.protocol, market)).accepted?.nav, 95_50000000n);

    // Three attestors report a fall that the others' source knows nothing of.
    await stage.travel(DAY);
    await stage.report(market, 50_00000000n);
    const held = await service.line(
      ({ message, reason }) => message === "held" && /pending/.test(String(reason)),
    );
    assert.match(String(held.reason), /does not bear out: it says 9550000000/);
    const { accepted, pending } = await stateOf(stage.protocol, market);
    assert.deepEqual([accepted?.nav, pending?.nav], [95_50000000n, 50_00000000n]);
  });

  it("sign apart and are brought together, each one's key where it is", async () => {
    const keyOf = (index: number) => stage.wallet(1_000 + index).privateKey;
    const keysOf = (...indices: number[]) => ({ POLDER_ATTESTOR_KEYS: indices.map(keyOf).join(",") });
    const market = ["--market", "office-building"];
    const files = await Promise.all(
      [keysOf(0, 1), keysOf(2), keysOf(3)].map(async (keys, index) => {
        const args = ["report", ...market, "--nav", "30.12", "--date", "2020-01-01", "--sign-only"];
        const file = join(stage.folder, `${index}.json`);
        writeFileSync(file, await command(args, keys));
        return file;
      }),
    );
    const env = keysOf(4);
    await assert.rejects(
      command(["report", "--signatures", ...files.slice(1)], env),
      /TooFewSignatures\(2, 4\)/,
    );
    await assert.rejects(command(["report", ...market, "--nav", "30"], env), /1 of the 4 attestors' keys/);
    const other = join(stage.folder, "other.json");
    writeFileSync(other, await command(["report", ...market, "--nav", "31", "--sign-only"], env));
    await assert.rejects(command(["report", "--signatures", ...files, other], env), /signed another message/);
    await command(["report", "--signatures", ...files], env);
    assert.equal((await stateOf(stage.protocol, "office-building")).accepted?.nav, 30_12000000n);

    const signature = JSON.parse((await command(["ripcord", ...market, "--sign-only"], env)).trim());
    assert.deepEqual([signature.report.ripcord, signature.report.round], [true, 2]);
    await command(["ripcord", ...market]);
    assert.equal((await stateOf(stage.protocol, "office-building")).status, "ripcord");
    assert.match(await command(["status", ...market]), /office-building +ripcord/);
  });

  it("travel a year with fresh NAVs and regular checkpoints, the same for the same seed", async () => {
    const { protocol, connection } = stage;
    const attestors = await connection.signers("attestors");
    const journey = async (days: number, seed: number) => {
      const navs: string[] = [];
      await travel(connection, protocol, {
        seconds: days * DAY,
        step: 2 * DAY,
        source: new ModelSource(seed),
        attestors,
        sender: stage.wallet(9),
        onStep: async ({ reports }) => {
          for (const { market, what, nav, ok } of reports) {
            assert.ok(ok, `${what} of ${market}`);
            navs.push(`${market} ${what} ${nav}`);
          }
          const views = await protocol.lens.marketsOf(protocol.markets.map(({ market }) => market.target));
          for (const { nav } of views) assert.deepEqual([nav.status, nav.pendingNav], [0n, 0n]);
        },
      });
      return navs;
    };
    const began = await stage.now();
    const start = await connection.provider.getBlockNumber();
    const navs = await journey(365, 7);
    assert.ok((await stage.now()) >= began + 365 * DAY);
    const reportsOf = (market: string) => navs.filter((each) => each.startsWith(`${market} report`)).length;
    assert.deepEqual(
      keys().map((key) => Math.round(reportsOf(key) / 10)),
      [18, 5, 1, 5, 1],
    );
    assert.ok(
      navs.some((each) => / confirm /.test(each)),
      "some report of a year is beyond the bounds",
    );
    for (const { key, market } of protocol.markets) {
      const events = await market.queryFilter("Checkpoint", start, "latest");
      assert.ok(events.length >= 182, `${events.length} checkpoints of ${key}`);
    }
    const bills = (await stateOf(protocol, "treasury-bills")).accepted?.nav ?? 0n;
    assert.ok(bills > 104_00000000n && bills < 105_20000000n, `bills at ${bills}`);
  });

  it("value the same again with the same seed and time, and otherwise with another", async () => {
    const at = 1_790_000_000;
    const path = async (seed: number, market: string) => {
      const model = new ModelSource(seed);
      const navs: bigint[] = [];
      let last = await model.valuationOf(market, at, undefined, 8);
      for (let week = 1; week <= 52; week++) {
        last = await model.valuationOf(market, at + week * 7 * DAY, last, 8);
        navs.push(last.nav);
      }
      return navs;
    };
    for (const market of keys()) {
      assert.deepEqual(await path(3, market), await path(3, market));
      assert.notDeepEqual(await path(3, market), await path(4, market));
    }
    // Bills keep within a few basis points of their yield; wheat does not.
    const yields = async (market: string) => {
      const navs = (await path(3, market)).map(Number);
      const weekly = navs.slice(1).map((nav, i) => Math.log(nav / (navs[i] ?? 1)));
      const mean = weekly.reduce((sum, each) => sum + each, 0) / weekly.length;
      return {
        mean: mean * 52,
        deviation: Math.sqrt(weekly.reduce((sum, each) => sum + (each - mean) ** 2, 0) / 51),
      };
    };
    const bills = await yields("treasury-bills");
    assert.ok(Math.abs(bills.mean - 0.045) < 0.001 && bills.deviation < 0.0003, JSON.stringify(bills));
    const wheat = await yields("harvest");
    assert.ok(wheat.deviation > 0.008 && wheat.deviation < 0.025, JSON.stringify(wheat));
  });

  it("beat for a development chain's dollar feed, whatever it was told", async () => {
    const { dollarFeed } = stage.protocol;
    const now = await stage.now();
    await (await dollarFeed.connect(stage.wallet(9)).getFunction("say")(99_000000n, now)).wait();
    await stage.travel(22 * 3_600);
    const service = attest("--market", "treasury-bills");
    await service.line(({ message }) => message === "the dollar feed beats");
    const [, answer, , updatedAt] = await dollarFeed.latestRoundData();
    assert.equal(answer, 99_000000n);
    assert.ok(Number(updatedAt) >= now + 22 * 3_600);
  });
});
