// A devchain with the protocol, borrowers at the brink and keepers with money: what tests of the services begin with. Time
// stands still between blocks until `mineEvery`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaxUint256, type Wallet } from "ethers";
import { signConfirmation, signReport } from "../../../contracts/deployment/nav-report.ts";
import { type AnyContract, marketOf, type Protocol } from "../../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord } from "../../../contracts/deployment/record.ts";
import { Keeper } from "../../../scripts/keeper/keeper.ts";
import { type Connection, connect } from "../../../scripts/lib/connection.ts";
import { attestorWallets, deployStandard, ROLES } from "../../../scripts/lib/deployment.ts";
import { giveGas, giveMoney } from "../../../scripts/lib/development.ts";
import { explain } from "../../../scripts/lib/errors.ts";
import { type Intent, mineTogether } from "../../../scripts/lib/together.ts";
import { type Devchain, startDevchain } from "../../run/devchain.ts";

export const WAD = 10n ** 18n;
const HOUR = 3_600;
export const DAY = 24 * HOUR;
const NETHERLANDS = 528;
const FIRST_NAV = 100_00000000n;
const MARKET = "treasury-bills";
const FIXED_MARKET = "trade-invoices";
const PER_BLOCK = 18;
/** Room for taking from many neighbours' lanes. */
const GAS_LIMIT = 3_000_000n;

export class Stage {
  readonly chain: Devchain;
  readonly connection: Connection;
  readonly record: DeploymentRecord;
  readonly protocol: Protocol;
  /** Environment of the services' processes. */
  readonly env: NodeJS.ProcessEnv;
  readonly folder: string;

  private constructor(chain: Devchain, connection: Connection, record: DeploymentRecord, folder: string) {
    this.chain = chain;
    this.connection = connection;
    this.record = record;
    this.protocol = connectProtocol(record, connection.provider);
    this.folder = folder;
    this.env = { ...process.env, POLDER_DEPLOYMENTS: folder, POLDER_RPC_URL: chain.url };
  }

