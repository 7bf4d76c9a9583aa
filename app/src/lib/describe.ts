// Says in words what a transaction did: its call and its events, decoded by the contracts of the record. Pure: ABIs, names
// and tokens come in. What no contract of ours emitted stays what it is: bytes.
import {
  type Abi,
  type AbiEvent,
  type AbiParameter,
  decodeEventLog,
  decodeFunctionData,
  formatEther,
  type Hex,
  zeroAddress,
} from "viem";
import { words } from "../words.ts";
import type { Contracts, KnownContract } from "./contracts.ts";
import {
  formatAmount,
  formatCount,
  formatPercent,
  formatPrice,
  formatTime,
  MAX_UINT,
  shortHex,
} from "./format.ts";
import { bytes32Text, safeText } from "./safe-text.ts";

export type TokenUnit = { symbol: string; decimals: number };

export type Names = {
  contracts: Contracts;
  abis: Readonly<Record<string, Abi>>;
  /** By address in lower case. */
  tokens: ReadonlyMap<string, TokenUnit>;
  /** Of a market by its key: what is pledged, what is lent, and the decimals of its NAV. */
  units: ReadonlyMap<string, { collateral: TokenUnit; loan: TokenUnit; navDecimals: number }>;
};

export type Argument = { name: string; text: string };

export type Described = {
  /** A sentence; nothing where only the bare names are known. */
  words: string | undefined;
  /** The contract's name, or its short address. */
  contract: string;
  /** Function or event; nothing where it is not known. */
  name: string | undefined;
  args: readonly Argument[];
};

export type Log = { address: string; topics: readonly Hex[]; data: Hex };

export function contractName(names: Pick<Names, "contracts">, address: string): string {
  return names.contracts.get(address.toLowerCase())?.name ?? shortHex(address);
}

export function describeLog(names: Names, log: Log): Described {
  const contract = contractName(names, log.address);
  const known = names.contracts.get(log.address.toLowerCase());
  const bare: Described = { words: undefined, contract, name: undefined, args: [] };
  if (known === undefined) return bare;
  // Libraries and interfaces declare events that a contract emits: all ABIs are asked after the contract's own.
  for (const abi of [names.abis[known.abi], ...EMITTED_BESIDES.map((each) => names.abis[each])]) {
    if (abi === undefined) continue;
    try {
      const { eventName, args } = decodeEventLog({
        abi,
        topics: log.topics as [Hex, ...Hex[]],
        data: log.data,
      }) as { eventName: string; args: unknown };
      const item = abi.find((each): each is AbiEvent => each.type === "event" && each.name === eventName);
      const texts = textsOf(names, known, log.address, item?.inputs ?? [], args);
      const said = words.events[wordsFor(eventName, args) as keyof typeof words.events] as
        | ((values: Readonly<Record<string, string>>) => string)
        | undefined;
      const values = { ...Object.fromEntries(texts.map(({ name, text }) => [name, text])), contract };
      return { words: said?.(values), contract, name: eventName, args: texts };
    } catch {
      // not of this ABI
    }
  }
  return bare;
}

/** Which words an event has: a transfer from or to nobody is told as what it is. */
function wordsFor(eventName: string, args: unknown): string {
  if (eventName !== "Transfer") return eventName;
  const { from, to } = (args ?? {}) as { from?: string; to?: string };
  if (from === zeroAddress) return "minted";
  return to === zeroAddress ? "burnt" : eventName;
}

const EMITTED_BESIDES = ["iMarketAbi", "marketAbi", "rwaTokenAbi", "laneERC20Abi"];

export type CallData = { from: string; to: string | null; input: Hex; value: bigint };

export function describeCall(names: Names, { to, input, value }: CallData): Described {
  if (to === null) return { words: words.transaction.created, contract: "", name: undefined, args: [] };
  const contract = contractName(names, to);
  const known = names.contracts.get(to.toLowerCase());
  const sent = value > 0n ? words.transaction.sentEther(formatEtherText(value), contract) : undefined;
  if (input === "0x") return { words: sent, contract, name: undefined, args: [] };
  const abi = known && names.abis[known.abi];
  if (known === undefined || abi === undefined) return { words: sent, contract, name: undefined, args: [] };
  try {
    const { functionName, args } = decodeFunctionData({ abi, data: input });
    const item = abi.find(
      (each) =>
        each.type === "function" && each.name === functionName && each.inputs.length === (args?.length ?? 0),
    );
    const inputs = item !== undefined && "inputs" in item ? (item.inputs as readonly AbiParameter[]) : [];
    return { words: sent, contract, name: functionName, args: textsOf(names, known, to, inputs, args ?? []) };
  } catch {
    return { words: sent, contract, name: undefined, args: [] };
  }
}

/** The event that tells best what a transaction was for; those not listed tell less than any of these. */
const TELLING = [
  "Liquidated",
  "WrittenOff",
  "CollateralForceSeized",
  "Marked",
  "Borrowed",
  "Repaid",
  "CollateralAdded",
  "CollateralRemoved",
  "SwappedIn",
  "SwappedOut",
  "RequestFulfilled",
  "RedeemRequest",
  "RequestMade",
  "RequestApproved",
  "RequestDenied",
  "RequestWithdrawn",
  "RecoverySuccess",
  "FrozenSet",
  "AddressFrozen",
  "PersonSet",
  "NavPending",
  "NavAccepted",
  "DocumentUpdated",
  "ProposalCreated",
  "VoteCast",
  "ProposalExecuted",
  "Deposit",
  "Withdraw",
  "Checkpoint",
  "Impaired",
  "Transfer",
  "Approval",
];

