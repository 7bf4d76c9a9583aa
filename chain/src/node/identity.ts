// The options that make a chain what it is, as its log keeps them, and held against those that a later start asks for. It
// must not know where they are kept.

import type { Address } from "../engine/types.ts";
import type { GenesisRecord } from "../store/records.ts";
import { ChainError } from "./errors.ts";
import type { ChainConfig } from "./options.ts";
import type { ChainOptions } from "./types.ts";

/** How the options are called in messages. The others - threads, mining - are a matter of each start. */
const NAMES = {
  chainId: "chain id",
  forks: "timetable of hardforks",
  accounts: "number of accounts",
  accountBalance: "balance of each account",
  blockGasLimit: "block gas limit",
  timestamp: "genesis time",
  initialBaseFeePerGas: "first base fee",
  coinbase: "coinbase",
  allowUnlimitedContractSize: "unlimited contract size",
  alloc: "genesis accounts",
  genesisHeader: "genesis header",
} as const satisfies Partial<Record<keyof ChainOptions, string>>;

type Kept = Pick<ChainConfig, keyof typeof NAMES> & {
  /** Stands for the mnemonic, which is nobody else's business. */
  firstAccount: Address | null;
};

/** As JSON; bigints as strings that end in n. */
export function keptOptions(config: ChainConfig, accounts: readonly Address[]): string {
  const names = Object.keys(NAMES) as (keyof typeof NAMES)[];
  const kept = Object.fromEntries(names.map((name) => [name, config[name]]));
  return write({ ...kept, firstAccount: accounts[0] ?? null });
}

/**
 * The options with which the chain of `genesis` goes on: its own, and of `asked` what is a matter of each start. Throws kind
 * "storage" where `asked` names another chain; `place` says where this one is kept.
 */
export function reopenedOptions(asked: ChainOptions, genesis: GenesisRecord, place: string): ChainOptions {
  const kept = JSON.parse(genesis.options, (_, value: unknown) =>
    typeof value === "string" && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as Kept;
  const refuse = (name: string, has: string, wanted: string): never => {
    throw new ChainError(
      "storage",
      `the chain in ${place} has another ${name}: ${has}, and ${wanted} is asked for; ` +
        "leave that option out to go on with this chain, or name another data directory",
    );
  };
  for (const name of Object.keys(NAMES) as (keyof typeof NAMES)[]) {
    const wanted = asked[name];
    const has = name === "timestamp" ? genesis.timestamp : kept[name];
    if (wanted !== undefined && write(wanted) !== write(has)) refuse(NAMES[name], show(has), show(wanted));
  }
  const { hardfork, forks, ...rest } = asked;
  const names = kept.forks.map((fork) => fork.hardfork);
  if (hardfork !== undefined && forks === undefined && (names.length > 1 || names[0] !== hardfork)) {
    refuse("hardfork", names.join(", "), hardfork);
  }
  const { firstAccount: _, timestamp, genesisHeader, ...own } = kept;
  return {
    ...rest,
    ...own,
    timestamp: timestamp ?? undefined,
    genesisHeader: genesisHeader ?? undefined,
  };
}

/** Throws kind "storage" where the accounts are not those that the chain began with. */
export function checkAccounts(accounts: readonly Address[], genesis: GenesisRecord, place: string): void {
  const { firstAccount } = JSON.parse(genesis.options) as Kept;
  if ((accounts[0] ?? null) === firstAccount) return;
  throw new ChainError(
    "storage",
    `the chain in ${place} was made with another mnemonic: its first account is ${firstAccount}, that of the mnemonic given ` +
      `is ${accounts[0]}; give the mnemonic it was made with, or name another data directory`,
  );
}

function write(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === "bigint" ? `${item}n` : item));
}

function show(value: unknown): string {
  const text = typeof value === "bigint" ? `${value}` : write(value);
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
}
