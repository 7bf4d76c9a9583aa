// The keeper's work without its loop: find positions, see which may be liquidated, try it, send it, count what it earned.
// Keeps no state of its own but the owners it has seen, so that a restart or a reorganisation loses nothing.
import { ethers, type Wallet } from "ethers";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord } from "../../contracts/deployment/record.ts";
import type { Connection } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import type { Intent } from "../lib/together.ts";

/** Amounts of debt and value are in the loan token's smallest unit. */
export type Position = {
  /** Key of the market. */
  market: string;
  /** What a smallest unit of the loan token is in wad of a dollar. */
  scale: bigint;
  owner: string;
  collateral: bigint;
  /** At the NAV in force. */
  collateralValue: bigint;
  debt: bigint;
  /** Wad. */
  health: bigint;
  liquidatable: boolean;
  closeInFull: boolean;
  /** What a liquidation would take from the keeper and give him. */
  repay: bigint;
  seizable: bigint;
};

/** A liquidation that was tried against the chain's state and pays. */
export type Plan = {
  position: Position;
  repay: bigint;
  seize: bigint;
  /** Value of what is seized less what is repaid, wad of a dollar, before gas. */
  profit: bigint;
  gasLimit: bigint;
};

export type Rejection = { position: Position; reason: string };

export type Liquidation = {
  /** As of a position. */
  market: string;
  scale: bigint;
  owner: string;
  repaid: bigint;
  seized: bigint;
  loss: bigint;
};

type LoanToken = { token: AnyContract; scale: bigint };

/** How far the scan goes back over blocks seen before, in case they were replaced. */
const REORG_MARGIN = 64;
const LOG_RANGE = 5_000;
const LENS_PAGE = 100;
/** How much less than quoted the keeper accepts: the NAV may move in between. */
const SLIPPAGE_BPS = 10n;
/** Gas limit over the estimate, per cent: neighbours' lanes may be needed by then. */
const GAS_MARGIN = 130n;
const BPS = 10_000n;

export class Keeper {
  readonly protocol: Protocol;
  readonly signers: readonly Wallet[];
  readonly #record: DeploymentRecord;
  readonly #connection: Connection;
  /** Who ever borrowed, by market. */
  readonly #owners = new Map<string, Set<string>>();
  readonly #loanTokens = new Map<string, LoanToken>();
  #scannedTo: number;

  /** @param signers each an eligible liquidator with money of its own */
  constructor(connection: Connection, record: DeploymentRecord, signers: readonly Wallet[]) {
    this.#connection = connection;
    this.#record = record;
    this.#scannedTo = record.startBlock;
    this.protocol = connectProtocol(record, connection.provider);
    this.signers = signers;
  }

