// Deploys the first market to a connected chain and records it. The parameters are the treasury bill market's.
import type { Wallet } from "ethers";
import {
  type Governance,
  governanceNames,
  handOver,
  standardRules,
} from "../../contracts/deployment/governance.ts";
import { deployProtocol, type Protocol } from "../../contracts/deployment/protocol.ts";
import { contractNames, type DeploymentRecord, writeRecord } from "../../contracts/deployment/record.ts";
import { treasuryBillMarket } from "../../contracts/deployment/treasury-bills.ts";
import { ensureCompiled } from "../../contracts/tools/ensure-compiled.ts";
import type { Connection } from "./connection.ts";

/** Accounts of the phrase, by what they do. On a real network each would be another machine's key. */
export const ROLES = {
  deployer: 0,
  guardian: 1,
  registrar: 2,
  agent: 3,
  voters: [4, 5, 6],
  /** Eight, so that their nonces don't serialise what they send. */
  keepers: Array.from({ length: 8 }, (_, i) => 10 + i),
  attestors: Array.from({ length: 5 }, (_, i) => 1_000 + i),
  firstBorrower: 100,
};

export function attestorWallets(connection: Connection): Wallet[] {
  return ROLES.attestors.map((index) => connection.wallet(index));
}

export type Deployment = { protocol: Protocol; record: DeploymentRecord; path: string };

const FIRST_VOTES = 10_000_000n * 10n ** 18n; // PLDR, of 100 million, for each voter

/**
 * Deploys a treasury bill market and writes its record; compiles it first where that was not done. Handed over, it is
 * governed by votes, and the deployer holds nothing; else he administers it, as development needs.
 */
export async function deployMarket(
  connection: Connection,
  options: { handOver: boolean } = { handOver: false },
): Promise<Deployment> {
  ensureCompiled();
  const { provider, chainId } = connection;
  const deployer = connection.wallet(ROLES.deployer);
  const startBlock = await provider.getBlockNumber();
  const attestors = attestorWallets(connection).map(({ address }) => address);
  const protocol = await deployProtocol(deployer, treasuryBillMarket(attestors));
  const address = (index: number) => connection.wallet(index).address;
  const governance = options.handOver
    ? await handOver(deployer, protocol, {
        ...standardRules,
        guardian: address(ROLES.guardian),
        registrar: address(ROLES.registrar),
        agent: address(ROLES.agent),
        allocations: ROLES.voters.map((index) => ({ holder: address(index), amount: FIRST_VOTES })),
      })
    : undefined;
  const record: DeploymentRecord = {
    chainId,
    startBlock,
    deployer: deployer.address,
    contracts: Object.fromEntries(
      Object.keys(contractNames).map((key) => [key, String(protocol[key as keyof Protocol].target)]),
    ) as DeploymentRecord["contracts"],
    ...(governance && { governance: addresses(governance) }),
  };
  return { protocol, record, path: writeRecord(record) };
}

function addresses(governance: Governance): DeploymentRecord["governance"] {
  const keys = Object.keys(governanceNames) as (keyof Governance)[];
  return Object.fromEntries(
    keys.map((key) => [key, String(governance[key].target)]),
  ) as DeploymentRecord["governance"];
}
