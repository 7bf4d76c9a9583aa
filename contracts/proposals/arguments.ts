// The unit of each argument of the calls that governance makes, by name, and where a name says different things by function.
// What is not in here is shown as the number that it is.
import type { AbiParameter, Address } from "viem";
import { type KnownContract, knownAt, type Protocol, type Token } from "./known.ts";
import {
  account,
  bps,
  bytes,
  duration,
  flag,
  number,
  role,
  text,
  time,
  type Unit,
  wad,
  wadPerYear,
} from "./units.ts";

type Spec = Unit | "loan" | "own" | "dollar" | "PLDR" | "loan of market";

const exposure: Unit = { kind: "choice", of: ["none", "a market's debt", "a peg module's ceiling"] };
const rateKind: Unit = { kind: "choice", of: ["variable", "fixed"] };
const tier: Unit = { kind: "choice", of: ["none", "holder", "borrower", "liquidator"] };

/** By `Contract.function.argument`, then by `function.argument`, then by `argument`. */
const specs: Readonly<Record<string, Spec>> = {
  // Caps.
  scaled: "loan",
  "LendingPool.raiseSupplyCap.shares": "own",
  "LendingPool.cutSupplyCap.shares": "own",
  assets: "dollar", // of the peg's ceiling
  "raiseInflowCap.cap": "dollar",
  "cutInflowCap.cap": "dollar",
  minShareCap: "own",
  // Rates and fees.
  target: wad, // of `rampLltv`; addresses go by their type
  duration,
  reserveFactor: wad,
  fee: "loan",
  kind: exposure,
  // Terms.
  rateKind,
  openUntil: time,
  maturity: time,
  ratePerYear: wadPerYear,
  marginPerYear: wadPerYear,
  penaltyPerYear: wadPerYear,
  gracePeriod: duration,
  "publish.terms.cap": "loan of market",
  // NAV and feeds.
  staleAfter: duration,
  expiredAfter: duration,
  pendingDelay: duration,
  minInterval: duration,
  maxAge: duration,
  // Roles.
  roleId: role,
  admin: role,
  guardian: role,
  executionDelay: duration,
  newDelay: duration,
  delay: duration,
  // Votes.
  newVotingDelay: duration,
  newVotingPeriod: duration,
  newVoteExtension: duration,
  newProposalThreshold: "PLDR",
  newQuorumNumerator: { kind: "percent", decimals: 2 },
  // Persons.
  tier,
  expiry: time,
  // Tokens.
  value: "own",
  amount: "own",
  "TimelockController.schedule.value": { kind: "token", symbol: "ETH", decimals: 18 },
  "PolderGovernor.relay.value": { kind: "token", symbol: "ETH", decimals: 18 },
  "Backstop.deposit.assets": "loan",
  "Backstop.requestExit.shares": "own",
};

/**
 * The unit of one argument.
 * @param path names from the outermost tuple inwards, as in `["terms", "cap"]`.
 * @param beside the values of the outermost arguments, by name.
 */
export function argumentUnit(
  protocol: Protocol,
  contract: KnownContract,
  method: string,
  path: readonly string[],
  parameter: AbiParameter,
  beside: Readonly<Record<string, unknown>>,
): Unit {
  const { type } = parameter;
  if (type === "address") return account;
  if (type === "bool") return flag;
  if (type === "string") return text;
  if (type.startsWith("bytes")) return bytes;
  const name = path.at(-1) ?? "";
  if (name.endsWith("Bps")) return bps;
  const spec =
    specs[`${contract.name}.${method}.${path.join(".")}`] ??
    specs[`${method}.${path.join(".")}`] ??
    specs[name];
  if (spec === undefined) return number;
  if (typeof spec !== "string") return spec;
  return tokenUnit(tokenFor(spec, protocol, contract, beside));
}

/** Of whole numbers where the token is a stranger's. */
function tokenUnit(token: Token | undefined): Unit {
  return token === undefined ? number : { kind: "token", symbol: token.symbol, decimals: token.decimals };
}

function tokenFor(
  spec: Extract<Spec, string>,
  protocol: Protocol,
  contract: KnownContract,
  beside: Readonly<Record<string, unknown>>,
): Token | undefined {
  const { tokens, loanTokens, record, governance } = protocol;
  const at = (address: string) => tokens.get(address.toLowerCase());
  switch (spec) {
    case "own":
      return at(contract.address);
    case "dollar":
      return at(record.dollar.token);
    case "PLDR":
      return at(governance.token);
    case "loan of market":
      return loanOf(protocol, (beside.terms as { market?: string } | undefined)?.market);
    case "loan":
      if (contract.market !== undefined) return loanTokens.get(contract.market);
      if (contract.name === "Backstop") return at(record.shared.stablecoin);
      return loanOf(protocol, beside.market as string | undefined);
  }
}

function loanOf(protocol: Protocol, market: string | undefined): Token | undefined {
  const known = market === undefined ? undefined : knownAt(protocol, market as Address);
  return known?.market === undefined ? undefined : protocol.loanTokens.get(known.market);
}