/** The sentence that tells best what a transaction did; nothing where no event has words. */
export function summaryOf(logs: readonly Described[]): string | undefined {
  for (const name of TELLING) {
    const found = logs.filter((log) => log.name === name && log.words !== undefined);
    if (found.length === 0) continue;
    const more = found.length - 1;
    return more === 0 ? found[0]?.words : words.transaction.andMore(found[0]?.words ?? "", formatCount(more));
  }
  return undefined;
}

function textsOf(
  names: Names,
  contract: KnownContract,
  address: string,
  inputs: readonly AbiParameter[],
  args: unknown,
): Argument[] {
  const values = Array.isArray(args)
    ? args
    : inputs.map(({ name }) => (args as Record<string, unknown> | undefined)?.[name ?? ""]);
  return inputs.map((input, i) => ({
    name: input.name ?? "",
    text: textOf(names, contract, address, input, values[i]),
  }));
}

/** Arguments by what they count. In a market `amount` and `seized` are of the collateral, the others of the loan token. */
const LOAN = new Set([
  "assets",
  "repaid",
  "loss",
  "debt",
  "profit",
  "shortfall",
  "maxRepay",
  "totalDebt",
  "unrealised",
]);
const COLLATERAL = new Set(["amount", "seized", "minSeized", "inWorkout"]);
const TIMES = new Set([
  "navDate",
  "since",
  "expiry",
  "until",
  "deadline",
  "auctionFrom",
  "auctionUntil",
  "maturity",
]);
const RATIOS = new Set(["ratePerYear", "utilisation", "lltv", "bonus", "markup"]);
const CAUSES = ["unhealthy", "overdue", "consent"] as const;
const PHASES = ["none", "window", "auction", "workout"] as const;

function textOf(
  names: Names,
  contract: KnownContract,
  address: string,
  { name = "", type }: AbiParameter,
  value: unknown,
): string {
  if (type === "address") return contractName(names, String(value));
  if (type === "bool") return value === true ? words.transaction.yes : words.transaction.no;
  if (type === "bytes32" && (name === "name" || name === "reason")) return bytes32Text(String(value));
  if (typeof value === "string") return value.startsWith("0x") ? shortHex(value) : safeText(value);
  if (typeof value === "number" || typeof value === "bigint") {
    const number = BigInt(value);
    if (name === "cause") return words.receipt.causes[CAUSES[Number(number)] ?? "unhealthy"];
    if (name === "phase") return words.receipt.phases[PHASES[Number(number)] ?? "none"];
    if (name === "tier") return words.eligibility.tiers[Number(number) as 0 | 1 | 2 | 3] ?? String(number);
    if (name === "jurisdiction") return number === 0n ? words.eligibility.unknown : formatCount(number);
    if (number === MAX_UINT) return words.transaction.unlimited;
    if (TIMES.has(name)) return number > 200_000_000_000n ? words.transaction.never : formatTime(number);
    if (RATIOS.has(name)) return formatPercent(number);
    const unit = unitOf(names, contract, address, name);
    if (unit === "nav") {
      const decimals = names.units.get(contract.market?.key ?? "")?.navDecimals;
      return decimals === undefined ? formatCount(number) : formatPrice(number, decimals);
    }
    return unit === undefined ? formatCount(number) : `${formatAmount(number, unit.decimals)} ${unit.symbol}`;
  }
  if (Array.isArray(value)) {
    const shown = value
      .slice(0, 4)
      .map((each) => textOf(names, contract, address, { type: type.replace(/\[\d*\]$/, ""), name }, each));
    return value.length > 4
      ? words.transaction.andMore(shown.join(", "), formatCount(value.length - 4))
      : shown.join(", ");
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(
        ([key, each]) =>
          `${key}: ${textOf(names, contract, address, { type: typeof each, name: key }, each)}`,
      )
      .join(", ");
  }
  return String(value);
}

function unitOf(
  names: Names,
  { market }: KnownContract,
  address: string,
  name: string,
): TokenUnit | "nav" | undefined {
  const units = market && names.units.get(market.key);
  if (name === "nav" || name === "newDebtNav" || name === "liquidationNav") return "nav";
  if (market?.part === "market" && units !== undefined) {
    if (LOAN.has(name)) return units.loan;
    return COLLATERAL.has(name) ? units.collateral : undefined;
  }
  if ((market?.part === "desk" || market?.part === "workout") && units !== undefined) {
    if (name === "shares") return units.collateral;
    return name === "assets" || name === "repaid" ? units.loan : undefined;
  }
  if (market?.part === "source" && units !== undefined && name !== "shares" && name !== "scaled") {
    return AMOUNTS.has(name) ? units.loan : undefined;
  }
  return AMOUNTS.has(name) ? names.tokens.get(address.toLowerCase()) : undefined;
}

const AMOUNTS = new Set(["value", "amount", "shares", "assets", "values", "amounts", "wad", "frozenAmount"]);

function formatEtherText(wei: bigint): string {
  return `${formatEther(wei)} ETH`;
}
