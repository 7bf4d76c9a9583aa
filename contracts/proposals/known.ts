// The contracts that a record of a deployment names, with titles for people. Whatever is not in here is a stranger, however
// it calls itself: no name is ever read from a contract that the record does not name.
import { type Abi, type Address, erc20Abi, getAddress, type Hex, isAddressEqual } from "viem";
import {
  accessManagerAbi,
  adaptiveRateModelAbi,
  backstopAbi,
  capitalPolicyAbi,
  developmentFeedAbi,
  eligibilityRegistryAbi,
  lendingPoolAbi,
  lensAbi,
  marketAbi,
  mintFacilityAbi,
  navOracleAbi,
  pegModuleAbi,
  pLDRAbi,
  polderGovernorAbi,
  redemptionDeskAbi,
  routerAbi,
  rwaTokenAbi,
  savingsVaultAbi,
  stablecoinAbi,
  surplusAbi,
  termsRegistryAbi,
  timelockControllerAbi,
  upkeepAbi,
  workoutAbi,
} from "../build/abi.ts";
import type { DeploymentRecord, MarketRecord } from "../deployment/record.ts";
import { each, type Rpc, view } from "./rpc.ts";

export type KnownContract = {
  address: Address;
  /** To people, as in `Treasury bills: market`. */
  title: string;
  /** To programs, as in `peg` or `treasury-bills.oracle`. */
  path: string;
  /** The Solidity contract, as in `Market`. */
  name: string;
  abi: Abi;
  /** Whose it is, where it is a market's. */
  market?: string;
};

export type Token = { address: Address; symbol: string; decimals: number };

/** What is known of a protocol that was handed over, before any proposal is looked at. */
export type Protocol = {
  record: DeploymentRecord;
  governance: { token: Address; timelock: Address; governor: Address };
  contracts: readonly KnownContract[];
  /** Tokens among them, by address in lower case. */
  tokens: ReadonlyMap<string, Token>;
  /** By market's key: what it lends. */
  loanTokens: ReadonlyMap<string, Token>;
};

type Named = readonly [name: string, title: string, abi: Abi];

const shared: Record<keyof DeploymentRecord["shared"], Named> = {
  accessManager: ["AccessManager", "Access manager", accessManagerAbi],
  stablecoin: ["Stablecoin", "pUSD", stablecoinAbi],
  registry: ["EligibilityRegistry", "Eligibility registry", eligibilityRegistryAbi],
  termsRegistry: ["TermsRegistry", "Terms registry", termsRegistryAbi],
  surplus: ["Surplus", "Surplus", surplusAbi],
  savings: ["SavingsVault", "Savings", savingsVaultAbi],
  backstop: ["Backstop", "Backstop", backstopAbi],
  policy: ["CapitalPolicy", "Capital policy", capitalPolicyAbi],
  peg: ["PegModule", "Peg module", pegModuleAbi],
  lens: ["Lens", "Lens", lensAbi],
  router: ["Router", "Router", routerAbi],
  upkeep: ["Upkeep", "Upkeep", upkeepAbi],
};

const governing: Record<keyof NonNullable<DeploymentRecord["governance"]>, Named> = {
  token: ["PLDR", "PLDR", pLDRAbi],
  timelock: ["TimelockController", "Timelock and treasury", timelockControllerAbi],
  governor: ["PolderGovernor", "Governor", polderGovernorAbi],
};

type MarketPart = "collateral" | "oracle" | "rateModel" | "workout" | "desk" | "market";

export const marketParts: Record<MarketPart, Named> = {
  collateral: ["RwaToken", "collateral token", rwaTokenAbi],
  oracle: ["NavOracle", "NAV oracle", navOracleAbi],
  rateModel: ["AdaptiveRateModel", "rate model", adaptiveRateModelAbi],
  workout: ["Workout", "workout", workoutAbi],
  desk: ["RedemptionDesk", "redemption desk", redemptionDeskAbi],
  market: ["Market", "market", marketAbi],
};

export const sourceParts: Record<MarketRecord["kind"], Named> = {
  facility: ["MintFacility", "mint facility", mintFacilityAbi],
  pool: ["LendingPool", "lenders' pool", lendingPoolAbi],
};

