// The keeper as a process on a devchain that mines on a clock: many positions at once, killed, divided, cut off, told to stop.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import { Service } from "./support/service.ts";
import { DAY, Stage } from "./support/stage.ts";
import { Wire } from "./support/wire.ts";

const POSITIONS = 60;
const KEEPER = "scripts/keeper/main.ts";

describe("keeper", () => {
  let stage: Stage;
  let snapshot: string;
  let fixed: { owner: string; termsId: number };
  let running: Service[] = [];

  before(async () => {
    stage = await Stage.start();
    await stage.equipKeepers();
    const { owner, termsId } = await stage.borrowFixed();
    fixed = { owner: owner.address, termsId };
    await stage.borrow(POSITIONS);
    await stage.travel(6 * DAY);
    await stage.report("treasury-bills", 90_00000000n); // 10% down: pending
    await stage.report("trade-invoices", 8_80000000n); // 12% down: pending
    snapshot = await stage.connection.provider.send("evm_snapshot", []);
  });

  beforeEach(() => {
    running = [];
  });

  afterEach(async () => {
    await Promise.all(running.map((keeper) => keeper.end("SIGKILL")));
    const { provider } = stage.connection;
    await stage.mineEvery(0);
    assert.equal(await provider.send("evm_revert", [snapshot]), true);
    snapshot = await provider.send("evm_snapshot", []);
  });

  after(async () => {
    await stage?.stop();
  });

  /** Its journals, so that no test finds those of another. */
  const stateDir = () => mkdtempSync(join(stage.folder, "keeper-"));

  function keep(state: string, args: string[] = [], env: NodeJS.ProcessEnv = {}): Service {
    const all = ["run", "--metrics-port", "0", "--state-dir", state, ...args];
    const keeper = new Service(KEEPER, all, { ...stage.env, ...env });
    running.push(keeper);
    return keeper;
  }

  /** Who was liquidated since block `from`, by how many transactions, and who sent those. */
  async function liquidated(from: number) {
    const markets = [stage.market(), stage.market("trade-invoices")];
    const events = await Promise.all(
      markets.map(({ market }) => market.queryFilter("Liquidated", from, "latest")),
    );
    return events.flat().map((event) => {
      if (!("args" in event)) throw new Error("the event does not decode");
      return { owner: String(event.args.owner), by: String(event.args.liquidator), block: event.blockNumber };
    });
  }

  async function untilLiquidated(count: number, from: number) {
    const until = Date.now() + 40_000;
    for (;;) {
      const found = await liquidated(from);
      if (found.length >= count) return found;
      assert.ok(Date.now() < until, `${found.length} of ${count} liquidated`);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }

  /** Every transaction of the keepers from block `from` on has passed. */
  async function assertNoneReverted(from: number): Promise<void> {
    const { provider } = stage.connection;
    const keepers = new Set(stage.keepers.map(({ address }) => address.toLowerCase()));
    for (let number = from; number <= (await provider.getBlockNumber()); number++) {
      const receipts = await provider.send("eth_getBlockReceipts", [`0x${number.toString(16)}`]);
      for (const { status, from: sender, transactionHash } of receipts) {
        if (keepers.has(sender)) assert.equal(status, "0x1", `${transactionHash} of ${sender} failed`);
      }
    }
  }

  async function confirmBoth(): Promise<number> {
    const hashes = [await stage.confirm("trade-invoices"), await stage.confirm()];
    const receipts = await Promise.all(
      hashes.map((hash) => stage.connection.provider.waitForTransaction(hash)),
    );
    return Math.max(...receipts.map((receipt) => receipt?.blockNumber ?? 0));
  }

  it("liquidates all within three blocks of two seconds, fixed terms too, and tells what it did", async () => {
    await stage.mineEvery(2_000);
    const keeper = keep(stateDir());
    assert.deepEqual(await keeper.ready(), { ready: true });
    const block = await confirmBoth();
    const found = await untilLiquidated(POSITIONS + 1, block);
    assert.ok(Math.max(...found.map((each) => each.block)) <= block + 3);
    assert.equal(new Set(found.map(({ owner }) => owner)).size, POSITIONS + 1);
    assert.equal(new Set(found.map(({ by }) => by)).size, 8);

    await keeper.line(() => keeper.of("mined").filter(({ job }) => job === "liquidate").length > POSITIONS);
    const decided = keeper.of("decision").find(({ owner }) => owner === fixed.owner);
    assert.deepEqual([decided?.action, decided?.termsId], ["liquidate", fixed.termsId]);
    assert.match(String(decided?.reason), /^earns \$\d/);
    const url = `${await keeper.statusUrl()}/metrics`;
    let metrics = "";
    const value = (name: string) =>
      Number(new RegExp(`^polder_keeper_${name} (\\S+)$`, "m").exec(metrics)?.[1]);
    const earned = 'profit_dollars_total{market="treasury-bills"}';
    for (const until = Date.now() + 5_000; !(value(earned) > 100 * POSITIONS) && Date.now() < until; ) {
      metrics = await (await fetch(url)).text();
    }
    assert.ok(value(earned) > 100 * POSITIONS, `${value(earned)} dollars earned`);
    assert.equal(value('liquidations_total{market="treasury-bills"}'), POSITIONS);
    assert.equal(value('liquidations_total{market="trade-invoices"}'), 1);
    assert.ok(value("head_block") >= block);
    assert.equal(value("pending_transactions"), 0);
    assert.match(metrics, /signer_balance\{signer="0x[0-9a-fA-F]{40}",token="pUSD"\} \d/);
    assert.equal(await keeper.end(), 0);
    await assertNoneReverted(block);
  });

  it("killed in the middle and started again, takes up what it had sent and sends nothing twice", async () => {
    await stage.mineEvery(500);
    const state = stateDir();
    const { provider } = stage.connection;
    const first = keep(state, ["--stuck-after", "100"]);
    await first.ready();
    const block = await confirmBoth();
    // Nothing is mined from here on: all that it sends is under way when it dies.
    await provider.send("evm_setIntervalMining", [0]);
    const sales = (keeper: Service) => keeper.of("sent").filter(({ job }) => job === "liquidate");
    await first.line(() => sales(first).length >= 20);
    await first.end("SIGKILL");
    const second = keep(state, ["--stuck-after", "100"]);
    const started = await second.line(({ message }) => message === "keeper");
    assert.ok(Number(started.pending) >= sales(first).length);
    await second.ready(); // it has looked at every position once
    await provider.send("evm_setIntervalMining", [500]);
    const found = await untilLiquidated(POSITIONS + 1, block);
    assert.equal(new Set(found.map(({ owner }) => owner)).size, POSITIONS + 1);
    await second.ready();
    assert.equal(await second.end(), 0);
    assert.equal((await liquidated(block)).length, POSITIONS + 1);
    const twice = new Set(sales(first).map(({ owner }) => owner));
    assert.deepEqual(
      sales(second).filter(({ owner }) => twice.has(owner)),
      [],
    );
    await assertNoneReverted(block);
  });

  it("divides positions and signers between two shards", async () => {
    await stage.mineEvery(500);
    const [one, two] = [keep(stateDir(), ["--shard", "1/2"]), keep(stateDir(), ["--shard", "2/2"])];
    await Promise.all([one.ready(), two.ready()]);
    const block = await confirmBoth();
    await untilLiquidated(POSITIONS + 1, block);
    assert.deepEqual(await Promise.all([one.end(), two.end()]), [0, 0]);
    const about = (keeper: Service, field: string) =>
      new Set([...keeper.of("decision"), ...keeper.of("sent")].map((line) => line[field]).filter(Boolean));
    for (const field of ["owner", "signer"]) {
      const [mine, others] = [about(one, field), about(two, field)];
      assert.ok(mine.size > 0 && others.size > 0, field);
      assert.deepEqual(
        [...mine].filter((each) => others.has(each)),
        [],
        field,
      );
    }
    assert.equal(about(one, "owner").size + about(two, "owner").size, POSITIONS + 1);
    await assertNoneReverted(block);
  });

  it("is not ready while the node is away, and goes on once it is back", async () => {
    await stage.mineEvery(500);
    const wire = await Wire.to(stage.chain.url);
    try {
      const keeper = keep(stateDir(), [], { POLDER_RPC_URL: wire.url });
      await keeper.ready();
      wire.cut();
      const { reason } = await keeper.ready(503);
      assert.match(String(reason), /the node does not answer/);
      const block = await confirmBoth();
      wire.join();
      await untilLiquidated(POSITIONS + 1, block);
      await keeper.ready();
      assert.ok(keeper.of("the node answers again").length > 0);
      assert.equal(await keeper.end(), 0);
      await assertNoneReverted(block);
    } finally {
      wire.close();
    }
  });

  it("told to stop, takes no more work, waits for what is under way and ends well", async () => {
    await stage.mineEvery(800);
    const keeper = keep(stateDir());
    await keeper.ready();
    const block = await confirmBoth();
    await keeper.line(({ message, job }) => message === "sent" && job === "liquidate");
    assert.equal(await keeper.end(), 0);
    const sent = keeper.of("sent").filter(({ job }) => job === "liquidate").length;
    assert.ok(sent > 0);
    assert.equal((await liquidated(block)).length, sent);
    assert.ok(keeper.of("stopped").length === 1);
  });

  it("sends again at a higher fee what is stuck", async () => {
    await stage.mineEvery(500);
    const { provider } = stage.connection;
    const keeper = keep(stateDir());
    await keeper.ready();
    const block = await confirmBoth();
    await provider.send("evm_setIntervalMining", [0]);
    await keeper.line(() => keeper.of("sent").filter(({ job }) => job === "liquidate").length > POSITIONS);
    const inTime = await liquidated(block);
    // Forty times the fee from one block to the next: what was offered no longer does.
    for (let i = 0; i < 4; i++) {
      await provider.send("hardhat_setNextBlockBaseFeePerGas", ["0x9502f9000"]);
      await provider.send("evm_mine", []);
    }
    assert.deepEqual(await liquidated(block), inTime);
    await keeper.line(({ message }) => message === "sent again at a higher fee");
    await provider.send("evm_setIntervalMining", [500]);
    const found = await untilLiquidated(POSITIONS + 1, block);
    assert.equal(new Set(found.map(({ owner }) => owner)).size, POSITIONS + 1);
    await assertNoneReverted(block);
  });

  it("liquidates again what a reorganisation undid", async () => {
    await stage.mineEvery(500);
    const { provider } = stage.connection;
    const keeper = keep(stateDir());
    await keeper.ready();
    const block = await confirmBoth();
    const point = await provider.send("evm_snapshot", []);
    const from = (await provider.getBlockNumber()) + 1;
    await untilLiquidated(POSITIONS + 1, block);
    await provider.send("evm_revert", [point]);
    const again = await untilLiquidated(POSITIONS + 1, block);
    assert.ok(again.every((each) => each.block >= Math.min(block, from)));
    assert.equal(new Set(again.map(({ owner }) => owner)).size, POSITIONS + 1);
    assert.equal(await keeper.end(), 0);
    await assertNoneReverted(block);
  });
});
