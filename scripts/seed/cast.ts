// Who plays in the seed: borrowers and lenders of every market, drawn by a seed, large and small. Plain data; knows no chain.
import type { MarketSpec } from "../../contracts/deployment/market.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { normal } from "../lib/random.ts";

export type Person = {
  /** Account of the phrase. */
  account: number;
  market: MarketSpec;
  part: "borrower" | "lender";
  /** What is borrowed or lent first, whole dollars. */
  amount: number;
  /** Debt by what may be borrowed at most. */
  daring: number;
  /** ISO 3166-1 numeric. */
  jurisdiction: number;
  /** Day of the story on which he comes, from 0. */
  day: number;
};

type Crowd = {
  borrowers: number;
  lenders: number;
  median: number;
  sigma: number;
  most: number;
  /** How near the borrowers go to the most they may borrow. */
  daring: readonly [number, number];
};

/** By market. Sizes are log-normal around the median; lenders bring what `UTILISATION` asks for. */
const CROWDS: Record<string, Crowd> = {
  "treasury-bills": {
    borrowers: 44,
    lenders: 0,
    median: 200_000,
    sigma: 1.8,
    most: 9_000_000,
    daring: [0.4, 0.9],
  },
  "trade-invoices": {
    borrowers: 20,
    lenders: 14,
    median: 40_000,
    sigma: 1.2,
    most: 600_000,
    daring: [0.4, 0.9],
  },
  "office-building": {
    borrowers: 10,
    lenders: 10,
    median: 150_000,
    sigma: 0.9,
    most: 900_000,
    daring: [0.4, 0.85],
  },
  harvest: { borrowers: 14, lenders: 9, median: 30_000, sigma: 0.9, most: 250_000, daring: [0.86, 0.99] },
  "music-royalties": {
    borrowers: 8,
    lenders: 8,
    median: 30_000,
    sigma: 1,
    most: 200_000,
    daring: [0.4, 0.85],
  },
};

/** Of what lenders bring, what borrowers come to owe. */
const UTILISATION = 0.78;
/** Loans as small as they are meant to make sense. */
const SMALLEST = 50;
const SMALL_LOANS = 4;
/** Netherlands, Germany, Belgium, Luxembourg, Switzerland. */
const JURISDICTIONS = [528, 528, 276, 56, 442, 756];

/** @param first account of the first person; the others follow. */
export function drawCast(random: () => number, first: number): Person[] {
  const cast: Person[] = [];
  const add = (person: Omit<Person, "account" | "jurisdiction">): void => {
    const jurisdiction = JURISDICTIONS[Math.floor(random() * JURISDICTIONS.length)] ?? 528;
    cast.push({ account: first + cast.length, jurisdiction, ...person });
  };
  for (const market of standardProtocol.markets) {
    const crowd = CROWDS[market.key];
    if (crowd === undefined) throw new Error(`the seed has nobody for the market "${market.key}"`);
    const [low, high] = crowd.daring;
    const sizes = Array.from({ length: crowd.borrowers }, (_, i) =>
      market.source.kind === "facility" && i < SMALL_LOANS ? SMALLEST : draw(random, crowd),
    );
    for (const amount of sizes) {
      const day = Math.floor(1 + random() ** 1.4 * 52);
      add({ market, part: "borrower", amount, daring: low + (high - low) * random(), day });
    }
    const weights = Array.from({ length: crowd.lenders }, () => Math.exp(0.8 * normal(random)));
    const lent = sizes.reduce((sum, size) => sum + size, 0) / UTILISATION;
    const weight = weights.reduce((sum, each) => sum + each, 0);
    for (const each of weights) {
      const amount = Math.round((lent * each) / weight);
      add({ market, part: "lender", amount, daring: 0, day: Math.floor(random() ** 1.5 * 24) });
    }
  }
  return cast;
}

/** Rounded to two digits, as people borrow. */
function draw(random: () => number, { median, sigma, most }: Crowd): number {
  const size = Math.min(most, Math.max(SMALLEST, median * Math.exp(sigma * normal(random))));
  const unit = 10 ** (Math.floor(Math.log10(size)) - 1);
  return Math.round(size / unit) * unit;
}