  /** Deploys, handed over. */
  static async start(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), "polder-services-"));
    process.env.POLDER_DEPLOYMENTS = folder;
    const chain = await startDevchain();
    const connection = await connect(chain.url);
    const { record } = await deployStandard(connection, { handOver: true });
    delete process.env.POLDER_DEPLOYMENTS;
    return new Stage(chain, connection, record, folder);
  }

  async stop(): Promise<void> {
    this.connection.provider.destroy();
    await this.chain.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  wallet(index: number): Wallet {
    return this.connection.wallet(index);
  }

  get keepers(): Wallet[] {
    return ROLES.keepers.map((index) => this.wallet(index));
  }

  borrowers(count: number): Wallet[] {
    return Array.from({ length: count }, (_, i) => this.wallet(ROLES.firstBorrower + i));
  }

  market(key = MARKET) {
    return marketOf(this.protocol, key);
  }

  async now(): Promise<number> {
    return (await this.connection.provider.getBlock("latest"))?.timestamp ?? 0;
  }

  /** Everybody's transactions of one kind, so many a block. */
  async mine(intents: readonly Intent[]): Promise<void> {
    const { provider, chainId } = this.connection;
    for (let i = 0; i < intents.length; i += PER_BLOCK) {
      const page = intents.slice(i, i + PER_BLOCK);
      const { outcomes } = await mineTogether(provider, chainId, page);
      const failed = page[outcomes.findIndex(({ ok }) => !ok)];
      if (failed === undefined) continue;
      const { sender, to, data } = failed;
      const reason = await provider.call({ from: sender.address, to, data }).then(() => "gas", explain);
      throw new Error(`a transaction of the preparation failed: ${reason}`);
    }
  }

  call(sender: Wallet, contract: AnyContract, method: string, ...args: unknown[]): Intent {
    const data = contract.interface.encodeFunctionData(method, args);
    return { sender, to: String(contract.target), data, gasLimit: GAS_LIMIT };
  }

  async admit(tier: number, accounts: readonly Wallet[]): Promise<void> {
    const registrar = this.wallet(ROLES.registrar);
    const expiry = (await this.now()) + 2 * 365 * DAY;
    for (let i = 0; i < accounts.length; i += PER_BLOCK) {
      const page = accounts.slice(i, i + PER_BLOCK).map(({ address }) => address);
      const { registry } = this.protocol;
      await (
        await (registry.connect(registrar) as AnyContract).setPersons(page, tier, NETHERLANDS, expiry)
      ).wait();
    }
  }

  /** Keepers on record as liquidators, with money. */
  async equipKeepers(pusd = 300_000n): Promise<void> {
    await giveGas(
      this.connection,
      this.keepers.map(({ address }) => address),
    );
    await this.admit(3, this.keepers);
    await giveMoney(this.connection, this.protocol, this.keepers, { pusd, dollars: 200_000n });
    const keeper = new Keeper(this.connection, this.record, this.keepers);
    await this.mine(keeper.intents(await keeper.approvals()));
  }

  /** So many borrowers of 10,500 pUSD against bills of 12,500 dollars. */
  async borrow(count: number): Promise<Wallet[]> {
    const { market, collateral } = this.market();
    const wallets = this.borrowers(count);
    const agent = this.wallet(ROLES.agent);
    await giveGas(
      this.connection,
      wallets.map(({ address }) => address),
    );
    await this.admit(2, wallets);
    await this.report(MARKET, FIRST_NAV, 4);
    await this.mine(wallets.map(({ address }) => this.call(agent, collateral, "mint", address, 125n * WAD)));
    await this.mine(wallets.map((each) => this.call(each, collateral, "approve", market.target, MaxUint256)));
    await this.mine(
      wallets.map((each) => this.call(each, market, "addCollateral", each.address, 0, 125n * WAD)),
    );
    await this.mine(
      wallets.map((each) => this.call(each, market, "borrow", each.address, 0, 10_500n * WAD, each.address)),
    );
    return wallets;
  }

  /** One loan of 14,000 dollars under fixed terms against invoices of 20,000. */
  async borrowFixed(): Promise<{ owner: Wallet; termsId: number }> {
    const { market, collateral, source, terms, key } = this.market(FIXED_MARKET);
    const termsId = terms.find(({ kind }) => kind === "fixed")?.id ?? 0;
    const [lender, owner] = [this.wallet(60), this.wallet(61)];
    await giveGas(this.connection, [lender.address, owner.address]);
    await this.admit(2, [lender, owner]);
    await this.report(key, 10_00000000n, 4);
    await giveMoney(this.connection, this.protocol, [lender], { pusd: 0n, dollars: 100_000n });
    const { dollar } = this.protocol;
    await this.mine([
      this.call(lender, dollar, "approve", source.target, MaxUint256),
      this.call(lender, source, "deposit", 100_000n * 10n ** 6n, lender.address),
      this.call(this.wallet(ROLES.agent), collateral, "mint", owner.address, 2_000n * WAD),
      this.call(owner, collateral, "approve", market.target, MaxUint256),
    ]);
    // What may be lent at fixed rates follows from what lenders had on average.
    await this.travel(2 * HOUR);
    await this.mine([this.call(lender, market, "checkpoint")]);
    const borrow = this.call(
      owner,
      market,
      "borrow",
      owner.address,
      termsId,
      13_900n * 10n ** 6n,
      owner.address,
    );
    await this.mine([
      this.call(owner, market, "addCollateral", owner.address, termsId, 2_000n * WAD),
      { ...borrow, gasLimit: 2n * GAS_LIMIT },
    ]);
    return { owner, termsId };
  }

  async report(market: string, nav: bigint, signatures = 3): Promise<void> {
    const { oracle } = this.market(market);
    const report = {
      round: Number(await oracle.nextRound()),
      nav,
      navDate: await this.now(),
      ripcord: false,
    };
    const signed = await signReport(oracle, attestorWallets(this.connection).slice(0, signatures), report);
    await (await this.#write(oracle).submit(report, signed)).wait();
  }

  /** Sends the larger quorum's confirmation of what is pending; does not wait. Returns its hash. */
  async confirm(market = MARKET): Promise<string> {
    const { oracle } = this.market(market);
    const signed = await signConfirmation(oracle, attestorWallets(this.connection).slice(0, 4));
    return (await this.#write(oracle).confirm(signed)).hash;
  }

  #write(contract: AnyContract): AnyContract {
    return contract.connect(this.wallet(8)) as AnyContract;
  }

  async travel(seconds: number): Promise<void> {
    await this.connection.provider.send("evm_increaseTime", [seconds]);
    await this.connection.provider.send("evm_mine", []);
  }

  /** From now on a block each `milliseconds`; 0: at each transaction again. */
  async mineEvery(milliseconds: number): Promise<void> {
    const { provider } = this.connection;
    await provider.send("evm_setAutomine", [milliseconds === 0]);
    await provider.send("evm_setIntervalMining", [milliseconds]);
  }
}
