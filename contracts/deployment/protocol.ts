// Deploys the protocol in one step, through any ethers signer: what all markets share, the markets with what is disclosed of
// them, the first capital and the first caps. Knows no network and no file; plain data comes in, contracts go out.
import type { Signer } from "ethers";
import type { ContractName } from "../artifacts.ts";
import { type AnyContract, deploy, type Libraries, sent } from "./contract.ts";
import { type Disclosure, disclose, documentsOf } from "./disclosure.ts";
import { attach } from "./dollar.ts";
import {
  deployAsset,
  deployMarket,
  exposureKinds,
  type MarketContracts,
  type MarketSpec,
  marketNames,
  type SourceKind,
  sourceNames,
} from "./market.ts";
import { assignRoles } from "./roles.ts";
import { requireFirstCapsCovered, seed } from "./seed.ts";

export { type AnyContract, deploy } from "./contract.ts";

export type ProtocolOptions = {
  /** Who sign the NAV of every market's collateral. */
  attestors: readonly string[];
  /** The dollar token that the peg module takes, and its AggregatorV3 feed: neither is the protocol's. */
  dollar: { token: string; feed: string };
  markets: readonly MarketSpec[];
  savings: {
    /** Seconds over which a payment vests. */
    epoch: number;
    minShareCap: bigint;
    headroomBps: number;
  };
  /** All in seconds. */
  backstop: { delay: number; claimWindow: number; epoch: number };
  /** Parts of the surplus' excess capital that are paid out, basis points. */
  payout: { savingsBps: number; backstopBps: number };
  peg: {
    feed: { maxDeviationBps: number; staleAfter: number };
    fees: { inBps: number; outBps: number };
    /** Seconds. */
    window: number;
    /** In units of the dollar token. */
    ceiling: bigint;
    inflowCap: bigint;
    /** Capital per unit of the ceiling, basis points. */
    weightBps: number;
  };
  /** What the deployer puts into the backstop so that the first caps are covered, in units of the dollar token. */
  seed: bigint;
};

/** What all markets share, and the dollar token with its feed, which are not the protocol's own. */
export type Shared = {
  accessManager: AnyContract;
  stablecoin: AnyContract;
  registry: AnyContract;
  termsRegistry: AnyContract;
  surplus: AnyContract;
  savings: AnyContract;
  backstop: AnyContract;
  policy: AnyContract;
  peg: AnyContract;
  lens: AnyContract;
  router: AnyContract;
  upkeep: AnyContract;
  dollar: AnyContract;
  dollarFeed: AnyContract;
};

/** A market with what was disclosed of it. */
export type DeployedMarket = MarketContracts & Disclosure;

export type Protocol = Shared & {
  markets: readonly DeployedMarket[];
  libraries: Libraries;
};

/** The artifact behind each shared contract. */
export const sharedNames = {
  accessManager: "AccessManager",
  stablecoin: "Stablecoin",
  registry: "EligibilityRegistry",
  termsRegistry: "TermsRegistry",
  surplus: "Surplus",
  savings: "SavingsVault",
  backstop: "Backstop",
  policy: "CapitalPolicy",
  peg: "PegModule",
  lens: "Lens",
  router: "Router",
  upkeep: "Upkeep",
} as const satisfies Partial<Record<keyof Shared, ContractName>>;

/** One contract of a protocol. */
export type Member = {
  /** As in `peg` or `treasury-bills.oracle`. */
  path: string;
  name: ContractName;
  contract: AnyContract;
  /** Of a market, the kind of its source. */
  source?: SourceKind;
};

/** Every contract that a deployment made, but linked libraries and custodians. */
export function membersOf(protocol: Protocol): Member[] {
  const shared = Object.entries(sharedNames) as [keyof typeof sharedNames, ContractName][];
  return [
    ...shared.map(([key, name]) => ({ path: key, name, contract: protocol[key] })),
    ...protocol.markets.flatMap((market) => {
      const names = { ...marketNames, source: sourceNames[market.kind] };
      return (Object.entries(names) as [keyof typeof names, ContractName][]).map(([key, name]) => ({
        path: `${market.key}.${key}`,
        name,
        contract: market[key],
        ...(key === "market" && { source: market.kind }),
      }));
    }),
  ];
}

/** The market that `key` names. Throws where there is none. */
export function marketOf({ markets }: Protocol, key: string): DeployedMarket {
  const found = markets.find((market) => market.key === key);
  if (found !== undefined) return found;
  throw new Error(`no market "${key}": one of ${markets.map((market) => market.key).join(", ")}`);
}

