// Reads compiled contracts (ABI and bytecode) from the build folder. Node only: a browser imports the ABIs instead.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Solidity file of each contract that is deployed, as Hardhat names its artifact. */
const sources = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol",
  AdaptiveRateModel: "contracts/src/market/AdaptiveRateModel.sol",
  Backstop: "contracts/src/backstop/Backstop.sol",
  CapitalPolicy: "contracts/src/backstop/CapitalPolicy.sol",
  Custodian: "contracts/src/market/Custodian.sol",
  DevelopmentDollar: "contracts/development/DevelopmentDollar.sol",
  DevelopmentFeed: "contracts/development/DevelopmentFeed.sol",
  EligibilityRegistry: "contracts/src/rwa/EligibilityRegistry.sol",
  LendingPool: "contracts/src/pool/LendingPool.sol",
  Lens: "contracts/src/periphery/Lens.sol",
  Liquidator: "contracts/src/periphery/Liquidator.sol",
  Market: "contracts/src/market/Market.sol",
  MintFacility: "contracts/src/stablecoin/MintFacility.sol",
  NavOracle: "contracts/src/oracle/NavOracle.sol",
  PLDR: "contracts/src/governance/PLDR.sol",
  PegModule: "contracts/src/stablecoin/PegModule.sol",
  PolderGovernor: "contracts/src/governance/PolderGovernor.sol",
  RedemptionDesk: "contracts/src/rwa/RedemptionDesk.sol",
  Router: "contracts/src/periphery/Router.sol",
  RwaToken: "contracts/src/rwa/RwaToken.sol",
  SavingsVault: "contracts/src/savings/SavingsVault.sol",
  Stablecoin: "contracts/src/stablecoin/Stablecoin.sol",
  Surplus: "contracts/src/stablecoin/Surplus.sol",
  TermsRegistry: "contracts/src/rwa/TermsRegistry.sol",
  Workout: "contracts/src/market/Workout.sol",
  TimelockController: "@openzeppelin/contracts/governance/TimelockController.sol",
  Upkeep: "contracts/src/periphery/Upkeep.sol",
} as const;

export type ContractName = keyof typeof sources;

export type Artifact = {
  contractName: string;
  abi: readonly Record<string, unknown>[];
  /** Creation code, with placeholders where `linkReferences` wants the addresses of libraries. */
  bytecode: string;
  /** By source as the compiler names it, then by library: where its address belongs, in bytes. */
  linkReferences: Readonly<
    Record<string, Readonly<Record<string, readonly { start: number; length: number }[]>>>
  >;
};

/** The compiled contract `name`. Throws where nothing was compiled yet. */
export function loadArtifact(name: ContractName): Artifact {
  return loadArtifactAt(sources[name], name);
}

/** The compiled contract or library `name` of the Solidity file `source`, which is named from the repository's root. */
export function loadArtifactAt(source: string, name: string): Artifact {
  const { contractName, abi, bytecode, linkReferences } = readBuilt(
    join("artifacts", source, `${name}.json`),
  ) as Artifact;
  return { contractName, abi, bytecode, linkReferences };
}

/** What each custom error means to people, by its signature, and by its name where no other error shares that. Throws where
 * nothing was compiled yet. */
export function loadErrorWords(): Readonly<Record<string, string>> {
  return readBuilt("error-words.json") as Record<string, string>;
}

function readBuilt(file: string): unknown {
  const path = join(import.meta.dirname, "build", file);
  if (!existsSync(path)) {
    throw new Error(
      `the contracts are not compiled: run \`npm run compile -w contracts\` first (looked for ${path})`,
    );
  }
  return JSON.parse(readFileSync(path, "utf8"));
}
