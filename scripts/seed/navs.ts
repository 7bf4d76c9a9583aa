// What the five assets are worth over the days of the seed, and that attestors report it: each in its own rhythm, by its
// own drift and noise, with one hailstorm. Not the model of scripts/attest, which follows the calendar: the same seed tells
// the same story on any day. Knows no person.
import { signConfirmation, signReport } from "../../contracts/deployment/nav-report.ts";
import type { DeployedMarket } from "../../contracts/deployment/protocol.ts";
import { attestorWallets, ROLES } from "../lib/deployment.ts";
import { normal } from "../lib/random.ts";
import type { Intent } from "../lib/together.ts";
import type { World } from "./world.ts";

type Asset = {
  /** USD per token, in the oracles' 8 decimals. */
  first: number;
  /** Days between reports. */
  every: number;
  /** Of the value, a day. */
  drift: number;
  /** Standard deviation of a report, of the value. */
  noise: number;
};

/** First values as the valuations that are on chain say. */
const ASSETS: Record<string, Asset> = {
  "treasury-bills": { first: 100, every: 1, drift: 0.047 / 365, noise: 0.00006 },
  "trade-invoices": { first: 10, every: 7, drift: 0.085 / 365, noise: 0.0007 },
  "office-building": { first: 30, every: 30, drift: 0.062 / 365, noise: 0.002 },
  harvest: { first: 200, every: 7, drift: 0.05 / 365, noise: 0.009 },
  "music-royalties": { first: 90, every: 30, drift: 0.03 / 365, noise: 0.003 },
};
/** As many as sign a common report. */
const QUORUM = 3;
const CONFIRMING = 4;

export class Navs {
  readonly #world: World;
  readonly #random: () => number;
  readonly #navs = new Map<string, number>();

  constructor(world: World, random: () => number) {
    this.#world = world;
    this.#random = random;
  }

  /** USD per token as last reported, in 8 decimals. */
  nav({ key }: DeployedMarket): bigint {
    const value = this.#navs.get(key);
    if (value === undefined) throw new Error(`no NAV of ${key} was reported yet`);
    return BigInt(Math.round(value * 1e8));
  }

  /** Whether `market`'s asset is valued on that day. */
  isValued({ key }: DeployedMarket, day: number): boolean {
    return day % assetOf(key).every === 0;
  }

  /** The next report of `market`'s NAV, valued at `at`. */
  report(market: DeployedMarket, at: number): Promise<Intent> {
    const { first, every, drift, noise } = assetOf(market.key);
    const last = this.#navs.get(market.key);
    const nav = last === undefined ? first : last * (1 + drift * every + noise * normal(this.#random));
    return this.reportOf(market, nav, at);
  }

  /** A report that the value changed by `change`, a fraction. */
  reportChange(market: DeployedMarket, change: number, at: number): Promise<Intent> {
    const last = this.#navs.get(market.key) ?? assetOf(market.key).first;
    return this.reportOf(market, last * (1 + change), at);
  }

  /** What a larger quorum signs, so that a pending fall takes effect at once. */
  async confirmation({ oracle }: DeployedMarket): Promise<Intent> {
    const signatures = await signConfirmation(oracle, this.#attestors(CONFIRMING));
    return this.#world.intent(submitter(), oracle, "confirm", [signatures]);
  }

  private async reportOf({ key, oracle }: DeployedMarket, nav: number, at: number): Promise<Intent> {
    this.#navs.set(key, nav);
    const report = {
      round: Number(await oracle.nextRound()),
      nav: BigInt(Math.round(nav * 1e8)),
      navDate: at - 3_600,
      ripcord: false,
    };
    const signatures = await signReport(
      oracle,
      this.#attestors(report.round === 1 ? CONFIRMING : QUORUM),
      report,
    );
    return this.#world.intent(submitter(), oracle, "submit", [report, signatures]);
  }

  #attestors(count: number) {
    return attestorWallets(this.#world.connection).slice(0, count);
  }
}

/** The attestor who brings the reports on chain. */
function submitter(): number {
  const [first] = ROLES.attestors;
  if (first === undefined) throw new Error("nobody attests");
  return first;
}

function assetOf(key: string): Asset {
  const asset = ASSETS[key];
  if (asset === undefined) throw new Error(`the seed does not know what the asset of "${key}" is worth`);
  return asset;
}
