// What the chain says of candidates, read through `Lens` at one block. Decides nothing and sends nothing.
import type { Provider } from "ethers";
import { type AnyContract, marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import type { Candidate } from "./candidates.ts";

/** As in `IMarket.Phase`. */
export const PHASES = ["none", "window", "auction", "workout"] as const;
export type Phase = (typeof PHASES)[number];

/** Amounts of debt and value are in the loan token's smallest unit. */
export type Position = Candidate & {
  /** The block it was read at. */
  block: number;
  /** What a smallest unit of the loan token is in wad of a dollar. */
  scale: bigint;
  collateral: bigint;
  /** At the NAV in force. */
  collateralValue: bigint;
  debt: bigint;
  /** Wad. */
  health: bigint;
  /** False: there is no NAV to go by. */
  priced: boolean;
  overdue: boolean;
  /** Seconds: not liquidatable before. */
  coolOffUntil: bigint;
  phase: Phase;
  /** Seconds. */
  phaseUntil: bigint;
  inWorkout: bigint;
  /** What threatens to be lost, as last assessed. */
  impairment: bigint;
  liquidatable: boolean;
  closeInFull: boolean;
  /** What a liquidation would take from the keeper and give him. */
  repay: bigint;
  seizable: bigint;
};

export type LoanToken = { token: AnyContract; scale: bigint };

const LENS_PAGE = 50;

/** One name for a position, whatever is done with it. */
export function positionKey({ market, termsId, owner }: Candidate): string {
  return `${market}:${termsId}:${owner.toLowerCase()}`;
}

export class Positions {
  readonly #protocol: Protocol;
  readonly #loanTokens = new Map<string, LoanToken>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** Those of `candidates` that owe something at `block`, the least healthy first. */
  async read(candidates: readonly Candidate[], block: number): Promise<Position[]> {
    const groups = Map.groupBy(candidates, ({ market, termsId }) => `${market}:${termsId}`);
    const found = await Promise.all(
      [...groups.values()].map((group) => {
        const [{ market, termsId } = { market: "", termsId: 0 }] = group;
        return this.#under(
          market,
          termsId,
          group.map(({ owner }) => owner),
          block,
        );
      }),
    );
    return found.flat().sort((a, b) => (a.health < b.health ? -1 : a.health > b.health ? 1 : 0));
  }

  async loanToken(market: string): Promise<LoanToken> {
    const known = this.#loanTokens.get(market);
    if (known !== undefined) return known;
    const { stablecoin, dollar } = this.#protocol;
    const asset = (await marketOf(this.#protocol, market).source.asset()) as string;
    const token = asset === stablecoin.target ? stablecoin : dollar;
    const found = { token, scale: 10n ** (18n - BigInt(await token.decimals())) };
    this.#loanTokens.set(market, found);
    return found;
  }

  async #under(market: string, termsId: number, owners: string[], block: number): Promise<Position[]> {
    const { scale } = await this.loanToken(market);
    const { lens } = this.#protocol;
    const { market: contract } = marketOf(this.#protocol, market);
    const pages: string[][] = [];
    for (let i = 0; i < owners.length; i += LENS_PAGE) pages.push(owners.slice(i, i + LENS_PAGE));
    const views = await Promise.all(
      pages.map((page) => lens.positions(contract.target, termsId, page, { blockTag: block })),
    );
    return views
      .flatMap((page) => [...page])
      .filter(({ ok, debt }) => ok && debt > 0n)
      .map((view) => ({
        market,
        termsId,
        owner: view.owner,
        block,
        scale,
        collateral: view.collateral,
        collateralValue: view.collateralValue,
        debt: view.debt,
        health: view.health,
        priced: view.priced,
        overdue: view.overdue,
        coolOffUntil: view.coolOffUntil,
        phase: PHASES[Number(view.phase)] ?? "none",
        phaseUntil: view.phaseUntil,
        inWorkout: view.inWorkout,
        impairment: view.impairment,
        liquidatable: view.liquidatable,
        closeInFull: view.quote.closeInFull,
        repay: view.quote.repay,
        seizable: view.seizable,
      }));
  }
}

/** The newest block's number and time, seconds. */
export async function headOf(
  provider: Provider,
): Promise<{ number: number; timestamp: number; baseFee: bigint }> {
  const block = await provider.getBlock("latest");
  if (block === null) throw new Error("the node has no latest block");
  return { number: block.number, timestamp: block.timestamp, baseFee: block.baseFeePerGas ?? 0n };
}
