// A believable NAV for each market of a development chain: what the asset earns, how its value trembles, drifts and jumps. The
// same for the same seed and the same time, and it goes on from whatever the oracle holds.
import { id, parseUnits } from "ethers";
import type { NavSource, Valuation } from "./source.ts";

const DAY = 86_400; // seconds
const YEAR = 365 * DAY;
/** 2020-01-01: before it, nothing moves. */
const EPOCH = 1_577_836_800;
/** Of a factor by which a NAV moves. */
const PRECISION = 10n ** 12n;

/** All parts are of the value, as fractions. */
type Behaviour = {
  /** Dollars of a whole token at first, as in the example of the asset's valuation document. */
  first: string;
  /** Seconds between two valuations. */
  cadence: number;
  /** What it earns or loses a year. */
  drift: number;
  /** How far it trembles around that, and comes back: a standard deviation. */
  band: number;
  /** How far it wanders in a day, for good: a standard deviation. */
  walk: number;
  /** What happens now and then: in how many days once, and by how much, from the least to the most. */
  jump?: { days: number; least: number; most: number };
  /** An appraisal: every so many days the value moves by about this much. */
  appraisal?: { days: number; deviation: number };
};

const BEHAVIOURS: Record<string, Behaviour> = {
  // Short bills accrue their yield; dealers' bids differ by a basis point.
  "treasury-bills": { first: "100", cadence: DAY, drift: 0.045, band: 0.0001, walk: 0 },
  // Discounted invoices accrue; now and then a debtor does not pay and the insurer's share is missing.
  "trade-invoices": {
    first: "10",
    cadence: 7 * DAY,
    drift: 0.086,
    band: 0.0003,
    walk: 0,
    jump: { days: 70, least: -0.011, most: -0.004 },
  },
  // Rents come in month by month; every quarter an appraiser looks.
  "office-building": {
    first: "30",
    cadence: 30 * DAY,
    drift: 0.048,
    band: 0,
    walk: 0,
    appraisal: { days: 91, deviation: 0.009 },
  },
  // The price of wheat, and a crop that grows.
  harvest: { first: "200", cadence: 7 * DAY, drift: 0.05, band: 0, walk: 0.0052 },
  // Income accrues, and listeners' tastes move slowly.
  "music-royalties": { first: "90", cadence: 30 * DAY, drift: 0.078, band: 0.0005, walk: 0.0011 },
};
/** For markets that nobody described. */
const PLAIN: Behaviour = { first: "100", cadence: DAY, drift: 0.05, band: 0.0005, walk: 0 };
/** How much of a day's tremble is left a day later, and after how many days nothing is. */
const MEMORY = { kept: 0.85, days: 40 };

export class ModelSource implements NavSource {
  readonly #seed: number;
  readonly #random = new Map<string, (day: number, what: string) => number>();
  readonly #walks = new Map<string, number[]>();

  constructor(seed: number) {
    this.#seed = seed;
  }

  async valuationOf(
    market: string,
    at: number,
    last: Valuation | undefined,
    decimals: number,
  ): Promise<Valuation> {
    if (last === undefined) return { nav: parseUnits(behaviourOf(market).first, decimals), date: at };
    const moved = Math.exp(this.#level(market, at) - this.#level(market, last.date));
    const nav = (last.nav * BigInt(Math.round(moved * Number(PRECISION)))) / PRECISION;
    return { nav: nav > 0n ? nav : 1n, date: at };
  }

  cadenceOf(market: string): number {
    return behaviourOf(market).cadence;
  }

  /** The logarithm of the value, but for a constant. */
  #level(market: string, time: number): number {
    const { drift, band, walk, jump, appraisal } = behaviourOf(market);
    const elapsed = Math.max(0, time - EPOCH);
    const day = elapsed / DAY;
    const whole = Math.floor(day);
    const between = (values: (day: number) => number) =>
      values(whole) + (values(whole + 1) - values(whole)) * (day - whole);
    const wandered = this.#wandered(market, whole + 1, walk, jump);
    return (
      (drift * elapsed) / YEAR +
      band * between((each) => this.#tremble(market, each)) +
      between((each) => wandered[each] ?? 0) +
      this.#appraised(market, whole, appraisal)
    );
  }

  /** Comes back to zero; standard deviation 1. */
  #tremble(market: string, day: number): number {
    let sum = 0;
    for (let back = 0; back < MEMORY.days; back++) {
      sum += MEMORY.kept ** back * this.#normal(market, day - back, "tremble");
    }
    return sum * Math.sqrt(1 - MEMORY.kept ** 2);
  }

  /** Where steps and jumps have led by each day. */
  #wandered(market: string, until: number, walk: number, jump: Behaviour["jump"]): number[] {
    const known = this.#walks.get(market) ?? [0];
    this.#walks.set(market, known);
    for (let day = known.length; day <= until; day++) {
      let step = walk === 0 ? 0 : walk * this.#normal(market, day, "walk");
      if (jump !== undefined && this.#uniform(market)(day, "jump") < 1 / jump.days) {
        step += jump.least + (jump.most - jump.least) * this.#uniform(market)(day, "jump size");
      }
      known.push((known[day - 1] ?? 0) + step);
    }
    return known;
  }

  #appraised(market: string, day: number, appraisal: Behaviour["appraisal"]): number {
    if (appraisal === undefined) return 0;
    let sum = 0;
    for (let count = 1; count <= Math.floor(day / appraisal.days); count++) {
      sum += appraisal.deviation * this.#normal(market, count, "appraisal");
    }
    return sum;
  }

  /** Box and Muller's. */
  #normal(market: string, day: number, what: string): number {
    const uniform = this.#uniform(market);
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(day, what)));
    return radius * Math.cos(2 * Math.PI * uniform(day, `${what} angle`));
  }

  /** Uniform in [0, 1) by day and purpose. */
  #uniform(market: string): (day: number, what: string) => number {
    const known = this.#random.get(market);
    if (known !== undefined) return known;
    const purposes = new Map<string, number>();
    const made = (day: number, what: string): number => {
      const start =
        purposes.get(what) ?? Number.parseInt(id(`${this.#seed}:${market}:${what}`).slice(2, 10), 16);
      purposes.set(what, start);
      return mixed(start ^ Math.imul(day, 0x9e3779b1));
    };
    this.#random.set(market, made);
    return made;
  }
}

/** murmur3's finaliser: uniform in [0, 1) for any whole number. */
function mixed(number: number): number {
  let h = number >>> 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4_294_967_296;
}

function behaviourOf(market: string): Behaviour {
  return BEHAVIOURS[market] ?? PLAIN;
}
