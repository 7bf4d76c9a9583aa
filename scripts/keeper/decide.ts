// Judges each position that is in default: whether it can be liquidated or bought, by whom, at which profit after gas - tried
// against the chain's state - or why not. Sends nothing.
import { toQuantity } from "ethers";
import { marketOf, type Protocol } from "../../contracts/deployment/protocol.ts";
import type { Connection } from "../lib/connection.ts";
import { explain } from "../lib/errors.ts";
import { money as dollars } from "../lib/terminal.ts";
import type { InFlight, Money } from "./money.ts";
import type { Work } from "./outbox.ts";
import { type Position, type Positions, positionKey } from "./positions.ts";

/** A liquidation at a discount, or a purchase in an auction. */
export type Sale = "liquidate" | "auction";

/** A liquidation that was tried against the chain's state and pays. */
export type Plan = {
  position: Position;
  job: Sale;
  sender: string;
  repay: bigint;
  seize: bigint;
  /** Value of what is seized less what is repaid and less gas, wad of a dollar. */
  profit: bigint;
  /** Wad of a dollar. */
  gasCost: bigint;
  work: Work;
};

/** Why nothing is sent for a position that is in default. */
export type Rejection = {
  position: Position;
  reason: string;
  /** It could be done, but does not pay: an auction may find somebody. */
  unprofitable?: boolean;
};

export type Settings = {
  /** Wad of a dollar, after gas. */
  minProfit: bigint;
  /** Dollars of a whole native token, wad. */
  nativePrice: bigint;
};

/** Wei per gas that a transaction comes to cost, and the most that it offers. */
export type GasPrice = { expected: bigint; offered: bigint };

/** How much less than quoted the keeper accepts: the NAV may move in between. */
const SLIPPAGE_BPS = 10n;
/** Gas limit over the estimate, per cent: neighbours' lanes may be needed by then. */
const GAS_MARGIN = 130n;
/** What a liquidation may need before it was estimated, to choose who can pay for it. */
const GAS_GUESS = 700_000n;
const BPS = 10_000n;
const WAD = 10n ** 18n;

export class Decisions {
  readonly #connection: Connection;
  readonly #protocol: Protocol;
  readonly #positions: Positions;

  constructor(connection: Connection, protocol: Protocol, positions: Positions) {
    this.#connection = connection;
    this.#protocol = protocol;
    this.#positions = positions;
  }

  /**
   * What to send for those of `positions` that are in default, and for each of the others why not. Takes the money of
   * what it plans.
   * @param now seconds @param sales which kinds to plan
   */
  async on(
    positions: readonly Position[],
    sales: ReadonlySet<Sale>,
    { money, inFlight, gas, settings, now }: Circumstances,
  ): Promise<{ plans: Plan[]; rejected: Rejection[] }> {
    const judged = await Promise.all(
      positions.filter(isInDefault).map(async (position): Promise<Plan | Rejection> => {
        const obstacle = obstacleTo(position, inFlight, now);
        if (obstacle !== undefined) return { position, reason: obstacle };
        const job: Sale = position.phase === "auction" ? "auction" : "liquidate";
        if (!sales.has(job)) return { position, reason: `${job} is turned off` };
        return this.#try(position, job, { money, gas, settings });
      }),
    );
    return {
      plans: judged.filter((each): each is Plan => "work" in each),
      rejected: judged.filter((each): each is Rejection => "reason" in each),
    };
  }

