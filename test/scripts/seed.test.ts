// The seed plays ninety days on a chain of its own, up to the present.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { marketOf } from "../../contracts/deployment/protocol.ts";
import { connect } from "../../scripts/lib/connection.ts";
import { deployStandard } from "../../scripts/lib/deployment.ts";
import { Play } from "../../scripts/seed/play.ts";
import { DAY, World } from "../../scripts/seed/world.ts";
import { startDevchain } from "../run/devchain.ts";

const DAYS = 90;

describe("the seed", () => {
  const deployments = mkdtempSync(join(tmpdir(), "polder-seed-"));
  let chain: Awaited<ReturnType<typeof startDevchain>>;
  let world: World;
  const days: number[] = [];

  before(async () => {
    process.env.POLDER_DEPLOYMENTS = deployments;
    const born = Math.floor(Date.now() / 1_000) - DAYS * DAY;
    chain = await startDevchain(["--timestamp", String(born - 60)]);
    const connection = await connect(chain.url);
    const { record } = await deployStandard(connection, { handOver: true });
    world = new World(connection, record);
    const play = await Play.create(world, { seed: 1, days: DAYS });
    await play.run(({ day }) => days.push(day));
  });
  after(async () => {
    world?.connection.provider.destroy();
    await chain?.stop();
    delete process.env.POLDER_DEPLOYMENTS;
    rmSync(deployments, { recursive: true });
  });

  it("ends now, and the chain's clock goes on from there", async () => {
    const latest = await world.connection.provider.getBlock("latest");
    const behind = Date.now() / 1_000 - (latest?.timestamp ?? 0);
    assert.ok(behind < 60, `the last block is ${behind} s old`);
    await world.connection.provider.send("evm_mine", []);
    const next = await world.connection.provider.getBlock("latest");
    assert.ok(Math.abs(Date.now() / 1_000 - (next?.timestamp ?? 0)) < 5);
  });

  it("goes through all days in their order", () => {
    assert.deepEqual(
      days,
      days.toSorted((a, b) => a - b),
    );
    assert.equal(new Set(days).size, DAYS);
  });

  it("leaves every market alive: a fresh NAV, loans, a rate that moved, lenders where there is a pool", async () => {
    const { protocol } = world;
    for (const { key, kind, market } of protocol.markets) {
      const view = await protocol.lens.marketOf(market.target);
      assert.equal(Number(view.nav.status), 0, `${key}: the NAV is not fresh`);
      assert.ok(view.totalDebt > 0n, `${key}: nobody owes`);
      if (kind === "pool") assert.ok(view.utilisation > 2n * 10n ** 17n, `${key}: hardly lent`);
      const checkpoints = await market.queryFilter("Checkpoint", 0);
      assert.ok(checkpoints.length >= DAYS - 1, `${key}: ${checkpoints.length} checkpoints`);
    }
  });

  it("lends fifty dollars to somebody", async () => {
    const { market } = marketOf(world.protocol, "treasury-bills");
    const loans = await market.queryFilter("Borrowed", 0);
    const fifty = loans.filter((event) => "args" in event && event.args.assets === 50n * 10n ** 18n);
    assert.ok(fifty.length > 0);
  });

  it("tells of a liquidation and an auction after the hail", async () => {
    const { market, oracle } = marketOf(world.protocol, "harvest");
    assert.ok((await market.queryFilter("Liquidated", 0)).length >= 2);
    assert.equal((await market.queryFilter("Marked", 0)).length, 1);
    assert.equal((await oracle.queryFilter("NavPending", 0)).length, 1);
  });

  it("leaves votes that took effect, one that failed, one that is open", async () => {
    const { governor } = world.governance;
    const created = await governor.queryFilter("ProposalCreated", 0);
    const states = await Promise.all(
      created.map(async (event) =>
        "args" in event ? Number(await governor.state(event.args.proposalId)) : -1,
      ),
    );
    assert.deepEqual(states, [7, 3, 7, 1]); // executed, defeated, executed, active
  });

  it("lets hardly a transaction fail", () => {
    assert.ok(world.failed * 100 <= world.transactions, `${world.failed} of ${world.transactions}`);
  });
});
