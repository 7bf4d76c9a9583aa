// Deploys the voting token, the governor and the timelock, and hands every power over a protocol to them, to the guardian,
// the registrar and the issuer's agent. Knows no network and no file; who holds what is the table in powers.ts.
import { getCreateAddress, type Signer, ZeroAddress } from "ethers";
import type { ContractName } from "../artifacts.ts";
import { holders, powersOf, type RoleHolder, roleHolders } from "./powers.ts";
import { type AnyContract, deploy, type Protocol } from "./protocol.ts";
import { contractNames } from "./record.ts";

const DAY = 86_400;
const WAD = 10n ** 18n;

export type GovernanceOptions = {
  guardian: string;
  registrar: string;
  agent: string;
  /** Who holds PLDR from the beginning, in its smallest unit. The timelock, as treasury, holds the rest. */
  allocations: readonly { holder: string; amount: bigint }[];
  /** Seconds between the vote and its effect. */
  timelockDelay: number;
  /** As in `PolderGovernor.Rules`. */
  rules: {
    votingDelay: number;
    votingPeriod: number;
    lateQuorumExtension: number;
    proposalThreshold: bigint;
    quorumPercent: number;
  };
};

/** A vote takes a week, its effect waits two days more. */
export const standardRules: Pick<GovernanceOptions, "timelockDelay" | "rules"> = {
  timelockDelay: 2 * DAY,
  rules: {
    votingDelay: DAY,
    votingPeriod: 5 * DAY,
    lateQuorumExtension: DAY,
    proposalThreshold: 100_000n * WAD, // a thousandth of the supply
    quorumPercent: 4,
  },
};

export type Governance = {
  token: AnyContract;
  timelock: AnyContract;
  governor: AnyContract;
};

/** The artifact behind each contract of governance. */
export const governanceNames = {
  token: "PLDR",
  timelock: "TimelockController",
  governor: "PolderGovernor",
} as const satisfies Record<keyof Governance, ContractName>;

/**
 * Deploys governance and gives it all that the deployer held. Afterwards the deployer holds no role, no token and no
 * income. Throws before anything is sent where the deployer was named for a role or an allocation, since that would
 * leave him a power.
 */
export async function handOver(
  deployer: Signer,
  protocol: Protocol,
  options: GovernanceOptions,
): Promise<Governance> {
  const from = await deployer.getAddress();
  await requireNotNamed(from, protocol, options);
  const governance = await deployGovernance(deployer, from, options);
  const { accessManager, facility } = protocol;
  const { timelock } = governance;

  for (const [key, name] of Object.entries(contractNames) as [keyof Protocol, ContractName][]) {
    for (const [holder, selectors] of selectorsByHolder(name, protocol[key])) {
      await sent(accessManager.setTargetFunctionRole(protocol[key].target, selectors, holders[holder].role));
    }
  }
  const members: [RoleHolder, unknown][] = [
    ["guardian", options.guardian],
    // A vote can tighten too.
    ["guardian", timelock.target],
    ["registrar", options.registrar],
    ["agent", options.agent],
    ["timelock", timelock.target],
  ];
  for (const [holder, member] of members) {
    await sent(accessManager.grantRole(holders[holder].role, member, 0));
  }
  for (const holder of roleHolders) {
    // The access manager names its administrator's role itself.
    if (holder !== "timelock") await sent(accessManager.labelRole(holders[holder].role, holder));
  }
  if (String(await facility.surplus()) === from) await sent(facility.setSurplus(timelock.target));
  await sent(accessManager.renounceRole(holders.timelock.role, from));
  return governance;
}

/** The governor is known to the timelock beforehand, so that nobody ever administers the timelock but itself. */
async function deployGovernance(
  deployer: Signer,
  from: string,
  { allocations, guardian, timelockDelay, rules }: GovernanceOptions,
): Promise<Governance> {
  const nonce = await deployer.getNonce();
  const governorAddress = getCreateAddress({ from, nonce: nonce + 2 });
  const anybody = ZeroAddress;
  const timelock = await deploy(deployer, "TimelockController", [
    timelockDelay,
    [governorAddress],
    [anybody],
    ZeroAddress,
  ]);
  const token = await deploy(deployer, "PLDR", [timelock.target, allocations]);
  const governor = await deploy(deployer, "PolderGovernor", [token.target, timelock.target, guardian, rules]);
  if (String(governor.target) !== governorAddress) {
    throw new Error("the deployer's account sent something in between: hand over again");
  }
  return { token, timelock, governor };
}

/** Selectors on a contract by who holds them, where that is a role other than the administrator's. */
function selectorsByHolder(name: ContractName, contract: AnyContract): Map<RoleHolder, string[]> {
  const selectors = new Map<RoleHolder, string[]>();
  for (const { call, holder } of powersOf(name, false)) {
    if (holder !== "guardian" && holder !== "registrar" && holder !== "agent") continue;
    const known = selectors.get(holder) ?? [];
    contract.interface.forEachFunction((fragment) => {
      if (fragment.name === call) known.push(fragment.selector);
    });
    selectors.set(holder, known);
  }
  return selectors;
}

async function requireNotNamed(from: string, protocol: Protocol, options: GovernanceOptions): Promise<void> {
  const named: [string, string][] = [
    ["guardian", options.guardian],
    ["registrar", options.registrar],
    ["agent", options.agent],
    ...options.allocations.map(({ holder }): [string, string] => ["holder of PLDR", holder]),
    ...(await protocol.oracle.attestors()).map((attestor: string): [string, string] => [
      "attestor",
      attestor,
    ]),
  ];
  for (const [role, account] of named) {
    if (account.toLowerCase() === from.toLowerCase()) {
      throw new Error(`the deployer ${from} is named ${role}: name another account, he may keep nothing`);
    }
  }
}

async function sent(transaction: Promise<{ wait(): Promise<unknown> }>): Promise<void> {
  await (await transaction).wait();
}