/**
 * Deploys the protocol and wires it: sources may mint, custodians are admitted, interest goes to the surplus, exits of
 * the backstop are checked against the capital policy. The deployer administers it and holds every role, until he
 * hands over. Throws before anything is sent where the seed would not cover the first caps, he lacks it, two markets share a
 * key, or a document is missing.
 */
export async function deployProtocol(deployer: Signer, options: ProtocolOptions): Promise<Protocol> {
  const keys = options.markets.map(({ key }) => key);
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) throw new Error(`two markets have the key "${twice}"`);
  for (const spec of options.markets) documentsOf(spec);
  const { dollar, dollarFeed } = attach(options.dollar, deployer);
  await requireFirstCapsCovered(deployer, dollar, options);
  const libraries: Libraries = new Map();
  const shared = { ...(await deployShared(deployer, options, libraries)), dollar, dollarFeed };
  const markets: DeployedMarket[] = [];
  for (const spec of options.markets) {
    const asset = await deployAsset(deployer, shared, spec, options.attestors);
    const market = await deployMarket(deployer, shared, asset, spec, libraries);
    const disclosure = await disclose(deployer, { ...shared, ...market }, spec);
    markets.push({ ...market, ...disclosure });
  }
  const protocol = { ...shared, markets, libraries };
  await assignRoles(protocol.accessManager, membersOf(protocol), await deployer.getAddress());
  await seed(deployer, protocol, options);
  await raiseFirstCaps(protocol, options);
  return protocol;
}

async function deployShared(
  deployer: Signer,
  { dollar, savings: s, backstop: b, peg: p, payout }: ProtocolOptions,
  libraries: Libraries,
): Promise<Omit<Shared, "dollar" | "dollarFeed">> {
  const make = (name: ContractName, args: unknown[]) => deploy(deployer, name, args, libraries);
  const accessManager = await make("AccessManager", [await deployer.getAddress()]);
  const authority = accessManager.target;
  const stablecoin = await make("Stablecoin", [authority]);
  const registry = await make("EligibilityRegistry", [authority]);
  const termsRegistry = await make("TermsRegistry", [authority]);
  const surplus = await make("Surplus", [authority, stablecoin.target]);
  const common = [authority, stablecoin.target, surplus.target];
  const savings = await make("SavingsVault", [...common, s.epoch, s.minShareCap, s.headroomBps]);
  const backstop = await make("Backstop", [...common, b.delay, b.claimWindow, b.epoch]);
  const policy = await make("CapitalPolicy", [...common, backstop.target]);
  const peg = await make("PegModule", [
    {
      authority,
      stablecoin: stablecoin.target,
      asset: dollar.token,
      surplus: surplus.target,
      window: p.window,
      fees: p.fees,
      feed: { feed: dollar.feed, ...p.feed },
    },
  ]);
  const lens = await make("Lens", []);
  const router = await make("Router", []);
  const upkeep = await make("Upkeep", []);

  await sent(surplus.setOutlets(savings.target, backstop.target, policy.target));
  await sent(surplus.setShares(payout.savingsBps, payout.backstopBps));
  await sent(backstop.setPolicy(policy.target));
  await sent(stablecoin.addFacility(peg.target));
  await sent(policy.setExposure(peg.target, exposureKinds.peg, p.weightBps));
  return {
    accessManager,
    stablecoin,
    registry,
    termsRegistry,
    surplus,
    savings,
    backstop,
    policy,
    peg,
    lens,
    router,
    upkeep,
  };
}

/** What backs pUSD through the capital policy, which refuses what the seed does not cover; a pool's caps directly. */
async function raiseFirstCaps({ policy, peg, markets }: Protocol, options: ProtocolOptions): Promise<void> {
  const ceiling = options.peg.ceiling - options.seed;
  if (ceiling > 0n) await sent(policy.raiseCeiling(peg.target, ceiling));
  for (const [i, { market, source }] of markets.entries()) {
    const spec = options.markets[i];
    if (spec === undefined || spec.debtCap === 0n) continue;
    if (spec.source.kind === "facility") {
      await sent(policy.raiseDebtCap(market.target, spec.debtCap));
    } else {
      await sent(source.raiseSupplyCap(spec.source.supplyCap));
      await sent(market.raiseDebtCap(spec.debtCap));
    }
  }
}
