// Fixed terms that the market has taken over, and what tests of them repeat.
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { ethers, networkHelpers } from "./network.ts";
import { DAY, type Setup, units, WAD } from "./setup.ts";

export const FIXED = {
  openFor: 30 * DAY,
  duration: 180 * DAY,
  gracePeriod: 10 * DAY,
  ratePerYear: (8n * WAD) / 100n,
  marginPerYear: WAD / 100n,
  penaltyPerYear: (5n * WAD) / 100n,
  cap: units(500_000),
};

/** Terms as `ITermsRegistry.Terms`, open from now. */
export async function fixedTerms(market: AnyContract, changes: Record<string, unknown> = {}) {
  const now = await networkHelpers.time.latest();
  return {
    market: market.target,
    rateKind: 1,
    openUntil: now + FIXED.openFor,
    maturity: now + FIXED.duration,
    ratePerYear: FIXED.ratePerYear,
    marginPerYear: FIXED.marginPerYear,
    penaltyPerYear: FIXED.penaltyPerYear,
    gracePeriod: FIXED.gracePeriod,
    cap: FIXED.cap,
    documentHash: ethers.id("fixed terms"),
    ...changes,
  };
}

/** Publishes fixed terms, has `market` adopt them, and a checkpoint open room for fixed debt. Returns their number. */
export async function adopted(
  { termsRegistry }: Pick<Setup, "termsRegistry">,
  market: AnyContract,
  changes: Record<string, unknown> = {},
): Promise<bigint> {
  await termsRegistry.publish(await fixedTerms(market, changes), "");
  const termsId = (await termsRegistry.count()) as bigint;
  await market.adoptTerms(termsId);
  await market.checkpoint();
  return termsId;
}
