// A seeded scenario on a development chain: borrowers by the hundred borrow in one block, the collateral's NAV falls, a
// keeper liquidates. Each step does and measures; what is printed about it is another file's.
import { parseEther, toQuantity, type Wallet } from "ethers";
import type { MarketContracts } from "../contracts/deployment/market.ts";
import { treasuryBills } from "../contracts/deployment/markets/treasury-bills.ts";
import { signConfirmation, signReport } from "../contracts/deployment/nav-report.ts";
import { type AnyContract, marketOf, type Protocol } from "../contracts/deployment/protocol.ts";
import { Keeper, type Liquidation, type Position } from "./keeper/keeper.ts";
import { type BlockReport, blockReport } from "./lib/block-report.ts";
import type { Connection } from "./lib/connection.ts";
import { attestorWallets, type Deployment, deployStandard, ROLES } from "./lib/deployment.ts";
import { explain } from "./lib/errors.ts";
import { normal, seeded } from "./lib/random.ts";
import { type Intent, type Mined, mineTogether } from "./lib/together.ts";

const WAD = 10n ** 18n;
const HOUR = 3_600;
const YEAR = 365 * 24 * HOUR;
const NETHERLANDS = 528; // ISO 3166-1
const TIER = { borrower: 2, liquidator: 3 };
/** USD per token, in the oracle's 8 decimals. */
const FIRST_NAV = 104_37000000n;
/** Collateral of the keeper's own loan, from which it has the pUSD it works with. */
const KEEPER_COLLATERAL = 400_000n * WAD;
/** What a borrower asks for after the NAV fell. */
const MORE = 100n * WAD;
/** Gas limits with room for taking from neighbours' lanes. */
const GAS = { mint: 120_000n, approve: 80_000n, addCollateral: 250_000n, borrow: 400_000n };
const PERSONS_PER_CALL = 100;

export type ScenarioOptions = { borrowers: number; seed: number; navFall: bigint };

/** One block of the story and how parallel it was, where the node tells. */
export type Block = { what: string; mined: Mined; report: BlockReport | undefined };

type Borrower = { wallet: Wallet; collateral: bigint; debt: bigint };

export class Scenario {
  readonly deployment: Deployment;
  readonly borrowers: readonly Borrower[];
  readonly keeper: Keeper;
  readonly blocks: Block[] = [];
  readonly #connection: Connection;
  readonly #options: ScenarioOptions;

  private constructor(connection: Connection, options: ScenarioOptions, deployment: Deployment) {
    this.#connection = connection;
    this.#options = options;
    this.deployment = deployment;
    this.borrowers = drawBorrowers(connection, options);
    const signers = ROLES.keepers.map((index) => connection.wallet(index));
    this.keeper = new Keeper(connection, deployment.record, signers);
  }

  /** Deploys a protocol of its own on a development chain. */
  static async create(connection: Connection, options: ScenarioOptions): Promise<Scenario> {
    return new Scenario(connection, options, await deployStandard(connection));
  }

  get protocol(): Protocol {
    return this.deployment.protocol;
  }

  /** The market that the story is about. */
  get market(): MarketContracts {
    return marketOf(this.protocol, treasuryBills.key);
  }

