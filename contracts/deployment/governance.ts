// Deploys the voting token, the governor and the timelock, and hands every power over a protocol to them, to the guardian,
// the registrar, the issuers' agent and the servicer. Knows no network and no file; who holds what is the table in powers.ts.
import { getCreateAddress, type Signer, ZeroAddress } from "ethers";
import type { ContractName } from "../artifacts.ts";
import { type AnyContract, deploy, sent } from "./contract.ts";
import { holders, type RoleHolder, roleHolders } from "./powers.ts";
import type { Protocol } from "./protocol.ts";
import { encode } from "./roles.ts";
import { DAY, WAD } from "./units.ts";

export type GovernanceOptions = {
  guardian: string;
  registrar: string;
  agent: string;
  servicer: string;
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
 * Deploys governance and gives it all that the deployer held: the roles change hands in one transaction, the shares of
 * the first capital go to the timelock. Afterwards the deployer holds no role, no token and no income. Throws before
 * anything is sent where the deployer was named for a role or an allocation, since that would leave him a power.
 */
export async function handOver(
  deployer: Signer,
  protocol: Protocol,
  options: GovernanceOptions,
): Promise<Governance> {
  const from = await deployer.getAddress();
  await requireNotNamed(from, protocol, options);
  const governance = await deployGovernance(deployer, from, options);
  const { accessManager, backstop } = protocol;
  const { timelock } = governance;

  await sent(backstop.transfer(timelock.target, await backstop.balanceOf(from)));
  const successors: [RoleHolder, unknown][] = [
    ["guardian", options.guardian],
    // A vote can tighten too.
    ["guardian", timelock.target],
    ["registrar", options.registrar],
    ["agent", options.agent],
    ["servicer", options.servicer],
    ["timelock", timelock.target],
  ];
  await sent(
    accessManager.multicall(
      encode(accessManager, [
        ...successors.map(([holder, member]) => ["grantRole", holders[holder].role, member, 0] as const),
        ...[...roleHolders].reverse().map((holder) => ["renounceRole", holders[holder].role, from] as const),
      ]),
    ),
  );
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

async function requireNotNamed(from: string, protocol: Protocol, options: GovernanceOptions): Promise<void> {
  const named: [string, string][] = [
    ["guardian", options.guardian],
    ["registrar", options.registrar],
    ["agent", options.agent],
    ["servicer", options.servicer],
    ...options.allocations.map(({ holder }): [string, string] => ["holder of PLDR", holder]),
    ...(await attestorsOf(protocol)).map((attestor): [string, string] => ["attestor", attestor]),
  ];
  for (const [role, account] of named) {
    if (account.toLowerCase() === from.toLowerCase()) {
      throw new Error(`the deployer ${from} is named ${role}: name another account, he may keep nothing`);
    }
  }
}

async function attestorsOf({ markets }: Protocol): Promise<string[]> {
  const lists = await Promise.all(markets.map(({ oracle }) => oracle.attestors() as Promise<string[]>));
  return lists.flatMap((list) => [...list]);
}
