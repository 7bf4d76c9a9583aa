// Deploys the standard protocol to a connected chain and records it.
import { readFileSync } from "node:fs";
import { getAddress, isAddress, type Signer, type Wallet } from "ethers";
import { type DollarAddresses, deployDevelopmentDollar } from "../../contracts/deployment/dollar.ts";
import { handOver, standardRules } from "../../contracts/deployment/governance.ts";
import { deployProtocol, type Protocol } from "../../contracts/deployment/protocol.ts";
import {
  type DeploymentRecord,
  recordOf,
  recordPath,
  writeRecord,
} from "../../contracts/deployment/record.ts";
import { standardProtocol } from "../../contracts/deployment/standard.ts";
import { developmentVoters } from "../../contracts/deployment/voters.ts";
import { ensureCompiled } from "../../contracts/tools/ensure-compiled.ts";
import { type Connection, DEVELOPMENT_CHAIN } from "./connection.ts";
import { delegateFirstVotes } from "./first-votes.ts";
import { DeploymentJournal, ResumableSigner } from "./resumable.ts";
import { ROLES } from "./roles.ts";

export { ROLES };

export function attestorWallets(connection: Connection): Wallet[] {
  return ROLES.attestors.map((index) => connection.wallet(index));
}

export type Deployment = { protocol: Protocol; record: DeploymentRecord; path: string };

/** Who is given what, by address. */
export type Appointments = {
  guardian: string;
  registrar: string;
  agent: string;
  servicer: string;
  voters: readonly string[];
  attestors: readonly string[];
};

export type DeployOptions = {
  handOver?: boolean;
  dollar?: DollarAddresses;
  /** The phrase's accounts where left out. */
  appointments?: Appointments;
  /** Who deploys; the phrase's first account where left out. */
  deployer?: Wallet;
  /** Goes on with one that died in the middle. `onResume` is told how many transactions it had sent. */
  resumable?: { restart: boolean; onResume(sent: number): void };
  /** For a rehearsal, whose chain is gone afterwards. */
  keepNoRecord?: boolean;
};

const FIRST_VOTES = 10_000_000n * 10n ** 18n; // PLDR, of 100 million, for each voter off a development chain

/**
 * Deploys the standard protocol and writes its record; compiles it first where that was not done. Handed over, it is
 * governed by votes, and the deployer holds nothing; else he administers it, as development needs. The dollar token and
 * its feed are `dollar`; on a development chain, ones of its own where left out.
 */
export async function deployStandard(
  connection: Connection,
  options: DeployOptions = {},
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
  const wallet = options.deployer ?? connection.wallet(ROLES.deployer);
  const appointments = options.appointments ?? appointmentsOf(connection);
  // A development chain's first voters, and whom they trust, are plain data of their own.
  const byPlan = development && options.appointments === undefined;
  const genesisHash = await genesisOf(provider);
  const journal = options.resumable && openJournal(connection, genesisHash, wallet.address, options);
  const deployer: Signer = journal === undefined ? wallet : new ResumableSigner(wallet, provider, journal);
  const startBlock = await (journal === undefined
    ? provider.getBlockNumber()
    : journal.read("start block", () => provider.getBlockNumber()));
  const protocol = await deployProtocol(deployer, {
    ...standardProtocol,
    attestors: appointments.attestors,
    dollar: options.dollar ?? (await deployDevelopmentDollar(deployer, standardProtocol.seed)),
  });
  const { guardian, registrar, agent, servicer, voters } = appointments;
  const governance = options.handOver
    ? await handOver(deployer, protocol, {
        ...standardRules,
        ...{ guardian, registrar, agent, servicer },
        allocations: byPlan
          ? developmentVoters.map(({ account, amount }) => ({
              holder: connection.wallet(account).address,
              amount,
            }))
          : voters.map((holder) => ({ holder, amount: FIRST_VOTES })),
      })
    : undefined;
  if (byPlan && governance) await delegateFirstVotes(connection, deployer, governance.token);
  const about = { chainId, genesisHash, startBlock, deployer: wallet.address, development };
  const record = recordOf(protocol, governance, about);
  const path = options.keepNoRecord ? recordPath(chainId) : writeRecord(record);
  journal?.finish();
  return { protocol, record, path };
}

/** The phrase's accounts by their roles. */
export function appointmentsOf(connection: Connection): Appointments {
  const address = (index: number) => connection.wallet(index).address;
  return {
    guardian: address(ROLES.guardian),
    registrar: address(ROLES.registrar),
    agent: address(ROLES.agent),
    servicer: address(ROLES.servicer),
    voters: ROLES.voters.map(address),
    attestors: ROLES.attestors.map(address),
  };
}

/** Reads appointments from a JSON file. Throws where one is missing or no address. */
export function readAppointments(path: string): Appointments {
  const read = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown>;
  const one = (name: string, value: unknown): string => {
    if (isAddress(value)) return getAddress(value);
    throw new Error(`${path}: "${name}" must be an address`);
  };
  const many = (name: string): string[] => {
    const list = read[name];
    if (!Array.isArray(list) || list.length === 0)
      throw new Error(`${path}: "${name}" must be a list of addresses`);
    return list.map((each) => one(name, each));
  };
  return {
    guardian: one("guardian", read.guardian),
    registrar: one("registrar", read.registrar),
    agent: one("agent", read.agent),
    servicer: one("servicer", read.servicer),
    voters: many("voters"),
    attestors: many("attestors"),
  };
}

function openJournal(
  { chainId }: Connection,
  genesisHash: string,
  deployer: string,
  { handOver: handsOver = false, dollar, appointments, resumable }: DeployOptions,
): DeploymentJournal {
  const path = `${recordPath(chainId).replace(/\.json$/, "")}.unfinished.jsonl`;
  const heading = {
    chainId,
    genesisHash,
    deployer,
    handOver: handsOver,
    dollar: dollar === undefined ? "development" : `${dollar.token} ${dollar.feed}`,
    appointments: appointments === undefined ? "phrase" : JSON.stringify(appointments),
  };
  if (resumable?.restart) DeploymentJournal.remove(path);
  const journal = new DeploymentJournal(path, heading);
  if (journal.done > 0) resumable?.onResume(journal.done);
  return journal;
}

async function genesisOf(provider: Connection["provider"]): Promise<string> {
  const genesis = await provider.getBlock(0);
  if (genesis?.hash) return genesis.hash;
  throw new Error("the node has no block 0: deploy through one that keeps the chain from its beginning");
}
