// The ninety days of the seed, in the order of their hours: reports, people, keepers, votes, a hailstorm. Everything that
// happens is an event with its second; the last one is now.
import { MaxUint256 } from "ethers";
import { type DeployedMarket, marketOf } from "../../contracts/deployment/protocol.ts";
import { ROLES } from "../lib/deployment.ts";
import { seeded } from "../lib/random.ts";
import type { Intent } from "../lib/together.ts";
import { drawCast } from "./cast.ts";
import { Navs } from "./navs.ts";
import { type OfferedTerms, People } from "./people.ts";
import { Savers } from "./savers.ts";
import { Votes } from "./votes.ts";
import { DAY, HOUR, SWEEP, type World } from "./world.ts";

export type Event = { at: number; what: string; run(at: number): Promise<void> };
export type Progress = (done: { day: number; days: number; what: string }) => void;

const MINUTE = 60;
const LIQUIDATOR = 3; // IEligibilityRegistry.Tier
const NETHERLANDS = 528; // ISO 3166-1
const HAIL = { market: "harvest", day: 52, first: -0.2, second: -0.078 };
const KEEPER_MONEY = { dollars: 400_000n * 10n ** 6n, pusd: 60_000n };

export class Play {
  readonly #world: World;
  readonly #navs: Navs;
  readonly #people: People;
  readonly #savers: Savers;
  readonly #votes: Votes;
  readonly #start: number;
  readonly #days: number;

  private constructor(world: World, seed: number, start: number, days: number, terms: OfferedTerms[]) {
    const random = seeded(seed);
    this.#world = world;
    this.#start = start;
    this.#days = days;
    this.#navs = new Navs(world, seeded(seed + 1));
    this.#people = new People(world, this.#navs, random, drawCast(random, ROLES.firstBorrower), terms);
    this.#savers = new Savers(world, this.#people);
    this.#votes = new Votes(world, (offered) => void terms.push(offered));
  }

  static async create(world: World, { seed, days }: { seed: number; days: number }): Promise<Play> {
    const { protocol } = world;
    const terms = await Promise.all(
      protocol.markets.flatMap(({ key, terms: all }) =>
        all.map(async ({ id, kind }): Promise<OfferedTerms> => {
          const { openUntil } = await protocol.termsRegistry.termsOf(id);
          return { id, market: key, kind, openUntil: Number(openUntil) };
        }),
      ),
    );
    return new Play(world, seed, await world.now(), days, terms);
  }

