// Which contract of the deployment stands at an address, by what name people know it, and with which ABI it is read. Pure.
import type { DeploymentRecord } from "@polder/contracts/deployment/record.ts";
import { words } from "../words.ts";

export type MarketPart = "collateral" | "oracle" | "rateModel" | "workout" | "desk" | "market" | "source";

export type KnownContract = {
  name: string;
  /** As `@polder/contracts` exports it. */
  abi: string;
  /** Of a market's contracts: its key, and which of them. */
  market?: { key: string; part: MarketPart };
};

export type Contracts = ReadonlyMap<string, KnownContract>;

const SHARED = {
  accessManager: "accessManagerAbi",
  stablecoin: "stablecoinAbi",
  registry: "eligibilityRegistryAbi",
  termsRegistry: "termsRegistryAbi",
  surplus: "surplusAbi",
  savings: "savingsVaultAbi",
  backstop: "backstopAbi",
  policy: "capitalPolicyAbi",
  peg: "pegModuleAbi",
  lens: "lensAbi",
  router: "routerAbi",
  upkeep: "upkeepAbi",
} as const;

const GOVERNANCE = {
  token: "pLDRAbi",
  timelock: "timelockControllerAbi",
  governor: "polderGovernorAbi",
} as const;

const PARTS = {
  collateral: "rwaTokenAbi",
  oracle: "navOracleAbi",
  rateModel: "adaptiveRateModelAbi",
  workout: "workoutAbi",
  desk: "redemptionDeskAbi",
  market: "marketAbi",
} as const;

/** All contracts of a record by their address in lower case. */
export function contractsOf({ shared, dollar, governance, markets }: DeploymentRecord): Contracts {
  const all = new Map<string, KnownContract>();
  const add = (address: string, contract: KnownContract) => all.set(address.toLowerCase(), contract);
  const names = words.contracts;
  for (const key of Object.keys(SHARED) as (keyof typeof SHARED)[]) {
    add(shared[key], { name: names.shared[key], abi: SHARED[key] });
  }
  add(dollar.token, { name: names.dollar.token, abi: "developmentDollarAbi" });
  add(dollar.feed, { name: names.dollar.feed, abi: "developmentFeedAbi" });
  if (governance !== undefined) {
    for (const key of Object.keys(GOVERNANCE) as (keyof typeof GOVERNANCE)[]) {
      add(governance[key], { name: names.governance[key], abi: GOVERNANCE[key] });
    }
  }
  for (const market of markets) {
    const { key } = market;
    for (const part of Object.keys(PARTS) as (keyof typeof PARTS)[]) {
      add(market[part], { name: names.part(market.title, part), abi: PARTS[part], market: { key, part } });
    }
    add(market.source, {
      name: names.part(market.title, market.kind),
      abi: market.kind === "pool" ? "lendingPoolAbi" : "mintFacilityAbi",
      market: { key, part: "source" },
    });
  }
  return all;
}

/** The name of a contract in `@polder/contracts/layouts`: `marketAbi` is that of `Market`. */
export function layoutName(abi: string): string {
  return abi.charAt(0).toUpperCase() + abi.slice(1).replace(/Abi$/, "");
}

/** What a transaction had to wait for, as the node tells it. */
export type Location = { address: string; kind: "balance" | "nonce" | "code" | "storage"; slot?: string };
