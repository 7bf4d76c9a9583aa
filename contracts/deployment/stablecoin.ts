// Deploys what surrounds the stablecoin of a protocol: surplus, savings vault, backstop, capital policy, and a peg module
// where a dollar token is named. Knows no network and no file.
import type { Signer } from "ethers";
import { type AnyContract, deploy, type Protocol } from "./protocol.ts";

/** As in `ICapitalPolicy.Kind`. */
export const exposureKinds = { market: 1, peg: 2 } as const;

export type SurroundingsOptions = {
  savings: {
    /** Seconds over which a payment vests. */
    epoch: number;
    minShareCap: bigint;
    headroomBps: number;
  };
  /** All in seconds. */
  backstop: { delay: number; claimWindow: number; epoch: number };
  /** Parts of the excess capital that are paid out, basis points. */
  shares: { savingsBps: number; backstopBps: number };
  /** Capital per unit of debt cap, basis points. */
  marketWeightBps: number;
  peg?: {
    /** The dollar token and its AggregatorV3 feed. */
    asset: string;
    feed: { feed: string; maxDeviationBps: number; staleAfter: number };
    fees: { inBps: number; outBps: number };
    /** Seconds. */
    window: number;
    /** In units of the dollar token. */
    ceiling: bigint;
    inflowCap: bigint;
    weightBps: number;
  };
};

export type Surroundings = {
  surplus: AnyContract;
  savings: AnyContract;
  backstop: AnyContract;
  policy: AnyContract;
  peg?: AnyContract;
};

/**
 * Deploys and wires them: interest and fees go to the surplus, exits are checked against the policy. The caps that exist are
 * listed with the policy whether covered or not: until they are, no cap rises through it and no capital leaves.
 * The deployer must be the access manager's administrator; the policy raises caps once it is given that right.
 */
export async function deploySurroundings(
  deployer: Signer,
  { accessManager, stablecoin, facility, market }: Protocol,
  options: SurroundingsOptions,
): Promise<Surroundings> {
  const authority = accessManager.target;
  const { savings: s, backstop: b, peg: p } = options;
  const surplus = await deploy(deployer, "Surplus", [authority, stablecoin.target]);
  const common = [authority, stablecoin.target, surplus.target];
  const savings = await deploy(deployer, "SavingsVault", [...common, s.epoch, s.minShareCap, s.headroomBps]);
  const backstop = await deploy(deployer, "Backstop", [...common, b.delay, b.claimWindow, b.epoch]);
  const policy = await deploy(deployer, "CapitalPolicy", [...common, backstop.target]);
  const peg =
    p &&
    (await deploy(deployer, "PegModule", [
      {
        authority,
        stablecoin: stablecoin.target,
        asset: p.asset,
        surplus: surplus.target,
        window: p.window,
        fees: p.fees,
        feed: p.feed,
      },
    ]));

  const steps = [
    () => facility.setSurplus(surplus.target),
    () => surplus.setOutlets(savings.target, backstop.target, policy.target),
    () => surplus.setShares(options.shares.savingsBps, options.shares.backstopBps),
    () => backstop.setPolicy(policy.target),
    () => policy.setExposure(market.target, exposureKinds.market, options.marketWeightBps),
  ];
  if (peg && p) {
    steps.push(
      () => stablecoin.addFacility(peg.target),
      () => policy.setExposure(peg.target, exposureKinds.peg, p.weightBps),
      () => peg.raiseCeiling(p.ceiling),
      () => peg.raiseInflowCap(p.inflowCap),
    );
  }
  for (const step of steps) await (await step()).wait();
  return { surplus, savings, backstop, policy, ...(peg ? { peg } : {}) };
}
