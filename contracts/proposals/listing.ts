// What it takes to list a market whose contracts somebody deployed: first that they are what they seem, then the calls that
// give their powers away, let them mint or be lent to, and raise their caps; and once that was executed, how it is recorded.
import { type Abi, type AbiFunction, type Address, type Hex, isAddressEqual, toFunctionSelector } from "viem";
import {
  accessManagerAbi,
  capitalPolicyAbi,
  eligibilityRegistryAbi,
  lendingPoolAbi,
  marketAbi,
  mintFacilityAbi,
  stablecoinAbi,
} from "../build/abi.ts";
import { powersOf } from "../deployment/powers.ts";
import type { MarketRecord } from "../deployment/record.ts";
import { account, type Call, type Context, call, encode, fraction, units } from "./build.ts";
import { knownBy, marketParts, type Protocol, sameSource, sourceParts, type Token } from "./known.ts";
import { type Rpc, view } from "./rpc.ts";
import { type ActionOf, ProposalError } from "./schema.ts";
import { roles } from "./units.ts";

const PARTS = ["collateral", "oracle", "rateModel", "workout", "desk", "source", "market"] as const;
const MARKET_EXPOSURE = 1; // as in `ICapitalPolicy.Kind`

type Part = (typeof PARTS)[number];
type Listing = ActionOf<"listMarket">;

/** Throws a `ProposalError` where a contract is other code than a listed market's, or wired to others. */
export async function listingCalls(action: Listing, { rpc, protocol }: Context): Promise<Call[]> {
  const at = partsOf(action, protocol);
  await requireSource(rpc, protocol, action, at);
  await requireWiring(rpc, protocol, at);
  const loan = await loanTokenOf(rpc, protocol, at.market);
  const debtCap = units("debtCap", action.debtCap, loan);
  const facility = action.kind === "facility";
  if (facility !== (action.weight !== undefined)) {
    throw new ProposalError(
      "weight",
      facility ? "is missing: minting needs capital" : "is for minting markets alone",
    );
  }
  if (facility === (action.supplyCap !== undefined)) {
    throw new ProposalError("supplyCap", facility ? "is for pools alone" : "is missing: lenders need room");
  }
  return [
    ...roleCalls(protocol, action.kind, at),
    call(protocol, "registry", eligibilityRegistryAbi, "admitCustodians", [at.market]),
    ...(facility
      ? [
          call(protocol, "stablecoin", stablecoinAbi, "addFacility", [at.source]),
          call(protocol, "policy", capitalPolicyAbi, "setExposure", [
            at.market,
            MARKET_EXPOSURE,
            Number(fraction("weight", action.weight ?? "", 4)),
          ]),
          call(protocol, "policy", capitalPolicyAbi, "raiseDebtCap", [at.market, debtCap]),
        ]
      : [
          encode(at.source, lendingPoolAbi, "raiseSupplyCap", [
            units("supplyCap", action.supplyCap ?? "", {
              ...loan,
              decimals: await decimalsOf(rpc, at.source),
            }),
          ]),
          encode(at.market, marketAbi, "raiseDebtCap", [debtCap]),
        ]),
  ];
}

/**
 * A market that `action` listed, as the record keeps it, for app, index and services. What it disclosed stands on its token and its
 * registry alone. Throws a `ProposalError` where it was not listed, or is recorded.
 */
export async function listedMarket(
  action: Listing,
  { rpc, protocol }: Pick<Context, "rpc" | "protocol">,
): Promise<MarketRecord> {
  const at = partsOf(action, protocol);
  const { markets, shared } = protocol.record;
  const key = action.title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  const same = markets.find((each) => each.key === key || isAddressEqual(each.market as Address, at.market));
  if (same !== undefined) throw new ProposalError("market", `"${same.title}" is recorded already`);
  // All 32 are admitted at once, so the first tells of all.
  const first = await view(rpc, {
    address: at.market,
    abi: marketAbi,
    functionName: "custodian",
    args: [0n],
  });
  const { custodian } = await view(rpc, {
    address: shared.registry as Address,
    abi: eligibilityRegistryAbi,
    functionName: "recordOf",
    args: [first],
  });
  if (!custodian) throw new ProposalError("market", `${at.market} is not listed: execute the proposal first`);
  return { key, title: action.title, kind: action.kind, ...at, documents: [], terms: [] };
}

