// An issuer's redemption desk, on record as a holder, whose agent (the deployer) has pUSD to pay with.
import { type AnyContract, deploy } from "../../../contracts/deployment/contract.ts";
import { ethers, networkHelpers } from "./network.ts";
import { as, DAY, NETHERLANDS, type Setup, TIERS, units } from "./setup.ts";

/** `from` gives the agent 150,000 pUSD. */
export async function deployDesk(s: Setup, from: Setup["alice"]): Promise<AnyContract> {
  const desk = await deploy(s.deployer, "RedemptionDesk", [
    s.accessManager.target,
    s.collateral.target,
    s.stablecoin.target,
  ]);
  const expiry = (await networkHelpers.time.latest()) + 365 * DAY;
  await s.registry.setPersons([desk, s.deployer], TIERS.holder, NETHERLANDS, expiry);
  await as(s.stablecoin, from).transfer(s.deployer, units(150_000));
  await s.stablecoin.approve(desk, ethers.MaxUint256);
  return desk;
}
