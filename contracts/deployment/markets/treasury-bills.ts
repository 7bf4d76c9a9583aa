// Shares in a fund of short Treasury bills, valued every working day, redeemable within days: lent against with newly
// minted pUSD. Plain data.
import type { MarketSpec } from "../market.ts";
import { DAY, HOUR, PERCENT, WAD } from "../units.ts";

export const treasuryBills: MarketSpec = {
  key: "treasury-bills",
  title: "Treasury bills",
  collateral: { name: "Polder Short Treasury Bill Fund", symbol: "pTBILL", decimals: 18 },
  oracle: {
    description: "pTBILL / USD NAV",
    decimals: 8,
    settings: {
      // Three days bridge a weekend, a week means that nobody reports any more.
      staleAfter: 73 * HOUR,
      expiredAfter: 168 * HOUR,
      pendingDelay: 24 * HOUR,
      minInterval: 20 * HOUR,
      maxUpBps: 100,
      maxDownBps: 200,
      quorum: 3,
      confirmQuorum: 4,
    },
  },
  rate: {
    initial: 5n * PERCENT,
    curve: {
      target: 90n * PERCENT,
      multipleAtZero: 60n * PERCENT,
      multipleAtFull: 500n * PERCENT,
      speed: (10n * PERCENT) / BigInt(DAY), // at most a tenth a day
      minRateAtTarget: 4n * PERCENT,
      maxRateAtTarget: 30n * PERCENT,
    },
  },
  parameters: {
    maxLtv: 85n * PERCENT,
    liquidation: {
      lltv: 90n * PERCENT,
      targetHealth: 103n * PERCENT,
      minBonus: PERCENT,
      maxBonus: 4n * PERCENT,
      healthForMaxBonus: 94n * PERCENT,
      minDebt: 20n * WAD, // 1% of it pays a liquidation that costs less than 20 cents
    },
    coolOff: 60,
    // Redeemable within days: liquidated at a discount, not by auction.
    saleWindow: 0,
    auctionDuration: 0,
    auctionStart: 0n,
    auctionEnd: 0n,
  },
  debtCap: 100_000_000n * WAD,
  documents: ["offering-summary", "valuation", "risk-factors", "loan-terms-variable"],
  // Variable alone: fixed debt would count with the capital policy beside the debt cap, up to 40 million more, which
  // the seed does not cover; and what is redeemed within days needs no loan to a date.
  terms: [
    {
      kind: "variable",
      document: "loan-terms-variable",
      cap: 100_000_000n * WAD,
      openFor: 730 * DAY, // then disclosed anew
    },
  ],
  // Bills of a government within months of being paid: two per cent is a fall that redemption outlasts.
  source: { kind: "facility", weightBps: 200 },
};
