// A pool-backed market with a thousand users of its own and lenders who level its lanes at the utilisation asked for; what
// users do next is drawn. It must not know how a block is judged.

import { getCreateAddress, id, isCallException, MaxUint256, toBeHex, Wallet } from "ethers";
import { deployDevelopmentDollar } from "../../../contracts/deployment/dollar.ts";
import type { MarketContracts } from "../../../contracts/deployment/market.ts";
import { treasuryBills } from "../../../contracts/deployment/markets/treasury-bills.ts";
import { signReport } from "../../../contracts/deployment/nav-report.ts";
import {
  type AnyContract,
  deployProtocol,
  marketOf,
  type Protocol,
} from "../../../contracts/deployment/protocol.ts";
import { standardProtocol } from "../../../contracts/deployment/standard.ts";
import { model } from "../../../contracts/index.ts";
import { slotNames } from "../../contracts/support/slot-names.ts";
import type { BlockChain, Call } from "./chain.ts";
import { type Draw, seeded } from "./random.ts";

const WAD = 10n ** 18n;
const NAV = 100n * 10n ** 8n;
/** The median of positions, pUSD, and the standard deviation of its logarithm: the mean is twice the median. */
const MEDIAN = 5_000n * WAD;
const SIGMA = 1.2;
/** The market takes no debt below it. */
const LEAST = 200n * WAD;
/** Of a thousand users; the others borrow. */
const LENDERS = 400;
/** How strongly all together return to what they had at first: at 5% more, two and a half times as many reduce as add. */
const STEADINESS = 20;
const YEAR = 365 * 24 * 3_600;
const PAGE = 100;
const GAS = { approve: 100_000n, position: 500_000n, operation: 3_000_000n };

export interface Setting {
  users: number;
  /** Debt of assets, in per cent. */
  utilisation: number;
  /** How much a block moves: the median of operations, in per cent of the median position. */
  size: number;
  /** Room under both caps, in per cent of what is used. */
  room: number;
  /** All accounts in lane 0, as if there were one lane. */
  oneLane?: boolean;
  seed: number;
}

interface User {
  address: string;
  lends: boolean;
  /** Lent or owed without interest, now and at first. */
  position: bigint;
  first: bigint;
  collateral: bigint;
}

export const KINDS = [
  "supply",
  "withdraw",
  "borrow",
  "repay",
  "add collateral",
  "remove collateral",
] as const;
export type Kind = (typeof KINDS)[number];

export interface Operation extends Call {
  kind: Kind;
  user: User;
  amount: bigint;
}

export class PopulatedMarket {
  readonly protocol: Protocol;
  readonly pool: AnyContract;
  readonly market: AnyContract;
  readonly collateral: AnyContract;
  readonly users: readonly User[];
  readonly #chain: BlockChain;
  readonly #draw: Draw;
  readonly #setting: Setting;

  private constructor(
    chain: BlockChain,
    setting: Setting,
    protocol: Protocol,
    { source, market, collateral }: MarketContracts,
    users: readonly User[],
    draw: Draw,
  ) {
    this.#chain = chain;
    this.#setting = setting;
    this.protocol = protocol;
    this.pool = source;
    this.market = market;
    this.collateral = collateral;
    this.users = users;
    this.#draw = draw;
  }

  static async open(chain: BlockChain, setting: Setting): Promise<PopulatedMarket> {
    const attestors = Array.from({ length: 5 }, (_, i) => new Wallet(id(`attestor ${i}`)));
    const { debtCap } = treasuryBills;
    const source = {
      kind: "pool",
      lends: "stablecoin",
      name: "pool",
      symbol: "lp",
      reserveFactor: 0n,
    } as const;
    const protocol = await deployProtocol(chain.deployer, {
      ...standardProtocol,
      attestors: attestors.map(({ address }) => address),
      dollar: await deployDevelopmentDollar(chain.deployer, 0n),
      markets: [{ ...treasuryBills, source: { ...source, supplyCap: debtCap } }],
      // Nothing backs pUSD here: the deployer mints it.
      seed: 0n,
      peg: { ...standardProtocol.peg, ceiling: 0n, inflowCap: 0n },
    });
    const lent = marketOf(protocol, treasuryBills.key);
    const { oracle } = lent;
    const report = { round: 1, nav: NAV, navDate: await chain.time(), ripcord: false };
    const signatures = await signReport(oracle, attestors.slice(0, 4), report);
    await chain.alone(() => oracle.submit(report, signatures));

    const draw = seeded(setting.seed);
    const users = drawUsers(setting, draw);
    const populated = new PopulatedMarket(chain, setting, protocol, lent, users, draw);
    await populated.#endow();
    await populated.#fill();
    return populated;
  }

