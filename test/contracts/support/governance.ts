// The standard protocol, handed over to governance, and the acts of voting that tests repeat.
import type { HardhatEthersSigner } from "@nomicfoundation/hardhat-ethers/types";
import { type Governance, handOver, standardRules } from "../../../contracts/deployment/governance.ts";
import type { AnyContract } from "../../../contracts/deployment/protocol.ts";
import { standardProtocol } from "../../../contracts/deployment/standard.ts";
import { ethers, networkHelpers } from "./network.ts";
import { as, DAY, deployedWith, type Setup, units } from "./setup.ts";

const { time } = networkHelpers;

/** Less to deploy where one market that mints and one that lenders fill are enough. */
export const oneMarketOfEachKind: typeof standardProtocol = {
  ...standardProtocol,
  markets: standardProtocol.markets.filter(
    ({ source }, i, all) => all.findIndex((each) => each.source.kind === source.kind) === i,
  ),
};

export const { timelockDelay, rules } = standardRules;
export const FOR = 1;
/** As in `IGovernor.ProposalState`. */
export const STATES = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
];

export type Governed = Setup &
  Governance & {
    guardian: HardhatEthersSigner;
    registrar: HardhatEthersSigner;
    agent: HardhatEthersSigner;
    servicer: HardhatEthersSigner;
    /** Ten million PLDR, delegated to himself. Bob holds thirty million, delegated to nobody. */
    voter: HardhatEthersSigner;
  };

/** What a vote decides: calls to be made by the timelock. */
export type Call = { target: AnyContract; method: string; args: readonly unknown[] };

type Actions = [targets: unknown[], values: bigint[], calldatas: string[]];

export type Proposal = {
  id: bigint;
  actions: Actions;
  description: string;
  /** What queue, execute and cancel take. */
  reference: [...Actions, descriptionHash: string];
};

/** A market of each kind of the standard protocol, governed. */
export function governed(): Promise<Governed> {
  return governedWith(oneMarketOfEachKind);
}

export async function governedWith(given: typeof standardProtocol): Promise<Governed> {
  const s = await deployedWith(given);
  const signers = (await ethers.getSigners()) as HardhatEthersSigner[];
  const [guardian, registrar, agent, voter, servicer] = [3, 4, 8, 9, 10].map((index) => signers[index]);
  if (!guardian || !registrar || !agent || !voter || !servicer) {
    throw new Error("the network must unlock 11 accounts");
  }
  const governance = await handOver(s.deployer, s, {
    ...standardRules,
    guardian: guardian.address,
    registrar: registrar.address,
    agent: agent.address,
    servicer: servicer.address,
    allocations: [
      { holder: voter.address, amount: units(10_000_000) },
      { holder: s.bob.address, amount: units(30_000_000) },
    ],
  });
  await as(governance.token, voter).delegate(voter);
  await time.increase(1); // a proposer's votes count a second later
  return { ...s, ...governance, guardian, registrar, agent, servicer, voter };
}

export function proposalOf(calls: readonly Call[], description: string): Proposal {
  const actions: Actions = [
    calls.map(({ target }) => target.target),
    calls.map(() => 0n),
    calls.map(({ target, method, args }) => target.interface.encodeFunctionData(method, args)),
  ];
  const reference: Proposal["reference"] = [...actions, ethers.id(description)];
  const types = ["address[]", "uint256[]", "bytes[]", "bytes32"];
  const id = BigInt(ethers.keccak256(ethers.AbiCoder.defaultAbiCoder().encode(types, reference)));
  return { id, actions, description, reference };
}

/** Proposes in the voter's name. */
export async function propose(g: Governed, calls: readonly Call[], description: string): Promise<Proposal> {
  const proposal = proposalOf(calls, description);
  await as(g.governor, g.voter).propose(...proposal.actions, proposal.description);
  return proposal;
}

export async function stateOf({ governor }: Governed, { id }: Proposal): Promise<string | undefined> {
  return STATES[Number(await governor.state(id))];
}

export async function toActive(): Promise<void> {
  await time.increase(rules.votingDelay + 1);
}

/** From proposed to queued: the voter is for it. */
export async function carry(g: Governed, proposal: Proposal): Promise<void> {
  await toActive();
  await as(g.governor, g.voter).castVote(proposal.id, FOR);
  await time.increase(rules.votingPeriod + DAY);
  await g.governor.queue(...proposal.reference);
}

/** From nothing to executed. */
export async function enact(g: Governed, calls: readonly Call[], description: string): Promise<void> {
  const proposal = await propose(g, calls, description);
  await carry(g, proposal);
  await time.increase(timelockDelay);
  await g.governor.execute(...proposal.reference);
}
