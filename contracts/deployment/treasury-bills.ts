// The parameters of a first market, believable for its asset: a fund of short Treasury bills, valued every working day,
// redeemable within days. Plain data.
import type { ProtocolOptions } from "./protocol.ts";

const HOUR = 3_600;
const PERCENT = 10n ** 16n; // wad

/** Options of a market against shares in a Treasury bill fund, with `attestors` reporting its NAV. */
export function treasuryBillMarket(attestors: readonly string[]): ProtocolOptions {
  return {
    collateral: { name: "Polder Short Treasury Bill Fund", symbol: "pTBILL", decimals: 18 },
    oracle: {
      description: "pTBILL / USD NAV",
      decimals: 8,
      attestors,
      settings: {
        // Three days bridge a weekend, a week means that nobody reports any more.
        staleAfter: 73 * HOUR,
        expiredAfter: 168 * HOUR,
        pendingDelay: 24 * HOUR,
        minInterval: 20 * HOUR,
        maxUpBps: 100,
        maxDownBps: 200,
        quorum: Math.floor(attestors.length / 2) + 1,
        confirmQuorum: attestors.length - Math.floor(attestors.length / 5),
      },
    },
    rate: {
      initial: 5n * PERCENT,
      curve: {
        target: 90n * PERCENT,
        multipleAtZero: 60n * PERCENT,
        multipleAtFull: 500n * PERCENT,
        speed: (10n * PERCENT) / (24n * 3_600n), // at most a tenth a day
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
        minDebt: 100n * 10n ** 18n,
      },
      coolOff: 60,
      // Redeemable within days: liquidated at a discount, not by auction.
      saleWindow: 0,
      auctionDuration: 0,
      auctionStart: 0n,
      auctionEnd: 0n,
    },
    debtCap: 100_000_000n * 10n ** 18n,
  };
}