  /** All indebted positions of all markets, the least healthy first. */
  async scan(): Promise<Position[]> {
    await this.#findOwners();
    const found = await Promise.all(this.protocol.markets.map(({ key }) => this.#positionsIn(key)));
    return found.flat().sort((a, b) => (a.health < b.health ? -1 : a.health > b.health ? 1 : 0));
  }

  async #positionsIn(market: string): Promise<Position[]> {
    const { scale } = await this.#loanToken(market);
    const owners = [...(this.#owners.get(market) ?? [])];
    const pages: string[][] = [];
    for (let i = 0; i < owners.length; i += LENS_PAGE) pages.push(owners.slice(i, i + LENS_PAGE));
    const { lens } = this.protocol;
    const views = await Promise.all(pages.map((page) => lens.positions(this.#at(market).target, 0, page)));
    return views
      .flatMap((page) => [...page])
      .filter(({ debt }) => debt > 0n)
      .map((view) => ({
        market,
        scale,
        owner: view.owner,
        collateral: view.collateral,
        collateralValue: view.collateralValue,
        debt: view.debt,
        health: view.health,
        liquidatable: view.liquidatable,
        closeInFull: view.quote.closeInFull,
        repay: view.quote.repay,
        seizable: view.seizable,
      }));
  }

  /** Tries the liquidation of each position by a call; those that fail or pay nothing come back with the reason. */
  async simulate(
    positions: readonly Position[],
    minProfit: bigint,
  ): Promise<{ plans: Plan[]; rejected: Rejection[] }> {
    const due = positions.filter(({ liquidatable }) => liquidatable);
    const tried = await Promise.all(
      due.map((position, i) => this.#try(position, this.signerOf(i), minProfit)),
    );
    return {
      plans: tried.filter((each): each is Plan => "repay" in each),
      rejected: tried.filter((each): each is Rejection => "reason" in each),
    };
  }

  /** The transactions of `plans`, spread over the signers. */
  intents(plans: readonly Plan[]): Intent[] {
    return plans.map(({ position, repay, seize, gasLimit }, i) => ({
      sender: this.signerOf(i),
      to: String(this.#at(position.market).target),
      data: this.#encode(position, repay, seize, this.signerOf(i)),
      gasLimit,
    }));
  }

  /** Sends `plans` and waits: each signer's in order, all signers beside each other. */
  async send(
    plans: readonly Plan[],
  ): Promise<{ liquidations: Liquidation[]; failed: Rejection[]; fees: bigint }> {
    const result = { liquidations: [] as Liquidation[], failed: [] as Rejection[], fees: 0n };
    const intents = this.intents(plans);
    const queues = this.signers.map((signer) =>
      intents.flatMap((intent, i) => (intent.sender === signer ? [{ intent, plan: plans[i] }] : [])),
    );
    await Promise.all(
      queues.map(async (queue) => {
        for (const { intent, plan } of queue) {
          if (plan === undefined) continue;
          try {
            const { sender, ...request } = intent;
            const receipt = await (await sender.sendTransaction(request)).wait();
            if (receipt === null) throw new Error("no receipt");
            result.fees += receipt.fee;
            result.liquidations.push(...(await this.#liquidationsIn(receipt.logs)));
          } catch (error) {
            result.failed.push({ position: plan.position, reason: explain(error) });
          }
        }
      }),
    );
    return result;
  }

  /** The liquidations in the block `number`. */
  async liquidationsIn(number: number): Promise<Liquidation[]> {
    const { markets } = this.protocol;
    const logs = await Promise.all(
      markets.map(({ market }) => market.queryFilter("Liquidated", number, number)),
    );
    return this.#liquidationsIn(logs.flat());
  }

  /** Lets every market's source take repayments from each signer who has not allowed that yet. */
  async approve(): Promise<void> {
    for (const { key, source } of this.protocol.markets) {
      const { token } = await this.#loanToken(key);
      for (const signer of this.signers) {
        const allowance = (await token.allowance(signer.address, source.target)) as bigint;
        if (allowance > ethers.MaxUint256 / 2n) continue;
        const mine = token.connect(signer) as AnyContract;
        await (await mine.approve(source.target, ethers.MaxUint256)).wait();
      }
    }
  }

  /** Whose turn the plan number `index` is. */
  signerOf(index: number): Wallet {
    const signer = this.signers[index % this.signers.length];
    if (signer === undefined) throw new Error("a keeper needs at least one signer");
    return signer;
  }

  #at(key: string): AnyContract {
    return marketOf(this.protocol, key).market;
  }

  async #loanToken(key: string): Promise<LoanToken> {
    const known = this.#loanTokens.get(key);
    if (known !== undefined) return known;
    const { stablecoin, dollar } = this.protocol;
    const asset = (await marketOf(this.protocol, key).source.asset()) as string;
    const token = asset === stablecoin.target ? stablecoin : dollar;
    const found = { token, scale: 10n ** (18n - BigInt(await token.decimals())) };
    this.#loanTokens.set(key, found);
    return found;
  }

  async #findOwners(): Promise<void> {
    const head = await this.#connection.provider.getBlockNumber();
    const from = Math.max(this.#record.startBlock, Math.min(this.#scannedTo, head) - REORG_MARGIN);
    for (const { key, market } of this.protocol.markets) {
      const owners = this.#owners.get(key) ?? new Set();
      this.#owners.set(key, owners);
      for (let start = from; start <= head; start += LOG_RANGE) {
        const events = await market.queryFilter("Borrowed", start, Math.min(head, start + LOG_RANGE - 1));
        for (const event of events) if ("args" in event) owners.add(event.args.owner);
      }
    }
    this.#scannedTo = head;
  }

  async #try(position: Position, signer: Wallet, minProfit: bigint): Promise<Plan | Rejection> {
    const market = this.#at(position.market);
    try {
      const data = this.#encode(position, position.repay, position.seizable, signer);
      const request = { from: signer.address, to: String(market.target), data };
      const { provider } = this.#connection;
      const [returned, gas] = await Promise.all([provider.call(request), provider.estimateGas(request)]);
      const [repay, seize] = market.interface.decodeFunctionResult(
        "liquidate",
        returned,
      ) as unknown as bigint[];
      if (repay === undefined || seize === undefined) throw new Error("liquidate returned nothing");
      const profit = ((position.collateralValue * seize) / position.collateral - repay) * position.scale;
      if (profit < minProfit) return { position, reason: "earns less than the minimum profit" };
      return { position, repay, seize, profit, gasLimit: (gas * GAS_MARGIN) / 100n };
    } catch (error) {
      return { position, reason: explain(error) };
    }
  }

  /** Offers a little more than quoted, since interest runs until it is mined; the market takes what is due. */
  #encode(position: Position, repay: bigint, seize: bigint, signer: Wallet): string {
    return this.#at(position.market).interface.encodeFunctionData("liquidate", [
      position.owner,
      0,
      (repay * (BPS + SLIPPAGE_BPS)) / BPS,
      (seize * (BPS - SLIPPAGE_BPS)) / BPS,
      signer.address,
      "0x",
    ]);
  }

  async #liquidationsIn(
    logs: readonly { topics: readonly string[]; data: string; address: string }[],
  ): Promise<Liquidation[]> {
    const found: Liquidation[] = [];
    for (const { key, market } of this.protocol.markets) {
      const { scale } = await this.#loanToken(key);
      for (const log of logs) {
        if (log.address.toLowerCase() !== String(market.target).toLowerCase()) continue;
        const event = market.interface.parseLog(log);
        if (event?.name !== "Liquidated") continue;
        const { owner, repaid, seized, loss } = event.args;
        found.push({ market: key, scale, owner, repaid, seized, loss });
      }
    }
    return found;
  }
}