function partsOf(action: Listing, protocol: Protocol): Record<Part, Address> {
  return Object.fromEntries(PARTS.map((part) => [part, account(part, action[part], protocol)])) as Record<
    Part,
    Address
  >;
}

/** Each contract is of the source of its like in a market of the record, but for its constants. */
async function requireSource(rpc: Rpc, protocol: Protocol, { kind }: Listing, at: Record<Part, Address>) {
  const like = protocol.record.markets.find((market) => market.kind === kind);
  if (like === undefined)
    throw new ProposalError("kind", `no market of the record is a ${kind}: nothing to compare with`);
  for (const part of PARTS) {
    const [given, listed] = await Promise.all([codeOf(rpc, at[part]), codeOf(rpc, like[part] as Address)]);
    if (!sameSource(given, listed)) {
      throw new ProposalError(part, `the code at ${at[part]} is not that of ${like.title}'s ${part}`);
    }
  }
}

/** They know each other, and of the protocol what a market must know. */
async function requireWiring(rpc: Rpc, protocol: Protocol, at: Record<Part, Address>): Promise<void> {
  const { shared } = protocol.record;
  const names = { collateral: "collateralToken" } as const;
  for (const part of ["collateral", "oracle", "rateModel", "workout", "source"] as const) {
    const functionName = part === "collateral" ? names.collateral : part;
    await requireAddress(part, view(rpc, { address: at.market, abi: marketAbi, functionName }), at[part]);
  }
  for (const functionName of ["registry", "termsRegistry"] as const) {
    const named = view(rpc, { address: at.market, abi: marketAbi, functionName });
    await requireAddress("market", named, shared[functionName] as Address);
  }
  await requireAddress(
    "source",
    view(rpc, { address: at.source, abi: mintFacilityAbi, functionName: "market" }),
    at.market,
  );
  for (const part of ["collateral", "oracle", "workout", "desk", "source", "market"] as const) {
    const authority = view(rpc, { address: at[part], abi: marketAbi, functionName: "authority" });
    await requireAddress(part, authority, shared.accessManager as Address);
  }
}

async function requireAddress(part: Part, named: Promise<Address>, wanted: Address): Promise<void> {
  const address = await named;
  if (isAddressEqual(address, wanted)) return;
  throw new ProposalError(part, `it is wired to ${address}, not to ${wanted}`);
}

/** Gives each restricted function to the role of its holder, where that is not the timelock. */
function roleCalls(protocol: Protocol, kind: Listing["kind"], at: Record<Part, Address>): Call[] {
  const parts = { ...marketParts, source: sourceParts[kind] };
  return PARTS.flatMap((part) => {
    const [name, , abi] = parts[part];
    const powers = powersOf(name as Parameters<typeof powersOf>[0], { source: kind });
    const held = Map.groupBy(powers, ({ holder }) => holder);
    return [...held].flatMap(([holder, those]) => {
      const role = roles[holder];
      if (role === undefined || holder === "timelock") return [];
      const selectors = those.flatMap(({ call: named }) => selectorsOf(abi, named));
      const args = [at[part], selectors, role];
      return [call(protocol, "accessManager", accessManagerAbi, "setTargetFunctionRole", args)];
    });
  });
}

/** Of all overloads. */
function selectorsOf(abi: Abi, name: string): Hex[] {
  return abi
    .filter((item): item is AbiFunction => item.type === "function" && item.name === name)
    .map((item) => toFunctionSelector(item));
}

async function loanTokenOf(rpc: Rpc, protocol: Protocol, market: Address): Promise<Token> {
  const address = await view(rpc, { address: market, abi: marketAbi, functionName: "loanToken" });
  const token = protocol.tokens.get(address.toLowerCase());
  const allowed = [knownBy(protocol, "stablecoin").address, protocol.record.dollar.token as Address];
  if (token !== undefined && allowed.some((each) => isAddressEqual(each, address))) return token;
  throw new ProposalError("market", `it lends ${address}, which is neither pUSD nor the dollar token`);
}

async function decimalsOf(rpc: Rpc, address: Address): Promise<number> {
  return view(rpc, { address, abi: lendingPoolAbi, functionName: "decimals" });
}

async function codeOf(rpc: Rpc, address: Address): Promise<Hex> {
  return rpc.request({ method: "eth_getCode", params: [address, "latest"] });
}
