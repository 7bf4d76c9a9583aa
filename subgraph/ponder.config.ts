// What Ponder indexes: every contract of the deployment that emits. Addresses come from the deployment's record.
import {
  accessManagerAbi,
  backstopAbi,
  capitalPolicyAbi,
  eligibilityRegistryAbi,
  lendingPoolAbi,
  marketAbi,
  mintFacilityAbi,
  navOracleAbi,
  pegModuleAbi,
  pLDRAbi,
  polderGovernorAbi,
  redemptionDeskAbi,
  rwaTokenAbi,
  savingsVaultAbi,
  stablecoinAbi,
  surplusAbi,
  termsRegistryAbi,
  timelockControllerAbi,
  upkeepAbi,
  workoutAbi,
} from "@polder/contracts";
import type { MarketRecord } from "@polder/contracts/deployment/record.ts";
import { createConfig } from "ponder";
import type { Abi, Address } from "viem";
import { nowhere, record, rpcUrl } from "./src/deployment.ts";

/** Whose blocks come at will, whose history may change, and whose node answers at once. */
const DEVELOPMENT_CHAIN = 31_337;
const development = record.chainId === DEVELOPMENT_CHAIN;

const databaseUrl = process.env.DATABASE_URL;

function at<const A extends Abi>(abi: A, address: string | readonly string[] | undefined) {
  const found = [address ?? []].flat() as Address[];
  return {
    abi,
    chain: "polder",
    address: found.length > 0 ? found : [nowhere],
    startBlock: record.startBlock,
  } as const;
}

function each(part: keyof MarketRecord & ("market" | "collateral" | "oracle" | "workout" | "desk")) {
  return record.markets.map((market) => market[part]);
}

function sources(kind: MarketRecord["kind"]) {
  return record.markets.filter((market) => market.kind === kind).map(({ source }) => source);
}

const { shared, governance } = record;

export default createConfig({
  ordering: "omnichain",
  database: databaseUrl
    ? { kind: "postgres", connectionString: databaseUrl }
    : { kind: "pglite", directory: process.env.POLDER_INDEX_DIRECTORY ?? ".ponder/pglite" },
  chains: {
    polder: {
      id: record.chainId,
      // Ponder begins with twenty requests a second to each address it is given; one's own node stands more.
      rpc: development ? Array.from({ length: 8 }, () => rpcUrl ?? "") : rpcUrl,
      pollingInterval: development ? 200 : 1_000, // milliseconds
      disableCache: development,
    },
  },
  contracts: {
    AccessManager: at(accessManagerAbi, shared.accessManager),
    Stablecoin: at(stablecoinAbi, shared.stablecoin),
    EligibilityRegistry: at(eligibilityRegistryAbi, shared.registry),
    TermsRegistry: at(termsRegistryAbi, shared.termsRegistry),
    Surplus: at(surplusAbi, shared.surplus),
    SavingsVault: at(savingsVaultAbi, shared.savings),
    Backstop: at(backstopAbi, shared.backstop),
    CapitalPolicy: at(capitalPolicyAbi, shared.policy),
    PegModule: at(pegModuleAbi, shared.peg),
    Upkeep: at(upkeepAbi, shared.upkeep),
    Market: at(marketAbi, each("market")),
    RwaToken: at(rwaTokenAbi, each("collateral")),
    NavOracle: at(navOracleAbi, each("oracle")),
    Workout: at(workoutAbi, each("workout")),
    RedemptionDesk: at(redemptionDeskAbi, each("desk")),
    LendingPool: at(lendingPoolAbi, sources("pool")),
    MintFacility: at(mintFacilityAbi, sources("facility")),
    PLDR: at(pLDRAbi, governance?.token),
    PolderGovernor: at(polderGovernorAbi, governance?.governor),
    TimelockController: at(timelockControllerAbi, governance?.timelock),
  },
});