  /* WHAT USERS DO */

  /**
   * One operation of each user: lenders supply or withdraw; of borrowers two thirds borrow or repay, a third adds or
   * removes collateral. Who has more than at first rather reduces, and all the more where all together have more, so that
   * the whole stays about where it was, and with it the utilisation.
   */
  drawOperations(): Operation[] {
    const excess = { lenders: this.#excess(true), borrowers: this.#excess(false) };
    const operations = this.users.map((user) =>
      this.#operationOf(user, user.lends ? excess.lenders : excess.borrowers),
    );
    // In an order that has nothing to do with lanes.
    for (let i = operations.length - 1; i > 0; i--) {
      const j = Math.floor(this.#draw.uniform() * (i + 1));
      [operations[i], operations[j]] = [operations[j]!, operations[i]!];
    }
    return operations;
  }

  /** Takes note of what was mined: what failed changed nothing. */
  settle(operations: readonly Operation[], succeeded: readonly boolean[]): void {
    for (const [i, { kind, user, amount }] of operations.entries()) {
      if (!succeeded[i]) continue;
      if (kind === "supply" || kind === "borrow") user.position += amount;
      else if (kind === "withdraw" || kind === "repay") user.position -= amount;
      else user.collateral += kind === "add collateral" ? amount : -amount;
    }
  }

  /** By how much the positions of lenders or of borrowers exceed what they were at first, as a share of that. */
  #excess(lend: boolean): number {
    const them = this.users.filter(({ lends }) => lends === lend);
    const first = sum(them.map((user) => user.first));
    return Number(sum(them.map((user) => user.position)) - first) / Number(first);
  }

  #operationOf(user: User, excess: number): Operation {
    const { uniform, logNormal } = this.#draw;
    const size = larger(logNormal((MEDIAN * BigInt(this.#setting.size)) / 100n, SIGMA), LEAST);
    const weight = Number(user.position) * Math.exp(STEADINESS * excess);
    const reduces = uniform() < weight / (weight + Number(user.first));
    const aside = !user.lends && uniform() < 1 / 3;
    const [pool, market] = [this.pool, this.market];
    const operation = (kind: Kind, to: AnyContract, method: string, amount: bigint, ...args: unknown[]) => ({
      kind,
      user,
      amount,
      from: user.address,
      to: String(to.target),
      data: to.interface.encodeFunctionData(method, args),
      gas: GAS.operation,
    });
    const who = user.address;
    const amount = reduces ? smaller(size, user.position) : size;
    if (user.lends) {
      return reduces
        ? operation("withdraw", pool, "withdraw", amount, amount, who, who)
        : operation("supply", pool, "deposit", amount, amount, who);
    }
    if (aside) {
      // A tenth of a token or less: health is not what is measured.
      const tokens = WAD / 10n;
      return reduces
        ? operation("remove collateral", market, "removeCollateral", tokens, who, 0, tokens, who)
        : operation("add collateral", market, "addCollateral", tokens, who, 0, tokens);
    }
    return reduces
      ? operation("repay", market, "repay", amount, who, 0, amount)
      : operation("borrow", market, "borrow", amount, who, 0, amount, who);
  }

  /* WHAT IS THERE */

  /** Debt of assets. */
  async utilisation(): Promise<number> {
    const [debt, assets] = [await this.market.totalDebt(), await this.pool.totalAssets()];
    return Number((debt * 10_000n) / assets) / 10_000;
  }

  /** The least of a lane by the average: of the pool's cash, and of the room under the debt cap. */
  async poorest(): Promise<{ cash: number; room: number }> {
    const share = (amounts: readonly bigint[]) => {
      const least = amounts.reduce((a, b) => smaller(a, b));
      return Number((least * BigInt(1_000 * amounts.length)) / sum(amounts)) / 1_000;
    };
    return { cash: share(await this.#lanes(this.pool, 0)), room: share(await this.#lanes(this.market, 1)) };
  }

  /** Of each lane what `laneOf` has in `place`. */
  #lanes(of: AnyContract, place: number): Promise<bigint[]> {
    return Promise.all(
      Array.from({ length: model.LANES }, async (_, lane) => (await of.laneOf(lane))[place] as bigint),
    );
  }

  /** Has pool and market level their lanes where they find it due; gives how many did. */
  async rebalance(): Promise<number> {
    let levelled = 0;
    // A pool pays a fee to whom its keeper names: here nobody whose slot is of interest.
    for (const [contract, ...args] of [[this.pool, this.pool.target], [this.market]] as const) {
      const refused = await contract.rebalance.staticCall(...args).then(
        () => null,
        (error: unknown) => error,
      );
      if (refused !== null) {
        if (!isCallException(refused)) throw refused;
        continue;
      }
      await this.#chain.alone(() => contract.rebalance(...args));
      levelled++;
    }
    return levelled;
  }

  nameOf(): (key: string) => string {
    const keys = new Map<string, string>();
    for (const maker of [this.pool, this.market]) {
      for (let lane = 0; lane < model.LANES; lane++) {
        const word = maker === this.pool ? "cash" : "collateral";
        keys.set(
          getCreateAddress({ from: String(maker.target), nonce: lane + 1 }).toLowerCase(),
          `${word} in lane ${lane}`,
        );
      }
    }
    const contract = (of: AnyContract, name: string, source: string) => ({
      address: String(of.target),
      name,
      source: `contracts/src/${source}`,
    });
    return slotNames(
      [
        contract(this.pool, "LendingPool", "pool/LendingPool.sol"),
        contract(this.market, "Market", "market/Market.sol"),
        contract(this.protocol.stablecoin, "Stablecoin", "stablecoin/Stablecoin.sol"),
        contract(this.collateral, "RwaToken", "rwa/RwaToken.sol"),
      ],
      keys,
    );
  }

  /* MAKING IT */

  /** Tokens and allowances for everybody. */
  async #endow(): Promise<void> {
    const { registry, stablecoin } = this.protocol;
    const { collateral } = this;
    const chain = this.#chain;
    await chain.alone(() => stablecoin.addFacility(chain.deployer));
    const expiry = (await chain.time()) + YEAR;
    const addresses = this.users.map(({ address }) => address);
    await chain.unlock(addresses);
    for (let i = 0; i < addresses.length; i += PAGE) {
      const page = addresses.slice(i, i + PAGE);
      await chain.alone(() => registry.setPersons(page, 2, 528, expiry));
    }
    const deployer = await chain.deployer.getAddress();
    const calls = (to: AnyContract, method: string, args: (user: User) => unknown[], from?: string) =>
      this.users.map((user) => ({
        from: from ?? user.address,
        to: String(to.target),
        data: to.interface.encodeFunctionData(method, args(user)),
        gas: GAS.approve,
      }));
    const plenty = 10n ** 9n * WAD;
    await this.#mine([
      ...calls(stablecoin, "mint", ({ address }) => [address, plenty, 0], deployer),
      ...calls(collateral, "mint", ({ address }) => [address, plenty], deployer),
      ...calls(stablecoin, "approve", () => [this.pool.target, MaxUint256]),
      ...calls(collateral, "approve", () => [this.market.target, MaxUint256]),
    ]);
  }

  /** Positions, and cash that is the same in every lane once all of them stand. */
  async #fill(): Promise<void> {
    const { stablecoin } = this.protocol;
    const chain = this.#chain;
    const { utilisation, oneLane, room: spare } = this.#setting;
    const debts = sum(this.users.filter(({ lends }) => !lends).map(({ position }) => position));
    const assets = (debts * 100n) / BigInt(utilisation);
    const lanes = oneLane ? 1 : model.LANES;
    const level = (assets - debts) / BigInt(lanes);
    await chain.alone(() => stablecoin.mint(chain.deployer, assets, 0));
    await chain.alone(() => stablecoin.approve(this.pool, MaxUint256));
    for (let lane = 0; lane < lanes; lane++) {
      const here = this.users.filter(({ address }) => model.laneOf(address) === lane);
      const lent = sum(here.map(({ lends, position }) => (lends ? -position : position)));
      if (level + lent <= 0n) throw new Error(`lane ${lane} holds more than its part: draw other users`);
      await chain.alone(() => this.pool.deposit(level + lent, addressIn(lane, "lender")));
    }
    const on = (to: AnyContract, method: string, user: User, ...args: unknown[]) => ({
      from: user.address,
      to: String(to.target),
      data: to.interface.encodeFunctionData(method, args),
      gas: GAS.position,
    });
    await this.#mine(
      this.users.filter(({ lends }) => lends).map((u) => on(this.pool, "deposit", u, u.position, u.address)),
    );
    const borrowers = this.users.filter(({ lends }) => !lends);
    await this.#mine(borrowers.map((u) => on(this.market, "addCollateral", u, u.address, 0, u.collateral)));
    await this.#mine(borrowers.map((u) => on(this.market, "borrow", u, u.address, 0, u.position, u.address)));

    const debtRoom = sum(await this.#lanes(this.market, 1));
    const supplyRoom = sum(await this.#lanes(this.pool, 2));
    await chain.alone(() => this.market.cutDebtCap(debtRoom - (debts * BigInt(spare)) / 100n));
    await chain.alone(() => this.pool.cutSupplyCap(supplyRoom - (assets * BigInt(spare)) / 100n));
  }

  /** In blocks of a thousand; all must succeed. */
  async #mine(calls: readonly Call[]): Promise<void> {
    for (let i = 0; i < calls.length; i += 1_000) {
      const { succeeded } = await this.#chain.mine(calls.slice(i, i + 1_000));
      const failed = succeeded.indexOf(false);
      if (failed >= 0) throw new Error(`setting up failed at ${JSON.stringify(calls[i + failed]?.data)}`);
    }
  }
}

function drawUsers({ users, utilisation, oneLane }: Setting, draw: Draw): User[] {
  const drawn = Array.from({ length: users }, (_, i) => {
    // Roles are spread over all lanes.
    const lends = (i * 7 + Math.floor(i / model.LANES)) % 10 < LENDERS / 100;
    const position = larger(draw.logNormal(MEDIAN, SIGMA), LEAST);
    return { address: addressIn(oneLane ? 0 : i % model.LANES, `user ${i}`), lends, position };
  });
  const debts = sum(drawn.filter(({ lends }) => !lends).map(({ position }) => position));
  const assets = (debts * 100n) / BigInt(utilisation);
  return drawn.map((user) => {
    // Collateral for many times what is borrowed: nobody is refused for his health.
    if (!user.lends) return { ...user, first: user.position, collateral: 10n ** 6n * WAD };
    // The lenders of each lane hold a quarter of its part of all assets; those who level the lanes hold the rest.
    const lane = model.laneOf(user.address);
    const here = drawn.filter(({ address, lends }) => lends && model.laneOf(address) === lane);
    const part = assets / BigInt(4 * (oneLane ? 1 : model.LANES));
    const position = (user.position * part) / sum(here.map((other) => other.position));
    return { ...user, position, first: position, collateral: 0n };
  });
}

/** An account by name, in the lane asked for. */
function addressIn(lane: number, name: string): string {
  return toBeHex(((BigInt(id(name)) >> 96n) & ~31n) | BigInt(lane), 20);
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
