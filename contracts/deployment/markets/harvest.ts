// Units of one year's wheat, sold forward and insured, each a tonne: from the field to the mill's payment, valued every
// week and lent against with the dollars of lenders who bear its losses. Plain data.
import type { MarketSpec } from "../market.ts";
import { DAY, HOUR, PERCENT, WAD } from "../units.ts";

const DOLLAR = 10n ** 6n;

export const harvest: MarketSpec = {
  key: "harvest",
  title: "Harvest",
  collateral: { name: "Polder Northmere Wheat", symbol: "pWHEAT", decimals: 18 },
  oracle: {
    description: "pWHEAT / USD NAV",
    decimals: 8,
    settings: {
      // A week between an inspector's visits and three days for rain; after four weeks of a growing season, what the
      // field looked like says nothing any more.
      staleAfter: 10 * DAY,
      expiredAfter: 28 * DAY,
      pendingDelay: 24 * HOUR,
      minInterval: 3 * DAY, // hail does not wait for the next visit
      // The price of wheat moves by about 4% in a common week. Twice that down is accepted at once; up it takes its
      // time, since a crop is not there before it is cut.
      maxUpBps: 200,
      maxDownBps: 800,
      quorum: 3,
      confirmQuorum: 4,
    },
  },
  rate: {
    // What growers pay for seed and fuel on credit, and more than invoices: the debtor is the weather.
    initial: 11n * PERCENT,
    curve: {
      // Everybody borrows in one season and repays in another: lenders accept that most is lent out until then.
      target: 85n * PERCENT,
      multipleAtZero: 50n * PERCENT,
      multipleAtFull: 400n * PERCENT,
      speed: (5n * PERCENT) / BigInt(DAY), // at most a twentieth a day: nobody can repay before the crop is sold
      minRateAtTarget: 6n * PERCENT,
      maxRateAtTarget: 40n * PERCENT,
    },
  },
  parameters: {
    // The insurance pays what the yield lacks to 70% of the expected one, at the forward price: that is more than half
    // of the value even where the field bears nothing.
    maxLtv: 50n * PERCENT,
    liquidation: {
      lltv: 60n * PERCENT, // ten points are a fall of 17%: two reports at the bound, a week of hail and prices together
      targetHealth: 112n * PERCENT,
      minBonus: 6n * PERCENT,
      maxBonus: 16n * PERCENT,
      healthForMaxBonus: 85n * PERCENT,
      minDebt: 500n * DOLLAR, // about five tonnes: less is no lorry
    },
    coolOff: 60,
    // Three days for merchants who know the mill, then a week for all others: longer, and the crop is another one. Down
    // to four fifths of the value, a grain merchant's price for what he must store: 60% * 125% is 75%, a quarter may
    // still go.
    saleWindow: 3 * DAY,
    auctionDuration: 7 * DAY,
    auctionStart: 97n * PERCENT,
    auctionEnd: 125n * PERCENT,
  },
  // With 2 million of fixed debt, which counts beside it, half of a crop of 10 million.
  debtCap: 3_000_000n * DOLLAR,
  documents: [
    "offering-summary",
    "valuation",
    "risk-factors",
    "loan-terms-to-the-harvest",
    "loan-terms-to-the-spring-sale",
  ],
  // No variable terms are disclosed: a crop is sold once, and a loan without end would outlive it. The market's own
  // variable rate is there for who repays early. Of what lenders brought a pool lends 40% at fixed rates: these caps
  // fit into that once it is full.
  terms: [
    {
      kind: "fixed",
      document: "loan-terms-to-the-harvest",
      rate: 13n * PERCENT,
      margin: PERCENT,
      penalty: 6n * PERCENT, // above what a merchant takes for waiting, so that the mill's money comes here first
      grace: 30 * DAY, // a wet August, and whatever a mill finds to complain of
      cap: 1_500_000n * DOLLAR,
      openFor: 60 * DAY, // until the seed is in the ground
      duration: 330 * DAY,
    },
    {
      // For wheat that is stored until the delivery in spring. The mill pays for it within the grace period.
      kind: "fixed",
      document: "loan-terms-to-the-spring-sale",
      rate: 14n * PERCENT, // storage, and half a year more of prices
      margin: PERCENT,
      penalty: 6n * PERCENT,
      grace: 30 * DAY,
      cap: 500_000n * DOLLAR,
      openFor: 60 * DAY,
      duration: 510 * DAY,
    },
  ],
  // A pool, since no capital should stand behind the weather; of dollars, since growers pay for diesel with them.
  source: {
    kind: "pool",
    lends: "dollar",
    name: "Polder lenders of pWHEAT",
    symbol: "lpWHEAT",
    supplyCap: 6_000_000n * DOLLAR, // 5 million lent are 83% of it: about the target
    reserveFactor: (15n * WAD) / 100n, // more than elsewhere: reserves for the year that fails
  },
};
