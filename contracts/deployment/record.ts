// The record of a deployment: which contract of the protocol is where on which chain. Written to an ignored folder, one
// file per chain id; scripts, index and app find the contracts by it.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Contract, type InterfaceAbi, type Provider, type Signer } from "ethers";
import { type ContractName, loadArtifact } from "../artifacts.ts";
import type { Governance } from "./governance.ts";
import type { AnyContract, Protocol } from "./protocol.ts";

/** Where records are kept: the folder in POLDER_DEPLOYMENTS, else .polder/deployments. */
function folder(): string {
  return process.env.POLDER_DEPLOYMENTS ?? join(import.meta.dirname, "../../.polder/deployments");
}

/** The artifact behind each contract of a protocol. */
export const contractNames = {
  accessManager: "AccessManager",
  stablecoin: "Stablecoin",
  registry: "EligibilityRegistry",
  termsRegistry: "TermsRegistry",
  oracle: "NavOracle",
  collateral: "RwaToken",
  rateModel: "AdaptiveRateModel",
  facility: "MintFacility",
  market: "Market",
  lens: "Lens",
} as const satisfies Record<keyof Protocol, ContractName>;

export type DeploymentRecord = {
  chainId: number;
  /** Block before which none of the contracts existed: where an index begins. */
  startBlock: number;
  deployer: string;
  contracts: Record<keyof Protocol, string>;
  /** Where the protocol was handed over. */
  governance?: Record<keyof Governance, string>;
};

/** Where the record of `chainId` is kept. */
export function recordPath(chainId: number): string {
  return join(folder(), `${chainId}.json`);
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
export function connectProtocol(record: DeploymentRecord, runner: Provider | Signer): Protocol {
  const connect = (key: keyof Protocol) =>
    new Contract(
      record.contracts[key],
      loadArtifact(contractNames[key]).abi as InterfaceAbi,
      runner,
    ) as unknown as AnyContract;
  const keys = Object.keys(contractNames) as (keyof Protocol)[];
  return Object.fromEntries(keys.map((key) => [key, connect(key)])) as Protocol;
}