  /** Registers everybody, reports a first NAV, hands out tokens, takes them in as collateral, equips the keeper. */
  async prepare(): Promise<void> {
    const { provider } = this.#connection;
    const { registry } = this.protocol;
    const { oracle, collateral, market } = this.market;
    const wallets = this.borrowers.map(({ wallet }) => wallet);
    const everybody = [...wallets, ...this.keeper.signers];
    await Promise.all(
      everybody.map(({ address }) =>
        provider.send("hardhat_setBalance", [address, toQuantity(parseEther("10"))]),
      ),
    );

    const expiry = (await this.#now()) + YEAR;
    const admit = async (persons: readonly Wallet[], tier: number) => {
      for (let i = 0; i < persons.length; i += PERSONS_PER_CALL) {
        const page = persons.slice(i, i + PERSONS_PER_CALL).map(({ address }) => address);
        await (await registry.setPersons(page, tier, NETHERLANDS, expiry)).wait();
      }
    };
    await admit(wallets, TIER.borrower);
    await admit(this.keeper.signers, TIER.liquidator);
    await this.#report(oracle, FIRST_NAV, 4);

    const issuer = this.#connection.wallet(ROLES.deployer);
    const mint = (to: string, amount: bigint) => intent(issuer, collateral, "mint", [to, amount], GAS.mint);
    await this.#mine("issuer mints pTBILL", [
      ...this.borrowers.map((each) => mint(each.wallet.address, each.collateral)),
      mint(this.#firstSigner.address, KEEPER_COLLATERAL),
    ]);
    await this.#mine(
      "approve the market",
      wallets.map((wallet) =>
        intent(wallet, collateral, "approve", [market.target, 2n ** 256n - 1n], GAS.approve),
      ),
    );
    await this.#mine(
      "add collateral",
      this.borrowers.map(({ wallet, collateral: amount }) =>
        intent(wallet, market, "addCollateral", [wallet.address, 0, amount], GAS.addCollateral),
      ),
    );
    await this.#equipKeeper();
  }

  /** All borrow, in one block. */
  async borrow(): Promise<Block> {
    const { market } = this.market;
    return this.#mine(
      `${this.borrowers.length} borrowers borrow`,
      this.borrowers.map(({ wallet, debt }) =>
        intent(wallet, market, "borrow", [wallet.address, 0, debt, wallet.address], GAS.borrow),
      ),
    );
  }

  /**
   * A day later the attestors report a NAV beyond the bounds: it is pending, and new debt is judged by it at once. Returns
   * with it how the market refuses a loan that it would have given at the accepted NAV.
   */
  async reportFall(): Promise<{ from: bigint; to: bigint; refusal: string }> {
    const { provider } = this.#connection;
    const { market } = marketOf(this.keeper.protocol, this.market.key); // read-only: who calls is said with each call
    await provider.send("evm_increaseTime", [24 * HOUR]);
    await provider.send("evm_mine", []);
    const owner = await this.#someoneWithRoom();
    const borrow = market.getFunction("borrow");
    const call = () => borrow.staticCall(owner, 0, MORE, owner, { from: owner });
    await call(); // as long as the first NAV governs, the loan is possible
    const to = (FIRST_NAV * (10_000n - this.#options.navFall)) / 10_000n;
    await this.#report(this.market.oracle, to, 3);
    const refusal = await call().then(() => undefined, explain);
    if (refusal === undefined) throw new Error("the pending NAV does not govern new debt");
    return { from: FIRST_NAV, to, refusal };
  }

  /** The larger quorum confirms the fall: now liquidations go by it. */
  async confirmFall(): Promise<void> {
    const { oracle } = this.market;
    const signatures = await signConfirmation(oracle, attestorWallets(this.#connection).slice(0, 4));
    await (await oracle.confirm(signatures)).wait();
  }

  /** The keeper finds, tries and liquidates what is due, in one block. */
  async liquidate(): Promise<{ block: Block; liquidations: Liquidation[]; earned: bigint; fees: bigint }> {
    const { plans, rejected } = await this.keeper.simulate(await this.keeper.scan(), 0n);
    const [refused] = rejected;
    if (refused !== undefined) throw new Error(`liquidation of ${refused.position.owner}: ${refused.reason}`);
    const block = await this.#mine("keeper liquidates", this.keeper.intents(plans));
    const liquidations = await this.keeper.liquidationsIn(block.mined.number);
    const values = await Promise.all(
      liquidations.map(({ seized }) => this.market.market.collateralValue(seized) as Promise<bigint>),
    );
    return {
      block,
      liquidations,
      earned: liquidations.reduce((sum, { repaid }, i) => sum + (values[i] ?? 0n) - repaid, 0n),
      fees: block.mined.outcomes.reduce((sum, { fee }) => sum + fee, 0n),
    };
  }

  /** The borrowers' positions now, by owner; the keeper's own loan is left out. */
  async positions(): Promise<Map<string, Position>> {
    const borrowers = new Set(this.borrowers.map(({ wallet }) => wallet.address));
    const all = await this.keeper.scan();
    return new Map(all.filter(({ owner }) => borrowers.has(owner)).map((each) => [each.owner, each]));
  }

  /** A borrower at the top of what the accepted NAV allows, with room for a little more. */
  async #someoneWithRoom(): Promise<string> {
    const { maxLtv } = await this.market.market.parameters();
    const positions = [...(await this.positions()).values()];
    const riskiest = positions.find(
      ({ debt, collateralValue }) => (debt + MORE) * WAD < collateralValue * maxLtv,
    );
    if (riskiest === undefined) throw new Error("no borrower has room for more debt");
    return riskiest.owner;
  }

  async #now(): Promise<number> {
    const block = await this.#connection.provider.getBlock("latest");
    if (block === null) throw new Error("the node has no latest block");
    return block.timestamp;
  }

  async #report(oracle: AnyContract, nav: bigint, quorum: number): Promise<void> {
    const report = {
      round: Number(await oracle.nextRound()),
      nav,
      navDate: await this.#now(),
      ripcord: false,
    };
    const signatures = await signReport(oracle, attestorWallets(this.#connection).slice(0, quorum), report);
    await (await oracle.submit(report, signatures)).wait();
  }

  get #firstSigner(): Wallet {
    const [first] = this.keeper.signers;
    if (first === undefined) throw new Error("the keeper has no signer");
    return first;
  }

  /** The first signer borrows with a wide margin and shares the pUSD with the others. */
  async #equipKeeper(): Promise<void> {
    const { stablecoin } = this.protocol;
    const { collateral, market } = this.market;
    const first = this.#firstSigner;
    const as = (contract: AnyContract) => contract.connect(first) as AnyContract;
    await (await as(collateral).approve(market.target, KEEPER_COLLATERAL)).wait();
    await (await as(market).addCollateral(first.address, 0, KEEPER_COLLATERAL)).wait();
    const debt = KEEPER_COLLATERAL * 30n; // 30 pUSD a token: under 30% of its NAV
    await (await as(market).borrow(first.address, 0, debt, first.address)).wait();
    for (const signer of this.keeper.signers.slice(1)) {
      await (await as(stablecoin).transfer(signer.address, debt / BigInt(this.keeper.signers.length))).wait();
    }
    const { provider, chainId } = this.#connection;
    await mineTogether(provider, chainId, this.keeper.intents(await this.keeper.approvals()));
  }

  async #mine(what: string, intents: readonly Intent[]): Promise<Block> {
    const { provider, chainId } = this.#connection;
    const mined = await mineTogether(provider, chainId, intents);
    const failed = mined.outcomes.filter(({ ok }) => !ok).length;
    if (failed > 0)
      throw new Error(`${what}: ${failed} of ${intents.length} transactions failed in block ${mined.number}`);
    const block = { what, mined, report: await blockReport(provider, mined.number) };
    this.blocks.push(block);
    return block;
  }
}

function intent(
  sender: Wallet,
  contract: AnyContract,
  method: string,
  args: unknown[],
  gasLimit: bigint,
): Intent {
  return {
    sender,
    to: String(contract.target),
    data: contract.interface.encodeFunctionData(method, args),
    gasLimit,
  };
}

/** Sizes log-normal around 50,000 pUSD, loan-to-value between 60% and just under 85%, more of them near the top. */
function drawBorrowers(connection: Connection, { borrowers, seed }: ScenarioOptions): Borrower[] {
  const random = seeded(seed);
  return Array.from({ length: borrowers }, (_, i) => {
    const debt = BigInt(Math.round(Math.max(500, 50_000 * Math.exp(0.8 * normal(random))))) * WAD;
    const ltv = BigInt(Math.round((0.6 + 0.249 * Math.sqrt(random())) * 10_000));
    const value = (debt * 10_000n) / ltv;
    return {
      wallet: connection.wallet(ROLES.firstBorrower + i),
      debt,
      collateral: (value * 10n ** 8n) / FIRST_NAV + 1n,
    };
  });
}
