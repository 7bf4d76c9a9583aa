// Deploys the standard protocol to a connected chain and records it.
import type { Wallet } from "ethers";
import { type DollarAddresses, deployDevelopmentDollar } from "../../contracts/deployment/dollar.ts";
import { handOver, standardRules } from "../../contracts/deployment/governance.ts";
import { deployProtocol, type Protocol } from "../../contracts/deployment/protocol.ts";
import { type DeploymentRecord, recordOf, writeRecord } from "../../contracts/deployment/record.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { developmentVoters } from "../../contracts/deployment/voters.ts";
import { ensureCompiled } from "../../contracts/tools/ensure-compiled.ts";
import { type Connection, DEVELOPMENT_CHAIN } from "./connection.ts";
import { delegateFirstVotes } from "./first-votes.ts";

/** Accounts of the phrase, by what they do. On a real network each would be another machine's key. */
export const ROLES = {
  deployer: 0,
  guardian: 1,
  registrar: 2,
  agent: 3,
  voters: [4, 5, 6],
  servicer: 7,
  /** Eight, so that their nonces don't serialise what they send. */
  keepers: Array.from({ length: 8 }, (_, i) => 10 + i),
  attestors: Array.from({ length: 5 }, (_, i) => 1_000 + i),
  firstBorrower: 100,
};

export function attestorWallets(connection: Connection): Wallet[] {
  return ROLES.attestors.map((index) => connection.wallet(index));
}

export type Deployment = { protocol: Protocol; record: DeploymentRecord; path: string };

const FIRST_VOTES = 10_000_000n * 10n ** 18n; // PLDR, of 100 million, for each voter off a development chain

/**
 * Deploys the standard protocol and writes its record; compiles it first where that was not done. Handed over, it is
 * governed by votes, and the deployer holds nothing; else he administers it, as development needs. The dollar token and
 * its feed are `dollar`; on a development chain, ones of its own where left out.
 */
export async function deployStandard(
  connection: Connection,
  options: { handOver?: boolean; dollar?: DollarAddresses } = {},
): Promise<Deployment> {
  const { provider, chainId } = connection;
  const development = options.dollar === undefined;
  if (development && chainId !== DEVELOPMENT_CHAIN) {
    throw new Error(
      `chain ${chainId} is not the development chain (${DEVELOPMENT_CHAIN}): name its dollar token and the feed of ` +
        "that with --dollar and --dollar-feed",
    );
  }
  ensureCompiled();
  const deployer = connection.wallet(ROLES.deployer);
  const startBlock = await provider.getBlockNumber();
  const genesisHash = await genesisOf(provider);
  const protocol = await deployProtocol(deployer, {
    ...standardProtocol,
    attestors: attestorWallets(connection).map(({ address }) => address),
    dollar: options.dollar ?? (await deployDevelopmentDollar(deployer, standardProtocol.seed)),
  });
  const address = (index: number) => connection.wallet(index).address;
  const governance = options.handOver
    ? await handOver(deployer, protocol, {
        ...standardRules,
        guardian: address(ROLES.guardian),
        registrar: address(ROLES.registrar),
        agent: address(ROLES.agent),
        servicer: address(ROLES.servicer),
        allocations: development
          ? developmentVoters.map(({ account, amount }) => ({ holder: address(account), amount }))
          : ROLES.voters.map((index) => ({ holder: address(index), amount: FIRST_VOTES })),
      })
    : undefined;
  if (development && governance) await delegateFirstVotes(connection, deployer, governance.token);
  const about = { chainId, genesisHash, startBlock, deployer: deployer.address, development };
  const record = recordOf(protocol, governance, about);
  return { protocol, record, path: writeRecord(record) };
}

async function genesisOf(provider: Connection["provider"]): Promise<string> {
  const genesis = await provider.getBlock(0);
  if (genesis?.hash) return genesis.hash;
  throw new Error("the node has no block 0: deploy through one that keeps the chain from its beginning");
}
