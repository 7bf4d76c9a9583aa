// A deployed market with people on record and a first NAV, and the acts that tests repeat. Uses nothing that only
// Hardhat's simulated network can do.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BigNumberish, id, Wallet } from "ethers";
import { signConfirmation, signReport } from "../../../contracts/deployment/nav-report.ts";
import { type AnyContract, deployProtocol, type Protocol } from "../../../contracts/deployment/protocol.ts";
import { treasuryBillMarket } from "../../../contracts/deployment/treasury-bills.ts";
import { ethers, networkHelpers } from "./network.ts";

export const WAD = 10n ** 18n;
export const HOUR = 3_600;
export const DAY = 24 * HOUR;
/** The NAV the tests start with: 100 USD in 8 decimals. */
export const NAV = 100n * 10n ** 8n;
export const TIERS = { holder: 1, borrower: 2, liquidator: 3 };
export const NETHERLANDS = 528;

export const attestors = Array.from({ length: 5 }, (_, i) => new Wallet(id(`attestor ${i}`)));
export const options = treasuryBillMarket(attestors.map(({ address }) => address));

export type Setup = Protocol & {
  deployer: HardhatEthersSigner;
  /** Borrowers with 10,000 tokens each, approved to the market. Bob and Carol share lane 28, Alice is in lane 8. */
  alice: HardhatEthersSigner;
  bob: HardhatEthersSigner;
  carol: HardhatEthersSigner;
  /** A liquidator, who has no pUSD of his own. */
  keeper: HardhatEthersSigner;
  /** Nobody on record. */
  stranger: HardhatEthersSigner;
};

/** Units of an 18-decimal token. */
export function units(amount: BigNumberish): bigint {
  return BigInt(amount) * WAD;
}

export async function deployed(): Promise<Setup> {
  const [deployer, alice, bob, , , carol, keeper, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ];
  if (!alice || !bob || !carol || !keeper || !stranger) throw new Error("the network must unlock 8 accounts");
  const protocol = await deployProtocol(deployer, options);
  const { registry, collateral, market, oracle } = protocol;
  const expiry = (await networkHelpers.time.latest()) + 365 * DAY;
  await registry.setPersons([alice, bob, carol], TIERS.borrower, NETHERLANDS, expiry);
  await registry.setPersons([keeper], TIERS.liquidator, NETHERLANDS, expiry);
  for (const person of [alice, bob, carol]) {
    await collateral.mint(person, units(10_000));
    await as(collateral, person).approve(market, ethers.MaxUint256);
  }
  await reportNav(oracle, NAV, 4);
  return { ...protocol, deployer, alice, bob, carol, keeper, stranger };
}

/** `contract` as seen by `signer`. */
export function as(contract: AnyContract, signer: HardhatEthersSigner): AnyContract {
  return contract.connect(signer) as AnyContract;
}

/** Reports `nav` now, signed by `quorum` attestors. */
export async function reportNav(oracle: AnyContract, nav: bigint, quorum = 3): Promise<void> {
  const report = {
    round: Number(await oracle.nextRound()),
    nav,
    navDate: await networkHelpers.time.latest(),
    ripcord: false,
  };
  await oracle.submit(report, await signReport(oracle, attestors.slice(0, quorum), report));
}

/** Waits until a report is due, reports `nav` beyond the bounds and confirms it by the larger quorum. */
export async function dropNav(oracle: AnyContract, nav: bigint): Promise<void> {
  await networkHelpers.time.increase(20 * HOUR);
  await reportNav(oracle, nav);
  await oracle.confirm(await signConfirmation(oracle, attestors.slice(0, 4)));
}

/** Adds `collateral` and borrows `debt` for `owner`, both in whole tokens. */
export async function open(
  { market }: Setup,
  owner: HardhatEthersSigner,
  collateral: bigint,
  debt: bigint,
): Promise<void> {
  await as(market, owner).addCollateral(owner, 0, units(collateral));
  if (debt > 0n) await as(market, owner).borrow(owner, 0, units(debt), owner);
}

/** A fixed account that is nobody's signer, in the lane asked for. */
export function addressInLane(lane: number): string {
  return ethers.getAddress(`0x${(0x1000n * 32n + BigInt(lane)).toString(16).padStart(40, "0")}`);
}
