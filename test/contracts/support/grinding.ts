// Accounts whose addresses an attacker chose: all in one lane. Derived from a seed, so that a run can be repeated.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { id, Wallet } from "ethers";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { model } from "../../../contracts/index.ts";
import { ethers, networkHelpers } from "./network.ts";
import { DAY, NETHERLANDS, type Setup, TIERS } from "./setup.ts";

/** `count` accounts in `lane`, with an ether each from `funder`. One key in 32 fits. */
export async function accountsInLane(
  lane: number,
  count: number,
  funder: HardhatEthersSigner,
): Promise<Wallet[]> {
  const wallets: Wallet[] = [];
  for (let i = 0; wallets.length < count; i++) {
    const wallet = new Wallet(id(`ground ${i}`), ethers.provider);
    if (model.laneOf(wallet.address) === lane) wallets.push(wallet);
  }
  for (const { address } of wallets) await funder.sendTransaction({ to: address, value: 10n ** 18n });
  return wallets;
}

/** `contract` as seen by an account of the attacker's. */
export function by(contract: AnyContract, wallet: Wallet): AnyContract {
  return contract.connect(wallet) as AnyContract;
}

/** Puts `wallets` on record as borrowers, with `collateral` of their own added at the market. */
export async function equip(
  s: Pick<Setup, "registry" | "collateral" | "market">,
  wallets: readonly Wallet[],
  collateral: bigint,
): Promise<void> {
  const expiry = (await networkHelpers.time.latest()) + 365 * DAY;
  await s.registry.setPersons(wallets, TIERS.borrower, NETHERLANDS, expiry);
  for (const wallet of wallets) {
    await s.collateral.mint(wallet, collateral);
    await by(s.collateral, wallet).approve(s.market, ethers.MaxUint256);
    await by(s.market, wallet).addCollateral(wallet, 0, collateral);
  }
}
