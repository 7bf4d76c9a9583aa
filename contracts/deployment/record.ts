// The record of a deployment: which contract of the protocol is where on which chain, and what was disclosed. Written
// to an ignored folder, one file per chain id; scripts, index and app find the contracts by it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Contract, type ContractRunner, type InterfaceAbi } from "ethers";
import { type ContractName, loadArtifact } from "../artifacts.ts";
import type { AnyContract } from "./contract.ts";
import type { Disclosure } from "./disclosure.ts";
import { attach, type DollarAddresses } from "./dollar.ts";
import { type Governance, governanceNames } from "./governance.ts";
import { marketNames, type SourceKind, sourceNames } from "./market.ts";
import { type DeployedMarket, type Protocol, sharedNames } from "./protocol.ts";

export type DeploymentRecord = {
  chainId: number;
  /** Of block 0: tells a development chain that began anew, under the same id, from the one deployed to. */
  genesisHash: string;
  /** Block before which none of the contracts existed: where an index begins. */
  startBlock: number;
  deployer: string;
  /** What all markets share. */
  shared: Record<keyof typeof sharedNames, string>;
  /** The dollar token of the peg module and its feed, which are not the protocol's. */
  dollar: DollarAddresses & {
    /** Whether they are a development chain's, where anybody mints dollars and says their price. */
    development: boolean;
  };
  markets: MarketRecord[];
  /** Libraries that contracts are linked to, by source and name. */
  libraries: Record<string, string>;
  /** Where the protocol was handed over. */
  governance?: Record<keyof Governance, string>;
};

/** Addresses, and what was disclosed: names, files and hashes of documents, numbers of terms. */
export type MarketRecord = Record<keyof typeof marketNames | "source", string> &
  Disclosure & {
    key: string;
    title: string;
    kind: SourceKind;
  };

/** Where records are kept: the folder in POLDER_DEPLOYMENTS, else .polder/deployments. */
function folder(): string {
  return process.env.POLDER_DEPLOYMENTS ?? join(import.meta.dirname, "../../.polder/deployments");
}

/** Where the record of `chainId` is kept. */
export function recordPath(chainId: number): string {
  return join(folder(), `${chainId}.json`);
}

/** What is recorded of a protocol and, where it was handed over, of what governs it. */
export function recordOf(
  protocol: Protocol,
  governance: Governance | undefined,
  about: Pick<DeploymentRecord, "chainId" | "genesisHash" | "startBlock" | "deployer"> & {
    development: boolean;
  },
): DeploymentRecord {
  const { development, ...rest } = about;
  return {
    ...rest,
    shared: addresses(protocol, Object.keys(sharedNames) as (keyof typeof sharedNames)[]),
    dollar: {
      token: String(protocol.dollar.target),
      feed: String(protocol.dollarFeed.target),
      development,
    },
    markets: protocol.markets.map((market) => {
      const { key, title, kind, documents, terms } = market;
      const keys = [...(Object.keys(marketNames) as (keyof typeof marketNames)[]), "source"] as const;
      return { key, title, kind, ...addresses(market, keys), documents, terms };
    }),
    libraries: Object.fromEntries(protocol.libraries),
    ...(governance && {
      governance: addresses(governance, Object.keys(governance) as (keyof Governance)[]),
    }),
  };
}

/** Writes the record and returns its path. */
export function writeRecord(record: DeploymentRecord): string {
  mkdirSync(folder(), { recursive: true });
  const path = recordPath(record.chainId);
  writeFileSync(path, `${JSON.stringify(record, null, 2)}\n`);
  return path;
}

/** The record of `chainId`. Throws where nothing was deployed there from here. */
export function readRecord(chainId: number): DeploymentRecord {
  const path = recordPath(chainId);
  if (!existsSync(path)) {
    throw new Error(`no deployment on chain ${chainId} is recorded: run scripts/deploy.ts first`);
  }
  return JSON.parse(readFileSync(path, "utf8")) as DeploymentRecord;
}

/** The contracts of a record, read through a provider or driven by a signer. */
export function connectProtocol(record: DeploymentRecord, runner: ContractRunner): Protocol {
  const at = (address: string, name: ContractName) =>
    new Contract(address, loadArtifact(name).abi as InterfaceAbi, runner) as unknown as AnyContract;
  const shared = Object.fromEntries(
    (Object.entries(sharedNames) as [keyof typeof sharedNames, ContractName][]).map(([key, name]) => [
      key,
      at(record.shared[key], name),
    ]),
  ) as Pick<Protocol, keyof typeof sharedNames>;
  const markets = record.markets.map((market): DeployedMarket => {
    const { key, title, kind, documents, terms } = market;
    const names = Object.entries(marketNames) as [keyof typeof marketNames, ContractName][];
    const contracts = Object.fromEntries(names.map(([part, name]) => [part, at(market[part], name)]));
    return {
      ...(contracts as Record<keyof typeof marketNames, AnyContract>),
      ...{ key, title, kind, documents, terms },
      source: at(market.source, sourceNames[kind]),
    };
  });
  return {
    ...shared,
    ...attach(record.dollar, runner),
    markets,
    libraries: new Map(Object.entries(record.libraries)),
  };
}

/** What governs the protocol of a record. Throws where it was not handed over. */
export function connectGovernance(
  { chainId, governance }: DeploymentRecord,
  runner: ContractRunner,
): Governance {
  if (governance === undefined) {
    throw new Error(
      `on chain ${chainId} the deployer still administers the protocol: deploy it with --hand-over`,
    );
  }
  const at = (address: string, name: ContractName) =>
    new Contract(address, loadArtifact(name).abi as InterfaceAbi, runner) as unknown as AnyContract;
  const names = Object.entries(governanceNames) as [keyof Governance, ContractName][];
  return Object.fromEntries(names.map(([key, name]) => [key, at(governance[key], name)])) as Governance;
}

/** The addresses of the contracts of `group` that `keys` name. */
function addresses<Key extends string>(
  group: Readonly<Record<Key, AnyContract>>,
  keys: readonly Key[],
): Record<Key, string> {
  return Object.fromEntries(keys.map((key) => [key, String(group[key].target)])) as Record<Key, string>;
}
