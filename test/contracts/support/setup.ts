// The deployed protocol with people on record and a first NAV, and the acts that tests repeat. Uses nothing that only
// Hardhat's simulated network can do.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type BigNumberish, id, Wallet } from "ethers";
import type { MarketContracts } from "../../../contracts/deployment/market.ts";
import { treasuryBills } from "../../../contracts/deployment/markets/treasury-bills.ts";
import { signConfirmation, signReport } from "../../../contracts/deployment/nav-report.ts";
import {
  type AnyContract,
  deployProtocol,
  marketOf,
  type Protocol,
  type ProtocolOptions,
} from "../../../contracts/deployment/protocol.ts";
import { deployHarness } from "./harness.ts";
import { ethers, networkHelpers } from "./network.ts";

export const WAD = 10n ** 18n;
export const HOUR = 3_600;
export const DAY = 24 * HOUR;
/** The NAV the tests start with: 100 USD in 8 decimals. */
export const NAV = 100n * 10n ** 8n;
export const TIERS = { holder: 1, borrower: 2, liquidator: 3 };
export const NETHERLANDS = 528;

/** With a smallest debt of its own: what tests say of dust goes by a round hundred, whatever the market's is. */
const bills = {
  ...treasuryBills,
  parameters: {
    ...treasuryBills.parameters,
    liquidation: { ...treasuryBills.parameters.liquidation, minDebt: 100n * WAD },
  },
};

export const attestors = Array.from({ length: 5 }, (_, i) => new Wallet(id(`attestor ${i}`)));
/** Options of the market that most tests are about. */
export const options = {
  ...bills,
  oracle: { ...bills.oracle, attestors: attestors.map(({ address }) => address) },
};

/** Tests publish the terms that they are about themselves, from number 1 on. */
const undisclosed = { documents: [], terms: [] };

/** Numbers that tests compute with, for what surrounds the stablecoin. */
const rounded: Omit<ProtocolOptions, "attestors" | "dollar" | "markets" | "seed"> = {
  savings: { epoch: DAY, minShareCap: 100_000n * WAD, headroomBps: 2_500 },
  backstop: { delay: 10 * DAY, claimWindow: 2 * DAY, epoch: DAY },
  payout: { savingsBps: 5_000, backstopBps: 2_500 },
  peg: {
    feed: { maxDeviationBps: 50, staleAfter: 25 * HOUR },
    fees: { inBps: 10, outBps: 20 },
    window: DAY,
    ceiling: 0n,
    inflowCap: 0n,
    weightBps: 100,
  },
};

type People = {
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

/** All that is deployed, and apart from it the parts of the market that mints. */
export type Setup = Protocol &
  People &
  Omit<MarketContracts, "key" | "title" | "kind" | "source"> & { facility: AnyContract };

/** Units of an 18-decimal token. */
export function units(amount: BigNumberish): bigint {
  return BigInt(amount) * WAD;
}

/**
 * The Treasury bill market, administered by the deployer, who receives its interest and raised its cap without asking the
 * capital policy. Nobody has put capital in, and the peg module is closed.
 */
export async function deployed(): Promise<Setup> {
  const s = await deployedWith({
    ...rounded,
    markets: [{ ...bills, ...undisclosed, debtCap: 0n, source: { kind: "facility", weightBps: 1_000 } }],
    seed: 0n,
  });
  await s.facility.setSurplus(s.deployer);
  await s.market.raiseDebtCap(options.debtCap);
  return s;
}

/** A protocol with these options, the people, and what they hold of the Treasury bill market. */
export async function deployedWith(given: Omit<ProtocolOptions, "attestors" | "dollar">): Promise<Setup> {
  const people = await everybody();
  const { deployer, alice, bob, carol, keeper } = people;
  const dollar = await deployHarness("DollarToken");
  const feed = await deployHarness("DollarFeed");
  await feed.set(10n ** 8n, await networkHelpers.time.latest());
  await dollar.mint(deployer, given.seed);
  const protocol = await deployProtocol(deployer, {
    ...given,
    attestors: options.oracle.attestors,
    dollar: { token: String(dollar.target), feed: String(feed.target) },
  });
  const { collateral, oracle, rateModel, workout, desk, source, market } = marketOf(
    protocol,
    treasuryBills.key,
  );
  const expiry = (await networkHelpers.time.latest()) + 365 * DAY;
  await protocol.registry.setPersons([alice, bob, carol], TIERS.borrower, NETHERLANDS, expiry);
  await protocol.registry.setPersons([keeper], TIERS.liquidator, NETHERLANDS, expiry);
  for (const person of [alice, bob, carol]) {
    await collateral.mint(person, units(10_000));
    await as(collateral, person).approve(market, ethers.MaxUint256);
  }
  await reportNav(oracle, NAV, 4);
  // As harnesses, which tests can make say and do more.
  const doubles = { dollar, dollarFeed: feed };
  const parts = { collateral, oracle, rateModel, workout, desk, facility: source, market };
  return { ...protocol, ...doubles, ...people, ...parts };
}

async function everybody(): Promise<People> {
  const [deployer, alice, bob, , , carol, keeper, stranger] = (await ethers.getSigners()) as [
    HardhatEthersSigner,
    ...HardhatEthersSigner[],
  ];
  if (!alice || !bob || !carol || !keeper || !stranger) throw new Error("the network must unlock 8 accounts");
  return { deployer, alice, bob, carol, keeper, stranger };
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
  { market }: Pick<Setup, "market">,
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
