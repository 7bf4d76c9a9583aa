// Hardhat's configuration: where the Solidity sources are, how they are compiled (solc from npm, nothing is downloaded),
// the two networks every contract test runs on, and those that the protocol can be deployed to. It knows nothing of the
// chain's inside.
import { createRequire } from "node:module";
import hardhatEthers from "@nomicfoundation/hardhat-ethers";
import hardhatEthersChaiMatchers from "@nomicfoundation/hardhat-ethers-chai-matchers";
import hardhatKeystore from "@nomicfoundation/hardhat-keystore";
import hardhatMocha from "@nomicfoundation/hardhat-mocha";
import hardhatNetworkHelpers from "@nomicfoundation/hardhat-network-helpers";
import { configVariable, defineConfig } from "hardhat/config";
import { npmContracts } from "./contracts/tools/npm-contracts.ts";

const require = createRequire(import.meta.url);

/**
 * What a transaction gets over its estimate, which is of the second in which it was asked: one that lands in the next
 * second may write slots that it would have left alone.
 */
const gasMultiplier = 2;

/** How often each invariant starts anew, and from which seed: fixed in `npm test`, so that two runs of a commit do the same. */
const runs = Number(process.env.POLDER_INVARIANT_RUNS ?? 16);
const seed = process.env.POLDER_INVARIANT_SEED ?? "0x504f4c444552";

export default defineConfig({
  plugins: [hardhatEthers, hardhatEthersChaiMatchers, hardhatKeystore, hardhatMocha, hardhatNetworkHelpers],
  paths: {
    sources: ["contracts/src", "contracts/development", "test/contracts/harness"],
    tests: { mocha: "test/contracts", solidity: "test/contracts/invariants" },
    artifacts: "contracts/build/artifacts",
    cache: "contracts/build/cache",
  },
  solidity: {
    version: "0.8.34",
    npmFilesToBuild: npmContracts,
    path: require.resolve("solc/soljson.js"),
    settings: {
      evmVersion: "cancun",
      viaIR: true,
      optimizer: { enabled: true, runs: 800 },
      outputSelection: { "*": { "*": ["storageLayout", "userdoc"] } },
    },
  },
  test: {
    solidity: {
      fuzz: { seed, runs: 24 },
      invariant: { runs, depth: 80, failOnRevert: true },
    },
  },
  networks: {
    default: {
      type: "edr-simulated",
      chainType: "l1",
      hardfork: "osaka",
      gasMultiplier,
      allowBlocksWithSameTimestamp: true,
      // What counts the lines that run makes contracts larger than they may be deployed.
      allowUnlimitedContractSize: process.env.POLDER_COVERAGE !== undefined,
    },
    devchain: {
      type: "http",
      chainType: "l1",
      url: process.env.POLDER_RPC_URL ?? "http://127.0.0.1:8545",
      accounts: "remote",
      gasMultiplier,
    },
    // Parallel EVM networks for tests. Their public endpoints limit how often one may ask: name another one by the
    // environment or `hardhat keystore set`.
    monadTestnet: {
      type: "http",
      chainType: "l1",
      chainId: 10_143,
      url: configVariable("MONAD_TESTNET_RPC_URL", { default: "https://testnet-rpc.monad.xyz" }),
      accounts: [configVariable("POLDER_DEPLOYER_KEY")],
    },
    seiTestnet: {
      type: "http",
      chainType: "l1",
      chainId: 1_328,
      url: configVariable("SEI_TESTNET_RPC_URL", { default: "https://evm-rpc-testnet.sei-apis.com" }),
      accounts: [configVariable("POLDER_DEPLOYER_KEY")],
    },
  },
});
