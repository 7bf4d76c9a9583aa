// What people do in the seed: they are admitted, lend, borrow, repay, top up, pay one another, leave. Remembers what each
// has, so that what they try makes sense; whether it passes the chain says. Knows no calendar.
import { MaxUint256 } from "ethers";
import type { AnyContract } from "../../contracts/deployment/contract.ts";
import { type DeployedMarket, marketOf } from "../../contracts/deployment/protocol.ts";
import { ROLES } from "../lib/deployment.ts";
import type { Intent } from "../lib/together.ts";
import type { Person } from "./cast.ts";
import type { Navs } from "./navs.ts";
import { DAY, SWEEP, type Try, type World } from "./world.ts";

const BORROWER = 2; // IEligibilityRegistry.Tier
const VALID = 730 * DAY;
const WAD = 10n ** 18n;
/** Beyond what is borrowed, so that interest can be paid, per cent of it. */
const CUSHION = 15n;
/** What repays a debt in full: the market takes what is owed. */
const ALL = 2n ** 120n;

/** Changes money of the dollar token to pUSD and hands it out. */
const BANK = 99;
const BANK_ACCOUNTS = { usd: 80_000_000n * 10n ** 6n, swap: 2_400_000n * 10n ** 6n };

export type OfferedTerms = { id: number; market: string; kind: "variable" | "fixed"; openUntil: number };

type Actor = Person & {
  at: DeployedMarket;
  token: AnyContract;
  /** A dollar in the loan token's smallest unit. */
  unit: bigint;
  termsId: number;
  collateral: bigint;
  /** Without interest. */
  debt: bigint;
  supplied: bigint;
  present: boolean;
};

export class People {
  readonly #world: World;
  readonly #navs: Navs;
  readonly #random: () => number;
  readonly #actors: Actor[];
  readonly #terms: readonly OfferedTerms[];

