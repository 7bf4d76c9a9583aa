// What each signer can spend, now and after what it has under way. Chooses who sends what; signs nothing.
import type { Protocol } from "../../contracts/deployment/protocol.ts";
import type { Connection } from "../lib/connection.ts";

/** What is under way, as far as it binds money. */
export type InFlight = {
  isUnderWay(key: string, block: number): boolean;
  pendingOf(address: string): number;
  promised(address: string, token: string): bigint;
  promisedGas(address: string): bigint;
  hasForeign(address: string): boolean;
};

/** For who only looks. */
export const NOTHING_IN_FLIGHT: InFlight = {
  isUnderWay: () => false,
  pendingOf: () => 0,
  promised: () => 0n,
  promisedGas: () => 0n,
  hasForeign: () => false,
};

export type Purse = {
  address: string;
  /** Wei of the native token that are not promised. */
  native: bigint;
  /** By token, in its smallest unit, what is not promised. */
  tokens: Map<string, bigint>;
  /** Transactions under way and planned. */
  load: number;
};

export class Money {
  readonly purses: readonly Purse[];

  private constructor(purses: readonly Purse[]) {
    this.purses = purses;
  }

  /** What `addresses` hold of the native token, pUSD and dollars, less what is in flight. */
  static async read(
    { provider }: Connection,
    { stablecoin, dollar }: Protocol,
    addresses: readonly string[],
    inFlight: InFlight,
  ): Promise<Money> {
    const purses = await Promise.all(
      addresses.map(async (address): Promise<Purse> => {
        const [native, ...balances] = await Promise.all([
          provider.getBalance(address),
          ...[stablecoin, dollar].map((token) => token.balanceOf(address) as Promise<bigint>),
        ]);
        const tokens = [stablecoin, dollar].map((token, i): [string, bigint] => {
          const name = String(token.target);
          return [name, less(balances[i] ?? 0n, inFlight.promised(address, name))];
        });
        return {
          address,
          native: less(native, inFlight.promisedGas(address)),
          tokens: new Map(tokens),
          load: inFlight.pendingOf(address),
        };
      }),
    );
    return new Money(purses.filter(({ address }) => !inFlight.hasForeign(address)));
  }

  /**
   * Who pays `amount` of `token` and `gas` wei: of those who can, the one with the least to do. Counts it as spent.
   * Undefined where nobody can.
   */
  take(token: string | undefined, amount: bigint, gas: bigint): string | undefined {
    const able = this.purses.filter(
      ({ native, tokens }) => native >= gas && (token === undefined || (tokens.get(token) ?? 0n) >= amount),
    );
    const chosen = able.sort((a, b) => a.load - b.load)[0];
    if (chosen === undefined) return undefined;
    chosen.load += 1;
    chosen.native -= gas;
    if (token !== undefined) chosen.tokens.set(token, (chosen.tokens.get(token) ?? 0n) - amount);
    return chosen.address;
  }

  /** Undoes a `take` that came to nothing. */
  giveBack(address: string, token: string | undefined, amount: bigint, gas: bigint): void {
    const purse = this.purses.find((each) => each.address === address);
    if (purse === undefined) return;
    purse.load -= 1;
    purse.native += gas;
    if (token !== undefined) purse.tokens.set(token, (purse.tokens.get(token) ?? 0n) + amount);
  }

  /** The most that one of them has of `token`. */
  most(token: string): bigint {
    return this.purses.reduce((most, { tokens }) => {
      const held = tokens.get(token) ?? 0n;
      return held > most ? held : most;
    }, 0n);
  }

  /** Whether anybody can pay `gas` wei. */
  hasGas(gas: bigint): boolean {
    return this.purses.some(({ native }) => native >= gas);
  }
}

function less(amount: bigint, promised: bigint): bigint {
  return amount > promised ? amount - promised : 0n;
}
