// The names of what was read from the chain. An action declares which of them it invalidates; a key stands for all that
// begin with it. No bigint in a key: TanStack Query hashes keys as JSON.
import type { Address } from "viem";

/** What begins so is read again as blocks come. */
export const CHAIN = "chain";

export const keys = {
  head: ["head"] as const,
  tokens: ["tokens"] as const,
  markets: [CHAIN, "markets"] as const,
  protocol: [CHAIN, "protocol"] as const,
  lanes: (market: Address) => [CHAIN, "lanes", market] as const,
  terms: (market: Address) => [CHAIN, "terms", market] as const,
  rateModel: (market: Address) => [CHAIN, "rateModel", market] as const,
  checkpoints: (market: Address) => [CHAIN, "checkpoints", market] as const,
  blocks: [CHAIN, "blocks"] as const,
  transaction: (hash: string) => [CHAIN, "transaction", hash] as const,
  /** Records, requests and freezes of all persons. */
  registry: [CHAIN, "registry"] as const,
  redemptions: [CHAIN, "redemptions"] as const,
  asset: (token: Address) => [CHAIN, "asset", token] as const,
  documents: (token: Address) => [CHAIN, "documents", token] as const,
  /** Positions that may be liquidated, and liquidations of before. */
  liquidations: [CHAIN, "liquidations"] as const,
  accounts: [CHAIN, "accounts"] as const,
  navHistory: (oracle: Address) => [CHAIN, "navHistory", oracle] as const,
  /** Positions, vaults, balances, allowances and standing of an account. */
  portfolio: (account: Address) => [CHAIN, "portfolio", account] as const,
  /** What an account did, from events. */
  history: (account: Address) => [CHAIN, "history", account] as const,
  peg: [CHAIN, "peg"] as const,
  savings: [CHAIN, "savings"] as const,
  backstop: [CHAIN, "backstop"] as const,
  exit: (account: Address) => [CHAIN, "exit", account] as const,
  /** The names of what votes can change; of one deployment, for good. */
  governed: ["governed"] as const,
  /** All that follows. */
  governance: [CHAIN, "governance"] as const,
  proposals: [CHAIN, "governance", "proposals"] as const,
  proposal: (id: string) => [CHAIN, "governance", "proposal", id] as const,
  refusals: (of: string, account: string) => [CHAIN, "governance", "refusals", of, account] as const,
  delegates: [CHAIN, "governance", "delegates"] as const,
  proposing: (account: string) => [CHAIN, "governance", "proposing", account] as const,
  ballot: (account: string) => [CHAIN, "governance", "ballot", account] as const,
  /** Costly, so read again on demand alone. */
  simulation: (of: string) => ["simulation", of] as const,
};
