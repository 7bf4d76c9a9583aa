// The issuer's desk as a command line, on a protocol that was handed over: each act with its role's key, as the contracts allow.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { encodeBytes32String, keccak256, toUtf8Bytes, ZeroHash } from "ethers";
import type { AnyContract } from "../../contracts/deployment/protocol.ts";
import { giveGas, giveMoney } from "../../scripts/lib/development.ts";
import { ROLES } from "../../scripts/lib/roles.ts";
import { Stage, WAD } from "./support/stage.ts";

const run = promisify(execFile);
const script = join(import.meta.dirname, "../../scripts/issuer/main.ts");
const MARKET = ["--market", "office-building"];
const [BORROWER, HOLDER] = [2n, 1n];

describe("issuer", () => {
  let stage: Stage;

  before(async () => {
    stage = await Stage.start();
    await giveGas(
      stage.connection,
      [70, 71, 72].map((index) => stage.wallet(index).address),
    );
  });

  after(async () => {
    await stage?.stop();
  });

  async function issuer(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Record<string, unknown>[]> {
    const all = [script, ...args, "--json"];
    const { stdout } = await run(process.execPath, all, { env: { ...stage.env, ...env } });
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  const as = (index: number, contract: AnyContract) => contract.connect(stage.wallet(index)) as AnyContract;

  it("approves exactly what a person asked for, denies, and puts on record who did not ask", async () => {
    const { registry } = stage.protocol;
    const [asking, denied, other] = [70, 71, 72].map((index) => stage.wallet(index).address);
    assert.ok(asking && denied && other);
    await (await as(70, registry).makeRequest([2, 528, 0, ZeroHash])).wait();
    await (await as(71, registry).makeRequest([3, 276, 0, ZeroHash])).wait();
    const listed = await issuer(["list"]);
    assert.deepEqual(
      listed
        .filter(({ type }) => type === "request")
        .map(({ person, tier, jurisdiction }) => [person, tier, jurisdiction]),
      [
        [asking, "borrower", 528],
        [denied, "liquidator", 276],
      ],
    );
    const [would] = await issuer(["approve", asking, "--dry-run"]);
    assert.equal(would?.type, "would");
    assert.equal((await registry.recordOf(asking)).tier, 0n);

    await issuer(["approve", asking, "--days", "30"]);
    const record = await registry.recordOf(asking);
    assert.deepEqual([record.tier, record.jurisdiction], [BORROWER, 528n]);
    assert.ok(Number(record.expiry) <= (await stage.now()) + 30 * 86_400);
    await issuer(["deny", denied, "--reason", "papers-missing"]);
    assert.equal((await registry.requestOf(denied)).tier, 0n);
    await assert.rejects(issuer(["approve", denied]), /has not asked for anything/);
    await issuer(["approve", denied, other, "--tier", "holder", "--jurisdiction", "40"]);
    assert.equal((await registry.recordOf(other)).tier, HOLDER);
    await assert.rejects(issuer(["approve", other, "--tier", "king"]), /--tier must be one of/);
    // The agent is not the registrar.
    const env = { POLDER_REGISTRAR_KEY: stage.wallet(ROLES.agent).privateKey };
    await assert.rejects(issuer(["approve", other, "--tier", "borrower"], env), /AccessManagedUnauthorized/);
  });

  it("mints, freezes whole and in part, releases, and recovers a lost wallet", async () => {
    const [lost, found] = [70, 72].map((index) => stage.wallet(index).address);
    assert.ok(lost && found);
    const { collateral } = stage.market("office-building");
    await issuer(["mint", lost, "--amount", "12.5", ...MARKET]);
    assert.equal(await collateral.balanceOf(lost), (125n * WAD) / 10n);
    await issuer(["freeze", lost, ...MARKET, "--amount", "2.5"]);
    assert.equal(await collateral.getFrozenTokens(lost), (25n * WAD) / 10n);
    await issuer(["freeze", lost]);
    assert.equal((await stage.protocol.registry.recordOf(lost)).frozen, true);
    await issuer(["unfreeze", lost]);
    await issuer(["recover", lost, found, ...MARKET]);
    assert.deepEqual(
      [
        await collateral.balanceOf(lost),
        await collateral.balanceOf(found),
        await collateral.getFrozenTokens(found),
      ],
      [0n, (125n * WAD) / 10n, (25n * WAD) / 10n],
    );
    await assert.rejects(issuer(["recover", lost, found, ...MARKET]), /NothingToRecover/);
    await issuer(["unfreeze", found, ...MARKET, "--amount", "2.5"]);
    await assert.rejects(
      issuer(["mint", stage.wallet(80).address, "--amount", "1", ...MARKET]),
      /ReceiverNotEligible/,
    );
  });

  it("publishes a document by the hash of its bytes", async () => {
    const file = join(stage.folder, "valuation.md");
    writeFileSync(file, "# What it is worth\n");
    await issuer(["document", file, ...MARKET, "--uri", "https://issuer.example/valuation.md"]);
    const { collateral } = stage.market("office-building");
    const [uri, hash] = await collateral.getDocument(encodeBytes32String("valuation"));
    assert.deepEqual(
      [uri, hash],
      ["https://issuer.example/valuation.md", keccak256(toUtf8Bytes("# What it is worth\n"))],
    );
    await assert.rejects(issuer(["document", `${file}.no`, ...MARKET, "--uri", "x"]), /there is no file/);
  });

  it("pays a redemption that waits, which its holder then claims", async () => {
    const { collateral, desk } = stage.market("office-building");
    const holder = stage.wallet(72);
    await (await as(72, collateral).approve(desk.target, 10n * WAD)).wait();
    await (await as(72, desk).requestRedeem(10n * WAD, holder.address, holder.address)).wait();
    const waiting = (await issuer(["list", ...MARKET])).filter(({ type }) => type === "redemption");
    assert.deepEqual(waiting, [
      { type: "redemption", market: "office-building", id: "1", controller: holder.address, tokens: "10.0" },
    ]);
    const agent = stage.wallet(ROLES.agent);
    await issuer(["approve", agent.address, "--tier", "holder"]);
    await giveMoney(stage.connection, stage.protocol, [agent], { pusd: 1_000n, dollars: 0n });
    await issuer(["redeem", "1", ...MARKET, "--price", "29.5"]);
    assert.equal(await desk.maxWithdraw(holder.address), 295n * WAD);
    await (await as(72, desk).withdraw(295n * WAD, holder.address, holder.address)).wait();
    assert.equal(await stage.protocol.stablecoin.balanceOf(holder.address), 295n * WAD);
    assert.equal(await collateral.balanceOf(agent.address), 10n * WAD);
    await assert.rejects(issuer(["redeem", "1", ...MARKET, "--price", "29.5"]), /was paid already/);
  });
});