  /** @param terms on offer; more may be added later */
  constructor(
    world: World,
    navs: Navs,
    random: () => number,
    cast: readonly Person[],
    terms: readonly OfferedTerms[],
  ) {
    this.#terms = terms;
    this.#world = world;
    this.#navs = navs;
    this.#random = random;
    this.#actors = cast.map((person) => {
      const at = marketOf(world.protocol, person.market.key);
      const nothing = { termsId: 0, collateral: 0n, debt: 0n, supplied: 0n, present: false };
      return { ...person, at, ...world.loanToken(at.key), ...nothing };
    });
  }

  /** Accounts that need gas money before the first day. */
  get accounts(): number[] {
    return [BANK, ...this.#actors.map(({ account }) => account)];
  }

  /** The bank's dollars, and what it may do with them. */
  open(): Intent[] {
    const { dollar, peg } = this.#world.protocol;
    const bank = this.#world.wallet(BANK).address;
    return [
      this.#world.intent(BANK, dollar, "mint", [bank, BANK_ACCOUNTS.usd]),
      this.#world.intent(BANK, dollar, "approve", [peg.target, MaxUint256]),
    ];
  }

  /** As many dollars for pUSD as the peg module takes within a day. */
  change(): Intent {
    const bank = this.#world.wallet(BANK).address;
    return this.#world.intent(BANK, this.#world.protocol.peg, "swapIn", [BANK_ACCOUNTS.swap, 0, bank]);
  }

  /** `usd` pUSD from the bank. */
  pay(to: string, usd: bigint): Intent {
    return this.#world.intent(BANK, this.#world.protocol.stablecoin, "transfer", [to, usd * WAD]);
  }

  /** Who comes on `day` is put on record, has collateral minted or money handed out, and lets the market take it. */
  arrivals(day: number, now: number): { admitted: Intent[]; prepared: Intent[] } {
    const world = this.#world;
    const { registry } = world.protocol;
    const come = this.#actors.filter((actor) => actor.day === day);
    const admitted = [...Map.groupBy(come, ({ jurisdiction }) => jurisdiction)].map(
      ([jurisdiction, group]) => {
        const addresses = group.map((actor) => this.#address(actor));
        return world.intent(
          ROLES.registrar,
          registry,
          "setPersons",
          [addresses, BORROWER, jurisdiction, now + VALID],
          8_000_000n,
        );
      },
    );
    const prepared = come.flatMap((actor) => {
      const { at, token, unit, amount, account } = actor;
      const address = this.#address(actor);
      const needed = BigInt(amount) * unit;
      const approve = world.intent(account, token, "approve", [at.source.target, MaxUint256]);
      if (actor.part === "lender") return [this.#hand(actor, (needed * 3n) / 2n), approve];
      actor.collateral = this.#collateralFor(actor, needed);
      return [
        world.intent(ROLES.agent, at.collateral, "mint", [address, (actor.collateral * 13n) / 10n]),
        this.#hand(actor, (needed * CUSHION) / 100n + 5n * unit),
        world.intent(account, at.collateral, "approve", [at.market.target, MaxUint256]),
        approve,
      ];
    });
    return { admitted, prepared };
  }

  /** What those do first who came on `day` or could not do it before: lenders lend, borrowers pledge. */
  pledges(day: number, now: number): Try[] {
    const due = this.#actors.filter((actor) => actor.day <= day && !actor.present);
    return due.map((actor) => {
      if (actor.part === "lender") {
        const amount = BigInt(actor.amount) * actor.unit;
        const supplied = () => {
          actor.present = true;
          actor.supplied = amount;
        };
        return { intent: this.#supply(actor, amount), done: supplied };
      }
      actor.termsId = this.#chooseTerms(actor, now);
      const pledged = () => {
        actor.present = true;
      };
      return { intent: this.#pledge(actor, actor.collateral), done: pledged };
    });
  }

  /** First loans of whoever pledged and owes nothing. */
  loans(day: number): Try[] {
    const ready = this.#actors.filter(
      ({ part, present, debt, collateral, day: since }) =>
        part === "borrower" && present && debt === 0n && collateral > 0n && day - since < 20,
    );
    return ready.map((actor) => {
      const amount = BigInt(actor.amount) * actor.unit;
      return { intent: this.#borrow(actor, amount), done: () => this.#owes(actor, amount) };
    });
  }

  /** What a common day brings: some repay, top up, borrow more, lend more or less, pay each other. */
  dealings(): Try[] {
    return this.#actors.flatMap((actor) => {
      if (!actor.present || actor.amount <= 0) return [];
      const lot = this.#random();
      const some = BigInt(5 + Math.floor(this.#random() * 20)); // per cent
      const dealing = actor.part === "lender" ? this.#lend(actor, lot, some) : this.#owe(actor, lot, some);
      return dealing === undefined ? [] : [dealing];
    });
  }

  /** A `share` of those who owe in `key` pledge a quarter more: they heard that their collateral lost value. */
  topUps(key: string, share: number): Try[] {
    const worried = this.#actors.filter(
      ({ at, debt }) => at.key === key && debt > 0n && this.#random() < share,
    );
    return worried.map((actor) => this.#pledgeMore(actor, actor.collateral / 4n));
  }

  /** Who owes in `key`, with the terms. */
  debtors(key: string): { owner: string; termsId: number }[] {
    return this.#actors
      .filter(({ at, debt }) => at.key === key && debt > 0n)
      .map((actor) => ({ owner: this.#address(actor), termsId: actor.termsId }));
  }

  /** Takes note that `owner` was liquidated: he deals no more. */
  liquidated(owner: string): void {
    for (const actor of this.#actors) {
      if (this.#address(actor) !== owner) continue;
      actor.present = false;
      actor.debt = 0n;
      actor.collateral = 0n;
    }
  }

  #lend(actor: Actor, lot: number, some: bigint): Try | undefined {
    const amount = (actor.supplied * some) / 100n;
    const has = (supplied: bigint) => () => {
      actor.supplied = supplied;
    };
    if (amount === 0n || lot >= 0.045) return undefined;
    if (lot < 0.03) return { intent: this.#supply(actor, amount), done: has(actor.supplied + amount) };
    const address = this.#address(actor);
    const intent = this.#world.intent(
      actor.account,
      actor.at.source,
      "withdraw",
      [amount, address, address],
      SWEEP,
    );
    return { intent, done: has(actor.supplied - amount) };
  }

  #owe(actor: Actor, lot: number, some: bigint): Try | undefined {
    const { collateral, debt, unit } = actor;
    if (debt === 0n) return undefined;
    if (lot < 0.014) {
      const part = (debt * (some + 10n)) / 100n;
      const rest = debt - part;
      if (rest < 30n * unit) return undefined;
      return { intent: this.#repay(actor, part), done: () => this.#owes(actor, rest) };
    }
    if (lot < 0.016) {
      const free = () => {
        this.#owes(actor, 0n);
        actor.amount = 0; // has what he wanted
      };
      return { intent: this.#repay(actor, ALL), done: free };
    }
    if (lot < 0.026) return this.#pledgeMore(actor, (collateral * some) / 100n);
    if (lot < 0.05) {
      const more = (debt * some) / 100n;
      if (this.#collateralFor(actor, debt + more) > collateral) return undefined;
      return { intent: this.#borrow(actor, more), done: () => this.#owes(actor, debt + more) };
    }
    if (lot >= 0.065) return undefined;
    const to = this.#actors[Math.floor(this.#random() * this.#actors.length)] ?? actor;
    const payment = [this.#address(to), (debt * some) / 2_000n];
    return { intent: this.#world.intent(actor.account, actor.token, "transfer", payment) };
  }

  #owes(actor: Actor, debt: bigint): void {
    actor.debt = debt;
  }

  #pledgeMore(actor: Actor, amount: bigint): Try {
    const done = () => {
      actor.collateral += amount;
    };
    return { intent: this.#pledge(actor, amount), done };
  }

  #repay(actor: Actor, amount: bigint): Intent {
    const args = [this.#address(actor), actor.termsId, amount];
    return this.#world.intent(actor.account, actor.at.market, "repay", args);
  }

  #supply(actor: Actor, amount: bigint): Intent {
    return this.#world.intent(actor.account, actor.at.source, "deposit", [amount, this.#address(actor)]);
  }

  #pledge(actor: Actor, amount: bigint): Intent {
    const args = [this.#address(actor), actor.termsId, amount];
    return this.#world.intent(actor.account, actor.at.market, "addCollateral", args);
  }

  #borrow(actor: Actor, amount: bigint): Intent {
    const address = this.#address(actor);
    const args = [address, actor.termsId, amount, address];
    return this.#world.intent(actor.account, actor.at.market, "borrow", args, SWEEP);
  }

  #hand({ token, unit, ...actor }: Actor, amount: bigint): Intent {
    const to = this.#world.wallet(actor.account).address;
    if (token === this.#world.protocol.dollar) return this.#world.intent(BANK, token, "mint", [to, amount]);
    return this.pay(to, amount / unit + 1n);
  }

  /** Collateral whose value is borrowed against as daringly as `actor` does. */
  #collateralFor({ at, market, unit, daring }: Actor, debt: bigint): bigint {
    const ltv = (market.parameters.maxLtv * BigInt(Math.round(daring * 1_000))) / 1_000n;
    const value = (((debt * WAD) / unit) * WAD) / ltv; // wad of a dollar
    return (value * 10n ** 8n) / this.#navs.nav(at);
  }

  /** Fixed terms for some, where they are open for weeks still; else the disclosed variable ones, else the market's own. */
  #chooseTerms({ at }: Actor, now: number): number {
    const open = this.#terms.filter((terms) => terms.market === at.key && now < terms.openUntil - 2 * DAY);
    const fixed = open.filter(({ kind }) => kind === "fixed");
    const variable = open.find(({ kind }) => kind === "variable");
    const chosen = fixed[Math.floor(this.#random() * fixed.length)];
    if (chosen !== undefined && (variable === undefined || this.#random() < 0.35)) return chosen.id;
    return variable?.id ?? 0;
  }

  #address({ account }: Pick<Actor, "account">): string {
    return this.#world.wallet(account).address;
  }
}
