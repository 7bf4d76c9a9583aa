// Surplus, savings, backstop, policy and peg around the deployed market, as the deployment makes them.
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { deploySurroundings } from "../../../contracts/deployment/stablecoin.ts";
import { deployHarness } from "./harness.ts";
import { ethers, networkHelpers } from "./network.ts";
import { CEILING, INFLOW_CAP, ONE_DOLLAR } from "./peg.ts";
import { as, DAY, deployed, HOUR, open, type Setup, units } from "./setup.ts";

export type Surrounded = Setup & {
  surplus: AnyContract;
  savings: AnyContract;
  backstop: AnyContract;
  policy: AnyContract;
  peg: AnyContract;
};

/** Debt cap of the market, pUSD at index 1; it needs 10% of capital, the peg's 3,200,000 need 1%. */
export const DEBT_CAP = units(1_000_000);

/** Everybody owes 150,000 and holds them; nobody has put capital in. */
export async function surrounded(): Promise<Surrounded> {
  const s = await deployed();
  const dollar = await deployHarness("DollarToken");
  const feed = await deployHarness("DollarFeed");
  await feed.set(ONE_DOLLAR, await networkHelpers.time.latest());
  const [cap] = await s.market.debtCap();
  await s.market.cutDebtCap(cap - DEBT_CAP);
  const { peg, ...rest } = await deploySurroundings(s.deployer, s, {
    savings: { epoch: DAY, minShareCap: units(100_000), headroomBps: 2_500 },
    backstop: { delay: 10 * DAY, claimWindow: 2 * DAY, epoch: DAY },
    shares: { savingsBps: 5_000, backstopBps: 2_500 },
    marketWeightBps: 1_000,
    peg: {
      asset: String(dollar.target),
      feed: { feed: String(feed.target), maxDeviationBps: 50, staleAfter: 25 * HOUR },
      fees: { inBps: 10, outBps: 20 },
      window: DAY,
      ceiling: CEILING,
      inflowCap: INFLOW_CAP,
      weightBps: 100,
    },
  });
  if (peg === undefined) throw new Error("the deployment left the peg module out");
  for (const who of [s.alice, s.bob, s.carol]) {
    await open(s, who, who === s.alice ? 1_800n : 5_000n, 150_000n);
    for (const spender of [rest.savings, rest.backstop]) {
      await as(s.stablecoin, who).approve(spender, ethers.MaxUint256);
    }
  }
  return { ...s, ...rest, peg };
}
