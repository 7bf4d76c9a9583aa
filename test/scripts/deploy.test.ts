// npm run deploy: what it prints and records, handed over or not, what it refuses, and how it goes on after a crash.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import { connectProtocol, type DeploymentRecord } from "../../contracts/deployment/record.ts";
import { type Connection, connect } from "../../scripts/lib/connection.ts";
import { type Devchain, startDevchain } from "../run/devchain.ts";

const script = join(import.meta.dirname, "../../scripts/deploy.ts");
const run = promisify(execFile);

describe("deploy", () => {
  let chain: Devchain;
  let connection: Connection;
  let folder: string;
  /** Transactions of a deployment that the deployer administers, as the dry run counts them. */
  let whole = 0;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "polder-deploy-"));
    chain = await startDevchain();
    connection = await connect(chain.url);
  });

  after(async () => {
    connection?.provider.destroy();
    await chain?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function deploy(...args: string[]): Promise<string> {
    const env = { ...process.env, POLDER_DEPLOYMENTS: folder, POLDER_RPC_URL: chain.url };
    return (await run(process.execPath, [script, ...args], { env })).stdout;
  }

  it("hands all markets over and records everything, the development dollar too", async () => {
    const record = JSON.parse(await deploy("--hand-over", "--json")) as DeploymentRecord;
    assert.deepEqual(record, JSON.parse(readFileSync(join(folder, "31337.json"), "utf8")));
    const { accessManager, policy, backstop, dollar, markets } = connectProtocol(record, connection.provider);
    assert.deepEqual([...(await accessManager.hasRole(0, record.deployer))], [false, 0n]);
    assert.deepEqual([...(await accessManager.hasRole(0, record.governance?.timelock))], [true, 0n]);
    await policy.requireCovered();
    assert.equal(await backstop.balanceOf(record.governance?.timelock), await backstop.totalSupply());
    assert.equal(record.dollar.development, true);
    assert.equal(await dollar.symbol(), "devUSD");
    assert.deepEqual(
      markets.map(({ kind }) => kind),
      ["facility", "pool", "pool", "pool", "pool"],
    );
  });

  it("takes a dollar token that is there, and refuses one that the deployer has none of", async () => {
    const { dollar } = JSON.parse(readFileSync(join(folder, "31337.json"), "utf8")) as DeploymentRecord;
    const given = ["--dollar", dollar.token, "--dollar-feed", dollar.feed];
    await assert.rejects(deploy(...given), /the deployer holds 0 units of the dollar token/);
    await assert.rejects(
      deploy("--dollar", dollar.token),
      /--dollar-feed each need an address, and go together/,
    );
    await assert.rejects(deploy("--dollar", "0x12", "--dollar-feed", dollar.feed), /need an address/);
  });

  it("says with --dry-run what it would deploy, from where and at what cost, and sends nothing", async () => {
    const block = await connection.provider.getBlockNumber();
    const env = { ...process.env, POLDER_DEPLOYMENTS: folder, POLDER_RPC_URL: chain.url };
    const args = [script, "--dry-run", "--network", "devchain"];
    const printed = (await run(process.execPath, args, { env })).stdout;
    for (const word of ["CapitalPolicy", "LendingPool", "MintFacility", "pTBILL", "pINV"]) {
      assert.ok(printed.includes(word), word);
    }
    assert.match(printed, /first capital +\$2,500,000/);
    assert.match(printed, new RegExp(`network +devchain, ${chain.url}`));
    assert.match(printed, new RegExp(`from +${connection.wallet(0).address}`));
    const [, transactions, creations] =
      /transactions +(\d+), of which (\d+) create contracts/.exec(printed) ?? [];
    whole = Number(transactions);
    assert.ok(Number(creations) > 40 && whole > 2 * Number(creations), `${whole}, ${creations}`);
    assert.match(printed, /cost +0\.\d+ at [\d.]+ gwei per gas/);
    assert.equal(await connection.provider.getBlockNumber(), block);
    assert.ok(!existsSync(join(folder, "31337.unfinished.jsonl")));
  });

  it("killed in the middle, goes on where it was, deploys nothing twice and prints every address", async () => {
    const own = mkdtempSync(join(tmpdir(), "polder-deploy-"));
    const env = { ...process.env, POLDER_DEPLOYMENTS: own, POLDER_RPC_URL: chain.url };
    const journal = join(own, "31337.unfinished.jsonl");
    const before = await connection.provider.getTransactionCount(connection.wallet(0).address);
    const sent = () => (existsSync(journal) ? readFileSync(journal, "utf8").split('"raw"').length - 1 : 0);
    try {
      const child = spawn(process.execPath, [script], { env, stdio: "ignore" });
      const ended = once(child, "exit");
      while (child.exitCode === null && sent() < 70) await new Promise((resolve) => setTimeout(resolve, 5));
      child.kill("SIGKILL");
      await ended;
      assert.ok(!existsSync(join(own, "31337.json")), "it was killed in the middle");
      await assert.rejects(
        run(process.execPath, [script, "--hand-over"], { env }),
        /a deployment with other options did not finish/,
      );
      const { stdout: printed, stderr } = await run(process.execPath, [script], { env });
      assert.match(stderr, /goes on with a deployment that did not finish, after \d+ transactions/);
      const after = await connection.provider.getTransactionCount(connection.wallet(0).address);
      assert.equal(after - before, whole);
      assert.ok(!existsSync(journal));

      const record = JSON.parse(readFileSync(join(own, "31337.json"), "utf8")) as DeploymentRecord;
      const { policy, markets } = connectProtocol(record, connection.provider);
      await policy.requireCovered();
      for (const { market, collateral } of markets) {
        assert.equal(await market.collateralToken(), collateral.target);
      }
      const addresses = [
        ...Object.values(record.shared),
        ...Object.values(record.libraries),
        ...record.markets.flatMap(({ key, title, kind, documents, terms, ...places }) =>
          Object.values(places),
        ),
      ];
      assert.equal(new Set(addresses).size, addresses.length);
      assert.ok(addresses.length > 20);
      for (const address of addresses) assert.ok(printed.includes(address), address);
      assert.match(printed, /administered by the deployer/);
      assert.deepEqual(
        printed.split("\n").filter((line) => line.length > 120),
        [],
      );
    } finally {
      rmSync(own, { recursive: true, force: true });
    }
  });
});
