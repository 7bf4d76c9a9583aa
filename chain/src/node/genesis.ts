// The first block: accounts, system contracts and the header over them. It must not know what follows.

import type { Engine } from "../engine/types.ts";
import { hexToBytes, ZERO_HASH } from "../protocol/bytes.ts";
import { blobBaseFee } from "../protocol/fees.ts";
import { isAtLeast } from "../protocol/forks.ts";
import {
  type BlockHeader,
  EMPTY_BLOOM,
  EMPTY_OMMERS_HASH,
  EMPTY_ROOT,
  hashHeader,
  ZERO_HEADER_NONCE,
} from "../protocol/header.ts";
import { requestsHash } from "../protocol/requests.ts";
import { systemContracts } from "../protocol/system.ts";
import type { Accounts } from "./accounts.ts";
import { ChainError } from "./errors.ts";
import type { StoredBlock } from "./history.ts";
import { type ChainConfig, rulesAt } from "./options.ts";

/** "polder" in ASCII. */
export const EXTRA_DATA = "0x706f6c646572";

/** Fills the empty engine with the genesis state and gives block 0. */
export function createGenesis(
  engine: Engine,
  config: ChainConfig,
  accounts: Accounts,
  timestamp: bigint,
): StoredBlock {
  const rules = rulesAt(config.forks, config.genesisHeader?.timestamp ?? timestamp);
  if (!config.genesisHeader) {
    for (const { address, code } of systemContracts(rules.hardfork)) {
      engine.setNonce(address, 1n);
      engine.setCode(address, hexToBytes(code));
    }
  }
  for (const address of accounts.addresses) engine.setBalance(address, config.accountBalance);
  for (const [key, account] of Object.entries(config.alloc)) {
    const address = key.toLowerCase() as typeof config.coinbase;
    if (account.balance) engine.setBalance(address, account.balance);
    if (account.nonce) engine.setNonce(address, account.nonce);
    if (account.code && account.code !== "0x") engine.setCode(address, hexToBytes(account.code));
    for (const [slot, value] of Object.entries(account.storage ?? {})) {
      engine.setStorage(address, slot as typeof ZERO_HASH, value);
    }
  }
  const stateRoot = engine.stateRoot();
  if (config.genesisHeader && config.genesisHeader.stateRoot !== stateRoot) {
    throw new ChainError(
      "invalid-input",
      `the genesis state has root ${stateRoot}, its header says ${config.genesisHeader.stateRoot}`,
    );
  }
  const header: BlockHeader = config.genesisHeader ?? {
    parentHash: ZERO_HASH,
    ommersHash: EMPTY_OMMERS_HASH,
    coinbase: config.coinbase,
    stateRoot,
    transactionsRoot: EMPTY_ROOT,
    receiptsRoot: EMPTY_ROOT,
    logsBloom: EMPTY_BLOOM,
    difficulty: 0n,
    number: 0n,
    gasLimit: config.blockGasLimit,
    gasUsed: 0n,
    timestamp,
    extraData: EXTRA_DATA,
    prevRandao: ZERO_HASH,
    nonce: ZERO_HEADER_NONCE,
    baseFeePerGas: config.initialBaseFeePerGas,
    withdrawalsRoot: EMPTY_ROOT,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    parentBeaconBlockRoot: ZERO_HASH,
    ...(isAtLeast(rules.hardfork, "prague") ? { requestsHash: requestsHash([]) } : {}),
  };
  return {
    header,
    hash: hashHeader(header),
    transactions: [],
    results: [],
    withdrawals: [],
    bloom: new Uint8Array(256),
    blobBaseFee: blobBaseFee(header.excessBlobGas, rules.blobSchedule),
    version: engine.head,
    workers: engine.workers,
    milliseconds: 0,
    reExecutions: 0,
  };
}
