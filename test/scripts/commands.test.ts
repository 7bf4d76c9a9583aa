// The keeper's single commands and what is judged before anything is sent: money, profit, the index, auctions, upkeep.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { parseEther } from "ethers";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { PreferIndex } from "../../scripts/keeper/candidates.ts";
import { Keeper } from "../../scripts/keeper/keeper.ts";
import { isOf, parseShard, partOf } from "../../scripts/keeper/shard.ts";
import { DAY, Stage } from "./support/stage.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../scripts/keeper/main.ts");
const POSITIONS = 3;

describe("keeper's commands", () => {
  let stage: Stage;
  let fixed: { owner: string; termsId: number };

  before(async () => {
    stage = await Stage.start();
    await stage.equipKeepers();
    const { owner, termsId } = await stage.borrowFixed();
    fixed = { owner: owner.address, termsId };
    await stage.borrow(POSITIONS);
    await stage.travel(6 * DAY);
    await stage.report("treasury-bills", 90_00000000n);
    await stage.report("trade-invoices", 8_80000000n);
  });

  after(async () => {
    await stage?.stop();
  });

  async function keeper(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Record<string, unknown>[]> {
    const all = [script, ...args, "--json", "--state-dir", stage.folder];
    const { stdout } = await run(process.execPath, all, { env: { ...stage.env, ...env } });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  const reasons = (said: Record<string, unknown>[]) =>
    said.filter(({ type }) => type === "rejected").map(({ reason }) => String(reason));

  it("promotes a fall that has waited, checkpoints what is due, once", async () => {
    await stage.travel(DAY + 60);
    const { provider } = stage.connection;
    const oracle = stage.market().oracle;
    assert.notEqual((await oracle.pending()).nav, 0n);
    const [poked] = await keeper(["poke", "--signers", "2"]);
    assert.deepEqual([poked?.type, poked?.sent, poked?.failed], ["summary", 2, 0]);
    assert.deepEqual([(await oracle.pending()).nav, (await oracle.accepted()).nav], [0n, 90_00000000n]);
    const [checkpointed] = await keeper(["checkpoint", "--signers", "2"]);
    assert.deepEqual([checkpointed?.sent, checkpointed?.failed], [stage.protocol.markets.length, 0]);
    const now = (await provider.getBlock("latest"))?.timestamp ?? 0;
    for (const { market } of stage.protocol.markets)
      assert.ok(now - Number((await market.accrual()).timestamp) < 600);
    const [again] = await keeper(["checkpoint", "--signers", "2"]);
    assert.equal(again?.sent, 0);
  });

  it("judges profit after gas, and says why it leaves a position alone", async () => {
    const all = await keeper(["simulate"]);
    assert.deepEqual(reasons(all), []);
    assert.equal(all.filter(({ type }) => type === "plan").length, POSITIONS + 1);
    const dear = await keeper(["simulate", "--native-price", "1000000000"]);
    assert.equal(reasons(dear).length, POSITIONS + 1);
    for (const reason of reasons(dear)) {
      assert.match(reason, /^earns \$-[\d,.]+ after \$[\d,.]+ of gas, less than the minimum profit$/);
    }
    await assert.rejects(keeper(["simulate", "--shard", "3/2"]), /--shard must be i\/n/);
    await assert.rejects(keeper(["simulate", "--signers", "9"]), /there are keys for 8/);
  });

  it("says which money its signers lack, and liquidates a part with what they have", async () => {
    const poor = stage.wallet(90);
    const env = { POLDER_KEEPER_KEYS: poor.privateKey };
    const args = ["simulate", "--signers", "1"];
    const said = reasons(await keeper(args, env));
    assert.equal(said.length, POSITIONS + 1);
    for (const reason of said)
      assert.match(reason, /^no signer holds the \$[\d,.]+ that it takes: the most is \$0\.00$/);
    await (
      await (stage.protocol.stablecoin.connect(stage.keepers[0] ?? poor) as AnyContract).transfer(
        poor.address,
        parseEther("2000"),
      )
    ).wait();
    assert.ok(
      reasons(await keeper(args, env)).some((reason) =>
        /no signer has the native token for gas/.test(reason),
      ),
    );
    await stage.connection.provider.send("hardhat_setBalance", [poor.address, "0x8ac7230489e80000"]);
    // Not on record as a liquidator: the market would refuse him.
    assert.ok(reasons(await keeper(args, env)).some((reason) => /NotEligible|allowance/i.test(reason)));
    await stage.admit(3, [poor]);
    const { source } = stage.market();
    await (
      await (stage.protocol.stablecoin.connect(poor) as AnyContract).approve(source.target, 2n ** 256n - 1n)
    ).wait();
    const plans = (await keeper(args, env)).filter(({ type }) => type === "plan");
    assert.deepEqual(
      plans.map(({ repay }) => repay),
      [parseEther("2000").toString()],
    );
  });

  it("takes candidates from the index while it is of use, from events else, and asks the chain in either case", async () => {
    let head = await stage.connection.provider.getBlockNumber();
    const { market } = stage.market("trade-invoices");
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const items = [
        { market: String(market.target), termsId: String(fixed.termsId), owner: fixed.owner },
        // Who owes nothing.
        { market: String(market.target), termsId: "0", owner: stage.wallet(60).address },
      ];
      const positions = { items, pageInfo: { hasNextPage: false, endCursor: null } };
      const _meta = { status: { polder: { block: { number: head } } } };
      response.end(JSON.stringify({ data: { positions, _meta } }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const env = { POLDER_INDEX_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
      assert.deepEqual(
        (await keeper(["scan"], env)).map(({ owner, termsId }) => [owner, termsId]),
        [[fixed.owner, fixed.termsId]],
      );
      head -= 100;
      const [warning, ...positions] = await keeper(["scan"], env);
      assert.match(String(warning?.reason), /it is at block \d+, the chain at \d+/);
      assert.equal(positions.length, POSITIONS + 1);
    } finally {
      server.closeAllConnections();
      server.close();
    }
    const gone = await keeper(["scan"], { POLDER_INDEX_URL: "http://127.0.0.1:9" });
    assert.equal(gone.filter(({ type }) => type === "position").length, POSITIONS + 1);
    const words: (string | undefined)[] = [];
    const failing = { at: () => Promise.reject(new Error("away")) };
    const events = { at: () => Promise.resolve([]) };
    const prefer = new PreferIndex(failing, events, (reason) => words.push(reason));
    await prefer.at(1);
    await prefer.at(2);
    assert.deepEqual(words, ["away"]);
  });

  it("puts up for auction what does not pay at a discount, when told to, and buys when that pays", async () => {
    const { market } = stage.market("trade-invoices");
    const phase = async () => Number((await market.resolutionOf(fixed.owner, fixed.termsId)).phase);
    const args = ["--signers", "2", "--min-profit", "1000000"];
    await keeper(["liquidate", ...args]);
    assert.equal(await phase(), 0);
    await keeper(["liquidate", ...args, "--mark"]);
    assert.equal(await phase(), 1);
    assert.ok(
      reasons(await keeper(["auction", "--signers", "2"])).some((each) => /preferred buyer/.test(each)),
    );
    await stage.travel(2 * DAY + 60);
    assert.equal(await phase(), 2);
    // At 2% above the value: nobody gains.
    const early = await keeper(["auction", "--signers", "2"]);
    assert.ok(reasons(early).some((reason) => /less than the minimum profit/.test(reason)));
    await stage.travel(2 * DAY);
    const bought = await keeper(["auction", "--signers", "2"]);
    const sale = bought.find(({ type }) => type === "liquidated");
    assert.deepEqual([sale?.market, sale?.owner], ["trade-invoices", fixed.owner]);
  });

  it("divides work by the owner's address so that each part is one shard's", () => {
    const shards = [1, 2, 3].map((index) => parseShard(`${index}/3`));
    const addresses = stage.borrowers(60).map(({ address }) => address);
    for (const address of addresses) assert.equal(shards.filter((shard) => isOf(shard, address)).length, 1);
    for (const shard of shards) assert.ok(addresses.filter((address) => isOf(shard, address)).length > 8);
    assert.deepEqual(shards.flatMap((shard) => partOf(shard, addresses)).sort(), [...addresses].sort());
    assert.ok(new Keeper(stage.connection, stage.record, stage.keepers).shard.count === 1);
  });
});
