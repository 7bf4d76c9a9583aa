// Fills in a chain's options and refuses those that make no sense. It must not know where they come from.

import { availableParallelism } from "node:os";
import type { Address, Hardfork } from "../engine/types.ts";
import { isAtLeast, MIN_GAS_LIMIT, newestBlobSchedule } from "../protocol/forks.ts";
import { ChainError } from "./errors.ts";
import type { ChainOptions, ForkActivation, MiningConfig } from "./types.ts";

export interface ChainConfig
  extends Required<Omit<ChainOptions, "genesisHeader" | "timestamp" | "hardfork" | "mining" | "dataDir">> {
  mining: MiningConfig;
  timestamp: bigint | null;
  genesisHeader: ChainOptions["genesisHeader"] | null;
}

export const DEFAULT_MNEMONIC = "test test test test test test test test test test test junk";
const DEFAULT_CHAIN_ID = 31_337n;
const DEFAULT_BLOCK_GAS_LIMIT = 60_000_000n;
/** Hardhat's. */
const DEFAULT_COINBASE: Address = "0xc014ba5ec014ba5ec014ba5ec014ba5ec014ba5e";
const ETHER = 10n ** 18n;
const GWEI = 10n ** 9n;
const MAX_ACCOUNTS = 10_000;
const HARDFORKS: readonly string[] = ["cancun", "prague", "osaka"] satisfies Hardfork[];

export function resolveOptions(options: ChainOptions = {}): ChainConfig {
  const hardfork = options.hardfork ?? "osaka";
  const config: ChainConfig = {
    chainId: options.chainId ?? DEFAULT_CHAIN_ID,
    forks: options.forks ?? [{ timestamp: 0n, hardfork, blobSchedule: newestBlobSchedule(hardfork) }],
    workers: options.workers ?? availableParallelism(),
    accounts: options.accounts ?? (options.genesisHeader ? 0 : 20),
    accountBalance: options.accountBalance ?? 10_000n * ETHER,
    mnemonic: options.mnemonic ?? DEFAULT_MNEMONIC,
    blockGasLimit: options.blockGasLimit ?? options.genesisHeader?.gasLimit ?? DEFAULT_BLOCK_GAS_LIMIT,
    timestamp: options.timestamp ?? null,
    initialBaseFeePerGas: options.initialBaseFeePerGas ?? GWEI,
    mining: {
      auto: options.mining?.auto ?? true,
      interval: options.mining?.interval ?? 0,
      order: options.mining?.order ?? "priority",
    },
    coinbase: options.coinbase ?? DEFAULT_COINBASE,
    allowUnlimitedContractSize: options.allowUnlimitedContractSize ?? false,
    alloc: options.alloc ?? {},
    genesisHeader: options.genesisHeader ?? null,
  };
  check(config);
  return config;
}

function check(config: ChainConfig): void {
  const { chainId, forks, workers, accounts, accountBalance, blockGasLimit, mining } = config;
  const refuse = (message: string): never => {
    throw new ChainError("invalid-input", message);
  };
  if (chainId < 1n || chainId >= 2n ** 64n) refuse(`chain id ${chainId}: give a number from 1 to 2^64 - 1`);
  if (!Number.isInteger(workers) || workers < 1)
    refuse(`workers ${workers}: give a whole number of at least 1`);
  if (!Number.isInteger(accounts) || accounts < 0 || accounts > MAX_ACCOUNTS) {
    refuse(`accounts ${accounts}: give a whole number from 0 to ${MAX_ACCOUNTS}`);
  }
  if (accountBalance < 0n || accountBalance >= 2n ** 256n)
    refuse(`account balance ${accountBalance}: give wei below 2^256`);
  checkGasLimit(blockGasLimit);
  checkInterval(mining.interval);
  if (mining.order !== "priority" && mining.order !== "fifo")
    refuse(`mempool order ${mining.order}: give priority or fifo`);
  if (forks.length === 0)
    refuse("the timetable of hardforks is empty: name at least the one that holds at genesis");
  forks.forEach((fork, i) => {
    if (!HARDFORKS.includes(fork.hardfork))
      refuse(`hardfork ${fork.hardfork}: give one of ${HARDFORKS.join(", ")}`);
    const before: ForkActivation | undefined = forks[i - 1];
    if (before && (before.timestamp > fork.timestamp || !isAtLeast(fork.hardfork, before.hardfork))) {
      refuse(`the timetable of hardforks goes back at ${fork.hardfork}: order it by time and fork`);
    }
  });
}

export function checkGasLimit(limit: bigint): void {
  if (limit < MIN_GAS_LIMIT || limit >= 2n ** 63n) {
    throw new ChainError(
      "invalid-input",
      `block gas limit ${limit}: give a number from ${MIN_GAS_LIMIT} to 2^63 - 1`,
    );
  }
}

export function checkInterval(interval: number | readonly [number, number]): void {
  const [from, to] = typeof interval === "number" ? [interval, interval] : interval;
  if (!(Number.isInteger(from) && Number.isInteger(to) && from >= 0 && to >= from && to < 2 ** 31)) {
    throw new ChainError(
      "invalid-input",
      `mining interval ${JSON.stringify(interval)}: give milliseconds, or two of them with the smaller first`,
    );
  }
}

/** The rules of a block with this time. */
export function rulesAt(forks: readonly ForkActivation[], timestamp: bigint): ForkActivation {
  let rules = forks[0]!;
  for (const fork of forks) if (fork.timestamp <= timestamp) rules = fork;
  return rules;
}
