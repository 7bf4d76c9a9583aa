// What `npm run deploy` deploys: the markets and what surrounds the stablecoin. Plain data: a new market is a file in
// markets/, its documents in documents/ and a line here.
import { harvest } from "./markets/harvest.ts";
import { musicRoyalties } from "./markets/music-royalties.ts";
import { officeBuilding } from "./markets/office-building.ts";
import { tradeInvoices } from "./markets/trade-invoices.ts";
import { treasuryBills } from "./markets/treasury-bills.ts";
import type { ProtocolOptions } from "./protocol.ts";
import { DAY, HOUR, WAD } from "./units.ts";

const DOLLAR = 10n ** 6n;

export const standardProtocol: Omit<ProtocolOptions, "attestors" | "dollar"> = {
  markets: [treasuryBills, tradeInvoices, officeBuilding, harvest, musicRoyalties],
  savings: { epoch: 7 * DAY, minShareCap: 1_000_000n * WAD, headroomBps: 2_500 },
  backstop: { delay: 10 * DAY, claimWindow: 2 * DAY, epoch: 7 * DAY },
  payout: { savingsBps: 6_000, backstopBps: 2_500 },
  peg: {
    feed: { maxDeviationBps: 50, staleAfter: 25 * HOUR }, // USDC's feed beats once a day
    fees: { inBps: 5, outBps: 10 },
    window: DAY,
    ceiling: 50_000_000n * DOLLAR,
    inflowCap: 5_000_000n * DOLLAR,
    weightBps: 50,
  },
  // 2% of 100 million of Treasury bills and 0.5% of 50 million dollars are 2.25 million; the rest is room for a first vote.
  seed: 2_500_000n * DOLLAR,
};
