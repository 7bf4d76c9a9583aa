// The keeper's work without its loop: finds positions, judges those in default, words what is to be sent. Sends nothing itself
// and keeps no state but the owners it has seen.
import { MaxUint256, type Wallet } from "ethers";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import { connectProtocol, type DeploymentRecord } from "../../contracts/deployment/record.ts";
import type { Connection } from "../lib/connection.ts";
import type { Intent } from "../lib/together.ts";
import { type Candidates, EventCandidates } from "./candidates.ts";
import { Decisions, type GasPrice, type Plan, type Rejection, type Sale, type Settings } from "./decide.ts";
import { type InFlight, Money, NOTHING_IN_FLIGHT } from "./money.ts";
import type { Work } from "./outbox.ts";
import { headOf, type Position, Positions } from "./positions.ts";
import { isOf, type Shard, WHOLE } from "./shard.ts";
import { UpkeepChores } from "./upkeep.ts";

export type { Plan } from "./decide.ts";
export type { Position } from "./positions.ts";

export type Liquidation = {
  /** As of a position. */
  market: string;
  scale: bigint;
  owner: string;
  termsId: number;
  repaid: bigint;
  seized: bigint;
  loss: bigint;
};

export type KeeperOptions = {
  /** Where to look; the markets' events where left out. */
  candidates?: (protocol: Protocol, events: Candidates) => Candidates;
  shard?: Shard;
};

const BOTH_SALES: ReadonlySet<Sale> = new Set(["liquidate", "auction"]);
const APPROVAL_GAS = 100_000n;

export class Keeper {
  readonly protocol: Protocol;
  readonly signers: readonly Wallet[];
  readonly chores: UpkeepChores;
  readonly shard: Shard;
  readonly #connection: Connection;
  readonly #candidates: Candidates;
  readonly #positions: Positions;
  readonly #decisions: Decisions;

  /** @param signers each an eligible liquidator with money of its own */
  constructor(
    connection: Connection,
    record: DeploymentRecord,
    signers: readonly Wallet[],
    options: KeeperOptions = {},
  ) {
    this.#connection = connection;
    this.protocol = connectProtocol(record, connection.provider);
    this.signers = signers;
    this.shard = options.shard ?? WHOLE;
    const events = new EventCandidates(connection, this.protocol, record.startBlock);
    this.#candidates = options.candidates?.(this.protocol, events) ?? events;
    this.#positions = new Positions(this.protocol);
    this.#decisions = new Decisions(connection, this.protocol, this.#positions);
    this.chores = new UpkeepChores(connection, this.protocol, record.startBlock);
  }

  /** All indebted positions of the shard, the least healthy first, at block `head`, else now. */
  async scan(head?: number): Promise<Position[]> {
    const block = head ?? (await this.#connection.provider.getBlockNumber());
    const candidates = await this.#candidates.at(block);
    return this.#positions.read(
      candidates.filter(({ owner }) => isOf(this.shard, owner)),
      block,
    );
  }

  /** Tries the liquidation of each position in default; those that fail or pay too little come back with the reason. */
  async simulate(
    positions: readonly Position[],
    minProfit: bigint,
  ): Promise<{ plans: Plan[]; rejected: Rejection[] }> {
    const { timestamp, baseFee } = await headOf(this.#connection.provider);
    const gas = { expected: baseFee, offered: 2n * baseFee };
    return this.judge(positions, BOTH_SALES, NOTHING_IN_FLIGHT, {
      gas,
      settings: { minProfit, nativePrice: 0n },
      now: timestamp,
    });
  }

  /** The same with what is under way, what gas costs, and only some kinds of sale. */
  async judge(
    positions: readonly Position[],
    sales: ReadonlySet<Sale>,
    inFlight: InFlight,
    about: { gas: GasPrice; settings: Settings; now: number },
  ): Promise<{ plans: Plan[]; rejected: Rejection[] }> {
    const money = await this.money(inFlight);
    return this.#decisions.on(positions, sales, { money, inFlight, ...about });
  }

  money(inFlight: InFlight): Promise<Money> {
    const addresses = this.signers.map(({ address }) => address);
    return Money.read(this.#connection, this.protocol, addresses, inFlight);
  }

  /** The transactions of `plans`. */
  intents(plans: readonly { work: Work }[]): Intent[] {
    return plans.map(({ work: { sender, to, data, gasLimit } }) => ({
      sender: this.#signer(sender),
      to,
      data,
      gasLimit,
    }));
  }

  /** What lets every market's source take repayments from each signer that has not allowed that yet. */
  async approvals(): Promise<{ work: Work }[]> {
    const wanted = await Promise.all(
      this.protocol.markets.flatMap(({ key, source }) =>
        this.signers.map(async ({ address }) => {
          const { token } = await this.#positions.loanToken(key);
          const allowance = (await token.allowance(address, source.target)) as bigint;
          return { key, token, spender: String(source.target), address, enough: allowance > MaxUint256 / 2n };
        }),
      ),
    );
    return wanted
      .filter(({ enough }) => !enough)
      .map(({ key, token, spender, address }) => ({
        work: {
          key: `approve:${token.target}:${spender}:${address}`,
          job: "approve",
          sender: address,
          to: String(token.target),
          data: token.interface.encodeFunctionData("approve", [spender, MaxUint256]),
          gasLimit: APPROVAL_GAS,
          fields: { market: key },
        },
      }));
  }

  /** Puts up for sale, window and auction, a position that nobody liquidates at a profit. */
  markOf({ market, owner, termsId }: Position): Pick<Work, "to" | "data"> {
    const { market: contract } = marketOf(this.protocol, market);
    return {
      to: String(contract.target),
      data: contract.interface.encodeFunctionData("mark", [owner, termsId]),
    };
  }

  /** The liquidations in the block `number`. */
  async liquidationsIn(number: number): Promise<Liquidation[]> {
    const { markets } = this.protocol;
    const logs = await Promise.all(
      markets.map(({ market }) => market.queryFilter("Liquidated", number, number)),
    );
    return this.liquidationsOf(logs.flat());
  }

  /** The liquidations that `logs` tell of. */
  async liquidationsOf(
    logs: readonly { topics: readonly string[]; data: string; address: string }[],
  ): Promise<Liquidation[]> {
    const found: Liquidation[] = [];
    for (const { key, market } of this.protocol.markets) {
      const { scale } = await this.#positions.loanToken(key);
      for (const log of logs) {
        if (log.address.toLowerCase() !== String(market.target).toLowerCase()) continue;
        const event = market.interface.parseLog(log);
        if (event?.name !== "Liquidated") continue;
        const { owner, termsId, repaid, seized, loss } = event.args;
        found.push({ market: key, scale, owner, termsId: Number(termsId), repaid, seized, loss });
      }
    }
    return found;
  }

  /** What `liquidation` earned before gas, wad of a dollar, at the NAV of `block`. */
  async earned({ market, seized, repaid, scale }: Liquidation, block: number): Promise<bigint> {
    const contract: AnyContract = marketOf(this.protocol, market).market;
    return ((await contract.collateralValue(seized, { blockTag: block })) - repaid) * scale;
  }

  #signer(address: string): Wallet {
    const signer = this.signers.find((each) => each.address === address);
    if (signer === undefined) throw new Error(`${address} is none of the keeper's signers`);
    return signer;
  }
}
