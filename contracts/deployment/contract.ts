// Deploys one compiled contract, linked to the libraries that it calls. Knows no contract by name, no network and no file.
import {
  type BaseContract,
  ContractFactory,
  concat,
  dataSlice,
  type InterfaceAbi,
  type Signer,
} from "ethers";
import { type Artifact, type ContractName, loadArtifact, loadArtifactAt } from "../artifacts.ts";

/** A contract whose methods are known at run time only. */
// biome-ignore lint/suspicious/noExplicitAny: ethers builds the methods from the ABI
export type AnyContract = BaseContract & { readonly [method: string]: any };

/** Addresses of deployed libraries, by source and name as in `contracts/src/market/Some.sol:Some`. */
export type Libraries = Map<string, string>;

/**
 * Deploys a compiled contract and waits for it. Libraries that it links to are taken from `libraries`; those that are
 * not there yet are deployed first and added, so that one map makes for one of each.
 */
export async function deploy(
  deployer: Signer,
  contract: ContractName | Artifact,
  args: readonly unknown[],
  libraries: Libraries = new Map(),
): Promise<AnyContract> {
  const artifact = typeof contract === "string" ? loadArtifact(contract) : contract;
  await deployLibraries(deployer, artifact, libraries);
  const factory = new ContractFactory(artifact.abi as InterfaceAbi, link(artifact, libraries), deployer);
  const deployed = await factory.deploy(...args);
  await deployed.waitForDeployment();
  return deployed as AnyContract;
}

/**
 * Deploys what `contract` links to and `libraries` lacks, and what that links to. To be called before who deploys counts
 * nonces: afterwards `deploy` sends one transaction.
 */
export async function deployLibraries(
  deployer: Signer,
  contract: ContractName | Artifact,
  libraries: Libraries,
): Promise<void> {
  const artifact = typeof contract === "string" ? loadArtifact(contract) : contract;
  for (const { key, source, name } of references(artifact)) {
    if (libraries.has(key)) continue;
    // Without its ABI: a library's may take storage pointers, which no ABI type is.
    const library = { ...loadArtifactAt(source, name), abi: [] };
    libraries.set(key, String((await deploy(deployer, library, [], libraries)).target));
  }
}

/** The creation code with the addresses of `libraries` in its places. */
function link(artifact: Artifact, libraries: Libraries): string {
  const places = references(artifact).flatMap(({ key, places }) => {
    const address = libraries.get(key);
    if (address === undefined) throw new Error(`${artifact.contractName} needs the library ${key}`);
    return places.map(({ start, length }) => ({ start, length, address }));
  });
  // Placeholders are no hex: the code is cut around them, never read through them.
  const parts: string[] = [];
  let at = 0;
  for (const { start, length, address } of places.sort((a, b) => a.start - b.start)) {
    parts.push(bytes(artifact.bytecode, at, start), dataSlice(address, 0, length));
    at = start + length;
  }
  return concat([...parts, bytes(artifact.bytecode, at)]);
}

/** Bytes `from` to `to` of 0x-prefixed code. */
function bytes(code: string, from: number, to?: number): string {
  return `0x${code.slice(2 + 2 * from, to === undefined ? undefined : 2 + 2 * to)}`;
}

function references({ linkReferences }: Artifact) {
  return Object.entries(linkReferences).flatMap(([file, names]) => {
    const source = file.replace(/^project\//, ""); // as Hardhat names the sources of the project to the compiler
    return Object.entries(names).map(([name, places]) => ({
      key: `${source}:${name}`,
      source,
      name,
      places,
    }));
  });
}

/** Waits for a transaction that was sent. */
export async function sent(transaction: Promise<{ wait(): Promise<unknown> }>): Promise<void> {
  await (await transaction).wait();
}
