// The scenario and the keeper on a devchain of their own: borrowers in one block, a falling NAV, liquidations that leave
// nobody unhealthy.
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, it } from "node:test";
import { promisify } from "node:util";
import type { Wallet } from "ethers";
import { contractsOf, type Location, layoutName } from "../../app/src/lib/contracts.ts";
import { type StorageLayout, variablesAt, variableText } from "../../chain/src/profiler/variables.ts";
import storageLayouts from "../../contracts/build/layouts.json" with { type: "json" };
import { signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import { type AnyContract, marketOf } from "../../contracts/deployment/protocol.ts";
import { readRecord } from "../../contracts/deployment/record.ts";
import { laneOf } from "../../contracts/model/index.ts";
import { type Connection, connect } from "../../scripts/lib/connection.ts";
import { attestorWallets, deployStandard, ROLES } from "../../scripts/lib/deployment.ts";
import { Scenario } from "../../scripts/scenario.ts";
import { type Devchain, startDevchain } from "../run/devchain.ts";

const layouts = storageLayouts as Record<string, StorageLayout>;
const WAD = 10n ** 18n;
const scripts = join(import.meta.dirname, "../../scripts");
const run = promisify(execFile);

describe("scenario", () => {
  let chain: Devchain;
  let connection: Connection;
  let folder: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "polder-deployments-"));
    process.env.POLDER_DEPLOYMENTS = folder;
    chain = await startDevchain();
    connection = await connect(chain.url);
  });

  after(async () => {
    connection?.provider.destroy();
    await chain?.stop();
    delete process.env.POLDER_DEPLOYMENTS;
    rmSync(folder, { recursive: true, force: true });
  });

  /** Runs the keeper's command line; returns the objects that it prints. */
  async function keeper(...args: string[]): Promise<Record<string, unknown>[]> {
    const { stdout } = await run(process.execPath, [
      join(scripts, "keeper/main.ts"),
      ...args,
      "--json",
      "--rpc-url",
      chain.url,
      "--state-dir",
      folder,
    ]);
    return stdout
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  /** The same for `run`, which goes on: interrupts it once it has mined `count` liquidations and expects it to end well. */
  async function keepRunning(count: number, ...args: string[]): Promise<Record<string, unknown>[]> {
    const options = ["--json", "--rpc-url", chain.url, "--state-dir", folder];
    const all = [join(scripts, "keeper/main.ts"), "run", ...args, ...options];
    const child = spawn(process.execPath, all, { stdio: ["ignore", "pipe", "inherit"] });
    const printed: Record<string, unknown>[] = [];
    const mined = () =>
      printed.filter(({ message, job }) => message === "mined" && job === "liquidate").length;
    for await (const line of createInterface(child.stdout)) {
      printed.push(JSON.parse(line));
      if (mined() === count && !child.killed) child.kill("SIGINT");
    }
    const [code] = child.exitCode === null ? await once(child, "exit") : [child.exitCode];
    assert.equal(code, 0);
    return printed;
  }

  /** Storage of our contracts in a block that no Solidity variable is found for, and what is waited for under another name. */
  async function unnamed(block: number): Promise<string[]> {
    const at = `0x${block.toString(16)}`;
    const ask = (method: string, ...rest: unknown[]) => connection.provider.send(method, [at, ...rest]);
    const contracts = contractsOf(readRecord(31_337));
    const { locations }: { locations: Location[] } = await ask("parallel_getAccessSets");
    const { contended }: { contended: { location: Location }[] } = await ask("parallel_getBlockReport");
    const traces: { result: Record<string, string> }[] = await ask("debug_traceBlockByNumber", {
      tracer: "keccak256PreimageTracer",
    });
    const preimages = Object.assign({}, ...traces.map(({ result }) => result));
    const name = ({ address, slot }: Location) => {
      const abi = contracts.get(address.toLowerCase())?.abi ?? "";
      const layout = layouts[layoutName(abi)];
      return layout === undefined
        ? `storage of ${abi}`
        : variableText(variablesAt(layout, slot ?? "0x0", preimages));
    };
    const storage = locations.filter(({ kind, address }) => kind === "storage" && contracts.has(address));
    assert.ok(storage.length > 150, `${storage.length} slots`);
    const lanes = /^(_state\.(variableDebt|variableTime|custody|linearDebt)|_\w+)/;
    return [
      ...storage.filter((location) => name(location) === "").map(({ address, slot }) => `${address} ${slot}`),
      ...contended
        .filter(({ location }) => location.kind === "storage" && !lanes.test(name(location)))
        .map(({ location }) => name(location)),
    ];
  }

  it("lends to all in one block, as parallel as their lanes allow", async () => {
    const scenario = await Scenario.create(connection, { borrowers: 40, seed: 5, navFall: 800n });
    await scenario.prepare();
    const { mined, report } = await scenario.borrow();
    assert.equal(mined.outcomes.length, 40);
    assert.ok(mined.outcomes.every(({ ok }) => ok));
    const members = new Map<number, number>();
    for (const { wallet } of scenario.borrowers) {
      members.set(laneOf(wallet.address), (members.get(laneOf(wallet.address)) ?? 0) + 1);
    }
    assert.equal(report?.criticalPath.transactions, Math.max(...members.values()));
    assert.deepEqual(await unnamed(mined.number), []);
    const positions = await scenario.positions();
    for (const { wallet, debt, collateral } of scenario.borrowers) {
      const position = positions.get(wallet.address);
      assert.ok(position !== undefined && position.debt >= debt && position.debt < debt + WAD);
      assert.equal(position.collateral, collateral);
    }

    const fall = await scenario.reportFall();
    assert.match(fall.refusal, /^ExceedsMaxLtv\(.*\): Debt would be/);
    assert.ok([...(await scenario.positions()).values()].every(({ health }) => health >= WAD));
    await scenario.confirmFall();
    const unhealthy = [...(await scenario.positions()).values()].filter(({ health }) => health < WAD);
    assert.ok(unhealthy.length > 0);

    const { liquidations, earned } = await scenario.liquidate();
    assert.deepEqual(
      liquidations.map(({ owner }) => owner).sort(),
      unhealthy.map(({ owner }) => owner).sort(),
    );
    assert.ok(earned > 0n);
    assert.ok([...(await scenario.positions()).values()].every(({ health }) => health >= WAD));
  });

  it("is the same again with the same seed, and the keeper's command line finds and liquidates", async () => {
    const scenario = await Scenario.create(connection, { borrowers: 40, seed: 5, navFall: 800n });
    await scenario.prepare();
    await scenario.borrow();
    await scenario.reportFall();
    assert.deepEqual(await keeper("simulate"), []);
    await scenario.confirmFall();

    const positions = await keeper("scan", "--limit", "100");
    const due = positions.filter(({ liquidatable }) => liquidatable === true);
    assert.ok(due.length > 0);
    const healths = positions.map(({ health }) => BigInt(String(health)));
    assert.deepEqual(
      healths,
      [...healths].sort((a, b) => (a < b ? -1 : 1)),
    );
    const plans = await keeper("liquidate", "--dry-run");
    assert.equal(plans.filter(({ type }) => type === "plan").length, due.length);
    const none = await keeper("simulate", "--min-profit", "1000000");
    assert.ok(none.every(({ type, reason }) => type === "rejected" && /minimum profit/.test(String(reason))));

    const printed = await keepRunning(due.length, "--signers", "3", "--without", "checkpoint,impair,poke");
    assert.deepEqual(
      printed.filter(({ message }) => message === "reverted" || message === "refused"),
      [],
    );
    assert.equal(new Set(printed.map(({ signer }) => signer).filter(Boolean)).size, 3);
    const [summary, ...others] = await keeper("liquidate");
    assert.deepEqual([summary?.type, summary?.liquidated, others], ["summary", 0, []]);
  });

  it("leaves the keeper markets of lenders as well, in their money", async () => {
    const { provider } = connection;
    const { protocol } = await deployStandard(connection);
    const { registry, dollar } = protocol;
    const { key, market, source, collateral, oracle } = marketOf(protocol, "trade-invoices");
    const [lender, borrower, liquidator] = [50, 51, ROLES.keepers[0] ?? 0].map(connection.wallet);
    assert.ok(lender && borrower && liquidator);
    const sent = async (transaction: Promise<{ wait(): Promise<unknown> }>) => (await transaction).wait();
    const as = (wallet: Wallet, contract: AnyContract) => contract.connect(wallet) as AnyContract;
    const report = async (nav: bigint) => {
      const navDate = (await provider.getBlock("latest"))?.timestamp ?? 0;
      const said = { round: Number(await oracle.nextRound()), nav, navDate, ripcord: false };
      await sent(oracle.submit(said, await signReport(oracle, attestorWallets(connection).slice(1), said)));
    };
    for (const { address } of [lender, borrower, liquidator]) {
      await provider.send("hardhat_setBalance", [address, "0x8ac7230489e80000"]);
      await sent(dollar.mint(address, 100_000n * 10n ** 6n));
    }
    const expiry = 2n ** 40n;
    await sent(registry.setPersons([borrower.address], 2, 528, expiry));
    await sent(registry.setPersons([liquidator.address], 3, 528, expiry));
    await report(10n ** 8n);
    await sent(as(lender, dollar).approve(source, 2n ** 256n - 1n));
    await sent(as(lender, source).deposit(100_000n * 10n ** 6n, lender));
    await sent(as(liquidator, dollar).approve(source, 2n ** 256n - 1n)); // only who sends approves by himself
    await sent(collateral.mint(borrower, 100_000n * WAD));
    await sent(as(borrower, collateral).approve(market, 2n ** 256n - 1n));
    await sent(as(borrower, market).addCollateral(borrower, 0, 100_000n * WAD));
    await sent(as(borrower, market).borrow(borrower, 0, 69_000n * 10n ** 6n, borrower));

    await provider.send("evm_increaseTime", [6 * 24 * 3_600]);
    await provider.send("evm_mine", []);
    await report(87_000_000n); // 13% down: pending, until the larger quorum confirms it
    assert.deepEqual(await keeper("simulate"), []);
    await sent(oracle.confirm(await signConfirmation(oracle, attestorWallets(connection).slice(1))));

    const [position, ...others] = await keeper("scan");
    assert.deepEqual([position?.market, position?.owner, others], [key, borrower.address, []]);
    assert.equal(position?.collateralValue, String(87_000n * 10n ** 6n));
    // A bonus of 3% and more of some tens of thousands: with six decimals taken for eighteen it would be nothing.
    const [rejected] = await keeper("simulate", "--signers", "1", "--min-profit", "10000");
    assert.match(String(rejected?.reason), /minimum profit/);
    const printed = await keeper("liquidate", "--signers", "1", "--min-profit", "100");
    const done = printed.find(({ type }) => type === "liquidated");
    assert.deepEqual([done?.market, done?.owner], [key, borrower.address]);
    assert.ok(BigInt(String(done?.repaid)) > 10_000n * 10n ** 6n);
  });

  it("is told within 100 columns", async () => {
    const demo = [join(scripts, "demo.ts"), "--borrowers", "20", "--rpc-url", chain.url];
    const { stdout } = await run(process.execPath, demo);
    const lines = stdout.split("\n");
    assert.equal(lines.filter((line) => /^ [1-6] {2}\S.* ─+$/.test(line)).length, 6);
    assert.deepEqual(
      lines.filter((line) => line.length > 100),
      [],
    );
  });

  it("says what to do where it cannot work", async () => {
    const fails = (args: string[], message: RegExp) =>
      assert.rejects(run(process.execPath, args), (error: { stderr: string; code: number }) => {
        assert.match(error.stderr, message);
        assert.equal(error.code, 1);
        return true;
      });
    await fails(
      [join(scripts, "demo.ts"), "--rpc-url", "http://127.0.0.1:9"],
      /start the chain with `npm run chain`/,
    );
    await fails([join(scripts, "demo.ts"), "--borrowers", "many"], /--borrowers must be a whole number/);
    await fails([join(scripts, "keeper/main.ts"), "dance"], /unknown command "dance"/);
    await fails(
      [join(scripts, "keeper/main.ts"), "scan", "--rpc-url", chain.url, "--limit", "-3"],
      /--limit must be a number above 0|ambiguous/,
    );
  });
});
