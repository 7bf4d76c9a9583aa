// A peg module beside the deployed market: a dollar token of 6 decimals, a feed that says what it is told, people who
// hold dollars.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type AnyContract, deploy } from "../../../contracts/deployment/protocol.ts";
import { deployHarness } from "./harness.ts";
import { ethers, networkHelpers } from "./network.ts";
import { as, DAY, deployed, HOUR, type Setup } from "./setup.ts";

/** Units of the dollar token. */
export function dollars(amount: number | bigint): bigint {
  return BigInt(amount) * 10n ** 6n;
}

export const ONE_DOLLAR = 10n ** 8n;
export const CEILING = dollars(3_200_000);
export const INFLOW_CAP = dollars(640_000);
export const FEES = { inBps: 10, outBps: 20 };

export type PegSetup = Setup & { dollar: AnyContract; feed: AnyContract; peg: AnyContract };

export async function withPeg(surplus?: string): Promise<PegSetup> {
  return addPeg(await deployed(), surplus);
}

/** Adds a peg module to `s`; its fees go to `surplus`, to the deployer where left out. */
export async function addPeg(s: Setup, surplus: string = s.deployer.address): Promise<PegSetup> {
  const dollar = await deployHarness("DollarToken");
  const feed = await deployHarness("DollarFeed");
  const peg = await deploy(s.deployer, "PegModule", [
    {
      authority: s.accessManager.target,
      stablecoin: s.stablecoin.target,
      asset: dollar.target,
      surplus,
      window: DAY,
      fees: FEES,
      feed: { feed: feed.target, maxDeviationBps: 50, staleAfter: 25 * HOUR },
    },
  ]);
  await s.stablecoin.addFacility(peg);
  await peg.raiseCeiling(CEILING);
  await peg.raiseInflowCap(INFLOW_CAP);
  const setup = { ...s, dollar, feed, peg };
  await sayDollar(setup);
  for (const who of [s.alice, s.bob, s.carol]) await endow(setup, who, 10_000_000n);
  return setup;
}

/** The feed says `answer` as of now. */
export async function sayDollar({ feed }: PegSetup, answer: bigint = ONE_DOLLAR): Promise<void> {
  await feed.set(answer, await networkHelpers.time.latest());
}

async function endow(s: PegSetup, who: HardhatEthersSigner, amount: bigint): Promise<void> {
  await s.dollar.mint(who, dollars(amount));
  await as(s.dollar, who).approve(s.peg, ethers.MaxUint256);
  await as(s.stablecoin, who).approve(s.peg, ethers.MaxUint256);
}

/** Goes to the beginning of the next inflow window and lets the feed speak there. */
export async function nextWindow(s: PegSetup): Promise<void> {
  const { time } = networkHelpers;
  await time.increaseTo((Math.floor((await time.latest()) / DAY) + 1) * DAY);
  await sayDollar(s);
}