  async #try(
    position: Position,
    job: Sale,
    { money, gas, settings }: Pick<Circumstances, "money" | "gas" | "settings">,
  ): Promise<Plan | Rejection> {
    const { token, scale } = await this.#positions.loanToken(position.market);
    const name = String(token.target);
    const reserved = GAS_GUESS * gas.offered;
    const offer = offerFor(position, money.most(name));
    if (offer === undefined) {
      const lack = `no signer holds the $${dollars(position.repay * scale, 2)} that it takes: the most is $${dollars(money.most(name) * scale, 2)}`;
      return { position, reason: lack };
    }
    const sender = money.take(name, offer.maxRepay, reserved);
    if (sender === undefined) {
      const lacksGas = !money.hasGas(reserved);
      return {
        position,
        reason: lacksGas
          ? "no signer has the native token for gas"
          : `all of the signers' money is under way: $${dollars(offer.maxRepay * scale, 2)} is needed`,
      };
    }
    const giveBack = () => money.giveBack(sender, name, offer.maxRepay, reserved);
    const { market } = marketOf(this.#protocol, position.market);
    const to = String(market.target);
    const data = market.interface.encodeFunctionData("liquidate", [
      position.owner,
      position.termsId,
      offer.maxRepay,
      offer.minSeized,
      sender,
      "0x",
    ]);
    try {
      const estimate = await this.#connection.provider.send("eth_estimateGas", [
        { from: sender, to, data },
        toQuantity(position.block),
      ]);
      const gasUsed = BigInt(estimate);
      const gasCost = (gasUsed * gas.expected * settings.nativePrice) / WAD;
      const { collateral, collateralValue } = position;
      const value = collateral === 0n ? 0n : (collateralValue * offer.seize) / collateral;
      const profit = (value - offer.repay) * scale - gasCost;
      if (profit < settings.minProfit) {
        giveBack();
        return {
          position,
          reason: `earns $${dollars(profit, 2)} after $${dollars(gasCost, 2)} of gas, less than the minimum profit`,
          unprofitable: true,
        };
      }
      const fields = {
        market: position.market,
        owner: position.owner,
        termsId: position.termsId,
        health: dollars(position.health, 4),
        repay: dollars(offer.repay * scale, 2),
        profit: dollars(profit, 2),
      };
      const work: Work = {
        key: positionKey(position),
        job,
        sender,
        to,
        data,
        gasLimit: (gasUsed * GAS_MARGIN) / 100n,
        spends: { token: name, amount: offer.maxRepay },
        fields,
      };
      return { position, job, sender, repay: offer.repay, seize: offer.seize, profit, gasCost, work };
    } catch (error) {
      giveBack();
      return { position, reason: explain(error) };
    }
  }
}

export type Circumstances = {
  money: Money;
  inFlight: InFlight;
  gas: GasPrice;
  settings: Settings;
  now: number;
};

/** Unhealthy, overdue, or liquidatable by its owner's consent. */
function isInDefault({ liquidatable, priced, health, overdue }: Position): boolean {
  return liquidatable || overdue || (priced && health < WAD);
}

/** Why a position in default cannot be liquidated by anybody now, or should not be tried. */
function obstacleTo(position: Position, inFlight: InFlight, now: number): string | undefined {
  if (inFlight.isUnderWay(positionKey(position), position.block)) return "a transaction for it is under way";
  if (position.liquidatable) {
    return position.phase === "window"
      ? `marked: until ${position.phaseUntil} it is the preferred buyers' alone`
      : undefined;
  }
  if (!position.priced) return "there is no NAV to go by";
  if (position.inWorkout > 0n) return "its collateral is with the workout";
  if (position.coolOffUntil > BigInt(now)) return `cools off until ${position.coolOffUntil}`;
  return "the NAV cannot be used: it has expired, or the ripcord is pulled";
}

/**
 * Offers a little more than quoted, since interest runs until it is mined; the market takes what is due. With less money
 * than that, as much as there is, where a part can be liquidated. Undefined: not with this money.
 */
function offerFor(
  { repay, seizable, closeInFull }: Position,
  available: bigint,
): { repay: bigint; seize: bigint; maxRepay: bigint; minSeized: bigint } | undefined {
  const whole = (repay * (BPS + SLIPPAGE_BPS)) / BPS;
  const least = (seized: bigint) => (seized * (BPS - SLIPPAGE_BPS)) / BPS;
  if (available >= whole) return { repay, seize: seizable, maxRepay: whole, minSeized: least(seizable) };
  if (closeInFull || available === 0n) return undefined;
  const part = available < repay ? available : repay;
  const seize = (seizable * part) / repay;
  return { repay: part, seize, maxRepay: part, minSeized: least(seize) };
}
