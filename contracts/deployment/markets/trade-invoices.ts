// Units of a pool of insured trade invoices, due within ninety days and valued every week: lent against with the
// dollars of lenders who bear its losses. Plain data.
import type { MarketSpec } from "../market.ts";
import { DAY, HOUR, PERCENT, WAD } from "../units.ts";

const DOLLAR = 10n ** 6n;

export const tradeInvoices: MarketSpec = {
  key: "trade-invoices",
  title: "Trade invoices",
  collateral: { name: "Polder Insured Trade Invoices", symbol: "pINV", decimals: 18 },
  oracle: {
    description: "pINV / USD NAV",
    decimals: 8,
    settings: {
      // A week between valuations and two days for whoever is late; after three weeks nobody reports any more.
      staleAfter: 9 * DAY,
      expiredAfter: 21 * DAY,
      pendingDelay: 24 * HOUR,
      minInterval: 5 * DAY,
      maxUpBps: 100,
      maxDownBps: 500,
      quorum: 3,
      confirmQuorum: 4,
    },
  },
  rate: {
    initial: 8n * PERCENT,
    curve: {
      target: 85n * PERCENT,
      multipleAtZero: 50n * PERCENT,
      multipleAtFull: 400n * PERCENT,
      speed: (10n * PERCENT) / BigInt(DAY), // at most a tenth a day
      minRateAtTarget: 5n * PERCENT,
      maxRateAtTarget: 40n * PERCENT,
    },
  },
  parameters: {
    maxLtv: 70n * PERCENT,
    liquidation: {
      lltv: 78n * PERCENT,
      targetHealth: 108n * PERCENT,
      minBonus: 3n * PERCENT,
      maxBonus: 9n * PERCENT,
      healthForMaxBonus: 85n * PERCENT,
      minDebt: 20n * DOLLAR, // 3% of it pays a liquidation that costs less than 60 cents
    },
    coolOff: 60,
    // Nobody buys invoices within the hour: two days for buyers who know them, then three from 2% above the value to
    // 12% below.
    saleWindow: 2 * DAY,
    auctionDuration: 3 * DAY,
    auctionStart: 98n * PERCENT,
    auctionEnd: 112n * PERCENT,
  },
  debtCap: 20_000_000n * DOLLAR,
  documents: ["offering-summary", "valuation", "risk-factors", "loan-terms-variable", "loan-terms-90-days"],
  terms: [
    {
      kind: "variable",
      document: "loan-terms-variable",
      cap: 20_000_000n * DOLLAR,
      openFor: 730 * DAY, // then disclosed anew
    },
    {
      // As long as the longest invoice, so that the loan is due when the last of what secures it has been paid.
      kind: "fixed",
      document: "loan-terms-90-days",
      rate: (95n * PERCENT) / 10n, // 1.5% above the first variable rate, for the borrower's certainty
      margin: PERCENT / 2n,
      penalty: 5n * PERCENT,
      grace: 14 * DAY, // a debtor's late payment and a bank's holidays
      cap: 5_000_000n * DOLLAR, // with 20 million of variable debt all that lenders may bring
      openFor: 30 * DAY,
      duration: 90 * DAY,
    },
  ],
  source: {
    kind: "pool",
    lends: "dollar",
    name: "Polder lenders of pINV",
    symbol: "lpINV",
    supplyCap: 25_000_000n * DOLLAR,
    reserveFactor: WAD / 10n,
  },
};