/** Reads symbols and decimals of the record's tokens. Throws where the protocol was not handed over. */
export async function loadProtocol(rpc: Rpc, record: DeploymentRecord): Promise<Protocol> {
  if (record.governance === undefined) {
    throw new Error(
      `the protocol on chain ${record.chainId} is administered by ${record.deployer} and knows no votes: ` +
        "deploy it with --hand-over",
    );
  }
  const contracts = contractsOf(record);
  const { token, timelock, governor } = record.governance;
  const tokens = await each(
    contracts.filter(({ abi }) => hasFunctions(abi, ["symbol", "decimals", "balanceOf"])),
    async ({ address }): Promise<Token> => ({
      address,
      symbol: await view(rpc, { address, abi: erc20Abi, functionName: "symbol" }),
      decimals: await view(rpc, { address, abi: erc20Abi, functionName: "decimals" }),
    }),
  );
  const byAddress = new Map(tokens.map((each) => [each.address.toLowerCase(), each]));
  const loans = await each(record.markets, async ({ key, market }) => {
    const address = await view(rpc, {
      address: market as Address,
      abi: marketAbi,
      functionName: "loanToken",
    });
    const loan = byAddress.get(address.toLowerCase());
    if (loan === undefined)
      throw new Error(`the market ${key} lends ${address}, which the record does not name`);
    return [key, loan] as const;
  });
  return {
    record,
    governance: { token: getAddress(token), timelock: getAddress(timelock), governor: getAddress(governor) },
    contracts,
    tokens: byAddress,
    loanTokens: new Map(loans),
  };
}

/** The contract at `address`, where the record names it. */
export function knownAt(
  { contracts }: Pick<Protocol, "contracts">,
  address: string,
): KnownContract | undefined {
  return contracts.find((known) => isAddressEqual(known.address, address as Address));
}

/** The record's contract of this path. Throws where there is none. */
export function knownBy({ contracts }: Pick<Protocol, "contracts">, path: string): KnownContract {
  const found = contracts.find((known) => known.path === path);
  if (found !== undefined) return found;
  throw new Error(
    `the record names no contract "${path}": one of ${contracts.map((each) => each.path).join(", ")}`,
  );
}

/** The record of the market `key`. Throws where there is none. */
export function marketRecord({ record }: Pick<Protocol, "record">, key: string): MarketRecord {
  const found = record.markets.find((market) => market.key === key);
  if (found !== undefined) return found;
  throw new Error(`no market "${key}": one of ${record.markets.map((market) => market.key).join(", ")}`);
}

function contractsOf(record: DeploymentRecord): KnownContract[] {
  const of = (address: string, [name, title, abi]: Named, path: string): KnownContract => ({
    address: getAddress(address),
    title,
    path,
    name,
    abi,
  });
  return [
    ...Object.entries(shared).map(([key, named]) =>
      of(record.shared[key as keyof typeof shared], named, key),
    ),
    ...(record.governance
      ? Object.entries(governing).map(([key, named]) =>
          of(record.governance?.[key as keyof typeof governing] ?? "", named, key),
        )
      : []),
    ...record.markets.flatMap((market) => {
      const parts = { ...marketParts, source: sourceParts[market.kind] };
      return (Object.entries(parts) as [keyof typeof parts, Named][]).map(([part, [name, title, abi]]) => ({
        ...of(market[part], [name, `${market.title}: ${title}`, abi], `${market.key}.${part}`),
        market: market.key,
      }));
    }),
    of(record.dollar.token, ["ERC20", "Dollar token", erc20Abi], "dollar"),
    of(record.dollar.feed, ["AggregatorV3", "Dollar feed", developmentFeedAbi], "dollarFeed"),
  ];
}

function hasFunctions(abi: Abi, names: readonly string[]): boolean {
  return names.every((name) => abi.some((item) => item.type === "function" && item.name === name));
}

/**
 * Whether two deployed codes are of one source: alike but for the 32-byte constants that a compiler pushes, which is where
 * immutables stand. Libraries are pushed as 20 bytes, so other ones are other code.
 */
export function sameSource(a: Hex, b: Hex): boolean {
  if (a.length !== b.length || a.length <= 2) return false;
  const PUSH1 = 0x60;
  const PUSH32 = 0x7f;
  for (let at = 2; at < a.length; ) {
    const op = a.slice(at, at + 2);
    if (op !== b.slice(at, at + 2)) return false;
    const code = Number.parseInt(op, 16);
    const width = code >= PUSH1 && code <= PUSH32 ? 2 * (code - PUSH1 + 1) : 0;
    at += 2;
    if (code !== PUSH32 && a.slice(at, at + width) !== b.slice(at, at + width)) return false;
    at += width;
  }
  return true;
}
