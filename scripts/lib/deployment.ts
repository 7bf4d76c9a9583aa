// Deploys the first market to a connected chain and records it. The parameters are the treasury bill market's.
import type { Wallet } from "ethers";
import { deployProtocol, type Protocol } from "../../contracts/deployment/protocol.ts";
import { contractNames, type DeploymentRecord, writeRecord } from "../../contracts/deployment/record.ts";
import { treasuryBillMarket } from "../../contracts/deployment/treasury-bills.ts";
import { ensureCompiled } from "../../contracts/tools/ensure-compiled.ts";
import type { Connection } from "./connection.ts";

/** Accounts of the phrase, by what they do. On a real network each would be another machine's key. */
export const ROLES = {
  deployer: 0,
  /** Eight, so that their nonces don't serialise what they send. */
  keepers: Array.from({ length: 8 }, (_, i) => 10 + i),
  attestors: Array.from({ length: 5 }, (_, i) => 1_000 + i),
  firstBorrower: 100,
};

export function attestorWallets(connection: Connection): Wallet[] {
  return ROLES.attestors.map((index) => connection.wallet(index));
}

export type Deployment = { protocol: Protocol; record: DeploymentRecord; path: string };

/** Deploys a treasury bill market and writes its record; compiles it first where that was not done. */
export async function deployMarket(connection: Connection): Promise<Deployment> {
  ensureCompiled();
  const { provider, chainId } = connection;
  const deployer = connection.wallet(ROLES.deployer);
  const startBlock = await provider.getBlockNumber();
  const attestors = attestorWallets(connection).map(({ address }) => address);
  const protocol = await deployProtocol(deployer, treasuryBillMarket(attestors));
  const record: DeploymentRecord = {
    chainId,
    startBlock,
    deployer: deployer.address,
    contracts: Object.fromEntries(
      Object.keys(contractNames).map((key) => [key, String(protocol[key as keyof Protocol].target)]),
    ) as DeploymentRecord["contracts"],
  };
  return { protocol, record, path: writeRecord(record) };
}
