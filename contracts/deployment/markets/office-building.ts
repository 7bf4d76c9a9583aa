// Units of a company that owns one let office building, appraised every quarter and reported every month: lent against
// with the pUSD of lenders who bear its losses. Plain data.
import type { MarketSpec } from "../market.ts";
import { DAY, HOUR, PERCENT, WAD } from "../units.ts";

export const officeBuilding: MarketSpec = {
  key: "office-building",
  title: "Office building",
  collateral: { name: "Polder Quay House Office", symbol: "pOFFICE", decimals: 18 },
  oracle: {
    description: "pOFFICE / USD NAV",
    decimals: 8,
    settings: {
      // A report a month and ten days for whoever is late. Expired after a quarter and ten days: by then an appraisal
      // is missing too, and an auction of two weeks after a sale of two fits in between.
      staleAfter: 40 * DAY,
      expiredAfter: 100 * DAY,
      pendingDelay: 24 * HOUR,
      // A fire or a tenant's bankruptcy between two monthly reports is not left waiting for longer than a week.
      minInterval: 7 * DAY,
      // Rents bring half a per cent a month: 1% a report takes a good appraisal over a few reports, and a quorum in bad
      // faith would need a quarter to lift the value by an eighth. A tenth less is what an appraisal finds in a bad
      // year: half of that is accepted at once, more waits a day or for the larger quorum.
      maxUpBps: 100,
      maxDownBps: 500,
      quorum: 3,
      confirmQuorum: 4,
    },
  },
  rate: {
    // Above what savers of pUSD get by enough for money that may be lent out for years.
    initial: 9n * PERCENT,
    curve: {
      // A fifth in cash: borrowers cannot repay on a day's notice, so lenders' exits are served from what is not lent.
      target: 80n * PERCENT,
      multipleAtZero: 50n * PERCENT,
      multipleAtFull: 400n * PERCENT,
      speed: (5n * PERCENT) / BigInt(DAY), // at most a twentieth a day: nobody refinances a building within the week
      minRateAtTarget: 5n * PERCENT,
      maxRateAtTarget: 25n * PERCENT,
    },
  },
  parameters: {
    // Banks lend 60% on one let building with a charge on it. Units stand behind no bank but sell more slowly: five
    // less.
    maxLtv: 55n * PERCENT,
    liquidation: {
      // Ten points are a fall of 15%, three reports at the bound: who borrows all he may is not sold on one bad
      // appraisal.
      lltv: 65n * PERCENT,
      targetHealth: 110n * PERCENT, // so that one sale is enough for a quarter
      minBonus: 5n * PERCENT, // a buyer's own appraisal and lawyer
      maxBonus: 15n * PERCENT,
      healthForMaxBonus: 85n * PERCENT,
      minDebt: 1_000n * WAD, // 5% of less pays for nobody's look at the papers
    },
    coolOff: 60,
    // Two weeks for buyers who know the building, as a data room takes; two more for all others, from 3% above the
    // value down to five sixths of it. At that end a position sold at the threshold still pays in full: 65% * 120% is
    // 78%, so the building may fall by 22% more first, about what it loses with its main tenant.
    saleWindow: 14 * DAY,
    auctionDuration: 14 * DAY,
    auctionStart: 97n * PERCENT,
    auctionEnd: 120n * PERCENT,
  },
  // With 6 million of fixed debt, which counts beside it, 16 million: 44% of a building of 36 million, of which 55% may
  // be lent.
  debtCap: 10_000_000n * WAD,
  documents: [
    "offering-summary",
    "valuation",
    "risk-factors",
    "loan-terms-variable",
    "loan-terms-1-year",
    "loan-terms-3-years",
  ],
  // Of what lenders brought a pool lends 40% at fixed rates: these caps fit into that once it is full.
  terms: [
    {
      // For who bridges a sale or a refinancing.
      kind: "variable",
      document: "loan-terms-variable",
      cap: 8_000_000n * WAD,
      openFor: 730 * DAY, // then disclosed anew
    },
    {
      kind: "fixed",
      document: "loan-terms-1-year",
      // 2% above the first variable rate: it may double within the year, and the fixed one does not
      rate: 11n * PERCENT,
      margin: PERCENT,
      penalty: 4n * PERCENT, // dearer than any refinancing, no ruin
      grace: 30 * DAY, // a bank's refinancing signed, but not paid out
      cap: 4_000_000n * WAD,
      openFor: 90 * DAY,
      duration: 365 * DAY,
    },
    {
      // As long as the main lease still runs: the loan is due before the tenant may leave.
      kind: "fixed",
      document: "loan-terms-3-years",
      rate: 12n * PERCENT,
      margin: PERCENT,
      penalty: 4n * PERCENT,
      grace: 60 * DAY, // so much a sale of units by private treaty takes
      cap: 2_000_000n * WAD,
      openFor: 90 * DAY,
      duration: 1_095 * DAY,
    },
  ],
  // A pool, since no saver of pUSD should stand behind a single building. It lends pUSD: whoever issues a dollar token
  // could freeze a pool of it, and with it loans of three years.
  source: {
    kind: "pool",
    lends: "stablecoin",
    name: "Polder lenders of pOFFICE",
    symbol: "lpOFFICE",
    supplyCap: 20_000_000n * WAD, // 16 million lent are 80% of it: the target
    reserveFactor: WAD / 10n,
  },
};
