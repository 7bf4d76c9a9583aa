// Reads compiled contracts (ABI and bytecode) from the build folder. Node only: a browser imports the ABIs instead.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Solidity file of each contract that is deployed, as Hardhat names its artifact. */
const sources = {
  AccessManager: "@openzeppelin/contracts/access/manager/AccessManager.sol",
  EligibilityRegistry: "contracts/src/rwa/EligibilityRegistry.sol",
  KinkRateModel: "contracts/src/market/KinkRateModel.sol",
  Lens: "contracts/src/periphery/Lens.sol",
  Market: "contracts/src/market/Market.sol",
  MintFacility: "contracts/src/stablecoin/MintFacility.sol",
  NavOracle: "contracts/src/oracle/NavOracle.sol",
  RwaToken: "contracts/src/rwa/RwaToken.sol",
  Stablecoin: "contracts/src/stablecoin/Stablecoin.sol",
} as const;

export type ContractName = keyof typeof sources;

export type Artifact = {
  abi: readonly Record<string, unknown>[];
  bytecode: `0x${string}`;
};

/** The compiled contract `name`. Throws where nothing was compiled yet. */
export function loadArtifact(name: ContractName): Artifact {
  const path = join(import.meta.dirname, "build/artifacts", sources[name], `${name}.json`);
  if (!existsSync(path)) {
    throw new Error(`${name} is not compiled: run \`npm run compile\` first (looked for ${path})`);
  }
  const { abi, bytecode } = JSON.parse(readFileSync(path, "utf8")) as Artifact;
  return { abi, bytecode };
}