  /** Plays all days, from the chain's present to the computer's. */
  async run(progress: Progress): Promise<void> {
    const end = Math.floor(Date.now() / 1_000);
    if (end - this.#start < this.#days * DAY - HOUR) {
      throw new Error(
        `the chain's last block is less than ${this.#days} days old: start the chain with an earlier --timestamp`,
      );
    }
    await this.#open();
    for (const { at, what, run } of this.#agenda(end)) {
      progress({ day: Math.floor((at - this.#start) / DAY), days: this.#days, what });
      await run(at);
    }
    await this.#close();
  }

  #agenda(end: number): Event[] {
    const days = Array.from({ length: this.#days }, (_, day) =>
      this.#day(day, this.#start + day * DAY),
    ).flat();
    const all = [...days, ...this.#hail(), ...this.#votes.events(this.#start, end)];
    return all.filter(({ at }) => at < end - 10 * MINUTE).sort((a, b) => a.at - b.at);
  }

  /** Gas money, the bank, and who keeps the protocol going. */
  async #open(): Promise<void> {
    const world = this.#world;
    const { registry, dollar } = world.protocol;
    const roles = [
      ROLES.guardian,
      ROLES.registrar,
      ROLES.agent,
      ROLES.servicer,
      ...ROLES.voters,
      ...ROLES.keepers,
    ];
    await world.fund([...roles, ...ROLES.attestors, ...this.#savers.accounts, ...this.#people.accounts]);
    const addresses = ROLES.keepers.map((account) => world.wallet(account).address);
    await world.mine("opening", this.#start + 10 * MINUTE, [
      ...this.#people.open(),
      world.intent(ROLES.registrar, registry, "setPersons", [
        addresses,
        LIQUIDATOR,
        NETHERLANDS,
        this.#start + 1_000 * DAY,
      ]),
      ...addresses.map((address) =>
        world.intent(ROLES.deployer, dollar, "mint", [address, KEEPER_MONEY.dollars]),
      ),
    ]);
    await world.mine("the first change", this.#start + 15 * MINUTE, [this.#people.change()]);
    await world.mine("keepers", this.#start + 20 * MINUTE, [
      ...addresses.map((address) => this.#people.pay(address, KEEPER_MONEY.pusd)),
      ...ROLES.keepers.flatMap((account) =>
        world.protocol.markets.map(({ key, source }) =>
          world.intent(account, world.loanToken(key).token, "approve", [source.target, MaxUint256]),
        ),
      ),
    ]);
  }

  #day(day: number, start: number): Event[] {
    const { markets } = this.#world.protocol;
    const events: Event[] = [
      { at: start + HOUR, what: "NAV reports", run: (at) => this.#reports(day, at) },
      { at: start + 9 * HOUR, what: "new people", run: (at) => this.#arrivals(day, at) },
      {
        at: start + 11 * HOUR,
        what: "pledges and deposits",
        run: (at) => this.#world.attempt(at, this.#people.pledges(day, at)),
      },
      { at: start + 13 * HOUR, what: "loans", run: (at) => this.#world.attempt(at, this.#people.loans(day)) },
      {
        at: start + 14 * HOUR,
        what: "dealings",
        run: (at) => this.#world.attempt(at, this.#people.dealings()),
      },
      { at: start + 15 * HOUR, what: "savers", run: (at) => this.#savers.act(day, at) },
      { at: start + 18 * HOUR, what: "upkeep", run: (at) => this.#upkeep(day, at, markets) },
    ];
    return day < 12
      ? [{ at: start + 7 * HOUR, what: "dollars for pUSD", run: (at) => this.#change(at) }, ...events]
      : events;
  }

  async #change(at: number): Promise<void> {
    await this.#world.attempt(at, [{ intent: this.#people.change() }]);
  }

  async #reports(day: number, at: number): Promise<void> {
    const hailed = day >= HAIL.day && day < HAIL.day + 10;
    const due = this.#world.protocol.markets.filter(
      (market) => this.#navs.isValued(market, day) && !(hailed && market.key === HAIL.market),
    );
    const reports: Intent[] = [];
    for (const market of due) reports.push(await this.#navs.report(market, at));
    await this.#world.mine("NAV reports", at, reports);
  }

  async #arrivals(day: number, at: number): Promise<void> {
    const { admitted, prepared } = this.#people.arrivals(day, at);
    await this.#world.mine("admission", at, admitted);
    await this.#world.mine("preparation", at + 30 * MINUTE, prepared);
  }

  async #upkeep(day: number, at: number, markets: readonly DeployedMarket[]): Promise<void> {
    const [keeper] = ROLES.keepers as [number];
    const { surplus, peg } = this.#world.protocol;
    const weekly = [
      ...markets.map(({ market }) => [market, "rebalance"] as const),
      [peg, "settleFees"] as const,
      [surplus, "distribute"] as const,
    ];
    const calls = [
      ...markets.map(({ market }) => [market, "checkpoint"] as const),
      ...(day % 7 === 6 ? weekly : []),
    ];
    await this.#world.attempt(
      at,
      calls.map(([contract, method]) => ({
        intent: this.#world.intent(keeper, contract, method, [], SWEEP),
      })),
    );
  }

  /** The field is hailed on: a fall beyond the bound is pending, confirmed a day later, and more follows in four days. */
  #hail(): Event[] {
    const at = this.#start + HAIL.day * DAY;
    const market = marketOf(this.#world.protocol, HAIL.market);
    const report = (change: number) => async (now: number) =>
      this.#world.mine("hail", now, [await this.#navs.reportChange(market, change, now)]);
    return [
      { at: at + 20 * HOUR, what: "hail", run: report(HAIL.first) },
      {
        at: at + 22 * HOUR,
        what: "growers pledge more",
        run: (now) => this.#world.attempt(now, this.#people.topUps(HAIL.market, 0.3)),
      },
      {
        at: at + DAY + 10 * HOUR,
        what: "the fall is confirmed",
        run: async (now) => this.#world.mine("confirmation", now, [await this.#navs.confirmation(market)]),
      },
      { at: at + 5 * DAY + 20 * HOUR, what: "the damage is larger", run: report(HAIL.second) },
      { at: at + 5 * DAY + 20.5 * HOUR, what: "liquidations", run: (now) => this.#liquidate(market, now) },
      { at: at + 10 * DAY + 12 * HOUR, what: "an auction is won", run: (now) => this.#bid(market, now) },
    ];
  }

  #marked: { owner: string; termsId: number } | undefined;

  /** All that are unhealthy, but one that is put up for auction. */
  async #liquidate(market: DeployedMarket, at: number): Promise<void> {
    const due = await this.#liquidatable(market);
    const [first, ...rest] = due;
    const [marking] = ROLES.keepers as [number];
    const intents = rest.map((each, i) => this.#liquidation(market, each, i));
    if (first !== undefined) {
      this.#marked = first;
      intents.push(this.#world.intent(marking, market.market, "mark", [first.owner, first.termsId]));
    }
    await this.#world.mine("liquidations", at, intents);
    for (const { owner } of due) this.#people.liquidated(owner);
  }

  async #bid(market: DeployedMarket, at: number): Promise<void> {
    if (this.#marked === undefined) return;
    await this.#world.mine("bid", at, [this.#liquidation(market, this.#marked, 3)]);
  }

  #liquidation(
    market: DeployedMarket,
    { owner, termsId }: { owner: string; termsId: number },
    turn: number,
  ): Intent {
    const keeper = ROLES.keepers[turn % ROLES.keepers.length] ?? 0;
    const receiver = this.#world.wallet(keeper).address;
    return this.#world.intent(keeper, market.market, "liquidate", [
      owner,
      termsId,
      MaxUint256 / 2n ** 130n,
      0,
      receiver,
      "0x",
    ]);
  }

  async #liquidatable({ key, market }: DeployedMarket): Promise<{ owner: string; termsId: number }[]> {
    const { lens } = this.#world.protocol;
    const debtors = this.#people.debtors(key);
    const found: { owner: string; termsId: number }[] = [];
    for (const [termsId, group] of Map.groupBy(debtors, (debtor) => debtor.termsId)) {
      const views = await lens.positions(
        market.target,
        termsId,
        group.map(({ owner }) => owner),
      );
      found.push(...group.filter((_, i) => views[i].liquidatable));
    }
    return found;
  }

  /** The last block is of the computer's time, which the chain's clock follows from here. */
  async #close(): Promise<void> {
    const now = Math.floor(Date.now() / 1_000);
    const bills = marketOf(this.#world.protocol, "treasury-bills");
    await this.#world.mine("today", now, [await this.#navs.report(bills, now)]);
  }
}
