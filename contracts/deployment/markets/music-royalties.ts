// Units of a company that owns the rights in 412 songs and is paid by collecting societies every quarter: valued every
// month and lent against with the pUSD of lenders who bear its losses. Plain data.
import type { MarketSpec } from "../market.ts";
import { DAY, HOUR, PERCENT, WAD } from "../units.ts";

export const musicRoyalties: MarketSpec = {
  key: "music-royalties",
  title: "Music royalties",
  collateral: { name: "Polder Lantern Row Royalties", symbol: "pSONG", decimals: 18 },
  oracle: {
    description: "pSONG / USD NAV",
    decimals: 8,
    settings: {
      // A report a month and ten days for whoever is late. Expired after a quarter and fifteen days: a whole statement
      // of the societies is missing then.
      staleAfter: 40 * DAY,
      expiredAfter: 105 * DAY,
      pendingDelay: 24 * HOUR,
      minInterval: 7 * DAY, // a claim on a song's authorship, or a platform that stops paying
      // Income accrues by 0.7% a month. A fall of 4% is a multiple lower by half: the usual size of a bad quarter.
      maxUpBps: 100,
      maxDownBps: 400,
      quorum: 3,
      confirmQuorum: 4,
    },
  },
  rate: {
    // Above the catalogue's income of 8% a year on its value: who borrows to live on the songs alone falls behind.
    initial: 10n * PERCENT,
    curve: {
      target: 80n * PERCENT, // borrowers are paid by the quarter, so lenders' exits are served from what is not lent
      multipleAtZero: 50n * PERCENT,
      multipleAtFull: 400n * PERCENT,
      speed: (5n * PERCENT) / BigInt(DAY), // at most a twentieth a day
      minRateAtTarget: 6n * PERCENT,
      maxRateAtTarget: 30n * PERCENT,
    },
  },
  parameters: {
    // The value is 12 times a year's income; at 8 times, a forced seller's, it is a third less. Half of the value is
    // below that too.
    maxLtv: 50n * PERCENT,
    liquidation: {
      lltv: 60n * PERCENT, // ten points are a fall of 17%: four reports at the bound
      targetHealth: 110n * PERCENT, // above what a further bad quarter takes
      minBonus: 5n * PERCENT, // a buyer's audit of the statements
      maxBonus: 15n * PERCENT,
      healthForMaxBonus: 85n * PERCENT,
      minDebt: 1_000n * WAD,
    },
    coolOff: 60,
    // A week for funds that hold catalogues already and know the statements, two for all others. Down to four fifths of
    // the value, 9.6 times a year's income: 60% * 125% is 75%, so that at that end the value may still fall by a
    // quarter.
    saleWindow: 7 * DAY,
    auctionDuration: 14 * DAY,
    auctionStart: 97n * PERCENT,
    auctionEnd: 125n * PERCENT,
  },
  // With 3 million of fixed debt, which counts beside it, 8 million: 44% of a catalogue of 18 million, of which half
  // may be lent.
  debtCap: 5_000_000n * WAD,
  documents: [
    "offering-summary",
    "valuation",
    "risk-factors",
    "loan-terms-variable",
    "loan-terms-1-year",
    "loan-terms-2-years",
  ],
  // Of what lenders brought a pool lends 40% at fixed rates: these caps fit into that once it is full.
  terms: [
    {
      kind: "variable",
      document: "loan-terms-variable",
      cap: 4_000_000n * WAD,
      openFor: 730 * DAY, // then disclosed anew
    },
    {
      kind: "fixed",
      document: "loan-terms-1-year",
      rate: 12n * PERCENT, // 2% above the first variable rate
      margin: PERCENT,
      penalty: 5n * PERCENT,
      grace: 45 * DAY, // societies pay up to 45 days after a quarter's end
      cap: 2_200_000n * WAD,
      openFor: 90 * DAY,
      duration: 365 * DAY,
    },
    {
      // Not longer: what new songs lose in listeners shows within two years.
      kind: "fixed",
      document: "loan-terms-2-years",
      rate: 13n * PERCENT,
      margin: PERCENT,
      penalty: 5n * PERCENT,
      grace: 45 * DAY,
      cap: 800_000n * WAD,
      openFor: 90 * DAY,
      duration: 730 * DAY,
    },
  ],
  // A pool, since what songs earn cannot be redeemed when savers of pUSD want their money. It lends pUSD, which no
  // issuer of a dollar token can freeze during loans of two years.
  source: {
    kind: "pool",
    lends: "stablecoin",
    name: "Polder lenders of pSONG",
    symbol: "lpSONG",
    supplyCap: 10_000_000n * WAD, // 8 million lent are 80% of it: the target
    reserveFactor: WAD / 10n,
  },
};
